#include <gtest/gtest.h>
#include <ray/error.h>
#include <ray/internal/class_layout.h>
#include <ray/internal/registry.h>

#include <stdexcept>
#include <string>

namespace ray::internal {
namespace {

constexpr char kText[] =
    "actor\tgeo::Map::Map\tvoid ()\t\tmap.cc:9\n"
    "method\tgeo::Map::add\tvoid (const geo::Mark &, std::vector<Box<int>>)\t\tmap.cc:10\n"
    "method\tgeo::Mapper::add\tvoid (Other)\t\tmap.cc:20\n"
    "task\tdraw\tOther (int)\t\tmap.cc:30\n\0"
    "type\tgeo::Mark\tbase geo::Point; std::string name\t\tgeo.h:4\n"
    "type\tgeo::Point\tint x; int y\t\tgeo.h:2\n"
    "type\tBox<T>\tT low; T high\t\tbox.h:1\n\0\0\0"
    "type\tOther\tint x\t\tother.h:1\n";

class ClassLayout : public testing::Test {
 protected:
  static void SetUpTestSuite() { add_registry_text(kText, kText + sizeof(kText) - 1); }
};

TEST_F(ClassLayout, HoldsWhatAClassesMethodsReach) {
  EXPECT_EQ(layout_of("geo::Map"),
            "Box<T>\tT low; T high\tbox.h:1\n"
            "geo::Mark\tbase geo::Point; std::string name\tgeo.h:4\n"
            "geo::Point\tint x; int y\tgeo.h:2\n");
  EXPECT_EQ(layout_of("geo::Nothing"), "");
}

TEST_F(ClassLayout, NamesTheFieldThatDiffers) {
  const std::string ours = "geo::Point\tint x; int y\tgeo.h:2\n";
  EXPECT_EQ(difference(ours, ours), "");
  EXPECT_EQ(difference(ours, "geo::Point\tint x; int y\told/geo.h:7\n"), "");
  EXPECT_EQ(difference(ours, "Other\tint x\tother.h:1\n"), "");
  EXPECT_EQ(difference(ours, "geo::Point\tint x; double y\told.h:7\n"),
            "'geo::Point' is not the same type in both programs: field 'y' is 'int' here and "
            "'double' there (declared at geo.h:2 here, at old.h:7 there)");
  EXPECT_NE(difference(ours, "geo::Point\tint x\told.h:7\n").find("'int y' is only here"),
            std::string::npos);
  EXPECT_NE(difference(ours, "geo::Point\tint x; int y; int z\told.h:7\n").find("'int z' is only"),
            std::string::npos);
  EXPECT_NE(difference(ours, "geo::Point\tint y; int x\told.h:7\n").find("field 1 is 'int x' here"),
            std::string::npos);
  EXPECT_NE(difference(ours, "geo::Point\tbase B; int x; int y\told.h:7\n").find("a base B there"),
            std::string::npos);
}

TEST_F(ClassLayout, OfAnotherProgramMayBeAnything) {
  const std::string ours = layout_of("geo::Map");
  for (const char* theirs :
       {"\n", "\t", "geo::Point", "geo::Point\t", "\t\t\t\n\t\n", "geo::Point\t\tx"}) {
    difference(ours, theirs);
    difference(theirs, ours);
  }
}

TEST_F(ClassLayout, IsComparedWhenAnActorIsFound) {
  FoundActor found{
      .cell = nullptr, .constructor = "geo::Map::Map", .layout = layout_of("geo::Map")};
  require_same_class("world", found, "geo::Map");
  EXPECT_THROW(require_same_class("world", found, "geo::Mapper"), std::invalid_argument);
  found.layout.replace(found.layout.find("int x"), 5, "int X");
  try {
    require_same_class("world", found, "geo::Map");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("the actor \"world\""), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("field 1 is 'int x' here and 'int X' there"),
              std::string::npos);
  }
}

TEST(ClassNames, AreTakenFromConstructorsAndTypes) {
  EXPECT_EQ(class_of_constructor("geo::Map::Map"), "geo::Map");
  EXPECT_EQ(class_of_constructor("Map::Map"), "Map");
  EXPECT_EQ(class_of_type("geo::Box<std::vector<int>>"), "geo::Box");
  EXPECT_EQ(class_of_type("(anonymous namespace)::Map"), "Map");
}

}  // namespace
}  // namespace ray::internal

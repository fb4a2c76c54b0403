#include "compiler/codegen/rewriter.h"

#include <gtest/gtest.h>

#include <string>

namespace ray::compiler {
namespace {

Edit replacement(std::size_t offset, std::size_t length, const std::string& text) {
  Edit edit;
  edit.offset = offset;
  edit.length = length;
  edit.text = text;
  return edit;
}

Edit insertion(std::size_t offset, unsigned line, const std::string& text) {
  Edit edit = replacement(offset, 0, text);
  edit.is_generated = true;
  edit.resume = {"a.cc", offset, "a.cc", line};
  edit.about = {"a.cc", 0, "a.cc", 1};
  return edit;
}

// Where the byte at `offset` of the result comes from.
const Segment& segment_at(const RewrittenFile& file, std::size_t offset) {
  for (const Segment& segment : file.segments) {
    if (segment.begin <= offset && offset < segment.end) return segment;
  }
  ADD_FAILURE() << "no segment at " << offset;
  return file.segments.front();
}

TEST(RewriterTest, WithoutEditsTheFileIsItself) {
  const RewrittenFile file = apply_edits("a.cc", "int x;\n", {});
  EXPECT_EQ(file.text, "int x;\n");
  ASSERT_EQ(file.segments.size(), 1u);
  EXPECT_TRUE(file.segments[0].is_copy);
}

TEST(RewriterTest, ReplacementsOfOneWidthMapByteByByte) {
  const RewrittenFile file =
      apply_edits("a.cc", "f.remote(1); g.remote(2);",
                  {replacement(13, 8, "g$remote"), replacement(0, 8, "f$remote")});
  EXPECT_EQ(file.text, "f$remote(1); g$remote(2);");
  const Segment& second = segment_at(file, 15);
  EXPECT_TRUE(second.is_copy);
  EXPECT_EQ(second.original + 15 - second.begin, 15u);
}

TEST(RewriterTest, AnInsertionTakesWholeLinesAndTheLineGoesOn) {
  const std::string text = "int x;\n  int f();\n";
  const RewrittenFile file = apply_edits("a.cc", text, {insertion(9, 2, "int g();\n")});
  EXPECT_EQ(file.text, "int x;\nint g();\n#line 2 \"a.cc\"\n  int f();\n");
  const Segment& generated = segment_at(file, file.text.find("int g"));
  EXPECT_FALSE(generated.is_copy);
  const Segment& after = segment_at(file, file.text.find("int f"));
  EXPECT_TRUE(after.is_copy);
  EXPECT_EQ(after.original + file.text.find("int f") - after.begin, text.find("int f"));
}

TEST(RewriterTest, AnInsertionInsideALineKeepsTheColumn) {
  const RewrittenFile file = apply_edits("a.cc", "class A { int x; };", {insertion(9, 1, "G\n")});
  EXPECT_EQ(file.text, "class A {\nG\n#line 1 \"a.cc\"\n          int x; };");
}

TEST(RewriterTest, InsertionsAtOnePlaceKeepTheirOrder) {
  const RewrittenFile file =
      apply_edits("a.cc", "int x;\n", {insertion(7, 2, "one\n"), insertion(7, 2, "two\n")});
  EXPECT_LT(file.text.find("one"), file.text.find("two"));
}

}  // namespace
}  // namespace ray::compiler

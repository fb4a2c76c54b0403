#include "runtime/object_store/extent_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::object_store {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(ExtentSet, GivesWhatLiesInsideOneRange) {
  ExtentSet set;
  set.add(100, 50);
  EXPECT_TRUE(set.take(110, 10));
  EXPECT_EQ(set.bytes(), 40u);
  EXPECT_FALSE(set.take(110, 10)) << "taken already";
  EXPECT_FALSE(set.take(100, 11)) << "reaches into what is taken";
  EXPECT_TRUE(set.take(100, 10));
  EXPECT_TRUE(set.take(120, 30));
  EXPECT_EQ(set.bytes(), 0u);
}

TEST(ExtentSet, RefusesWhatWasNeverAdded) {
  ExtentSet set;
  EXPECT_FALSE(set.take(0, 1));
  set.add(100, 50);
  EXPECT_FALSE(set.take(99, 2));
  EXPECT_FALSE(set.take(100, 51));
  EXPECT_FALSE(set.take(150, 1));
  EXPECT_FALSE(set.take(120, 0));
  EXPECT_FALSE(set.take(120, ~std::uint64_t{0})) << "a length that overflows";
  EXPECT_EQ(set.bytes(), 50u);
}

TEST(ExtentSet, TakesAcrossTheSeamOfTwoRanges) {
  ExtentSet set;
  set.add(100, 50);
  set.add(200, 50);
  set.add(150, 50);
  EXPECT_TRUE(set.take(140, 70));
  EXPECT_THAT(set.take_all(), ElementsAre(Pair(100, 40), Pair(210, 40)));
  EXPECT_EQ(set.bytes(), 0u);
}

}  // namespace
}  // namespace ray::object_store

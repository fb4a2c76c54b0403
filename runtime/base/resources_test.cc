#include "runtime/base/resources.h"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/wire.h"

namespace ray::base {
namespace {

ResourceSet set(std::string_view text) { return ResourceSet::parse(text).value(); }

TEST(ResourceSet, ReadsAndPrints) {
  EXPECT_EQ(set("").to_string(), "");
  EXPECT_EQ(set("licence:1,CPU:2,GPU:0.5,memory:8589934592").to_string(),
            "CPU:2,GPU:0.5,licence:1,memory:8589934592");
  EXPECT_EQ(set("CPU:0.0001").to_string(), "CPU:0.0001");
  EXPECT_EQ(set("node:10.0.0.1:1").units("node:10.0.0.1"), ResourceSet::kUnitsPerOne);
  EXPECT_EQ(set("CPU:0").empty(), true);
}

TEST(ResourceSet, RefusesWhatIsNoAmount) {
  for (const char* bad : {"CPU", "CPU:", ":1", "CPU:x", "CPU:1x", "CPU:-1", "CPU:nan", "CPU:inf",
                          "CPU:1e300", "CPU:1,CPU:2", ",", "CPU:1,,GPU:1"}) {
    EXPECT_FALSE(ResourceSet::parse(bad).ok()) << bad;
  }
}

TEST(ResourceSet, TenTenthsAreOne) {
  ResourceSet sum;
  for (int i = 0; i < 10; ++i) sum.add(set("CPU:0.1"));
  EXPECT_EQ(sum, set("CPU:1"));
}

TEST(ResourceSet, FitsLooksAtEachResourceAskedFor) {
  const ResourceSet node = set("CPU:2,GPU:1");
  EXPECT_TRUE(node.fits(set("")));
  EXPECT_TRUE(node.fits(set("CPU:2")));
  EXPECT_TRUE(node.fits(set("CPU:0.5,GPU:1")));
  EXPECT_FALSE(node.fits(set("CPU:2.0001")));
  EXPECT_FALSE(node.fits(set("licence:0.0001")));
}

TEST(ResourceSet, MayBecomeNegativeAndThenFitsNothing) {
  ResourceSet left = set("CPU:1");
  left.subtract(set("CPU:1"));
  EXPECT_TRUE(left.empty());
  left.subtract(set("CPU:1.5"));
  EXPECT_EQ(left.to_string(), "CPU:-1.5");
  EXPECT_EQ(left.amount("CPU"), -1.5);
  EXPECT_FALSE(left.fits(set("CPU:0.1")));
  EXPECT_TRUE(left.fits(set("")));
  left.add(set("CPU:2"));
  EXPECT_EQ(left, set("CPU:0.5"));
}

TEST(ResourceSet, SaturatesInsteadOfOverflowing) {
  ResourceSet most;
  most.set_units("CPU", std::numeric_limits<std::int64_t>::max());
  most.add(set("CPU:1"));
  EXPECT_EQ(most.units("CPU"), std::numeric_limits<std::int64_t>::max());
}

TEST(ResourceSet, IsAFieldOfMessages) {
  const ResourceSet sent = set("CPU:2,licence:0.25");
  EXPECT_EQ(*decode<ResourceSet>(encode(sent)), sent);
}

}  // namespace
}  // namespace ray::base

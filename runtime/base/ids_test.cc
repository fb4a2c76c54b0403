#include "runtime/base/ids.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/container/flat_hash_set.h"
#include "runtime/base/wire.h"

namespace ray::base {
namespace {

TEST(Ids, RandomOnesAreNonzeroAndDiffer) {
  std::set<NodeId> seen;
  for (int i = 0; i < 1000; ++i) {
    const NodeId id = NodeId::random();
    EXPECT_TRUE(id);
    EXPECT_TRUE(seen.insert(id).second);
  }
  EXPECT_FALSE(NodeId{});
}

TEST(Ids, PrintAs16DigitsAndComeBack) {
  const JobId id{0xabc};
  EXPECT_EQ(to_string(id), "0000000000000abc");
  EXPECT_EQ(*JobId::parse(to_string(id)), id);
  for (const char* bad : {"", "xyz", "12 ", "-1", "0x12", "11112222333344445"}) {
    EXPECT_FALSE(JobId::parse(bad).ok()) << bad;
  }
}

TEST(Ids, AreKeysOfHashTablesAndFieldsOfMessages) {
  const ObjectId id{ProcessId{7}, 8, 9};
  EXPECT_EQ(to_string(id), "0000000000000007:8:9");
  EXPECT_EQ(*decode<ObjectId>(encode(id)), id);
  absl::flat_hash_set<ObjectId> objects{id};
  EXPECT_TRUE(objects.contains(id));
  EXPECT_FALSE(objects.contains(ObjectId{ProcessId{7}, 9, 9}));
}

}  // namespace
}  // namespace ray::base

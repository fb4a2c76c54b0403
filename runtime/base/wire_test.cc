#include "runtime/base/wire.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ray::base {
namespace {

enum class Colour : std::uint8_t { red, green };

struct Inner {
  std::int16_t number = 0;
  std::string text;
  auto fields() { return std::tie(number, text); }
  friend bool operator==(const Inner&, const Inner&) = default;
};

struct Outer {
  std::uint64_t id = 0;
  bool flag = false;
  double weight = 0;
  Colour colour = Colour::red;
  std::vector<Inner> inners;
  std::map<std::string, std::vector<std::int32_t>> lists;
  std::optional<Inner> maybe;
  std::pair<std::uint8_t, std::string> both;
  auto fields() { return std::tie(id, flag, weight, colour, inners, lists, maybe, both); }
  friend bool operator==(const Outer&, const Outer&) = default;
};

Outer example() {
  return {.id = 0x0123456789abcdef,
          .flag = true,
          .weight = -0.5,
          .colour = Colour::green,
          .inners = {{1, "one"}, {-2, std::string("\0two", 4)}, {}},
          .lists = {{"a", {1, 2, 3}}, {"b", {}}},
          .maybe = Inner{3, "three"},
          .both = {7, "seven"}};
}

TEST(Wire, EveryKindOfFieldComesBack) {
  const auto back = decode<Outer>(encode(example()));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, example());
  EXPECT_EQ(*decode<Outer>(encode(Outer{})), Outer{});
}

TEST(Wire, LayoutIsLittleEndianWithoutTags) {
  EXPECT_EQ(encode(Inner{0x0102, "ab"}), std::string("\x02\x01\x02\0\0\0ab", 8));
}

TEST(Wire, EveryPrefixAndEverySuffixIsRefused) {
  const std::string bytes = encode(example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode<Outer>(std::string_view(bytes).substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(decode<Outer>(bytes + '\0').ok());
}

TEST(Wire, ForgedLengthsAllocateNothing) {
  struct List {
    std::vector<Outer> outers;
    auto fields() { return std::tie(outers); }
  };
  EXPECT_FALSE(decode<List>(std::string("\xff\xff\xff\xff", 4)).ok());
  EXPECT_FALSE(decode<List>(std::string("\xff\xff\xff\x7f", 4) + std::string(100, '\0')).ok());
  EXPECT_FALSE(decode<Inner>(std::string("\0\0\xff\xff\xff\xff", 6)).ok());
}

TEST(Wire, RefusesBoolsAndOptionalsOtherThan0And1AndRepeatedKeys) {
  struct Flag {
    bool flag = false;
    auto fields() { return std::tie(flag); }
  };
  EXPECT_TRUE(decode<Flag>(std::string_view("\1")).ok());
  EXPECT_FALSE(decode<Flag>(std::string_view("\2")).ok());
  struct Keys {
    std::map<std::uint8_t, std::uint8_t> map;
    auto fields() { return std::tie(map); }
  };
  EXPECT_TRUE(decode<Keys>(std::string_view("\2\0\0\0\1\5\2\5", 8)).ok());
  EXPECT_FALSE(decode<Keys>(std::string_view("\2\0\0\0\1\5\1\5", 8)).ok());
}

// Whatever bytes come, decoding ends, reads only them (ASan looks on), and accepts nothing that it
// would not itself have written.
TEST(Wire, BytesChangedAtRandomAreRefusedOrRoundTrip) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string good = encode(example());
  int accepted = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = good;
    for (unsigned changes = random() % 4 + 1; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    const auto message = decode<Outer>(bytes);
    if (!message.ok()) continue;
    ++accepted;
    // Maps are sorted when written, so the bytes may differ, but not their number or meaning.
    const std::string again = encode(*message);
    ASSERT_EQ(again.size(), bytes.size());
    ASSERT_EQ(encode(*decode<Outer>(again)), again);
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace ray::base

#include <gtest/gtest.h>
#include <ray/codec.h>
#include <ray/error.h>

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <limits>
#include <list>
#include <map>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "codec_round_trip.h"

namespace ray::internal {
namespace {

using namespace std::chrono_literals;

enum class Colour : std::uint16_t { red = 1, green = 500 };

TEST(CodecTest, NumbersTravelAsTheirMemory) {
  EXPECT_ROUND_TRIP(std::int8_t{-1});
  EXPECT_ROUND_TRIP(std::numeric_limits<std::int64_t>::min());
  EXPECT_ROUND_TRIP(std::numeric_limits<double>::infinity());
  EXPECT_ROUND_TRIP(3.25L);
  EXPECT_ROUND_TRIP(true);
  EXPECT_ROUND_TRIP(U'\u00df');
  EXPECT_ROUND_TRIP(Colour::green);
  EXPECT_ROUND_TRIP(std::byte{7});
  EXPECT_EQ(encode(std::int32_t{0x01020304}),
            (std::vector{std::byte{4}, std::byte{3}, std::byte{2}, std::byte{1}}));
}

TEST(CodecTest, SequencesTravel) {
  EXPECT_ROUND_TRIP(std::string("text with \0 inside", 18));
  EXPECT_ROUND_TRIP(std::u16string(u"wide"));
  EXPECT_ROUND_TRIP(std::string());
  EXPECT_ROUND_TRIP(std::vector<double>{1, 2, 3});
  EXPECT_ROUND_TRIP(std::vector<double>{});
  EXPECT_ROUND_TRIP(std::vector<int>(kLargePagesFrom / sizeof(int) + 5, 7));
  EXPECT_ROUND_TRIP(std::vector<bool>{true, false, true, true, false, false, true, false, true});
  EXPECT_ROUND_TRIP(std::vector<std::string>{"a", "", "c"});
  EXPECT_ROUND_TRIP(std::vector<std::vector<int>>{{1}, {}, {2, 3}});
  EXPECT_ROUND_TRIP(std::deque<int>{1, 2});
  EXPECT_ROUND_TRIP(std::deque<bool>{true, false});
  EXPECT_ROUND_TRIP(std::list<std::string>{"a", "b"});
  EXPECT_ROUND_TRIP(std::forward_list<int>{1, 2, 3});
}

TEST(CodecTest, AssociativeContainersTravel) {
  EXPECT_ROUND_TRIP(std::map<std::string, int>{{"a", 1}, {"b", 2}});
  EXPECT_ROUND_TRIP(std::multimap<int, std::string>{{1, "b"}, {1, "a"}});
  EXPECT_ROUND_TRIP(std::unordered_map<int, std::vector<int>>{{1, {2}}, {3, {}}});
  EXPECT_ROUND_TRIP(std::set<std::string>{"x", "y"});
  EXPECT_ROUND_TRIP(std::multiset<int>{1, 1, 2});
  EXPECT_ROUND_TRIP(std::unordered_set<int>{1, 2, 3});
  EXPECT_ROUND_TRIP(std::unordered_multiset<int>{1, 1});
}

TEST(CodecTest, AdaptorsTravel) {
  EXPECT_ROUND_TRIP(std::stack<int>({1, 2}));
  EXPECT_ROUND_TRIP(std::queue<std::string>({"a", "b"}));
  std::priority_queue<int> queue;
  queue.push(3);
  queue.push(7);
  EXPECT_EQ(round_trip(queue).top(), 7);
}

TEST(CodecTest, FixedSizesTravel) {
  EXPECT_ROUND_TRIP(std::array<int, 3>{1, 2, 3});
  EXPECT_ROUND_TRIP(std::array<std::string, 2>{"a", "b"});
  EXPECT_ROUND_TRIP(std::array<bool, 2>{true, false});
  EXPECT_ROUND_TRIP(std::array<int, 0>{});
  EXPECT_ROUND_TRIP(std::bitset<70>("1011"));
  EXPECT_ROUND_TRIP(std::pair<int, std::string>{1, "a"});
  EXPECT_ROUND_TRIP(std::tuple<int, std::string, double>{1, "a", 2});
  EXPECT_ROUND_TRIP(std::tuple<>());
  EXPECT_ROUND_TRIP(std::vector<std::tuple<>>(2));
}

TEST(CodecTest, AlternativesTravel) {
  EXPECT_ROUND_TRIP(std::optional<std::string>("a"));
  EXPECT_ROUND_TRIP(std::optional<std::string>());
  EXPECT_ROUND_TRIP(std::optional<std::optional<int>>(std::optional<int>()));
  EXPECT_ROUND_TRIP(std::variant<int, std::string>("a"));
  EXPECT_ROUND_TRIP(std::variant<std::monostate, int>());
}

TEST(CodecTest, TimesNumbersAndPathsOfStdTravel) {
  EXPECT_ROUND_TRIP(5ms);
  EXPECT_ROUND_TRIP(std::chrono::system_clock::now());
  EXPECT_ROUND_TRIP(
      std::chrono::year_month_day(std::chrono::year(2024), std::chrono::May, std::chrono::day(1)));
  EXPECT_ROUND_TRIP(std::complex<float>(1, 2));
  EXPECT_ROUND_TRIP(std::vector<std::complex<double>>{{1, 2}, {3, 4}});
  EXPECT_ROUND_TRIP(std::filesystem::path("/a/b"));
  EXPECT_ROUND_TRIP(std::mt19937_64(7));
}

TEST(CodecTest, ContiguousNumbersAreAlignedAndReadInPlace) {
  std::vector<double> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0);
  auto value = std::tuple<char, std::vector<double>>{'x', numbers};
  Sizer sizer;
  write(sizer, value);
  Bytes memory(sizer.size());
  Encoder encoder(memory.get());
  write(encoder, value);
  Decoder decoder(memory.get());
  EXPECT_EQ(make<char>(decoder), 'x');
  ViewStorage<std::span<const double>> storage;
  std::span<const double> view = storage.read(decoder);
  EXPECT_TRUE(std::ranges::equal(view, numbers));
  auto* first = reinterpret_cast<const std::byte*>(view.data());
  EXPECT_TRUE(first >= memory.get().data() && first < memory.get().data() + memory.get().size());
  EXPECT_EQ(sizer.size(), 1 + 1 + 6 + 800);
}

TEST(CodecTest, ASpanOfMisalignedBytesIsACopyThatTheDecoderKeeps) {
  std::vector<std::byte> bytes = encode(std::vector<double>{1, 2});
  Bytes memory(bytes.size() + 1);
  std::ranges::copy(bytes, memory.get().begin() + 1);
  Decoder decoder(memory.get().subspan(1));
  ViewStorage<std::span<const double>> storage;
  auto view = storage.read(decoder);
  EXPECT_EQ(std::vector<double>(view.begin(), view.end()), (std::vector<double>{1, 2}));
}

TEST(CodecTest, SpansReadVectorsAndArraysOfClasses) {
  std::vector<std::byte> bytes = encode(std::vector<std::string>{"a", "b"});
  Decoder decoder(bytes);
  ViewStorage<std::span<const std::string>> storage;
  auto view = storage.read(decoder);
  EXPECT_EQ(view[1], "b");

  bytes = encode(std::array<int, 2>{1, 2});
  Decoder array(bytes);
  ViewStorage<std::span<const int, 3>> wrong;
  EXPECT_THROW(wrong.read(array), Error);
}

TEST(CodecTest, ForgedLengthsAreRefusedBeforeMemoryIsTaken) {
  std::vector<std::byte> huge(10, std::byte{0xff});
  huge[9] = std::byte{1};
  EXPECT_THROW(decode<std::vector<double>>(huge), Error);
  EXPECT_THROW(decode<std::vector<bool>>(huge), Error);
  EXPECT_THROW(decode<std::string>(huge), Error);
  EXPECT_THROW((decode<std::map<int, int>>(huge)), Error);
  EXPECT_THROW((decode<std::array<std::string, 2>>(huge)), Error);
}

TEST(CodecTest, BytesLeftOverOrMissingAreRefused) {
  std::vector<std::byte> bytes = encode(std::string("abc"));
  bytes.push_back({});
  EXPECT_THROW(decode<std::string>(bytes), Error);
  bytes.resize(2);
  EXPECT_THROW(decode<std::string>(bytes), Error);
  EXPECT_THROW(decode<bool>(std::vector{std::byte{2}}), Error);
  EXPECT_THROW((decode<std::variant<int>>(std::vector{std::byte{2}})), Error);
}

TEST(CodecTest, VersionsTellTypesApart) {
  EXPECT_NE(Codec<int>::version, Codec<unsigned>::version);
  EXPECT_NE(Codec<std::vector<int>>::version, Codec<std::vector<float>>::version);
  EXPECT_NE((Codec<std::map<int, int>>::version), (Codec<std::map<int, float>>::version));
  static_assert(Codec<std::vector<std::string>>::version != 0);
}

}  // namespace
}  // namespace ray::internal

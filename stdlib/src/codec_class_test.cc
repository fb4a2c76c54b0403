#include <gtest/gtest.h>
#include <ray/codec.h>
#include <ray/error.h>

#include <array>
#include <bitset>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "codec_round_trip.h"

namespace test {

struct Point {
  int x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

struct Empty {
  friend bool operator==(const Empty&, const Empty&) = default;
};

struct Named {
  std::string name;
  friend bool operator==(const Named&, const Named&) = default;
};

// Private state, a private default constructor, a base, a bit-field and an array.
class Sealed : public Named {
 public:
  static Sealed of(int value) {
    Sealed sealed;
    sealed.name = "sealed";
    sealed.value_ = value;
    sealed.bits_ = 5;
    sealed.pair_[1] = -1;
    return sealed;
  }
  friend bool operator==(const Sealed& a, const Sealed& b) {
    return a.name == b.name && a.value_ == b.value_ && a.bits_ == b.bits_ &&
           a.pair_[0] == b.pair_[0] && a.pair_[1] == b.pair_[1];
  }

 private:
  friend struct ray::access;
  Sealed() = default;
  int value_ = 0;
  unsigned bits_ : 3 = 0;
  int pair_[2] = {};
};

struct Tree {
  int value = 0;
  std::vector<Tree> children;
  std::unique_ptr<Tree> next;
  friend bool operator==(const Tree& a, const Tree& b) {
    return a.value == b.value && a.children == b.children && (!a.next == !b.next) &&
           (!a.next || *a.next == *b.next);
  }
};

struct Ring {
  int value = 0;
  std::shared_ptr<Ring> next;
};

// Members as a cereal user writes them.
class Archived {
 public:
  Archived() = default;
  explicit Archived(int value) : value_(value), names_{"a", "b"} {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(value_);
    archive & names_;
  }
  friend bool operator==(const Archived&, const Archived&) = default;

 private:
  int value_ = 0;
  std::vector<std::string> names_;
};

struct Split {
  int stored = 0;
  int derived = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(stored);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(stored);
    derived = 2 * stored;
  }
};

struct Free {
  int value = 0;
};
template <class Archive>
void serialize(Archive& archive, Free& free) {
  archive(free.value);
}

struct Minimal {
  int value = 0;
  template <class Archive>
  std::string save_minimal(const Archive&) const {
    return std::to_string(value);
  }
  template <class Archive>
  void load_minimal(const Archive&, const std::string& text) {
    value = std::stoi(text);
  }
};

struct FreeMinimal {
  int value = 0;
};
template <class Archive>
std::string save_minimal(const Archive&, const FreeMinimal& object) {
  return std::to_string(object.value);
}
template <class Archive>
void load_minimal(const Archive&, FreeMinimal& object, const std::string& text) {
  object.value = std::stoi(text);
}

// Those that take the version of the class.
struct Versioned {
  int old = 0;
  int added = 0;
  template <class Archive>
  void serialize(Archive& archive, const unsigned version) {
    archive(old);
    if (version >= 2) archive(added);
  }
};

struct VersionedSplit {
  int value = 0;
  std::uint32_t version = 0;
  template <class Archive>
  void save(Archive& archive, std::uint32_t) const {
    archive(value);
  }
  template <class Archive>
  void load(Archive& archive, std::uint32_t stored) {
    archive(value);
    version = stored;
  }
};

struct VersionedMinimal {
  int value = 0;
  template <class Archive>
  int save_minimal(const Archive&, std::uint32_t version) const {
    return value + static_cast<int>(version);
  }
  template <class Archive>
  void load_minimal(const Archive&, const int& stored, std::uint32_t version) {
    value = stored + static_cast<int>(version);
  }
};

struct VersionedFree {
  int value = 0;
};
template <class Archive>
void serialize(Archive& archive, VersionedFree& free, std::uint32_t version) {
  archive(free.value);
  free.value += static_cast<int>(version);
}

// No default constructor: the user says what stands for it.
class Decimal {
 public:
  explicit Decimal(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The shape of a protobuf message.
class Message {
 public:
  std::size_t ByteSizeLong() const { return text.size(); }
  bool SerializeToArray(void* to, int size) const {
    std::memcpy(to, text.data(), size);
    return true;
  }
  bool ParseFromArray(const void* from, int size) {
    text.assign(static_cast<const char*>(from), size);
    return text != "bad";
  }
  std::string text;
};

}  // namespace test

template <>
struct ray::access::class_version<test::Versioned> {
  static std::uint32_t value() { return 2; }
};
template <>
struct ray::access::class_version<test::VersionedSplit> {
  static std::uint32_t value() { return 7; }
};
template <>
struct ray::access::fields<test::Point> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("x", x.x);
    v("y", x.y);
  }
};
template <>
struct ray::access::fields<test::Empty> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V&, X&) {}
};
template <>
struct ray::access::fields<test::Named> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("name", x.name);
  }
};
template <>
struct ray::access::fields<test::Sealed> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v.base(static_cast<ray::access::like<X, test::Named>&>(x));
    v("value_", x.value_);
    auto bits = x.bits_;
    v("bits_", bits);
    ray::access::assign(x, [&](auto& y) { y.bits_ = bits; });
    v("pair_", x.pair_);
  }
};
template <>
struct ray::access::fields<test::Tree> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("value", x.value);
    v("children", x.children);
    v("next", x.next);
  }
};
template <>
struct ray::access::fields<test::Ring> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("value", x.value);
    v("next", x.next);
  }
};
template <>
struct ray::codec<test::Decimal> {
  static constexpr std::uint64_t version = 1;
  static std::string encode(const test::Decimal& d) { return d.text(); }
  static test::Decimal decode(std::string text) { return test::Decimal(std::move(text)); }
};

namespace ray::internal {
namespace {

using test::Point;

TEST(CodecClassTest, ClassesTravelByTheirFields) {
  EXPECT_ROUND_TRIP(Point{1, 2.5});
  EXPECT_ROUND_TRIP(test::Sealed::of(42));
  EXPECT_ROUND_TRIP(std::vector<test::Empty>(3));
  EXPECT_ROUND_TRIP(std::vector<test::Sealed>{test::Sealed::of(1), test::Sealed::of(2)});
  EXPECT_ROUND_TRIP(std::map<std::string, Point>{{"a", {1, 2}}});
  test::Tree tree{1, {}, std::make_unique<test::Tree>()};
  tree.children.emplace_back().value = 2;
  tree.next->value = 3;
  EXPECT_TRUE(round_trip(tree) == tree);
}

TEST(CodecClassTest, CerealFunctionsAreUsed) {
  EXPECT_ROUND_TRIP(test::Archived(7));
  EXPECT_EQ(round_trip(test::Split{3, 0}).derived, 6);
  EXPECT_EQ(round_trip(test::Free{4}).value, 4);
  EXPECT_EQ(round_trip(test::Minimal{5}).value, 5);
  EXPECT_EQ(round_trip(test::FreeMinimal{6}).value, 6);
}

TEST(CodecClassTest, CerealFunctionsAreGivenTheVersionOfTheClass) {
  EXPECT_EQ(round_trip(test::Versioned{1, 2}).added, 2);
  EXPECT_EQ(round_trip(test::VersionedSplit{3, 0}).version, 7u);
  EXPECT_EQ(round_trip(test::VersionedMinimal{5}).value, 5);
  EXPECT_EQ(round_trip(test::VersionedFree{5}).value, 5);
}

TEST(CodecClassTest, TheUsersOwnCodecIsUsed) {
  EXPECT_EQ(round_trip(test::Decimal("1.5")).text(), "1.5");
  EXPECT_EQ(round_trip(std::vector<test::Decimal>{test::Decimal("2")}).front().text(), "2");
}

TEST(CodecClassTest, ProtobufMessagesGoAsThemselves) {
  test::Message message;
  message.text = "hello";
  EXPECT_EQ(round_trip(message).text, "hello");
  message.text = "bad";
  EXPECT_THROW(round_trip(message), Error);
}

TEST(CodecClassTest, SharedObjectsStayShared) {
  auto one = std::make_shared<Point>(Point{1, 2});
  auto copy =
      round_trip(std::vector{one, one, std::shared_ptr<Point>(), std::make_shared<Point>()});
  EXPECT_EQ(*copy[0], *one);
  EXPECT_EQ(copy[0], copy[1]);
  EXPECT_EQ(copy[2], nullptr);
  EXPECT_NE(copy[3], copy[0]);
}

TEST(CodecClassTest, ACycleOfSharedObjectsTravels) {
  auto first = std::make_shared<test::Ring>();
  first->value = 1;
  first->next = std::make_shared<test::Ring>();
  first->next->next = first;
  auto copy = round_trip(first);
  EXPECT_EQ(copy->next->next, copy);
  EXPECT_EQ(copy->value, 1);
  copy->next->next = nullptr;  // let both cycles go
  first->next->next = nullptr;
}

TEST(CodecClassTest, DeepNestingIsRefusedBeforeTheStackEnds) {
  // A list of a million nodes: value, no children, a next.
  std::vector<std::byte> bytes;
  for (int i = 0; i < 1'000'000; ++i) {
    bytes.insert(bytes.end(),
                 {std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{1}});
  }
  EXPECT_THROW(decode<test::Tree>(bytes), Error);
}

TEST(CodecClassTest, AForgedNumberOfEmptyObjectsIsRefused) {
  std::vector<std::byte> huge(10, std::byte{0xff});
  huge[9] = std::byte{1};
  EXPECT_THROW(decode<std::vector<test::Empty>>(huge), Error);
}

// Everything at once, for bytes that are wrong at every place.
using Anything =
    std::tuple<std::vector<double>, std::map<std::string, Point>, std::optional<std::string>,
               std::variant<int, std::vector<bool>>, std::vector<std::shared_ptr<Point>>,
               test::Tree, std::array<short, 3>, std::bitset<9>, std::unordered_set<std::string>,
               std::list<test::Archived>, std::vector<test::Sealed>>;

TEST(CodecClassTest, CorruptBytesThrowOrDecodeButNeverMore) {
  auto shared = std::make_shared<Point>(Point{1, 2});
  test::Tree tree{1, {}, std::make_unique<test::Tree>()};
  tree.children.emplace_back().value = 2;
  Anything value;
  std::get<0>(value) = {1, 2, 3};
  std::get<1>(value) = {{"a", {1, 2}}, {"b", {}}};
  std::get<2>(value) = "text";
  std::get<3>(value) = std::vector<bool>{true, false};
  std::get<4>(value) = {shared, shared, nullptr};
  std::get<5>(value) = std::move(tree);
  std::get<6>(value) = {1, 2, 3};
  std::get<8>(value) = {"x", "y"};
  std::get<9>(value) = {test::Archived(1), test::Archived(2)};
  std::get<10>(value) = {test::Sealed::of(3)};
  const std::vector<std::byte> good = encode(value);
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int refused = 0;
  constexpr int kRounds = 20'000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::byte> bytes = good;
    for (int change = random() % 4; change >= 0; --change) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    try {
      (void)decode<Anything>(bytes);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 10);
  EXPECT_LT(refused, kRounds);
}

// Its second writing differs from the first.
struct Fickle {
  mutable int writes = 0;
  template <class Archive>
  void save(Archive& archive) const {
    archive(std::string(++writes, 'x'));
  }
  template <class Archive>
  void load(Archive&) {}
};

TEST(CodecClassTest, AValueThatChangesBetweenThePassesIsRefused) {
  EXPECT_THROW(encode(Fickle()), Error);
}

}  // namespace
}  // namespace ray::internal

// Every kind of value in the standard library travels.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <array>
#include <bitset>
#include <chrono>
#include <compare>
#include <complex>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <list>
#include <map>
#include <optional>
#include <queue>
#include <random>
#include <ratio>
#include <set>
#include <stack>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

template <class T>
[[ray::remote]] T echo(const T& value) { return value; }
template <class T>
T back(const T& value) { return ray::get(echo<T>.remote(value)); }

template <class T>
void check(const T& value) {
  assert(back(value) == value);
}
struct Order {
  bool is_down = false;
  bool operator()(int a, int b) const { return is_down ? a > b : a < b; }
};
struct Modulo {
  unsigned long by = 1;
  unsigned long operator()(int key) const { return key % by; }
  bool operator()(int a, int b) const { return a % by == b % by; }
};
enum Plain { one = 1 };
enum class Small : signed char { minus = -1 };
enum class Truth : bool { no, yes };
struct Arrays {
  int grid[2][3];
  std::string names[2];
  std::array<std::array<bool, 2>, 2> flags;
  bool operator==(const Arrays&) const = default;
};
struct Bits {
  Small small : 8;
  bool flag : 1;
  unsigned : 3;
  unsigned long long wide : 40;
  bool operator==(const Bits&) const = default;
};
struct Pair {
  int first;
  int second;
  auto operator<=>(const Pair&) const = default;
};

// Classes of namespaces within std.
struct Log {
  std::filesystem::path folder;
  std::chrono::year_month_day day;
};
[[ray::remote]] std::filesystem::path file_of(const Log& log, const std::filesystem::path& name) {
  return log.folder / name;
}

int main() {
  using namespace std::chrono_literals;
  ray::init();
  check(std::byte{7});
  check(u'x');
  check(U'x');
  check(1.5L);
  check(one);
  check(Small::minus);
  check(Truth::yes);
  check(std::u16string(u"text"));
  check(std::wstring(L"text"));
  check(std::vector<std::string>{"a", ""});
  check(std::vector<bool>(19, true));
  check(std::vector<std::vector<double>>{{1.5}, {}});
  check(std::deque<int>{1, 2});
  check(std::list<std::string>{"a"});
  check(std::forward_list<int>{1, 2, 3});
  check(std::set<Pair>{{1, 2}, {0, 3}});
  check(std::multiset<int>{1, 1});
  check(std::map<std::string, std::map<int, std::string>>{{"a", {{1, "b"}}}});
  check(std::multimap<int, int>{{1, 2}, {1, 3}});
  check(std::unordered_set<std::string>{"a", "b"});
  check(std::unordered_multiset<int>{1, 1});
  check(std::unordered_map<std::string, int>{{"a", 1}});
  check(std::unordered_multimap<int, int>{{1, 2}, {1, 2}});
  check(std::stack<int>({1, 2}));
  check(std::queue<std::string>({"a"}));
  assert(back(std::priority_queue<int>({}, {1, 3, 2})).top() == 3);
  check(std::array<std::string, 2>{"a", "b"});
  check(std::array<int, 0>{});
  check(Arrays{{{1, 2, 3}, {4, 5, 6}}, {"a", "b"}, {}});
  check(Bits{Small::minus, true, 1ull << 39});
  check(std::pair<std::string, int>{"a", 1});
  check(std::tuple<>());
  check(std::tuple<int, std::tuple<std::string>>{1, {"a"}});
  check(std::optional<std::optional<int>>{std::optional<int>()});
  check(std::variant<std::monostate, int, std::string>{"text"});
  check(std::variant<std::nullptr_t, int>());
  const auto down = back(std::set<int, Order>({1, 2}, Order{true}));
  assert(*down.begin() == 2 && down.contains(1));
  assert(back(std::map<int, int, Order>({{1, 2}, {3, 4}}, Order{true})).begin()->second == 4);
  auto least = back(std::priority_queue<int, std::vector<int>, Order>(Order{true}, {3, 1, 2}));
  least.push(0);
  assert(least.top() == 0 && least.size() == 4);
  using Hashed = std::unordered_set<int, Modulo, Modulo>;
  const Hashed hashed = back(Hashed({1, 2}, 0, {5}, {3}));
  assert(hashed.hash_function().by == 5 && hashed.key_eq().by == 3);
  assert(hashed.size() == 2 && hashed.contains(16));
  using Counted = std::unordered_map<int, int, Modulo>;
  assert(back(Counted({{1, 2}}, 0, {7})).hash_function().by == 7);
  check(std::tuple(1 <=> 2, 2.0 <=> 1.0, std::weak_ordering::equivalent));
  check(std::partial_ordering::unordered);
  check(std::vector<__int128>{__int128(1) << 100});
  check(std::complex<double>(1, 2));
  check(std::vector<std::complex<float>>{{1, 2}});
  check(std::bitset<77>(12345));
  check(std::filesystem::path("/tmp/a b"));
  check(1500ms);
  check(std::chrono::duration<double, std::ratio<60>>(1.5));
  check(std::chrono::system_clock::now());
  check(std::chrono::year_month_day(2024y / 2 / 29));
  std::mt19937 engine(7);
  engine();
  check(engine);
  const Log log{"/tmp/logs", std::chrono::year_month_day(2024y / 2 / 29)};
  assert(ray::get(file_of.remote(log, std::filesystem::path("a"))) == "/tmp/logs/a");
  ray::shutdown();
}

// What a program sees of its own places is what the user wrote.
// RUN: %ray-cc -fsyntax-only %s
#include <ray/ray.h>
#include <source_location>
#include <string_view>

[[ray::remote(num_cpus = 0.5,
              max_retries = 5)]]
inline constexpr int line() { return __LINE__; }
static_assert(line() == 9);

class [[ray::remote]] Tracker { public: static constexpr int kLine = __LINE__; int kept = 1; };
static_assert(Tracker::kLine == 12);

struct Item {
  int x;
  static constexpr auto kHere = std::source_location::current();
};
[[ray::remote]] Item item(int x) { return {x}; }
static_assert(Item::kHere.line() == 17);

[[ray::remote]] int after(int = __LINE__);
constexpr auto kPlace = std::source_location::current();
static_assert(kPlace.line() == 23 && kPlace.column() == 25);
static_assert(std::string_view(kPlace.file_name()) == __FILE__);
static_assert(__COUNTER__ == 0);

// num_returns makes a tuple of refs of a ref to a tuple.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <string>
#include <tuple>
#include <type_traits>

using Parts = std::tuple<int, std::string>;
using Refs = std::tuple<ray::ObjectRef<int>, ray::ObjectRef<std::string>>;

[[ray::remote]] Parts whole() { return {1, "a"}; }
[[ray::remote(num_returns = all)]] Parts all() { return {1, "a"}; }
[[ray::remote(num_returns = 2)]] Parts two(int) { return {1, "a"}; }

static_assert(std::is_same_v<decltype(whole.remote()), ray::ObjectRef<Parts>>);
static_assert(std::is_same_v<decltype(all.remote()), Refs>);
static_assert(std::is_same_v<decltype(two.remote(ray::put(1))), Refs>);
static_assert(std::is_same_v<decltype(two.options({.num_cpus = 2}).remote(1)), Refs>);

void use() {
  auto [number, text] = all.remote();
  two.remote(number);
}

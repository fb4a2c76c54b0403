// Braces mean what they mean in a plain call, behind options too: the overloads are told apart.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

struct Name {
  std::string text;
};
[[ray::remote]] int sum(const std::vector<int>& values, int more = 0) {
  return std::accumulate(values.begin(), values.end(), more);
}
[[ray::remote]] std::string sum(const Name& name) { return name.text; }
struct Functions {
  [[ray::remote]] static int first(std::pair<int, int> pair) { return pair.first; }
};

class [[ray::remote]] Adder {
 public:
  explicit Adder(std::pair<int, int> start, int more = 0)
      : sum_(start.first + start.second + more) {}
  int add(std::pair<int, int> both) { return sum_ += both.first + both.second; }
  int add(std::pair<int, int> both, std::vector<int> more) { return add(both) + more[0]; }
  int add(const std::vector<std::string>& texts) { return sum_ += static_cast<int>(texts.size()); }
  std::string add(Name name, int times = 1) { return name.text + std::to_string(times); }

 private:
  int sum_;
};

int main() {
  ray::init();
  assert(ray::get(sum.remote({1, 2})) == 3);
  assert(ray::get(sum.remote({"name"})) == "name");
  assert(ray::get(sum.options({.num_cpus = 1}).remote({1, 2})) == 3);
  assert(ray::get(sum.options({.num_cpus = 1}).remote({1, 2}, 4)) == 7);
  assert(ray::get(sum.options({.num_cpus = 1}).remote({"name"})) == "name");
  assert(ray::get(sum.options({.num_cpus = 1}).remote(std::vector{ray::put(5)})) == 5);
  assert(ray::get(Functions::first.options({}).remote({1, 2})) == 1);

  assert(ray::get(Adder::remote({1, 2}).add.remote({3, 4})) == 10);
  auto adder = Adder::options({.num_cpus = 0}).remote({1, 2}, 3);
  assert(ray::get(adder.add.remote({1, 1})) == 8);
  assert(ray::get(adder.add.remote({1, 1}, {5})) == 15);
  assert(ray::get(adder.add.options({.name = "add"}).remote({1, 1})) == 12);
  assert(ray::get(adder.add.options({.name = "add"}).remote({1, 1}, {5})) == 19);
  Name lvalue{"lvalue"};
  assert(ray::get(adder.add.remote({{"a"}, {"b"}, {"c"}})) == 17);
  assert(ray::get(adder.add.remote({.text = "a"})) == "a1");
  assert(ray::get(adder.add.remote(lvalue)) == "lvalue1");
  assert(ray::get(adder.add.remote(ray::put(lvalue), 2)) == "lvalue2");
  assert(ray::get(adder.add.remote(std::pair(1, 1))) == 19);
  ray::shutdown();
}

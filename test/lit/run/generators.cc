// A generator gives its items where it is called, and a stream of refs where it is called remotely.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <stdexcept>
#include <string>
#include <vector>

struct Line {
  int number;
  std::string text;
};
[[ray::remote]] ray::Generator<Line> lines(const std::vector<std::string>& text, int first = 1) {
  for (const std::string& line : text) co_yield {first++, line};
}
[[ray::remote]] ray::Generator<int> broken(int good) {
  for (int i = 0; i < good; ++i) co_yield i;
  throw std::out_of_range("no more");
}
template <class T>
[[ray::remote(generator_backpressure = 2)]] ray::Generator<T> repeat(T value, int count) {
  while (count-- > 0) co_yield value;
}
[[ray::remote]] ray::Generator<ray::ObjectRef<std::string>> puts(int count) {
  for (int i = 0; i < count; ++i) co_yield ray::put(std::string(i, 'x'));
}
// Takes from one stream, and is one.
[[ray::remote(num_cpus = 0.5)]] ray::Generator<std::string> numbered(std::vector<std::string> text) {
  for (auto line : lines.options({.generator_backpressure = 1}).remote(text)) {
    Line value = ray::get(line);
    co_yield std::to_string(value.number) + value.text;
  }
}
class [[ray::remote]] Counter {
 public:
  [[ray::method(generator_backpressure = -1)]] ray::Generator<int> next(int count) {
    while (count-- > 0) co_yield count_++;
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

template <class Stream>
auto all(Stream stream) {
  std::vector<decltype(ray::get(*stream.next()))> values;
  for (const auto& ref : stream) values.push_back(ray::get(ref));
  return values;
}

int main() {
  ray::init();
  const std::vector<std::string> text = {"a", "b", "c"};
  int at = 1;
  for (const Line& line : lines(text)) assert(line.number == at++ && at <= 4);
  auto stream = lines.remote(ray::put(text));
  assert(ray::get(*stream.next()).text == "a");
  assert(all(std::move(stream)).back().number == 3);
  assert(all(numbered.remote(text)) == std::vector<std::string>({"1a", "2b", "3c"}));
  assert(all(repeat.remote(2.5, 3)) == std::vector<double>(3, 2.5));
  assert(all(repeat<long>.remote(7, 3)) == std::vector<long>(3, 7));
  auto failing = ray::task(broken).remote(1);
  assert(ray::get(*failing.next()) == 0);
  try {
    ray::get(*failing.next());
    assert(false);
  } catch (const std::out_of_range& e) {
    assert(std::string(e.what()) == "no more" && !failing.next());
  }
  auto counter = Counter::remote();
  assert(all(counter.next.remote(3)) == std::vector<int>({0, 1, 2}));
  assert(all(counter.next.options({.name = "two"}).remote(2)) == std::vector<int>({3, 4}));
  assert(all(ray::task(counter, &Counter::next).remote(1)) == std::vector<int>({5}));
  assert(ray::get(counter.count.remote()) == 6);
  auto multiples = ray::remote([factor = 3](int n) -> ray::Generator<int> {
    for (int i = 1; i <= n; ++i) co_yield i * factor;
  });
  assert(all(multiples.remote(2)) == std::vector<int>({3, 6}));
  std::size_t length = 0;
  for (const auto& inner : all(puts.remote(100))) assert(ray::get(inner).size() == length++);
  auto unfinished = repeat.remote(1, 1'000'000);
  assert(ray::get(*unfinished.next()) == 1);
  ray::shutdown();  // the stream outlives it
}

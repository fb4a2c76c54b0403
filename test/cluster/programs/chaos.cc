// Work of every kind, whose results are known, until a line comes in: somebody ends its workers
// meanwhile.
#include <ray/ray.h>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

[[ray::remote(max_retries = -1)]]
int plus_one(int x) {
  return x + 1;
}

[[ray::remote(max_retries = -1)]]
int fibonacci(int n) {
  if (n < 2) return n;
  auto a = fibonacci.remote(n - 1);
  auto b = fibonacci.remote(n - 2);
  return ray::get(a) + ray::get(b);
}

[[ray::remote(max_retries = -1)]]
std::vector<int> count_up(int n) {
  std::vector<int> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

[[ray::remote(max_retries = -1)]]
std::int64_t sum(const std::vector<std::vector<int>>& lists) {
  std::int64_t total = 0;
  for (const auto& list : lists) total = std::accumulate(list.begin(), list.end(), total);
  return total;
}

class [[ray::remote(max_restarts = -1, max_task_retries = -1, max_concurrency = 2)]] Doubler {
 public:
  int twice(int x) { return 2 * ray::get(plus_one.remote(x - 1)); }
  ray::Generator<int> even_numbers(int n) {
    for (int i = 0; i < n; ++i) co_yield 2 * i;
  }
};

// Every third is large.
[[ray::remote(max_retries = -1, generator_backpressure = 4)]]
ray::Generator<std::vector<int>> lists_of(int n) {
  for (int i = 0; i < n; ++i) co_yield std::vector<int>(i % 3 == 0 ? 40'000 : 4, i);
}

[[ray::remote(max_retries = -1, num_cpus = 0.5)]]
int double_through(ray::ActorHandle<Doubler> doubler, int x) {
  return ray::get(doubler.twice.remote(x));
}

int wrong = 0;

void expect(bool right, const std::string& what) {
  if (right) return;
  ++wrong;
  std::cout << "wrong: " << what << std::endl;
}

void round_of_streams(const ray::ActorHandle<Doubler>& doubler) {
  auto even = doubler.even_numbers.remote(20);
  auto lists = lists_of.remote(20);
  auto dropped = lists_of.remote(1'000);
  int at = 0;
  for (const auto& list : lists) {
    expect(ray::get(list) == std::vector<int>(at % 3 == 0 ? 40'000 : 4, at), "list");
    ++at;
  }
  expect(at == 20, "lists");
  for (at = 0; at < 5; ++at) expect(ray::get(*dropped.next()).back() == at, "dropped");
  at = 0;
  for (const auto& number : even) expect(ray::get(number) == 2 * at++, "even number");
  expect(at == 20, "even numbers");
}

void round_of_work(const ray::ActorHandle<Doubler>& doubler) {
  auto chain = plus_one.remote(0);
  for (int i = 0; i < 20; ++i) chain = plus_one.remote(chain);
  std::vector<ray::ObjectRef<std::vector<int>>> lists;
  for (int i = 0; i < 8; ++i) lists.push_back(count_up.remote(i % 2 == 0 ? 100'000 : 1'000));
  auto total = sum.remote(lists);
  auto tree = fibonacci.remote(5);
  std::vector<ray::ObjectRef<int>> doubled;
  for (int i = 0; i < 10; ++i) doubled.push_back(doubler.twice.remote(i));
  for (int i = 0; i < 10; ++i) doubled.push_back(double_through.remote(doubler, i));
  std::vector<ray::ObjectRef<int>> many;
  for (int i = 0; i < 500; ++i) many.push_back(plus_one.remote(i));

  expect(ray::get(chain) == 21, "chain");
  expect(ray::get(total) == 4 * 4'999'950'000 + 4 * 499'500, "sum");
  expect(ray::get(tree) == 5, "tree");
  const std::vector<int> values = ray::get(doubled);
  for (int i = 0; i < 20; ++i) expect(values[i] == 2 * (i % 10), "doubled");
  const std::vector<int> next = ray::get(many);
  for (int i = 0; i < 500; ++i) expect(next[i] == i + 1, "many");
}

int main() {
  ray::init({.num_cpus = 2});
  auto doubler = Doubler::remote();
  std::atomic<bool> stopped{false};
  std::thread reader([&] {
    std::string line;
    std::getline(std::cin, line);
    stopped = true;
  });
  int rounds = 0;
  while (!stopped) {
    round_of_work(doubler);
    round_of_streams(doubler);
    if (++rounds == 1) std::cout << "ready" << std::endl;
  }
  reader.join();
  round_of_work(doubler);
  round_of_streams(doubler);
  std::cout << wrong << " wrong" << std::endl;
}

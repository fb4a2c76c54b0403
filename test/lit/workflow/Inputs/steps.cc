// What the workflows of these tests wire.
#include <ray/ray.h>

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

struct Item {
  int index;
  std::string text;
};

namespace text {
[[ray::remote]] std::vector<std::string> split(std::string_view line) {
  std::istringstream in{std::string(line)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}
[[ray::remote]] std::map<std::string, int> count(const std::vector<std::string>& words) {
  std::map<std::string, int> counts;
  for (const std::string& word : words) ++counts[word];
  return counts;
}
}  // namespace text

[[ray::remote]] Item make(int index, const std::string& text) { return {index, text}; }
[[ray::remote]] std::string show(const Item& item, double factor) {
  return item.text + std::to_string(static_cast<int>(item.index * factor));
}
[[ray::remote(num_returns = all)]] std::tuple<int, Item> both(unsigned char index) {
  return {index, Item{index, "both "}};
}
[[ray::remote]] int add(int a, int b) { return a + b; }
[[ray::remote]] double add(double a, double b) { return a + b; }
[[ray::remote]] int sum(const std::vector<int>& numbers) {
  int total = 0;
  for (const int number : numbers) total += number;
  return total;
}
[[ray::remote]] static void refuse(const std::string& text) { throw std::runtime_error(text); }
template <class T>
[[ray::remote]] T twice(T value) { return value + value; }
[[ray::remote]] auto deduced() { return 1; }

class [[ray::remote]] Counter {
 public:
  explicit Counter(int count) : count_(count) {}
  int add(int amount) { return count_ += amount; }

 private:
  int count_;
};
[[ray::remote]] int ask(ray::ActorHandle<Counter> counter) { return ray::get(counter.add.remote(1)); }

int calls_template() { return ray::get(twice.remote(1)); }

[[ray::remote]] long scale(long x) { return 2 * x; }
[[ray::remote]] double scale(double x) { return 2 * x; }
[[ray::remote]] ray::Generator<int> stream() { co_yield 1; }

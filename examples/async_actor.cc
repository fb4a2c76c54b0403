// Counts the words of many pages by way of one actor: it lets a few pages at a time through to the
// tasks that do the work, and answers questions about its progress meanwhile. All its calls are in
// flight at once, on one thread and without a lock: a call gives way only where it says co_await.
//
//   ray-cc async_actor.cc -O2 -o async_actor && ./async_actor [PAGES]
#include <ray/ray.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

constexpr int kAtOnce = 4;

[[ray::remote]] std::string clean(const std::string& page) {
  std::string text;
  for (char c : page) text += c == ',' || c == '.' ? ' ' : c;
  return text;
}
[[ray::remote]] int count(const std::string& text) {
  std::istringstream words(text);
  int n = 0;
  for (std::string word; words >> word;) ++n;
  return n;
}

class [[ray::remote(num_cpus = 0)]] Desk {
 public:
  ray::Task<int> count_words(std::string page) {
    while (busy_ == kAtOnce) co_await changed_;
    ++busy_;
    auto text = clean.remote(page);  // goes from task to task, and not through here
    const int words = co_await count.remote(text);
    --busy_;
    ++done_;
    changed_.notify_all();
    co_return words;
  }
  ray::Task<> reached(int pages) {
    while (done_ < pages) co_await changed_;
  }

 private:
  int busy_ = 0;
  int done_ = 0;
  ray::Condition changed_;
};

int main(int argc, char** argv) {
  const int pages = argc > 1 ? std::atoi(argv[1]) : 40;
  if (pages < 2) {
    std::cerr << "usage: async_actor [PAGES]\n";
    return 2;
  }
  ray::init();
  auto desk = Desk::remote();
  std::vector<ray::ObjectRef<int>> counts;
  for (int i = 0; i < pages; ++i) {
    counts.push_back(desk.count_words.remote("Page " + std::to_string(i) + ", of the book."));
  }
  auto half = desk.reached.remote(pages / 2);
  auto all = desk.reached.remote(pages);
  ray::get(half);
  std::printf("%d of %d pages\n", pages / 2, pages);
  ray::get(all);
  std::printf("%d of %d pages\n", pages, pages);
  int words = 0;
  for (int n : ray::get(counts)) words += n;
  std::printf("%d words\n", words);
}

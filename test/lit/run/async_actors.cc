// A class with methods that return ray::Task is an async actor: one thread, many calls in flight,
// which begin in order and take turns only where they await.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Wshadow -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

[[ray::remote]] int twice(int x) { return 2 * x; }
[[ray::remote]] int fails() { throw std::out_of_range("no such thing"); }

class [[ray::remote]] Gate {
 public:
  // Many calls wait here at once; a later call of the same actor lets them go on.
  ray::Task<int> pass(int number) {
    order_ += std::to_string(number);
    while (!open_) co_await changed_;
    same_thread_ = same_thread_ && thread_ == std::this_thread::get_id();
    co_return ++passed_;
  }
  std::string open() {  // no coroutine: runs to its end between the others
    open_ = true;
    changed_.notify_all();
    return order_;
  }
  ray::Task<int> add(ray::ObjectRef<int> a, const std::string& text) {
    const int sum = co_await a + co_await twice.remote(3);
    co_return sum + static_cast<int>(text.size());
  }
  ray::Task<> miss() { co_await fails.remote(); }
  ray::Task<std::string> caught() {
    try {
      co_await miss();
    } catch (const std::out_of_range& error) {
      co_return error.what();
    }
    co_return "nothing";
  }
  ray::Task<std::string> cancelled(bool catches) {
    try {
      while (true) co_await changed_;
    } catch (const ray::TaskCancelledError&) {
      ++cancelled_;
      if (!catches) throw;
    }
    co_await twice.remote(1);  // the next wait is one as any other
    co_return "caught";
  }
  int times_cancelled() const { return cancelled_; }
  ray::Task<> stop() {
    co_await twice.remote(1);
    ray::exit_actor();
  }
  bool same_thread() const { return same_thread_; }

 private:
  const std::thread::id thread_ = std::this_thread::get_id();
  bool open_ = false;
  ray::Condition changed_;
  bool same_thread_ = true;
  int passed_ = 0;
  int cancelled_ = 0;
  std::string order_;
};

// While as many calls wait as the option lets in, others have not begun.
class [[ray::remote(max_concurrency = 2)]] Narrow {
 public:
  ray::Task<int> most() {
    ++begun_;
    const int now = ++inside_;
    while (begun_ < 2) co_await ray::sleep_for(1ms);
    --inside_;
    co_return now;
  }

 private:
  int begun_ = 0;
  int inside_ = 0;
};

int main() {
  ray::init({.num_cpus = 1});
  auto gate = Gate::remote();
  std::vector<ray::ObjectRef<int>> passes;
  for (int i = 0; i < 8; ++i) passes.push_back(gate.pass.remote(i));
  assert(ray::get(gate.open.remote()) == "01234567");
  assert(ray::get(passes).size() == 8 && ray::get(passes[7]) > 0);
  assert(ray::get(gate.add.remote(ray::put(1), "abc")) == 10);
  assert(ray::get(gate.caught.remote()) == "no such thing");
  try {
    ray::get(gate.miss.remote());
    assert(false);
  } catch (const std::out_of_range&) {
  }
  assert(ray::get(gate.same_thread.remote()));

  // A call that waits can be cancelled: its co_await throws.
  auto ends = gate.cancelled.remote(false);
  auto catches = gate.cancelled.remote(true);
  ray::get(gate.same_thread.remote());  // behind them: both wait
  ray::cancel(ends);
  ray::cancel(catches);
  try {
    ray::get(ends);
    assert(false);
  } catch (const ray::TaskCancelledError&) {
  }
  assert(ray::get(catches) == "caught" && ray::get(gate.times_cancelled.remote()) == 2);

  auto narrow = Narrow::remote();
  std::vector<ray::ObjectRef<int>> counts;
  for (int i = 0; i < 6; ++i) counts.push_back(narrow.most.remote());
  int most = 0;
  for (int n : ray::get(counts)) most = std::max(most, n);
  assert(most == 2);

  // All its calls wait: it lends its CPU to what they wait for.
  auto holder = Gate::options({.num_cpus = 1}).remote();
  std::vector<ray::ObjectRef<int>> sums;
  for (int i = 0; i < 3; ++i) sums.push_back(holder.add.remote(twice.remote(i), ""));
  assert((ray::get(sums) == std::vector{6, 8, 10}));
  holder = {};

  auto closed = Gate::remote();
  auto waits = closed.pass.remote(1);
  closed.stop.remote();
  try {
    ray::get(waits);  // in flight when the actor ended
    assert(false);
  } catch (const ray::ActorDiedError&) {
  }
}

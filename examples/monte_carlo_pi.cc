// Estimates pi by throwing darts, and shows how far it is: tasks report to an actor, which the
// driver asks while it waits.
//
//   ray-cc monte_carlo_pi.cc -O2 -o monte_carlo_pi && ./monte_carlo_pi [MILLIONS OF DARTS]
#include <ray/ray.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

constexpr std::int64_t kDartsPerReport = 1'000'000;
constexpr int kTasks = 16;

class [[ray::remote(num_cpus = 0)]] Progress {
 public:
  void add(std::int64_t darts) { thrown_ += darts; }
  std::int64_t thrown() const { return thrown_; }

 private:
  std::int64_t thrown_ = 0;
};

// Throws darts at the unit square and counts those that fall into the circle. Each task has a seed
// of its own, so the answer is the same however many tasks run at once.
[[ray::remote]]
std::int64_t throw_darts(int seed, std::int64_t darts, ray::ActorHandle<Progress> progress) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> side(-1, 1);
  std::int64_t inside = 0;
  for (std::int64_t thrown = 0; thrown < darts;) {
    const std::int64_t until = std::min(darts, thrown + kDartsPerReport);
    const std::int64_t batch = until - thrown;
    for (; thrown < until; ++thrown) {
      const double x = side(random);
      const double y = side(random);
      if (x * x + y * y <= 1) ++inside;
    }
    progress.add.remote(batch);  // the ref is dropped: nobody waits for it
  }
  return inside;
}

void show(std::int64_t thrown, std::int64_t darts) {
  const int percent = static_cast<int>(100 * thrown / darts);
  if (isatty(STDOUT_FILENO) != 0) {
    const std::string bar(percent / 2, '#');
    std::printf("\r[%-50s] %3d%%", bar.c_str(), percent);
    if (percent == 100) std::printf("\n");
    std::fflush(stdout);
    return;
  }
  static int tenths_shown = -1;
  if (percent / 10 > tenths_shown) {
    tenths_shown = percent / 10;
    std::printf("%d%% of the darts are thrown\n", tenths_shown * 10);
  }
}

int main(int argc, char** argv) {
  const std::int64_t millions = argc > 1 ? std::atoll(argv[1]) : 200;
  if (millions < 1) {
    std::cerr << "usage: monte_carlo_pi [MILLIONS OF DARTS]\n";
    return 2;
  }
  const std::int64_t darts_per_task = millions * 1'000'000 / kTasks;
  const std::int64_t darts = darts_per_task * kTasks;
  ray::init();

  auto progress = Progress::remote();
  std::vector<ray::ObjectRef<std::int64_t>> refs;
  for (int seed = 0; seed < kTasks; ++seed) {
    refs.push_back(throw_darts.remote(seed, darts_per_task, progress));
  }

  std::vector<ray::ObjectRef<std::int64_t>> running = refs;
  while (!running.empty()) {
    auto [ready, rest] = ray::wait(running, {.num_returns = running.size(), .timeout = 100ms});
    show(ray::get(progress.thrown.remote()), darts);
    running = std::move(rest);
  }
  while (ray::get(progress.thrown.remote()) < darts) {
    // The last reports, for which no task waited, are still on their way.
  }
  show(darts, darts);

  std::int64_t inside = 0;
  for (std::int64_t count : ray::get(refs)) inside += count;
  std::printf("pi is about %.6f\n", 4.0 * static_cast<double>(inside) / static_cast<double>(darts));
}

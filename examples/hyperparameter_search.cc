// Looks for the best settings of a model: trials run side by side, and whenever one ends, the next
// is chosen near the best one so far. ray::wait gives what is ready, whatever its order.
//
//   ray-cc hyperparameter_search.cc -O2 -o hyperparameter_search && ./hyperparameter_search
//   [TRIALS]
#include <ray/ray.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <utility>
#include <vector>

struct Settings {
  double rate = 0.5;
  double decay = 0.5;
};

struct Trial {
  Settings settings;
  double loss = 1e9;
};

// Descends a curved valley, whose floor is found soon only with the right rate and decay.
[[ray::remote]] Trial train(Settings settings, int steps) {
  double x = -1.5;
  double y = 1.5;
  double speed_x = 0;
  double speed_y = 0;
  for (int i = 0; i < steps; ++i) {
    const double dx = -2 * (1 - x) - 40 * x * (y - x * x);
    const double dy = 20 * (y - x * x);
    speed_x = settings.decay * speed_x - 0.01 * settings.rate * dx;
    speed_y = settings.decay * speed_y - 0.01 * settings.rate * dy;
    x += speed_x;
    y += speed_y;
  }
  const double loss = (1 - x) * (1 - x) + 10 * (y - x * x) * (y - x * x);
  return {settings, std::isfinite(loss) ? loss : 1e9};
}

// The first ones anywhere, the later ones ever nearer to the best.
Settings choose(const Trial& best, int number, int trials, std::mt19937& random) {
  const double width = number < trials / 3 ? 1.0 : 0.5 * (trials - number) / trials;
  std::uniform_real_distribution<double> step(-width, width);
  const auto moved = [&](double value) {
    const double result = value + step(random);
    return result < 0.01 ? 0.01 : result > 0.99 ? 0.99 : result;
  };
  return {moved(best.settings.rate), moved(best.settings.decay)};
}

int main(int argc, char** argv) {
  constexpr std::size_t kAtOnce = 8;
  constexpr int kSteps = 200;
  const int trials = argc > 1 ? std::atoi(argv[1]) : 200;
  if (trials < 1) {
    std::cerr << "usage: hyperparameter_search [TRIALS]\n";
    return 2;
  }
  ray::init();
  std::mt19937 random(1);
  Trial best;
  std::vector<ray::ObjectRef<Trial>> running;
  for (int number = 0; number < trials || !running.empty();) {
    while (number < trials && running.size() < kAtOnce) {
      running.push_back(train.remote(choose(best, number++, trials, random), kSteps));
    }
    auto [ready, pending] = ray::wait(running);
    for (const Trial& trial : ray::get(ready)) {
      if (trial.loss < best.loss) best = trial;
    }
    running = std::move(pending);
  }
  std::printf("%d trials: %s\n", trials,
              best.loss < 0.05 ? "the valley's floor is found" : "no settings are good enough");
}

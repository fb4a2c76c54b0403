// Heat spreads along a rod: a stencil, cut into parts. The step of a part waits for three refs, its
// own and its neighbours' of the step before, and for nothing else: no step is a barrier.
//
//   ray-cc heat.cc -O2 -o heat && ./heat [PARTS] [STEPS]
#include <ray/ray.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

using Part = std::vector<double>;

constexpr int kPointsPerPart = 1000;
constexpr double kConductivity = 0.25;

// The rod is a ring, so every part has two neighbours.
[[ray::remote]]
Part spread(const Part& left, const Part& own, const Part& right) {
  Part next(own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double before = i == 0 ? left.back() : own[i - 1];
    const double after = i + 1 == own.size() ? right.front() : own[i + 1];
    next[i] = own[i] + kConductivity * (before - 2 * own[i] + after);
  }
  return next;
}

// One hot point in the middle of each tenth part.
[[ray::remote]]
Part begin(int part) {
  Part points(kPointsPerPart, 0.0);
  if (part % 10 == 0) points[kPointsPerPart / 2] = 1000;
  return points;
}

int main(int argc, char** argv) {
  const int parts = argc > 1 ? std::atoi(argv[1]) : 20;
  const int steps = argc > 2 ? std::atoi(argv[2]) : 50;
  if (parts < 1 || steps < 0) {
    std::cerr << "usage: heat [PARTS] [STEPS]\n";
    return 2;
  }
  ray::init();

  std::vector<ray::ObjectRef<Part>> rod;
  for (int i = 0; i < parts; ++i) rod.push_back(begin.remote(i));
  for (int step = 0; step < steps; ++step) {
    std::vector<ray::ObjectRef<Part>> next;
    for (int i = 0; i < parts; ++i) {
      next.push_back(spread.remote(rod[(i + parts - 1) % parts], rod[i], rod[(i + 1) % parts]));
    }
    rod = std::move(next);
  }

  double sum = 0;
  double hottest = 0;
  for (const Part& part : ray::get(rod)) {
    for (const double point : part) {
      sum += point;
      hottest = std::max(hottest, point);
    }
  }
  std::printf("%d points, %d steps: %.3f in all, %.3f at the hottest\n", parts * kPointsPerPart,
              steps, sum, hottest);
}

// Finds clusters of points (Lloyd's algorithm): each actor holds a part of the points for good, and
// every round sends the centres to all of them once, through the object store.
//
//   ray-cc k_means.cc -O2 -o k_means && ./k_means [PARTS] [POINTS]
#include <ray/ray.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

struct Point {
  double x = 0;
  double y = 0;
};

struct Sum {
  Point total;
  int count = 0;
};

const std::vector<Point> kTruth = {{0, 0}, {10, 0}, {0, 10}, {10, 10}};

std::size_t nearest(const std::vector<Point>& centres, const Point& point) {
  const auto distance = [&point](const Point& centre) {
    const double x = centre.x - point.x;
    const double y = centre.y - point.y;
    return x * x + y * y;
  };
  const auto closer = [&](const Point& a, const Point& b) { return distance(a) < distance(b); };
  return std::min_element(centres.begin(), centres.end(), closer) - centres.begin();
}

class [[ray::remote]] Part {
 public:
  // Points around each of kTruth.
  Part(int seed, int count) {
    std::mt19937 random(seed);
    std::normal_distribution<double> noise;
    for (int i = 0; i < count; ++i) {
      const Point& centre = kTruth[i % kTruth.size()];
      points_.push_back({centre.x + noise(random), centre.y + noise(random)});
    }
  }

  // For each centre, the points that are nearest to it.
  std::vector<Sum> assign(const std::vector<Point>& centres) const {
    std::vector<Sum> sums(centres.size());
    for (const Point& point : points_) {
      Sum& sum = sums[nearest(centres, point)];
      sum.total.x += point.x;
      sum.total.y += point.y;
      ++sum.count;
    }
    return sums;
  }

 private:
  std::vector<Point> points_;
};

// The centres of what all parts have assigned; one that got no point stays where it is.
std::vector<Point> moved(std::vector<Point> centres, const std::vector<std::vector<Sum>>& parts) {
  for (std::size_t i = 0; i < centres.size(); ++i) {
    Sum sum;
    for (const std::vector<Sum>& part : parts) {
      sum.total.x += part[i].total.x;
      sum.total.y += part[i].total.y;
      sum.count += part[i].count;
    }
    if (sum.count > 0) centres[i] = {sum.total.x / sum.count, sum.total.y / sum.count};
  }
  return centres;
}

int main(int argc, char** argv) {
  const int parts = argc > 1 ? std::atoi(argv[1]) : 4;
  const int points = argc > 2 ? std::atoi(argv[2]) : 10'000;
  if (parts < 1 || points < 4) {
    std::cerr << "usage: k_means [PARTS] [POINTS], at least four points\n";
    return 2;
  }
  ray::init();
  std::vector<ray::ActorHandle<Part>> actors;
  for (int i = 0; i < parts; ++i) actors.push_back(Part::remote(i, points / parts));
  std::vector<Point> centres = {{1, 1}, {8, 2}, {2, 8}, {7, 7}};
  for (int round = 0; round < 10; ++round) {
    const auto shared = ray::put(centres);
    std::vector<ray::ObjectRef<std::vector<Sum>>> sums;
    for (const auto& actor : actors) sums.push_back(actor.assign.remote(shared));
    centres = moved(centres, ray::get(sums));
  }
  for (const Point& centre : centres) std::printf("(%.1f, %.1f)\n", centre.x, centre.y);
}

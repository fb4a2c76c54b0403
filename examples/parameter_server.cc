// Fits a line to points: workers find out how the error changes with the weights, an actor moves
// the weights. Each worker goes on as soon as its own last step has been taken.
//
//   ray-cc parameter_server.cc -O2 -o parameter_server && ./parameter_server [WORKERS] [STEPS]
#include <ray/ray.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <vector>

struct Line {
  double slope = 0;
  double height = 0;
};

constexpr Line kTruth{2.0, -1.0};
constexpr double kRate = 0.1;
constexpr int kPointsPerStep = 10'000;

class [[ray::remote(num_cpus = 0)]] ParameterServer {
 public:
  Line step(const Line& gradient) {
    line_.slope -= kRate * gradient.slope;
    line_.height -= kRate * gradient.height;
    return line_;
  }
  Line line() const { return line_; }

 private:
  Line line_;
};

// The gradient of the mean square error over some random points near the true line.
[[ray::remote]]
Line find_gradient(const Line& line, int seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(-1, 1);
  std::normal_distribution<double> noise(0, 0.1);
  Line gradient;
  for (int i = 0; i < kPointsPerStep; ++i) {
    const double x = place(random);
    const double y = kTruth.slope * x + kTruth.height + noise(random);
    const double error = line.slope * x + line.height - y;
    gradient.slope += 2 * error * x / kPointsPerStep;
    gradient.height += 2 * error / kPointsPerStep;
  }
  return gradient;
}

int main(int argc, char** argv) {
  const int workers = argc > 1 ? std::atoi(argv[1]) : 4;
  const int steps = argc > 2 ? std::atoi(argv[2]) : 200;
  if (workers < 1 || steps < workers) {
    std::cerr << "usage: parameter_server [WORKERS] [STEPS]\n";
    return 2;
  }
  ray::init();

  auto server = ParameterServer::remote();
  std::vector<ray::ObjectRef<Line>> gradients;
  for (int i = 0; i < workers; ++i) gradients.push_back(find_gradient.remote(Line{}, i));
  for (int i = workers; !gradients.empty(); ++i) {
    auto [ready, rest] = ray::wait(gradients);
    // The gradient goes to the server, and the new weights to the next task: none comes here.
    auto line = server.step.remote(ready.front());
    if (i < steps) rest.push_back(find_gradient.remote(line, i));
    gradients = std::move(rest);
  }
  const Line line = ray::get(server.line.remote());
  std::printf("after %d steps: y = %.2f x %+.2f\n", steps, line.slope, line.height);
}

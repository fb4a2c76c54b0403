// Two programs from one text: POINT_Y is the type of a field that their authors do not agree upon.
#include <ray/ray.h>

#include <iostream>
#include <string>

struct Point {
  int x = 0;
  POINT_Y y = 0;
};

class [[ray::remote]] Plot {
 public:
  void add(Point point) { sum_ += point.x + static_cast<int>(point.y); }
  int sum() const { return sum_; }

 private:
  int sum_ = 0;
};

class [[ray::remote]] Other {};

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  ray::init({.name_space = "shared"});
  try {
    if (what == "create") {
      auto plot = Plot::options({.name = "plot", .lifetime = ray::Lifetime::detached}).remote();
      ray::get(plot.add.remote(Point{1, 2}));
    } else if (what == "use") {
      auto plot = ray::get_actor<Plot>("plot").value();
      ray::get(plot.add.remote(Point{3, 4}));
      std::cout << "sum " << ray::get(plot.sum.remote()) << "\n";
    } else if (what == "use_or_create") {
      auto plot = Plot::options({.name = "plot", .get_if_exists = true}).remote();
      std::cout << "sum " << ray::get(plot.sum.remote()) << "\n";
    } else {
      ray::get_actor<Other>("plot");
    }
  } catch (const ray::Error& error) {
    std::cout << error.what() << "\n";
  }
}

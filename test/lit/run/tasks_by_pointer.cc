// ray::task finds the remote function or method that a pointer names, in every process.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <string>

struct Named {
  virtual ~Named() = default;
  std::string name() const { return "named"; }
  virtual int id() { return 1; }
};
class [[ray::remote]] Tracker : public Named {
 public:
  int count() const noexcept { return 5; }
  int add(int x) { return x; }
  std::string add(const std::string& x, int) & { return x; }
  int id() override { return 2; }
  virtual int second() const& { return 3; }
};
// The pointers to its virtual methods have the bytes of those above.
class [[ray::remote]] Other : public Named {
 public:
  int id() override { return 4; }
  virtual int second() const& { return 5; }
};
template <class T>
class [[ray::remote]] Store {
 public:
  T get(T offset) const { return offset + 1; }
};
[[ray::remote]] int square(int x) noexcept { return x * x; }

int main() {
  ray::init();
  auto tracker = Tracker::remote();
  auto other = Other::remote();
  assert(ray::get(ray::task(square).remote(3)) == 9);
  assert(ray::get(ray::task(tracker, &Tracker::count).remote()) == 5);
  auto one = static_cast<int (Tracker::*)(int)>(&Tracker::add);
  assert(ray::get(ray::task(tracker, one).remote(ray::put(3))) == 3);
  auto two = static_cast<std::string (Tracker::*)(const std::string&, int)&>(&Tracker::add);
  assert(ray::get(ray::task(tracker, two).remote(std::string("x"), 3)) == "x");
  assert(ray::get(ray::task(tracker, &Tracker::name).remote()) == "named");
  assert(ray::get(ray::task(tracker, &Tracker::id).options({.name = "id"}).remote()) == 2);
  assert(ray::get(ray::task(other, &Other::id).remote()) == 4);
  assert(ray::get(ray::task(tracker, &Tracker::second).remote()) == 3);
  assert(ray::get(ray::task(other, &Other::second).remote()) == 5);
  auto store = Store<double>::remote();
  assert(ray::get(store.get.remote(1)) == 2);
  assert(ray::get(ray::task(store, &Store<double>::get).remote(1)) == 2);
  ray::shutdown();
}

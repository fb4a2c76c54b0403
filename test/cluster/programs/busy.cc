// A driver in the middle of its work, for those who end it or its daemon: prints the pids of its
// workers, says "ready" and waits for tasks that do not end.
#include <ray/ray.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

class [[ray::remote]] Holder {
 public:
  explicit Holder(int bytes) : data_(bytes, 'x') {}
  int pid() const { return getpid(); }
  void sleep() { std::this_thread::sleep_for(1h); }

 private:
  std::string data_;
};

[[ray::remote(num_cpus = 0.1)]]
int sleep_long(const std::string& shared) {
  std::this_thread::sleep_for(1h);
  return static_cast<int>(shared.size());
}

int main() {
  ray::init({.num_cpus = 2});
  auto shared = ray::put(std::string(4 << 20, 'y'));
  auto first = Holder::remote(1 << 20);
  auto second = Holder::remote(1 << 20);
  std::cout << "worker " << ray::get(first.pid.remote()) << std::endl;
  std::cout << "worker " << ray::get(second.pid.remote()) << std::endl;
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 4; ++i) refs.push_back(sleep_long.remote(shared));
  auto asleep = first.sleep.remote();
  std::cout << "ready" << std::endl;
  try {
    ray::get(refs);
  } catch (const ray::Error& error) {
    std::cout << "error: " << error.what() << std::endl;
    return 5;
  }
}

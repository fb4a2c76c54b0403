// Every way in which a call can fail without anybody dying, on either engine. Prints one line a
// case: what was caught, and as what.
#include <ray/ray.h>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

struct Refused {
  int code = 0;
};

// Encodes well; its decoding throws.
struct Poisoned {
  int value = 0;

  template <class Archive>
  void save(Archive& archive) const {
    archive(value);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(value);
    throw std::domain_error("cannot decode this");
  }
};

[[ray::remote(num_cpus = 0.1)]]
int throw_out_of_range(std::string text) {
  throw std::out_of_range("no " + text);
}

[[ray::remote(num_cpus = 0.1)]]
int throw_int() {
  throw 42;
}

[[ray::remote(num_cpus = 0.1)]]
int throw_refused() {
  throw Refused{7};
}

[[ray::remote(num_cpus = 0.1)]]
int take(Poisoned poisoned) {
  return poisoned.value;
}

[[ray::remote(num_cpus = 0.1)]]
int plus_one(int x) {
  return x + 1;
}

[[ray::remote(num_cpus = 0.1)]]
int sleep_ms(int duration_ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(duration_ms));
  return duration_ms;
}

[[ray::remote(num_cpus = 1)]]
int outer_throws() {
  return ray::get(throw_out_of_range.remote("inner"));
}

class [[ray::remote]] Account {
 public:
  explicit Account(int balance) : balance_(balance) {
    if (balance < 0) throw std::invalid_argument("in debt");
  }
  int withdraw(int amount) {
    if (amount > balance_) throw std::runtime_error("too much");
    return balance_ -= amount;
  }

 private:
  int balance_;
};

template <class As, class Function>
void expect(const char* name, Function function) {
  try {
    function();
    std::cout << name << ": nothing was thrown" << std::endl;
  } catch (const As& error) {
    const bool is_std = dynamic_cast<const std::exception*>(&error) != nullptr;
    const bool is_ray = dynamic_cast<const ray::Error*>(&error) != nullptr;
    std::cout << name << ": caught" << (is_std ? " std" : "") << (is_ray ? " ray" : "")
              << std::endl;
  } catch (...) {
    std::cout << name << ": caught something else" << std::endl;
  }
}

void initialisation() {
  expect<ray::Error>("call before init", [] { plus_one.remote(1); });
  expect<ray::Error>("put before init", [] { ray::put(1); });
  std::cout << "is_initialized: " << ray::is_initialized() << std::endl;
  ray::init({.num_cpus = 2});
  std::cout << "is_initialized: " << ray::is_initialized() << std::endl;
  expect<ray::Error>("init twice", [] { ray::init({.num_cpus = 2}); });
}

void exceptions() {
  expect<std::out_of_range>("as its std type", [] { ray::get(throw_out_of_range.remote("a")); });
  expect<ray::TaskError>("as TaskError", [] { ray::get(throw_out_of_range.remote("a")); });
  expect<ray::Error>("as ray::Error", [] { ray::get(throw_out_of_range.remote("a")); });
  expect<std::exception>("as std::exception", [] { ray::get(throw_out_of_range.remote("a")); });
  expect<ray::TaskError>("an int", [] { ray::get(throw_int.remote()); });
  expect<std::exception>("an int, as std::exception", [] { ray::get(throw_int.remote()); });
  expect<std::runtime_error>("a user's type", [] { ray::get(throw_refused.remote()); });
  try {
    ray::get(throw_refused.remote());
  } catch (const Refused& refused) {
    std::cout << "as itself: " << refused.code << std::endl;
  } catch (const ray::Error& error) {
    std::cout << "not as itself: " << error.what() << std::endl;
  }
  expect<std::out_of_range>("through two tasks", [] { ray::get(outer_throws.remote()); });
  expect<std::out_of_range>("of a dependency",
                            [] { ray::get(plus_one.remote(throw_out_of_range.remote("b"))); });
  expect<std::domain_error>("decoding throws", [] { ray::get(take.remote(Poisoned{3})); });
  expect<std::domain_error>("decoding a put throws", [] { ray::get(ray::put(Poisoned{3})); });
  try {
    ray::get(throw_out_of_range.remote("message"));
  } catch (const std::exception& error) {
    const std::string what = error.what();
    std::cout << "the message is there: " << (what.find("no message") != std::string::npos)
              << std::endl;
  }
}

void actors() {
  auto account = Account::remote(10);
  expect<std::runtime_error>("a method throws", [&] { ray::get(account.withdraw.remote(11)); });
  std::cout << "and the actor lives: " << ray::get(account.withdraw.remote(4)) << std::endl;
  auto debtor = Account::remote(-1);
  expect<ray::ActorDiedError>("a constructor throws", [&] { ray::get(debtor.withdraw.remote(1)); });
}

void waiting() {
  auto slow = sleep_ms.remote(300);
  expect<ray::GetTimeoutError>("get with a timeout", [&] { ray::get(slow, 10ms); });
  auto [ready, rest] = ray::wait(std::vector{slow}, {.timeout = 1ms});
  std::cout << "wait with a timeout: " << ready.size() << " " << rest.size() << std::endl;
  std::cout << "the value comes all the same: " << ray::get(slow) << std::endl;
}

void cancelling() {
  // Four that hold both CPUs, so that what comes after them has not started.
  std::vector<ray::ObjectRef<int>> hold;
  for (int i = 0; i < 4; ++i) hold.push_back(sleep_ms.options({.num_cpus = 1}).remote(300));
  auto queued = sleep_ms.options({.num_cpus = 2}).remote(1);
  ray::cancel(queued);
  expect<ray::TaskCancelledError>("get of a cancelled ref", [&] { ray::get(queued); });
  expect<ray::TaskCancelledError>("what depends on it", [&] { ray::get(plus_one.remote(queued)); });
  std::cout << "the others run: " << ray::get(hold).size() << std::endl;
}

int main() {
  initialisation();
  exceptions();
  actors();
  waiting();
  cancelling();
  ray::shutdown();
  expect<ray::Error>("call after shutdown", [] { plus_one.remote(1); });
  ray::init({.num_cpus = 2});
  std::cout << "init after shutdown: " << ray::get(plus_one.remote(1)) << std::endl;
}

// Tasks that end their process, or wait to have it ended. DIR is where attempts leave their pids.
//
//   worker_death MODE DIR
#include <ray/ray.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

// Leaves this process' pid in DIR/<attempt>, and gives the attempt's number, from 1.
int record_attempt(const std::string& folder) {
  int attempt = 1;
  while (std::filesystem::exists(folder + "/" + std::to_string(attempt))) ++attempt;
  const std::string name = folder + "/" + std::to_string(attempt);
  std::ofstream(name + ".new") << getpid() << std::flush;
  std::filesystem::rename(name + ".new", name);  // whoever looks sees the whole pid
  return attempt;
}

[[noreturn]] void sleep_for_ever() {
  for (;;) std::this_thread::sleep_for(1h);
}

[[ray::remote(num_cpus = 0.1)]]
int sleep_the_first_time(std::string folder) {
  const int attempt = record_attempt(folder);
  if (attempt == 1) sleep_for_ever();
  return attempt;
}

[[ray::remote(max_retries = 2)]]
int end(std::string folder, std::string how) {
  record_attempt(folder);
  if (how == "abort") std::abort();
  if (how == "exit") std::exit(3);
  if (how == "segv") raise(SIGSEGV);
  return 0;
}

[[ray::remote]]
int pid() {
  return getpid();
}

[[ray::remote]]
std::pair<int, std::string> large() {
  return {getpid(), std::string(5'000'000, 'x')};
}

class [[ray::remote]] Counter {
 public:
  int next() { return ++count_; }
  int pid() const { return getpid(); }
  void die() { std::abort(); }
  void sleep(std::string folder) {
    record_attempt(folder);
    sleep_for_ever();
  }

 private:
  int count_ = 0;
};

template <class Function>
void report(Function function) {
  try {
    function();
  } catch (const ray::WorkerCrashedError& error) {
    std::cout << "WorkerCrashedError: " << error.what() << std::endl;
  } catch (const ray::ActorDiedError& error) {
    std::cout << "ActorDiedError: " << error.what() << std::endl;
  } catch (const ray::Error& error) {
    std::cout << "Error: " << error.what() << std::endl;
  }
}

void wait_for_input() {
  std::string line;
  std::getline(std::cin, line);
}

void task_ends(const std::string& folder, const std::string& how) {
  report([&] { std::cout << ray::get(end.remote(folder, how)) << std::endl; });
}

void running(const std::string& folder) {
  std::cout << "attempt " << ray::get(sleep_the_first_time.remote(folder)) << std::endl;
}

void running_without_retries(const std::string& folder) {
  report([&] {
    auto ref = sleep_the_first_time.options({.max_retries = 0}).remote(folder);
    std::cout << ray::get(ref) << std::endl;
  });
}

void idle(const std::string&) {
  const int first = ray::get(pid.remote());
  std::cout << "pid " << first << std::endl;
  wait_for_input();
  const int second = ray::get(pid.remote());
  std::cout << (first == second ? "the same" : "another") << std::endl;
}

// What a worker has stored is there when it is not any more.
void large_result(const std::string&) {
  auto first = large.remote();
  auto second = large.remote();
  for (const auto& ref : {first, second}) kill(ray::get(ref).first, SIGKILL);
  ray::get(pid.remote());
  std::cout << ray::get(first).second.size() + ray::get(second).second.size() << std::endl;
}

void actor(const std::string&) {
  auto counter = Counter::remote();
  ray::get(counter.next.remote());
  report([&] { ray::get(counter.die.remote()); });
  report([&] { ray::get(counter.next.remote()); });  // later calls say so too
}

void actor_killed_outside(const std::string&) {
  auto counter = Counter::remote();
  std::cout << "pid " << ray::get(counter.pid.remote()) << std::endl;
  wait_for_input();
  report([&] { ray::get(counter.next.remote()); });
}

void actor_killed_by_call(const std::string& folder) {
  auto counter = Counter::remote();
  auto sleeping = counter.sleep.remote(folder);
  auto queued = counter.next.remote();
  while (!std::filesystem::exists(folder + "/1")) std::this_thread::sleep_for(1ms);
  ray::kill(counter);
  report([&] { ray::get(sleeping); });
  report([&] { ray::get(queued); });
}

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(const std::string&)>> modes = {
      {"abort", [](const auto& folder) { task_ends(folder, "abort"); }},
      {"exit", [](const auto& folder) { task_ends(folder, "exit"); }},
      {"segv", [](const auto& folder) { task_ends(folder, "segv"); }},
      {"running", running},
      {"running_without_retries", running_without_retries},
      {"idle", idle},
      {"large_result", large_result},
      {"actor", actor},
      {"actor_killed_outside", actor_killed_outside},
      {"actor_killed_by_call", actor_killed_by_call},
  };
  if (argc != 3) return 2;
  ray::init({.num_cpus = 2});
  modes.at(argv[1])(argv[2]);
  std::cout << "end" << std::endl;
}

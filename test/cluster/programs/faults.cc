// What user code may do to its process, and what becomes of those that depend on it. DIR is where
// they leave their pids.
//
//   faults MODE DIR
#include <ray/ray.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

[[ray::remote]]
int plus_one(int x) {
  return x + 1;
}

[[ray::remote]]
std::string in_environment() {
  const char* value = std::getenv("GREETING");
  return value == nullptr ? "none" : value;
}

[[ray::remote]]
std::string inherited_environment() {
  return ray::get(in_environment.remote()) + " " +
         std::filesystem::current_path().filename().string();
}

class [[ray::remote]] Greeter {
 public:
  std::string greet() const { return "hello"; }
};

// What a child that fork() made meets in ray; it ends by itself, with what it saw as its status.
int fork_and_use(ray::ObjectRef<int> ref) {
  std::optional view = ray::view(ray::put(std::string(1'000'000, 'x')));
  std::cout << std::flush;
  const pid_t child = fork();
  if (child == 0) {
    int refused = 0;
    const auto refuses = [&](auto use) {
      try {
        use();
      } catch (const ray::Error& error) {
        refused += std::string(error.what()).find("fork") != std::string::npos;
      }
    };
    refuses([&] { ray::get(ref); });
    refuses([&] { plus_one.remote(1); });
    refuses([&] { ray::put(1); });
    refuses([&] { ray::nodes(); });
    {
      auto copy = ref;  // and is dropped
      view.reset();
    }
    std::exit(refused);  // destructors and exit handlers run
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return view->get().back() == 'x' ? WEXITSTATUS(status) : -1;
}

[[ray::remote]]
int fork_in_task(std::vector<ray::ObjectRef<int>> refs) {
  return fork_and_use(refs[0]);
}

// Both return, one of them in a process that is no worker.
[[ray::remote]]
std::string return_twice(std::size_t size) {
  const pid_t child = fork();
  int status = 0;
  if (child != 0) waitpid(child, &status, 0);
  return std::string(size, child == 0 ? 'c' : 'p') + (WIFEXITED(status) ? " ended" : " crashed");
}

// Leaves a child behind that never ends by itself.
[[ray::remote]]
int leave_child(std::string folder) {
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  std::ofstream(folder + "/child") << child << std::flush;
  return child > 0;
}

[[ray::remote(max_retries = 0)]]
int become_another_program() {
  execlp("sleep", "sleep", "1000", nullptr);
  return 0;
}

[[ray::remote]]
int slow(std::string folder) {
  std::ofstream(folder + "/started") << getpid() << std::flush;
  std::this_thread::sleep_for(1h);
  return 0;
}

// Owns what it gives: tasks of its own, one that has ended and one that does not.
class [[ray::remote]] Owner {
 public:
  std::vector<ray::ObjectRef<int>> own(std::string folder) {
    return {plus_one.remote(1), slow.remote(folder)};
  }
  std::vector<ray::ObjectRef<std::string>> own_large() {
    return {ray::put(std::string(5'000'000, 'x'))};
  }
  int pid() const { return getpid(); }
};

[[ray::remote(num_cpus = 0)]]
int await(std::vector<ray::ObjectRef<int>> refs) {
  return ray::get(refs[1]);
}

template <class Function>
void report(const std::string& name, Function function) {
  try {
    function();
    std::cout << name << ": nothing thrown" << std::endl;
  } catch (const ray::RuntimeEnvError&) {
    std::cout << name << ": RuntimeEnvError" << std::endl;
  } catch (const ray::OwnerDiedError&) {
    std::cout << name << ": OwnerDiedError" << std::endl;
  } catch (const ray::WorkerCrashedError&) {
    std::cout << name << ": WorkerCrashedError" << std::endl;
  } catch (const ray::TaskError&) {
    std::cout << name << ": TaskError" << std::endl;
  } catch (const ray::Error& error) {
    std::cout << name << ": " << error.what() << std::endl;
  }
}

void environment(const std::string& folder) {
  const ray::TaskOptions good = {
      .runtime_env = {.env = {{"GREETING", "hi"}}, .working_dir = folder}};
  const ray::TaskOptions bad = {.runtime_env = {.working_dir = folder + "/nowhere"}};
  std::cout << ray::get(in_environment.options(good).remote()) << std::endl;
  std::cout << ray::get(inherited_environment.options(good).remote()) << std::endl;
  auto first = in_environment.options(bad).remote();
  auto second = in_environment.options(bad).remote();
  report("task", [&] { ray::get(first); });
  report("another", [&] { ray::get(second); });
  report("later", [&] { ray::get(in_environment.options(bad).remote()); });
  auto greeter = Greeter::options({.runtime_env = bad.runtime_env}).remote();
  report("actor", [&] { ray::get(greeter.greet.remote()); });
  std::cout << ray::get(plus_one.remote(1)) << std::endl;
}

void fork_in_driver(const std::string&) {
  auto ref = plus_one.remote(1);
  ray::get(ref);
  std::vector<ray::ObjectRef<int>> busy;
  for (int i = 0; i < 100; ++i) busy.push_back(plus_one.remote(i));
  std::cout << fork_and_use(ref) << std::endl;
  std::cout << ray::get(busy).size() << ' ' << ray::get(plus_one.remote(2)) << std::endl;
}

void fork_in_worker(const std::string&) {
  std::vector<ray::ObjectRef<int>> refs = {ray::put(1)};
  for (int i = 0; i < 3; ++i) std::cout << ray::get(fork_in_task.remote(refs)) << std::endl;
  std::cout << ray::get(plus_one.remote(ray::get(refs[0]))) << std::endl;
}

void return_in_child(const std::string&) {
  for (const std::size_t size : {1, 1'000'000}) {
    const std::string text = ray::get(return_twice.remote(size));
    std::cout << text.substr(size - 1) << std::endl;
  }
}

void leave_children(const std::string& folder) {
  std::cout << ray::get(leave_child.remote(folder)) << std::endl;
}

void exec_in_task(const std::string&) {
  report("exec", [] { ray::get(become_another_program.remote()); });
  std::cout << ray::get(plus_one.remote(1)) << std::endl;
}

void owner_dies(const std::string& folder) {
  auto owner = Owner::remote();
  const int pid = ray::get(owner.pid.remote());
  auto refs = ray::get(owner.own.remote(folder));
  auto large = ray::get(owner.own_large.remote());
  std::cout << ray::get(large[0]).size() << std::endl;
  auto waiting = await.remote(refs);
  auto dependent = plus_one.remote(refs[1]);
  while (!std::filesystem::exists(folder + "/started")) std::this_thread::sleep_for(1ms);
  std::thread blocked([&] { report("waiting in get", [&] { ray::get(refs[1]); }); });
  std::this_thread::sleep_for(50ms);
  kill(pid, SIGKILL);
  blocked.join();
  report("get later", [&] { ray::get(refs[1]); });
  report("a task that waits", [&] { ray::get(waiting); });
  report("a task that depends", [&] { ray::get(dependent); });
  report("what was there", [&] {
    for (;;) ray::get(large[0]);  // until its memory is taken back
  });
}

// A thousand under way, of all kinds, when somebody ends this process.
void load(const std::string&) {
  auto owner = Owner::remote();
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 1000; ++i) refs.push_back(plus_one.remote(i));
  auto large = ray::put(std::string(10'000'000, 'x'));
  std::cout << "ready" << std::endl;
  for (;;) {
    refs.erase(refs.begin());
    refs.push_back(plus_one.remote(refs.back()));
    owner.pid.remote();
  }
}

int main(int argc, char** argv) {
  const std::map<std::string, void (*)(const std::string&)> modes = {
      {"environment", environment},         {"fork_in_driver", fork_in_driver},
      {"fork_in_worker", fork_in_worker},   {"leave_children", leave_children},
      {"return_in_child", return_in_child}, {"exec_in_task", exec_in_task},
      {"owner_dies", owner_dies},           {"load", load},
  };
  if (argc != 3) return 2;
  ray::init({.num_cpus = 2});
  modes.at(argv[1])(argv[2]);
  std::cout << "end" << std::endl;
}

// Actors: what their calls may do at once, in which order they run, and how much may be under way.
// DIR is where a task leaves its pid.
//
//   actors MODE DIR
#include <ray/ray.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// Calls that end only together; where they do not come together, the number that did tells.
class Meeting {
 public:
  int join(int expected) {
    std::unique_lock lock(mutex_);
    ++present_;
    changed_.notify_all();
    changed_.wait_for(lock, 30s, [&] { return present_ >= expected; });
    return present_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int present_ = 0;
};

class [[ray::remote(max_concurrency = 3)]] Concurrent {
 public:
  void leave() { ray::exit_actor(); }
  int meet(int expected) { return meeting_.join(expected); }
  // Waits for a call of its own object.
  int meet_myself(ray::ActorHandle<Concurrent> self) {
    auto other = self.meet.remote(2);
    meeting_.join(2);
    return ray::get(other);
  }

 private:
  Meeting meeting_;
};

class[[ray::remote(concurrency_groups = {io : 1, compute : 2})]] Grouped {
 public:
  [[ray::method(concurrency_group = io)]] int read() { return meeting_.join(3); }
  [[ray::method(concurrency_group = compute)]] int compute() { return meeting_.join(3); }
  int plain() { return 0; }

 private:
  Meeting meeting_;
};

class [[ray::remote(max_restarts = 1, max_task_retries = 1)]] Log {
 public:
  void append(int caller, int number) { entries_.emplace_back(caller, number); }
  std::vector<std::pair<int, int>> entries() const { return entries_; }
  bool restarted() const { return ray::runtime_context().was_restarted; }
  void die() { std::abort(); }
  int die_once(std::string folder) {
    if (std::ofstream(folder + "/once", std::ios::app).tellp() == 0) {
      std::ofstream(folder + "/once") << "died" << std::flush;
      std::abort();
    }
    return 7;
  }

 private:
  std::vector<std::pair<int, int>> entries_;
};

[[ray::remote(num_cpus = 0.5)]]
void append_many(ray::ActorHandle<Log> log, int caller, int count) {
  ray::ObjectRef<void> last;
  for (int i = 0; i < count; ++i) last = log.append.remote(caller, i);
  ray::get(last);
}

[[ray::remote]]
int die_through(ray::ActorHandle<Log> log, std::string folder) {
  return ray::get(log.die_once.remote(folder));
}

class [[ray::remote]] Pingpong {
 public:
  int next() { return ++count_; }
  std::string echo(std::string text) { return text; }
  std::string make(std::size_t size) { return std::string(size, 'm'); }
  // Without waiting: the other one does the same at the same time.
  std::vector<ray::ObjectRef<int>> fire(ray::ActorHandle<Pingpong> other, int count) {
    std::vector<ray::ObjectRef<int>> refs;
    for (int i = 0; i < count; ++i) refs.push_back(other.next.remote());
    return refs;
  }
  std::vector<ray::ObjectRef<std::string>> fire_large(ray::ActorHandle<Pingpong> other, int count) {
    std::vector<ray::ObjectRef<std::string>> refs;
    const std::string text(60'000, 'x');
    for (int i = 0; i < count; ++i) refs.push_back(other.echo.remote(text));
    return refs;
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

// Stops itself before it reads what it asked for; somebody else lets it go on.
[[ray::remote(max_retries = 0)]]
std::size_t ask_and_stop(ray::ActorHandle<Pingpong> actor, std::string folder) {
  std::vector<ray::ObjectRef<std::string>> refs;
  for (int i = 0; i < 200; ++i) refs.push_back(actor.make.remote(60'000));
  std::ofstream(folder + "/pid.new") << getpid() << std::flush;
  std::filesystem::rename(folder + "/pid.new", folder + "/pid");
  raise(SIGSTOP);
  return ray::get(refs).size();
}

[[ray::remote]]
std::size_t total_size(const std::vector<std::string>& parts) {
  std::size_t total = 0;
  for (const std::string& part : parts) total += part.size();
  return total;
}

[[ray::remote(num_gpus = 1)]]
std::string gpus() {
  const char* shown = std::getenv("CUDA_VISIBLE_DEVICES");
  const std::vector<std::string> ids = ray::runtime_context().gpu_ids;
  return std::string(shown == nullptr ? "none" : shown) + " " +
         std::accumulate(ids.begin(), ids.end(), std::string("is"),
                         [](const auto& text, const auto& id) { return text + " " + id; });
}

class [[ray::remote(num_gpus = 1)]] Trainer {
 public:
  std::string ids() const {
    const std::vector<std::string> ids = ray::runtime_context().gpu_ids;
    const char* shown = std::getenv("CUDA_VISIBLE_DEVICES");
    return ids.size() == 1 && shown != nullptr && ids[0] == shown ? "the same" : "another";
  }
};

[[ray::remote(num_cpus = 0)]]
std::string ids_of(ray::ActorHandle<Trainer> trainer) {
  return ray::get(trainer.ids.remote());
}

void overlap() {
  auto actor = Concurrent::remote();
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 3; ++i) refs.push_back(actor.meet.remote(3));
  for (int present : ray::get(refs)) std::cout << present << std::endl;
  auto lonely = Concurrent::remote();
  std::cout << ray::get(lonely.meet_myself.remote(lonely)) << std::endl;
}

void groups() {
  auto actor = Grouped::remote();
  std::vector<ray::ObjectRef<int>> refs = {actor.read.remote(), actor.compute.remote(),
                                           actor.compute.remote()};
  std::cout << ray::get(actor.plain.remote()) << std::endl;
  for (int present : ray::get(refs)) std::cout << present << std::endl;
}

void order() {
  constexpr int kCalls = 2000;
  auto log = Log::remote();
  ray::get(std::vector{append_many.remote(log, 0, kCalls), append_many.remote(log, 1, kCalls)});
  int next[2] = {0, 0};
  bool in_order = true;
  for (const auto& [caller, number] : ray::get(log.entries.remote())) {
    in_order = in_order && number == next[caller]++;
  }
  in_order = in_order && next[0] == kCalls && next[1] == kCalls;
  std::cout << (in_order ? "in order" : "out of order") << std::endl;
}

template <class Refs>
std::size_t wait_for_all(const Refs& refs) {
  return ray::get(refs).size();
}

void burst() {
  auto a = Pingpong::remote();
  auto b = Pingpong::remote();
  auto from_a = a.fire.remote(b, 10'000);
  auto from_b = b.fire.remote(a, 10'000);
  std::cout << wait_for_all(ray::get(from_a)) + wait_for_all(ray::get(from_b)) << std::endl;
  std::cout << ray::get(a.count.remote()) << ' ' << ray::get(b.count.remote()) << std::endl;
}

// Calls and replies of which four fill a ring, both ways, and from the driver.
void large_burst() {
  auto a = Pingpong::remote();
  auto b = Pingpong::remote();
  auto from_a = a.fire_large.remote(b, 200);
  auto from_b = b.fire_large.remote(a, 200);
  std::vector<ray::ObjectRef<std::string>> own;
  for (int i = 0; i < 200; ++i) own.push_back(a.echo.remote(std::string(60'000, 'y')));
  std::cout << wait_for_all(ray::get(from_a)) + wait_for_all(ray::get(from_b)) + wait_for_all(own)
            << std::endl;
}

// A caller that stopped delays nobody else.
void stopped_caller(const std::string& folder) {
  auto actor = Pingpong::remote();
  ray::get(actor.next.remote());
  auto stopped = ask_and_stop.remote(actor, folder);
  while (!std::filesystem::exists(folder + "/pid")) std::this_thread::sleep_for(1ms);
  int pid = 0;
  std::ifstream(folder + "/pid") >> pid;
  for (int i = 0; i < 1000; ++i) ray::get(actor.next.remote());
  std::cout << ray::get(actor.count.remote()) << std::endl;
  auto [ready, rest] = ray::wait(std::vector{stopped}, {.timeout = 0s});
  std::cout << ready.size() << std::endl;
  kill(pid, SIGCONT);
  std::cout << ray::get(stopped) << std::endl;
}

// Many small values together are more than fits into one message.
void many_values() {
  std::vector<ray::ObjectRef<std::string>> parts;
  for (int i = 0; i < 50; ++i) parts.push_back(ray::put(std::string(60'000, 'x')));
  std::cout << ray::get(total_size.remote(parts)) << std::endl;
}

void restarted() {
  auto log = Log::remote();
  std::cout << ray::get(log.restarted.remote()) << std::endl;
  try {
    ray::get(log.die.options({.max_task_retries = 0}).remote());
  } catch (const ray::Error&) {
    std::cout << "died" << std::endl;
  }
  std::cout << ray::get(log.restarted.remote()) << std::endl;
}

// One call ends the actor, whatever the others do.
void leave() {
  auto actor = Concurrent::remote();
  auto waiting = actor.meet.remote(2);
  auto leaving = actor.leave.remote();
  const auto report = [](auto ref) {
    try {
      ray::get(ref);
    } catch (const ray::ActorDiedError& error) {
      std::cout << error.what() << std::endl;
    }
  };
  report(leaving);
  report(waiting);
  report(actor.meet.remote(1));
}

// What the actor grants its callers holds for those that were given its handle, too.
void borrowed_retries(const std::string& folder) {
  auto log = Log::remote();
  std::cout << ray::get(die_through.remote(log, folder)) << std::endl;
}

void show_gpus() {
  const auto refs = std::vector{gpus.remote(), gpus.remote()};
  for (const std::string& line : ray::get(refs)) std::cout << line << std::endl;
  auto trainer = Trainer::remote();
  std::cout << ray::get(ids_of.remote(trainer)) << std::endl;
}

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void()>> modes = {
      {"overlap", overlap},
      {"groups", groups},
      {"order", order},
      {"burst", burst},
      {"large_burst", large_burst},
      {"many_values", many_values},
      {"stopped_caller", [&] { stopped_caller(argv[2]); }},
      {"borrowed_retries", [&] { borrowed_retries(argv[2]); }},
      {"gpus", show_gpus},
      {"leave", leave},
      {"restarted", restarted},
  };
  if (argc != 3) return 2;
  ray::init({.num_cpus = 2, .num_gpus = 2});
  modes.at(argv[1])();
}

// Ray Core in one program: tasks, objects, actors and who owns what.
//
//   ray-cc learning_ray.cc -O2 -o learning_ray && ./learning_ray
//
// Each step prints its run time, so that you can see what ran at once.
#include <ray/ray.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// What travels between processes is an ordinary struct: ray-cc writes its serialiser.
struct Item {
  int index;
  std::string word;
};

std::ostream& operator<<(std::ostream& out, const Item& item) {
  return out << '(' << item.index << ", " << item.word << ')';
}

const std::vector<std::string> kDatabase = {"Learning", "Ray", "Flexible", "Distributed",
                                            "Python",   "for", "Data",     "Science"};

// The attribute makes it a task as well; called as `retrieve(3)` it is still a plain function.
// It sleeps rather than computes, so a tenth of a CPU is enough for it: eight run at once.
[[ray::remote(num_cpus = 0.1)]]
Item retrieve(int index) {
  std::this_thread::sleep_for(index * 100ms);
  return {index, kDatabase[index]};
}

// The same with the database handed in, from the object store.
[[ray::remote(num_cpus = 0.1)]]
Item retrieve_from(int index, const std::vector<std::string>& database) {
  std::this_thread::sleep_for(index * 100ms);
  return {index, database[index]};
}

// Takes an Item; its caller passes the *ref* of one, and the task starts when that is ready.
[[ray::remote(num_cpus = 0.1)]]
std::pair<Item, Item> follow_up(const Item& first, const std::vector<std::string>& database) {
  return {first, retrieve_from(first.index + 1, database)};
}

// An actor: one process holds the object, and its methods run there, one after the other.
class [[ray::remote(num_cpus = 0)]] DataTracker {
 public:
  void increment() { ++counts_; }
  int counts() const { return counts_; }

 private:
  int counts_ = 0;
};

[[ray::remote(num_cpus = 0.1)]]
Item retrieve_tracked(int index, ray::ActorHandle<DataTracker> tracker,
                      const std::vector<std::string>& database) {
  std::this_thread::sleep_for(index * 100ms);
  ray::get(tracker.increment.remote());
  return {index, database[index]};
}

[[ray::remote(num_cpus = 0.1)]]
std::string shout(std::string word) {
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return word;
}

// This task owns the result of `shout`, which it called; who called `shout_twice` owns its result.
[[ray::remote(num_cpus = 0.1)]]
std::string shout_twice(const std::string& word) {
  ray::ObjectRef<std::string> owned_here = shout.remote(word);
  std::string loud = ray::get(owned_here);
  return loud + " " + loud;
}

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void print_runtime(const std::vector<Item>& data, const Stopwatch& watch) {
  std::printf("Runtime: %.2f seconds, data:\n", watch.seconds());
  std::fflush(stdout);
  for (const Item& item : data) std::cout << item << '\n';
  std::cout << std::flush;
}

void title(const char* text) { std::cout << "\n== " << text << '\n' << std::flush; }

int main() {
  title("1. ray::init starts a cluster on this machine");
  ray::init();
  for (const auto& [name, amount] : ray::cluster_resources()) {
    if (name == "CPU") std::cout << amount << " CPUs\n";
  }

  title("2. One item after the other: the sum of their times");
  {
    Stopwatch watch;
    std::vector<Item> data;
    for (int i = 0; i < 8; ++i) data.push_back(retrieve(i));
    print_runtime(data, watch);
  }

  title("3. As tasks: the time of the longest");
  {
    Stopwatch watch;
    std::vector<ray::ObjectRef<Item>> refs;
    for (int i = 0; i < 8; ++i) refs.push_back(retrieve.remote(i));
    print_runtime(ray::get(refs), watch);
  }

  title("4. The database in the object store: put once, read by every task");
  ray::ObjectRef<std::vector<std::string>> database = ray::put(kDatabase);
  {
    Stopwatch watch;
    std::vector<ray::ObjectRef<Item>> refs;
    for (int i = 0; i < 8; ++i) refs.push_back(retrieve_from.remote(i, database));
    print_runtime(ray::get(refs), watch);
  }

  title("5. ray::wait: results in pairs, as they come");
  {
    Stopwatch watch;
    std::vector<ray::ObjectRef<Item>> refs;
    for (int i = 0; i < 8; ++i) refs.push_back(retrieve_from.remote(i, database));
    while (!refs.empty()) {
      auto [ready, rest] = ray::wait(refs, {.num_returns = 2, .timeout = 7s});
      print_runtime(ray::get(ready), watch);
      refs = std::move(rest);
    }
  }

  title("6. A task that depends on a task: the ref goes where the value is asked for");
  {
    std::vector<ray::ObjectRef<std::pair<Item, Item>>> refs;
    for (int i : {0, 2, 4, 6}) {
      refs.push_back(follow_up.remote(retrieve_from.remote(i, database), database));
    }
    for (const auto& [first, second] : ray::get(refs)) {
      std::cout << '(' << first << ", " << second << ")\n";
    }
  }

  title("7. An actor counts what the tasks did");
  {
    ray::ActorHandle<DataTracker> tracker = DataTracker::remote();
    std::vector<ray::ObjectRef<Item>> refs;
    for (int i = 0; i < 8; ++i) refs.push_back(retrieve_tracked.remote(i, tracker, database));
    for (const Item& item : ray::get(refs)) std::cout << item << '\n';
    std::cout << "counts: " << ray::get(tracker.counts.remote()) << '\n';
  }

  title("8. Ownership: who calls owns the result");
  {
    ray::ObjectRef<std::string> word = ray::put(std::string("ray"));  // owned by main
    ray::ObjectRef<std::string> result = shout_twice.remote(word);    // and so is this
    std::cout << ray::get(result) << '\n';  // the result of `shout` was owned by the task
  }
}

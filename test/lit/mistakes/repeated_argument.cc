// A large argument that is the same in each iteration is worth a put; the fix-it writes it.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

struct Model {
  std::vector<double> weights;
};
struct Small {
  int x, y;
};
std::vector<int> read_numbers();

[[ray::remote]] int look_up(int key, const std::vector<int>& table);
[[ray::remote]] int predict(Model model, int x);
[[ray::remote]] int near(Small place, std::string name, int x);
class [[ray::remote]] Worker {
 public:
  explicit Worker(std::vector<int> table) {}
  int work(const std::vector<int>& table) { return 0; }
};

void repeated(const std::map<int, Model>& models) {
  std::vector<ray::ObjectRef<int>> refs;
  const std::vector<int> table = read_numbers();
  // FIX: fix-it:"{{.*}}":{[[@LINE+4]]:3-[[@LINE+4]]:3}:"auto table_ref = ray::put(table);\n  "
  // FIX: fix-it:"{{.*}}":{[[@LINE+3]]:65-[[@LINE+3]]:70}:"table_ref"
  // CHECK: repeated_argument.cc:[[@LINE+2]]:65: warning: 'table' is sent with each task of this loop, as a copy of its own [-Wray-repeated-argument]
  // CHECK: repeated_argument.cc:[[@LINE+1]]:3: note: put it once before the loop, and pass the ref
  for (int i = 0; i < 10; ++i) refs.push_back(look_up.remote(i, table));
  for (const auto& [key, model] : models) {
    Model mine = model;
    // The inner loop only: the outer one has another model each time.
    // CHECK: :[[@LINE+2]]:37: warning: 'mine' is sent with each task of this loop
    for (int i = 0; i < 10; ++i) {
      refs.push_back(predict.remote(mine, i));
    }
  }
  std::vector<ray::ActorHandle<Worker>> workers;
  // CHECK: :[[@LINE+1]]:64: warning: 'table' is sent
  for (int i = 0; i < 3; ++i) workers.push_back(Worker::remote(table));
  // CHECK: :[[@LINE+2]]:39: warning: 'table' is sent
  for (auto& worker : workers) {
    refs.push_back(worker.work.remote(table));
  }
}

void different() {
  std::vector<ray::ObjectRef<int>> refs;
  std::vector<int> table = read_numbers();
  auto stored = ray::put(table);
  const std::vector<int> few = {1, 2, 3};
  const Small place{1, 2};
  const std::string name = "name";
  (void)look_up.remote(1, table);
  for (int i = 0; i < 10; ++i) {
    refs.push_back(look_up.remote(i, stored));
    refs.push_back(look_up.remote(i, few));
    refs.push_back(near.remote(place, name, i));
    refs.push_back(look_up.remote(i, table));
    table.push_back(i);
    std::vector<int> own = read_numbers();
    refs.push_back(look_up.remote(i, own));
  }
}

// What may be another value each time.
void changed(std::vector<int> table) {
  auto grow = [&] { table.push_back(1); };
  for (int i = 0; i < 10; ++i) {
    grow();
    (void)look_up.remote(i, table);
  }
}
void changed_by_pointer(std::vector<int> table) {
  auto* pointer = &table;
  for (int i = 0; i < 10; ++i) {
    pointer->push_back(i);
    (void)look_up.remote(i, table);
  }
}
void changed_by_iterator(std::vector<int> table) {
  for (int i = 0; i < 10; ++i) {
    *table.begin() = i;
    (void)look_up.remote(i, table);
  }
}
void tried_again(const std::vector<int>& table) {
  for (int i = 0; i < 3; ++i) {
    try {
      (void)ray::get(look_up.remote(1, table));
    } catch (const ray::Error&) {
    }
  }
}
void sent_once(const std::vector<int>& table) {
  for (int i = 0; i < 10; ++i) {
    if (table[0] < i) {
      (void)look_up.remote(i, table);
      break;
    }
  }
}

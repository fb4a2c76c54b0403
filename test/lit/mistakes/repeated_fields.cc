// Fields, bindings and references that are sent again with each task of a loop.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

using Table = std::vector<int>;
struct Config {
  Table table;
  int size;
};
std::pair<Table, int> load();
Table read_table();
void log_progress();
std::mutex mutex;

[[ray::remote]] int look(int key, const Table& table);
[[ray::remote]] int sum(std::span<const int> numbers, int x);

class Search {
 public:
  explicit Search(Table table) : table_(std::move(table)) {}
  void run(const Config& config, std::vector<ray::ObjectRef<int>>& refs) {
    // FIX: fix-it:"{{.*}}":{[[@LINE+3]]:5-[[@LINE+3]]:5}:"auto table_ref = ray::put(table_);\n    "
    // FIX: fix-it:"{{.*}}":{[[@LINE+2]]:64-[[@LINE+2]]:70}:"table_ref"
    // CHECK: repeated_fields.cc:[[@LINE+1]]:64: warning: 'table_' is sent with each task of this loop, as a copy of its own [-Wray-repeated-argument]
    for (int i = 0; i < 10; ++i) refs.push_back(look.remote(i, table_));
    // CHECK: :[[@LINE+1]]:64: warning: 'this->table_' is sent
    for (int i = 0; i < 10; ++i) refs.push_back(look.remote(i, this->table_));
    // FIX: "auto table_ref = ray::put(config.table);\n    "
    // CHECK: :[[@LINE+1]]:64: warning: 'config.table' is sent
    for (int i = 0; i < 10; ++i) refs.push_back(look.remote(i, config.table));
    // Changed, or what is called may change it.
    for (int i = 0; i < 10; ++i) {
      refs.push_back(look.remote(i, table_));
      table_.push_back(i);
    }
    for (int i = 0; i < 10; ++i) {
      refs.push_back(look.remote(i, table_));
      step();
    }
    for (int i = 0; i < 10; ++i) {
      refs.push_back(look.remote(i, few_));
      refs.push_back(look.remote(i, table_));
      log_progress();
    }
  }
  void run_changed(Search& other) {
    for (int i = 0; i < 10; ++i) {
      std::sort(table_.begin(), table_.end());
      (void)look.remote(i, table_);
    }
    for (int i = 0; i < 10; ++i) {
      std::swap(*this, other);
      (void)look.remote(i, table_);
    }
    for (int i = 0; i < 10; ++i) {
      std::lock_guard lock(mutex);
      (void)look.remote(i, table_);
    }
  }
  void run_with(const std::function<void()>& next) {
    for (int i = 0; i < 10; ++i) {
      (void)look.remote(i, table_);
      next();
    }
  }

 private:
  void step() { table_.clear(); }
  Table table_;
  Table few_ = {1, 2, 3};
};

void places(std::vector<Config> configs) {
  auto [table, size] = load();
  // CHECK: :[[@LINE+1]]:55: warning: 'table' is sent
  for (int i = 0; i < size; ++i) (void)look.remote(i, table);
  std::vector<int> numbers = read_table();
  // CHECK: :[[@LINE+1]]:51: warning: 'numbers' is sent
  for (int i = 0; i < size; ++i) (void)sum.remote(numbers, i);
  // CHECK: :[[@LINE+1]]:76: warning: 'numbers' is sent
  for (int i = 0; i < size; ++i) (void)sum.options({.num_cpus = 2}).remote(numbers, i);
  const Table& first = configs[0].table;
  // CHECK: :[[@LINE+1]]:55: warning: 'first' is sent
  for (int i = 0; i < size; ++i) (void)look.remote(i, first);
  for (int i = 0; i < size; ++i) {
    (void)look.remote(i, first);
    configs[0].table.push_back(i);
  }
  for (auto& config : configs) {
    (void)look.remote(1, config.table);
    // CHECK: :[[@LINE+1]]:57: warning: 'config.table' is sent
    for (int i = 0; i < size; ++i) (void)look.remote(i, config.table);
  }
  Table own = read_table();
  auto& other = own;
  for (int i = 0; i < size; ++i) {
    other.push_back(i);
    (void)look.remote(i, own);
  }
  for (int i = 0; i < size; ++i) {
    own.push_back(i);
    (void)look.remote(i, other);
  }
}

Table shared;
void with_global() {
  // CHECK: :[[@LINE+1]]:53: warning: 'shared' is sent
  for (int i = 0; i < 10; ++i) (void)look.remote(i, shared);
  for (int i = 0; i < 10; ++i) {
    (void)look.remote(i, shared);
    log_progress();
  }
}

// What a pointer points to, and what a method gives of its object.
class Model {
 public:
  const Table& table() const { return table_; }
  const Table& counted() const { return ++reads_, table_; }
  void grow() { table_.push_back(1); }
  void send_all() const {
    // CHECK: :[[@LINE+1]]:55: warning: 'table()' is sent with each task
    for (int i = 0; i < 10; ++i) (void)look.remote(i, table());
  }
  void send_changed() {
    for (int i = 0; i < 10; ++i) {
      table_.push_back(i);
      (void)look.remote(i, table());
    }
  }

 private:
  Table table_;
  mutable int reads_ = 0;
};
struct Study {
  Model model;
};

void pointed_to(const Table* table, std::unique_ptr<Table> owned, const Study& study, Model model) {
  // FIX: "auto table_ref = ray::put(*table);\n  "
  // CHECK: :[[@LINE+1]]:53: warning: '*table' is sent with each task of this loop
  for (int i = 0; i < 10; ++i) (void)look.remote(i, *table);
  // CHECK: :[[@LINE+1]]:53: warning: '*owned' is sent
  for (int i = 0; i < 10; ++i) (void)look.remote(i, *owned);
  // FIX: "auto table_ref = ray::put(model.table());\n  "
  // CHECK: :[[@LINE+1]]:53: warning: 'model.table()' is sent
  for (int i = 0; i < 10; ++i) (void)look.remote(i, model.table());
  // CHECK: :[[@LINE+1]]:53: warning: 'study.model.table()' is sent
  for (int i = 0; i < 10; ++i) (void)look.remote(i, study.model.table());
}
void pointed_to_another(const Table* table, std::unique_ptr<Table> owned, Model model,
                        const std::vector<Table>& tables, Model* other) {
  for (int i = 0; i < 10; ++i) (void)look.remote(i, *table++);
  for (int i = 0; i < 10; ++i) {
    (void)look.remote(i, *owned);
    owned->push_back(i);
  }
  for (int i = 0; i < 10; ++i) {
    (void)look.remote(i, *owned);
    log_progress();
  }
  for (int i = 0; i < 10; ++i) {
    (void)look.remote(i, model.table());
    model.grow();
  }
  for (int i = 0; i < 10; ++i) {
    (void)look.remote(i, model.counted());
    (void)look.remote(i, other->table());
  }
  for (auto at = tables.begin(); at != tables.end(); ++at) (void)look.remote(1, *at);
  for (const Table* at = tables.data(); at != table; ++at) (void)look.remote(1, *at);
  for (int i = 0; i < 10; ++i) {
    auto next = std::make_unique<Table>(read_table());
    (void)look.remote(i, *next);
  }
}

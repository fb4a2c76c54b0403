// Fields of an actor whose methods run at once.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <atomic>
#include <mutex>
#include <vector>

class [[ray::remote(max_concurrency = 4)]] Racy {
 public:
  explicit Racy(int start) { count_ = start; }
  void add(int x) {
    // CHECK: unsynchronised_field.cc:[[@LINE+2]]:5: warning: 'count_' is changed here, and methods of 'Racy' run at once, as its max_concurrency says [-Wray-unsynchronised-field]
    // CHECK: unsynchronised_field.cc:[[@LINE+12]]:7: note: guard it with a std::mutex, or make it a std::atomic
    count_ += x;
    ++hits_;
    // CHECK: :[[@LINE+1]]:5: warning: 'list_' is changed here
    list_.push_back(x);
    ++count_;
  }
  int count() const { return count_ + fixed_; }

 private:
  std::vector<int> list_;
  std::atomic<int> hits_ = 0;
  int count_ = 0;
  int fixed_ = 0;
};

class [[ray::remote(max_concurrency = 4)]] Guarded {
 public:
  void add(int x) {
    std::lock_guard lock(mutex_);
    count_ += x;
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
};

class Meeting {
 public:
  void join() {
    std::lock_guard lock(mutex_);
    ++present_;
  }

 private:
  std::mutex mutex_;
  int present_ = 0;
};
class [[ray::remote(max_concurrency = 4)]] GuardedInside {
 public:
  void meet() { meeting_.join(); }

 private:
  Meeting meeting_;
};

class [[ray::remote(max_concurrency = 1)]] Single {
 public:
  void add(int x) { count_ += x; }

 private:
  int count_ = 0;
};
class [[ray::remote]] Plain {
 public:
  void add(int x) { count_ += x; }

 private:
  int count_ = 0;
};

struct SpinLock {
  void lock();
  void unlock();
};
class [[ray::remote(max_concurrency = 4)]] GuardedOtherwise {
 public:
  void spin() {
    std::lock_guard lock(spin_);
    ++count_;
  }

 private:
  SpinLock spin_;
  int count_ = 0;
};
class [[ray::remote(max_concurrency = 4)]] GuardedByPointer {
 public:
  void add() {
    std::lock_guard lock(*mutex_);
    ++count_;
  }

 private:
  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
  int count_ = 0;
};
class [[ray::remote(max_concurrency = 4)]] Once {
 public:
  void begin(int x) {
    std::call_once(once_, [&] { start_ = x; });
  }

 private:
  std::once_flag once_;
  int start_ = 0;
};
class [[ray::remote(max_concurrency = 4)]] AtomicRef {
 public:
  void add(int x) { std::atomic_ref<int>(count_).fetch_add(x); }

 private:
  int count_ = 0;
};

// TaskQueue holds the tasks that could run, and says which may run now: the oldest whose resources
// are free.
//
// Threading: none; its user locks.
#pragma once

#include <ray/options.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "runtime/local_engine/local_call.h"

namespace ray::local_engine {

// What a task asks for: one CPU unless it says otherwise. Memory is not counted.
Amounts demand_of(const internal::CallOptions& options);

class TaskQueue {
 public:
  explicit TaskQueue(const Resources& total);

  // Whether all of the resources together would suffice.
  bool can_ever_run(const Amounts& demand) const;

  void push(CallPointer call);
  // The next task, its resources taken; or null. Tasks that are not ready any more are dropped into
  // `dropped`, to be destroyed by the caller without its lock.
  CallPointer take(std::deque<CallPointer>& dropped);
  bool has_next() const;
  // Takes out all of them.
  std::vector<CallPointer> drain();

  // A running task's resources, given back and, at once even if none are left, taken again.
  void give_back(const Amounts& demand);
  void take_again(const Amounts& demand);

  Resources available() const;

 private:
  bool fits(const Amounts& demand) const;

  const Amounts total_;
  Amounts free_;  // may be negative after take_again
  std::map<Amounts, std::deque<CallPointer>> ready_;
};

}  // namespace ray::local_engine

// ValueReader is get, wait and when_ready: it waits for cells to be complete and reads what they
// hold.
//
// Threading: without the lock, from any thread that holds a reference to the cells.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <functional>
#include <span>

#include "runtime/core_worker/cells.h"

namespace ray::core_worker {

class Core;

class ValueReader {
 public:
  explicit ValueReader(Core& core) : core_(core) {}

  internal::Value get(ObjectCell& cell, const internal::Deadline& deadline);
  void wait(internal::Cells cells, std::size_t num_ready, const internal::Deadline& deadline,
            std::span<bool> ready);
  void when_ready(ObjectCell& cell, std::function<void()> done);

 private:
  void wait_for(ObjectCell& cell, const internal::Deadline& deadline);
  bool owner_has_died(const ObjectCell& cell);
  internal::Value value_of(ObjectCell& cell);
  internal::Value stored_value(const object_store::Location& location, const ReferenceList* nested);

  Core& core_;
};

}  // namespace ray::core_worker

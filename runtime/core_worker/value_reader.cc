#include "runtime/core_worker/value_reader.h"

#include <ray/error.h>

#include <chrono>
#include <thread>
#include <utility>

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {
namespace {

constexpr int kDeathAttempts = 500;  // of 1 ms

// Wakes a follower once `remaining` of the cells that it watches are complete.
class CountWatcher final : public Watcher {
 public:
  CountWatcher(ProgressLeader& leader, std::size_t remaining)
      : leader_(leader), remaining_(remaining) {}

  void completed() override {
    if (remaining_ != 0 && --remaining_ == 0) leader_.wake(follower);
  }
  bool done() const { return remaining_ == 0; }

  ProgressLeader::Follower follower;

 private:
  ProgressLeader& leader_;
  std::size_t remaining_;
};

class CallbackWatcher final : public Watcher {
 public:
  CallbackWatcher(Core& core, ObjectCell& cell, std::function<void()> done)
      : core_(core), cell_(cell), done_(std::move(done)) {}

  void completed() override {
    // The closure holds the reference until it has run: it may read the value.
    core_.run_later([cell = &cell_, done = std::move(done_)] {
      done();
      internal::drop(cell);
    });
    delete this;
  }

 private:
  Core& core_;
  ObjectCell& cell_;
  std::function<void()> done_;
};

}  // namespace

void ValueReader::wait_for(ObjectCell& cell, const internal::Deadline& deadline) {
  CoreLock lock(core_);
  CountWatcher watcher(*core_.leader, 1);
  if (!core_.references->watch(cell, watcher)) return;
  ProgressLeader::Wait wait{.follower = &watcher.follower,
                            .deadline_ns = ProgressLeader::ns_of(deadline),
                            .task = core_.executor->blocking_task()};
  ObjectCell* const awaited[] = {&cell};
  if (wait.task != nullptr && !deadline) wait.awaited = awaited;
  if (core_.references->is_owned(cell)) {
    wait.lines_wanted = core_.leases->lines_wanted(record_of(cell));
  }
  if (core_.leader->wait(lock, wait, [&] { return watcher.done(); })) return;
  core_.references->unwatch(cell, watcher);
  lock.unlock();
  core_.require_usable();
  internal::throw_error(internal::ErrorKind::get_timeout,
                        "the value did not come within the time given to get()");
}

internal::Value ValueReader::stored_value(const object_store::Location& location,
                                          const ReferenceList* nested) {
  const auto pinned = core_.store->pin(location);
  if (!pinned.ok()) {
    internal::throw_error(internal::ErrorKind::object_lost,
                          "the object is not in the object store any more: " +
                              std::string(pinned.status().message()));
  }
  internal::Value value;
  value.bytes = *pinned;
  if (nested != nullptr) value.nested = *nested;
  // The pins of a forked child are its parent's.
  value.pin = std::shared_ptr<const void>(pinned->data(), [core = &core_, location](const void*) {
    if (core->usable()) core->store->unpin(location);
  });
  return value;
}

// Of a borrowed object that is not there any more. An owner frees nothing that is borrowed: most
// likely it has died, and the news is on its way.
bool ValueReader::owner_has_died(const ObjectCell& cell) {
  for (int attempt = 0; attempt < kDeathAttempts; ++attempt) {
    {
      CoreLock lock(core_);
      if (core_.peers->is_dead(cell.id.owner)) return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

internal::Value ValueReader::value_of(ObjectCell& cell) {
  const bool is_error = core_.references->failed(cell);
  if (core_.references->is_owned(cell)) {
    const Record& record = record_of(cell);
    const ReferenceList* nested = record.result_nested();
    if (record.form == ownership::ResultForm::stored) {
      return stored_value(unpacked(record.body.stored.location.data()), nested);
    }
    internal::Value value;
    value.bytes = record.result_bytes();
    value.is_error = is_error;
    if (nested != nullptr) value.nested = *nested;
    return value;
  }
  const BorrowedCell& borrowed = ReferenceTable::borrowed(cell);
  if (borrowed.stored) {
    try {
      return stored_value(borrowed.location, &borrowed.nested);
    } catch (const ObjectLostError&) {
      if (!owner_has_died(cell)) throw;
    }
    internal::throw_error(internal::ErrorKind::owner_died,
                          "the process that owned the object has died");
  }
  return {.bytes = borrowed.bytes, .nested = borrowed.nested, .is_error = is_error, .pin = nullptr};
}

internal::Value ValueReader::get(ObjectCell& cell, const internal::Deadline& deadline) {
  core_.require_usable();
  if (!core_.references->complete(cell)) wait_for(cell, deadline);
  return value_of(cell);
}

void ValueReader::wait(internal::Cells cells, std::size_t num_ready,
                       const internal::Deadline& deadline, std::span<bool> ready) {
  core_.require_usable();
  auto look = [&] {
    std::size_t count = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      ready[i] = core_.references->complete(*cells[i]);
      count += ready[i];
    }
    return count;
  };
  const std::size_t count = look();
  if (count >= num_ready) return;
  CoreLock lock(core_);
  CountWatcher watcher(*core_.leader, num_ready - count);
  std::vector<ObjectCell*> watched;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (ready[i]) continue;
    if (core_.references->watch(*cells[i], watcher)) {
      watched.push_back(cells[i]);
    } else {
      watcher.completed();
    }
  }
  ProgressLeader::Wait wait{.follower = &watcher.follower,
                            .deadline_ns = ProgressLeader::ns_of(deadline),
                            .task = core_.executor->blocking_task()};
  if (wait.task != nullptr && !deadline && num_ready == cells.size()) wait.awaited = cells;
  core_.leader->wait(lock, wait, [&] { return watcher.done(); });
  for (ObjectCell* cell : watched) {
    if (!core_.references->complete(*cell)) core_.references->unwatch(*cell, watcher);
  }
  lock.unlock();
  core_.require_usable();
  look();
}

void ValueReader::when_ready(ObjectCell& cell, std::function<void()> done) {
  core_.require_usable();
  {
    CoreLock lock(core_);
    internal::acquire(&cell);
    auto* watcher = new CallbackWatcher(core_, cell, std::move(done));
    if (!core_.references->watch(cell, *watcher)) watcher->completed();
    core_.leader->note_activity();
  }
}

}  // namespace ray::core_worker

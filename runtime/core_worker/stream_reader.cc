#include "runtime/core_worker/stream_reader.h"

#include <ray/error.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

// Told of an item, and of the end.
class StreamReader::ItemWatcher final : public Watcher {
 public:
  explicit ItemWatcher(ProgressLeader& leader) : leader_(leader) {}

  void completed() override {
    done_ = true;
    leader_.wake(follower);
  }
  bool done() const { return done_; }

  ProgressLeader::Follower follower;

 private:
  ProgressLeader& leader_;
  bool done_ = false;
};

void StreamReader::open(std::uint32_t slot, std::uint64_t window) {
  streams_[slot] = std::make_unique<Stream>(window);
}

void StreamReader::tell_worker(std::uint32_t slot, Stream& stream) {
  const std::optional<std::uint64_t> taken = stream.items.news();
  if (!taken) return;
  core_.peers->tell_source(stream.worker, cell_of(core_.table.at(slot)).id, {.taken = *taken});
}

bool StreamReader::item(std::uint64_t worker, std::uint32_t slot, std::uint64_t index,
                        ownership::Result result) {
  const auto entry = streams_.find(slot);
  if (entry == streams_.end()) {
    discard(result);
    core_.peers->tell_source(worker, cell_of(core_.table.at(slot)).id, {.closed = 1});
    return true;
  }
  Stream& stream = *entry->second;
  stream.worker = worker;
  const ownership::ItemStream::Arrival arrival = stream.items.arrived(index);
  if (arrival != ownership::ItemStream::Arrival::next) {
    discard(result);
  } else {
    const auto item = core_.references->make_owned(ownership::RecordKind::object);
    core_.table.complete(item.slot, std::move(result), core_.effects);
    stream.items.push(item.cell);
    for (Watcher* watcher : stream.watchers) watcher->completed();
  }
  tell_worker(slot, stream);
  return arrival != ownership::ItemStream::Arrival::wrong;
}

void StreamReader::discard(const ownership::Result& item) {
  core_.references->drop_all(item.nested);
  if (item.form == ownership::ResultForm::stored) core_.free_later(unpacked(item.location.data()));
}

void StreamReader::add_unannounced(std::uint32_t slot, std::vector<base::ObjectId>& items) const {
  constexpr std::uint64_t kItemsMax = 1024;  // of a stream without a limit
  const auto entry = streams_.find(slot);
  if (entry == streams_.end()) return;
  const Stream& stream = *entry->second;
  const std::uint64_t first = stream.items.announced();
  for (std::uint64_t i = 0; i < std::min(stream.window, kItemsMax); ++i) {
    items.push_back({base::ProcessId{core_.welcome.process}, core_.table.sequence_of(slot),
                     item_slot(first + i)});
  }
}

bool StreamReader::wait(CoreLock& lock, ObjectCell& cell, Stream& stream,
                        const internal::Deadline& deadline) {
  ItemWatcher watcher(*core_.leader);
  core_.references->watch(cell, watcher);
  stream.watchers.push_back(&watcher);
  const bool woken = core_.leader->wait(lock,
                                        {.follower = &watcher.follower,
                                         .deadline_ns = ProgressLeader::ns_of(deadline),
                                         .task = core_.executor->blocking_task()},
                                        [&] { return watcher.done(); });
  std::erase(stream.watchers, &watcher);
  if (!core_.references->complete(cell)) core_.references->unwatch(cell, watcher);
  return woken;
}

ObjectCell* StreamReader::next(ObjectCell& cell, const internal::Deadline& deadline) {
  core_.require_usable();
  CoreLock lock(core_);
  Stream& stream = *streams_.at(cell.id.slot);
  do {
    if (ObjectCell* item = stream.items.take(); item != nullptr) {
      tell_worker(cell.id.slot, stream);
      return item;
    }
    if (core_.references->complete(cell)) {
      if (!core_.references->failed(cell) || std::exchange(stream.error_taken, true)) {
        return nullptr;
      }
      internal::acquire(&cell);
      return &cell;
    }
  } while (wait(lock, cell, stream, deadline));
  lock.unlock();
  core_.require_usable();
  internal::throw_error(internal::ErrorKind::get_timeout,
                        "the stream's next item did not come within the time given to next()");
}

void StreamReader::close(ObjectCell& cell) noexcept {
  if (!core_.usable()) return;
  CoreLock lock(core_);
  const std::uint32_t slot = cell.id.slot;
  const auto entry = streams_.find(slot);
  const std::unique_ptr<Stream> stream = std::move(entry->second);
  streams_.erase(entry);
  for (ObjectCell* item : stream->items.close()) core_.references->drop(*item);
  Record& record = record_of(cell);
  core_.cancel(slot, false);
  if (!record.complete()) {
    record.cancelled = true;  // not to be run again
    if (stream->worker != 0) core_.peers->tell_source(stream->worker, cell.id, {.closed = 1});
  }
  core_.settle();
  core_.leader->note_activity();
}

}  // namespace ray::core_worker

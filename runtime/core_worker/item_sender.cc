#include "runtime/core_worker/item_sender.h"

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"

namespace ray::core_worker {

ItemSender::Source& ItemSender::source_of(const CallRun& run) {
  std::unique_ptr<Source>& source = sources_[run.execution.id()];
  if (source == nullptr) {
    const std::uint64_t given = run.execution.item_window();
    source = std::make_unique<Source>(given != 0 ? given : run.function->item_window);
  }
  return *source;
}

bool ItemSender::send(CallRun& run) {
  const ServedChannel& served = *run.served;
  CoreLock lock(core_);
  Source& source = source_of(run);
  const std::uint64_t index = source.items.next_index();
  lock.unlock();
  run.execution.seal_item(index);
  lock.lock();
  const RecordKind kind = run.execution.write_item(run.reply, index);
  if (!core_.executor->send(lock, run, kind, RecordKind::stored_item)) return false;
  core_.ring_later(run.served->entry);
  run.execution.drop_item();
  const auto is_unwanted = [&] {
    return source.items.is_closed() || served.ended || core_.executor->is_exiting();
  };
  // An owner that stopped takes nothing out of its ring.
  const auto may_go_on = [&] {
    return is_unwanted() || (source.items.has_room() && !served.has_unsent());
  };
  if (!may_go_on()) {
    core_.leader->wait(
        lock, {.follower = &source.follower, .task = core_.executor->blocking_task()}, may_go_on);
  }
  return !is_unwanted() && !core_.is_down();
}

void ItemSender::told(const internal::ObjectId& task, const StreamNews& news) {
  const auto entry = sources_.find(task);
  if (entry == sources_.end()) return;
  Source& source = *entry->second;
  source.items.told(news.taken);
  if (news.closed != 0) source.items.close();
  core_.leader->wake(source.follower);
}

}  // namespace ray::core_worker

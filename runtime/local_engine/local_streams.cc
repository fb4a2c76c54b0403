// The part of LocalEngine that hands items from generators to those who take them.
#include <ray/error.h>

#include <algorithm>
#include <utility>

#include "runtime/local_engine/local_engine.h"

namespace ray::local_engine {

void LocalEngine::open_stream(LocalObject& object, const CallPointer& call) {
  const int limit =
      call->options.generator_backpressure.value_or(internal::kGeneratorBackpressureDefault);
  object.stream = std::make_shared<LocalStream>();
  if (limit > 0) object.stream->items_max = static_cast<std::size_t>(limit);
  call->deliver = [this, &call = *call, stream = object.stream](std::uint64_t index,
                                                                DataPointer data) {
    return deliver(call, *stream, index, std::move(data));
  };
}

bool LocalEngine::deliver(const LocalCall& call, LocalStream& stream, std::uint64_t index,
                          DataPointer data) {
  const auto& result = static_cast<const LocalObject&>(*call.returns.front());
  Lock lock(mutex_);
  if (index == stream.received && !stream.closed) {  // else it came before, of a run that failed
    ++stream.received;
    LocalObject* item = new_object(lock);
    item->data = std::move(data);
    stream.items.emplace_back(item);
    stream.wake();
  }
  // A killed actor's call is complete although its body goes on.
  const auto is_unwanted = [&] { return stream.closed || stopping_ || result.data != nullptr; };
  while (!is_unwanted() && stream.items.size() >= stream.items_max) {
    LocalWaiter waiter{.missing = 1, .wake = {}};
    stream.waiters.push_back(&waiter);
    sleep(lock, waiter, {});
    std::erase(stream.waiters, &waiter);
  }
  return !is_unwanted();
}

ObjectCell* LocalEngine::next_item(ObjectCell& cell, const Deadline& deadline) {
  require_own_process();
  LocalObject& object = object_of(cell);
  LocalStream& stream = *object.stream;
  Lock lock(mutex_);
  for (;;) {
    if (stopping_) throw_stopped();
    if (!stream.items.empty()) {
      ObjectCell* item = stream.items.front().get();
      internal::acquire(item);
      stream.items.pop_front();
      stream.wake();
      return item;
    }
    if (object.data != nullptr) {
      if (!object.data->is_error() || std::exchange(stream.error_taken, true)) return nullptr;
      internal::acquire(&cell);
      return &cell;
    }
    LocalWaiter waiter{.missing = 1, .wake = {}};
    stream.waiters.push_back(&waiter);
    sleep(lock, waiter, deadline);
    std::erase(stream.waiters, &waiter);
    if (waiter.missing != 0 && !stopping_) {
      internal::throw_error(internal::ErrorKind::get_timeout,
                            "the stream's next item was not there before the timeout");
    }
  }
}

void LocalEngine::close_stream(ObjectCell& cell) noexcept {
  LocalObject& object = static_cast<LocalObject&>(cell);
  std::deque<CellPointer> dropped;
  {
    Lock lock(mutex_);
    object.stream->closed = true;
    dropped.swap(object.stream->items);
    object.stream->wake();
    if (object.data != nullptr || stopping_) return;
  }
  cancel(cell, false);  // where it has not begun
}

}  // namespace ray::local_engine

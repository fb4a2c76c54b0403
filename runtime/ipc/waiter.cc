#include "runtime/ipc/waiter.h"

namespace ray::ipc {

Waiter::Waiter(const Fabric& fabric, ProcessEntry& self)
    : self_(self), awake_(fabric.awake()), cores_(static_cast<std::int32_t>(fabric.cores())) {
  set_awake(true);
}

Waiter::~Waiter() { set_awake(false); }

void Waiter::set_awake(bool awake) {
  const std::uint32_t after = awake ? 1 : 0;
  // The raylet may have reset the entry of a process that it took for dead: count only a change.
  if (self_.awake.exchange(after, std::memory_order_relaxed) == after) return;
  awake_.fetch_add(awake ? 1 : -1, std::memory_order_relaxed);
}

}  // namespace ray::ipc

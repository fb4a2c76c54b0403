#include "runtime/ipc/bell.h"

#include "runtime/ipc/futex.h"

namespace ray::ipc {

bool ring_sleeper(Bell& bell) {
  // Of several producers one finds the old state and makes the call.
  switch (bell.state.exchange(Bell::kAwake, std::memory_order_seq_cst)) {
    case Bell::kLeader:
      futex_wake(bell.state);
      return true;
    case Bell::kBackground:
      call_background(bell);
      return true;
    default:
      return false;
  }
}

void call_background(Bell& bell) {
  bell.background.store(1, std::memory_order_seq_cst);
  futex_wake(bell.background);
}

bool wait_in_background(Bell& bell, std::int64_t timeout_ns) {
  if (bell.background.load(std::memory_order_acquire) == 0) {
    futex_wait(bell.background, 0, timeout_ns);
  }
  return bell.background.exchange(0, std::memory_order_acq_rel) != 0;
}

}  // namespace ray::ipc

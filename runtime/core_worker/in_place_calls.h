// InPlaceCalls runs tasks of this process' own on the stack of a call that waits for them, once the
// node has as many blocked workers as it may: what waits then ends without one more process.
//
// Only what the waiting call needs is run there, and only where it asks for no more than that call
// holds: anything else might wait for what the call does next. Such calls do not go through a ring,
// but are encoded and answered as if they did.
// Threading: under the engine's lock, on a thread that runs a call.
// Limits: kDepthMax calls on one stack, and half of that.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>

#include "runtime/core_worker/call_runner.h"

namespace ray::core_worker {

class Core;
class CoreLock;

class InPlaceCalls {
 public:
  InPlaceCalls(Core& core, CallRunner& runner) : core_(core), runner_(runner) {}

  // A task that is among `awaited`, or that one of them waits for, has no worker, and may run in
  // place of `waiting`; Record::kNone where there is none.
  std::uint32_t find(const CallRun& waiting, internal::Cells awaited) const;
  // Gives up the lock while the task runs.
  void run(CoreLock& lock, CallRun& waiting, std::uint32_t slot);

 private:
  static constexpr int kDepthMax = 64;
  static constexpr int kSearchMax = 256;  // cells looked at

  Core& core_;
  CallRunner& runner_;
};

}  // namespace ray::core_worker

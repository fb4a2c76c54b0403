// SignalWatch turns signals into callbacks on the event loop. It blocks them for the process, which
// therefore makes it before it starts a thread.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/event_loop.h"

namespace ray::rayd {

class SignalWatch {
 public:
  using Handler = std::function<void(int signal)>;

  static absl::StatusOr<SignalWatch> create(ipc::EventLoop& loop, const std::vector<int>& signals,
                                            Handler handler);

 private:
  explicit SignalWatch(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
};

}  // namespace ray::rayd

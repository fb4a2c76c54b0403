#include "signal_watch.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

#include "runtime/base/status.h"

namespace ray::rayd {

absl::StatusOr<SignalWatch> SignalWatch::create(ipc::EventLoop& loop,
                                                const std::vector<int>& signals, Handler handler) {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : signals) sigaddset(&set, signal);
  if (sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return base::errno_status("block signals");
  base::UniqueFd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return base::errno_status("signalfd");
  const int number = fd.get();
  RAY_RETURN_IF_ERROR(
      loop.add(number, EPOLLIN, [number, handler = std::move(handler)](std::uint32_t) {
        for (signalfd_siginfo info; read(number, &info, sizeof info) == sizeof info;) {
          handler(static_cast<int>(info.ssi_signo));
        }
      }));
  return SignalWatch(std::move(fd));
}

}  // namespace ray::rayd

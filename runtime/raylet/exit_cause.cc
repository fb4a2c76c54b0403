#include "runtime/raylet/exit_cause.h"

#include <string.h>
#include <sys/wait.h>

#include "runtime/base/text.h"

namespace ray::raylet {

std::string describe_exit(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    const char* name = sigdescr_np(signal);
    return base::concat("killed by signal ", signal, " (", name == nullptr ? "?" : name, ")");
  }
  return base::concat("exited with status ", WEXITSTATUS(wait_status));
}

}  // namespace ray::raylet

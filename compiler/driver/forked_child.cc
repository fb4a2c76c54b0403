#include "compiler/driver/forked_child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

bool write_all(int file, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = ::write(file, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return true;
}

// Everything until the other side closes its end, as its process does when it dies.
std::string read_all(int file) {
  std::string result;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t count = ::read(file, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return result;
    result.append(buffer, static_cast<std::size_t>(count));
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

ForkedChild fork_child() {
  int ends[2];
  const bool has_pipe = ::pipe(ends) == 0;
  llvm::outs().flush();
  const pid_t child = has_pipe ? ::fork() : -1;
  if (child < 0) {
    llvm::errs() << "ray-cc: error: cannot fork the first pass: " << std::strerror(errno) << "\n";
    ::exit(1);
  }
  ForkedChild result;
  if (child == 0) {
    ::close(ends[0]);
    result.pipe = ends[1];
    return result;
  }
  ::close(ends[1]);
  std::string bytes = read_all(ends[0]);
  ::close(ends[0]);
  const int status = wait_for(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) result.sent = std::move(bytes);
  return result;
}

void send_and_exit(int pipe, const std::string& bytes) { ::_exit(write_all(pipe, bytes) ? 0 : 1); }

}  // namespace ray::compiler

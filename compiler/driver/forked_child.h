// forked_child.h lets a copy of this process find something out, and write it into a pipe.
//
// Threading: one thread, the only one of the process.
#pragma once

#include <optional>
#include <string>

namespace ray::compiler {

struct ForkedChild {
  int pipe = -1;  // in the child: what it is to write to
  // In the parent: all that the child has written, if it has ended well.
  std::optional<std::string> sent;

  bool is_this() const { return pipe >= 0; }
};

// Returns in the child at once, in the parent when the child has ended. Exits where the system has
// no more processes.
ForkedChild fork_child();

// Ends the child.
[[noreturn]] void send_and_exit(int pipe, const std::string& bytes);

}  // namespace ray::compiler

// fork copies one thread of a worker that has several, and its rings; exec ends the worker.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

enum class Ending { none, fork, exec };

// A function of the C library by that name.
Ending classify(const clang::FunctionDecl& function) {
  if (!function.getDeclName().isIdentifier() || !function.isExternC()) return Ending::none;
  const llvm::StringRef name = function.getName();
  for (const char* fork : {"fork", "vfork", "_Fork", "clone", "daemon"}) {
    if (name == fork) return Ending::fork;
  }
  for (const char* exec :
       {"execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "fexecve"}) {
    if (name == exec) return Ending::exec;
  }
  return Ending::none;
}

}  // namespace

void check_fork_in_task(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_remote()) continue;
    for (const Call& call : body->calls()) {
      const clang::FunctionDecl* callee = call.expr->getDirectCallee();
      const Ending ending = callee == nullptr ? Ending::none : classify(*callee);
      if (ending == Ending::none) continue;
      const std::string name = "'" + callee->getNameAsString() + "'";
      program.report(
          {DiagnosticKind::fork_in_task,
           call.expr->getSourceRange(),
           ending == Ending::fork
               ? name + " in a remote body copies a worker without its threads, but with its "
                        "connections"
               : name + " in a remote body replaces the worker, which counts as a crash",
           {{call.expr->getBeginLoc(), "posix_spawn or std::system start a program safely"}}});
    }
  }
}

}  // namespace ray::compiler

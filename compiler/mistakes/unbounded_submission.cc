// `while (true) f.remote(next());` submits faster than anything can run.
#include "compiler/calls/library.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// Whether something in the loop waits for work to be done, or for time to pass.
bool has_brake(const Body& body, const clang::Stmt& loop) {
  if (body.is_left_early(loop) || body.is_paced(loop) || body.is_coroutine()) return true;
  for (const Call& call : body.calls()) {
    const bool waits =
        call.kind == CallKind::get || call.kind == CallKind::view || call.kind == CallKind::wait;
    if (waits && body.contains(loop, *call.expr)) return true;
  }
  return false;
}

// Whether it cannot wait for anything: what works on values in memory.
bool is_quick(const clang::FunctionDecl& callee, const clang::ASTContext& context) {
  if (!context.getSourceManager().isInSystemHeader(callee.getLocation())) return false;
  if (outermost_namespace(callee) != "std") return is_of_library(callee);
  if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&callee)) {
    const llvm::StringRef name = method->getParent()->getName();
    for (const char* part : {"stream", "buf", "lock", "mutex", "condition", "semaphore", "latch",
                             "barrier", "future", "promise", "thread", "function", "file"}) {
      if (name.contains(part)) return false;
    }
    return true;
  }
  return !callee.getDeclName().isIdentifier()
             ? callee.getOverloadedOperator() != clang::OO_GreaterGreater
             : callee.getName() != "getline" && callee.getName() != "system";
}

// Whether all that the loop does is known: a call of something else may wait in it.
bool calls_only_the_library(const Body& body, const clang::Stmt& loop,
                            const clang::ASTContext& context) {
  for (const Call& call : body.calls()) {
    if (call.kind != CallKind::other || !body.contains(loop, *call.expr)) continue;
    const clang::FunctionDecl* callee = call.expr->getDirectCallee();
    if (callee == nullptr || !is_quick(*callee, context)) return false;
  }
  return true;
}

}  // namespace

void check_unbounded_submission(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.kind != CallKind::task && call.kind != CallKind::method) continue;
      const clang::Stmt* loop = body->loop_of(*call.expr);
      while (loop != nullptr && !is_endless(*loop, program.context())) loop = body->loop_of(*loop);
      if (loop == nullptr || has_brake(*body, *loop) ||
          !calls_only_the_library(*body, *loop, program.context())) {
        continue;
      }
      program.report(
          {DiagnosticKind::unbounded_submission,
           call.expr->getSourceRange(),
           "this loop submits without end, and waits for nothing",
           {{loop->getBeginLoc(), "keep the refs, and ray::wait for some once there are many"}}});
    }
  }
}

}  // namespace ray::compiler

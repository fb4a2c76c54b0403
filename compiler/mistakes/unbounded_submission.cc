// `while (true) f.remote(next());` submits faster than anything can run.
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/quick_calls.h"

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

}  // namespace

void check_unbounded_submission(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.kind != CallKind::task && call.kind != CallKind::method) continue;
      const clang::Stmt* loop = body->loop_of(*call.expr);
      while (loop != nullptr && !is_endless(*loop, program.context())) loop = body->loop_of(*loop);
      if (loop == nullptr || has_brake(*body, *loop) ||
          !makes_only_quick_calls(*body, *loop, program.context())) {
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

// ray::get in a coroutine blocks the thread that the other coroutines of the process need.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// A generator produces for one reader and may block; anything else that is a coroutine awaits.
bool is_generator(const clang::FunctionDecl& function) {
  const auto* record = function.getReturnType()->getAsCXXRecordDecl();
  return record != nullptr && record->getName().ends_with_insensitive("generator");
}

}  // namespace

void check_get_in_coroutine(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_coroutine() || is_generator(body->function())) continue;
    for (const Call& call : body->calls()) {
      const clang::Expr* subject = call.subject();
      if (subject != nullptr && is_object_ref(subject->getType())) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        "ray::get blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "write 'co_await' with the ref"}}});
      } else if (subject != nullptr && is_ray_task(subject->getType())) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        "ray::get blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "write 'co_await' with the task"}}});
      } else if (call.kind == CallKind::get || call.kind == CallKind::wait) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        std::string(call.kind == CallKind::get ? "ray::get" : "ray::wait") +
                            " blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "'co_await' each of the refs"}}});
      }
    }
  }
}

}  // namespace ray::compiler

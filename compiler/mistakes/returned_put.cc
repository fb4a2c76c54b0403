// `return ray::put(x);` makes a value that lives only as long as this worker.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// What a caller in another process can call.
bool is_called_remotely(const Body& body) {
  if (llvm::isa<clang::CXXMethodDecl>(body.function()) && body.actor != nullptr) {
    return body.function().getAccess() == clang::AS_public &&
           !llvm::cast<clang::CXXMethodDecl>(body.function()).getParent()->isLambda();
  }
  return body.is_task && body.function().getDeclName().isIdentifier();
}

Call as_put(const clang::Expr& value) {
  const clang::Expr* from = bare(&value);
  const clang::VarDecl* variable = named_variable(from);
  if (variable != nullptr && variable->hasLocalStorage() && variable->getInit() != nullptr) {
    from = bare(variable->getInit());
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(from);
  const Call result = call == nullptr ? Call() : classify_call(*call);
  return result.kind == CallKind::put ? result : Call();
}

}  // namespace

void check_returned_put(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_remote() || !is_called_remotely(*body)) continue;
    for (const clang::ReturnStmt* statement : body->returns()) {
      if (statement->getRetValue() == nullptr) continue;
      const Call put = as_put(*statement->getRetValue());
      if (put.expr == nullptr) continue;
      program.report(
          {DiagnosticKind::returned_put,
           put.expr->getSourceRange(),
           "the worker that runs this owns what it puts: the value is lost when that process ends",
           {{statement->getBeginLoc(),
             "return the value itself: the caller gets a ref to it, and owns it"}}});
    }
  }
}

}  // namespace ray::compiler

// `for (auto& ref : refs) use(ray::get(ref));` waits for the first although others are ready.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// Whether `value` is an argument of a call for its effect, of a function that the user wrote.
bool is_handed_over(const Body& body, const clang::Expr& value, const clang::ASTContext& context) {
  const auto* call = llvm::dyn_cast_or_null<clang::CallExpr>(body.user_of(value));
  if (call == nullptr || llvm::isa<clang::CXXOperatorCallExpr>(call)) return false;
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr || classify_call(*call).kind != CallKind::other) return false;
  if (context.getSourceManager().isInSystemHeader(callee->getLocation())) return false;
  const clang::Stmt* around = body.user_of(*call);
  return around != nullptr && !llvm::isa<clang::Expr, clang::DeclStmt, clang::ReturnStmt>(around);
}

// Whether the function submits in a loop what it puts into `refs`.
bool is_filled_here(const Body& body, const clang::VarDecl& refs) {
  for (const clang::DeclRefExpr* reference : body.references_to(refs)) {
    const clang::Stmt* loop = body.loop_of(*reference);
    if (loop == nullptr || !body.may_change(*reference)) continue;
    for (const Call& call : body.calls()) {
      if (call.kind == CallKind::task && body.loop_of(*call.expr) == loop) return true;
    }
  }
  return false;
}

}  // namespace

void check_get_in_order(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      const clang::Expr* subject = call.subject();
      const auto* loop = llvm::dyn_cast_or_null<clang::CXXForRangeStmt>(body->loop_of(*call.expr));
      if (subject == nullptr || loop == nullptr) continue;
      const clang::VarDecl* refs = named_variable(loop->getRangeInit());
      if (refs == nullptr || !is_vector_of_refs(refs->getType()) ||
          named_variable(subject) != loop->getLoopVariable()) {
        continue;
      }
      if (!is_handed_over(*body, *call.expr, program.context()) || !is_filled_here(*body, *refs)) {
        continue;
      }
      program.report(
          {DiagnosticKind::get_in_order,
           call.expr->getSourceRange(),
           "results are taken in the order of submission: a slow task holds up those after it",
           {{loop->getBeginLoc(),
             "where the order does not matter, ray::wait gives each as it becomes ready"}}});
    }
  }
}

}  // namespace ray::compiler

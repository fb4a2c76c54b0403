// A loop that adds to `refs` and gets them all gets the first ones again and again.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// Whether `reference` is what push_back or emplace_back is called on.
bool is_growth(const Body& body, const clang::DeclRefExpr& reference) {
  const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(body.user_of(reference));
  if (member == nullptr || !member->getMemberDecl()->getDeclName().isIdentifier()) return false;
  const llvm::StringRef name = member->getMemberDecl()->getName();
  return name == "push_back" || name == "emplace_back";
}

// Whether the loop makes the vector longer, and never shorter.
bool only_grows_in(const Body& body, const clang::Stmt& loop, const clang::VarDecl& refs) {
  bool grows = false;
  for (const clang::DeclRefExpr* reference : body.references_to(refs)) {
    if (!body.contains(loop, *reference)) continue;
    if (is_growth(body, *reference)) {
      grows = true;
    } else if (body.may_change(*reference)) {
      return false;
    }
  }
  return grows;
}

}  // namespace

void check_get_all_again(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      const clang::Expr* subject = call.subject();
      const clang::Stmt* loop = body->loop_of(*call.expr);
      if (subject == nullptr || loop == nullptr || !is_vector_of_refs(subject->getType())) continue;
      const clang::VarDecl* refs = named_variable(subject);
      if (refs == nullptr || body->declares(*loop, *refs) || body->is_left_early(*loop) ||
          !body->always_runs_in(*loop, *call.expr) || !only_grows_in(*body, *loop, *refs)) {
        continue;
      }
      program.report({DiagnosticKind::get_all_again,
                      call.expr->getSourceRange(),
                      "each iteration gets all that '" + refs->getNameAsString() +
                          "' has collected so far, and the loop only adds to it",
                      {{loop->getBeginLoc(),
                        "get them after this loop, or those that are ready with ray::wait"}}});
    }
  }
}

}  // namespace ray::compiler

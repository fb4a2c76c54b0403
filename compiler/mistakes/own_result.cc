// A method that waits for a call of its own actor waits for itself: the call runs after it.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::Expr;

// By its name, a handle of the actor that holds it.
bool is_called_self(const Expr& handle) {
  const Expr* expression = bare(&handle);
  const clang::NamedDecl* named = nullptr;
  if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
    named = reference->getDecl();
  } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    named = member->getMemberDecl();
  }
  if (named == nullptr || !named->getDeclName().isIdentifier()) return false;
  const llvm::StringRef name = named->getName().rtrim('_');
  return name == "self" || name == "me" || name == "myself" || name == "this_actor" ||
         name == "own_handle";
}

// The call of a method that `got` is the ref of.
Call call_behind(const Expr& got) {
  const Expr* from = bare(&got);
  const clang::VarDecl* variable = named_variable(from);
  if (variable != nullptr && variable->getInit() != nullptr) from = bare(variable->getInit());
  const auto* call = llvm::dyn_cast<clang::CallExpr>(from);
  return call == nullptr ? Call() : classify_call(*call);
}

bool runs_one_at_a_time(const Program& program, const clang::CXXRecordDecl& actor) {
  const clang::InitListExpr* options = program.options_of(actor);
  return options == nullptr || (find_option(*options, "max_concurrency") == nullptr &&
                                find_option(*options, "concurrency_groups") == nullptr);
}

}  // namespace

void check_own_result(Program& program) {
  for (const auto& body : program.bodies()) {
    if (body->actor == nullptr) continue;
    for (const Call& get : body->calls()) {
      const Expr* subject = get.subject();
      if (subject == nullptr) continue;
      const Call call = call_behind(*subject);
      const Expr* handle = call.expr == nullptr ? nullptr : call.handle();
      const auto* actor = handle == nullptr ? nullptr : actor_class(handle->getType());
      if (actor == nullptr || actor->getCanonicalDecl() != body->actor) continue;
      if (!is_called_self(*handle) || !runs_one_at_a_time(program, *actor)) continue;
      const std::string name = call.name().str();
      program.report({DiagnosticKind::own_result,
                      get.expr->getSourceRange(),
                      "this waits for '" + name +
                          "' of this actor, which starts only when the "
                          "method that waits has ended",
                      {{call.expr->getBeginLoc(), "call '" + name + "(...)' itself"}}});
    }
  }
}

}  // namespace ray::compiler

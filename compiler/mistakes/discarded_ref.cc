// `f.remote(1);` drops the only way to f's result, and to its exception.
#include "clang/AST/DeclTemplate.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// T, where the type is ObjectRef<T>.
clang::QualType value_of_ref(clang::QualType type) {
  if (!is_object_ref(type)) return {};
  const auto* record =
      llvm::cast<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  return record->getTemplateArgs()[0].getAsType();
}

// Whether it is a statement of its own, or a part of one whose value is unused.
bool is_statement(const Body& body, const clang::Expr& expression) {
  const clang::Stmt* around = body.user_of(expression);
  if (around == &body.statement()) return true;
  if (const auto* choice = llvm::dyn_cast_or_null<clang::ConditionalOperator>(around)) {
    return is_statement(body, *choice);
  }
  if (const auto* binary = llvm::dyn_cast_or_null<clang::BinaryOperator>(around)) {
    return binary->isCommaOp() &&
           (body.contains(*binary->getLHS(), expression) || is_statement(body, *binary));
  }
  return llvm::isa_and_nonnull<clang::CompoundStmt, clang::IfStmt, clang::SwitchCase,
                               clang::LabelStmt, clang::AttributedStmt>(around) ||
         (around != nullptr && is_loop(*around));
}

std::vector<clang::FixItHint> fixes(const clang::Expr& call) {
  if (call.getBeginLoc().isMacroID()) return {};
  return {clang::FixItHint::CreateInsertion(call.getBeginLoc(), "(void)")};
}

}  // namespace

void check_discarded_ref(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.kind != CallKind::task || !is_statement(*body, *call.expr)) continue;
      const clang::QualType value = value_of_ref(call.expr->getType());
      if (value.isNull() || value->isVoidType()) continue;
      const std::string name = call.name().empty() ? "the task" : "'" + call.name().str() + "'";
      program.report({DiagnosticKind::discarded_ref,
                      call.expr->getSourceRange(),
                      "the result of " + name + " is lost, and so is what it may throw",
                      {{call.expr->getBeginLoc(),
                        "keep the ref, or write '(void)' before the call if it is not wanted",
                        fixes(*call.expr)}}});
    }
  }
}

}  // namespace ray::compiler

// A task that adds two numbers takes a thousand times longer to send than to do.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::Stmt;

// Arithmetic on what is at hand: no calls, no memory, no loops.
bool is_arithmetic(const Stmt& statement) {
  if (!llvm::isa<clang::BinaryOperator, clang::UnaryOperator, clang::ConditionalOperator,
                 clang::ParenExpr, clang::CastExpr, clang::DeclRefExpr, clang::IntegerLiteral,
                 clang::FloatingLiteral, clang::CXXBoolLiteralExpr, clang::CharacterLiteral>(
          statement)) {
    return false;
  }
  for (const Stmt* child : statement.children()) {
    if (child == nullptr || !is_arithmetic(*child)) return false;
  }
  return true;
}

bool does_almost_nothing(const Body& body) {
  const auto* block = llvm::dyn_cast<clang::CompoundStmt>(&body.statement());
  if (block == nullptr || block->size() != 1) return false;
  const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(*block->body_begin());
  if (returned == nullptr || returned->getRetValue() == nullptr) return false;
  return returned->getRetValue()->getType()->isArithmeticType() &&
         is_arithmetic(*returned->getRetValue());
}

constexpr int kTries = 100;

// `i < 10`: as much as somebody tries something out with.
bool is_short(const Stmt& loop, const clang::ASTContext& context) {
  const auto* counted = llvm::dyn_cast<clang::ForStmt>(&loop);
  const auto* condition = counted == nullptr
                              ? nullptr
                              : llvm::dyn_cast_or_null<clang::BinaryOperator>(counted->getCond());
  if (condition == nullptr || !condition->isComparisonOp()) return false;
  clang::Expr::EvalResult bound;
  return !condition->getRHS()->isValueDependent() &&
         condition->getRHS()->EvaluateAsInt(bound, context) && bound.Val.getInt() <= kTries;
}

bool is_submitted_often(const Body& body, const Stmt& call, const clang::ASTContext& context) {
  for (const Stmt* loop = body.loop_of(call); loop != nullptr; loop = body.loop_of(*loop)) {
    if (!is_short(*loop, context)) return true;
  }
  return false;
}

}  // namespace

void check_tiny_task(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.kind != CallKind::task) continue;
      if (!is_submitted_often(*body, *call.expr, program.context())) continue;
      const clang::FunctionDecl* function = program.called_task(call);
      const Body* called = function == nullptr ? nullptr : program.body_of(*function);
      if (called == nullptr || !does_almost_nothing(*called)) continue;
      program.report({DiagnosticKind::tiny_task,
                      call.expr->getSourceRange(),
                      "'" + call.name().str() + "' does less than it takes to send it away",
                      {{function->getLocation(), "let one task do many of these"}}});
    }
  }
}

}  // namespace ray::compiler

#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "compiler/graph/reader/body_reader.h"

namespace ray::compiler::graph {
namespace {

using clang::Expr;
using clang::VarDecl;

std::optional<std::int64_t> constant(const Expr* expression, const clang::ASTContext& context) {
  Expr::EvalResult result;
  if (expression == nullptr || expression->isValueDependent() ||
      !expression->EvaluateAsInt(result, context)) {
    return std::nullopt;
  }
  const llvm::APSInt& number = result.Val.getInt();
  if (number.getSignificantBits() > 62) return std::nullopt;
  return number.getExtValue();
}

const VarDecl* variable(const Expr* expression) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression->IgnoreParenImpCasts());
  return reference == nullptr ? nullptr : llvm::dyn_cast<VarDecl>(reference->getDecl());
}

// Stubs take what they are given as it comes, and leave it as it is.
bool is_remote(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  return callee != nullptr && callee->getIdentifier() != nullptr &&
         callee->getName().ends_with("remote");
}

// Whether the statement may change `counter`, or lets somebody else do so.
bool changes(const clang::Stmt* statement, const VarDecl& counter) {
  if (statement == nullptr) return false;
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(statement)) {
    const bool may_change =
        unary->isIncrementDecrementOp() || unary->getOpcode() == clang::UO_AddrOf;
    if (may_change && variable(unary->getSubExpr()) == &counter) return true;
  }
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(statement)) {
    if (binary->isAssignmentOp() && variable(binary->getLHS()) == &counter) return true;
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(statement);
  if (call != nullptr && !is_remote(*call)) {
    for (const Expr* argument : call->arguments()) {
      // Bound to a reference as it stands.
      const bool is_bound = argument->isLValue() && !argument->getType().isConstQualified();
      if (is_bound && variable(argument) == &counter) return true;
    }
  }
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
    for (const clang::LambdaCapture& capture : lambda->captures()) {
      if (capture.capturesVariable() && capture.getCaptureKind() == clang::LCK_ByRef &&
          capture.getCapturedVar() == &counter) {
        return true;
      }
    }
  }
  for (const clang::Stmt* child : statement->children()) {
    if (changes(child, counter)) return true;
  }
  return false;
}

// for (int i = 0; i < 8; ++i)
std::optional<std::uint64_t> count_for(const clang::ForStmt& loop,
                                       const clang::ASTContext& context) {
  const auto* condition = llvm::dyn_cast_or_null<clang::BinaryOperator>(loop.getCond());
  const auto* step = llvm::dyn_cast_or_null<clang::UnaryOperator>(loop.getInc());
  const auto* head = llvm::dyn_cast_or_null<clang::DeclStmt>(loop.getInit());
  if (condition == nullptr || step == nullptr || head == nullptr || !head->isSingleDecl()) {
    return std::nullopt;
  }
  const auto* counter = llvm::dyn_cast<VarDecl>(head->getSingleDecl());
  if (counter == nullptr || !step->isIncrementOp()) return std::nullopt;
  if (variable(step->getSubExpr()) != counter || variable(condition->getLHS()) != counter) {
    return std::nullopt;
  }
  const auto opcode = condition->getOpcode();
  if (opcode != clang::BO_LT && opcode != clang::BO_LE && opcode != clang::BO_NE) {
    return std::nullopt;
  }
  const std::optional<std::int64_t> first = constant(counter->getInit(), context);
  const std::optional<std::int64_t> last = constant(condition->getRHS(), context);
  if (!first || !last || changes(loop.getBody(), *counter)) return std::nullopt;
  const std::int64_t count = *last - *first + (opcode == clang::BO_LE ? 1 : 0);
  if (count < 0) return opcode == clang::BO_NE ? std::nullopt : std::optional<std::uint64_t>(0);
  return static_cast<std::uint64_t>(count);
}

// for (int i : {0, 2, 4, 6}), and over arrays
std::optional<std::uint64_t> count_range(const clang::CXXForRangeStmt& loop,
                                         const clang::ASTContext& context) {
  const Expr* range = loop.getRangeInit();
  if (range == nullptr) return std::nullopt;
  const clang::QualType type = range->getType().getNonReferenceType();
  if (const auto* array = context.getAsConstantArrayType(type)) {
    return array->getSize().getLimitedValue();
  }
  const Expr* inner = range->IgnoreUnlessSpelledInSource();
  if (const auto* list = llvm::dyn_cast<clang::CXXStdInitializerListExpr>(inner)) {
    inner = list->getSubExpr()->IgnoreUnlessSpelledInSource();
  }
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(inner)) return list->getNumInits();
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> loop_count(const clang::Stmt& loop, clang::ASTContext& context) {
  if (const auto* counted = llvm::dyn_cast<clang::ForStmt>(&loop)) {
    return count_for(*counted, context);
  }
  if (const auto* ranged = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop)) {
    return count_range(*ranged, context);
  }
  return std::nullopt;
}

}  // namespace ray::compiler::graph

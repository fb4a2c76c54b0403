#include "compiler/mistakes/body.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

// Statements that stand around a value without using it.
bool is_wrapping(const Stmt& statement) {
  if (llvm::isa<clang::ImplicitCastExpr, clang::ParenExpr, clang::ExprWithCleanups,
                clang::MaterializeTemporaryExpr, clang::CXXBindTemporaryExpr,
                clang::CXXFunctionalCastExpr, clang::ConstantExpr>(statement)) {
    return true;
  }
  const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(&statement);
  return construct != nullptr && construct->getNumArgs() == 1 &&
         construct->getConstructor()->isCopyOrMoveConstructor();
}

// Whether it runs the functions that it is given once for each of several elements, one by one.
bool is_repeating(const clang::CallExpr& call) {
  const clang::NamedDecl* named = call.getDirectCallee();
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call)) {
    if (operation->getOperator() != clang::OO_Call) return false;
    named = named_variable(operation->getArg(0));  // of std::ranges, which are objects
  }
  const bool is_member = llvm::isa_and_nonnull<clang::CXXMethodDecl>(named);
  if (named == nullptr || is_member || outermost_namespace(*named) != "std") return false;
  for (const Expr* argument : call.arguments()) {
    const auto* record = argument->getType()->getAsCXXRecordDecl();
    if (record != nullptr && identifier(*record).ends_with("_policy")) return false;
  }
  const llvm::StringRef name = identifier(*named);
  return name == "for_each" || name == "for_each_n" || name == "transform" || name == "generate" ||
         name == "generate_n";
}

// What a call of the lambda runs; null where that is not one statement.
const Stmt* body_of_lambda(const clang::LambdaExpr& lambda) {
  const Stmt* body = lambda.getBody();
  if (const auto* generic = lambda.getCallOperator()->getDescribedFunctionTemplate()) {
    const auto instances = generic->specializations();
    if (std::distance(instances.begin(), instances.end()) != 1) return nullptr;
    body = (*instances.begin())->getBody();
  }
  return body == nullptr || llvm::isa<clang::CoroutineBodyStmt>(body) ? nullptr : body;
}

bool leaves(const Stmt& statement) {
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&statement)) {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    return callee != nullptr && callee->isNoReturn();
  }
  return llvm::isa<clang::BreakStmt, clang::ReturnStmt, clang::GotoStmt, clang::CoreturnStmt,
                   clang::CXXThrowExpr>(statement);
}

}  // namespace

bool is_loop(const Stmt& statement) {
  return llvm::isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt, clang::CXXForRangeStmt>(
      statement);
}

const Expr& returned_value(const Stmt& statement) {
  if (const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(&statement)) {
    return *returned->getRetValue();
  }
  return *llvm::cast<clang::CoreturnStmt>(statement).getOperand();
}

const Stmt* body_of_loop(const Stmt& loop) {
  if (const auto* counted = llvm::dyn_cast<clang::ForStmt>(&loop)) return counted->getBody();
  if (const auto* ranged = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop)) return ranged->getBody();
  if (const auto* checked = llvm::dyn_cast<clang::WhileStmt>(&loop)) return checked->getBody();
  if (const auto* last = llvm::dyn_cast<clang::DoStmt>(&loop)) return last->getBody();
  return nullptr;
}

bool is_endless(const Stmt& loop, const clang::ASTContext& context) {
  const Expr* condition = nullptr;
  if (const auto* counted = llvm::dyn_cast<clang::ForStmt>(&loop)) {
    if (counted->getCond() == nullptr) return true;
    condition = counted->getCond();
  } else if (const auto* checked = llvm::dyn_cast<clang::WhileStmt>(&loop)) {
    condition = checked->getCond();
  } else if (const auto* last = llvm::dyn_cast<clang::DoStmt>(&loop)) {
    condition = last->getCond();
  }
  bool value = false;
  return condition != nullptr && !condition->isValueDependent() &&
         condition->EvaluateAsBooleanCondition(value, context) && value;
}

Body::Body(const clang::FunctionDecl& function, const Stmt& statement)
    : function_(function), statement_(statement) {
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function)) {
    for (const clang::CXXCtorInitializer* initializer : constructor->inits()) {
      if (initializer->isWritten()) read(*initializer->getInit());
    }
  }
  read(statement);
}

void Body::read(const Stmt& statement) {
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&statement)) {
    read_lambda(*lambda);
    return;
  }
  const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(&statement);
  const bool ends_iteration = returned != nullptr && repeated_depth_ > 0;
  if (leaves(statement) && !ends_iteration) jumps_.push_back(&statement);
  if (returned != nullptr && returned->getRetValue() != nullptr && !ends_iteration) {
    returns_.push_back(returned);
  }
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&statement);
      call != nullptr && is_repeating(*call)) {
    for (const Expr* argument : call->arguments()) {
      const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(bare(argument));
      if (lambda == nullptr) continue;
      if (const Stmt* repeated = body_of_lambda(*lambda)) repeated_[lambda] = repeated;
    }
  }
  if (is_loop(statement)) loops_.push_back(&statement);
  if (const auto* declarations = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
    for (const clang::Decl* declaration : declarations->decls()) {
      const auto* variable = llvm::dyn_cast<VarDecl>(declaration);
      if (variable == nullptr) continue;
      variables_.push_back(variable);
      if (variable->getInit() != nullptr) initialised_[variable->getInit()] = variable;
    }
  }
  if (const auto* coroutine = llvm::dyn_cast<clang::CoroutineBodyStmt>(&statement)) {
    parents_[coroutine->getBody()] = &statement;
    read(*coroutine->getBody());
    return;
  }
  if (const auto* awaited = llvm::dyn_cast<clang::CoroutineSuspendExpr>(&statement)) {
    parents_[awaited->getOperand()] = &statement;
    read(*awaited->getOperand());
    return;
  }
  if (const auto* returned = llvm::dyn_cast<clang::CoreturnStmt>(&statement)) {
    if (returned->getOperand() == nullptr) return;
    returns_.push_back(returned);
    parents_[returned->getOperand()] = &statement;
    read(*returned->getOperand());
    return;
  }
  for (const Stmt* child : statement.children()) {
    if (child == nullptr) continue;
    parents_[child] = &statement;
    read(*child);
  }
  if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(&statement)) {
    references_.push_back(reference);
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&statement)) {
    members_.push_back(member);
  }
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&statement)) {
    calls_.push_back(classify_call(*call));
  }
}

void Body::read_lambda(const clang::LambdaExpr& lambda) {
  const Stmt* repeated = repeated_.lookup(&lambda);
  if (repeated == nullptr) lambdas_.push_back(&lambda);
  const clang::LambdaCapture* capture = lambda.capture_begin();
  for (const Expr* value : lambda.capture_inits()) {
    const bool is_new = capture->capturesVariable() && capture->getCapturedVar()->isInitCapture();
    ++capture;
    if (value == nullptr || (repeated != nullptr && !is_new)) continue;
    parents_[value] = &lambda;
    read(*value);
  }
  if (repeated == nullptr) return;
  parents_[repeated] = &lambda;
  ++repeated_depth_;
  read(*repeated);
  --repeated_depth_;
}

bool Body::is_coroutine() const { return llvm::isa<clang::CoroutineBodyStmt>(statement_); }

const Stmt* Body::parent(const Stmt& statement) const { return parents_.lookup(&statement); }

bool Body::contains(const Stmt& outer, const Stmt& inner) const {
  for (const Stmt* at = &inner; at != nullptr; at = parent(*at)) {
    if (at == &outer) return true;
  }
  return false;
}

const Stmt* Body::loop_of(const Stmt& statement) const {
  const Stmt* child = &statement;
  for (const Stmt* at = parent(statement); at != nullptr; child = at, at = parent(*at)) {
    if (const auto* counted = llvm::dyn_cast<clang::ForStmt>(at)) {
      if (child != counted->getInit()) return at;
    } else if (const auto* ranged = llvm::dyn_cast<clang::CXXForRangeStmt>(at)) {
      if (child == ranged->getBody()) return at;
    } else if (is_loop(*at) || repeated_.lookup(at) == child) {
      return at;
    }
  }
  return nullptr;
}

bool Body::is_in_loop(const Stmt& loop, const Stmt& statement) const {
  for (const Stmt* at = loop_of(statement); at != nullptr; at = loop_of(*at)) {
    if (at == &loop) return true;
  }
  return false;
}

bool Body::is_in_loop_body(const Stmt& loop, const Stmt& statement) const {
  const Stmt* repeated = repeated_.lookup(&loop);
  const Stmt* body = repeated == nullptr ? body_of_loop(loop) : repeated;
  return body != nullptr && contains(*body, statement);
}

bool Body::declares(const Stmt& loop, const clang::ValueDecl& variable) const {
  const clang::SourceLocation place = variable.getLocation();
  const clang::SourceManager& sources = function_.getASTContext().getSourceManager();
  return sources.isPointWithin(sources.getExpansionLoc(place),
                               sources.getExpansionLoc(loop.getBeginLoc()),
                               sources.getExpansionLoc(loop.getEndLoc()));
}

bool Body::is_left_early(const Stmt& loop) const {
  for (const Stmt* jump : jumps_) {
    if (contains(loop, *jump)) return true;
  }
  return false;
}

bool Body::is_tried(const Stmt& statement) const {
  for (const Stmt* at = parent(statement); at != nullptr; at = parent(*at)) {
    if (llvm::isa<clang::CXXTryStmt>(at)) return true;
  }
  return false;
}

bool Body::is_left_after(const Stmt& statement) const {
  for (const Stmt* at = parent(statement); at != nullptr && !is_loop(*at); at = parent(*at)) {
    if (repeated_.contains(at)) break;
    if (!llvm::isa<clang::CompoundStmt>(at)) continue;
    for (const Stmt* jump : jumps_) {
      if (parent(*jump) == at) return true;
    }
  }
  return false;
}

bool Body::always_runs_in(const Stmt& loop, const Stmt& statement) const {
  const Stmt* child = &statement;
  for (const Stmt* at = parent(statement); at != nullptr && at != &loop;
       child = at, at = parent(*at)) {
    if (const auto* branch = llvm::dyn_cast<clang::IfStmt>(at)) {
      if (child == branch->getThen() || child == branch->getElse()) return false;
    } else if (const auto* operation = llvm::dyn_cast<clang::BinaryOperator>(at)) {
      if (operation->isLogicalOp() && child == operation->getRHS()) return false;
    } else if (llvm::isa<clang::SwitchStmt, clang::AbstractConditionalOperator,
                         clang::CXXCatchStmt>(at)) {
      return false;
    }
  }
  return true;
}

bool Body::is_paced(const Stmt& loop) const {
  for (const Call& call : calls_) {
    const clang::FunctionDecl* callee = call.expr->getDirectCallee();
    if (callee == nullptr || !callee->getDeclName().isIdentifier()) continue;
    if (callee->getName().contains("sleep") && contains(loop, *call.expr)) return true;
  }
  return false;
}

const Stmt* Body::user_of(const Stmt& statement) const {
  const Stmt* at = parent(statement);
  while (at != nullptr && is_wrapping(*at)) at = parent(*at);
  return at;
}

const VarDecl* Body::initialises(const Expr& expression) const {
  const Stmt* at = &expression;
  while (at != nullptr) {
    if (const auto* variable = initialised_.lookup(at)) return variable;
    at = parent(*at);
    if (at == nullptr || !is_wrapping(*at)) return nullptr;
  }
  return nullptr;
}

std::vector<const clang::DeclRefExpr*> Body::references_to(const clang::ValueDecl& variable) const {
  std::vector<const clang::DeclRefExpr*> result;
  for (const clang::DeclRefExpr* reference : references_) {
    if (reference->getDecl() == &variable) result.push_back(reference);
  }
  return result;
}

}  // namespace ray::compiler

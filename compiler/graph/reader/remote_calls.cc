#include "compiler/graph/reader/remote_calls.h"

#include <optional>

#include "clang/AST/DeclTemplate.h"

namespace ray::compiler::graph {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;

const FunctionDecl* named_function(const Expr* expression) {
  expression = expression->IgnoreUnlessSpelledInSource();
  if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    expression = address->getSubExpr()->IgnoreUnlessSpelledInSource();
  }
  if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(expression)) {
    return named_function(cast->getSubExpr());
  }
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression);
  return reference == nullptr ? nullptr : llvm::dyn_cast<FunctionDecl>(reference->getDecl());
}

std::optional<Node::Kind> operation_of(CallKind kind) {
  switch (kind) {
    case CallKind::get:
      return Node::Kind::get;
    case CallKind::view:
      return Node::Kind::view;
    case CallKind::wait:
      return Node::Kind::wait;
    case CallKind::put:
      return Node::Kind::put;
    case CallKind::cancel:
      return Node::Kind::cancel;
    case CallKind::kill:
      return Node::Kind::kill;
    default:
      return std::nullopt;
  }
}

}  // namespace

RemoteCall RemoteCalls::recognise(const CallExpr& expr) {
  const Call call = classify_call(expr);
  if (call.submits()) return submission(call);
  RemoteCall result;
  if (call.kind == CallKind::neutral) result.kind = RemoteCall::Kind::neutral;
  const std::optional<Node::Kind> operation = operation_of(call.kind);
  if (!operation) return result;
  result.kind = RemoteCall::Kind::operation;
  result.node = *operation;
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&expr)) {
    result.arguments.push_back(member->getImplicitObjectArgument());
  } else {
    result.arguments = call.arguments().vec();
  }
  return result;
}

RemoteCall RemoteCalls::submission(const Call& call) {
  RemoteCall result;
  result.kind = call.kind == CallKind::actor ? RemoteCall::Kind::create : RemoteCall::Kind::submit;
  result.arguments = call.arguments().vec();
  result.lambda = call.lambda_task();
  result.identity = identities_.of(*call.expr->getDirectCallee());
  if (call.is_plain()) {
    find_plain_callee(call, result);
  } else if (result.identity == nullptr && result.lambda == nullptr) {
    return {};
  }
  if (call.kind == CallKind::method) {
    const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call.expr);
    result.actor = call.handle();
    if (result.actor == nullptr && member != nullptr) {
      result.actor = member->getImplicitObjectArgument();  // options that were kept
    }
  }
  return result;
}

// ray::task(f).remote(...), ray::task(handle, &C::m).remote(...), ray::actor<C>().remote(...)
void RemoteCalls::find_plain_callee(const Call& call, RemoteCall& out) {
  if (call.kind == CallKind::actor) {
    const auto& owner =
        *llvm::cast<clang::CXXMethodDecl>(call.expr->getDirectCallee())->getParent();
    out.actor_class = first_type_argument(owner);
    return;
  }
  out.identity = nullptr;
  const Expr* callee = call.plain_callee();
  if (callee == nullptr) return;
  out.function = named_function(callee);
  // `ray::task(f<int>)`, which has become a call of what lists that instance.
  const auto* listed = llvm::dyn_cast<CallExpr>(callee->IgnoreUnlessSpelledInSource());
  if (listed != nullptr && listed->getDirectCallee() != nullptr) {
    out.identity = identities_.of(*listed->getDirectCallee());
  }
}

}  // namespace ray::compiler::graph

#include "compiler/calls/call.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;

// `x.remote(...)`, by the class of x.
CallKind kind_of_remote(const CXXRecordDecl* record) {
  record = without_signatures(record);
  if (record == nullptr) return CallKind::other;
  if (identifier(*record).ends_with("$proxy")) return CallKind::method;
  if (is_internal_name(*record, "TaskWithOptions") || is_ray_name(*record, "PlainTask") ||
      is_ray_name(*record, "LambdaTask")) {
    return CallKind::task;
  }
  if (is_internal_name(*record, "MethodWithOptions") || is_ray_name(*record, "PlainMethod")) {
    return CallKind::method;
  }
  if (is_internal_name(*record, "ActorWithOptions") || is_ray_name(*record, "PlainActor") ||
      is_remote_class(*record)) {
    return CallKind::actor;
  }
  return is_of_library(*record) ? CallKind::neutral : CallKind::other;
}

CallKind kind_of(const FunctionDecl& function) {
  const llvm::StringRef name = identifier(function);
  if (!stub_of(name).empty()) return name.ends_with("remote") ? CallKind::task : CallKind::neutral;
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(function.getDeclContext());
  if (owner != nullptr && name == "remote") return kind_of_remote(owner);
  if (!is_of_library(function)) return CallKind::other;
  if (owner != nullptr) {
    return name == "get" && is_ray_name(*owner, "ObjectRef") ? CallKind::get : CallKind::neutral;
  }
  if (!is_ray_name(function, name)) return CallKind::neutral;
  return llvm::StringSwitch<CallKind>(name)
      .Case("get", CallKind::get)
      .Case("view", CallKind::view)
      .Case("wait", CallKind::wait)
      .Case("put", CallKind::put)
      .Case("cancel", CallKind::cancel)
      .Case("kill", CallKind::kill)
      .Default(CallKind::neutral);
}

// Behind `.options({...})`, as often as it is there.
const Expr* without_options(const Expr* object) {
  for (;;) {
    object = bare(object);
    const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(object);
    if (call == nullptr || call->getMethodDecl() == nullptr) return object;
    if (identifier(*call->getMethodDecl()) != "options") return object;
    object = call->getImplicitObjectArgument();
  }
}

// The class whose member the call is of; null where it is of none.
const CXXRecordDecl* owner_of(const clang::CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  return callee == nullptr ? nullptr : llvm::dyn_cast<CXXRecordDecl>(callee->getDeclContext());
}

// What the call is made on: behind `.options({...})`.
const Expr* object_of(const clang::CallExpr& call) {
  const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
  return member == nullptr ? nullptr : without_options(member->getImplicitObjectArgument());
}

// The call of ray::task that made the object of the call; null where it was kept in between.
const clang::CallExpr* making_call(const clang::CallExpr& call, llvm::StringRef owner_name) {
  const CXXRecordDecl* owner = owner_of(call);
  if (owner == nullptr || !is_ray_name(*owner, owner_name)) return nullptr;
  return llvm::dyn_cast_or_null<clang::CallExpr>(object_of(call));
}

}  // namespace

Call classify_call(const clang::CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  return {&call, callee == nullptr ? CallKind::other : kind_of(*callee)};
}

llvm::StringRef Call::name() const {
  const FunctionDecl* callee = expr->getDirectCallee();
  const llvm::StringRef own = callee == nullptr ? "" : stub_of(identifier(*callee));
  if (!own.empty()) return own;
  const CXXRecordDecl* record = owner_of(*expr);
  if (record == nullptr) return "";
  if (const CXXRecordDecl* set = configured_set(*record)) {
    return kind == CallKind::method ? identifier(*set).split('$').first : "";
  }
  llvm::StringRef proxy = identifier(*record);
  return proxy.consume_back("$proxy") ? proxy : "";
}

const Expr* Call::handle() const {
  if (kind != CallKind::method) return nullptr;
  if (const clang::CallExpr* made = making_call(*expr, "PlainMethod")) {
    return made->getNumArgs() == 0 ? nullptr : made->getArg(0);
  }
  // handle . <the union> . m
  const Expr* object = object_of(*expr);
  while (const auto* outer = llvm::dyn_cast_or_null<clang::MemberExpr>(object)) {
    object = outer->getBase()->IgnoreUnlessSpelledInSource();
    const clang::QualType type = object->getType();
    if (actor_class(type) != nullptr || type->isPointerType()) return object;
  }
  return nullptr;
}

llvm::ArrayRef<const Expr*> Call::arguments() const {
  const llvm::ArrayRef<const Expr*> all(expr->getArgs(), expr->getNumArgs());
  return llvm::isa<clang::CXXOperatorCallExpr>(expr) ? all.drop_front() : all;
}

const Expr* Call::subject() const {
  if (kind != CallKind::get) return nullptr;
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(expr)) {
    return member->getImplicitObjectArgument();
  }
  unsigned given = 0;
  for (const Expr* argument : arguments()) given += !llvm::isa<clang::CXXDefaultArgExpr>(argument);
  return given == 1 ? expr->getArg(0) : nullptr;
}

bool Call::is_plain() const {
  const CXXRecordDecl* owner = owner_of(*expr);
  return owner != nullptr &&
         (is_ray_name(*owner, "PlainTask") || is_ray_name(*owner, "PlainMethod") ||
          is_ray_name(*owner, "PlainActor"));
}

const Expr* Call::plain_callee() const {
  if (const clang::CallExpr* made = making_call(*expr, "PlainTask")) {
    return made->getNumArgs() == 1 ? made->getArg(0) : nullptr;
  }
  const clang::CallExpr* made = making_call(*expr, "PlainMethod");
  return made != nullptr && made->getNumArgs() == 2 ? made->getArg(1) : nullptr;
}

const Expr* Call::lambda_task() const {
  const CXXRecordDecl* owner = owner_of(*expr);
  return owner != nullptr && compiler::lambda_task(*owner) != nullptr ? object_of(*expr) : nullptr;
}

const Expr* bare(const Expr* expression) {
  for (;;) {
    expression = expression->IgnoreUnlessSpelledInSource();
    const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(expression);
    if (construct == nullptr || construct->getNumArgs() != 1 ||
        !construct->getConstructor()->isCopyOrMoveConstructor()) {
      return expression;
    }
    expression = construct->getArg(0);
  }
}

const clang::VarDecl* named_variable(const Expr* expression) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(bare(expression));
  return reference == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(reference->getDecl());
}

std::vector<const Expr*> captured_values(const clang::CallExpr& making) {
  std::vector<const Expr*> result;
  for (const Expr* argument : making.arguments()) {
    const auto* call = llvm::dyn_cast<clang::CallExpr>(bare(argument));
    const FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
    if (callee == nullptr || !is_internal_name(*callee, "captured")) continue;
    result.insert(result.end(), call->arg_begin(), call->arg_end());
  }
  return result;
}

}  // namespace ray::compiler

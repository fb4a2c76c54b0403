#include "compiler/graph/reader/remote_calls.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler::graph {
namespace {

using clang::CallExpr;
using clang::CXXMemberCallExpr;
using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;

// From a stub to the call that registers its identity.
constexpr int kStubDepthMax = 8;

llvm::StringRef name_of(const clang::NamedDecl& declaration) {
  return declaration.getIdentifier() == nullptr ? "" : declaration.getName();
}

// `f.remote` and `f.options`, as the syntax tree has them; where it was read from a precompiled
// header they hold a '$'.
bool is_stub(llvm::StringRef name, llvm::StringRef of) {
  return name.consume_back(of) && (name.ends_with(".") || name.ends_with("$"));
}

// `submit<F>(...)` and its siblings: F.
const CXXRecordDecl* submitted_identity(const FunctionDecl& callee) {
  const bool is_one = llvm::StringSwitch<bool>(name_of(callee))
                          .Cases("submit", "submit_method", "create_actor", "listed", true)
                          .Default(false);
  const clang::TemplateArgumentList* arguments = callee.getTemplateSpecializationArgs();
  if (!is_one || !RefTypes::is_internal(callee) || arguments == nullptr || arguments->size() == 0) {
    return nullptr;
  }
  const clang::TemplateArgument& first = arguments->get(0);
  if (first.getKind() != clang::TemplateArgument::Type) return nullptr;
  const CXXRecordDecl* record = first.getAsType()->getAsCXXRecordDecl();
  // Those that stand for functions that were not annotated are the library's own.
  return record == nullptr || RefTypes::is_internal(*record) ? nullptr : record;
}

// Whether an identity is a constructor's or a method's: it names the class.
bool is_of_object(const CXXRecordDecl& identity) {
  for (const clang::Decl* member : identity.decls()) {
    const auto* alias = llvm::dyn_cast<clang::TypedefNameDecl>(member);
    if (alias != nullptr && alias->getName() == "object") return true;
  }
  return false;
}

// Behind `.options({...})`, as often as it is there.
const Expr* without_options(const Expr* object) {
  for (;;) {
    object = object->IgnoreUnlessSpelledInSource();
    const auto* call = llvm::dyn_cast<CXXMemberCallExpr>(object);
    if (call == nullptr || call->getMethodDecl() == nullptr) return object;
    if (name_of(*call->getMethodDecl()) != "options") return object;
    object = call->getImplicitObjectArgument();
  }
}

// `handle` of `handle.method`, the proxy that the call is made on.
const Expr* proxied_actor(const Expr* proxy) {
  proxy = without_options(proxy);
  for (;;) {
    proxy = proxy->IgnoreUnlessSpelledInSource();
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(proxy);
    if (member == nullptr || RefTypes::is_single(proxy->getType())) return proxy;
    proxy = member->getBase();
    if (proxy->getType()->isPointerType()) return proxy;
  }
}

void add_arguments(const CallExpr& call, RemoteCall& result) {
  const bool is_operator = llvm::isa<clang::CXXOperatorCallExpr>(call);
  for (unsigned i = is_operator ? 1 : 0; i < call.getNumArgs(); ++i) {
    result.arguments.push_back(call.getArg(i));
  }
}

RemoteCall neutral() {
  RemoteCall result;
  result.kind = RemoteCall::Kind::neutral;
  return result;
}

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

}  // namespace

RemoteCall RemoteCalls::recognise(const CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) return {};
  const llvm::StringRef name = name_of(*callee);
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(callee);
  if (is_stub(name, "remote")) return recognise_stub(call, *callee);
  if (is_stub(name, "options")) return neutral();
  if (method != nullptr && name == "remote") {
    const CXXRecordDecl& owner = *method->getParent();
    const auto* member_call = llvm::dyn_cast<CXXMemberCallExpr>(&call);
    if (RefTypes::is_of_library(owner) && name_of(owner).starts_with("Plain") &&
        member_call != nullptr) {
      return recognise_plain(*member_call, owner);
    }
    if (RefTypes::is_of_library(owner) && name_of(owner) == "LambdaTask" &&
        member_call != nullptr) {
      RemoteCall result;
      result.kind = RemoteCall::Kind::submit;
      result.lambda = member_call->getImplicitObjectArgument();
      add_arguments(call, result);
      return result;
    }
    RemoteCall result = recognise_stub(call, *callee);
    if (result.identity != nullptr || RefTypes::is_of_library(owner)) return result;
  }
  if (!RefTypes::is_of_library(*callee)) return {};
  return recognise_library(call, *callee);
}

RemoteCall RemoteCalls::recognise_stub(const CallExpr& call, const FunctionDecl& callee) {
  RemoteCall result;
  result.identity = identity_of(callee);
  if (result.identity == nullptr) return {};
  const bool is_constructor = name_of(*result.identity).starts_with("new$");
  result.kind = is_constructor ? RemoteCall::Kind::create : RemoteCall::Kind::submit;
  add_arguments(call, result);
  const auto* member_call = llvm::dyn_cast<CXXMemberCallExpr>(&call);
  if (member_call == nullptr || is_constructor) return result;
  if (is_of_object(*result.identity)) {
    result.actor = proxied_actor(member_call->getImplicitObjectArgument());
  }
  return result;
}

// ray::task(f).remote(...), ray::task(handle, &C::m).remote(...), ray::actor<C>().remote(...)
RemoteCall RemoteCalls::recognise_plain(const CXXMemberCallExpr& call, const CXXRecordDecl& owner) {
  RemoteCall result;
  add_arguments(call, result);
  const auto* special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&owner);
  if (name_of(owner) == "PlainActor" && special != nullptr) {
    result.kind = RemoteCall::Kind::create;
    result.actor_class = special->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
    if (call.getDirectCallee() != nullptr) result.identity = identity_of(*call.getDirectCallee());
    return result;
  }
  result.kind = RemoteCall::Kind::submit;
  const auto* made = llvm::dyn_cast<CallExpr>(without_options(call.getImplicitObjectArgument()));
  if (made == nullptr || made->getNumArgs() == 0) return result;
  const bool is_method = made->getNumArgs() == 2;
  if (is_method) result.actor = made->getArg(0);
  const Expr* callee = made->getArg(is_method ? 1 : 0);
  result.function = named_function(callee);
  // `ray::task(f<int>)`, which has become a call of what lists that instance.
  const auto* listed = llvm::dyn_cast<CallExpr>(callee->IgnoreUnlessSpelledInSource());
  if (listed != nullptr && listed->getDirectCallee() != nullptr) {
    result.identity = identity_of(*listed->getDirectCallee());
  }
  return result;
}

RemoteCall RemoteCalls::recognise_library(const CallExpr& call, const FunctionDecl& callee) {
  using Kind = Node::Kind;
  RemoteCall result;
  const bool is_member = llvm::isa<clang::CXXMethodDecl>(callee);
  const auto kind = llvm::StringSwitch<std::optional<Kind>>(name_of(callee))
                        .Case("put", Kind::put)
                        .Case("get", Kind::get)
                        .Case("view", Kind::view)
                        .Case("wait", Kind::wait)
                        .Case("cancel", Kind::cancel)
                        .Case("kill", Kind::kill)
                        .Default(std::nullopt);
  const auto* member_call = llvm::dyn_cast<CXXMemberCallExpr>(&call);
  const bool is_of_ref = is_member && kind == Kind::get && member_call != nullptr &&
                         RefTypes::is_single(member_call->getObjectType());
  if (!kind || (is_member && !is_of_ref)) return neutral();
  result.kind = RemoteCall::Kind::operation;
  result.node = *kind;
  if (is_of_ref) {
    result.arguments.push_back(member_call->getImplicitObjectArgument());
  } else {
    add_arguments(call, result);
  }
  return result;
}

const CXXRecordDecl* RemoteCalls::identity_of(const FunctionDecl& stub) {
  const auto [found, is_new] = identities_.emplace(&stub, nullptr);
  if (!is_new) return found->second;
  const FunctionDecl* definition = nullptr;
  const clang::Stmt* body = stub.getBody(definition);
  const CXXRecordDecl* result = find_identity(body, 0);
  identities_[&stub] = result;
  return result;
}

const CXXRecordDecl* RemoteCalls::find_identity(const clang::Stmt* body, int depth) {
  if (body == nullptr || depth > kStubDepthMax) return nullptr;
  if (const auto* call = llvm::dyn_cast<CallExpr>(body)) {
    if (const FunctionDecl* callee = call->getDirectCallee()) {
      if (const CXXRecordDecl* identity = submitted_identity(*callee)) return identity;
      const bool leads_on =
          llvm::StringSwitch<bool>(name_of(*callee))
              .Cases("submit_selected", "create_selected", "submit_method_selected", "remote", true)
              .Default(false);
      const FunctionDecl* definition = nullptr;
      if (leads_on) {
        if (const auto* found = find_identity(callee->getBody(definition), depth + 1)) return found;
      }
    }
  }
  for (const clang::Stmt* child : body->children()) {
    if (const CXXRecordDecl* found = find_identity(child, depth)) return found;
  }
  return nullptr;
}

}  // namespace ray::compiler::graph

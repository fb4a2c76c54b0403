#include "compiler/mistakes/quick_calls.h"

#include "clang/Basic/SourceManager.h"

namespace ray::compiler {
namespace {

bool is_quick(const clang::FunctionDecl& callee, const clang::ASTContext& context) {
  const auto* member = llvm::dyn_cast<clang::CXXMethodDecl>(&callee);
  if (member != nullptr && given_field(*member) != nullptr) return true;
  if (!context.getSourceManager().isInSystemHeader(callee.getLocation())) return false;
  if (outermost_namespace(callee) != "std") return is_of_library(callee);
  if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&callee)) {
    const llvm::StringRef name = method->getParent()->getName();
    for (const char* part : {"stream", "buf", "lock", "mutex", "condition", "semaphore", "latch",
                             "barrier", "future", "promise", "thread", "function", "file"}) {
      if (name.contains(part)) return false;
    }
    return true;
  }
  return !callee.getDeclName().isIdentifier()
             ? callee.getOverloadedOperator() != clang::OO_GreaterGreater
             : callee.getName() != "getline" && callee.getName() != "system";
}

}  // namespace

const clang::FieldDecl* given_field(const clang::CXXMethodDecl& method) {
  const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(method.getBody());
  const clang::QualType result = method.getReturnType();
  if (body == nullptr || body->size() != 1 || method.isVirtual() || !method.isConst() ||
      method.getNumParams() != 0 || !result->isReferenceType() ||
      !result.getNonReferenceType().isConstQualified() || method.getParent()->isInStdNamespace()) {
    return nullptr;
  }
  const auto* give = llvm::dyn_cast<clang::ReturnStmt>(body->body_front());
  if (give == nullptr || give->getRetValue() == nullptr) return nullptr;
  const auto* member =
      llvm::dyn_cast<clang::MemberExpr>(give->getRetValue()->IgnoreParenImpCasts());
  const bool is_own =
      member != nullptr && llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
  return is_own ? llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl()) : nullptr;
}

bool makes_only_quick_calls(const Body& body, const clang::Stmt& loop,
                            const clang::ASTContext& context) {
  for (const Call& call : body.calls()) {
    if (call.kind != CallKind::other || !body.contains(loop, *call.expr)) continue;
    const clang::FunctionDecl* callee = call.expr->getDirectCallee();
    if (callee == nullptr || !is_quick(*callee, context)) return false;
  }
  return true;
}

}  // namespace ray::compiler

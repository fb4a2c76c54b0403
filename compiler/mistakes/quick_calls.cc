#include "compiler/mistakes/quick_calls.h"

#include "clang/Basic/SourceManager.h"

namespace ray::compiler {
namespace {

bool is_quick(const clang::FunctionDecl& callee, const clang::ASTContext& context) {
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

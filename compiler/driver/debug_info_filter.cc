#include "compiler/driver/debug_info_filter.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler {

bool DebugInfoFilter::VisitFunctionDecl(clang::FunctionDecl* function) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  // A remote lambda is the user's, though its brackets are rewritten.
  const bool is_of_lambda = method != nullptr && method->getParent()->isLambda();
  if (is_of_lambda || function->hasAttr<clang::NoDebugAttr>()) return true;
  if (context_.getSourceManager().isInSystemHeader(function->getLocation())) return true;
  if (is_generated_(function->getLocation())) {
    function->addAttr(clang::NoDebugAttr::CreateImplicit(context_));
  }
  return true;
}

}  // namespace ray::compiler

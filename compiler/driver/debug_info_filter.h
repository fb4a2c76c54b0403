// DebugInfoFilter takes generated functions out of the debug information: they bear the lines of
// what they were made for, and a debugger would stop in them where the user asked for a line of
// their own.
//
// Threading: one thread; once a translation unit, under -g.
#pragma once

#include <functional>
#include <utility>

#include "clang/AST/RecursiveASTVisitor.h"

namespace ray::compiler {

class DebugInfoFilter : public clang::RecursiveASTVisitor<DebugInfoFilter> {
 public:
  using IsGenerated = std::function<bool(clang::SourceLocation)>;

  DebugInfoFilter(clang::ASTContext& context, IsGenerated is_generated)
      : context_(context), is_generated_(std::move(is_generated)) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; }
  bool VisitFunctionDecl(clang::FunctionDecl* function);

 private:
  clang::ASTContext& context_;
  IsGenerated is_generated_;
};

}  // namespace ray::compiler

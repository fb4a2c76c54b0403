// LambdaChecker refuses, in the second pass, what of a remote lambda cannot travel: parameters,
// captures and results, as the first pass does of functions, whose bodies it does not read.
//
// Threading: one thread. It reports at once, through the context's DiagnosticsEngine.
#pragma once

#include <set>
#include <string>

#include "clang/AST/ExprCXX.h"
#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

class LambdaChecker {
 public:
  explicit LambdaChecker(clang::ASTContext& context) : context_(context) {}

  // `making`: the call of ray::remote that is given `lambda`.
  void check(const clang::CallExpr& making, const clang::LambdaExpr& lambda);

  // The classes of those that had an error.
  const std::set<const clang::CXXRecordDecl*>& refused() const { return refused_; }

 private:
  void check_capture(const clang::Expr& value, llvm::StringRef name);  // "": one of a pack
  void check_parameter(const clang::ParmVarDecl& parameter, unsigned number);
  void check_result(const clang::CallExpr& making, const clang::CXXMethodDecl& function);
  // That `what` cannot travel, if its type tells so.
  void check_type(const std::string& what, clang::QualType type, clang::SourceLocation place);
  void report(DiagnosticKind kind, clang::SourceLocation place, const std::string& message,
              const std::string& note);

  clang::ASTContext& context_;
  std::set<const clang::CXXRecordDecl*> refused_;
  bool has_error_ = false;
};

}  // namespace ray::compiler

// SiteChecker verifies, in the second pass, that each rewritten call calls what the user named: a
// nearer local, parameter or member of that name is an error, never a silent call of something
// else. And that remote lambdas can be told apart.
//
// Threading: one thread. It reports at once, through the context's DiagnosticsEngine.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

class SiteChecker : public clang::RecursiveASTVisitor<SiteChecker> {
  using Base = RecursiveASTVisitor<SiteChecker>;

 public:
  explicit SiteChecker(clang::ASTContext& context) : context_(context) {}

  // For RecursiveASTVisitor.
  bool shouldVisitTemplateInstantiations() const { return false; }
  bool TraverseDecl(clang::Decl* declaration);
  bool TraverseStmt(clang::Stmt* statement);
  bool VisitVarDecl(clang::VarDecl* variable);
  bool VisitDeclRefExpr(clang::DeclRefExpr* reference);
  bool VisitCallExpr(clang::CallExpr* call);
  bool VisitUnresolvedLookupExpr(clang::UnresolvedLookupExpr* lookup);

 private:
  void check_name(llvm::StringRef stub, clang::SourceLocation place, const clang::NamedDecl* found);
  void check_class(const clang::DeclRefExpr& reference);
  void report(DiagnosticKind kind, clang::SourceLocation place, const std::string& error,
              clang::SourceLocation about, const std::string& note);

  clang::ASTContext& context_;
  std::vector<const clang::VarDecl*> locals_;  // those in scope, the nearest last
  std::vector<const clang::CXXRecordDecl*> classes_;
  // Where remote lambdas have been expanded to, and from.
  std::set<std::pair<clang::SourceLocation, clang::SourceLocation>> lambdas_;
};

}  // namespace ray::compiler

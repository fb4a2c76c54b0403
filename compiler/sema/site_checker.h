// SiteChecker verifies, in the second pass, that each rewritten call calls what the user named: a
// nearer local, parameter, member or name of a namespace is an error, never a silent call of
// something else. And that remote lambdas can be told apart, and travel.
//
// Threading: one thread. It reports at once, through the context's DiagnosticsEngine.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/model/diagnostic_kind.h"
#include "compiler/sema/lambda_checker.h"

namespace ray::compiler {

class SiteChecker : public clang::RecursiveASTVisitor<SiteChecker> {
  using Base = RecursiveASTVisitor<SiteChecker>;

 public:
  explicit SiteChecker(clang::ASTContext& context) : context_(context), lambda_checker_(context) {}

  // The classes of lambdas that had an error.
  const std::set<const clang::CXXRecordDecl*>& refused_lambdas() const {
    return lambda_checker_.refused();
  }

  // For RecursiveASTVisitor.
  bool shouldVisitTemplateInstantiations() const { return false; }
  bool TraverseDecl(clang::Decl* declaration);
  bool TraverseStmt(clang::Stmt* statement);
  bool VisitVarDecl(clang::VarDecl* variable);
  bool VisitBindingDecl(clang::BindingDecl* binding);
  bool VisitNonTypeTemplateParmDecl(clang::NonTypeTemplateParmDecl* parameter);
  bool VisitUsingDecl(clang::UsingDecl* declaration);
  bool VisitDeclRefExpr(clang::DeclRefExpr* reference);
  bool VisitCallExpr(clang::CallExpr* call);
  bool VisitUnresolvedLookupExpr(clang::UnresolvedLookupExpr* lookup);

 private:
  // `found` is what was found for the stub, a using-declaration's shadow for example.
  void check_name(llvm::StringRef stub, clang::SourceLocation place, const clang::NamedDecl* found);
  const clang::NamedDecl* find_local(llvm::StringRef name, const clang::NamedDecl* found) const;
  // A member, or what a namespace holds, nearer than `found`.
  const clang::NamedDecl* find_outside(clang::DeclarationName name,
                                       const clang::NamedDecl* found) const;
  void check_class(const clang::DeclRefExpr& reference);
  void report(DiagnosticKind kind, clang::SourceLocation place, const std::string& error,
              clang::SourceLocation about, const std::string& note);

  clang::ASTContext& context_;
  LambdaChecker lambda_checker_;
  std::vector<const clang::NamedDecl*> locals_;  // those in scope, the nearest last
  const clang::DeclContext* scope_ = nullptr;    // of the function or the variable around
  // Where remote lambdas have been expanded to, and from.
  std::set<std::pair<clang::SourceLocation, clang::SourceLocation>> lambdas_;
};

}  // namespace ray::compiler

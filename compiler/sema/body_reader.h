// BodyReader collects the BodyFacts of a translation unit: what its lambdas capture by `[=]`, those
// of templates in any of their instances, and which variables have a `.remote` of their own.
//
// Limits: what only an uninstantiated template could tell of captures is not there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/model/body_facts.h"

namespace ray::compiler {

class BodyReader : public clang::RecursiveASTVisitor<BodyReader> {
 public:
  // The path and the offset of a location, if it is known.
  using Places = std::function<std::optional<SourcePlace>(clang::SourceLocation)>;

  explicit BodyReader(Places places) : places_(std::move(places)) {}

  BodyFacts take();

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitLambdaExpr(clang::LambdaExpr* lambda);
  bool VisitRecoveryExpr(clang::RecoveryExpr* broken);
  bool VisitMemberExpr(clang::MemberExpr* member);
  bool VisitUnresolvedMemberExpr(clang::UnresolvedMemberExpr* member);
  bool VisitCXXDependentScopeMemberExpr(clang::CXXDependentScopeMemberExpr* member);

 private:
  struct Found {
    ImplicitCaptures captures;
    std::set<std::string> packs;  // those that the body names
  };

  // Takes note of `object.name`, where the object is a variable's name.
  void add_call(const clang::Expr& object, const clang::DeclarationName& name);

  Places places_;
  std::map<std::pair<std::string, std::size_t>, Found> found_;  // by path and offset
  BodyFacts facts_;                                             // but for captures
};

}  // namespace ray::compiler

#include "compiler/sema/body_reader.h"

#include <algorithm>

namespace ray::compiler {
namespace {

// In an instance there are the elements of a pack, each by its name: only the template tells.
class PackFinder : public clang::RecursiveASTVisitor<PackFinder> {
 public:
  explicit PackFinder(std::set<std::string>& names) : names_(names) {}

  bool VisitDeclRefExpr(clang::DeclRefExpr* reference) {
    if (reference->getDecl()->isParameterPack()) {
      names_.insert(reference->getDecl()->getNameAsString());
    }
    return true;
  }

 private:
  std::set<std::string>& names_;
};

}  // namespace

bool BodyReader::VisitLambdaExpr(clang::LambdaExpr* lambda) {
  if (lambda->getCaptureDefault() != clang::LCD_ByCopy) return true;
  const auto place = places_(lambda->getIntroducerRange().getBegin());
  if (!place) return true;
  Found& entry = found_[{place->path, place->offset}];
  if (lambda->getBody() != nullptr) PackFinder(entry.packs).TraverseStmt(lambda->getBody());
  ImplicitCaptures& found = entry.captures;
  found.place = *place;
  for (const clang::LambdaCapture& capture : lambda->implicit_captures()) {
    if (capture.capturesThis() && !found.has_this) {
      found.has_this = true;
      found.use_of_this = places_(capture.getLocation()).value_or(*place);
    }
    if (!capture.capturesVariable()) continue;
    const clang::ValueDecl* variable = capture.getCapturedVar();
    const std::string name = variable->getNameAsString();
    const bool is_known =
        std::any_of(found.names.begin(), found.names.end(),
                    [&](const ImplicitCaptures::Name& other) { return other.name == name; });
    if (!is_known) found.names.push_back({name});
  }
  return true;
}

void BodyReader::add_call(const clang::Expr& object, const clang::DeclarationName& name) {
  const clang::IdentifierInfo* identifier = name.getAsIdentifierInfo();
  if (identifier == nullptr || !(identifier->isStr("remote") || identifier->isStr("options"))) {
    return;
  }
  const clang::Expr* named = object.IgnoreImplicit();
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(named);
  const bool is_name =
      llvm::isa<clang::DeclRefExpr>(named) || (member != nullptr && member->isImplicitAccess());
  if (!is_name || named->getType()->isFunctionType()) return;
  if (auto place = places_(named->getBeginLoc())) calls_of_variables_.push_back(*place);
}

bool BodyReader::VisitMemberExpr(clang::MemberExpr* member) {
  if (!member->isImplicitAccess()) {
    add_call(*member->getBase(), member->getMemberDecl()->getDeclName());
  }
  return true;
}

bool BodyReader::VisitUnresolvedMemberExpr(clang::UnresolvedMemberExpr* member) {
  if (!member->isImplicitAccess()) add_call(*member->getBase(), member->getMemberName());
  return true;
}

bool BodyReader::VisitCXXDependentScopeMemberExpr(clang::CXXDependentScopeMemberExpr* member) {
  if (!member->isImplicitAccess()) add_call(*member->getBase(), member->getMember());
  return true;
}

BodyFacts BodyReader::take() {
  BodyFacts result;
  for (auto& [place, found] : found_) {
    for (ImplicitCaptures::Name& name : found.captures.names) {
      name.is_pack = found.packs.count(name.name) != 0;
    }
    result.captures.push_back(std::move(found.captures));
  }
  result.calls_of_variables = std::move(calls_of_variables_);
  return result;
}

}  // namespace ray::compiler

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
  clang::SourceLocation location;
  if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(named)) {
    if (!named->getType()->isFunctionType()) location = reference->getLocation();
  } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(named)) {
    // Of this object, maybe in an anonymous union of it.
    const clang::SourceLocation begin =
        member->hasQualifier() ? member->getQualifierLoc().getBeginLoc() : member->getMemberLoc();
    if (member->getBeginLoc() == begin) location = member->getMemberLoc();
  }
  if (auto place = places_(location)) facts_.calls_of_variables.push_back(*place);
}

// What is left of `f.remote`, as a function has no members.
bool BodyReader::VisitRecoveryExpr(clang::RecoveryExpr* broken) {
  if (broken->subExpressions().size() != 1) return true;
  const clang::Expr* named = broken->subExpressions().front();
  clang::SourceLocation location;
  if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(named)) {
    if (named->getType()->isFunctionType()) location = reference->getLocation();
  } else if (const auto* lookup = llvm::dyn_cast<clang::UnresolvedLookupExpr>(named)) {
    location = lookup->getNameLoc();
  }
  if (auto place = places_(location)) facts_.calls_of_functions.push_back(*place);
  return true;
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
  BodyFacts result = std::move(facts_);
  for (auto& [place, found] : found_) {
    for (ImplicitCaptures::Name& name : found.captures.names) {
      name.is_pack = found.packs.count(name.name) != 0;
    }
    result.captures.push_back(std::move(found.captures));
  }
  return result;
}

}  // namespace ray::compiler

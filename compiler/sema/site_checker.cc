#include "compiler/sema/site_checker.h"

#include "clang/AST/CXXInheritance.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/calls/library.h"
#include "compiler/diagnostics/named_report.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

// A member of that name, its own or a base's.
const clang::NamedDecl* find_member(const CXXRecordDecl& record, clang::DeclarationName name) {
  for (const clang::NamedDecl* member : record.lookup(name)) return member;
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr || (definition = definition->getDefinition()) == nullptr) continue;
    if (const clang::NamedDecl* member = find_member(*definition, name)) return member;
  }
  return nullptr;
}

bool opens_scope(const clang::Stmt* statement) {
  return llvm::isa_and_nonnull<clang::CompoundStmt, clang::ForStmt, clang::CXXForRangeStmt,
                               clang::IfStmt, clang::WhileStmt, clang::SwitchStmt,
                               clang::CXXCatchStmt, clang::LambdaExpr>(statement);
}

}  // namespace

bool SiteChecker::TraverseDecl(clang::Decl* declaration) {
  const std::size_t locals = locals_.size();
  const std::size_t classes = classes_.size();
  if (auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(declaration)) {
    for (const clang::DeclContext* outer = method->getParent(); outer != nullptr;
         outer = outer->getParent()) {
      if (const auto* record = llvm::dyn_cast<CXXRecordDecl>(outer)) classes_.push_back(record);
    }
  }
  const bool goes_on = Base::TraverseDecl(declaration);
  if (llvm::isa_and_nonnull<clang::FunctionDecl>(declaration)) locals_.resize(locals);
  classes_.resize(classes);
  return goes_on;
}

bool SiteChecker::TraverseStmt(clang::Stmt* statement) {
  const std::size_t locals = locals_.size();
  const bool goes_on = Base::TraverseStmt(statement);
  if (opens_scope(statement)) locals_.resize(locals);
  return goes_on;
}

bool SiteChecker::VisitVarDecl(clang::VarDecl* variable) {
  if (variable->isLocalVarDeclOrParm() && variable->getIdentifier() != nullptr) {
    locals_.push_back(variable);
  }
  return true;
}

bool SiteChecker::VisitDeclRefExpr(clang::DeclRefExpr* reference) {
  if (!reference->getDecl()->getDeclName().isIdentifier()) return true;
  if (reference->hasQualifier()) {
    check_class(*reference);
  } else {
    check_name(reference->getDecl()->getName(), reference->getLocation(), reference->getDecl());
  }
  return true;
}

// A lambda is known by its place: one that a macro repeats is not known.
bool SiteChecker::VisitCallExpr(clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr || call->getNumArgs() == 0 || !is_ray_name(*callee, "remote")) return true;
  const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(
      call->getArg(call->getNumArgs() - 1)->IgnoreUnlessSpelledInSource());
  if (lambda == nullptr || !lambda->getBeginLoc().isMacroID()) return true;
  const clang::SourceManager& sources = context_.getSourceManager();
  const clang::SourceLocation place = sources.getExpansionLoc(lambda->getBeginLoc());
  const clang::SourceLocation written = sources.getSpellingLoc(lambda->getBeginLoc());
  if (lambdas_.emplace(place, written).second) return true;
  report(DiagnosticKind::macro_declaration, place,
         "a macro writes a remote lambda twice here: the two cannot be told apart", written,
         "it is this lambda: write it out for each of its tasks");
  return true;
}

bool SiteChecker::VisitUnresolvedLookupExpr(clang::UnresolvedLookupExpr* lookup) {
  if (lookup->getQualifier() == nullptr && lookup->getName().isIdentifier()) {
    const clang::NamedDecl* found = lookup->getNumDecls() == 0 ? nullptr : *lookup->decls_begin();
    check_name(lookup->getName().getAsIdentifierInfo()->getName(), lookup->getNameLoc(), found);
  }
  return true;
}

void SiteChecker::check_name(llvm::StringRef stub, clang::SourceLocation place,
                             const clang::NamedDecl* found) {
  const llvm::StringRef name = stub_of(stub);
  if (name.empty()) return;
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
    if ((*local)->getName() != name) continue;
    report(
        DiagnosticKind::hidden_name, place,
        "'" + name.str() + "' is a local name here, which hides the remote function",
        (*local)->getLocation(),
        "it is declared here: rename one of the two, or write the function's name with its scope");
    return;
  }
  for (const CXXRecordDecl* record : classes_) {
    if (found != nullptr && found->getDeclContext()->Equals(record)) return;
    const auto identifier = clang::DeclarationName(&context_.Idents.get(name));
    const clang::NamedDecl* member = find_member(*record, identifier);
    if (member == nullptr) continue;
    // A remote static member of a base.
    if (found != nullptr && found->getDeclContext()->Equals(member->getDeclContext())) return;
    report(DiagnosticKind::hidden_name, place,
           "'" + name.str() + "' is a member here, which hides the remote function",
           member->getLocation(),
           "it is declared here: write 'this->" + name.str() +
               ".remote(...)' for the member, or the function's name with its scope");
    return;
  }
}

// `B::remote` makes a B: where it is inherited, it would make something else.
void SiteChecker::check_class(const clang::DeclRefExpr& reference) {
  const llvm::StringRef name = reference.getDecl()->getName();
  if (name != "remote" && name != "options") return;
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(reference.getDecl()->getDeclContext());
  const clang::Type* type = reference.getQualifier()->getAsType();
  if (owner == nullptr || type == nullptr) return;
  const CXXRecordDecl* named = type->getAsCXXRecordDecl();
  if (named == nullptr || named->getCanonicalDecl() == owner->getCanonicalDecl()) return;
  if (!is_remote_class(*owner)) return;
  report(DiagnosticKind::base_not_remote, reference.getQualifierLoc().getBeginLoc(),
         "'" + named->getNameAsString() + "' is not a remote class: '" + name.str() +
             "' is that of its base '" + owner->getNameAsString() + "'",
         named->getLocation(), "annotate '" + named->getNameAsString() + "' with [[ray::remote]]");
}

void SiteChecker::report(DiagnosticKind kind, clang::SourceLocation place, const std::string& error,
                         clang::SourceLocation about, const std::string& note) {
  clang::DiagnosticsEngine& engine = context_.getDiagnostics();
  compiler::report(engine, place, kind, error);
  report_note(engine, about, note);
}

}  // namespace ray::compiler

#include "compiler/sema/site_checker.h"

#include "clang/AST/CXXInheritance.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/calls/library.h"
#include "compiler/diagnostics/named_report.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;

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
  const clang::DeclContext* scope = scope_;
  const auto* function = llvm::dyn_cast_or_null<FunctionDecl>(declaration);
  const auto* variable = llvm::dyn_cast_or_null<clang::VarDecl>(declaration);
  if (function != nullptr || (variable != nullptr && variable->isFileVarDecl()) ||
      llvm::isa_and_nonnull<clang::FieldDecl>(declaration)) {
    scope_ = declaration->getDeclContext();
  }
  const bool goes_on = Base::TraverseDecl(declaration);
  if (function != nullptr || llvm::isa_and_nonnull<clang::TemplateDecl>(declaration)) {
    locals_.resize(locals);
  }
  scope_ = scope;
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

bool SiteChecker::VisitBindingDecl(clang::BindingDecl* binding) {
  if (binding->getDeclContext()->isFunctionOrMethod()) locals_.push_back(binding);
  return true;
}

bool SiteChecker::VisitNonTypeTemplateParmDecl(clang::NonTypeTemplateParmDecl* parameter) {
  if (parameter->getIdentifier() != nullptr) locals_.push_back(parameter);
  return true;
}

bool SiteChecker::VisitUsingDecl(clang::UsingDecl* declaration) {
  const bool is_local = declaration->getDeclContext()->isFunctionOrMethod();
  if (is_local && declaration->getDeclName().isIdentifier()) locals_.push_back(declaration);
  return true;
}

bool SiteChecker::VisitDeclRefExpr(clang::DeclRefExpr* reference) {
  if (!reference->getDecl()->getDeclName().isIdentifier()) return true;
  if (reference->hasQualifier()) {
    check_class(*reference);
  } else {
    check_name(reference->getDecl()->getName(), reference->getLocation(),
               reference->getFoundDecl());
  }
  return true;
}

// A lambda is known by its place: one that a macro repeats is not known.
bool SiteChecker::VisitCallExpr(clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr || call->getNumArgs() == 0 || !is_ray_name(*callee, "remote")) return true;
  const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(
      call->getArg(call->getNumArgs() - 1)->IgnoreUnlessSpelledInSource());
  if (lambda == nullptr) return true;
  lambda_checker_.check(*call, *lambda);
  if (!lambda->getBeginLoc().isMacroID()) return true;
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

const clang::NamedDecl* SiteChecker::find_local(llvm::StringRef name,
                                                const clang::NamedDecl* found) const {
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
    if ((*local)->getName() != name) continue;
    // A using-declaration of a remote function is one of its stubs, too.
    const bool names_both = llvm::isa<clang::UsingDecl>(*local) && found != nullptr &&
                            found->getDeclContext()->isFunctionOrMethod();
    return names_both ? nullptr : *local;
  }
  return nullptr;
}

const clang::NamedDecl* SiteChecker::find_outside(clang::DeclarationName name,
                                                  const clang::NamedDecl* found) const {
  if (found == nullptr || found->getDeclContext()->isFunctionOrMethod()) return nullptr;
  const clang::DeclContext* home = found->getDeclContext()->getRedeclContext();
  for (const clang::DeclContext* scope = scope_; scope != nullptr; scope = scope->getParent()) {
    if (const auto* record = llvm::dyn_cast<CXXRecordDecl>(scope)) {
      const clang::NamedDecl* member = find_member(*record, name);
      if (member == nullptr && !home->Equals(record)) continue;
      // The other one may be a remote static member of a base.
      return member == nullptr || home->Equals(member->getDeclContext()) || home->Equals(record)
                 ? nullptr
                 : member;
    }
    if (scope->Encloses(home)) return nullptr;
    if (!scope->isFileContext()) continue;
    for (const clang::NamedDecl* there : scope->getRedeclContext()->lookup(name)) {
      const clang::NamedDecl* meant = there->getUnderlyingDecl();
      if (llvm::isa<clang::ValueDecl, clang::FunctionTemplateDecl>(meant)) return there;
    }
  }
  return nullptr;
}

void SiteChecker::check_name(llvm::StringRef stub, clang::SourceLocation place,
                             const clang::NamedDecl* found) {
  const std::string name = stub_of(stub).str();
  if (name.empty()) return;
  const clang::NamedDecl* local = find_local(name, found);
  const clang::NamedDecl* nearer =
      local != nullptr ? local
                       : find_outside(clang::DeclarationName(&context_.Idents.get(name)), found);
  if (nearer == nullptr) return;
  const bool is_function = nearer->getUnderlyingDecl()->isFunctionOrFunctionTemplate();
  const std::string kind = local != nullptr             ? "a local name"
                           : nearer->isCXXClassMember() ? "a member"
                           : is_function                ? "another function"
                                                        : "a variable";
  report(
      DiagnosticKind::hidden_name, place,
      "'" + name + "' is " + kind + " here, which hides the remote function", nearer->getLocation(),
      "it is declared here: " +
          std::string(is_function ? "annotate it with [[ray::remote]]" : "rename one of the two") +
          ", or write the remote function's name with its scope");
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

#include "compiler/driver/derived_instances.h"

#include <cstddef>
#include <utility>

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Sema/Lookup.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

// A template or a namespace that is declared there, in inline namespaces too, or null.
template <class D>
D* find(clang::Sema& sema, clang::DeclContext& scope, const char* name) {
  clang::LookupResult found(sema, &sema.Context.Idents.get(name), clang::SourceLocation(),
                            clang::Sema::LookupOrdinaryName);
  found.suppressDiagnostics();
  sema.LookupQualifiedName(found, &scope);
  return found.isSingleResult() ? llvm::dyn_cast<D>(found.getFoundDecl()) : nullptr;
}

clang::ClassTemplateDecl* find_lister(clang::Sema& sema) {
  clang::DeclContext* scope = sema.Context.getTranslationUnitDecl();
  for (const char* name : {"ray", "internal"}) {
    auto* space = find<clang::NamespaceDecl>(sema, *scope, name);
    if (space == nullptr) return nullptr;
    scope = space;
  }
  return find<clang::ClassTemplateDecl>(sema, *scope, "RegisterDerived");
}

// Those bases of `record`, near and far, that have virtual functions.
void add_bases(const CXXRecordDecl& record, llvm::SmallVectorImpl<clang::QualType>& out) {
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (base.isVirtual() || base.getAccessSpecifier() != clang::AS_public) continue;
    if (definition == nullptr || !definition->isPolymorphic()) continue;
    const clang::ASTContext& context = record.getASTContext();
    if (context.getSourceManager().isInSystemHeader(definition->getLocation())) continue;
    out.push_back(context.getTypeDeclType(definition));
    add_bases(*definition, out);
  }
}

bool is_listed(const CXXRecordDecl& record) {
  if (record.isInvalidDecl() || record.isDependentContext() || !record.hasDefinition())
    return false;
  if (!record.isPolymorphic() || record.isAbstract() || record.getNumBases() == 0) return false;
  if (record.getParentFunctionOrMethod() != nullptr || record.isLambda()) return false;
  return !record.getASTContext().getSourceManager().isInSystemHeader(record.getLocation());
}

}  // namespace

void DerivedInstances::add(clang::TagDecl& declaration) {
  auto* record = llvm::dyn_cast<CXXRecordDecl>(&declaration);
  if (record == nullptr) return;
  // An explicit specialisation is a class that the first pass sees.
  if (clang::isTemplateInstantiation(record->getTemplateSpecializationKind())) {
    instances_.push_back(record);
  }
}

void DerivedInstances::ReadPendingInstantiations(
    llvm::SmallVectorImpl<std::pair<clang::ValueDecl*, clang::SourceLocation>>&) {
  if (!is_compiled_() || sema_->getDiagnostics().hasErrorOccurred()) return;
  clang::ClassTemplateDecl* lister = find_lister(*sema_);
  if (lister == nullptr) return;
  sema_->PerformPendingInstantiations();  // what is in functions makes instances too
  // What lists them makes more.
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    if (is_listed(*instances_[i])) list(*instances_[i], *lister);
  }
  instances_.clear();
}

void DerivedInstances::list(CXXRecordDecl& record, clang::ClassTemplateDecl& lister) {
  clang::ASTContext& context = sema_->Context;
  llvm::SmallVector<clang::QualType, 4> classes{context.getTypeDeclType(&record)};
  add_bases(record, classes);
  if (classes.size() == 1) return;
  const clang::SourceLocation place = record.getLocation();
  clang::TemplateArgumentListInfo arguments(place, place);
  for (const clang::QualType type : classes) {
    arguments.addArgument(
        clang::TemplateArgumentLoc(type, context.getTrivialTypeSourceInfo(type, place)));
  }
  const clang::QualType type =
      sema_->CheckTemplateIdType(clang::TemplateName(&lister), place, arguments);
  if (type.isNull() || !sema_->isCompleteType(place, type)) return;
  for (clang::Decl* member : type->getAsCXXRecordDecl()->decls()) {
    auto* added = llvm::dyn_cast<clang::VarDecl>(member);
    if (added != nullptr) sema_->MarkVariableReferenced(place, added);
  }
}

}  // namespace ray::compiler

#include "compiler/driver/access_befriender.h"

#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/frontend/record_marker.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace ray::compiler {
namespace {

// ray::access, whichever inline namespace of ray holds it.
bool is_access(const clang::CXXRecordDecl& record) {
  if (record.getName() != "access") return false;
  const clang::DeclContext* context = record.getDeclContext();
  while (context->isInlineNamespace()) context = context->getParent();
  const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context);
  return space != nullptr && space->getName() == "ray" &&
         space->getDeclContext()->getRedeclContext()->isTranslationUnit();
}

// An implicit specialisation gets its friends from the template.
bool has_pattern(const clang::CXXRecordDecl& record) {
  const auto* specialization = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  return specialization != nullptr &&
         specialization->getSpecializationKind() != clang::TSK_ExplicitSpecialization;
}

}  // namespace

void AccessBefriender::add(clang::TagDecl& declaration) {
  auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(&declaration);
  if (record == nullptr || record->getIdentifier() == nullptr) return;
  if (access_.isNull() && is_access(*record)) {
    access_ = context_.getTypeDeclType(record);
    for (clang::CXXRecordDecl* earlier : waiting_) befriend(*earlier);
    waiting_.clear();
    return;
  }
  if (record->isUnion() || record->isLambda() || has_pattern(*record)) return;
  if (context_.getSourceManager().isInSystemHeader(record->getLocation())) return;
  if (access_.isNull()) {
    waiting_.push_back(record);
  } else {
    befriend(*record);
  }
}

void AccessBefriender::befriend(clang::CXXRecordDecl& record) {
  const clang::SourceLocation place = record.getLocation();
  auto* declaration = clang::FriendDecl::Create(
      context_, &record, place, context_.getTrivialTypeSourceInfo(access_, place), place);
  declaration->setAccess(clang::AS_public);
  declaration->setImplicit();
  record.addDecl(declaration);
  // A local class cannot travel.
  if (is_marked(record) && record.getParentFunctionOrMethod() == nullptr) mark(record);
  // What has no name is known to be a field's class, and no anonymous struct, by now.
  llvm::SmallPtrSet<clang::CXXRecordDecl*, 4> unnamed;
  for (const clang::FieldDecl* field : record.fields()) {
    clang::CXXRecordDecl* type =
        context_.getBaseElementType(field->getType())->getAsCXXRecordDecl();
    if (type == nullptr || type->getDeclContext() != &record || !is_unnamed_member(*type)) continue;
    if (unnamed.insert(type).second) befriend(*type);
  }
}

void AccessBefriender::mark(clang::CXXRecordDecl& record) {
  const std::string name = marker_name(record, context_.getSourceManager());
  add_type(record, name, context_.getTypeDeclType(&record));
  unsigned index = 0;
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const std::string base_name = name + base_marker_suffix(index++);
    if (!base.isPackExpansion()) add_type(record, base_name, base.getType());
  }
}

void AccessBefriender::add_type(clang::CXXRecordDecl& record, const std::string& name,
                                clang::QualType type) {
  const clang::SourceLocation place = record.getLocation();
  auto* declaration =
      clang::TypedefDecl::Create(context_, &record, place, place, &context_.Idents.get(name),
                                 context_.getTrivialTypeSourceInfo(type, place));
  declaration->setAccess(clang::AS_public);
  declaration->setImplicit();
  record.addDecl(declaration);
}

}  // namespace ray::compiler

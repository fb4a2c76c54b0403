#include "compiler/graph/reader/ref_types.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/calls/library.h"

namespace ray::compiler::graph {

using clang::CXXRecordDecl;
using clang::QualType;

bool RefTypes::is_of_system(const clang::Decl& declaration) const {
  return context_.getSourceManager().isInSystemHeader(declaration.getLocation());
}

bool RefTypes::holds_refs(QualType type) {
  if (type.isNull()) return false;
  type = type.getCanonicalType().getNonReferenceType();
  while (type->isPointerType() || type->isArrayType()) {
    type = type->isPointerType() ? type->getPointeeType()
                                 : QualType(type->getArrayElementTypeNoTypeQual(), 0);
    type = type.getCanonicalType();
  }
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return false;
  const clang::Type* key = type.getTypePtr();
  const auto [found, is_new] = known_.emplace(key, false);  // false within itself
  if (!is_new) return found->second;
  const bool result = is_ref_or_handle(type) || is_stream(type) || is_wait_result(type) ||
                      record_holds_refs(*record);
  known_[key] = result;
  return result;
}

bool RefTypes::record_holds_refs(const CXXRecordDecl& record) {
  if (record.isLambda()) return false;
  if (const auto* special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record)) {
    for (const clang::TemplateArgument& argument : special->getTemplateArgs().asArray()) {
      if (argument.getKind() == clang::TemplateArgument::Type && holds_refs(argument.getAsType())) {
        return true;
      }
      if (argument.getKind() != clang::TemplateArgument::Pack) continue;
      for (const clang::TemplateArgument& element : argument.getPackAsArray()) {
        if (element.getKind() == clang::TemplateArgument::Type && holds_refs(element.getAsType())) {
          return true;
        }
      }
    }
  }
  // What the standard library has inside is told by its arguments.
  if (is_of_system(record) || !record.hasDefinition()) return false;
  for (const clang::FieldDecl* field : record.getDefinition()->fields()) {
    if (holds_refs(field->getType())) return true;
  }
  for (const clang::CXXBaseSpecifier& base : record.getDefinition()->bases()) {
    if (holds_refs(base.getType())) return true;
  }
  return false;
}

std::string RefTypes::name(QualType type) const {
  return value_type_name(type, context_.getLangOpts());
}

}  // namespace ray::compiler::graph

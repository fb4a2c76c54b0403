#include "compiler/sema/own_codec.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;

clang::DeclContext::lookup_result look_up(const clang::DeclContext& scope, llvm::StringRef name,
                                          clang::ASTContext& context) {
  return scope.lookup(clang::DeclarationName(&context.Idents.get(name)));
}

// A function that can be given any archive, which makes it a template, with `parameters` or more.
const FunctionDecl* as_cereal(const clang::NamedDecl& found, unsigned parameters) {
  const FunctionDecl* function = found.getUnderlyingDecl()->getAsFunction();
  if (function == nullptr || function->getDescribedFunctionTemplate() == nullptr) return nullptr;
  return function->getNumParams() < parameters ? nullptr : function;
}

// That of `record` or of a base of it.
const FunctionDecl* find_member(const CXXRecordDecl& record, llvm::StringRef name) {
  for (const clang::NamedDecl* found : look_up(record, name, record.getASTContext())) {
    if (const FunctionDecl* function = as_cereal(*found, 1)) return function;
  }
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr || !definition->hasDefinition()) continue;
    if (const FunctionDecl* function = find_member(*definition->getDefinition(), name)) {
      return function;
    }
  }
  return nullptr;
}

// One in the namespace of `record` that takes it second.
const FunctionDecl* find_free(const CXXRecordDecl& record, llvm::StringRef name) {
  const clang::DeclContext& scope = *record.getDeclContext()->getEnclosingNamespaceContext();
  for (const clang::NamedDecl* found : look_up(scope, name, record.getASTContext())) {
    const FunctionDecl* function = as_cereal(*found, 2);
    if (function == nullptr) continue;
    const auto* second =
        function->getParamDecl(1)->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (second != nullptr && second->getCanonicalDecl() == record.getCanonicalDecl()) {
      return function;
    }
  }
  return nullptr;
}

const FunctionDecl* find_cereal(const CXXRecordDecl& record) {
  if (const FunctionDecl* function = find_member(record, "serialize")) return function;
  const FunctionDecl* save = find_member(record, "save");
  if (save != nullptr && find_member(record, "load") != nullptr) return save;
  if (const FunctionDecl* function = find_member(record, "save_minimal")) return function;
  if (const FunctionDecl* function = find_free(record, "serialize")) return function;
  return find_free(record, "save");
}

// What `record` is an instance of, or the pattern of; or null.
const clang::ClassTemplateDecl* template_of(const CXXRecordDecl& record) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  return instance != nullptr ? instance->getSpecializedTemplate()
                             : record.getDescribedClassTemplate();
}

std::optional<OwnCodec> find_specialisation(const clang::ClassTemplateDecl& codec,
                                            const CXXRecordDecl& record) {
  for (const clang::ClassTemplateSpecializationDecl* specialisation : codec.specializations()) {
    if (!specialisation->isExplicitSpecialization()) continue;
    const auto* type = specialisation->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
    if (type == nullptr || type->getCanonicalDecl() != record.getCanonicalDecl()) continue;
    return OwnCodec{"ray::codec", specialisation->getLocation()};
  }
  llvm::SmallVector<clang::ClassTemplatePartialSpecializationDecl*, 4> partial;
  const_cast<clang::ClassTemplateDecl&>(codec).getPartialSpecializations(partial);
  std::optional<OwnCodec> conditional;
  for (const clang::ClassTemplatePartialSpecializationDecl* each : partial) {
    const clang::QualType type = each->getTemplateArgs()[0].getAsType();
    if (type->isTemplateTypeParmType()) {
      conditional = OwnCodec{"ray::codec", each->getLocation(), false, true};
      continue;
    }
    const auto* of = type->getAs<clang::TemplateSpecializationType>();
    const clang::ClassTemplateDecl* pattern = template_of(record);
    if (of == nullptr || pattern == nullptr) continue;
    const clang::TemplateDecl* named = of->getTemplateName().getAsTemplateDecl();
    if (named == nullptr || named->getCanonicalDecl() != pattern->getCanonicalDecl()) continue;
    return OwnCodec{"ray::codec", each->getLocation()};
  }
  return conditional;
}

std::optional<OwnCodec> find_codec(const CXXRecordDecl& record) {
  clang::ASTContext& context = record.getASTContext();
  for (const clang::NamedDecl* space : look_up(*context.getTranslationUnitDecl(), "ray", context)) {
    const auto* ray = llvm::dyn_cast<clang::NamespaceDecl>(space);
    if (ray == nullptr) continue;
    for (const clang::NamedDecl* found : look_up(*ray, "codec", context)) {
      const auto* codec = llvm::dyn_cast<clang::ClassTemplateDecl>(found);
      if (codec == nullptr) continue;
      if (auto specialisation = find_specialisation(*codec, record)) return specialisation;
    }
  }
  return std::nullopt;
}

bool derives_from_message(const CXXRecordDecl& record) {
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition != nullptr && definition->hasDefinition() &&
        (definition->getQualifiedNameAsString() == "google::protobuf::Message" ||
         derives_from_message(*definition->getDefinition()))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<OwnCodec> find_own_codec(const CXXRecordDecl& record) {
  std::optional<OwnCodec> codec = find_codec(record);
  if ((codec && !codec->is_conditional) || !record.hasDefinition()) return codec;
  if (derives_from_message(record)) return OwnCodec{"SerializeToArray", record.getLocation()};
  const FunctionDecl* function = find_cereal(record);
  if (function == nullptr) return codec;
  const auto* member = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  OwnCodec own{function->getNameAsString(), function->getLocation()};
  own.is_inherited =
      member != nullptr && member->getParent()->getCanonicalDecl() != record.getCanonicalDecl();
  return own;
}

}  // namespace ray::compiler

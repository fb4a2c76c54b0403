#include "compiler/calls/own_codec.h"

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

// That of `record`, or the one of its bases; none that another member hides, nor one of several.
const FunctionDecl* find_member(const CXXRecordDecl& record, llvm::StringRef name) {
  const auto members = look_up(record, name, record.getASTContext());
  for (const clang::NamedDecl* found : members) {
    if (const FunctionDecl* function = as_cereal(*found, 1)) return function;
  }
  const FunctionDecl* result = nullptr;
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (!members.empty() || definition == nullptr || !definition->hasDefinition()) continue;
    const FunctionDecl* function = find_member(*definition->getDefinition(), name);
    if (function != nullptr && result != nullptr && function != result) return nullptr;
    if (function != nullptr) result = function;
  }
  return result;
}

// What `record` is an instance of, or the pattern of; or null.
const clang::ClassTemplateDecl* template_of(const CXXRecordDecl& record) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  return instance != nullptr ? instance->getSpecializedTemplate()
                             : record.getDescribedClassTemplate();
}

// Whether `type`, in which template parameters may stand, is that of `record`.
bool can_be(clang::QualType type, const CXXRecordDecl& record) {
  if (const auto* exact = type->getAsCXXRecordDecl()) {
    return exact->getCanonicalDecl() == record.getCanonicalDecl();
  }
  const auto* of = type->getAs<clang::TemplateSpecializationType>();
  const clang::ClassTemplateDecl* pattern = template_of(record);
  if (of == nullptr || pattern == nullptr) return false;
  const clang::TemplateDecl* named = of->getTemplateName().getAsTemplateDecl();
  return named != nullptr && named->getCanonicalDecl() == pattern->getCanonicalDecl();
}

struct FreeFunction {
  const FunctionDecl* function = nullptr;
  const CXXRecordDecl* taken = nullptr;  // what it takes: the class, or a base of it
};

// One in the namespace of `record` that takes it second, or one that takes a base of it.
FreeFunction find_free(const CXXRecordDecl& record, llvm::StringRef name) {
  const clang::DeclContext& scope = *record.getDeclContext()->getEnclosingNamespaceContext();
  for (const clang::NamedDecl* found : look_up(scope, name, record.getASTContext())) {
    const FunctionDecl* function = as_cereal(*found, 2);
    if (function == nullptr) continue;
    if (can_be(function->getParamDecl(1)->getType().getNonReferenceType(), record)) {
      return {function, &record};
    }
  }
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (base.getAccessSpecifier() != clang::AS_public) continue;
    if (definition == nullptr || !definition->hasDefinition()) continue;
    const FreeFunction found = find_free(*definition->getDefinition(), name);
    if (found.function != nullptr) return found;
  }
  return {};
}

std::optional<OwnCodec> find_cereal(const CXXRecordDecl& record) {
  const auto is_member = [&](const char* name) { return find_member(record, name) != nullptr; };
  const char* member = is_member("save") && is_member("load") ? "save"
                       : is_member("save_minimal")            ? "save_minimal"
                                                              : "serialize";
  FreeFunction found{find_member(record, member), nullptr};
  if (found.function != nullptr) {
    found.taken = llvm::cast<clang::CXXMethodDecl>(found.function)->getParent();
  }
  for (const char* name : {"save", "save_minimal", "serialize"}) {
    if (found.function == nullptr) found = find_free(record, name);
  }
  if (found.function == nullptr) return std::nullopt;
  OwnCodec own{found.function->getNameAsString(), found.function->getLocation()};
  const bool is_own = found.taken->getCanonicalDecl() == record.getCanonicalDecl();
  own.inherited_from = is_own ? nullptr : found.taken;
  own.function = found.function;
  return own;
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
      conditional = OwnCodec{"ray::codec", each->getLocation(), nullptr, true};
      continue;
    }
    if (can_be(type, record)) return OwnCodec{"ray::codec", each->getLocation()};
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
  const std::optional<OwnCodec> cereal = find_cereal(record);
  return cereal ? cereal : codec;
}

}  // namespace ray::compiler

#include "compiler/calls/library.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "compiler/model/type_spelling.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::NamedDecl;

bool is_in_ray(const clang::DeclContext* context) {
  while (context->isInlineNamespace()) context = context->getParent();
  const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context);
  return space != nullptr && space->getName() == "ray" &&
         space->getDeclContext()->isTranslationUnit();
}

const clang::ClassTemplateSpecializationDecl* specialization_of(clang::QualType type) {
  return llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl());
}

bool is_instance_of(clang::QualType type, llvm::StringRef name) {
  const auto* record = specialization_of(type);
  return record != nullptr && is_ray_name(*record, name);
}

}  // namespace

llvm::StringRef identifier(const NamedDecl& declaration) {
  return declaration.getDeclName().isIdentifier() ? declaration.getName() : "";
}

bool is_ray_name(const NamedDecl& declaration, llvm::StringRef name) {
  return identifier(declaration) == name && is_in_ray(declaration.getDeclContext());
}

bool is_internal_name(const NamedDecl& declaration, llvm::StringRef name) {
  const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(declaration.getDeclContext());
  return identifier(declaration) == name && space != nullptr && space->getName() == "internal" &&
         is_in_ray(space->getDeclContext());
}

bool is_std_name(const NamedDecl& declaration, llvm::StringRef name) {
  return identifier(declaration) == name && declaration.isInStdNamespace();
}

llvm::StringRef outermost_namespace(const clang::Decl& declaration) {
  const clang::DeclContext* outermost = nullptr;
  for (const clang::DeclContext* context = declaration.getDeclContext(); context != nullptr;
       context = context->getParent()) {
    if (context->isNamespace()) outermost = context;
  }
  const auto* space = llvm::dyn_cast_or_null<clang::NamespaceDecl>(outermost);
  return space == nullptr ? "" : space->getName();
}

bool is_of_library(const clang::Decl& declaration) {
  return outermost_namespace(declaration) == "ray";
}

bool is_internal(const clang::Decl& declaration) {
  for (const clang::DeclContext* context = declaration.getDeclContext(); context != nullptr;
       context = context->getParent()) {
    const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context);
    if (space != nullptr && space->getName() == "internal") return is_of_library(*space);
  }
  return false;
}

bool is_object_ref(clang::QualType type) { return is_instance_of(type, "ObjectRef"); }

bool is_ray_task(clang::QualType type) { return is_instance_of(type, "Task"); }

bool is_vector_of_refs(clang::QualType type) {
  const auto* record = specialization_of(type);
  return record != nullptr && is_std_name(*record, "vector") &&
         is_object_ref(record->getTemplateArgs()[0].getAsType());
}

const CXXRecordDecl* actor_class(clang::QualType type) {
  if (!is_instance_of(type, "ActorHandle")) return nullptr;
  return specialization_of(type)->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
}

bool is_ref_or_handle(clang::QualType type) {
  return is_object_ref(type) || is_instance_of(type, "ActorHandle");
}

bool is_wait_result(clang::QualType type) { return is_instance_of(type, "WaitResult"); }

bool is_stream(clang::QualType type) { return is_instance_of(type, "ObjectRefGenerator"); }

bool is_remote_class(const CXXRecordDecl& record) {
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return false;
  clang::ASTContext& context = definition->getASTContext();
  return !definition->lookup(clang::DeclarationName(&context.Idents.get("ray$methods"))).empty();
}

bool is_remote_constructor(const clang::CXXConstructorDecl& constructor) {
  return !constructor.isImplicit() && constructor.getAccess() == clang::AS_public &&
         !constructor.isDeleted() && !constructor.hasAttr<clang::UnavailableAttr>() &&
         !constructor.isCopyOrMoveConstructor() && !constructor.isConsteval() &&
         !constructor.isVariadic();
}

bool is_remote_method(const clang::CXXMethodDecl& method) {
  return method.isInstance() && !method.isImplicit() && !method.isDeleted() &&
         !method.hasAttr<clang::UnavailableAttr>() && method.getAccess() == clang::AS_public &&
         method.getDeclName().isIdentifier() &&
         method.getRefQualifier() != clang::RQ_RValue &&  // an actor is never about to go
         !method.hasCXXExplicitFunctionObjectParameter() && !method.isVariadic() &&
         !method.isConsteval();
}

std::vector<const clang::CXXConstructorDecl*> remote_constructors(const CXXRecordDecl& record) {
  std::vector<const clang::CXXConstructorDecl*> result;
  for (const clang::CXXConstructorDecl* own : record.ctors()) {
    if (is_remote_constructor(*own)) result.push_back(own);
  }
  const auto is_hidden = [&](const clang::CXXConstructorDecl& inherited) {
    return llvm::any_of(record.ctors(), [&](const clang::CXXConstructorDecl* own) {
      return !own->isImplicit() && own->parameters().size() == inherited.parameters().size() &&
             llvm::equal(own->parameters(), inherited.parameters(), [&](auto* a, auto* b) {
               return record.getASTContext().hasSameUnqualifiedType(a->getType(), b->getType());
             });
    });
  };
  for (const clang::Decl* member : record.decls()) {
    const auto* shadow = llvm::dyn_cast<clang::ConstructorUsingShadowDecl>(member);
    if (shadow == nullptr) continue;
    const auto* inherited = llvm::dyn_cast<clang::CXXConstructorDecl>(shadow->getTargetDecl());
    if (inherited != nullptr && is_remote_constructor(*inherited) &&
        !inherited->isDefaultConstructor() && !is_hidden(*inherited)) {
      result.push_back(inherited);
    }
  }
  return result;
}

llvm::StringRef stub_of(llvm::StringRef name) {
  for (const char* suffix : {".remote", ".options", "$remote", "$options"}) {
    if (name.consume_back(suffix)) return name;
  }
  return "";
}

std::string value_type_name(clang::QualType type, const clang::LangOptions& language) {
  const clang::PrintingPolicy policy(language);
  return with_std_names(
      type.getNonReferenceType().getCanonicalType().getUnqualifiedType().getAsString(policy));
}

const CXXRecordDecl* first_type_argument(const CXXRecordDecl& record) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr || instance->getTemplateArgs().size() == 0) return nullptr;
  const clang::TemplateArgument& argument = instance->getTemplateArgs()[0];
  return argument.getKind() == clang::TemplateArgument::Type
             ? argument.getAsType()->getAsCXXRecordDecl()
             : nullptr;
}

const CXXRecordDecl* without_signatures(const CXXRecordDecl* record) {
  while (record != nullptr && (is_internal_name(*record, "WithSignatures") ||
                               is_internal_name(*record, "WithSignature"))) {
    record = first_type_argument(*record);
  }
  return record;
}

const CXXRecordDecl* configured_set(const CXXRecordDecl& record) {
  const CXXRecordDecl* at = without_signatures(&record);
  const bool is_configured = at != nullptr && (is_internal_name(*at, "TaskWithOptions") ||
                                               is_internal_name(*at, "ActorWithOptions") ||
                                               is_internal_name(*at, "MethodWithOptions"));
  return is_configured ? first_type_argument(*at) : nullptr;
}

const CXXRecordDecl* lambda_task(const CXXRecordDecl& record) {
  const CXXRecordDecl* at = without_signatures(&record);
  return at != nullptr && is_ray_name(*at, "LambdaTask") ? at : nullptr;
}

}  // namespace ray::compiler

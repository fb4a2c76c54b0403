#include "compiler/mistakes/vocabulary.h"

#include "clang/AST/DeclTemplate.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;
using clang::NamedDecl;

bool is_in_ray(const clang::DeclContext* context) {
  while (context->isInlineNamespace()) context = context->getParent();
  const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context);
  return space != nullptr && space->getName() == "ray" &&
         space->getDeclContext()->isTranslationUnit();
}

// Of ray::internal.
bool is_internal_name(const NamedDecl& declaration, llvm::StringRef name) {
  const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(declaration.getDeclContext());
  return declaration.getDeclName().isIdentifier() && declaration.getName() == name &&
         space != nullptr && space->getName() == "internal" && is_in_ray(space->getDeclContext());
}

llvm::StringRef identifier(const NamedDecl& declaration) {
  return declaration.getDeclName().isIdentifier() ? declaration.getName() : "";
}

const CXXRecordDecl* first_type_argument(const CXXRecordDecl& record) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr || instance->getTemplateArgs().size() == 0) return nullptr;
  const clang::TemplateArgument& argument = instance->getTemplateArgs()[0];
  return argument.getKind() == clang::TemplateArgument::Type
             ? argument.getAsType()->getAsCXXRecordDecl()
             : nullptr;
}

CallKind kind_of_remote(const FunctionDecl& function) {
  const auto* record = llvm::dyn_cast<CXXRecordDecl>(function.getDeclContext());
  // Behind `.options(...)`: one signature stands before what takes anything.
  while (record != nullptr && is_internal_name(*record, "WithSignature")) {
    record = first_type_argument(*record);
  }
  if (record == nullptr) return CallKind::other;
  if (identifier(*record).ends_with("$proxy")) return CallKind::method;
  if (is_internal_name(*record, "TaskWithOptions") || is_ray_name(*record, "PlainTask")) {
    return CallKind::task;
  }
  if (is_internal_name(*record, "MethodWithOptions") || is_ray_name(*record, "PlainMethod")) {
    return CallKind::method;
  }
  if (is_internal_name(*record, "ActorWithOptions") || is_ray_name(*record, "PlainActor") ||
      is_remote_class(*record)) {
    return CallKind::actor;
  }
  return CallKind::other;
}

CallKind kind_of(const FunctionDecl& function) {
  const llvm::StringRef name = identifier(function);
  if (name.ends_with("remote") && !stub_of(name).empty()) return CallKind::task;
  if (name == "remote") return kind_of_remote(function);
  if (name == "get") {
    const auto* record = llvm::dyn_cast<CXXRecordDecl>(function.getDeclContext());
    const bool is_ref = record != nullptr && is_ray_name(*record, "ObjectRef");
    return is_ref || is_ray_name(function, "get") ? CallKind::get : CallKind::other;
  }
  if (is_ray_name(function, "wait")) return CallKind::wait;
  if (is_ray_name(function, "put")) return CallKind::put;
  return CallKind::other;
}

const clang::ClassTemplateSpecializationDecl* specialization_of(clang::QualType type) {
  return llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      type.getNonReferenceType()->getAsCXXRecordDecl());
}

}  // namespace

const CXXRecordDecl* configured_set(const CXXRecordDecl& record) {
  const CXXRecordDecl* at = &record;
  while (at != nullptr &&
         (is_internal_name(*at, "WithSignatures") || is_internal_name(*at, "WithSignature"))) {
    at = first_type_argument(*at);
  }
  const bool is_configured = at != nullptr && (is_internal_name(*at, "TaskWithOptions") ||
                                               is_internal_name(*at, "ActorWithOptions") ||
                                               is_internal_name(*at, "MethodWithOptions"));
  return is_configured ? first_type_argument(*at) : nullptr;
}

bool is_ray_name(const NamedDecl& declaration, llvm::StringRef name) {
  return identifier(declaration) == name && is_in_ray(declaration.getDeclContext());
}

bool is_std_name(const NamedDecl& declaration, llvm::StringRef name) {
  return identifier(declaration) == name && declaration.isInStdNamespace();
}

bool is_remote_class(const CXXRecordDecl& record) {
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return false;
  clang::ASTContext& context = definition->getASTContext();
  return !definition->lookup(clang::DeclarationName(&context.Idents.get("ray$methods"))).empty();
}

bool is_object_ref(clang::QualType type) {
  const auto* record = specialization_of(type);
  return record != nullptr && is_ray_name(*record, "ObjectRef");
}

bool is_ray_task(clang::QualType type) {
  const auto* record = specialization_of(type);
  return record != nullptr && is_ray_name(*record, "Task");
}

bool is_vector_of_refs(clang::QualType type) {
  const auto* record = specialization_of(type);
  return record != nullptr && is_std_name(*record, "vector") &&
         is_object_ref(record->getTemplateArgs()[0].getAsType());
}

const CXXRecordDecl* actor_class(clang::QualType type) {
  const auto* record = specialization_of(type);
  if (record == nullptr || !is_ray_name(*record, "ActorHandle")) return nullptr;
  return record->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
}

llvm::StringRef stub_of(llvm::StringRef name) {
  for (const char* suffix : {".remote", ".options", "$remote", "$options"}) {
    if (name.consume_back(suffix)) return name;
  }
  return "";
}

Call classify_call(const clang::CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  return {&call, callee == nullptr ? CallKind::other : kind_of(*callee)};
}

llvm::StringRef Call::name() const {
  const FunctionDecl* callee = expr->getDirectCallee();
  const llvm::StringRef own = callee == nullptr ? "" : stub_of(identifier(*callee));
  if (!own.empty()) return own;
  const auto* record =
      callee == nullptr ? nullptr : llvm::dyn_cast<CXXRecordDecl>(callee->getDeclContext());
  llvm::StringRef proxy = record == nullptr ? "" : identifier(*record);
  return proxy.consume_back("$proxy") ? proxy : "";
}

const clang::Expr* Call::handle() const {
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(expr->getCallee()->IgnoreParenImpCasts());
  if (kind != CallKind::method || member == nullptr) return nullptr;
  // handle . <the union> . m . remote
  const clang::Expr* object = bare(member->getBase());
  while (const auto* outer = llvm::dyn_cast<clang::MemberExpr>(object)) {
    object = bare(outer->getBase());
    if (actor_class(object->getType()) != nullptr) return object;
  }
  return nullptr;
}

llvm::ArrayRef<const clang::Expr*> Call::arguments() const {
  return llvm::ArrayRef(expr->getArgs(), expr->getNumArgs());
}

const clang::Expr* Call::subject() const {
  if (kind != CallKind::get) return nullptr;
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(expr)) {
    return member->getImplicitObjectArgument();
  }
  unsigned given = 0;
  for (const clang::Expr* argument : arguments()) {
    given += !llvm::isa<clang::CXXDefaultArgExpr>(argument);
  }
  return given == 1 ? expr->getArg(0) : nullptr;
}

const clang::Expr* bare(const clang::Expr* expression) {
  for (;;) {
    expression = expression->IgnoreUnlessSpelledInSource();
    const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(expression);
    if (construct == nullptr || construct->getNumArgs() != 1 ||
        !construct->getConstructor()->isCopyOrMoveConstructor()) {
      return expression;
    }
    expression = construct->getArg(0);
  }
}

const clang::VarDecl* named_variable(const clang::Expr* expression) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(bare(expression));
  return reference == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(reference->getDecl());
}

}  // namespace ray::compiler

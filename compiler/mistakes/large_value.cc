#include "compiler/mistakes/large_value.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

constexpr int kLargeBytes = 4096;  // of an object without memory of its own
constexpr unsigned kFewElements = 16;
constexpr int kNestedRecordsMax = 3;

bool is_container(const CXXRecordDecl& record) {
  for (const char* name : {"vector", "deque", "list", "map", "multimap", "set", "multiset",
                           "unordered_map", "unordered_set"}) {
    if (is_std_name(record, name)) return true;
  }
  return false;
}

bool names_remote_things(const clang::ClassTemplateSpecializationDecl& container) {
  for (const clang::TemplateArgument& argument : container.getTemplateArgs().asArray()) {
    if (argument.getKind() != clang::TemplateArgument::Type) continue;
    const clang::QualType type = argument.getAsType();
    if (is_object_ref(type) || actor_class(type) != nullptr) return true;
  }
  return false;
}

bool is_large_within(clang::QualType type, const clang::ASTContext& context, int depth) {
  const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition() || depth > kNestedRecordsMax) return false;
  record = record->getDefinition();
  if (record->isDependentType() || record->isInvalidDecl()) return false;
  if (is_container(*record)) {
    const auto* container = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    return container != nullptr && !names_remote_things(*container);
  }
  if (context.getTypeSizeInChars(context.getRecordType(record)).getQuantity() >= kLargeBytes) {
    return true;
  }
  if (context.getSourceManager().isInSystemHeader(record->getLocation())) return false;
  for (const clang::FieldDecl* field : record->fields()) {
    if (is_large_within(field->getType(), context, depth + 1)) return true;
  }
  return false;
}

const clang::InitListExpr* find_list(const Stmt& statement) {
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(&statement)) return list;
  for (const Stmt* child : statement.children()) {
    if (child == nullptr) continue;
    if (const auto* list = find_list(*child)) return list;
  }
  return nullptr;
}

}  // namespace

bool is_large(clang::QualType type, const clang::ASTContext& context) {
  return is_large_within(type, context, 0);
}

bool is_short_list(const Expr& initialiser) {
  const clang::InitListExpr* list = find_list(initialiser);
  return list != nullptr && list->getNumInits() <= kFewElements;
}

bool is_known_to_be_small(const Body& body, const VarDecl& variable) {
  if (variable.getInit() == nullptr || !is_short_list(*variable.getInit())) return false;
  for (const clang::DeclRefExpr* reference : body.references_to(variable)) {
    if (body.may_change(*reference)) return false;
  }
  return true;
}

}  // namespace ray::compiler

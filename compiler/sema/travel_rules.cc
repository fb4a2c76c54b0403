#include "compiler/sema/travel_rules.h"

#include <set>

#include "clang/AST/DeclTemplate.h"
#include "compiler/calls/library.h"
#include "compiler/model/type_spelling.h"
#include "compiler/sema/function_reader.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::QualType;

// Types of the standard library that stand for something in this process.
bool is_bound_to_process(llvm::StringRef name) {
  static const std::set<llvm::StringRef> names = {"mutex",
                                                  "recursive_mutex",
                                                  "timed_mutex",
                                                  "recursive_timed_mutex",
                                                  "shared_mutex",
                                                  "shared_timed_mutex",
                                                  "condition_variable",
                                                  "condition_variable_any",
                                                  "thread",
                                                  "jthread",
                                                  "future",
                                                  "shared_future",
                                                  "promise",
                                                  "packaged_task",
                                                  "function",
                                                  "unique_lock",
                                                  "lock_guard",
                                                  "scoped_lock",
                                                  "shared_lock",
                                                  "basic_ifstream",
                                                  "basic_ofstream",
                                                  "basic_fstream",
                                                  "basic_istream",
                                                  "basic_ostream",
                                                  "basic_iostream",
                                                  "any",
                                                  "exception_ptr",
                                                  "counting_semaphore",
                                                  "latch",
                                                  "barrier",
                                                  "stop_source",
                                                  "stop_token",
                                                  "initializer_list",
                                                  "reference_wrapper"};
  return names.count(name) != 0;
}

// Types of the standard library that could travel, but whose state nobody can read.
bool is_closed(llvm::StringRef name) {
  static const std::set<llvm::StringRef> names = {
      "basic_regex",        "match_results",   "sub_match",           "locale",
      "basic_stringstream", "basic_stringbuf", "basic_istringstream", "basic_ostringstream",
      "error_code",         "error_condition", "type_index",          "random_device",
      "source_location"};
  return names.count(name) != 0;
}

// As users know it: std::regex is a std::basic_regex.
std::string std_name(const CXXRecordDecl& record) {
  llvm::StringRef name = record.getName();
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance != nullptr &&
      instance->getTemplateArgs()[0].getKind() == clang::TemplateArgument::Type &&
      instance->getTemplateArgs()[0].getAsType()->isSpecificBuiltinType(
          clang::BuiltinType::Char_S)) {
    name.consume_front("basic_");
  }
  return "a std::" + name.str();
}

// What shows something that stays behind.
bool is_view(llvm::StringRef name) { return name == "span" || name == "basic_string_view"; }

// Those whose values travel when their template arguments do.
bool is_container(llvm::StringRef name) {
  static const std::set<llvm::StringRef> names = {"vector",        "deque",
                                                  "list",          "forward_list",
                                                  "set",           "multiset",
                                                  "map",           "multimap",
                                                  "unordered_set", "unordered_multiset",
                                                  "unordered_map", "unordered_multimap",
                                                  "array",         "pair",
                                                  "tuple",         "optional",
                                                  "variant",       "shared_ptr",
                                                  "complex"};
  return names.count(name) != 0;
}

// How it has its values: "a std::variant that may hold ...".
const char* having(llvm::StringRef container) {
  if (container == "variant" || container == "optional") return " that may hold ";
  return container == "shared_ptr" ? " to " : " of ";
}

std::string reason_in_container(const CXXRecordDecl& record, clang::ASTContext& context,
                                ClassReason of_class) {
  const auto* container = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (container == nullptr) return "";
  const auto check = [&](const clang::TemplateArgument& argument) -> std::string {
    if (argument.getKind() != clang::TemplateArgument::Type) return "";
    const QualType type = argument.getAsType();
    const std::string why = reason_to_stay(type, context, of_class);
    if (why.empty()) return "";
    const clang::PrintingPolicy& policy = context.getPrintingPolicy();
    const std::string shown =
        type->isPointerType()
            ? "'" + with_std_names(type.getCanonicalType().getAsString(policy)) + "', " + why
            : why;
    return "a std::" + record.getName().str() + having(record.getName()) + shown;
  };
  for (const clang::TemplateArgument& argument : container->getTemplateArgs().asArray()) {
    const bool is_pack = argument.getKind() == clang::TemplateArgument::Pack;
    for (const clang::TemplateArgument& each :
         is_pack ? argument.pack_elements() : llvm::ArrayRef<clang::TemplateArgument>(argument)) {
      if (std::string why = check(each); !why.empty()) return why;
    }
  }
  return "";
}

}  // namespace

std::string name_of_closed_class(const CXXRecordDecl& record) {
  if (outermost_namespace(record) == "std")
    return is_closed(record.getName()) ? std_name(record) : "";
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr || llvm::isa<clang::ClassTemplateSpecializationDecl>(record)) return "";
  const bool has_private_field = llvm::any_of(definition->fields(), [](const auto* field) {
    return field->getAccess() != clang::AS_public;
  });
  return has_private_field ? "a '" + record.getQualifiedNameAsString() + "'" : "";
}

bool is_mutable_reference(QualType type) {
  if (const auto* pack = type->getAs<clang::PackExpansionType>()) type = pack->getPattern();
  if (!type->isLValueReferenceType()) return false;
  const QualType changed = type.getNonReferenceType();
  if (changed.isConstQualified()) return false;
  if (!changed->isDependentType()) return true;
  const auto* instance = changed->getAs<clang::TemplateSpecializationType>();
  return changed->getAs<clang::TemplateTypeParmType>() != nullptr ||
         changed->getContainedAutoType() != nullptr ||
         (instance != nullptr && !instance->isTypeAlias());
}

bool is_read_in_place(QualType type) {
  const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace() || !is_view(record->getName())) return false;
  const auto* span = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  return record->getName() != "span" || span == nullptr ||
         span->getTemplateArgs()[0].getAsType().isConstQualified();
}

std::string reason_to_stay(QualType type, clang::ASTContext& context, ClassReason of_class) {
  if (type.isNull() || type->isDependentType() || type->getContainedAutoType() != nullptr) {
    return "";
  }
  type = type.getNonReferenceType().getUnqualifiedType();
  if (type->isPointerType() || type->isMemberPointerType()) return "a raw pointer";
  if (const auto* array = context.getAsArrayType(type)) {
    return reason_to_stay(array->getElementType(), context, of_class);
  }
  for (const char* stream : {"Generator", "ObjectRefGenerator"}) {
    if (!library_argument(type, stream).isNull()) return std::string("a ray::") + stream;
  }
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return "";
  if (!record->isInStdNamespace()) return of_class(*record);
  if (is_bound_to_process(record->getName())) return std_name(*record);
  if (is_view(record->getName())) {
    return record->getName() == "span" ? "a std::span" : "a std::string_view";
  }
  return is_container(record->getName()) ? reason_in_container(*record, context, of_class)
                                         : of_class(*record);
}

}  // namespace ray::compiler

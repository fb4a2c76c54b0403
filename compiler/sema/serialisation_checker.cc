#include "compiler/sema/serialisation_checker.h"

#include <utility>

#include "clang/AST/DeclTemplate.h"
#include "compiler/calls/library.h"
#include "compiler/calls/own_codec.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/sema/function_reader.h"
#include "compiler/sema/travel_rules.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::QualType;

constexpr const char* kArrayOwner = "a std::unique_ptr to an array";
constexpr const char* kOwnDeleter = "a std::unique_ptr with a deleter of its own";

// What to do about what a value is, or has in it; "" where nothing is sure to be right.
std::string advice_for(llvm::StringRef why) {
  if (why.ends_with("a std::span"))
    return "take a 'std::span<const T>', or a std::vector to change";
  if (why.ends_with(kArrayOwner)) {
    return "it does not know how many elements it has: a std::vector does";
  }
  if (why.ends_with(kOwnDeleter)) {
    return "its deleter stays behind: a std::unique_ptr without one travels";
  }
  return "";
}

}  // namespace

std::string SerialisationChecker::reason(QualType type) {
  return reason_to_stay(type, text_.context(), [this](const CXXRecordDecl& record) {
    if (record.isInStdNamespace() && record.getName() == "unique_ptr") {
      return find_own_codec(record) ? std::string() : owner_reason(record);
    }
    if (text_.is_foreign(record)) return foreign_reason(record);
    const CXXRecordDecl* definition = record.getDefinition();
    if (definition == nullptr) return std::string();
    if (definition->isUnion()) {
      return find_own_codec(*definition) ? "" : union_reason(*definition);
    }
    check_class(*definition);
    return std::string();
  });
}

std::string SerialisationChecker::foreign_reason(const CXXRecordDecl& record) {
  std::string name = name_of_closed_class(record);
  if (name.empty() || is_of_library(record) || find_own_codec(record)) return "";
  closed_.insert(name);
  return name;
}

void SerialisationChecker::add_advice(llvm::StringRef why) {
  const bool is_closed =
      llvm::any_of(closed_, [&](const std::string& name) { return why.ends_with(name); });
  std::string advice =
      is_closed ? "only its own class can read its state: it needs cereal functions or a ray::codec"
                : advice_for(why);
  if (advice.empty()) return;
  diagnostics_.back().notes.push_back({diagnostics_.back().place, std::move(advice)});
}

// What it points to travels, but not how much of that there is, nor how it ends.
std::string SerialisationChecker::owner_reason(const CXXRecordDecl& record) {
  const auto* owner = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (owner == nullptr) return "";
  const QualType owned = owner->getTemplateArgs()[0].getAsType();
  if (owned->isArrayType()) return kArrayOwner;
  const CXXRecordDecl* deleter = owner->getTemplateArgs()[1].getAsType()->getAsCXXRecordDecl();
  const bool is_default =
      deleter != nullptr && deleter->isInStdNamespace() && deleter->getName() == "default_delete";
  return is_default ? reason(owned) : kOwnDeleter;
}

// A union travels as its bytes: nobody knows which of its members is the one that holds.
std::string SerialisationChecker::union_reason(const CXXRecordDecl& record) {
  for (const clang::FieldDecl* field : record.fields()) {
    const QualType type = field->getType();
    if (type->isDependentType()) continue;
    const std::string name = field->getNameAsString();
    if (type->isPointerType() || type->isMemberPointerType()) {
      return "a union with the raw pointer '" + name + "'";
    }
    if (!type.isTriviallyCopyableType(text_.context())) {
      return "a union whose member '" + name + "' is more than its bytes";
    }
  }
  return "";
}

void SerialisationChecker::check_class(const CXXRecordDecl& record) {
  if (!seen_.insert(record.getCanonicalDecl()).second || find_own_codec(record)) return;
  if (record.isUnion() || record.isDependentContext() || record.isInvalidDecl()) return;
  const bool can_be_made = record.isAggregate() || record.hasDefaultConstructor();
  if (!can_be_made) {
    report(DiagnosticKind::no_default_constructor, record.getLocation(), record.getName().size(),
           "'" + record.getNameAsString() + "' needs a default constructor to be decoded");
    diagnostics_.back().notes.push_back(
        {diagnostics_.back().place, "it may be private, or give the type cereal functions"});
    return;
  }
  for (const clang::CXXBaseSpecifier& base : record.bases()) check_base(record, base);
  check_fields(record);
}

void SerialisationChecker::check_base(const CXXRecordDecl& record,
                                      const clang::CXXBaseSpecifier& base) {
  if (!base.isVirtual()) {
    reason(base.getType());
    return;
  }
  report(DiagnosticKind::not_serialisable, base.getBaseTypeLoc(), 0,
         "'" + record.getNameAsString() + "' has the virtual base '" + text_.type(base.getType()) +
             "', which cannot be serialised");
  diagnostics_.back().notes.push_back(
      {diagnostics_.back().place,
       "it may be part of several bases and would be stored by each: give '" +
           record.getNameAsString() + "' cereal functions or a ray::codec"});
}

void SerialisationChecker::check_fields(const CXXRecordDecl& record) {
  for (const clang::FieldDecl* field : record.fields()) {
    if (find_annotation(*field, Annotation::transient) != nullptr) continue;
    const QualType type = field->getType();
    if (field->isAnonymousStructOrUnion() && !type->isUnionType()) {
      check_fields(*type->getAsCXXRecordDecl());
      continue;
    }
    const std::string why = type->isReferenceType()   ? "a reference"
                            : type.isConstQualified() ? "const"
                                                      : reason(type);
    if (why.empty()) continue;
    std::string message = field->isAnonymousStructOrUnion()
                              ? "the anonymous union of '" + record.getNameAsString() + "'"
                              : "field '" + text_.qualified_name(*field) + "'";
    message += " is " + why + ", which cannot be serialised";
    report(DiagnosticKind::not_serialisable, field->getLocation(), field->getName().size(),
           std::move(message));
    add_advice(why);
    diagnostics_.back().notes.push_back(
        {text_.place(function_->getLocation()),
         "it is part of what '" + function_->getNameAsString() +
             "' sends or receives; [[ray::transient]] on the field leaves it out"});
  }
}

void SerialisationChecker::check(const clang::FunctionDecl& function) {
  function_ = &function;
  QualType result = awaited_type(text_.context(), function.getReturnType());
  const QualType item = library_argument(result, "Generator");
  if (!item.isNull()) result = item;  // that is what travels
  if (result->isPointerType()) {
    report_result(DiagnosticKind::raw_pointer,
                  "returns a raw pointer: it cannot reach into another process");
  } else if (const std::string why = reason(result); !why.empty()) {
    report_result(DiagnosticKind::not_serialisable,
                  "returns " + why + ", which cannot be serialised");
    add_advice(why);
  }
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    if (parameter->getType()->isPointerType()) continue;  // said already
    if (is_read_in_place(parameter->getType())) continue;
    const std::string why = reason(parameter->getType());
    if (why.empty()) continue;
    report(DiagnosticKind::not_serialisable, parameter->getLocation(), parameter->getName().size(),
           "parameter '" + parameter->getNameAsString() + "' of remote function '" +
               function.getNameAsString() + "' is " + why + ", which cannot be serialised");
    add_advice(why);
  }
}

void SerialisationChecker::report_result(DiagnosticKind kind, const std::string& what) {
  const std::string name = function_->getNameAsString();
  clang::SourceRange type = function_->getReturnTypeSourceRange();
  const clang::FunctionTypeLoc written = function_->getFunctionTypeLoc();
  if (type.isInvalid() && written) type = written.getReturnLoc().getSourceRange();  // behind `->`
  const bool is_written = type.isValid() && type.getBegin().isFileID();
  report(kind, is_written ? type.getBegin() : function_->getLocation(),
         is_written ? text_.length(type) : name.size(), "remote function '" + name + "' " + what);
}

void SerialisationChecker::report(DiagnosticKind kind, clang::SourceLocation location,
                                  std::size_t length, std::string message) {
  Diagnostic diagnostic(kind);
  diagnostic.place = text_.place(location);
  diagnostic.length = length;
  diagnostic.message = std::move(message);
  diagnostics_.push_back(std::move(diagnostic));
}

}  // namespace ray::compiler

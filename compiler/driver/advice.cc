#include "compiler/driver/advice.h"

#include <optional>

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/DiagnosticParse.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "compiler/calls/library.h"
#include "compiler/driver/member_spelling.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/model/type_spelling.h"
#include "compiler/sema/function_reader.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::QualType;
using Engine = clang::DiagnosticsEngine;

constexpr unsigned kTypoDistanceMax = 2;

// What the message is about, of which it keeps the address as a number.
const void* subject(const clang::Diagnostic& diagnostic, unsigned index) {
  return reinterpret_cast<const void*>(diagnostic.getRawArg(index));  // NOLINT: clang's way
}

std::vector<QualType> types_of(const clang::Diagnostic& diagnostic) {
  std::vector<QualType> result;
  for (unsigned i = 0; i < diagnostic.getNumArgs(); ++i) {
    if (diagnostic.getArgKind(i) != Engine::ak_qualtype) continue;
    const auto type = QualType::getFromOpaquePtr(subject(diagnostic, i));
    if (!type.isNull()) result.push_back(type);
  }
  return result;
}

// "no member named NAME in RECORD".
struct MissingMember {
  std::string name;
  const CXXRecordDecl* record;
};
std::optional<MissingMember> missing_member(const clang::Diagnostic& diagnostic) {
  const unsigned id = diagnostic.getID();
  if (id != clang::diag::err_no_member && id != clang::diag::err_no_member_suggest) return {};
  if (diagnostic.getArgKind(0) != Engine::ak_declarationname ||
      diagnostic.getArgKind(1) != Engine::ak_declcontext) {
    return std::nullopt;
  }
  const auto* record =
      llvm::dyn_cast<CXXRecordDecl>(static_cast<const clang::DeclContext*>(subject(diagnostic, 1)));
  if (record == nullptr) return std::nullopt;
  const auto name = clang::DeclarationName::getFromOpaqueInteger(diagnostic.getRawArg(0));
  return MissingMember{name.getAsString(), record};
}

bool can_be_called(const clang::CXXMethodDecl& method) {
  return method.isInstance() && method.getAccess() == clang::AS_public &&
         !identifier(method).empty();
}

// Of a handle, that has no such method.
std::string advice_on_method(const CXXRecordDecl& actor, const std::string& name) {
  const std::string quoted = "'" + name + "'";
  for (const clang::Decl* member : actor.decls()) {
    const auto* named = llvm::dyn_cast<clang::NamedDecl>(member);
    if (named == nullptr || identifier(*named) != name) continue;
    if (llvm::isa<clang::FieldDecl, clang::VarDecl>(named)) {
      return quoted + " is a variable: a handle has the methods of its actor only";
    }
    const auto* function = named->getAsFunction();
    const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
    if (method == nullptr) continue;
    if (method->isStatic()) {
      return (llvm::Twine(quoted) + " is static, and no actor's: call '" + actor.getNameAsString() +
              "::" + name + "(...)'")
          .str();
    }
    if (method->getAccess() != clang::AS_public) {
      return quoted + " is not public: only public methods can be called remotely";
    }
  }
  std::string nearest;
  unsigned least = kTypoDistanceMax + 1;
  for (const clang::CXXMethodDecl* method : actor.methods()) {
    if (!can_be_called(*method)) continue;
    const unsigned distance = method->getName().edit_distance(name, true, least);
    if (distance >= least) continue;
    least = distance;
    nearest = method->getNameAsString();
  }
  return nearest.empty() ? "" : "did you mean '" + nearest + "'?";
}

// The class of the actor that `record` is a handle of, or null.
const CXXRecordDecl* actor_of(const CXXRecordDecl& record) {
  if (!is_ray_name(record, "ActorHandle")) return nullptr;
  const CXXRecordDecl* actor = first_type_argument(record);
  return actor == nullptr ? nullptr : actor->getDefinition();
}

// What `record` is, or is an instance of, where that is a specialisation of its own text; or null.
const CXXRecordDecl* specialisation(const CXXRecordDecl& record) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr) return nullptr;
  if (instance->isExplicitSpecialization()) return instance;
  return instance->getInstantiatedFrom().dyn_cast<clang::ClassTemplatePartialSpecializationDecl*>();
}

std::string advice_on_member(const MissingMember& missing) {
  const CXXRecordDecl& record = *missing.record;
  if (const CXXRecordDecl* actor = actor_of(record)) return advice_on_method(*actor, missing.name);
  const clang::SourceManager& sources = record.getASTContext().getSourceManager();
  if ((missing.name != "remote" && missing.name != "options") || is_of_library(record) ||
      sources.isInSystemHeader(record.getLocation())) {
    return "";
  }
  if (record.isLambda())
    return "a lambda becomes a task where it is written: 'ray::remote([...](...) {...})'";
  const clang::ASTContext& context = record.getASTContext();
  const std::string name =
      "'" +
      (specialisation(record) == nullptr
           ? record.getNameAsString()
           : context.getTypeDeclType(&record).getAsString(context.getPrintingPolicy())) +
      "'";
  if (is_remote_class(record) && !record.hasUserDeclaredConstructor()) {
    return name + " has no constructor to make an actor with: its implicit one is deleted";
  }
  return is_remote_class(record)
             ? name + " has no public constructor to make an actor with, templates aside"
             : name + " is not a remote class: annotate it with [[ray::remote]]";
}

// What is called without `.remote`.
std::string advice_on_call(const clang::Diagnostic& diagnostic) {
  const std::vector<QualType> types = types_of(diagnostic);
  const CXXRecordDecl* record =
      types.empty() ? nullptr : types[0].getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr) return "";
  if (configured_set(*record) != nullptr) return "write '.options(...).remote(...)'";
  if (lambda_task(*record) != nullptr) return "a task is called by '.remote(...)'";
  const auto [name, suffix] = identifier(*record).split('$');
  return suffix == "proxy" ? "a method of an actor is called by '." + name.str() + ".remote(...)'"
                           : "";
}

// The annotation that stands where C++ has an attribute say something else: of a type, of a
// statement, or nothing at all.
std::optional<Annotation> annotation_of(const clang::Diagnostic& diagnostic) {
  switch (diagnostic.getID()) {
    case clang::diag::err_attribute_not_type_attr:
    case clang::diag::err_decl_attribute_invalid_on_stmt:
    case clang::diag::err_base_specifier_attribute:
    case clang::diag::err_attributes_not_allowed:
    case clang::diag::err_unexpected_namespace_attributes_alias:
      break;
    default:
      return std::nullopt;
  }
  const clang::SourceManager& sources = diagnostic.getSourceManager();
  const clang::SourceLocation place = sources.getSpellingLoc(diagnostic.getLocation());
  llvm::StringRef text = sources.getBufferData(sources.getFileID(place));
  text = text.drop_front(sources.getFileOffset(place)).take_until([](char c) { return c == ']'; });
  text = text.ltrim("[ \t\n");
  text.consume_front("using");
  return annotation_named(text.ltrim());
}

std::string own_words_on(Annotation annotation, unsigned id) {
  const std::string name = std::string("'") + name_of(annotation) + "' ";
  switch (id) {
    case clang::diag::err_attribute_not_type_attr:
      return name + "does not apply to a type";
    case clang::diag::err_decl_attribute_invalid_on_stmt:
      return name + "does not apply to a statement";
    case clang::diag::err_base_specifier_attribute:
      return name + "does not apply to a base class";
    default:
      return name + "cannot stand here";
  }
}

// `C c = C::remote();`
std::string advice_on_handle(const clang::Diagnostic& diagnostic) {
  const std::vector<QualType> types = types_of(diagnostic);
  const CXXRecordDecl* actor = types.size() == 2 ? actor_class(types[0]) : nullptr;
  const CXXRecordDecl* wanted = actor == nullptr ? nullptr : types[1]->getAsCXXRecordDecl();
  if (wanted == nullptr || wanted->getCanonicalDecl() != actor->getCanonicalDecl()) return "";
  const std::string name = actor->getNameAsString();
  return "an actor is held by its handle: 'ray::ActorHandle<" + name + ">'";
}

// `ray::init("auto")`: of a value where options are taken.
std::string advice_on_options(const clang::Diagnostic& diagnostic) {
  const std::vector<QualType> types = types_of(diagnostic);
  const CXXRecordDecl* record =
      types.empty() ? nullptr : types[0].getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !is_of_library(*record) || !identifier(*record).ends_with("Options")) {
    return "";
  }
  return "options are given by their names: '{." + record->field_begin()->getNameAsString() +
         " = ...}'";
}

// `ray::init({.gpus = 2})`.
bool is_unknown_option(const clang::Diagnostic& diagnostic) {
  return diagnostic.getID() == clang::diag::err_field_designator_unknown ||
         diagnostic.getID() == clang::diag::err_field_designator_unknown_suggest;
}

std::string advice_on_unknown_option(const clang::Diagnostic& diagnostic) {
  const std::vector<QualType> types = types_of(diagnostic);
  const CXXRecordDecl* record =
      types.empty() ? nullptr : types[0].getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !is_of_library(*record)) return "";
  std::string names;
  for (const clang::FieldDecl* field : record->fields()) {
    names += (names.empty() ? "'" : ", '") + field->getNameAsString() + "'";
  }
  return "its options are: " + names;
}

// Or of anything else that has no members.
bool is_about_member_of_function(unsigned id) {
  return id == clang::diag::err_typecheck_member_reference_struct_union ||
         id == clang::diag::err_typecheck_member_reference_suggestion ||
         id == clang::diag::err_typecheck_member_reference_type ||
         id == clang::diag::err_ovl_unresolvable ||
         id == clang::diag::err_member_reference_needs_call;
}

// `C().m.remote(...)`: of an object that is no actor.
bool is_remote_call_of_object(const clang::Diagnostic& diagnostic) {
  if (diagnostic.getID() != clang::diag::err_bound_member_function ||
      diagnostic.getNumRanges() == 0) {
    return false;
  }
  const auto written =
      member_at(diagnostic.getRange(0).getAsRange(), diagnostic.getSourceManager());
  return written && (written->member == "remote" || written->member == "options");
}

// `auto [a, b] = ref;`
bool is_decomposition(const clang::Diagnostic& diagnostic) {
  const unsigned id = diagnostic.getID();
  return id == clang::diag::err_decomp_decl_wrong_number_bindings ||
         id == clang::diag::err_decomp_decl_inaccessible_field ||
         id == clang::diag::err_decomp_decl_anon_union_member;
}

// "f" of "a::f".
std::string unqualified(const std::string& name) {
  const std::size_t scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

// After a member of a function: of one that is no remote function, or that is not spelled by its
// name, or after `.remote` misspelt.
std::string advice_on_function(const clang::Diagnostic& diagnostic,
                               const std::set<std::string>& remote_functions) {
  if (diagnostic.getNumRanges() == 0) return "";
  const auto written =
      member_at(diagnostic.getRange(0).getAsRange(), diagnostic.getSourceManager());
  if (!written) return "";
  const std::vector<QualType> types = types_of(diagnostic);
  const bool is_pointer = !types.empty() && types[0]->isFunctionPointerType();
  if (!types.empty() && !is_pointer && !types[0]->isFunctionType()) return "";
  const llvm::StringRef member = written->member;
  const std::string& function = written->function;
  const bool is_remote_call = member == "remote" || member == "options";
  if (is_pointer) {
    const bool is_short = llvm::StringRef(function).find_first_of("$\n") == llvm::StringRef::npos;
    return is_remote_call && is_short ? "write 'ray::task(" + written->written + ").remote(...)'"
                                      : "";
  }
  if (!is_qualified_name(function)) return "";
  if (remote_functions.count(unqualified(function)) == 0) {
    return is_remote_call
               ? "'" + function + "' is not a remote function: annotate it with [[ray::remote]]"
               : "";
  }
  if (is_remote_call) {
    return written->is_call
               ? "write 'ray::task(" + written->written + ").remote(...)'"
               : "it must be called: write '" + function + "." + member.str() + "(...)'";
  }
  for (const char* known : {"remote", "options"}) {
    if (member.edit_distance(known, true, kTypoDistanceMax) <= kTypoDistanceMax) {
      return std::string("did you mean '") + known + "'?";
    }
  }
  return "";
}

}  // namespace

bool misses_get(const clang::Diagnostic& diagnostic) {
  const std::vector<QualType> types = types_of(diagnostic);
  const auto is_ref = [&](std::size_t i) { return i < types.size() && is_object_ref(types[i]); };
  const auto takes_refs = [&](std::size_t i) {
    return i < types.size() &&
           types[i].getCanonicalType().getAsString().find("ObjectRef<") != std::string::npos;
  };
  switch (diagnostic.getID()) {
    case clang::diag::err_typecheck_nonviable_condition:
    case clang::diag::err_typecheck_bool_condition:
    case clang::diag::err_ovl_no_conversion_in_cast:
    case clang::diag::err_ovl_no_viable_conversion_in_cast:
    case clang::diag::note_ovl_candidate_bad_conv:
      return is_ref(0) && !takes_refs(1);
    case clang::diag::err_typecheck_invalid_operands:
      return is_ref(0) || is_ref(1);
    case clang::diag::err_typecheck_convert_incompatible:
      return is_ref(1) && !takes_refs(0);
    case clang::diag::err_ovl_no_viable_subscript:
    case clang::diag::err_ovl_no_viable_object_call:
    case clang::diag::err_ovl_no_oper:
    case clang::diag::err_for_range_invalid:
    case clang::diag::err_typecheck_indirection_requires_pointer:
    case clang::diag::err_typecheck_unary_expr:
    case clang::diag::err_decomp_decl_wrong_number_bindings:
    case clang::diag::err_decomp_decl_inaccessible_field:
      return is_ref(0);
    default: {
      const auto missing = missing_member(diagnostic);
      return missing && is_ray_name(*missing->record, "ObjectRef");
    }
  }
}

bool follows_broken_declaration(const clang::Diagnostic& diagnostic) {
  if (const auto missing = missing_member(diagnostic)) {
    const CXXRecordDecl* actor = actor_of(*missing->record);
    if (actor == nullptr && is_remote_class(*missing->record) && missing->name == "remote") {
      return llvm::any_of(missing->record->ctors(), [](const auto* c) { return is_broken(*c); });
    }
    return actor != nullptr && llvm::any_of(actor->methods(), [&](const auto* method) {
             return identifier(*method) == missing->name && is_broken(*method);
           });
  }
  if (!is_about_member_of_function(diagnostic.getID()) || diagnostic.getNumRanges() == 0) {
    return false;
  }
  const auto written =
      member_at(diagnostic.getRange(0).getAsRange(), diagnostic.getSourceManager());
  if (!written || (written->member != "remote" && written->member != "options")) return false;
  return llvm::any_of(annotation_mode().remote_functions, [&](const clang::Decl* declaration) {
    const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration);
    return function != nullptr && identifier(*function) == unqualified(written->function) &&
           is_broken(*function);
  });
}

bool is_misplaced_annotation(const clang::Diagnostic& diagnostic) {
  return annotation_of(diagnostic).has_value();
}

std::string own_words(const clang::Diagnostic& diagnostic) {
  if (const auto annotation = annotation_of(diagnostic)) {
    return own_words_on(*annotation, diagnostic.getID());
  }
  if (is_remote_call_of_object(diagnostic)) {
    return "'.remote' follows a method of an object, not of an actor";
  }
  // Another class's `remote` is not what was meant.
  if (diagnostic.getID() == clang::diag::err_no_member_suggest) {
    const auto missing = missing_member(diagnostic);
    return missing && !advice_on_member(*missing).empty() && actor_of(*missing->record) == nullptr
               ? "no member named '" + missing->name + "' in '" +
                     missing->record->getNameAsString() + "'"
               : "";
  }
  if (!is_decomposition(diagnostic)) return "";
  for (const QualType type : types_of(diagnostic)) {
    const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
    if (record == nullptr || !is_of_library(*record)) continue;
    const clang::PrintingPolicy& policy = record->getASTContext().getPrintingPolicy();
    return "'" + with_std_names(type.getCanonicalType().getAsString(policy)) +
           "' cannot be decomposed";
  }
  return "";
}

bool follows_own_words(clang::SourceLocation begin, const clang::Diagnostic& next) {
  if (begin.isInvalid()) return false;
  if (next.getID() == clang::diag::err_decomp_decl_inaccessible_field) {
    const clang::SourceManager& sources = next.getSourceManager();
    return sources.isBeforeInTranslationUnit(begin, next.getLocation());
  }
  return llvm::any_of(next.getRanges(), [&](const clang::CharSourceRange& range) {
    return range.getBegin() == begin;
  });
}

bool is_of_library_types(const clang::Diagnostic& diagnostic) {
  if (diagnostic.getID() != clang::diag::err_typecheck_nonviable_condition &&
      !is_unknown_option(diagnostic)) {
    return false;
  }
  return llvm::any_of(types_of(diagnostic), [](QualType type) {
    const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
    return record != nullptr && is_of_library(*record);
  });
}

clang::SourceLocation place_of_advice(const clang::Diagnostic& diagnostic) {
  const auto missing = missing_member(diagnostic);
  const CXXRecordDecl* meant = missing ? specialisation(*missing->record) : nullptr;
  return meant == nullptr || is_of_library(*meant) || is_remote_class(*missing->record)
             ? clang::SourceLocation()
             : meant->getLocation();
}

std::string advice_on(const clang::Diagnostic& diagnostic,
                      const std::set<std::string>& remote_functions) {
  if (misses_get(diagnostic)) return "it is a ref: 'ray::get(...)' waits for its value";
  if (const auto missing = missing_member(diagnostic)) return advice_on_member(*missing);
  const unsigned id = diagnostic.getID();
  if (const auto annotation = annotation_of(diagnostic)) return place_of(*annotation);
  if (id == clang::diag::err_typecheck_nonviable_condition) return advice_on_handle(diagnostic);
  if (id == clang::diag::err_reference_bind_failed) return advice_on_options(diagnostic);
  if (id == clang::diag::err_field_designator_unknown) return advice_on_unknown_option(diagnostic);
  if (id == clang::diag::err_ovl_no_oper) return advice_on_call(diagnostic);
  if (id == clang::diag::err_bound_member_function) {
    return is_remote_call_of_object(diagnostic) ? "'C::remote(...)' makes an actor of class C" : "";
  }
  return is_about_member_of_function(id) ? advice_on_function(diagnostic, remote_functions) : "";
}

}  // namespace ray::compiler

#include "compiler/sema/function_reader.h"

#include <cstdint>

#include "compiler/calls/library.h"
#include "compiler/sema/travel_rules.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

using clang::FunctionDecl;
using clang::ParmVarDecl;

// FNV-1a, as six hexadecimal digits.
std::string short_hash(llvm::StringRef text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const unsigned char byte : text.bytes()) hash = (hash ^ byte) * 0x100000001b3u;
  std::string result;
  llvm::raw_string_ostream(result)
      << llvm::format_hex_no_prefix((hash ^ (hash >> 32)) & 0xffffff, 6);
  return result;
}

// The requires clause behind the parameters.
std::string requirement(const DeclarationText& text, const FunctionDecl& function) {
  const clang::Expr* clause = function.getTrailingRequiresClause();
  if (clause == nullptr) return "";
  return " requires " + text.text(clause->getBeginLoc(), clause->getEndLoc());
}

std::string overload_key(const DeclarationText& text, const FunctionDecl& function) {
  std::string key;
  for (const ParmVarDecl* parameter : function.parameters()) {
    key +=
        text.qualified_type(parameter->getType()) + (parameter->isParameterPack() ? "...," : ",");
  }
  const auto* prototype = function.getType()->castAs<clang::FunctionProtoType>();
  key += prototype->getMethodQuals().getAsString();
  key += std::to_string(prototype->getRefQualifier());
  if (const auto* pattern = function.getDescribedFunctionTemplate()) {
    const TemplateHead head = text.head(*pattern->getTemplateParameters());
    for (const TemplateParameter& parameter : head.parameters) {
      key += parameter.without_default + ",";
    }
    key += head.constraint;
  }
  return key + requirement(text, function);
}

// Whether the type as written says `auto` or `decltype(...)`.
bool names_no_type(clang::QualType type) {
  return type->getContainedAutoType() != nullptr || type->getAs<clang::DecltypeType>() != nullptr;
}

std::string trim_end(std::string text) {
  while (!text.empty() && isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text;
}

bool is_word_at(llvm::StringRef text, std::size_t at, std::size_t size) {
  const auto is_part = [&](std::size_t i) {
    return i < text.size() && (isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
  };
  return (at == 0 || !is_part(at - 1)) && !is_part(at + size);
}

void replace_word(std::string& text, llvm::StringRef word, llvm::StringRef by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size()) {
    if (!is_word_at(text, at, word.size())) continue;
    text.replace(at, word.size(), by);
    return;
  }
}

std::size_t last_word(const std::string& text, const std::string& word) {
  std::size_t at = text.rfind(word);
  while (at != std::string::npos && !is_word_at(text, at, word.size())) {
    at = at == 0 ? std::string::npos : text.rfind(word, at - 1);
  }
  return at;
}

// The template parameter behind the `auto` of an abbreviated template's parameter, or null.
const TemplateParameter* invented(clang::QualType type, const TemplateHead& head) {
  if (const auto* pack = type->getAs<clang::PackExpansionType>()) type = pack->getPattern();
  const auto* named =
      type.getNonReferenceType().getCanonicalType()->getAs<clang::TemplateTypeParmType>();
  if (named == nullptr || named->getIndex() >= head.parameters.size()) return nullptr;
  const TemplateParameter& parameter = head.parameters[named->getIndex()];
  return parameter.is_invented ? &parameter : nullptr;
}

// In `text`, by its name.
void name_invented(const TemplateParameter& parameter, std::string& text) {
  if (!parameter.constraint.empty()) replace_word(text, parameter.constraint, "");
  replace_word(text, "auto", llvm::StringRef(parameter.argument).rtrim('.'));
}

// `type` as it was written, where it is the library's template of that name; null otherwise.
const clang::TemplateSpecializationType* library_type(clang::QualType type, llvm::StringRef name) {
  const auto* written = type.getNonReferenceType()->getAs<clang::TemplateSpecializationType>();
  if (written == nullptr) return nullptr;
  const clang::TemplateDecl* declared = written->getTemplateName().getAsTemplateDecl();
  return declared != nullptr && is_ray_name(*declared, name) ? written : nullptr;
}

}  // namespace

clang::QualType library_argument(clang::QualType type, llvm::StringRef name) {
  const auto* written = library_type(type, name);
  if (written == nullptr || written->template_arguments().size() != 1) return {};
  return written->template_arguments()[0].getAsType();
}

bool is_broken(const FunctionDecl& function) {
  return function.isInvalidDecl() ||
         llvm::any_of(function.parameters(), [](const ParmVarDecl* parameter) {
           const clang::Expr* argument = parameter->getInit();
           return parameter->isInvalidDecl() || (argument != nullptr && argument->containsErrors());
         });
}

bool is_task(clang::QualType type) { return library_type(type, "Task") != nullptr; }

clang::QualType awaited_type(const clang::ASTContext& context, clang::QualType type) {
  const auto* written = library_type(type, "Task");
  if (written == nullptr) return type;
  if (written->template_arguments().empty()) return context.VoidTy;
  return written->template_arguments()[0].getAsType();
}

Parameter FunctionReader::read_parameter(const ParmVarDecl& parameter, const TemplateHead* head,
                                         bool is_inherited) const {
  const unsigned index = parameter.getFunctionScopeIndex();
  const clang::SourceManager& sources = text_.sources();
  Parameter result;
  result.name = parameter.getNameAsString();
  result.is_pack = parameter.isParameterPack();
  const bool is_unnamed = result.name.empty();
  if (is_unnamed) result.name = "ray_" + std::to_string(index);

  const clang::SourceLocation begin = parameter.getOuterLocStart();
  std::string written = text_.text(begin, parameter.getEndLoc());
  if (parameter.hasDefaultArg()) {
    const clang::SourceRange range = parameter.getDefaultArgRange();
    if (range.isValid()) {
      result.default_argument = text_.text(range.getBegin(), range.getEnd());
    }
    // What stands before the `=`, whose place clang does not keep.
    int depth = 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (std::string("(<[{").find(written[i]) != std::string::npos) ++depth;
      if (std::string(")>]}").find(written[i]) != std::string::npos) --depth;
      if (written[i] == '=' && depth == 0) {
        if (!result.default_argument) result.default_argument = written.substr(i + 1);
        written.resize(i);
        break;
      }
    }
    written = trim_end(std::move(written));
  }
  if (result.default_argument) {
    result.default_argument = llvm::StringRef(*result.default_argument).ltrim("= \t\n").str();
  }
  if (is_inherited && !parameter.getType()->isDependentType()) {
    result.type = text_.qualified_type(parameter.getType());
    result.declaration = result.type + " " + result.name;
  } else if (is_unnamed) {
    result.type = written;
    result.declaration = written + " " + result.name;
  } else {
    std::size_t name_at = sources.getFileOffset(sources.getExpansionLoc(parameter.getLocation())) -
                          sources.getFileOffset(sources.getExpansionLoc(begin));
    if (text_.has_macros(begin, parameter.getEndLoc())) name_at = last_word(written, result.name);
    result.declaration = written;
    result.type = written;
    if (name_at < written.size()) result.type.erase(name_at, result.name.size());
    result.type = trim_end(result.type);
  }
  if (head != nullptr) {
    if (const TemplateParameter* found = invented(parameter.getType(), *head)) {
      name_invented(*found, result.type);
      name_invented(*found, result.declaration);
    }
  }
  result.is_scalar = parameter.getType().getNonReferenceType()->isScalarType();
  const clang::QualType referenced = library_argument(parameter.getType(), "ObjectRef");
  if (!referenced.isNull()) result.referenced = text_.type(referenced);
  return result;
}

void FunctionReader::read_value_types(const FunctionDecl& function, Callable::Kind kind,
                                      Callable& out) const {
  for (const ParmVarDecl* parameter : function.parameters()) {
    out.parameter_types.push_back(text_.value_type(parameter->getType()));
  }
  const clang::QualType result = awaited_type(text_.context(), function.getReturnType());
  if (kind == Callable::Kind::constructor || result->isVoidType()) return;
  out.result_types.push_back(text_.value_type(result));
}

Callable FunctionReader::read(const FunctionDecl& function, Callable::Kind kind,
                              const clang::CXXRecordDecl* actor) const {
  const bool is_inherited =
      actor != nullptr &&
      actor->getCanonicalDecl() !=
          llvm::cast<clang::CXXRecordDecl>(function.getDeclContext())->getCanonicalDecl();
  Callable result;
  result.kind = kind;
  const clang::DeclContext& inside = actor != nullptr
                                         ? static_cast<const clang::DeclContext&>(*actor)
                                         : *function.getDeclContext();
  result.scope = text_.scope(inside);
  result.name = kind == Callable::Kind::constructor ? "new" : function.getNameAsString();
  result.qualified_name = text_.qualified_name(function);
  result.hash = short_hash(overload_key(text_, function));
  if (const auto* pattern = function.getDescribedFunctionTemplate()) {
    result.head = text_.head(*pattern->getTemplateParameters());
  }
  for (const ParmVarDecl* parameter : function.parameters()) {
    result.parameters.push_back(
        read_parameter(*parameter, result.head ? &*result.head : nullptr, is_inherited));
  }
  result.requirement = requirement(text_, function);
  const clang::QualType returned = function.getReturnType();
  if (kind != Callable::Kind::constructor && !names_no_type(returned)) {
    result.result = is_inherited && !returned->isDependentType() ? text_.qualified_type(returned)
                                                                 : text_.type(returned);
  }
  result.is_async = is_task(returned);
  clang::QualType shown = function.getType();
  if (const auto* prototype = shown->getAs<clang::FunctionProtoType>();
      prototype != nullptr && prototype->hasNoexceptExceptionSpec()) {
    shown = text_.context().getFunctionTypeWithExceptionSpec(shown, clang::EST_None);
  }
  result.signature = text_.type(shown);
  if (!function.isDependentContext()) read_value_types(function, kind, result);
  if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function)) {
    result.is_const = method->isConst();
    if (actor != nullptr && !actor->isDependentContext()) {
      result.has_pointer = !actor->isVirtuallyDerivedFrom(method->getParent());
    }
    if (method->isConst()) result.qualifiers += " const";
    if (method->isVolatile()) result.qualifiers += " volatile";
    if (method->getRefQualifier() == clang::RQ_LValue) result.qualifiers += " &";
  }
  result.is_internal = !function.isExternallyVisible();
  result.is_extern_c = function.getDeclContext()->isExternCContext();
  for (const FunctionDecl* declaration : function.redecls()) {
    const bool has_body = declaration->doesThisDeclarationHaveABody() ||
                          declaration->hasSkippedBody() || declaration->isDefaulted();
    const auto in_main =
        text_.sources().isInMainFile(text_.sources().getExpansionLoc(declaration->getLocation()));
    result.has_body = result.has_body || has_body;
    result.has_body_here = result.has_body_here || (has_body && in_main);
  }
  result.place = text_.place(function.getLocation());
  return result;
}

void FunctionReader::check_parameters(const FunctionDecl& function) const {
  for (const ParmVarDecl* parameter : function.parameters()) {
    const clang::QualType type = parameter->getType();
    const bool is_pointer = type->isPointerType() || type->isMemberPointerType() ||
                            parameter->getOriginalType()->isArrayType();
    if (!is_pointer && !is_mutable_reference(type)) continue;
    Diagnostic diagnostic(is_pointer ? DiagnosticKind::raw_pointer
                                     : DiagnosticKind::non_const_reference);
    diagnostic.place = text_.place(parameter->getLocation());
    const std::string name =
        parameter->getName().empty()
            ? "parameter " + std::to_string(parameter->getFunctionScopeIndex() + 1)
            : "parameter '" + parameter->getNameAsString() + "'";
    diagnostic.length = parameter->getName().size();
    diagnostic.message = name + " of remote function '" + function.getNameAsString() + "' is a " +
                         (is_pointer ? "raw pointer" : "non-const reference") +
                         ": it cannot reach into another process";
    diagnostic.notes.push_back(
        {diagnostic.place, is_pointer
                               ? "take a value, a 'const T&' or a 'std::span<const T>'"
                               : "take a value or a 'const T&', and return what has changed"});
    diagnostics_.push_back(std::move(diagnostic));
  }
}

}  // namespace ray::compiler

#include "compiler/sema/collector.h"

#include <set>
#include <string>

#include "compiler/calls/library.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/model/scoped_name.h"
#include "compiler/sema/option_reader.h"

namespace ray::compiler {
namespace {

using clang::AnnotateAttr;
using clang::CXXMethodDecl;
using clang::CXXRecordDecl;
using clang::FunctionDecl;

constexpr std::size_t kAttributeLength = sizeof("remote") - 1;

const FunctionDecl* as_function(const clang::Decl* declaration) {
  if (const auto* pattern = llvm::dyn_cast<clang::FunctionTemplateDecl>(declaration)) {
    return pattern->getTemplatedDecl();
  }
  return llvm::dyn_cast<FunctionDecl>(declaration);
}

// Whether parameters stand in the file; the name may be a macro's.
bool is_written_out(const FunctionDecl& function) {
  const clang::FunctionTypeLoc type = function.getFunctionTypeLoc();
  return type && type.getLParenLoc().isFileID() && type.getRParenLoc().isFileID();
}

// The first that is no friend declaration: those make no name visible.
const FunctionDecl* first_declaration(const FunctionDecl& function) {
  const FunctionDecl* first = &function;
  for (const FunctionDecl* earlier = &function; earlier != nullptr;
       earlier = earlier->getPreviousDecl()) {
    if (earlier->getFriendObjectKind() == clang::Decl::FOK_None) first = earlier;
  }
  return first;
}

// What an explicit specialisation is one of, or null.
const FunctionDecl* specialised(const FunctionDecl& function) {
  if (function.getTemplateSpecializationKind() != clang::TSK_ExplicitSpecialization) return nullptr;
  if (const clang::FunctionTemplateDecl* primary = function.getPrimaryTemplate()) {
    return primary->getTemplatedDecl();
  }
  return function.getInstantiatedFromMemberFunction();
}

}  // namespace

void Collector::collect() {
  TraverseDecl(text_.context().getTranslationUnitDecl());
  unit_.is_module = text_.context().getCurrentNamedModule() != nullptr;
  share_linkage();
  find_variables();
  check_method_options();
  if (has_library_) {
    find_class_versions();
  } else {
    unit_.records.clear();
  }
  if (!needs_library_) return;
  Diagnostic diagnostic(DiagnosticKind::missing_library);
  diagnostic.place = *needs_library_;
  diagnostic.message = "'ray::remote' needs the library: #include <ray/ray.h> is missing";
  diagnostic.notes.push_back({*needs_library_, "write it above the first annotation"});
  diagnostics_.push_back(std::move(diagnostic));
}

// By a qualified name what lies in an anonymous namespace is found only where nothing else is: the
// stubs of one name are all in it or all outside.
void Collector::share_linkage() {
  std::set<std::string> internal;
  for (const Callable& function : unit_.functions) {
    if (function.is_internal) internal.insert(scoped_name(function.scope, function.name));
  }
  if (internal.empty()) return;
  for (Callable& function : unit_.functions) {
    function.has_internal_stubs = internal.contains(scoped_name(function.scope, function.name));
  }
}

void Collector::find_variables() {
  std::set<std::string> names;
  for (const Callable& function : unit_.functions) names.insert(function.name);
  for (const clang::ValueDecl* variable : variables_) {
    // Not of others' headers, such as std::ranges::begin.
    if (text_.context().getSourceManager().isInSystemHeader(variable->getLocation())) continue;
    const std::string name = variable->getName().str();
    if (names.contains(name)) unit_.variable_names.insert(name);
  }
}

Diagnostic& Collector::report(DiagnosticKind kind, clang::SourceLocation location,
                              std::size_t length, std::string message) {
  Diagnostic diagnostic(kind);
  diagnostic.place = text_.place(location);
  diagnostic.length = length;
  diagnostic.message = std::move(message);
  diagnostics_.push_back(std::move(diagnostic));
  return diagnostics_.back();
}

void Collector::check_library(const clang::NamedDecl& annotated) {
  if (!has_library_ && !needs_library_) needs_library_ = text_.place(annotated.getLocation());
}

// What is written beside a declaration is compiled in each inclusion of its file.
bool Collector::is_included_again(const clang::NamedDecl& declaration) {
  const clang::SourceManager& sources = text_.sources();
  const clang::SourceLocation location = sources.getExpansionLoc(declaration.getLocation());
  const SourcePlace place = text_.place(location);
  const clang::FileID file = sources.getFileID(location);
  const auto [found, is_new] = annotated_at_.try_emplace({place.path, place.offset}, file);
  if (is_new || found->second == file) return false;
  Diagnostic& diagnostic = report(DiagnosticKind::repeated_inclusion, declaration.getLocation(),
                                  declaration.getNameAsString().size(),
                                  "the file of this remote declaration is included more than once");
  diagnostic.notes.push_back(
      {text_.place(sources.getIncludeLoc(file)),
       "again here: give it an include guard, or write out what it is to declare"});
  return true;
}

ParsedOptions Collector::read_annotation(const AnnotateAttr& annotation, OptionTarget target,
                                         const clang::Decl& on) {
  for (const auto* other : on.specific_attrs<AnnotateAttr>()) {
    if (other == &annotation || other->isInherited() ||
        other->getAnnotation() != annotation.getAnnotation()) {
      continue;
    }
    const std::string name = other->getAnnotation().str();
    Diagnostic& diagnostic =
        report(DiagnosticKind::repeated_option, other->getRange().getEnd(),
               name.size() - llvm::StringRef("ray::").size(), "'" + name + "' is given twice");
    diagnostic.notes.push_back(
        {text_.place(annotation.getRange().getEnd()), "write all options here"});
  }
  const RemoteAttribute* attribute = text_.attribute(annotation.getRange().getEnd());
  if (attribute == nullptr || attribute->text.empty()) {
    ParsedOptions none;
    none.target = target;
    return none;
  }
  const clang::SourceLocation name = text_.sources().getSpellingLoc(annotation.getRange().getEnd());
  SourcePlace place = text_.place(name);
  place.offset = attribute->options;
  const OptionScope scope{*on.getDeclContext(), text_.context(), groups_};
  return read_options(attribute->text, place, target, scope, preprocessor_, diagnostics_);
}

void Collector::check_generator(const ParsedOptions& options, const FunctionDecl& function) {
  const clang::QualType result = function.getReturnType();
  if (!options.generator_backpressure || result->isDependentType() ||
      result->getContainedAutoType() != nullptr ||
      !library_argument(result, "Generator").isNull()) {
    return;
  }
  report(DiagnosticKind::option_target, function.getLocation(), function.getName().size(),
         "'generator_backpressure' needs a function that returns a ray::Generator; '" +
             function.getNameAsString() + "' returns '" + text_.type(result) + "'");
}

void Collector::read_num_returns(const ParsedOptions& options, const FunctionDecl& function,
                                 Callable& callable) {
  if (!options.num_returns) return;
  const NumReturns& wanted = options.num_returns->value;
  if (!wanted.all && wanted.count == 1) return;
  const clang::QualType returned = awaited_type(text_.context(), function.getReturnType());
  const auto* tuple = returned->getAs<clang::TemplateSpecializationType>();
  const bool is_tuple = tuple != nullptr &&
                        tuple->getTemplateName().getAsTemplateDecl() != nullptr &&
                        tuple->getTemplateName().getAsTemplateDecl()->getName() == "tuple";
  if (callable.result.empty() || function.getReturnType()->isDependentType()) {
    callable.num_returns =
        wanted.all ? "::std::tuple_size_v<::ray::internal::awaited_t<" + callable.result + ">>"
                   : std::to_string(wanted.count);
    return;
  }
  if (!is_tuple) {
    Diagnostic& diagnostic =
        report(DiagnosticKind::num_returns, function.getLocation(), function.getName().size(),
               "'num_returns' needs a function that returns a std::tuple; '" +
                   function.getNameAsString() + "' returns '" + callable.result + "'");
    diagnostic.notes.push_back(
        {diagnostic.place, "return std::tuple<...>, or leave the option out"});
    return;
  }
  const std::size_t elements = tuple->template_arguments().size();
  if (!wanted.all && static_cast<std::size_t>(wanted.count) != elements) {
    report(DiagnosticKind::num_returns, function.getLocation(), function.getName().size(),
           "'num_returns' is " + std::to_string(wanted.count) + ", but '" +
               function.getNameAsString() + "' returns a tuple of " + std::to_string(elements));
    return;
  }
  callable.num_returns = std::to_string(elements);
  callable.result_types.clear();
  for (const clang::TemplateArgument& element : tuple->template_arguments()) {
    callable.result_types.push_back(text_.value_type(element.getAsType()));
  }
}

bool Collector::refuses_kind(const FunctionDecl& function) {
  const char* kind = nullptr;
  const char* advice = nullptr;
  if (!function.getDeclName().isIdentifier()) {
    kind = "an operator";
    advice = "call it from a function with a name, which '.remote' can follow";
  } else if (function.isDeleted()) {
    kind = "a deleted function";
    advice = "take the attribute away: there is nothing to call";
  } else if (function.hasAttr<clang::UnavailableAttr>()) {
    kind = "an unavailable function";
    advice = "take one of the attributes away: nothing may call it";
  } else if (function.isConsteval()) {
    kind = "a consteval function";
    advice = "make it constexpr: no compiler is there when it is called remotely";
  } else if (function.isVariadic()) {
    kind = "a function with C's variable arguments";
    advice =
        "take a std::vector, or make it a template with a parameter pack: their types are known";
  }
  if (kind == nullptr) return false;
  const std::size_t length = function.getNameAsString().size();
  Diagnostic& diagnostic = report(DiagnosticKind::remote_function_kind, function.getLocation(),
                                  length, std::string(kind) + " cannot be a remote function");
  diagnostic.notes.push_back({diagnostic.place, advice});
  return true;
}

// Most of what is parsed stands in system headers, where little can matter and nothing below it.
bool Collector::TraverseDecl(clang::Decl* declaration) {
  const bool is_container =
      declaration == nullptr ||
      llvm::isa<clang::TranslationUnitDecl, clang::NamespaceDecl, clang::LinkageSpecDecl>(
          declaration);
  if (is_container || !declaration->getLexicalDeclContext()->isFileContext() ||
      !text_.is_unannotated_system(*declaration)) {
    return RecursiveASTVisitor::TraverseDecl(declaration);
  }
  if (auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration)) return VisitVarDecl(variable);
  if (auto* record = llvm::dyn_cast<CXXRecordDecl>(declaration)) return VisitCXXRecordDecl(record);
  return true;
}

bool Collector::VisitFunctionDecl(FunctionDecl* function) {
  if (function->isTemplateInstantiation()) return true;
  const auto* method = llvm::dyn_cast<CXXMethodDecl>(function);
  if (method != nullptr && find_annotation(*method, Annotation::method) != nullptr) {
    methods_with_options_.push_back(method);
  }
  const AnnotateAttr* annotation = find_annotation(*function, Annotation::remote);
  if (annotation == nullptr) return true;
  if (function->isMain()) {
    Diagnostic& diagnostic = report(DiagnosticKind::annotated_main, annotation->getRange().getEnd(),
                                    kAttributeLength, "'main' cannot be a remote function");
    diagnostic.notes.push_back({diagnostic.place, "it is the driver, which calls the others"});
    return true;
  }
  if (function->getFriendObjectKind() != clang::Decl::FOK_None) {
    Diagnostic& diagnostic =
        report(DiagnosticKind::misplaced_annotation, annotation->getRange().getEnd(),
               kAttributeLength, "'ray::remote' does not apply to a friend declaration");
    diagnostic.notes.push_back(
        {diagnostic.place, "declare the function outside of the class, with the attribute"});
    return true;
  }
  check_library(*function);
  if (is_included_again(*function)) return true;
  const FunctionDecl* pattern = specialised(*function);
  if (const FunctionDecl* first = first_declaration(pattern == nullptr ? *function : *pattern);
      first != function) {
    check_redeclaration(*function, *first, *annotation);
    return true;
  }
  if (method != nullptr && !method->isStatic()) {
    Diagnostic& diagnostic =
        report(DiagnosticKind::annotated_method, annotation->getRange().getEnd(), kAttributeLength,
               "'ray::remote' does not apply to a member function");
    diagnostic.notes.push_back(
        {text_.place(method->getParent()->getLocation()),
         "it goes on the class: every public method of a remote class can be called remotely"});
    return true;
  }
  if (!is_written_out(*function)) {
    Diagnostic& diagnostic = report(
        DiagnosticKind::macro_declaration, function->getLocation(), 0,
        "a remote function must be declared by its own text, not by a macro's or a typedef's");
    diagnostic.notes.push_back({diagnostic.place, "write the declaration out"});
    return true;
  }
  if (is_broken(*function) || refuses_kind(*function)) return true;
  functions_.check_parameters(*function);
  serialisation_.check(*function);
  Callable callable = functions_.read(
      *function, method != nullptr ? Callable::Kind::static_member : Callable::Kind::function);
  const ParsedOptions options = read_annotation(*annotation, OptionTarget::task, *function);
  callable.options = render_options(options);
  function_options_.emplace(function, options);
  check_generator(options, *function);
  read_num_returns(options, *function, callable);
  callable.stub_place =
      text_.place(callable.result.empty() ? text_.end(*function)
                                          : text_.begin(*function, annotation->getLocation()));
  if (callable.head) unit_.function_templates.insert(callable.name);
  unit_.functions.push_back(std::move(callable));
  return true;
}

bool Collector::VisitUsingDecl(clang::UsingDecl* declaration) {
  for (const clang::UsingShadowDecl* shadow : declaration->shadows()) {
    const FunctionDecl* function = as_function(shadow->getTargetDecl());
    if (function == nullptr ||
        find_annotation(*first_declaration(*function), Annotation::remote) == nullptr) {
      continue;
    }
    const clang::SourceLocation begin = declaration->getQualifierLoc().getBeginLoc();
    const clang::SourceLocation name = declaration->getNameInfo().getLoc();
    if (begin.isMacroID() || name.isMacroID()) return true;
    UsingDeclaration result;
    result.name = text_.text(begin, name);
    result.unqualified = function->getNameAsString();
    result.scope = text_.scope(*declaration->getDeclContext());
    result.end = text_.place(name);
    result.end.offset += function->getName().size();
    unit_.usings.push_back(std::move(result));
    return true;
  }
  return true;
}

bool Collector::VisitNamespaceAliasDecl(clang::NamespaceAliasDecl* declaration) {
  unit_.namespace_aliases.insert_or_assign(declaration->getNameAsString(),
                                           declaration->getNamespace()->getNameAsString());
  return true;
}

bool Collector::VisitVarDecl(clang::VarDecl* variable) {
  if (variable->isFileVarDecl() && variable->getIdentifier() != nullptr) {
    variables_.push_back(variable);
  }
  return true;
}

bool Collector::VisitCXXRecordDecl(CXXRecordDecl* record) {
  if (record->isImplicit()) return true;
  const auto* specialization = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  if (specialization != nullptr && !specialization->isExplicitSpecialization()) return true;
  const AnnotateAttr* annotation = find_annotation(*record, Annotation::remote);
  check_before_class(*record);
  if (!record->isThisDeclarationADefinition()) {
    if (annotation != nullptr) check_forward_declaration(*record, *annotation);
    return true;
  }
  has_library_ |= is_ray_name(*record, "access");
  if (annotation != nullptr) {
    check_library(*record);
    if (is_included_again(*record)) return true;
    read_class(*record, *annotation);
  }
  read_record(*record);
  return true;
}

// The templates that cereal's and Boost's macros specialise.
void Collector::find_class_versions() {
  const auto find = [&](llvm::ArrayRef<llvm::StringRef> path) -> const clang::NamedDecl* {
    const clang::DeclContext* scope = text_.context().getTranslationUnitDecl();
    const clang::NamedDecl* result = nullptr;
    for (const llvm::StringRef name : path) {
      const auto found = scope->lookup(&text_.context().Idents.get(name));
      if (found.empty()) return nullptr;
      result = *found.begin();
      scope = llvm::dyn_cast<clang::NamespaceDecl>(result);
      if (scope == nullptr) break;
    }
    return llvm::dyn_cast_or_null<clang::ClassTemplateDecl>(result);
  };
  if (find({"cereal", "detail", "Version"}) != nullptr) {
    unit_.class_versions.push_back("::cereal::detail::Version<ray_T>::version");
  }
  if (find({"boost", "serialization", "version"}) != nullptr) {
    unit_.class_versions.push_back("::boost::serialization::version<ray_T>::value");
  }
}

}  // namespace ray::compiler

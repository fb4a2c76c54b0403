// The part of Collector that reads annotated classes.
#include <algorithm>

#include "clang/AST/DeclCXX.h"
#include "clang/Sema/Sema.h"
#include "compiler/calls/library.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/sema/collector.h"

namespace ray::compiler {
namespace {

using clang::CXXConstructorDecl;
using clang::CXXDestructorDecl;
using clang::CXXMethodDecl;
using clang::CXXRecordDecl;
using clang::FunctionDecl;

// The remote methods that a member is, or, of a using-declaration, brings in.
std::vector<const CXXMethodDecl*> methods_of(const clang::NamedDecl& member) {
  std::vector<const CXXMethodDecl*> result;
  const auto add = [&](const clang::NamedDecl* declaration) {
    const FunctionDecl* function = declaration->getAsFunction();
    const auto* method = llvm::dyn_cast_or_null<CXXMethodDecl>(function);
    if (method != nullptr && is_remote_method(*method) && !is_broken(*method)) {
      result.push_back(method);
    }
  };
  if (const auto* used = llvm::dyn_cast<clang::UsingDecl>(&member)) {
    if (used->getAccess() != clang::AS_public) return result;
    for (const clang::UsingShadowDecl* shadow : used->shadows()) add(shadow->getTargetDecl());
  } else {
    add(&member);
  }
  return result;
}

bool has_same_parameters(const Callable& a, const Callable& b) {
  return a.head == b.head && a.requirement == b.requirement &&
         std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(),
                    b.parameters.end(),
                    [](const Parameter& x, const Parameter& y) { return x.type == y.type; });
}

}  // namespace

// One that takes nothing, and is not deleted.
bool Collector::has_implicit_constructor(const CXXRecordDecl& record) {
  if (record.hasUserDeclaredConstructor()) return false;
  if (record.isDependentContext()) return true;
  sema_.ForceDeclarationOfImplicitMembers(const_cast<CXXRecordDecl*>(&record));
  return llvm::any_of(record.ctors(), [](const CXXConstructorDecl* constructor) {
    return constructor->isDefaultConstructor() && !constructor->isDeleted();
  });
}

void Collector::read_constructors(const CXXRecordDecl& record, RemoteClass& out) {
  for (const CXXConstructorDecl* constructor : remote_constructors(record)) {
    if (is_broken(*constructor)) continue;
    functions_.check_parameters(*constructor);
    serialisation_.check(*constructor);
    Callable callable = functions_.read(*constructor, Callable::Kind::constructor, &record);
    callable.qualified_name = out.qualified_name + "::" + record.getNameAsString();
    callable.options = out.options;
    out.constructors.push_back(std::move(callable));
  }
  const bool has_broken = llvm::any_of(record.ctors(), [](const CXXConstructorDecl* constructor) {
    return !constructor->isImplicit() && is_broken(*constructor);
  });
  if (has_broken || !has_implicit_constructor(record)) return;
  // The implicit one.
  Callable callable;
  callable.kind = Callable::Kind::constructor;
  callable.scope = out.scope;
  callable.name = "new";
  callable.hash = "default";
  callable.qualified_name = out.qualified_name + "::" + record.getNameAsString();
  callable.signature = "void ()";
  callable.options = out.options;
  callable.is_internal = callable.has_internal_stubs = out.is_internal;
  callable.place = out.place;
  out.constructors.push_back(std::move(callable));
}

void Collector::read_method(const CXXMethodDecl& method, const CXXRecordDecl& actor,
                            RemoteClass& out) {
  functions_.check_parameters(method);
  serialisation_.check(method);
  Callable callable = functions_.read(method, Callable::Kind::method, &actor);
  callable.qualified_name = out.qualified_name + "::" + callable.name;
  ParsedOptions options;
  options.target = OptionTarget::method;
  if (const auto* annotation = find_annotation(method, Annotation::method)) {
    options = read_annotation(*annotation, OptionTarget::method, method);
    methods_called_.insert(&method);
  }
  callable.options = render_options(options);
  check_generator(options, method);
  read_num_returns(options, method, callable);
  if (callable.head) unit_.method_templates.insert(callable.name);
  const auto same =
      std::find_if(out.methods.begin(), out.methods.end(), [&](const Callable& other) {
        return other.name == callable.name && has_same_parameters(other, callable);
      });
  if (same == out.methods.end()) {
    out.methods.push_back(std::move(callable));
  } else if (same->is_const && !callable.is_const) {
    *same = std::move(callable);  // an actor is not const: this is the one a call picks
  }
}

void Collector::read_methods(const CXXRecordDecl& from, const CXXRecordDecl& actor,
                             std::set<std::string>& hidden, RemoteClass& out) {
  std::set<std::string> names;
  for (const clang::Decl* member : from.decls()) {
    const auto* named = llvm::dyn_cast<clang::NamedDecl>(member);
    if (named == nullptr || named->isImplicit() || named->getIdentifier() == nullptr) continue;
    const std::string name = named->getNameAsString();
    names.insert(name);
    if (hidden.count(name) != 0) continue;
    for (const CXXMethodDecl* method : methods_of(*named)) {
      if (name != "remote") {
        read_method(*method, actor, out);
        continue;
      }
      Diagnostic& diagnostic =
          report(DiagnosticKind::method_named_remote, method->getLocation(), name.size(),
                 "a remote class cannot have a method called 'remote'");
      diagnostic.notes.push_back({diagnostic.place, "rename the method"});
    }
  }
  hidden.insert(names.begin(), names.end());
  for (const clang::CXXBaseSpecifier& base : from.bases()) {
    if (base.getAccessSpecifier() != clang::AS_public) continue;
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr || (definition = definition->getDefinition()) == nullptr) continue;
    // Those of a library's class are not made to be called from elsewhere: a using-declaration
    // picks some.
    if (text_.sources().isInSystemHeader(definition->getLocation())) continue;
    read_methods(*definition, actor, hidden, out);
  }
}

bool Collector::refuses_kind(const CXXRecordDecl& record, const clang::AnnotateAttr& annotation) {
  const char* kind = nullptr;
  const char* advice = "move it to namespace scope and give it a name";
  const CXXDestructorDecl* destructor = record.getDestructor();
  if (record.isUnion()) {
    kind = "a union";
  } else if (record.isLocalClass() != nullptr || record.getIdentifier() == nullptr) {
    kind = "a local or unnamed class";
  } else if (!record.isDependentType() && record.isAbstract()) {
    kind = "an abstract class";
    advice = "annotate the classes that are derived from it: an actor is a whole object";
  } else if (destructor != nullptr && destructor->getAccess() != clang::AS_public) {
    kind = "a class with a destructor that is not public";
    advice = "make the destructor public: the actor's process calls it";
  }
  if (kind == nullptr) return false;
  Diagnostic& diagnostic =
      report(DiagnosticKind::remote_class_kind, annotation.getRange().getEnd(),
             sizeof("remote") - 1, std::string(kind) + " cannot be a remote class");
  diagnostic.notes.push_back({diagnostic.place, advice});
  return true;
}

void Collector::read_class(const CXXRecordDecl& record, const clang::AnnotateAttr& annotation) {
  if (refuses_kind(record, annotation)) return;
  const clang::SourceRange braces = record.getBraceRange();
  if (braces.getBegin().isMacroID() || braces.getEnd().isMacroID()) {
    report(DiagnosticKind::macro_declaration, record.getLocation(), record.getName().size(),
           "the body of a remote class must not come from a macro");
    return;
  }
  RemoteClass result;
  result.scope = text_.scope(record);
  result.name = text_.record_name(record);
  result.qualified_name = text_.qualified_name(record);
  result.access = record.isStruct() ? "public" : "private";
  result.is_internal = !record.isExternallyVisible();
  result.is_registered_here =
      text_.sources().isInMainFile(text_.sources().getExpansionLoc(record.getLocation()));
  result.place = text_.place(record.getLocation());
  result.body_begin = text_.place(braces.getBegin());
  result.body_begin.offset += 1;
  result.body_end = text_.place(braces.getEnd());
  const ParsedOptions options = read_annotation(annotation, OptionTarget::actor, record);
  result.options = render_options(options);
  static const Counts kNone;
  if (options.errors.empty()) {
    groups_ = options.concurrency_groups ? &options.concurrency_groups->value : &kNone;
  }
  read_constructors(record, result);
  std::set<std::string> hidden;
  read_methods(record, record, hidden, result);
  groups_ = nullptr;
  const auto async = llvm::find_if(result.methods, [](const Callable& m) { return m.is_async; });
  const bool is_async = async != result.methods.end();
  for (Callable& constructor : result.constructors) constructor.is_async = is_async;
  if (is_async && options.concurrency_groups) {
    Diagnostic& diagnostic =
        report(DiagnosticKind::option_target, record.getLocation(), record.getName().size(),
               "'concurrency_groups' does not apply to an async class, which runs on one thread");
    diagnostic.notes.push_back(
        {async->place, "'" + record.getNameAsString() + "' is async because '" + async->name +
                           "' returns a ray::Task: leave the option out, or return a plain value"});
  }
  for (const clang::NamedDecl* member :
       record.lookup(clang::DeclarationName(&text_.context().Idents.get("options")))) {
    (void)member;
    result.has_own_options = true;
  }
  unit_.classes.push_back(std::move(result));
}

}  // namespace ray::compiler

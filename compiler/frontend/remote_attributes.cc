#include "compiler/frontend/remote_attributes.h"

#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/CharInfo.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "compiler/diagnostics/named_report.h"

namespace ray::compiler {
namespace {

using clang::AttributeCommonInfo;
using clang::Decl;
using clang::ParsedAttr;
using clang::Sema;

bool stands_right(Annotation annotation, const Decl* declaration) {
  switch (annotation) {
    case Annotation::remote:
      return llvm::isa<clang::FunctionDecl, clang::CXXRecordDecl>(declaration);
    case Annotation::method:
      return llvm::isa<clang::CXXMethodDecl>(declaration);
    case Annotation::transient:
      return llvm::isa<clang::FieldDecl>(declaration);
  }
  return false;
}

const char* right_places(Annotation annotation) {
  switch (annotation) {
    case Annotation::remote:
      return "functions and classes";
    case Annotation::method:
      return "member functions";
    case Annotation::transient:
      return "non-static data members";
  }
  return "";
}

struct Refusal {
  DiagnosticKind kind = DiagnosticKind::misplaced_annotation;
  std::string message;
  std::string note;
};

// Those who import a module would see neither the attribute nor what stands beside it.
std::optional<Refusal> refusal_in_module(const Decl& declaration, const Sema& sema) {
  if (declaration.isInNamedModule()) {
    return Refusal{.message = "'ray::remote' does not apply to what is declared in a module",
                   .note = "declare it in a header, which the module's users include"};
  }
  if (!sema.getLangOpts().isCompilingModule()) return std::nullopt;
  return Refusal{.message = "'ray::remote' does not apply to what a module includes",
                 .note =
                     "include this header in the files that call its functions: a module's "
                     "implementation may be one, its interface not"};
}

void list_function(const Decl& declaration) {
  if (!llvm::isa<clang::FunctionDecl>(declaration)) return;
  annotation_mode().remote_functions.push_back(&declaration);
}

// Why an annotation of that kind would mean nothing where it stands.
std::optional<Refusal> find_refusal(Annotation annotation, const Decl& declaration,
                                    const Sema& sema) {
  const std::string quoted = std::string("'") + name_of(annotation) + "'";
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&declaration);
  if (method != nullptr && method->getParent()->isLambda()) {
    return Refusal{.message = quoted + " does not apply to a lambda",
                   .note = "write 'ray::remote(lambda)', with '.options({...})' at the call"};
  }
  if (declaration.getLexicalDeclContext()->isFunctionOrMethod() ||
      declaration.getParentFunctionOrMethod() != nullptr) {
    // The first pass does not look into bodies, so nothing was generated for this one.
    if (annotation == Annotation::remote) {
      return Refusal{DiagnosticKind::annotation_in_function,
                     quoted + " does not apply to what is declared in a function",
                     "move the declaration to namespace scope"};
    }
    return Refusal{
        .message = quoted + " means nothing here: a class of a function's own " +
                   (annotation == Annotation::method ? "is no remote one" : "cannot be sent"),
        .note = "move the class to namespace scope"};
  }
  if (annotation != Annotation::remote) return std::nullopt;
  if (auto refusal = refusal_in_module(declaration, sema)) return refusal;
  if (!annotation_mode().is_precompiling) return std::nullopt;
  return Refusal{.message = quoted + " does not apply to what is in a precompiled header",
                 .note = "precompile what this header includes, and include it as it is"};
}

// clang 19 looks the spellings of plugins up without their scope, so each is named twice, and the
// unscoped use is then rejected.
template <Annotation kAnnotation>
class AnnotationInfo : public clang::ParsedAttrInfo {
 public:
  AnnotationInfo() {
    NumArgs = 0;
    OptArgs = 0;
    static constexpr Spelling kSpellings[] = {{AttributeCommonInfo::AS_CXX11, scoped()},
                                              {AttributeCommonInfo::AS_CXX11, scoped() + 5}};
    Spellings = kSpellings;
  }

  AttrHandling handleDeclAttribute(Sema& sema, Decl* declaration,
                                   const ParsedAttr& attribute) const override {
    if (!attribute.hasScope()) {
      sema.Diag(attribute.getLoc(), clang::diag::warn_unknown_attribute_ignored) << attribute;
      return AttributeNotApplied;
    }
    const clang::SourceLocation name = attribute.getRange().getEnd();
    if (!stands_right(kAnnotation, declaration)) {
      if (annotation_mode().is_unfinished) return AttributeNotApplied;
      report(
          sema.getDiagnostics(), name, DiagnosticKind::misplaced_annotation,
          "'" + std::string(scoped()) + "' attribute only applies to " + right_places(kAnnotation));
      report_note(sema.getDiagnostics(), name, place_of(kAnnotation));
      return AttributeNotApplied;
    }
    if (const auto refusal = find_refusal(kAnnotation, *declaration, sema)) {
      report(sema.getDiagnostics(), name, refusal->kind, refusal->message);
      report_note(sema.getDiagnostics(), name, refusal->note);
      if (kAnnotation == Annotation::remote && refusal_in_module(*declaration, sema)) {
        declaration->setInvalidDecl();  // its calls have no error of their own
        list_function(*declaration);
      }
      return AttributeNotApplied;
    }
    if (annotation_mode().is_collecting) {
      declaration->addAttr(clang::AnnotateAttr::Create(sema.Context, name_of(kAnnotation), nullptr,
                                                       0, attribute.getRange()));
    } else if (kAnnotation == Annotation::remote) {
      list_function(*declaration);
    } else if (kAnnotation == Annotation::transient) {
      annotation_mode().transient_fields.push_back(declaration);
    }
    return AttributeApplied;
  }

 private:
  static constexpr const char* scoped() {
    if constexpr (kAnnotation == Annotation::remote) return "ray::remote";
    if constexpr (kAnnotation == Annotation::method) return "ray::method";
    return "ray::transient";
  }
};

clang::ParsedAttrInfoRegistry::Add<AnnotationInfo<Annotation::remote>> remote_info("ray_remote",
                                                                                   "");
clang::ParsedAttrInfoRegistry::Add<AnnotationInfo<Annotation::method>> method_info("ray_method",
                                                                                   "");
clang::ParsedAttrInfoRegistry::Add<AnnotationInfo<Annotation::transient>> transient_info(
    "ray_transient", "");

}  // namespace

const char* name_of(Annotation annotation) {
  switch (annotation) {
    case Annotation::remote:
      return "ray::remote";
    case Annotation::method:
      return "ray::method";
    case Annotation::transient:
      return "ray::transient";
  }
  return "";
}

std::optional<Annotation> annotation_named(llvm::StringRef text) {
  text.consume_front("ray");
  text = text.ltrim();
  if (!text.consume_front("::")) text.consume_front(":");  // [[using ray: remote]]
  text = text.ltrim();
  const llvm::StringRef name =
      text.take_while([](char c) { return clang::isAsciiIdentifierContinue(c); });
  for (const Annotation each : {Annotation::remote, Annotation::method, Annotation::transient}) {
    if (name == llvm::StringRef(name_of(each)).drop_front(sizeof("ray::") - 1)) return each;
  }
  return std::nullopt;
}

const char* place_of(Annotation annotation) {
  switch (annotation) {
    case Annotation::remote:
      return "it stands first in the declaration of a function, '[[ray::remote]] int f(int x)', "
             "or before the name of a class, 'class [[ray::remote]] C'";
    case Annotation::method:
      return "it stands first in the declaration of a remote class's method: "
             "'[[ray::method(...)]] int m(int x)'";
    case Annotation::transient:
      return "it stands first in the declaration of a field: '[[ray::transient]] int x'";
  }
  return "";
}

AnnotationMode& annotation_mode() {
  static AnnotationMode mode;
  return mode;
}

const clang::AnnotateAttr* find_annotation(const Decl& declaration, Annotation annotation) {
  for (const auto* attribute : declaration.specific_attrs<clang::AnnotateAttr>()) {
    if (attribute->getAnnotation() == name_of(annotation) && !attribute->isInherited()) {
      return attribute;
    }
  }
  return nullptr;
}

}  // namespace ray::compiler

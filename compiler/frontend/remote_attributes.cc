#include "compiler/frontend/remote_attributes.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
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

const char* mark(Annotation annotation) {
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

// clang 19 looks the spellings of plugins up without their scope, so each is named twice, and the
// unscoped use is then rejected.
template <Annotation kAnnotation>
class AnnotationInfo : public clang::ParsedAttrInfo {
 public:
  AnnotationInfo() {
    NumArgs = 0;
    OptArgs = 0;
    static constexpr Spelling spellings[] = {{AttributeCommonInfo::AS_CXX11, scoped()},
                                             {AttributeCommonInfo::AS_CXX11, scoped() + 5}};
    Spellings = spellings;
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
      return AttributeNotApplied;
    }
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(declaration);
    if (method != nullptr && method->getParent()->isLambda()) {
      clang::DiagnosticsEngine& engine = sema.getDiagnostics();
      report(engine, name, DiagnosticKind::misplaced_annotation,
             "'" + std::string(scoped()) + "' does not apply to a lambda");
      report_note(engine, name, "write 'ray::remote(lambda)', with '.options({...})' at the call");
      return AttributeNotApplied;
    }
    if (kAnnotation == Annotation::remote &&
        declaration->getLexicalDeclContext()->isFunctionOrMethod()) {
      // The first pass does not look into bodies, so nothing was generated for this one.
      clang::DiagnosticsEngine& engine = sema.getDiagnostics();
      report(engine, name, DiagnosticKind::annotation_in_function,
             "'ray::remote' does not apply to what is declared in a function");
      report_note(engine, name, "move the declaration to namespace scope");
      return AttributeNotApplied;
    }
    const bool is_own = declaration->isInNamedModule();
    if (kAnnotation == Annotation::remote && (is_own || sema.getLangOpts().isCompilingModule())) {
      // Those who import it would see neither the attribute nor what stands beside it.
      clang::DiagnosticsEngine& engine = sema.getDiagnostics();
      report(engine, name, DiagnosticKind::misplaced_annotation,
             std::string("'ray::remote' does not apply to what ") +
                 (is_own ? "is declared in a module" : "a module includes"));
      report_note(engine, name,
                  is_own ? "declare it in a header, which the module's users include"
                         : "include this header in the files that call its functions: a module's "
                           "implementation may be one, its interface not");
      declaration->setInvalidDecl();  // its calls have no error of their own
      if (llvm::isa<clang::FunctionDecl>(declaration)) {
        annotation_mode().remote_functions.push_back(declaration);
      }
      return AttributeNotApplied;
    }
    if (kAnnotation == Annotation::remote && annotation_mode().is_precompiling) {
      clang::DiagnosticsEngine& engine = sema.getDiagnostics();
      report(engine, name, DiagnosticKind::misplaced_annotation,
             "'ray::remote' does not apply to what is in a precompiled header");
      report_note(engine, name, "precompile what this header includes, and include it as it is");
      return AttributeNotApplied;
    }
    if (annotation_mode().is_collecting) {
      declaration->addAttr(clang::AnnotateAttr::Create(sema.Context, mark(kAnnotation), nullptr, 0,
                                                       attribute.getRange()));
    } else if (kAnnotation == Annotation::remote && llvm::isa<clang::FunctionDecl>(declaration)) {
      annotation_mode().remote_functions.push_back(declaration);
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

AnnotationMode& annotation_mode() {
  static AnnotationMode mode;
  return mode;
}

const clang::AnnotateAttr* find_annotation(const Decl& declaration, Annotation annotation) {
  for (const auto* attribute : declaration.specific_attrs<clang::AnnotateAttr>()) {
    if (attribute->getAnnotation() == mark(annotation) && !attribute->isInherited()) {
      return attribute;
    }
  }
  return nullptr;
}

}  // namespace ray::compiler

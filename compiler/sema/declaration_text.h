// DeclarationText turns clang's declarations into the text that the model is made of: places,
// types, template heads, scopes, as the user wrote them.
//
// Threading: one thread; lives as long as the ASTContext it reads.
#pragma once

#include <optional>
#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/frontend/macro_expansions.h"
#include "compiler/frontend/option_mask.h"
#include "compiler/frontend/source_overlay.h"
#include "compiler/model/callable.h"

namespace ray::compiler {

class DeclarationText {
 public:
  using Files = std::map<std::string, SourceOverlay::AnnotatedFile>;

  DeclarationText(clang::ASTContext& context, const Files& files,
                  const MacroExpansions& expansions);

  const clang::SourceManager& sources() const { return sources_; }
  clang::ASTContext& context() const { return context_; }

  // Whether nothing is to be generated for it: it is of a system header, or of Eigen, which many
  // projects carry among their own files, and of which the library knows what travels.
  bool is_foreign(const clang::Decl& declaration) const;

  // Whether it stands in a system header that has no annotations.
  bool is_unannotated_system(const clang::Decl& declaration) const;

  SourcePlace place(clang::SourceLocation location) const;
  // From the beginning of the token at `begin` to the end of the one at `end`, without macros.
  std::string text(clang::SourceLocation begin, clang::SourceLocation end) const;
  std::size_t length(clang::SourceRange tokens) const;  // as written
  bool has_macros(clang::SourceLocation begin, clang::SourceLocation end) const;
  std::string type(clang::QualType type) const;                           // as written
  std::string qualified_type(clang::QualType type) const;                 // whatever the scope
  std::string value_type(clang::QualType type) const;                     // of what travels as it
  std::string qualified_name(const clang::NamedDecl& declaration) const;  // "ns::f"

  // What `[[ray::remote(...)]]` holds, whose name stands at `name`; null where there is none.
  const RemoteAttribute* attribute(clang::SourceLocation name) const;
  // The name of an attribute of ours that stands directly before `begin`; invalid where none does.
  clang::SourceLocation attribute_before(clang::SourceLocation begin) const;
  // The beginning of the declaration with all its attributes, its template head and a linkage
  // specification without braces.
  clang::SourceLocation begin(const clang::Decl& declaration,
                              clang::SourceLocation annotation) const;
  // Behind the `;` or `}` that ends a function's declaration.
  clang::SourceLocation end(const clang::FunctionDecl& function) const;

  TemplateHead head(const clang::TemplateParameterList& parameters) const;
  std::string arguments(const clang::TemplateParameterList& parameters) const;  // "T, N"
  Scope scope(const clang::DeclContext& inside) const;
  // "Box<T>" for the pattern of a template, else the name.
  std::string record_name(const clang::CXXRecordDecl& record) const;

 private:
  struct Range {
    clang::FileID file;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  Range range(clang::SourceLocation begin, clang::SourceLocation end) const;
  const MaskedSource* masked(clang::FileID file) const;

  clang::ASTContext& context_;
  const clang::SourceManager& sources_;
  const Files& files_;
  const MacroExpansions& expansions_;
  clang::PrintingPolicy written_;
  clang::PrintingPolicy qualified_;
};

}  // namespace ray::compiler

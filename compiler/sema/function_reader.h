// FunctionReader describes one function, constructor or method for codegen, and checks that it can
// be called from another process.
#pragma once

#include <vector>

#include "clang/AST/DeclCXX.h"
#include "compiler/model/callable.h"
#include "compiler/model/diagnostic.h"
#include "compiler/sema/declaration_text.h"

namespace ray::compiler {

class FunctionReader {
 public:
  FunctionReader(const DeclarationText& text, std::vector<Diagnostic>& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}

  // Everything but `options`, `num_returns` and `stub_place`. For a method that `actor` inherits,
  // types are spelled so that they mean the same there.
  Callable read(const clang::FunctionDecl& function, Callable::Kind kind,
                const clang::CXXRecordDecl* actor = nullptr) const;

  // Reports parameters that no other process can be given.
  void check_parameters(const clang::FunctionDecl& function) const;

 private:
  Parameter read_parameter(const clang::ParmVarDecl& parameter, const TemplateHead* head,
                           bool is_inherited) const;
  void read_value_types(const clang::FunctionDecl& function, Callable::Kind kind,
                        Callable& out) const;

  const DeclarationText& text_;
  std::vector<Diagnostic>& diagnostics_;
};

// T, where `type` is, or refers to, a ray::NAME<T>; null otherwise.
clang::QualType library_argument(clang::QualType type, llvm::StringRef name);
// Whether clang has reported its type, a parameter or a default argument.
bool is_broken(const clang::FunctionDecl& function);
// Whether `type` is a ray::Task.
bool is_task(clang::QualType type);
// T, where `type` is ray::Task<T>; `type` otherwise.
clang::QualType awaited_type(const clang::ASTContext& context, clang::QualType type);

}  // namespace ray::compiler

// FetchedValue is what ray::get has brought into a variable.
#pragma once

#include <optional>

#include "compiler/mistakes/program.h"

namespace ray::compiler {

struct FetchedValue {
  const clang::ValueDecl* variable = nullptr;
  const clang::CallExpr* get = nullptr;
  const clang::DeclRefExpr* first_use = nullptr;
};

// The get that `expression` is, where what is got is a ref or a vector of refs; else none.
Call as_get(const clang::Expr& expression);

// Whether argument `index` of the submission is of exactly the parameter's type, which is what a
// ref has to stand for.
bool fits_as_ref(const Call& submission, unsigned index, clang::QualType given,
                 const clang::ASTContext& context);

// Where all that is done with the variable is to send it with tasks, each of which would take the
// ref in its place.
std::optional<FetchedValue> find_passed_on(const Program& program, const Body& body,
                                           const clang::ValueDecl& variable);

}  // namespace ray::compiler

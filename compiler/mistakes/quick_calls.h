// Quick calls are those of which it is known that they wait for nothing and run no code of the
// user's: what works on values in memory, and the library.
#pragma once

#include "clang/AST/ASTContext.h"
#include "compiler/mistakes/body.h"

namespace ray::compiler {

// Whether all that the loop does is known: a call of something else may do anything.
bool makes_only_quick_calls(const Body& body, const clang::Stmt& loop,
                            const clang::ASTContext& context);

// The field in `const T& name() const { return field_; }`, of the user's; null of other methods.
const clang::FieldDecl* given_field(const clang::CXXMethodDecl& method);

}  // namespace ray::compiler

// large_value.h judges whether a value is worth more than a reference to it.
#pragma once

#include "compiler/mistakes/body.h"

namespace ray::compiler {

// Whether values of the type are likely to be large: containers other than strings, and what holds
// one or has 4 KiB itself.
bool is_large(clang::QualType type, const clang::ASTContext& context);

bool is_short_list(const clang::Expr& initialiser);
// A list of few elements that nothing is added to.
bool is_known_to_be_small(const Body& body, const clang::VarDecl& variable);

}  // namespace ray::compiler

// closures.h finds the lambdas of a body that are called in it and nowhere else: what those capture
// stays in the function.
#pragma once

#include <set>

#include "clang/AST/ExprCXX.h"

namespace ray::compiler::graph {

// Those that are called where they are written, given to an algorithm of the standard library, or
// kept in a variable with which nothing else is done.
std::set<const clang::LambdaExpr*> closures_called_in(const clang::Stmt& body);

}  // namespace ray::compiler::graph

// synchronises tells types that order what threads do: locks, and what leads to one.
//
// They are changed by whoever uses them, and carry nothing from one user to another; what stands
// beside one is taken to be guarded by it.
#pragma once

#include "clang/AST/Type.h"

namespace ray::compiler {

bool synchronises(clang::QualType type);

}  // namespace ray::compiler

// user_types.h puts the types in a message of clang's as the user knows them.
#pragma once

#include <string>

#include "clang/Basic/Diagnostic.h"

namespace ray::compiler {

// "'::ray::internal::result_t<int, 1>' (aka 'ObjectRef<int>')" in `text`, which is the
// diagnostic's, becomes "'ray::ObjectRef<int>'".
std::string with_user_types(std::string text, const clang::Diagnostic& diagnostic);

}  // namespace ray::compiler

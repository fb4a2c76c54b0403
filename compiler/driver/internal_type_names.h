// InternalTypeNames tells classes of anonymous namespaces apart at run time, where two files have
// one of the same name. As g++ does, it puts a '*' before the names of their types: the standard
// library compares such types by their addresses, and type_info::name() leaves the '*' out.
//
// Clang leaves them as they are: a handler of one such class would catch the other's exceptions.
// See operator== of std::type_info in libstdc++'s <typeinfo>.
#pragma once

#include "clang/Basic/CodeGenOptions.h"

namespace ray::compiler {

// Of what is compiled with these options.
void mark_internal_type_names(clang::CodeGenOptions& options);

}  // namespace ray::compiler

// ExceptionTypes finds the classes whose exceptions are to travel as themselves: those that derive
// from std::exception, and those that some file throws by name.
//
// Only classes that are certain to travel are taken: registering one that cannot would break a
// program that never sends it.
#pragma once

#include <set>
#include <string>

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

bool derives_from_std_exception(const clang::CXXRecordDecl& record);

// Whether every part of `record` is of a type whose values are known to travel.
bool is_certain_to_travel(const clang::CXXRecordDecl& record);

// The unqualified names behind `throw` in the text of a file: "Refused" of `throw app::Refused{7}`.
std::set<std::string> find_thrown_names(llvm::StringRef text);

}  // namespace ray::compiler

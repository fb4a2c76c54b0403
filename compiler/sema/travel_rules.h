// TravelRules are what is known, by its type alone, about a value that cannot travel.
//
// What they refuse is certainly wrong; the rest is left to the library's codecs.
#pragma once

#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace ray::compiler {

// The same of a class that is not one of the rules' own.
using ClassReason = llvm::function_ref<std::string(const clang::CXXRecordDecl&)>;

// What keeps a value of `type` here: "a raw pointer", "a std::vector of a std::thread"; or "".
std::string reason_to_stay(clang::QualType type, clang::ASTContext& context, ClassReason of_class);

// "a std::regex", "a 'geo::Shape'": a class of a system header whose state nobody can read, so that
// only its own functions could make it travel; "" for any other.
std::string name_of_closed_class(const clang::CXXRecordDecl& record);

// Whether a parameter of `type` is there to change the caller's object. A template's `T&` is; of a
// type that depends on others (`typename T::type&`) nothing is known.
bool is_mutable_reference(clang::QualType type);

// Whether it is a view of what has arrived with the call, where a parameter has that type.
bool is_read_in_place(clang::QualType type);

}  // namespace ray::compiler

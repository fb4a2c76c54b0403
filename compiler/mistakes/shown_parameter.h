// shown_parameter tells which parameter's memory a view or a pointer shows.
#pragma once

#include "clang/AST/Decl.h"
#include "compiler/mistakes/body.h"

namespace ray::compiler {

// std::span, std::string_view or a pointer.
bool is_borrowing(clang::QualType type);

// Type argument `index` of an instance of a class template; null where there is none.
clang::QualType type_argument(const clang::CXXRecordDecl& record, unsigned index);

// The container that an element is of: `list` of `list[0]`, `list.front()` and `*optional`; null of
// what is no such expression.
const clang::Expr* whole_of_element(const clang::Expr& element);

// The parameter of `body`'s function whose memory `value` shows once it is a view or a pointer, or
// null. Limits: what is known from `value` and the initialisers of local variables; no other
// function is looked into.
const clang::ParmVarDecl* shown_parameter(const Body& body, const clang::Expr& value);

}  // namespace ray::compiler

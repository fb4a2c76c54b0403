// SentValue is what an expression that is sent with a task names: a variable, a field of one, a
// field of this object, what a pointer points to, or a field that a method of one of those gives.
#pragma once

#include <optional>

#include "clang/AST/ASTContext.h"
#include "compiler/mistakes/body.h"

namespace ray::compiler {

struct SentValue {
  const clang::Expr* expr = nullptr;             // as it is written
  const clang::ValueDecl* named = nullptr;       // the last name in it
  const clang::ValueDecl* variable = nullptr;    // that it is, or is a part of
  const clang::FieldDecl* field = nullptr;       // of this object, where it is no variable's
  bool is_pointee = false;                       // of the pointer `variable`
  const clang::VarDecl* whole_variable() const;  // null where it is a part of one, or a field
};

// Also of what is sent as a std::span of all of it.
std::optional<SentValue> find_sent_value(const clang::Expr& argument);

// The outermost loop around `use` in all of which the value stays the same, as far as the body
// shows; null where there is none.
const clang::Stmt* loop_to_leave(const Body& body, const clang::Expr& use, const SentValue& value,
                                 const clang::ASTContext& context);

}  // namespace ray::compiler

// Call is what a call in the syntax tree of the second pass does in the words of the library:
// remote calls in all their spellings, get, wait and put, and the rest of what is done with refs.
//
// Limits: calls that are resolved. In a template, what depends on its parameters is not seen.
#pragma once

#include <vector>

#include "clang/AST/ExprCXX.h"
#include "compiler/calls/library.h"
#include "llvm/ADT/ArrayRef.h"

namespace ray::compiler {

enum class CallKind {
  task,     // f.remote(...), ray::task(f).remote(...), ray::remote(lambda).remote(...)
  actor,    // C::remote(...), ray::actor<C>().remote(...)
  method,   // handle.m.remote(...), ray::task(handle, &C::m).remote(...)
  get,      // ray::get(...), ref.get()
  view,     // ray::view(...)
  wait,     // ray::wait(...)
  put,      // ray::put(...)
  cancel,   // ray::cancel(...)
  kill,     // ray::kill(...)
  neutral,  // the library's, and of no interest: f.options(...), ray::init()
  other,
};

struct Call {
  const clang::CallExpr* expr = nullptr;
  CallKind kind = CallKind::other;

  bool submits() const {
    return kind == CallKind::task || kind == CallKind::actor || kind == CallKind::method;
  }
  // What is called: "f" of a task, "m" of a method; empty where it has no name here.
  llvm::StringRef name() const;
  // The expression whose actor runs the method.
  const clang::Expr* handle() const;
  llvm::ArrayRef<const clang::Expr*> arguments() const;
  // Of a get with one thing to get, that: `r` of ray::get(r) and of r.get(). Null for a get that
  // has a timeout, or several.
  const clang::Expr* subject() const;
  // Whether ray::task or ray::actor has made what the call is made on.
  bool is_plain() const;
  // What ray::task was given to call: the expression of a function or of a pointer to one.
  const clang::Expr* plain_callee() const;
  // What ray::remote(lambda) gave, that the call is made on.
  const clang::Expr* lambda_task() const;
};

Call classify_call(const clang::CallExpr& call);

// Of a call of ray::remote, what the compiler has made captures of: `captured(n, f())`, and another
// one of packs.
std::vector<const clang::Expr*> captured_values(const clang::CallExpr& making);

// Without parentheses, conversions, temporaries and copies.
const clang::Expr* bare(const clang::Expr* expression);
// The variable that an expression names, or null.
const clang::VarDecl* named_variable(const clang::Expr* expression);

}  // namespace ray::compiler

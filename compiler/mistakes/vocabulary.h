// Vocabulary recognises, in the syntax tree of the second pass, what of it is the library's: remote
// calls in all their spellings, get, wait and put, refs and handles.
//
// Limits: calls that are resolved. In a template, what depends on its parameters is not seen.
#pragma once

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/ArrayRef.h"

namespace ray::compiler {

enum class CallKind {
  task,    // f.remote(...)
  actor,   // C::remote(...)
  method,  // handle.m.remote(...)
  get,     // ray::get(...), ref.get()
  wait,    // ray::wait(...)
  put,     // ray::put(...)
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
  // The expression whose actor runs the method, where it is spelled `handle.m.remote(...)`.
  const clang::Expr* handle() const;
  llvm::ArrayRef<const clang::Expr*> arguments() const;
  // Of a get with one thing to get, that: `r` of ray::get(r) and of r.get(). Null for a get that
  // has a timeout, or several.
  const clang::Expr* subject() const;
};

Call classify_call(const clang::CallExpr& call);

// "f" of the names "f.remote" (what clang knows the compiler's `f$remote` by) and "f.options"; ""
// of any other.
llvm::StringRef stub_of(llvm::StringRef name);

// The overload set that what `.options(...)` gave calls; null for any other class.
const clang::CXXRecordDecl* configured_set(const clang::CXXRecordDecl& record);

bool is_object_ref(clang::QualType type);
bool is_ray_task(clang::QualType type);
bool is_vector_of_refs(clang::QualType type);
// The class C of an ActorHandle<C>, or null.
const clang::CXXRecordDecl* actor_class(clang::QualType type);
bool is_remote_class(const clang::CXXRecordDecl& record);
// Of `ray` itself, as users write it: "get" of ray::get.
bool is_ray_name(const clang::NamedDecl& declaration, llvm::StringRef name);
bool is_std_name(const clang::NamedDecl& declaration, llvm::StringRef name);

// Without parentheses, conversions, temporaries and copies.
const clang::Expr* bare(const clang::Expr* expression);
// The variable that an expression names, or null.
const clang::VarDecl* named_variable(const clang::Expr* expression);

}  // namespace ray::compiler

// library.h recognises, in the syntax tree of the second pass, what of it is the library's: names,
// refs and handles, remote classes, generated names.
//
// Limits: pure questions about declarations and types; nothing is kept.
#pragma once

#include <string>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

// The identifier, or "" of what has another kind of name.
llvm::StringRef identifier(const clang::NamedDecl& declaration);

// Of `ray` itself, as users write it: "get" of ray::get.
bool is_ray_name(const clang::NamedDecl& declaration, llvm::StringRef name);
// Of ray::internal.
bool is_internal_name(const clang::NamedDecl& declaration, llvm::StringRef name);
bool is_std_name(const clang::NamedDecl& declaration, llvm::StringRef name);
// "a" of a::b::f; "" of what is in no namespace, or in one without a name.
llvm::StringRef outermost_namespace(const clang::Decl& declaration);
// Anywhere in namespace ray; anywhere in ray::internal.
bool is_of_library(const clang::Decl& declaration);
bool is_internal(const clang::Decl& declaration);

bool is_object_ref(clang::QualType type);
bool is_ray_task(clang::QualType type);
bool is_vector_of_refs(clang::QualType type);
// The class C of an ActorHandle<C>, or null.
const clang::CXXRecordDecl* actor_class(clang::QualType type);
// An ObjectRef or an ActorHandle, or a reference to one.
bool is_ref_or_handle(clang::QualType type);
bool is_wait_result(clang::QualType type);
bool is_stream(clang::QualType type);  // ray::ObjectRefGenerator

bool is_remote_class(const clang::CXXRecordDecl& record);
// Whether an actor can be made by it, or, of a method, runs it when it is called by its name.
bool is_remote_constructor(const clang::CXXConstructorDecl& constructor);
bool is_remote_method(const clang::CXXMethodDecl& method);
// Those of a class, and those of its bases that a using-declaration brings in.
std::vector<const clang::CXXConstructorDecl*> remote_constructors(
    const clang::CXXRecordDecl& record);

// "f" of the names "f.remote" and "f.options", which clang knows the compiler's `f$remote` and
// `f$options` by; where the tree was read from a precompiled header they hold a '$'. "" of others.
llvm::StringRef stub_of(llvm::StringRef name);
// What takes anything, below the calls that are written as one signature each.
const clang::CXXRecordDecl* without_signatures(const clang::CXXRecordDecl* record);
// The overload set that what `.options(...)` gave calls; null for any other class.
const clang::CXXRecordDecl* configured_set(const clang::CXXRecordDecl& record);
// The ray::LambdaTask that a class is, or that it knows the signatures of; null for any other
// class.
const clang::CXXRecordDecl* lambda_task(const clang::CXXRecordDecl& record);

// Of a parameter or a result, as a value: what registry and task graph call it. Default template
// arguments are left out.
std::string value_type_name(clang::QualType type, const clang::LangOptions& language);

// The first template argument, where it is a class.
const clang::CXXRecordDecl* first_type_argument(const clang::CXXRecordDecl& record);

}  // namespace ray::compiler

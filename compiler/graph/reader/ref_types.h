// RefTypes says of a type whether refs or actor handles may be in its values, and of a declaration
// whose it is: the library's, the standard library's, or the user's.
//
// Threading: one thread; lives as long as the ASTContext.
#pragma once

#include <map>
#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

namespace ray::compiler::graph {

class RefTypes {
 public:
  explicit RefTypes(clang::ASTContext& context) : context_(context) {}

  // An ObjectRef, an ActorHandle, or anything that contains, or points into, some.
  bool holds_refs(clang::QualType type);
  // Exactly one: an ObjectRef or an ActorHandle, or a reference to one.
  static bool is_single(clang::QualType type);
  static bool is_stream(clang::QualType type);
  static bool is_wait_result(clang::QualType type);

  // In namespace ray, whichever inline namespace of it.
  static bool is_of_library(const clang::Decl& declaration);
  // The same and deeper, in ray::internal.
  static bool is_internal(const clang::Decl& declaration);
  bool is_of_system(const clang::Decl& declaration) const;

  // Without reference, const and aliases: the same in every file.
  std::string name(clang::QualType type) const;

 private:
  bool record_holds_refs(const clang::CXXRecordDecl& record);

  clang::ASTContext& context_;
  std::map<const clang::Type*, bool> known_;  // by canonical type
};

}  // namespace ray::compiler::graph

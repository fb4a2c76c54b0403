// RefTypes says of a type whether refs or actor handles may be in its values, and what it is
// called.
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
  bool is_of_system(const clang::Decl& declaration) const;

  // Without reference, const and aliases: the same in every file.
  std::string name(clang::QualType type) const;

 private:
  bool record_holds_refs(const clang::CXXRecordDecl& record);

  clang::ASTContext& context_;
  std::map<const clang::Type*, bool> known_;  // by canonical type
};

}  // namespace ray::compiler::graph

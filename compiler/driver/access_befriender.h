// AccessBefriender makes `ray::access` a friend of the user's classes, in the syntax tree alone: no
// text changes, so no type differs from one translation unit to the next.
#pragma once

#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

namespace ray::compiler {

class AccessBefriender {
 public:
  explicit AccessBefriender(clang::ASTContext& context) : context_(context) {}

  // To be called for each class as its definition ends.
  void add(clang::TagDecl& declaration);

 private:
  void befriend(clang::CXXRecordDecl& record);

  clang::ASTContext& context_;
  clang::QualType access_;
  std::vector<clang::CXXRecordDecl*> waiting_;  // seen before ray::access
};

}  // namespace ray::compiler

// AccessBefriender makes `ray::access` a friend of the user's classes, in the syntax tree alone: no
// text changes, so no type differs from one translation unit to the next. Classes that generated
// code cannot name get a member type that it knows them by (frontend/record_marker.h).
#pragma once

#include <string>
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
  void mark(clang::CXXRecordDecl& record);
  void add_type(clang::CXXRecordDecl& record, const std::string& name, clang::QualType type);

  clang::ASTContext& context_;
  clang::QualType access_;
  std::vector<clang::CXXRecordDecl*> waiting_;  // seen before ray::access
};

}  // namespace ray::compiler

// CallIdentities leads generated stubs and proxies back to the identity of the callable that they
// submit (compiler/codegen/README.md).
//
// Threading: one thread; lives as long as the ASTContext.
#pragma once

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/DenseMap.h"

namespace ray::compiler {

class CallIdentities {
 public:
  // Null where `stub` submits nothing, or what nobody annotated.
  const clang::CXXRecordDecl* of(const clang::FunctionDecl& stub);

 private:
  const clang::CXXRecordDecl* find(const clang::Stmt* body, int depth);

  llvm::DenseMap<const clang::FunctionDecl*, const clang::CXXRecordDecl*> known_;
};

}  // namespace ray::compiler

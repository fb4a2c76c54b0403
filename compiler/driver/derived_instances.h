// DerivedInstances lists the instances of class templates that may stand behind pointers to their
// bases: for each it instantiates ray::internal::RegisterDerived, as generated code does for the
// classes that the first pass sees. Which instances there are, is known at the end alone.
//
// Threading: one thread. Ownership: Sema's, as its external source.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/Sema/ExternalSemaSource.h"
#include "clang/Sema/Sema.h"

namespace ray::compiler {

class DerivedInstances : public clang::ExternalSemaSource {
 public:
  // Whether what is parsed is what is compiled: asked for at the end of the translation unit.
  explicit DerivedInstances(std::function<bool()> is_compiled)
      : is_compiled_(std::move(is_compiled)) {}

  // To be called for each class as its definition ends.
  void add(clang::TagDecl& declaration);

  void InitializeSema(clang::Sema& sema) override { sema_ = &sema; }
  void ForgetSema() override { sema_ = nullptr; }
  void ReadPendingInstantiations(
      llvm::SmallVectorImpl<std::pair<clang::ValueDecl*, clang::SourceLocation>>&) override;

 private:
  void list(clang::CXXRecordDecl& record, clang::ClassTemplateDecl& lister);

  clang::Sema* sema_ = nullptr;
  std::function<bool()> is_compiled_;
  std::vector<clang::CXXRecordDecl*> instances_;
};

}  // namespace ray::compiler

// SerialisationChecker finds out, from declarations alone, what of a remote signature cannot
// travel: it names the field and the reason, where the library's codecs could only name a template.
//
// It reports what is certainly wrong, and leaves the rest to the codecs.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "compiler/model/diagnostic.h"
#include "compiler/sema/declaration_text.h"

namespace ray::compiler {

class SerialisationChecker {
 public:
  SerialisationChecker(const DeclarationText& text, std::vector<Diagnostic>& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}

  // Checks parameters and result. Each wrong field is reported once a translation unit.
  void check(const clang::FunctionDecl& function);

 private:
  // Why a value of `type` cannot travel, or "": then the classes it is made of have been checked.
  std::string reason(clang::QualType type);
  std::string union_reason(const clang::CXXRecordDecl& record);
  std::string owner_reason(const clang::CXXRecordDecl& record);    // of a std::unique_ptr
  std::string foreign_reason(const clang::CXXRecordDecl& record);  // of a class of others
  void check_class(const clang::CXXRecordDecl& record);
  void check_base(const clang::CXXRecordDecl& record, const clang::CXXBaseSpecifier& base);
  void check_fields(const clang::CXXRecordDecl& record);
  void report_result(DiagnosticKind kind, const std::string& what);
  void report(DiagnosticKind kind, clang::SourceLocation location, std::size_t length,
              std::string message);
  // To the last message, of a value that is, or has in it, what `why` ends with.
  void add_advice(llvm::StringRef why);

  const DeclarationText& text_;
  std::vector<Diagnostic>& diagnostics_;
  std::set<const clang::CXXRecordDecl*> seen_;
  std::set<std::string> closed_;  // names that have been given as a reason
  const clang::FunctionDecl* function_ = nullptr;
};

}  // namespace ray::compiler

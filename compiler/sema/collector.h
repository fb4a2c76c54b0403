// Collector reads a parsed translation unit into the model: what is annotated, what it is made of,
// and what is wrong with it.
//
// Threading: one thread, once a translation unit.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Sema.h"
#include "compiler/model/diagnostic.h"
#include "compiler/model/translation_unit.h"
#include "compiler/options/option_parser.h"
#include "compiler/sema/declaration_text.h"
#include "compiler/sema/function_reader.h"
#include "compiler/sema/serialisation_checker.h"

namespace ray::compiler {

class Collector : public clang::RecursiveASTVisitor<Collector> {
 public:
  Collector(clang::Sema& sema, clang::Preprocessor& preprocessor,
            const DeclarationText::Files& files, const MacroExpansions& expansions)
      : sema_(sema),
        preprocessor_(preprocessor),
        text_(sema.getASTContext(), files, expansions),
        functions_(text_, diagnostics_),
        serialisation_(text_, diagnostics_) {}

  void collect();

  TranslationUnit& unit() { return unit_; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }
  const DeclarationText& text() const { return text_; }

  // For RecursiveASTVisitor.
  bool shouldVisitTemplateInstantiations() const { return false; }
  bool shouldVisitImplicitCode() const { return false; }
  bool TraverseDecl(clang::Decl* declaration);
  bool VisitFunctionDecl(clang::FunctionDecl* function);
  bool VisitCXXRecordDecl(clang::CXXRecordDecl* record);
  bool VisitFieldDecl(clang::FieldDecl* field);
  bool VisitUsingDecl(clang::UsingDecl* declaration);
  bool VisitNamespaceAliasDecl(clang::NamespaceAliasDecl* declaration);
  bool VisitVarDecl(clang::VarDecl* variable);

 private:
  // `on` is what is annotated.
  ParsedOptions read_annotation(const clang::AnnotateAttr& annotation, OptionTarget target,
                                const clang::Decl& on);
  void check_generator(const ParsedOptions& options, const clang::FunctionDecl& function);
  void read_num_returns(const ParsedOptions& options, const clang::FunctionDecl& function,
                        Callable& callable);
  void read_class(const clang::CXXRecordDecl& record, const clang::AnnotateAttr& annotation);
  void read_methods(const clang::CXXRecordDecl& from, const clang::CXXRecordDecl& actor,
                    std::set<std::string>& hidden, RemoteClass& out);
  void read_method(const clang::CXXMethodDecl& method, const clang::CXXRecordDecl& actor,
                   RemoteClass& out);
  bool has_implicit_constructor(const clang::CXXRecordDecl& record);
  void read_constructors(const clang::CXXRecordDecl& record, RemoteClass& out);
  void check_library(const clang::NamedDecl& annotated);
  // Reports one that nothing can call from elsewhere.
  bool refuses_kind(const clang::FunctionDecl& function);
  bool refuses_kind(const clang::CXXRecordDecl& record, const clang::AnnotateAttr& annotation);
  bool is_included_again(const clang::NamedDecl& declaration);  // reports it
  void share_linkage();
  void find_variables();  // with a remote function's name
  bool has_options(const clang::AnnotateAttr& annotation) const;
  void check_redeclaration(const clang::FunctionDecl& function, const clang::FunctionDecl& first,
                           const clang::AnnotateAttr& annotation);
  void suggest_annotation(const clang::AnnotateAttr& annotation,
                          const clang::FunctionDecl& declaration, Diagnostic::Note& note) const;
  void check_forward_declaration(const clang::CXXRecordDecl& record,
                                 const clang::AnnotateAttr& annotation);
  void check_before_class(const clang::CXXRecordDecl& record);
  void check_method_options();  // that they stand on methods which are called remotely
  void read_record(const clang::CXXRecordDecl& record);
  void find_class_versions();
  void read_bases(const clang::CXXRecordDecl& record, Record& out);
  void read_fields(const clang::CXXRecordDecl& record, Record& out);
  Diagnostic& report(DiagnosticKind kind, clang::SourceLocation location, std::size_t length,
                     std::string message);

  clang::Sema& sema_;
  clang::Preprocessor& preprocessor_;
  DeclarationText text_;
  std::vector<Diagnostic> diagnostics_;
  FunctionReader functions_;
  SerialisationChecker serialisation_;
  TranslationUnit unit_;
  const Counts* groups_ = nullptr;  // of the remote class that is being read, where they are known
  bool has_library_ = false;        // as far as the file has been read
  std::optional<SourcePlace> needs_library_;  // the first annotated declaration that is without it
  // Where annotated declarations stand, and in which inclusion of that file.
  std::map<std::pair<std::string, std::size_t>, clang::FileID> annotated_at_;
  std::vector<const clang::ValueDecl*> variables_;  // of namespaces and classes, fields too
  std::map<const clang::FunctionDecl*, ParsedOptions> function_options_;  // by first declaration
  // Those annotated as methods: all, and those of remote classes.
  std::vector<const clang::CXXMethodDecl*> methods_with_options_;
  std::set<const clang::CXXMethodDecl*> methods_called_;
};

}  // namespace ray::compiler

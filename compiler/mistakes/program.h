// Program is what the checks look at: the bodies that the user wrote in this translation unit, and
// where the mistakes that they find go.
//
// Of templates it has what they were instantiated to, a few times each.
//
// Ownership: borrows the syntax tree. Threading: one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "compiler/diagnostics/warning_flags.h"
#include "compiler/mistakes/body.h"
#include "llvm/ADT/DenseSet.h"

namespace ray::compiler {

struct Mistake {
  struct Note {
    clang::SourceLocation place;
    std::string message;
    std::vector<clang::FixItHint> fixits = {};
  };
  DiagnosticKind kind;
  clang::SourceRange range;  // shown by a caret at its beginning
  std::string message;
  std::vector<Note> notes = {};
};

class Program {
 public:
  // `remote_functions` are the annotated declarations.
  Program(clang::ASTContext& context, const std::vector<const clang::Decl*>& remote_functions);

  // Reads what the user wrote of a declaration and of those in it.
  void add(const clang::Decl& declaration);

  clang::ASTContext& context() const { return context_; }
  const std::vector<std::unique_ptr<Body>>& bodies() const { return bodies_; }
  const std::vector<const clang::CXXRecordDecl*>& remote_classes() const { return classes_; }
  const std::vector<const clang::FunctionDecl*>& remote_functions() const { return functions_; }
  // What runs in every process, before main: bodies in initialisers, and what they call.
  const std::vector<const Body*>& bodies_at_start() const { return bodies_at_start_; }
  const std::vector<const clang::FunctionDecl*>& called_at_start() const {
    return called_at_start_;
  }
  // The body of `function` in this file, or null.
  const Body* body_of(const clang::FunctionDecl& function) const;
  // Whether it is neither generated nor of a system header.
  bool is_user_code(const clang::Decl& declaration) const;
  // The annotated function that a call of kind `task` is of, where its name says it.
  const clang::FunctionDecl* called_task(const Call& call) const;
  // What [[ray::remote(...)]] says, as an initialiser of ray::ActorOptions or ray::TaskOptions;
  // null where there is none, or several functions of that name.
  const clang::InitListExpr* options_of(const clang::CXXRecordDecl& record) const;
  const clang::InitListExpr* options_of(const clang::FunctionDecl& function) const;

  void report(Mistake mistake) { mistakes_.push_back(std::move(mistake)); }
  // In the order of the text, those that are not switched off.
  void emit(const WarningFlags& flags);

 private:
  void add_function(const clang::FunctionDecl& function);
  // Of a variable or a field: the lambdas in it.
  void add_initialiser(const clang::Stmt& initialiser, const clang::CXXRecordDecl* actor);
  void add_lambda(const clang::LambdaExpr& lambda, const Body* outer);
  void add_body(const clang::FunctionDecl& function, const clang::Stmt& statement,
                const Body* outer);
  // Of ray::remote(lambda): the lambda's body is a task.
  void note_lambda_task(const clang::CallExpr& making);
  bool is_task(const clang::FunctionDecl& function) const;

  clang::ASTContext& context_;
  std::vector<const clang::FunctionDecl*> functions_;    // annotated, canonical
  std::vector<const clang::CXXRecordDecl*> identities_;  // what the compiler has written of them
  llvm::DenseSet<const clang::CXXRecordDecl*> lambda_tasks_;  // their classes
  std::vector<std::unique_ptr<Body>> bodies_;
  std::vector<const Body*> bodies_at_start_;
  std::vector<const clang::FunctionDecl*> called_at_start_;
  std::vector<const clang::CXXRecordDecl*> classes_;
  llvm::DenseMap<const clang::FunctionDecl*, int> instances_;  // that were read, by the pattern
  std::vector<Mistake> mistakes_;
};

// Field `name` of an initialiser of options; null where it is not given.
const clang::Expr* find_option(const clang::InitListExpr& options, llvm::StringRef name);
// Its value where that is a constant number.
std::optional<double> constant_number(const clang::Expr& value, const clang::ASTContext& context);

}  // namespace ray::compiler

// Body is one function's or lambda's body, with what the checks ask of it: its calls in order, what
// stands around each, and how each variable is used.
//
// A lambda's body is a Body of its own, since it runs elsewhere or later; but what std::for_each
// and the like run for each element is a loop of the body that calls them.
//
// Ownership: borrows the syntax tree. Threading: one thread.
#pragma once

#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "compiler/calls/call.h"
#include "llvm/ADT/DenseMap.h"

namespace ray::compiler {

class Body {
 public:
  // `function` is the lambda's call operator for a lambda.
  Body(const clang::FunctionDecl& function, const clang::Stmt& statement);

  const clang::FunctionDecl& function() const { return function_; }
  const clang::Stmt& statement() const { return statement_; }

  bool is_instance = false;  // of a template, or in one

  // What makes the body one that another process runs.
  bool is_task = false;  // of an annotated function, or of ray::remote(lambda)
  const clang::CXXRecordDecl* actor = nullptr;  // the remote class whose member it is
  bool is_remote() const { return is_task || actor != nullptr; }
  bool is_whole_task = false;  // rather than a lambda's in one

  const std::vector<Call>& calls() const { return calls_; }  // in order, inner ones first
  const std::vector<const clang::DeclRefExpr*>& references() const { return references_; }
  const std::vector<const clang::MemberExpr*>& members() const { return members_; }
  const std::vector<const clang::LambdaExpr*>& lambdas() const { return lambdas_; }
  const std::vector<const clang::VarDecl*>& variables() const { return variables_; }
  const std::vector<const clang::Stmt*>& loops() const { return loops_; }
  // With `co_return`, and a value.
  const std::vector<const clang::Stmt*>& returns() const { return returns_; }
  bool is_coroutine() const;

  const clang::Stmt* parent(const clang::Stmt& statement) const;
  bool contains(const clang::Stmt& outer, const clang::Stmt& inner) const;
  // The innermost loop that runs `statement` again and again; null outside of any. What stands in a
  // loop's condition or increment is in the loop, its beginning is not.
  const clang::Stmt* loop_of(const clang::Stmt& statement) const;
  bool is_in_loop(const clang::Stmt& loop, const clang::Stmt& statement) const;
  // Whether it stands in the part of the loop that is in braces.
  bool is_in_loop_body(const clang::Stmt& loop, const clang::Stmt& statement) const;
  bool declares(const clang::Stmt& loop, const clang::ValueDecl& variable) const;
  // Whether each iteration of the loop comes to `statement`, as far as no condition stands before
  // it.
  bool always_runs_in(const clang::Stmt& loop, const clang::Stmt& statement) const;

  // Whether something in it leaves the loop before its condition does.
  bool is_left_early(const clang::Stmt& loop) const;
  // Whether it stands in a try block, or in one's handlers.
  bool is_tried(const clang::Stmt& statement) const;
  // Whether `statement` is the last that its loop runs: a break or return is in the same braces.
  bool is_left_after(const clang::Stmt& statement) const;
  // Whether it waits for time to pass, as what looks again and again does.
  bool is_paced(const clang::Stmt& loop) const;

  // Whether the place that `reference` names may be changed through it, or reached later.
  bool may_change(const clang::Expr& reference) const;
  bool is_changed_in(const clang::Stmt& loop, const clang::ValueDecl& variable) const;
  // Whether something else in the body stands for the variable: a reference, an iterator, a lambda.
  bool has_alias(const clang::ValueDecl& variable) const;
  // Whether `reference`, to a variable or a field, gives such another name.
  bool makes_alias(const clang::Expr& reference) const;

  // What `statement` is the value of, without conversions and copies: an argument, an
  // initialiser...
  const clang::Stmt* user_of(const clang::Stmt& statement) const;
  // The variable that `expression`, conversions and copies aside, is the initialiser of; or null.
  const clang::VarDecl* initialises(const clang::Expr& expression) const;
  std::vector<const clang::DeclRefExpr*> references_to(const clang::ValueDecl& variable) const;

 private:
  void read(const clang::Stmt& statement);
  void read_lambda(const clang::LambdaExpr& lambda);

  const clang::FunctionDecl& function_;
  const clang::Stmt& statement_;
  llvm::DenseMap<const clang::Stmt*, const clang::Stmt*> parents_;
  llvm::DenseMap<const clang::Stmt*, const clang::VarDecl*> initialised_;  // by the expression
  std::vector<Call> calls_;
  std::vector<const clang::DeclRefExpr*> references_;
  std::vector<const clang::MemberExpr*> members_;
  std::vector<const clang::LambdaExpr*> lambdas_;
  std::vector<const clang::VarDecl*> variables_;
  std::vector<const clang::Stmt*> loops_;
  std::vector<const clang::Stmt*> jumps_;
  llvm::DenseMap<const clang::Stmt*, const clang::Stmt*> repeated_;  // bodies of lambdas, by those
  int repeated_depth_ = 0;                                           // while they are read
  std::vector<const clang::Stmt*> returns_;
};

bool is_loop(const clang::Stmt& statement);
// Of one of Body::returns().
const clang::Expr& returned_value(const clang::Stmt& statement);
const clang::Stmt* body_of_loop(const clang::Stmt& loop);
// `while (true)` or `for (;;)`.
bool is_endless(const clang::Stmt& loop, const clang::ASTContext& context);

}  // namespace ray::compiler

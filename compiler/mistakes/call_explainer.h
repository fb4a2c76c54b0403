// CallExplainer says of a remote call that clang could not resolve what is wrong with it, in terms
// of the function that the user annotated: which parameter, of which type, and what it was given.
//
// Clang's own words would be about the stubs: this looks at the call that it has left in the syntax
// tree instead, and asks Sema which arguments would do.
//
// Threading: one thread, while Sema is there.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Sema/Sema.h"

namespace ray::compiler {

struct CallExplanation {
  struct Note {
    clang::SourceLocation place;
    std::string message;
  };
  clang::SourceRange range;  // shown by a caret at its beginning; empty: clang has said all by now
  std::string message;
  std::vector<Note> notes;
};

class CallExplainer {
 public:
  // Of `refused` lambdas clang has been told by now what is wrong with them.
  CallExplainer(clang::Sema& sema, const std::vector<const clang::Decl*>& remote_functions,
                const std::set<const clang::CXXRecordDecl*>& refused)
      : sema_(sema), remote_functions_(remote_functions), refused_(refused) {}

  // Looks for such calls in a declaration.
  void add(clang::Decl& declaration);

  // By the place of the name that is called, which is where clang reports.
  const std::map<clang::SourceLocation, CallExplanation>& explanations() const {
    return explanations_;
  }

 private:
  friend class CallFinder;
  struct Called;

  void explain(const clang::RecoveryExpr& call);
  // Of `.remote(...)` on what ray::remote(lambda) gave, which clang has resolved.
  void explain_lambda_call(const clang::CXXMemberCallExpr& call);
  // Whether it is of a lambda of which clang has been told what is wrong.
  bool is_refused(const Called& called) const;
  // Of a call of ray::get, ray::wait and the like, which take refs.
  void explain_library_call(const clang::UnresolvedLookupExpr& callee,
                            llvm::ArrayRef<clang::Expr*> arguments);
  void explain_second_argument(const clang::UnresolvedLookupExpr& callee, llvm::StringRef taken,
                               llvm::ArrayRef<clang::Expr*> arguments);
  // Has clang say why a parameter cannot be given that list in braces; false where it can.
  bool says_of_list(clang::QualType parameter, clang::Expr& list);
  // Of `.options({.field = value})`, for the first value that the field cannot hold.
  bool find_wrong_option(const clang::CXXRecordDecl& options, const clang::Expr& given,
                         CallExplanation& out);
  Called find_called(const clang::Expr& callee) const;
  void add_functions(const clang::DeclContext& scope, llvm::StringRef name, Called& out) const;
  void add_methods(const clang::CXXRecordDecl& record, llvm::StringRef name, Called& out) const;
  void add_set(const clang::CXXRecordDecl& set, Called& out) const;
  // Of a ray::LambdaTask.
  void add_lambda(const clang::CXXRecordDecl& task, Called& out) const;
  // Why `function` cannot be called so, or nothing.
  bool find_problem(const clang::FunctionDecl& function, const Called& called,
                    llvm::ArrayRef<clang::Expr*> arguments, CallExplanation& out);
  bool find_untyped_list(const clang::FunctionDecl& function, const Called& called,
                         llvm::ArrayRef<clang::Expr*> arguments, CallExplanation& out);
  // Has clang say why overloads or templates of a method do not do; false where they do.
  bool say_candidates(const Called& called, llvm::ArrayRef<clang::Expr*> arguments);
  bool accepts(clang::QualType parameter, clang::Expr& argument);

  clang::Sema& sema_;
  const std::vector<const clang::Decl*>& remote_functions_;
  const std::set<const clang::CXXRecordDecl*>& refused_;
  std::map<clang::SourceLocation, CallExplanation> explanations_;
};

}  // namespace ray::compiler

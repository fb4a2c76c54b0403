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
#include "compiler/mistakes/argument_check.h"
#include "compiler/mistakes/called_functions.h"

namespace ray::compiler {

class CallExplainer {
 public:
  // Of `refused` lambdas clang has been told by now what is wrong with them.
  CallExplainer(clang::Sema& sema, const std::vector<const clang::Decl*>& remote_functions,
                const std::set<const clang::CXXRecordDecl*>& refused)
      : sema_(sema), check_(sema), targets_(remote_functions), refused_(refused) {}

  // Looks for such calls in a declaration.
  void add(clang::Decl& declaration);

  // By the place of the name that is called, which is where clang reports.
  const std::map<clang::SourceLocation, CallExplanation>& explanations() const {
    return explanations_;
  }

 private:
  friend class CallFinder;

  void explain(const clang::RecoveryExpr& call);
  // Of `.remote(...)` on what ray::remote, ray::task or ray::actor gave, which clang has resolved.
  void explain_resolved_call(const clang::CXXMemberCallExpr& call);
  // False where some of the functions can be called so.
  bool explain_arguments(const CalledFunctions& called, llvm::ArrayRef<clang::Expr*> arguments,
                         CallExplanation result);
  bool explain_constructors(const CalledFunctions& called, llvm::ArrayRef<clang::Expr*> arguments,
                            CallExplanation result);
  // Whether it is of a lambda of which clang has been told what is wrong.
  bool is_refused(const CalledFunctions& called) const;
  // Of a call of ray::get, ray::wait and the like, which take refs.
  void explain_library_call(const clang::UnresolvedLookupExpr& callee,
                            llvm::ArrayRef<clang::Expr*> arguments);
  void explain_task(const clang::UnresolvedLookupExpr& callee,
                    llvm::ArrayRef<clang::Expr*> arguments);
  void explain_second_argument(const clang::UnresolvedLookupExpr& callee, llvm::StringRef taken,
                               llvm::ArrayRef<clang::Expr*> arguments);

  clang::Sema& sema_;
  ArgumentCheck check_;
  CallTargets targets_;
  const std::set<const clang::CXXRecordDecl*>& refused_;
  std::map<clang::SourceLocation, CallExplanation> explanations_;
};

}  // namespace ray::compiler

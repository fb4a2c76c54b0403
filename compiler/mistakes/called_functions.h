// CalledFunctions are the functions of the user's that a call may be of. CallTargets finds them by
// what the compiler has written in the place of the name that is called.
//
// Ownership: outlived by the syntax tree and by the list of remote functions.
#pragma once

#include <string>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "compiler/calls/call.h"

namespace ray::compiler {

struct CalledFunctions {
  std::vector<const clang::FunctionDecl*> functions;
  std::string what;  // "remote function 'f'"; empty: not a remote call
  clang::SourceLocation place;
  clang::QualType options;                     // where it is `.options(...)` that is called
  unsigned captures = 0;                       // parameters before those that the user wrote
  const clang::CXXRecordDecl* made = nullptr;  // of a call that makes an actor, its class
  bool takes_defaults = true;                  // ray::task wants all arguments
};

class CallTargets {
 public:
  explicit CallTargets(const std::vector<const clang::Decl*>& remote_functions)
      : remote_functions_(remote_functions) {}

  CalledFunctions of_callee(const clang::Expr& callee) const;
  // Of a ray::LambdaTask.
  CalledFunctions of_lambda(const clang::CXXRecordDecl& task) const;
  // Of `.remote(...)` on what ray::task or ray::actor gave.
  CalledFunctions of_plain_call(const Call& call) const;

 private:
  static void add_constructors(const clang::CXXRecordDecl& record, CalledFunctions& out);
  void add_functions(const clang::DeclContext& scope, llvm::StringRef name,
                     CalledFunctions& out) const;
  void add_methods(const clang::CXXRecordDecl& record, llvm::StringRef name,
                   CalledFunctions& out) const;
  void add_set(const clang::CXXRecordDecl& set, CalledFunctions& out) const;
  void add_lambda(const clang::CXXRecordDecl& task, CalledFunctions& out) const;

  const std::vector<const clang::Decl*>& remote_functions_;
};

}  // namespace ray::compiler

// RemoteCalls tells what a call in the rewritten source is in terms of the graph: what
// compiler/calls recognises, and who is called.
//
// Threading: one thread; lives as long as the ASTContext.
#pragma once

#include <vector>

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "compiler/calls/call.h"
#include "compiler/calls/call_identities.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// One call. Who is called is an identity (compiler/codegen/README.md), or a function or class that
// was given to ray::task or ray::actor, or nobody where that is a pointer.
struct RemoteCall {
  enum class Kind {
    none,     // nothing of ours
    neutral,  // of the library, and of no interest
    submit,
    create,
    operation  // `node` says which: put, get, wait, ...
  };
  Kind kind = Kind::none;
  Node::Kind node = Node::Kind::get;
  const clang::CXXRecordDecl* identity = nullptr;
  const clang::FunctionDecl* function = nullptr;
  const clang::CXXRecordDecl* actor_class = nullptr;
  const clang::Expr* actor = nullptr;   // of a method
  const clang::Expr* lambda = nullptr;  // the task that ray::remote(lambda) has made
  std::vector<const clang::Expr*> arguments;
};

class RemoteCalls {
 public:
  RemoteCall recognise(const clang::CallExpr& call);

 private:
  RemoteCall submission(const Call& call);
  void find_plain_callee(const Call& call, RemoteCall& out);

  CallIdentities identities_;
};

}  // namespace ray::compiler::graph

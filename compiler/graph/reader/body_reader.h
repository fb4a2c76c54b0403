// BodyReader turns the body of one C++ function into operations of a graph: it walks statements in
// their order, notes each remote call and what is done with refs, and lets RefFlow decide which
// refs may arrive where.
//
// Threading: one thread; once a function.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "compiler/graph/reader/ref_flow.h"
#include "compiler/graph/reader/ref_types.h"
#include "compiler/graph/reader/remote_calls.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// Finds, or enters, what is called.
class CalleeTable {
 public:
  virtual ~CalleeTable() = default;
  virtual Place shown_place(clang::SourceLocation location) const = 0;
  virtual FunctionId find(const RemoteCall& call) = 0;
  // Of a plain call; none where the function takes no part in the graph.
  virtual std::optional<FunctionId> find_plain(const clang::FunctionDecl& function) = 0;
  // Whether a remote call's argument goes to the body as a ref.
  virtual bool takes_ref(const RemoteCall& call, std::size_t argument) = 0;
  virtual std::size_t parameter_count(FunctionId function) const = 0;
  virtual std::size_t result_count(FunctionId function) const = 0;
};

class BodyReader {
 public:
  BodyReader(clang::ASTContext& context, RefTypes& types, RemoteCalls& calls, CalleeTable& callees)
      : context_(context), types_(types), calls_(calls), callees_(callees) {}

  // Fills in values, parameters' values and nodes of `result`. `graph_source` is the graph's
  // source.
  void read(const clang::FunctionDecl& function, const std::string& graph_source, Function& result);

 private:
  // An operand whose refs are known when the whole body has been read.
  struct Operand {
    Source source;
    bool is_single = false;
    bool is_itself = false;
  };

  void visit(const clang::Stmt* statement);
  void visit_children(const clang::Stmt& statement);
  void visit_declaration(const clang::VarDecl& variable);
  void visit_bindings(const clang::DecompositionDecl& variable);
  void visit_if(const clang::IfStmt& statement);
  void visit_loop(const clang::Stmt& statement, const clang::Stmt* condition,
                  const clang::Stmt* body, const clang::Stmt* increment);
  void visit_range_loop(const clang::CXXForRangeStmt& statement);
  void visit_lambda(const clang::LambdaExpr& lambda);
  void escape_captures(const clang::LambdaExpr& lambda);
  void visit_alternatives(const clang::Expr& expression, const clang::Expr* first,
                          const clang::Expr* second);
  void visit_result(const clang::Expr* value, clang::SourceLocation place);
  void visit_call(const clang::CallExpr& call);
  void visit_remote(const clang::CallExpr& call, const RemoteCall& remote);
  void visit_operation(const clang::CallExpr& call, const RemoteCall& remote);
  void visit_plain(const clang::CallExpr& call, FunctionId callee);
  void visit_standard(const clang::CallExpr& call);
  void visit_unknown(const clang::CallExpr& call);
  void visit_closure_call(const clang::CXXOperatorCallExpr& call, const clang::CXXMethodDecl& body);
  void visit_assignment(const clang::Expr& target, const clang::Expr& value);

  Source source(const clang::Expr* expression);
  Source sources_of_children(const clang::Expr& expression);
  // The local variable that `expression` is a part of, or null where it is of something else, whose
  // name goes to `where`.
  const clang::ValueDecl* variable_of(const clang::Expr* expression, std::string& where);
  void store(const clang::Expr& target, const Source& source, clang::SourceLocation place);
  void escape(const Source& source, bool is_single, const std::string& where,
              clang::SourceLocation place);

  Node& add(Node::Kind kind, clang::SourceLocation place);
  // What `read` adds, instead of to the block around it.
  template <class Read>
  std::vector<Node> nodes_of(Read read);
  template <class Fill>
  void add_region(Node::Kind kind, clang::SourceLocation place, Fill fill);
  Argument operand(Source source, bool is_single, bool is_itself);
  Argument argument(const clang::Expr& expression, bool is_itself);
  ValueId new_value(const std::string& name);
  std::vector<ValueId> new_values(const clang::Expr& maker, std::size_t count);
  Place place_of(clang::SourceLocation location) const;
  void settle(std::vector<Node>& nodes);
  void settle(Refs& refs);

  clang::ASTContext& context_;
  RefTypes& types_;
  RemoteCalls& calls_;
  CalleeTable& callees_;
  Function* function_ = nullptr;
  std::string file_;  // of the function
  std::vector<Node>* block_ = nullptr;
  RefFlow flow_;
  std::vector<Operand> operands_;
  std::map<const clang::Expr*, Source> made_;                      // by calls
  std::map<const clang::Expr*, std::vector<std::string>> names_;   // for what a call makes
  std::map<const clang::ValueDecl*, const clang::Expr*> outside_;  // references to elsewhere
  std::vector<const clang::ValueDecl*> closures_;                  // around, the nearest last
  std::set<const clang::LambdaExpr*> called_here_;                 // and nowhere else
  std::set<const clang::ValueDecl*> results_out_;                  // parameters that are filled
  std::set<std::string> taken_;
  unsigned next_number_ = 1;
};

// How often a loop runs at most, where its head says so.
std::optional<std::uint64_t> loop_count(const clang::Stmt& loop, clang::ASTContext& context);

}  // namespace ray::compiler::graph

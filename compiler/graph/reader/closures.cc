#include "compiler/graph/reader/closures.h"

#include <map>
#include <utility>

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler::graph {
namespace {

using clang::Expr;
using clang::LambdaExpr;
using clang::Stmt;
using clang::VarDecl;

// Whether what is given to the function is called until it returns, and not kept.
bool calls_at_once(const clang::FunctionDecl& callee) {
  const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(callee.getDeclContext());
  if (record != nullptr) {
    // std::ranges::sort and its like are objects: __sort_fn.
    const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(record->getDeclContext());
    return space != nullptr && space->getName() == "ranges" && space->isInStdNamespace() &&
           record->getIdentifier() != nullptr && record->getName().starts_with("__") &&
           record->getName().ends_with("_fn");
  }
  if (!callee.isInStdNamespace() || callee.getIdentifier() == nullptr) return false;
  return llvm::StringSwitch<bool>(callee.getName())
      .Cases("for_each", "for_each_n", "transform", "generate", "generate_n", "sort", true)
      .Cases("stable_sort", "partial_sort", "nth_element", "partition", "stable_partition", true)
      .Cases("all_of", "any_of", "none_of", "find_if", "find_if_not", "count_if", true)
      .Cases("accumulate", "reduce", "transform_reduce", "inner_product", true)
      .Cases("remove_if", "erase_if", "copy_if", "replace_if", "min_element", "max_element", true)
      .Cases("invoke", "apply", "visit", "call_once", true)
      .Default(false);
}

class ClosureScan {
 public:
  explicit ClosureScan(const Stmt& body) {
    visit(body);
    for (const auto& [variable, lambda] : kept_) {
      if (used_otherwise_.count(variable) == 0) called_.insert(lambda);
    }
  }

  std::set<const LambdaExpr*> take() { return std::move(called_); }

 private:
  void visit(const Stmt& statement) {
    if (const auto* declarations = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
      for (const clang::Decl* declaration : declarations->decls()) {
        const auto* variable = llvm::dyn_cast<VarDecl>(declaration);
        if (variable == nullptr || variable->getInit() == nullptr) continue;
        const auto* lambda =
            llvm::dyn_cast<LambdaExpr>(variable->getInit()->IgnoreUnlessSpelledInSource());
        if (lambda != nullptr && variable->isLocalVarDecl()) kept_[variable] = lambda;
      }
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&statement)) visit_call(*call);
    if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(&statement)) {
      const auto* variable = llvm::dyn_cast<VarDecl>(reference->getDecl());
      if (variable != nullptr && fine_.count(reference) == 0) used_otherwise_.insert(variable);
    }
    for (const Stmt* child : statement.children()) {
      if (child != nullptr) visit(*child);
    }
  }

  void visit_call(const clang::CallExpr& call) {
    const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
    const bool is_object_call = operation != nullptr && operation->getOperator() == clang::OO_Call;
    if (is_object_call) allow(*call.getArg(0));
    if (call.getDirectCallee() == nullptr || !calls_at_once(*call.getDirectCallee())) return;
    for (const Expr* argument : call.arguments()) allow(*argument);
  }

  void allow(const Expr& expression) {
    const Expr* inner = expression.IgnoreUnlessSpelledInSource();
    if (const auto* lambda = llvm::dyn_cast<LambdaExpr>(inner)) called_.insert(lambda);
    if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(inner)) fine_.insert(reference);
  }

  std::set<const LambdaExpr*> called_;
  std::map<const VarDecl*, const LambdaExpr*> kept_;
  std::set<const clang::DeclRefExpr*> fine_;
  std::set<const VarDecl*> used_otherwise_;
};

}  // namespace

std::set<const LambdaExpr*> closures_called_in(const Stmt& body) {
  return ClosureScan(body).take();
}

}  // namespace ray::compiler::graph

// `auto task = ray::remote([table](int i) { ... });` sends the table with each call of the task.
#include <set>
#include <utility>
#include <vector>

#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/large_value.h"
#include "compiler/mistakes/sent_value.h"

namespace ray::compiler {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

// The call of ray::remote that has made the task.
const CallExpr* making_call(const Expr& task) {
  const Expr* from = bare(&task);
  const VarDecl* variable = named_variable(from);
  if (variable != nullptr) {
    if (variable->getInit() == nullptr || !variable->isLocalVarDecl()) return nullptr;
    from = bare(variable->getInit());
  }
  const auto* call = llvm::dyn_cast<CallExpr>(from);
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
  return callee != nullptr && is_ray_name(*callee, "remote") ? call : nullptr;
}

// A loop each of whose iterations sends what is captured as `value`; null where there is none.
const Stmt* repeating_loop(const Body& body, const Call& call, const CallExpr& making,
                           const Expr& value, const clang::ASTContext& context) {
  const Stmt* loop = body.loop_of(*call.expr);
  if (loop == nullptr || !body.contains(*loop, making)) return loop;
  const auto sent = find_sent_value(value);
  return sent ? loop_to_leave(body, making, *sent, context) : nullptr;
}

Mistake describe(const Expr& value, const CallExpr& making, const Stmt& loop) {
  const VarDecl* variable = named_variable(&value);
  const std::string name =
      variable == nullptr ? "a value" : "'" + variable->getNameAsString() + "'";
  return {DiagnosticKind::large_capture,
          making.getCallee()->getSourceRange(),
          name + " is captured, and so sent with each task of the loop, as a copy of its own",
          {{loop.getBeginLoc(), "put it once before the loop, and capture the ref"}}};
}

}  // namespace

void check_large_capture(Program& program) {
  for (const auto& body : program.bodies()) {
    std::set<std::pair<const Expr*, const Stmt*>> said;
    for (const Call& call : body->calls()) {
      const Expr* task = call.lambda_task();
      const CallExpr* making = task == nullptr ? nullptr : making_call(*task);
      if (making == nullptr) continue;
      for (const Expr* value : captured_values(*making)) {
        const VarDecl* variable = named_variable(value);
        if (!is_large(value->getType(), program.context())) continue;
        if (variable != nullptr && is_known_to_be_small(*body, *variable)) continue;
        const Stmt* loop = repeating_loop(*body, call, *making, *value, program.context());
        if (loop != nullptr && said.emplace(value, loop).second)
          program.report(describe(*value, *making, *loop));
      }
    }
  }
}

}  // namespace ray::compiler

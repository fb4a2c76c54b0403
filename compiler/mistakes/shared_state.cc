// A global variable is another one in each process: what a task writes, nobody else reads.
#include <set>

#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/synchronising_type.h"

namespace ray::compiler {
namespace {

using clang::VarDecl;

bool is_mutable_state(const VarDecl& variable, const clang::ASTContext& context) {
  const clang::QualType type = variable.getType();
  return variable.hasGlobalStorage() && !variable.isConstexpr() && !type.isConstQualified() &&
         !type->isReferenceType() && !synchronises(type) &&
         !context.getSourceManager().isInSystemHeader(variable.getLocation());
}

struct Touch {
  const Body* body = nullptr;
  const clang::DeclRefExpr* reference = nullptr;
  bool is_write = false;
};
using Touches = std::vector<Touch>;
using TouchesByVariable = std::vector<std::pair<const VarDecl*, Touches>>;

TouchesByVariable find_touches(const Program& program) {
  TouchesByVariable result;
  llvm::DenseMap<const VarDecl*, std::size_t> index;
  for (const auto& body : program.bodies()) {
    for (const clang::DeclRefExpr* reference : body->references()) {
      const auto* variable = llvm::dyn_cast<VarDecl>(reference->getDecl());
      if (variable == nullptr || !is_mutable_state(*variable, program.context())) continue;
      variable = variable->getCanonicalDecl();
      const auto [at, is_new] = index.try_emplace(variable, result.size());
      if (is_new) result.push_back({variable, {}});
      result[at->second].second.push_back({body.get(), reference, body->may_change(*reference)});
    }
  }
  return result;
}

// What runs in other processes too, as tasks, at their start, or called by those: not the driver's
// own.
std::set<const Body*> bodies_below_tasks(const Program& program) {
  std::set<const Body*> result;
  std::vector<const Body*> waiting = program.bodies_at_start();
  for (const clang::FunctionDecl* function : program.called_at_start()) {
    const Body* body = program.body_of(*function);
    if (body != nullptr) waiting.push_back(body);
  }
  for (const auto& body : program.bodies()) {
    if (body->is_remote()) waiting.push_back(body.get());
  }
  while (!waiting.empty()) {
    const Body* body = waiting.back();
    waiting.pop_back();
    if (!result.insert(body).second) continue;
    for (const Call& call : body->calls()) {
      const clang::FunctionDecl* callee = call.expr->getDirectCallee();
      const Body* called = callee == nullptr ? nullptr : program.body_of(*callee);
      if (called != nullptr) waiting.push_back(called);
    }
  }
  return result;
}

const char* kind_of_variable(const VarDecl& variable) {
  if (variable.getTLSKind() != VarDecl::TLS_None) return "thread_local";
  return variable.isStaticLocal() || variable.isStaticDataMember() ? "static" : "global";
}

class SharedState {
 public:
  explicit SharedState(Program& program)
      : program_(program), below_tasks_(bodies_below_tasks(program)) {}

  void check(const VarDecl& variable, const Touches& touches) {
    for (const Touch& touch : touches) {
      if (!touch.body->is_remote()) continue;
      const Touch* other = touch.body->is_task ? other_of_task(variable, touch, touches)
                                               : other_of_actor(touch, touches);
      if (other == nullptr) continue;
      report(variable, touch, *other);
      return;  // once for each variable
    }
  }

 private:
  // Why it matters what a task does with the variable: the touch itself, or one elsewhere.
  const Touch* other_of_task(const VarDecl& variable, const Touch& touch, const Touches& touches) {
    const bool is_count = variable.getType()->isArithmeticType();
    if (variable
            .isStaticLocal()) {  // objects are caches more often than not, and flags their guards
      return touch.is_write && is_count && !variable.getType()->isBooleanType() ? &touch : nullptr;
    }
    for (const Touch& other : touches) {
      const bool is_driver = below_tasks_.count(other.body) == 0;
      if (is_driver && (touch.is_write || other.is_write)) return &other;
    }
    return touch.is_write && is_count ? &touch : nullptr;
  }

  // Within one actor a variable is as good as a field; beyond it, nobody sees it.
  const Touch* other_of_actor(const Touch& touch, const Touches& touches) {
    for (const Touch& other : touches) {
      const bool is_elsewhere = other.body->actor != touch.body->actor &&
                                (other.body->is_remote() || below_tasks_.count(other.body) == 0);
      if (is_elsewhere && (touch.is_write || other.is_write)) return &other;
    }
    return nullptr;
  }

  void report(const VarDecl& variable, const Touch& touch, const Touch& other) {
    const bool is_thread_local = variable.getTLSKind() != VarDecl::TLS_None;
    const std::string name = "'" + variable.getNameAsString() + "'";
    const std::string owner = is_thread_local ? "thread of each process has a " : "process has a ";
    Mistake mistake{
        is_thread_local ? DiagnosticKind::thread_local_state : DiagnosticKind::mutable_global,
        touch.reference->getSourceRange(),
        std::string(kind_of_variable(variable)) + " variable " + name + " is " +
            (touch.is_write ? "changed" : "read") + " in a remote body, but each " + owner + name +
            " of its own"};
    if (&other == &touch) {
      mistake.notes.push_back(
          {variable.getLocation(), "keep it in an actor, or return what the task has found"});
    } else {
      mistake.notes.push_back({other.reference->getLocation(),
                               std::string("it is ") + (other.is_write ? "changed" : "read") +
                                   " here, in another process: pass it as an argument, return it, "
                                   "or keep it in an actor"});
    }
    program_.report(std::move(mistake));
  }

  Program& program_;
  std::set<const Body*> below_tasks_;
};

}  // namespace

void check_shared_state(Program& program) {
  SharedState state(program);
  for (const auto& [variable, touches] : find_touches(program)) state.check(*variable, touches);
}

}  // namespace ray::compiler

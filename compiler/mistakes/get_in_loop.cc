// `for (...) sum += ray::get(square.remote(i));` runs one task at a time.
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::Stmt;

// A loop whose iterations are known before it starts, so that each could submit at once.
bool is_counted(const Stmt& loop, const clang::ASTContext& context) {
  return llvm::isa<clang::ForStmt, clang::CXXForRangeStmt, clang::LambdaExpr>(loop) &&
         !is_endless(loop, context);
}

// The submission whose ref `got` is, where it is made in the same iteration.
const clang::CallExpr* submission_of(const Body& body, const Expr& got, const Stmt& loop) {
  const Expr* from = bare(&got);
  if (const clang::VarDecl* variable = named_variable(from)) {
    if (!body.declares(loop, *variable) || variable->getInit() == nullptr) return nullptr;
    from = bare(variable->getInit());
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(from);
  if (call == nullptr || body.loop_of(*call) != &loop) return nullptr;
  const CallKind kind = classify_call(*call).kind;
  return kind == CallKind::task || kind == CallKind::method ? call : nullptr;
}

// Whether what is submitted can depend on an earlier iteration.
bool may_depend_on_earlier(const Body& body, const clang::CallExpr& submission, const Stmt& loop) {
  for (const clang::DeclRefExpr* reference : body.references()) {
    if (!body.contains(submission, *reference)) continue;
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(reference->getDecl());
    if (variable == nullptr || body.declares(loop, *variable)) continue;
    if (body.is_changed_in(loop, *variable)) return true;
  }
  return false;
}

// Whether the loop does the same again, with a handler for what it throws.
bool may_try_again(const Body& body, const clang::CallExpr& submission, const Stmt& loop) {
  return body.is_tried(submission) &&
         llvm::none_of(body.references(), [&](const clang::DeclRefExpr* reference) {
           return body.contains(submission, *reference) &&
                  body.declares(loop, *reference->getDecl());
         });
}

// Members of this object may be what the loop changes.
bool reads_this(const Stmt& statement) {
  if (llvm::isa<clang::CXXThisExpr>(statement)) return true;
  for (const Stmt* child : statement.children()) {
    if (child != nullptr && reads_this(*child)) return true;
  }
  return false;
}

int submissions_in(const Body& body, const Stmt& loop) {
  int count = 0;
  for (const Call& call : body.calls()) count += call.submits() && body.contains(loop, *call.expr);
  return count;
}

// The submission that `get` waits for, where the loop could do without.
const clang::CallExpr* needless_wait(const Body& body, const Call& get, const Stmt& loop,
                                     const clang::ASTContext& context) {
  if (!is_counted(loop, context) || !body.is_in_loop_body(loop, *get.expr)) return nullptr;
  const Expr* got = get.subject();
  const clang::CallExpr* submission = got == nullptr ? nullptr : submission_of(body, *got, loop);
  if (submission == nullptr || submissions_in(body, loop) != 1) return nullptr;
  const bool has_reason = body.is_left_early(loop) || body.is_paced(loop) ||
                          reads_this(*submission) || may_try_again(body, *submission, loop) ||
                          may_depend_on_earlier(body, *submission, loop);
  return has_reason ? nullptr : submission;
}

}  // namespace

void check_get_in_loop(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.kind != CallKind::get) continue;
      const Stmt* loop = body->loop_of(*call.expr);
      if (loop == nullptr) continue;
      const clang::CallExpr* submission = needless_wait(*body, call, *loop, program.context());
      if (submission == nullptr) continue;
      const std::string name = classify_call(*submission).name().str();
      program.report(
          {DiagnosticKind::get_in_loop,
           call.expr->getSourceRange(),
           "each iteration waits for its own " + (name.empty() ? "call" : "'" + name + "'") +
               " before the next one is submitted, so nothing runs at once",
           {{loop->getBeginLoc(), "submit all in this loop, and get their refs after it"}}});
    }
  }
}

}  // namespace ray::compiler

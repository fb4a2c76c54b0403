// ray::get in a coroutine blocks the thread that the other coroutines of the process need.
#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

// A generator produces for one reader and may block; anything else that is a coroutine awaits.
bool is_generator(const clang::FunctionDecl& function) {
  const auto* record = function.getReturnType()->getAsCXXRecordDecl();
  return record != nullptr && record->getName().ends_with_insensitive("generator");
}

// Whether what stands behind the call, as in `ray::get(r).size()`, would take the operand of
// co_await for its own.
bool is_operand(const clang::Expr& call, const clang::ASTContext& context) {
  const auto next = clang::Lexer::findNextToken(call.getEndLoc(), context.getSourceManager(),
                                                context.getLangOpts());
  return next && next->isOneOf(clang::tok::period, clang::tok::arrow, clang::tok::l_square,
                               clang::tok::l_paren, clang::tok::plusplus, clang::tok::minusminus);
}

bool is_in_handler(const Body& body, const clang::Stmt& statement) {
  for (const clang::Stmt* at = &statement; at != nullptr; at = body.parent(*at)) {
    if (llvm::isa<clang::CXXCatchStmt>(at)) return true;
  }
  return false;
}

// `co_await r` for `ray::get(r)`, where the text says what r is.
std::vector<clang::FixItHint> fixes(const Body& body, const Call& call, const clang::Expr& subject,
                                    const clang::ASTContext& context) {
  const clang::SourceRange range = call.expr->getSourceRange();
  if (range.getBegin().isMacroID() || range.getEnd().isMacroID()) return {};
  const clang::Expr* operand = bare(&subject);
  const bool is_simple =
      llvm::isa<clang::DeclRefExpr, clang::MemberExpr, clang::CallExpr>(operand) &&
      !llvm::isa<clang::CXXOperatorCallExpr>(operand);
  // co_await may not stand in a handler.
  if (!is_simple || subject.getType()->isPointerType() || is_in_handler(body, *call.expr)) {
    return {};
  }
  const auto text =
      clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(subject.getSourceRange()),
                                  context.getSourceManager(), context.getLangOpts());
  std::string awaited = "co_await " + text.str();
  if (is_operand(*call.expr, context)) awaited = "(" + awaited + ")";
  return {clang::FixItHint::CreateReplacement(range, awaited)};
}

}  // namespace

void check_get_in_coroutine(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_coroutine() || is_generator(body->function())) continue;
    for (const Call& call : body->calls()) {
      const clang::Expr* subject = call.subject();
      if (subject != nullptr && is_object_ref(subject->getType())) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        "ray::get blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "write 'co_await' with the ref",
                          fixes(*body, call, *subject, program.context())}}});
      } else if (subject != nullptr && is_ray_task(subject->getType())) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        "ray::get blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "write 'co_await' with the task",
                          fixes(*body, call, *subject, program.context())}}});
      } else if (call.kind == CallKind::get || call.kind == CallKind::wait) {
        program.report({DiagnosticKind::get_in_coroutine,
                        call.expr->getSourceRange(),
                        std::string(call.kind == CallKind::get ? "ray::get" : "ray::wait") +
                            " blocks the thread that this coroutine shares with others",
                        {{call.expr->getBeginLoc(), "'co_await' each of the refs"}}});
      }
    }
  }
}

}  // namespace ray::compiler

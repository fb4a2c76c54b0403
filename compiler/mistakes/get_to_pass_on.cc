// `g.remote(ray::get(r))` brings a value here only to send it off again.
#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/fetched_value.h"

namespace ray::compiler {
namespace {

void check_arguments(Program& program, const Body& body, const Call& submission) {
  const clang::ASTContext& context = program.context();
  for (unsigned i = 0; i < submission.arguments().size(); ++i) {
    const Call get = as_get(*submission.arguments()[i]);
    if (get.expr == nullptr || body.is_tried(*get.expr) ||
        !fits_as_ref(submission, i, get.expr->getType(), context))
      continue;
    const clang::SourceRange ref = get.subject()->getSourceRange();
    if (ref.getBegin().isMacroID()) continue;
    const llvm::StringRef text =
        clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(ref),
                                    context.getSourceManager(), context.getLangOpts());
    program.report({DiagnosticKind::get_to_pass_on,
                    get.expr->getSourceRange(),
                    "this value is fetched only to be sent on",
                    {{get.expr->getBeginLoc(),
                      "pass the ref: the task gets the value, which need not come here",
                      {clang::FixItHint::CreateReplacement(get.expr->getSourceRange(), text)}}}});
  }
}

void check_variable(Program& program, const Body& body, const clang::ValueDecl& variable) {
  const auto value = find_passed_on(program, body, variable);
  if (!value) return;
  program.report({DiagnosticKind::get_to_pass_on,
                  value->get->getSourceRange(),
                  "'" + variable.getNameAsString() + "' is fetched only to be sent on",
                  {{value->first_use->getLocation(),
                    "pass the ref: the task gets the value, which need not come here"}}});
}

}  // namespace

void check_get_to_pass_on(Program& program) {
  for (const auto& body : program.bodies()) {
    if (body->is_instance) continue;  // a ref may do in this instance only
    for (const Call& call : body->calls()) {
      if (call.submits()) check_arguments(program, *body, call);
    }
    for (const clang::VarDecl* variable : body->variables()) {
      if (const auto* several = llvm::dyn_cast<clang::DecompositionDecl>(variable)) {
        for (const auto* binding : several->bindings()) check_variable(program, *body, *binding);
      } else {
        check_variable(program, *body, *variable);
      }
    }
  }
}

}  // namespace ray::compiler

// `g.remote(ray::get(r))` brings a value here only to send it off again.
#include <map>
#include <vector>

#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/fetched_value.h"

namespace ray::compiler {
namespace {

// What is found in the instances of one template, by their place: a ref may do in some of them
// only.
using InInstances = std::map<clang::SourceLocation, std::vector<Mistake>>;

void check_arguments(Program& program, const Body& body, const Call& submission,
                     std::vector<Mistake>& found) {
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
    found.push_back({DiagnosticKind::get_to_pass_on,
                     get.expr->getSourceRange(),
                     "this value is fetched only to be sent on",
                     {{get.expr->getBeginLoc(),
                       "pass the ref: the task gets the value, which need not come here",
                       {clang::FixItHint::CreateReplacement(get.expr->getSourceRange(), text)}}}});
  }
}

void check_variable(Program& program, const Body& body, const clang::ValueDecl& variable,
                    std::vector<Mistake>& found) {
  const auto value = find_passed_on(program, body, variable);
  if (!value) return;
  found.push_back({DiagnosticKind::get_to_pass_on,
                   value->get->getSourceRange(),
                   "'" + variable.getNameAsString() + "' is fetched only to be sent on",
                   {{value->first_use->getLocation(),
                     "pass the ref: the task gets the value, which need not come here"}}});
}

std::vector<Mistake> check_body(Program& program, const Body& body) {
  std::vector<Mistake> found;
  for (const Call& call : body.calls()) {
    if (call.submits()) check_arguments(program, body, call, found);
  }
  for (const clang::VarDecl* variable : body.variables()) {
    if (const auto* several = llvm::dyn_cast<clang::DecompositionDecl>(variable)) {
      for (const auto* binding : several->bindings()) {
        check_variable(program, body, *binding, found);
      }
    } else {
      check_variable(program, body, *variable, found);
    }
  }
  return found;
}

}  // namespace

void check_get_to_pass_on(Program& program) {
  std::map<clang::SourceLocation, std::size_t> instances;  // by where their template's body is
  std::map<clang::SourceLocation, InInstances> in_templates;
  for (const auto& body : program.bodies()) {
    const clang::SourceLocation place = body->statement().getBeginLoc();
    if (body->is_instance) ++instances[place];
    for (Mistake& mistake : check_body(program, *body)) {
      if (body->is_instance) {
        in_templates[place][mistake.range.getBegin()].push_back(std::move(mistake));
      } else {
        program.report(std::move(mistake));
      }
    }
  }
  for (auto& [place, found] : in_templates) {
    for (auto& [at, mistakes] : found) {
      if (mistakes.size() == instances[place]) program.report(std::move(mistakes.front()));
    }
  }
}

}  // namespace ray::compiler

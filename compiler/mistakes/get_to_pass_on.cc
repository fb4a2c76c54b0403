// `g.remote(ray::get(r))` brings a value here only to send it off again.
#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::Expr;

// The type of parameter `index`; null where that is not known.
clang::QualType parameter_type(const Call& call, unsigned index) {
  const clang::FunctionDecl* callee = call.expr->getDirectCallee();
  if (callee->getTemplateSpecializationArgs() == nullptr && index < callee->getNumParams()) {
    return callee->getParamDecl(index)->getType();
  }
  const Expr* handle = call.handle();
  const auto* actor = handle == nullptr ? nullptr : actor_class(handle->getType());
  if (actor == nullptr || (actor = actor->getDefinition()) == nullptr) return {};
  const clang::CXXMethodDecl* only = nullptr;
  for (const clang::CXXMethodDecl* method : actor->methods()) {
    if (!method->getDeclName().isIdentifier() || method->getName() != call.name()) continue;
    if (only != nullptr) return {};
    only = method;
  }
  if (only == nullptr || index >= only->getNumParams()) return {};
  return only->getParamDecl(index)->getType();
}

// Whether the argument is of exactly the parameter's type, which is what a ref has to stand for.
bool fits(const Call& call, unsigned index, clang::QualType given,
          const clang::ASTContext& context) {
  const clang::QualType wanted = parameter_type(call, index);
  return !wanted.isNull() &&
         context.hasSameUnqualifiedType(wanted.getNonReferenceType(), given.getNonReferenceType());
}

// The get that `expression` is, where what is got is a ref or a vector of refs.
Call as_get(const Expr& expression) {
  const auto* expr = llvm::dyn_cast<clang::CallExpr>(bare(&expression));
  if (expr == nullptr) return {};
  const Call call = classify_call(*expr);
  const Expr* subject = call.subject();
  if (subject == nullptr) return {};
  const clang::QualType type = subject->getType();
  return is_object_ref(type) || is_vector_of_refs(type) ? call : Call();
}

const Expr& without_move(const Expr& expression) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(bare(&expression));
  return call != nullptr && call->isCallToStdMove() ? *call->getArg(0) : expression;
}

// Whether `reference` is an argument of a submission, and a ref could stand there.
bool is_sent_on(const Body& body, const clang::DeclRefExpr& reference,
                const clang::ASTContext& context) {
  for (const Call& call : body.calls()) {
    if (!call.submits() || !body.contains(*call.expr, reference)) continue;
    for (unsigned i = 0; i < call.arguments().size(); ++i) {
      if (bare(&without_move(*call.arguments()[i])) == &reference) {
        return fits(call, i, reference.getType(), context);
      }
    }
  }
  return false;
}

void check_arguments(Program& program, const Call& submission) {
  const clang::ASTContext& context = program.context();
  for (unsigned i = 0; i < submission.arguments().size(); ++i) {
    const Call get = as_get(*submission.arguments()[i]);
    if (get.expr == nullptr || !fits(submission, i, get.expr->getType(), context)) continue;
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

void check_variable(Program& program, const Body& body, const clang::VarDecl& variable) {
  if (variable.getInit() == nullptr || !variable.hasLocalStorage()) return;
  const Call get = as_get(*variable.getInit());
  const auto references = body.references_to(variable);
  if (get.expr == nullptr || references.empty()) return;
  for (const clang::DeclRefExpr* reference : references) {
    if (!is_sent_on(body, *reference, program.context())) return;
  }
  program.report({DiagnosticKind::get_to_pass_on,
                  get.expr->getSourceRange(),
                  "'" + variable.getNameAsString() + "' is fetched only to be sent on",
                  {{references.front()->getLocation(),
                    "pass the ref: the task gets the value, which need not come here"}}});
}

}  // namespace

void check_get_to_pass_on(Program& program) {
  for (const auto& body : program.bodies()) {
    for (const Call& call : body->calls()) {
      if (call.submits()) check_arguments(program, call);
    }
    for (const clang::VarDecl* variable : body->variables()) {
      check_variable(program, *body, *variable);
    }
  }
}

}  // namespace ray::compiler

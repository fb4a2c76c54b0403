// A parameter is there for one call: a view of it, or a pointer to it, must not be kept.
#include "clang/AST/DeclTemplate.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::ParmVarDecl;

bool is_view(clang::QualType type) {
  const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record != nullptr &&
         (is_std_name(*record, "span") || is_std_name(*record, "basic_string_view"));
}

bool is_borrowing(clang::QualType type) { return is_view(type) || type->isPointerType(); }

// The parameter whose memory the view or pointer `value` shows, or null.
const ParmVarDecl* shown_parameter(const Expr& value) {
  const Expr* expression = bare(&value);
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    const auto* parameter = llvm::dyn_cast_or_null<ParmVarDecl>(
        unary->getOpcode() == clang::UO_AddrOf ? named_variable(unary->getSubExpr()) : nullptr);
    return parameter;
  }
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(expression)) {
    const bool gives_part = is_borrowing(call->getType()) && call->getMethodDecl() != nullptr &&
                            call->getMethodDecl()->getDeclName().isIdentifier();
    const auto* parameter = llvm::dyn_cast_or_null<ParmVarDecl>(
        gives_part ? named_variable(call->getImplicitObjectArgument()) : nullptr);
    if (parameter == nullptr) return nullptr;
    // `.data()` of what it owns or shows; `.substr()` of a view.
    const llvm::StringRef name = call->getMethodDecl()->getName();
    return name == "data" || name == "c_str" || is_view(parameter->getType()) ? parameter : nullptr;
  }
  if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(expression)) {
    const bool converts = is_view(construct->getType()) && construct->getNumArgs() > 0;
    return llvm::dyn_cast_or_null<ParmVarDecl>(converts ? named_variable(construct->getArg(0))
                                                        : nullptr);
  }
  const auto* parameter = llvm::dyn_cast_or_null<ParmVarDecl>(named_variable(expression));
  return parameter != nullptr && is_view(parameter->getType()) ? parameter : nullptr;
}

// A place that outlives the call.
bool outlives(const Expr& place) {
  const Expr* expression = place.IgnoreParenImpCasts();
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    return llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()) ||
           outlives(*member->getBase());
  }
  const clang::VarDecl* variable = named_variable(expression);
  return variable != nullptr && variable->hasGlobalStorage();
}

void report(Program& program, const Body& body, const Expr& value, clang::SourceLocation place) {
  const ParmVarDecl* parameter = shown_parameter(value);
  if (parameter == nullptr || parameter->getDeclContext() != &body.function()) return;
  program.report({DiagnosticKind::kept_view,
                  {place, value.getEndLoc()},
                  "this outlives the call, but what parameter '" + parameter->getNameAsString() +
                      "' shows does not",
                  {{parameter->getLocation(), "copy it, into a std::vector or a std::string"}}});
}

void check_assignments(Program& program, const Body& body, const clang::Stmt& statement) {
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&statement)) {
    if (binary->getOpcode() == clang::BO_Assign && is_borrowing(binary->getLHS()->getType()) &&
        outlives(*binary->getLHS())) {
      report(program, body, *binary->getRHS(), binary->getBeginLoc());
    }
  } else if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&statement)) {
    if (operation->getOperator() == clang::OO_Equal && operation->getNumArgs() == 2 &&
        is_view(operation->getArg(0)->getType()) && outlives(*operation->getArg(0))) {
      report(program, body, *operation->getArg(1), operation->getBeginLoc());
    }
  }
  if (llvm::isa<clang::LambdaExpr>(statement)) return;
  for (const clang::Stmt* child : statement.children()) {
    if (child != nullptr) check_assignments(program, body, *child);
  }
}

// `views_.push_back(text)`.
void check_insertions(Program& program, const Body& body) {
  for (const Call& call : body.calls()) {
    const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call.expr);
    const auto* method = member == nullptr ? nullptr : member->getMethodDecl();
    if (method == nullptr || !method->getDeclName().isIdentifier() || member->getNumArgs() != 1) {
      continue;
    }
    const llvm::StringRef name = method->getName();
    if (name != "push_back" && name != "emplace_back" && name != "insert") continue;
    const auto* container = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
        member->getImplicitObjectArgument()->getType()->getAsCXXRecordDecl());
    if (container == nullptr || container->getTemplateArgs().size() == 0) continue;
    const clang::TemplateArgument& element = container->getTemplateArgs()[0];
    if (element.getKind() != clang::TemplateArgument::Type || !is_borrowing(element.getAsType()) ||
        !outlives(*member->getImplicitObjectArgument())) {
      continue;
    }
    report(program, body, *member->getArg(0), member->getBeginLoc());
  }
}

}  // namespace

void check_kept_view(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_remote()) continue;
    const clang::FunctionDecl& function = body->function();
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
    // A private method may be given what the actor itself keeps.
    if (method != nullptr && method->getAccess() != clang::AS_public) continue;
    check_assignments(program, *body, body->statement());
    check_insertions(program, *body);
    const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function);
    if (constructor == nullptr) continue;
    for (const clang::CXXCtorInitializer* initializer : constructor->inits()) {
      if (!initializer->isMemberInitializer() || !initializer->isWritten()) continue;
      if (!is_borrowing(initializer->getMember()->getType())) continue;
      report(program, *body, *initializer->getInit(), initializer->getSourceLocation());
    }
  }
}

}  // namespace ray::compiler

#include "compiler/mistakes/fetched_value.h"

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler {
namespace {

using clang::DeclRefExpr;
using clang::Expr;
using clang::Stmt;
using clang::ValueDecl;

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

const Expr& without_move(const Expr& expression) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(bare(&expression));
  return call != nullptr && call->isCallToStdMove() ? *call->getArg(0) : expression;
}

// Whether `reference` is an argument of a submission, and a ref could stand there.
bool is_sent_on(const Body& body, const DeclRefExpr& reference, const clang::ASTContext& context) {
  for (const Call& call : body.calls()) {
    if (!call.submits() || !body.contains(*call.expr, reference)) continue;
    for (unsigned i = 0; i < call.arguments().size(); ++i) {
      if (bare(&without_move(*call.arguments()[i])) == &reference) {
        return fits_as_ref(call, i, reference.getType(), context);
      }
    }
  }
  return false;
}

// The get behind `a` of `auto [a, b] = ray::get(x, y);`.
const clang::CallExpr* get_of_binding(const clang::BindingDecl& binding) {
  const auto* all = llvm::dyn_cast_or_null<clang::DecompositionDecl>(binding.getDecomposedDecl());
  if (all == nullptr || all->getInit() == nullptr || all->getType()->isReferenceType()) {
    return nullptr;
  }
  const auto* call = llvm::dyn_cast<clang::CallExpr>(bare(all->getInit()));
  if (call == nullptr || classify_call(*call).kind != CallKind::get) return nullptr;
  const llvm::ArrayRef<const Expr*> refs = classify_call(*call).arguments();
  const bool is_each =
      refs.size() == all->bindings().size() &&
      llvm::all_of(refs, [](const Expr* ref) { return is_object_ref(ref->getType()); });
  return is_each ? call : nullptr;
}

// `variable = ray::get(ref);`, where `reference` is that variable.
const clang::CallExpr* assigned_get(const Body& body, const DeclRefExpr& reference) {
  const Stmt* assignment = body.user_of(reference);
  const Expr* value = nullptr;
  const Expr* place = nullptr;
  if (const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(assignment)) {
    if (call->getOperator() != clang::OO_Equal || call->getNumArgs() != 2) return nullptr;
    place = call->getArg(0);
    value = call->getArg(1);
  } else if (const auto* binary = llvm::dyn_cast_or_null<clang::BinaryOperator>(assignment)) {
    if (binary->getOpcode() != clang::BO_Assign) return nullptr;
    place = binary->getLHS();
    value = binary->getRHS();
  }
  return value != nullptr && bare(place) == &reference ? as_get(*value).expr : nullptr;
}

bool has_no_value(const clang::VarDecl& variable) {
  if (variable.getInit() == nullptr) return true;
  const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(bare(variable.getInit()));
  return construct != nullptr && construct->getNumArgs() == 0;
}

// UseFinder looks through the uses of one variable, in the body and in lambdas.
class UseFinder {
 public:
  UseFinder(const Program& program, const Body& body, const ValueDecl& variable)
      : program_(program), body_(body), variable_(variable) {}

  std::optional<FetchedValue> find() {
    FetchedValue found{&variable_, get_of_initialiser(), nullptr};
    if (found.get == nullptr && is_unset_before()) found.get = find_assignment();
    if (found.get == nullptr || body_.is_tried(*found.get)) return std::nullopt;
    for (const auto& body : program_.bodies()) {
      for (const DeclRefExpr* reference : body->references_to(variable_)) {
        if (reference == assigned_ || is_captured(*body, *reference)) continue;
        if (!is_sent_on(*body, *reference, program_.context())) return std::nullopt;
        if (assigned_ != nullptr && !follows(*body, *reference)) return std::nullopt;
        if (found.first_use == nullptr) found.first_use = reference;
      }
    }
    if (found.first_use == nullptr || is_unclear_) return std::nullopt;
    return found;
  }

 private:
  const clang::CallExpr* get_of_initialiser() const {
    if (const auto* binding = llvm::dyn_cast<clang::BindingDecl>(&variable_)) {
      return get_of_binding(*binding);
    }
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(&variable_);
    const bool has_value = variable != nullptr && variable->hasLocalStorage() &&
                           !variable->isInitCapture() && variable->getInit() != nullptr;
    return has_value ? as_get(*variable->getInit()).expr : nullptr;
  }

  bool is_unset_before() const {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(&variable_);
    return variable != nullptr && variable->isLocalVarDecl() && variable->hasLocalStorage() &&
           has_no_value(*variable);
  }

  const clang::CallExpr* find_assignment() {
    for (const DeclRefExpr* reference : body_.references_to(variable_)) {
      if (const clang::CallExpr* get = assigned_get(body_, *reference)) {
        assigned_ = reference;
        return get;
      }
    }
    return nullptr;
  }

  // Captured as itself: what counts is what the lambda does with it.
  bool is_captured(const Body& body, const DeclRefExpr& reference) {
    const auto* lambda = llvm::dyn_cast_or_null<clang::LambdaExpr>(body.user_of(reference));
    if (lambda == nullptr) return false;
    is_unclear_ |= lambda->isGenericLambda();
    return llvm::any_of(lambda->captures(), [&](const clang::LambdaCapture& capture) {
      return capture.capturesVariable() && capture.getCapturedVar() == &variable_;
    });
  }

  // Whether the use comes after the assignment whenever it comes: it is behind it in its braces.
  bool follows(const Body& body, const DeclRefExpr& reference) const {
    const Stmt& assignment = *body_.user_of(*assigned_);
    const Stmt* around = body_.user_of(assignment);
    return &body == &body_ && llvm::isa_and_nonnull<clang::CompoundStmt>(around) &&
           body.contains(*around, reference) &&
           program_.context().getSourceManager().isBeforeInTranslationUnit(assignment.getEndLoc(),
                                                                           reference.getLocation());
  }

  const Program& program_;
  const Body& body_;
  const ValueDecl& variable_;
  const DeclRefExpr* assigned_ = nullptr;  // the variable in its only assignment
  bool is_unclear_ = false;
};

}  // namespace

Call as_get(const Expr& expression) {
  const Expr* from = bare(&expression);
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(from);
      list != nullptr && list->getNumInits() == 1) {
    from = bare(list->getInit(0));
  }
  const auto* expr = llvm::dyn_cast<clang::CallExpr>(from);
  if (expr == nullptr) return {};
  const Call call = classify_call(*expr);
  const Expr* subject = call.subject();
  if (subject == nullptr) return {};
  const clang::QualType type = subject->getType();
  return is_object_ref(type) || is_vector_of_refs(type) ? call : Call();
}

bool fits_as_ref(const Call& submission, unsigned index, clang::QualType given,
                 const clang::ASTContext& context) {
  const clang::QualType wanted = parameter_type(submission, index);
  return !wanted.isNull() &&
         context.hasSameUnqualifiedType(wanted.getNonReferenceType(), given.getNonReferenceType());
}

std::optional<FetchedValue> find_passed_on(const Program& program, const Body& body,
                                           const ValueDecl& variable) {
  return UseFinder(program, body, variable).find();
}

}  // namespace ray::compiler

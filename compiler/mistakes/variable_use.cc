// The part of Body that follows a place outwards, through what is made of it.
#include "clang/AST/DeclTemplate.h"
#include "compiler/mistakes/body.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

// Of the standard algorithms that change the elements between two iterators.
bool changes_range(const clang::FunctionDecl* callee) {
  if (callee == nullptr || outermost_namespace(*callee) != "std") return false;
  return llvm::StringSwitch<bool>(identifier(*callee))
      .Cases("sort", "stable_sort", "partial_sort", "nth_element", true)
      .Cases("push_heap", "pop_heap", "next_permutation", "prev_permutation", true)
      .Cases("fill", "fill_n", "iota", "generate", "generate_n", true)
      .Cases("reverse", "rotate", "shuffle", "partition", "stable_partition", true)
      .Cases("replace", "replace_if", "remove", "remove_if", "unique", true)
      .Default(false);
}

// Members of containers that give a place in them: what is done with that place is what counts.
bool gives_place(const clang::CXXMethodDecl& method) {
  return llvm::StringSwitch<bool>(identifier(method))
      .Cases("at", "front", "back", "data", "begin", "end", true)
      .Cases("find", "value", "get", true)
      .Default(false);
}

bool captures_by_reference(const clang::LambdaExpr& lambda) {
  return llvm::any_of(lambda.captures(), [](const clang::LambdaCapture& capture) {
    return capture.getCaptureKind() == clang::LCK_ByRef;
  });
}

bool is_mutable_reference(clang::QualType type) {
  return type->isReferenceType() && !type->getPointeeType().isConstQualified();
}

// std::span<const T>, which takes what it shows as one that it could change.
bool is_view_of_constants(clang::QualType type) {
  const auto* record =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  return record != nullptr && is_std_name(*record, "span") &&
         record->getTemplateArgs()[0].getAsType().isConstQualified();
}

// Whether argument `index` of the call goes to a parameter through which it can be changed.
bool is_mutable_parameter(const clang::FunctionDecl* callee, unsigned index) {
  if (callee == nullptr) return true;
  if (index >= callee->getNumParams()) return false;  // variadic: a copy
  return is_mutable_reference(callee->getParamDecl(index)->getType());
}

// What becomes of a place, as far as one of the statements around it tells.
enum class Outcome { changed, unchanged, goes_on };

Outcome changed_if(bool condition) { return condition ? Outcome::changed : Outcome::unchanged; }

class Place {
 public:
  Place(const Body& body, const Expr& reference) : body_(body), value_(&reference) {}

  bool may_change() {
    for (const Stmt* user = body_.parent(*value_); user != nullptr;
         value_ = user, user = body_.parent(*user)) {
      const auto* value = llvm::dyn_cast<Expr>(value_);
      if (value != nullptr && !is_iterator_ && value->getType().isConstQualified()) return false;
      const Outcome outcome = used_by(*user);
      if (outcome != Outcome::goes_on) return outcome == Outcome::changed;
    }
    return false;
  }

 private:
  Outcome used_by(const Stmt& user) {
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(&user)) {
      const bool is_read = cast->getCastKind() == clang::CK_LValueToRValue ||
                           cast->getCastKind() == clang::CK_ToVoid;
      return is_read ? Outcome::unchanged : Outcome::goes_on;
    }
    if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(&user)) {
      return changed_if(unary->isIncrementDecrementOp() || unary->getOpcode() == clang::UO_AddrOf);
    }
    if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&user)) {
      return changed_if(binary->isAssignmentOp() && binary->getLHS() == value_);
    }
    if (const auto* ranged = llvm::dyn_cast<clang::CXXForRangeStmt>(&user)) {
      return changed_if(is_mutable_reference(ranged->getLoopVariable()->getType()));
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&user)) return used_by(*call);
    if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(&user)) {
      return used_by(*construct);
    }
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&user)) {
      return changed_if(captures_by_reference(*lambda));
    }
    if (llvm::isa<clang::DeclStmt>(user)) {
      const VarDecl* variable = body_.initialises(*llvm::cast<Expr>(value_));
      if (variable == nullptr || !is_mutable_reference(variable->getType())) {
        return Outcome::unchanged;
      }
      // `auto&& __range` of a loop, which decides by the loop's own variable.
      return variable->isImplicit() ? Outcome::goes_on : Outcome::changed;
    }
    const bool is_only_read = !llvm::isa<Expr>(user) ||
                              llvm::isa<clang::CXXThrowExpr, clang::UnaryExprOrTypeTraitExpr>(user);
    return is_only_read ? Outcome::unchanged : Outcome::goes_on;
  }

  Outcome used_by(const clang::CallExpr& call) {
    if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call)) {
      return used_by(*operation);
    }
    if (const auto* member_call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
        member_call != nullptr && member_call->getCallee() == value_) {
      const clang::CXXMethodDecl* method = member_call->getMethodDecl();
      if (method == nullptr) return Outcome::changed;
      if (method->isConst()) return Outcome::unchanged;
      if (!gives_place(*method)) return Outcome::changed;
      is_iterator_ = !method->getReturnType()->isReferenceType();
      return Outcome::goes_on;
    }
    const Call remote = classify_call(call);
    if (remote.submits() || remote.kind == CallKind::put)
      return Outcome::unchanged;  // a copy is sent
    const clang::FunctionDecl* callee = call.getDirectCallee();
    for (unsigned i = 0; i < call.getNumArgs(); ++i) {
      if (call.getArg(i) != value_) continue;
      return changed_if(is_mutable_parameter(callee, i) || (is_iterator_ && changes_range(callee)));
    }
    return Outcome::unchanged;
  }

  Outcome used_by(const clang::CXXOperatorCallExpr& operation) {
    const clang::FunctionDecl* callee = operation.getDirectCallee();
    const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(callee);
    const bool is_access = operation.getOperator() == clang::OO_Subscript ||
                           operation.getOperator() == clang::OO_Star ||
                           operation.getOperator() == clang::OO_Arrow;
    if (method != nullptr && operation.getArg(0) == value_) {
      if (method->isConst() && !(is_access && is_iterator_)) return Outcome::unchanged;
      if (!is_access) return Outcome::changed;
      is_iterator_ = false;
      return Outcome::goes_on;
    }
    for (unsigned i = 0; i < operation.getNumArgs(); ++i) {
      if (operation.getArg(i) != value_) continue;
      return changed_if(is_mutable_parameter(callee, method != nullptr ? i - 1 : i));
    }
    return Outcome::unchanged;
  }

  Outcome used_by(const clang::CXXConstructExpr& construct) {
    if (is_view_of_constants(construct.getType())) return Outcome::unchanged;
    for (unsigned i = 0; i < construct.getNumArgs(); ++i) {
      if (construct.getArg(i) != value_) continue;
      return changed_if(is_mutable_parameter(construct.getConstructor(), i));
    }
    return Outcome::unchanged;
  }

  const Body& body_;
  const Stmt* value_;         // what has been made of the place so far
  bool is_iterator_ = false;  // or a pointer into it: its own const says nothing
};

}  // namespace

bool Body::may_change(const Expr& reference) const { return Place(*this, reference).may_change(); }

bool Body::is_changed_in(const Stmt& loop, const clang::ValueDecl& variable) const {
  for (const clang::DeclRefExpr* reference : references_) {
    if (reference->getDecl() == &variable && contains(loop, *reference) && may_change(*reference)) {
      return true;
    }
  }
  return false;
}

bool Body::has_alias(const clang::ValueDecl& variable) const {
  return llvm::any_of(references_to(variable),
                      [this](const auto* reference) { return makes_alias(*reference); });
}

bool Body::makes_alias(const Expr& reference) const {
  const Stmt* child = &reference;
  for (const Stmt* at = parent(reference); at != nullptr; child = at, at = parent(*at)) {
    if (!llvm::isa<Expr, clang::DeclStmt>(at)) return false;
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(at)) {
      return captures_by_reference(*lambda);
    }
    if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(at)) {
      if (unary->getOpcode() == clang::UO_AddrOf) return true;
    }
    if (llvm::isa<clang::CallExpr, clang::CXXConstructExpr>(at)) {
      const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(at);
      const bool is_within = call != nullptr && call->getCallee() == child &&
                             call->getMethodDecl() != nullptr &&
                             gives_place(*call->getMethodDecl());
      if (!is_within) return false;
    }
    if (!llvm::isa<clang::DeclStmt>(at)) continue;
    const VarDecl* made = initialised_.lookup(child);
    if (made == nullptr || made->isImplicit()) return false;
    const clang::QualType type = made->getType();
    return type->isReferenceType() ? is_mutable_reference(type) : !type->isArithmeticType();
  }
  return false;
}

}  // namespace ray::compiler

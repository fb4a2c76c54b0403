#include "compiler/mistakes/sent_value.h"

#include "compiler/mistakes/quick_calls.h"
#include "compiler/mistakes/shown_parameter.h"
#include "compiler/mistakes/synchronising_type.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::FieldDecl;
using clang::MemberExpr;
using clang::Stmt;
using clang::ValueDecl;
using clang::VarDecl;

const ValueDecl* named_value(const Expr& expression) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(&expression);
  const bool is_value =
      reference != nullptr && llvm::isa<VarDecl, clang::BindingDecl>(reference->getDecl());
  return is_value ? reference->getDecl() : nullptr;
}

// Whether it does something with the whole of this object, such as `std::swap(*this, other)`.
bool uses_whole_object(const Body& body, const Stmt& statement) {
  if (llvm::isa<clang::CXXThisExpr>(statement)) {
    return !llvm::isa_and_nonnull<MemberExpr>(body.user_of(statement));
  }
  return llvm::any_of(statement.children(), [&](const Stmt* child) {
    return child != nullptr && uses_whole_object(body, *child);
  });
}

// Whether others may have their turn within the loop.
bool takes_a_lock(const Body& body, const Stmt& loop) {
  return llvm::any_of(body.variables(), [&](const VarDecl* variable) {
    return synchronises(variable->getType()) && body.declares(loop, *variable);
  });
}

// Whether no other function or thread has a chance to change what it could reach.
bool is_undisturbed(const Body& body, const Stmt& loop, const clang::ASTContext& context) {
  return makes_only_quick_calls(body, loop, context) && !uses_whole_object(body, loop) &&
         !takes_a_lock(body, loop);
}

// The pointer in `*pointer`, where it is a parameter, or owns what it points to; null in all else.
const VarDecl* dereferenced_pointer(const Expr& expression) {
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(&expression)) {
    const VarDecl* pointer =
        unary->getOpcode() == clang::UO_Deref ? named_variable(unary->getSubExpr()) : nullptr;
    return llvm::dyn_cast_or_null<clang::ParmVarDecl>(pointer);
  }
  const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
  if (call == nullptr || call->getOperator() != clang::OO_Star) return nullptr;
  const VarDecl* owner = named_variable(call->getArg(0));
  const auto* record = owner == nullptr ? nullptr : owner->getType()->getAsCXXRecordDecl();
  return record != nullptr && is_std_name(*record, "unique_ptr") ? owner : nullptr;
}

// Whether the loop does nothing with the pointer but send what it points to.
bool is_only_sent_in(const Body& body, const Stmt& loop, const ValueDecl& pointer) {
  return llvm::all_of(body.references_to(pointer), [&](const auto* reference) {
    if (!body.contains(loop, *reference)) return true;
    return llvm::any_of(body.calls(), [&](const Call& call) {
      return call.submits() && llvm::any_of(call.arguments(), [&](const Expr* argument) {
               const Expr* sent = bare(argument);
               return dereferenced_pointer(*sent) == &pointer && body.contains(*sent, *reference);
             });
    });
  });
}

// Origin follows references to what they stand for: all of that has to stay the same.
class Origin {
 public:
  explicit Origin(const Body& body) : body_(body) {}

  // Whether it is known what the value is a part of.
  bool follow(const SentValue& value) {
    return value.field != nullptr ? add(*value.field) : follow(*value.variable);
  }

  bool is_changed_in(const Stmt& loop) const {
    return llvm::any_of(variables_,
                        [&](const ValueDecl* variable) {
                          return body_.declares(loop, *variable) ||
                                 body_.is_changed_in(loop, *variable);
                        }) ||
           llvm::any_of(body_.members(), [&](const MemberExpr* member) {
             return is_of(*member) && body_.contains(loop, *member) && body_.may_change(*member);
           });
  }

  bool has_alias() const {
    return llvm::any_of(variables_,
                        [&](const auto* variable) { return body_.has_alias(*variable); }) ||
           llvm::any_of(body_.members(), [&](const MemberExpr* member) {
             return is_of(*member) && body_.makes_alias(*member);
           });
  }

  // Whether any function may change it that is called.
  bool is_shared() const {
    return !fields_.empty() || llvm::any_of(variables_, [](const ValueDecl* value) {
      const auto* variable = llvm::dyn_cast<VarDecl>(value);
      return variable != nullptr && variable->hasGlobalStorage() &&
             !variable->getType().isConstQualified();
    });
  }

 private:
  bool add(const FieldDecl& field) {
    fields_.push_back(&field);
    const bool is_reachable = llvm::any_of(body_.lambdas(), [](const clang::LambdaExpr* lambda) {
      return llvm::any_of(lambda->captures(), [](const auto& part) { return part.capturesThis(); });
    });
    return !field.getType()->isReferenceType() && !is_reachable && !body_.is_coroutine();
  }

  bool follow(const ValueDecl& value) {
    variables_.push_back(&value);
    const VarDecl* variable = llvm::dyn_cast<VarDecl>(&value);
    if (const auto* binding = llvm::dyn_cast<clang::BindingDecl>(&value)) {
      variable = llvm::dyn_cast_or_null<VarDecl>(binding->getDecomposedDecl());
      if (variable == nullptr) return false;
    }
    if (!variable->getType()->isReferenceType() || llvm::isa<clang::ParmVarDecl>(variable)) {
      return true;
    }
    for (const Stmt* loop : body_.loops()) {
      const auto* ranged = llvm::dyn_cast<clang::CXXForRangeStmt>(loop);
      if (ranged != nullptr && ranged->getLoopVariable() == variable) {
        return follow(*ranged->getRangeInit());
      }
    }
    return variable->getInit() != nullptr && follow(*variable->getInit());
  }

  bool follow(const Expr& referred) {
    const Expr* from = bare(&referred);
    if (from->isPRValue()) return true;  // an object of its own
    if (const Expr* whole = whole_of_element(*from)) return follow(*whole);
    if (const auto part = find_sent_value(*from)) return follow(*part);
    const auto* member = llvm::dyn_cast<MemberExpr>(from);
    return member != nullptr && !member->isArrow() && follow(*member->getBase());
  }

  bool is_of(const MemberExpr& member) const {
    return llvm::is_contained(fields_, member.getMemberDecl());
  }

  const Body& body_;
  std::vector<const ValueDecl*> variables_;
  std::vector<const ValueDecl*> fields_;
};

}  // namespace

const VarDecl* SentValue::whole_variable() const {
  return named == variable ? llvm::dyn_cast_or_null<VarDecl>(variable) : nullptr;
}

std::optional<SentValue> find_sent_value(const Expr& argument) {
  const Expr* from = bare(&argument);
  if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(from);
      construct != nullptr && construct->getNumArgs() == 1 &&
      is_std_name(*construct->getConstructor()->getParent(), "span")) {
    from = bare(construct->getArg(0));
  }
  SentValue result{from, nullptr, nullptr, nullptr};
  if (const VarDecl* pointer = dereferenced_pointer(*from)) {
    return SentValue{from, pointer, pointer, nullptr, true};
  }
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(from);
      call != nullptr && call->getMethodDecl() != nullptr) {
    const FieldDecl* given = given_field(*call->getMethodDecl());
    const auto* callee = llvm::dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts());
    if (given == nullptr || callee == nullptr) return std::nullopt;
    result.named = call->getMethodDecl();
    if (llvm::isa<clang::CXXThisExpr>(callee->getBase()->IgnoreParenImpCasts())) {
      result.field = given;
      return result;
    }
    if (callee->isArrow()) return std::nullopt;
    from = bare(callee->getBase());
  }
  while (const auto* member = llvm::dyn_cast<MemberExpr>(from)) {
    const auto* field = llvm::dyn_cast<FieldDecl>(member->getMemberDecl());
    if (field == nullptr) return std::nullopt;
    if (result.named == nullptr) result.named = field;
    if (llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts())) {
      result.field = field;
      return result;
    }
    if (member->isArrow()) return std::nullopt;
    from = bare(member->getBase());
  }
  result.variable = named_value(*from);
  if (result.variable == nullptr) return std::nullopt;
  if (result.named == nullptr) result.named = result.variable;
  return result;
}

const Stmt* loop_to_leave(const Body& body, const Expr& use, const SentValue& value,
                          const clang::ASTContext& context) {
  Origin origin(body);
  if (body.is_left_after(use) || !origin.follow(value) || origin.has_alias()) return nullptr;
  const Stmt* result = nullptr;
  for (const Stmt* loop = body.loop_of(use); loop != nullptr; loop = body.loop_of(*loop)) {
    if (origin.is_changed_in(*loop)) break;
    const bool is_reachable = origin.is_shared() || value.is_pointee;
    if (is_reachable && !is_undisturbed(body, *loop, context)) break;
    if (value.is_pointee && !is_only_sent_in(body, *loop, *value.variable)) break;
    result = loop;
  }
  return result;
}

}  // namespace ray::compiler

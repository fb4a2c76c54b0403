#include "compiler/mistakes/shown_parameter.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::ParmVarDecl;
using clang::QualType;
using clang::VarDecl;

bool is_view(QualType type) {
  const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record != nullptr &&
         (is_std_name(*record, "span") || is_std_name(*record, "basic_string_view"));
}

// Of the standard library, with memory that a view of it shows.
bool is_owning(QualType type) {
  const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record != nullptr && (is_std_name(*record, "basic_string") ||
                               is_std_name(*record, "vector") || is_std_name(*record, "array"));
}

// Gives the memory of a container, as a pointer or an iterator.
bool gives_memory(const clang::CXXMethodDecl& method) {
  if (llvm::isa<clang::CXXConversionDecl>(method)) return is_borrowing(method.getReturnType());
  const llvm::StringRef name = identifier(method);
  return name == "data" || name == "c_str" || name == "begin" || name == "cbegin";
}

// Within one function, whose local variables lead from one expression to another.
class Borrowing {
 public:
  explicit Borrowing(const Body& body) : body_(body) {}

  const ParmVarDecl* shown(const Expr& value) {
    if (++steps_ > kStepsMax) return nullptr;
    const Expr* from = bare(&value);
    if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(from)) {
      return unary->getOpcode() == clang::UO_AddrOf ? holder(*unary->getSubExpr()) : nullptr;
    }
    if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(from)) {
      return is_borrowing(cast->getType()) ? shown(*cast->getSubExpr()) : nullptr;
    }
    if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(from)) {
      return list->getNumInits() == 1 ? shown(*list->getInit(0)) : nullptr;
    }
    if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(from)) {
      const bool converts = is_view(construct->getType()) && construct->getNumArgs() > 0;
      return converts ? shown(*construct->getArg(0)) : nullptr;
    }
    if (const auto* choice = llvm::dyn_cast<clang::ConditionalOperator>(from)) {
      const ParmVarDecl* first = shown(*choice->getTrueExpr());
      return first != nullptr ? first : shown(*choice->getFalseExpr());
    }
    if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(from)) {
      const clang::CXXMethodDecl* method = call->getMethodDecl();
      const Expr& object = *call->getImplicitObjectArgument();
      if (method != nullptr && gives_memory(*method)) return shown(object);
      // `.substr()` of a view.
      if (is_view(object.getType()) && is_borrowing(call->getType())) return shown(object);
    }
    const auto* call = llvm::dyn_cast<clang::CallExpr>(from);
    if (call != nullptr && call->isCallToStdMove()) return shown(*call->getArg(0));
    return is_view(from->getType()) ? viewed(*from) : owned(*from);
  }

 private:
  static constexpr int kStepsMax = 64;  // of variables that are initialised by each other

  // Of a variable that is a view all its life.
  const ParmVarDecl* viewed(const Expr& view) {
    const VarDecl* variable = named_variable(&view);
    if (variable == nullptr) return nullptr;
    if (const ParmVarDecl* parameter = own(*variable)) return parameter;
    return is_fixed(*variable) ? shown(*variable->getInit()) : nullptr;
  }

  const ParmVarDecl* owned(const Expr& object) {
    if (object.getType()->isPointerType()) {
      const VarDecl* variable = named_variable(&object);
      return variable != nullptr && is_fixed(*variable) ? shown(*variable->getInit()) : nullptr;
    }
    return is_owning(object.getType()) ? holder(object) : nullptr;
  }

  // The parameter that `place` is, or is a part of.
  const ParmVarDecl* holder(const Expr& place) {
    if (++steps_ > kStepsMax) return nullptr;
    const Expr* from = bare(&place);
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(from)) {
      return member->isArrow() || member->getMemberDecl()->getType()->isReferenceType()
                 ? nullptr
                 : holder(*member->getBase());
    }
    if (const Expr* whole = whole_of_element(*from)) {
      return is_view(whole->getType()) ? shown(*whole) : holder(*whole);
    }
    const VarDecl* variable = named_variable(from);
    if (variable == nullptr) return nullptr;
    if (const ParmVarDecl* parameter = own(*variable)) return parameter;
    const bool is_name = variable->getType()->isReferenceType() && variable->getInit() != nullptr;
    return is_name && variable->isLocalVarDecl() ? holder(*variable->getInit()) : nullptr;
  }

  const ParmVarDecl* own(const VarDecl& variable) const {
    const auto* parameter = llvm::dyn_cast<ParmVarDecl>(&variable);
    return parameter != nullptr && parameter->getDeclContext() == &body_.function() ? parameter
                                                                                    : nullptr;
  }

  bool is_fixed(const VarDecl& variable) const {
    if (!variable.isLocalVarDecl() || variable.getInit() == nullptr) return false;
    return llvm::none_of(body_.references_to(variable),
                         [&](const auto* reference) { return body_.may_change(*reference); });
  }

  const Body& body_;
  int steps_ = 0;
};

}  // namespace

bool is_borrowing(QualType type) { return is_view(type) || type->isPointerType(); }

QualType type_argument(const clang::CXXRecordDecl& record, unsigned index) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr || index >= instance->getTemplateArgs().size()) return {};
  const clang::TemplateArgument& argument = instance->getTemplateArgs()[index];
  return argument.getKind() == clang::TemplateArgument::Type ? argument.getAsType() : QualType();
}

const Expr* whole_of_element(const Expr& element) {
  const Expr* from = element.IgnoreParenImpCasts();
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(from)) {
    const Expr* array = subscript->getBase()->IgnoreParenImpCasts();
    return array->getType()->isArrayType() ? array : nullptr;
  }
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(from)) {
    const Expr* object = operation->getArg(0);
    const auto* record = object->getType()->getAsCXXRecordDecl();
    if (record == nullptr || !record->isInStdNamespace()) return nullptr;
    const bool is_element =
        operation->getOperator() == clang::OO_Subscript ||
        (operation->getOperator() == clang::OO_Star && is_std_name(*record, "optional"));
    return is_element ? object : nullptr;
  }
  const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(from);
  if (call == nullptr || call->getMethodDecl() == nullptr) return nullptr;
  const auto* record = call->getImplicitObjectArgument()->getType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace()) return nullptr;
  const llvm::StringRef name = identifier(*call->getMethodDecl());
  const bool is_element = name == "at" || name == "front" || name == "back" || name == "value";
  return is_element ? call->getImplicitObjectArgument() : nullptr;
}

const ParmVarDecl* shown_parameter(const Body& body, const Expr& value) {
  return Borrowing(body).shown(value);
}

}  // namespace ray::compiler

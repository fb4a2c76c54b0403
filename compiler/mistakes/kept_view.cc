// A parameter is there for one call: a view of it, or a pointer to it, must not be kept.
#include <utility>
#include <vector>

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/shown_parameter.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::ParmVarDecl;
using clang::QualType;
using clang::ValueDecl;

bool is_optional_borrowing(QualType type) {
  const auto* record = type->getAsCXXRecordDecl();
  const QualType held = record == nullptr || !is_std_name(*record, "optional")
                            ? QualType()
                            : type_argument(*record, 0);
  return !held.isNull() && is_borrowing(held);
}

bool is_map(const clang::CXXRecordDecl& record) {
  for (const char* name : {"map", "unordered_map", "multimap", "unordered_multimap"}) {
    if (is_std_name(record, name)) return true;
  }
  return false;
}

// What a value is made of, and the type that each part is to have.
using Parts = std::vector<std::pair<QualType, const Expr*>>;

QualType element_type(const clang::CXXRecordDecl& record, unsigned index) {
  if (is_std_name(record, "pair")) return type_argument(record, index);
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr || !is_std_name(record, "tuple")) return {};
  const auto types = instance->getTemplateArgs()[0].pack_elements();
  return index < types.size() ? types[index].getAsType() : QualType();
}

// `{1, text}` and `Entry{1, text}` as the fields of an aggregate, `std::pair(1, text)` as a pair's.
Parts parts_of(llvm::ArrayRef<const Expr*> values, QualType type) {
  const auto* record = type->getAsCXXRecordDecl();
  if (record == nullptr || (record = record->getDefinition()) == nullptr) return {};
  Parts result;
  if (record->isInStdNamespace()) {
    for (unsigned i = 0; i < values.size(); ++i) {
      const QualType element = element_type(*record, i);
      if (!element.isNull()) result.emplace_back(element, values[i]);
    }
    return result;
  }
  if (!record->isAggregate() || record->getNumBases() != 0) return {};
  for (const clang::FieldDecl* field : record->fields()) {
    if (field->getFieldIndex() >= values.size()) break;
    result.emplace_back(field->getType(), values[field->getFieldIndex()]);
  }
  return result;
}

Parts parts_of(const Expr& value, QualType type) {
  const Expr* made = bare(&value);
  if (const auto* named = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(made)) {
    made = bare(named->getSubExpr());
  }
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(made)) {
    if (list->isSyntacticForm() && list->getSemanticForm() != nullptr) {
      list = list->getSemanticForm();
    }
    std::vector<const Expr*> values;
    for (unsigned i = 0; i < list->getNumInits(); ++i) values.push_back(list->getInit(i));
    return parts_of(values, type);
  }
  const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(made);
  if (construct == nullptr || construct->getNumArgs() < 2 ||
      !construct->getConstructor()->getParent()->isInStdNamespace()) {
    return {};
  }
  return parts_of(llvm::ArrayRef<const Expr*>(construct->getArgs(), construct->getNumArgs()), type);
}

// The field or global that a place which outlives the call is, or is in; null of any other place.
const ValueDecl* lasting_place(const Expr& place) {
  const Expr* expression = place.IgnoreParenImpCasts();
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    if (!llvm::isa<clang::FieldDecl>(member->getMemberDecl())) return nullptr;
    const bool is_own = llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
    return is_own ? member->getMemberDecl() : lasting_place(*member->getBase());
  }
  if (const Expr* whole = whole_of_element(*expression)) return lasting_place(*whole);
  const clang::VarDecl* variable = named_variable(expression);
  return variable != nullptr && variable->hasGlobalStorage() ? variable : nullptr;
}

// StoreFinder reports what one body stores of its parameters.
class StoreFinder {
 public:
  StoreFinder(Program& program, const Body& body) : program_(program), body_(body) {}

  void find_all() {
    find_pointers(body_.statement());
    for (const Call& call : body_.calls()) {
      if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call.expr)) {
        find_operation(*operation);
      } else if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call.expr)) {
        find_insertion(*member);
      }
    }
    const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&body_.function());
    if (constructor == nullptr) return;
    for (const clang::CXXCtorInitializer* initializer : constructor->inits()) {
      if (!initializer->isMemberInitializer() || !initializer->isWritten()) continue;
      const QualType type = initializer->getMember()->getType();
      if (!is_borrowing(type) && !is_optional_borrowing(type)) continue;
      report(*initializer->getInit(), *initializer->getMember(), initializer->getSourceLocation());
    }
  }

 private:
  // `pointer_ = &x`.
  void find_pointers(const clang::Stmt& statement) {
    if (llvm::isa<clang::LambdaExpr>(statement)) return;
    const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&statement);
    if (binary != nullptr && binary->getOpcode() == clang::BO_Assign &&
        is_borrowing(binary->getLHS()->getType())) {
      report_at(*binary->getLHS(), *binary->getRHS(), binary->getBeginLoc());
    }
    for (const clang::Stmt* child : statement.children()) {
      if (child != nullptr) find_pointers(*child);
    }
  }

  // `view_ = text`, `map_[text]`.
  void find_operation(const clang::CXXOperatorCallExpr& operation) {
    if (operation.getNumArgs() != 2) return;
    const Expr& object = *operation.getArg(0);
    if (operation.getOperator() == clang::OO_Equal) {
      if (is_optional_borrowing(object.getType())) {
        report_at(object, *operation.getArg(1), operation.getBeginLoc());
      } else {
        report_value(object, object.getType(), *operation.getArg(1), operation.getBeginLoc());
      }
    } else if (operation.getOperator() == clang::OO_Subscript) {
      const auto* record = object.getType()->getAsCXXRecordDecl();
      if (record == nullptr || !is_map(*record) || looks_up(object)) return;
      report_element(*record, 0, object, *operation.getArg(1), operation.getBeginLoc());
    }
  }

  // `views_.push_back(text)`, `map_.emplace(text, 1)`.
  void find_insertion(const clang::CXXMemberCallExpr& call) {
    const auto* method = call.getMethodDecl();
    const Expr* object = call.getImplicitObjectArgument();
    const auto* record = object->getType()->getAsCXXRecordDecl();
    if (method == nullptr || record == nullptr || !record->isInStdNamespace()) return;
    const llvm::StringRef name = identifier(*method);
    const bool is_placed = name == "insert" || name == "emplace";
    const bool is_keyed = name == "try_emplace" || name == "insert_or_assign";
    const bool is_added = name == "push_back" || name == "emplace_back" || name == "push_front" ||
                          name == "emplace_front" || name == "push";
    if ((!is_placed && !is_keyed && !is_added) || call.getNumArgs() == 0) return;
    if (is_map(*record)) {
      llvm::ArrayRef<const Expr*> parts(call.getArgs(), call.getNumArgs());
      if (name == "insert") parts = parts_of_pair(*call.getArg(0));
      for (unsigned i = 0; i < parts.size() && i < 2; ++i) {
        report_element(*record, i, *object, *parts[i], call.getBeginLoc());
      }
      return;
    }
    const bool is_sequence = is_std_name(*record, "vector") || is_std_name(*record, "deque") ||
                             is_std_name(*record, "list");
    const unsigned value = is_placed && is_sequence ? 1 : 0;  // behind where it goes
    if (value >= call.getNumArgs()) return;
    if (name.starts_with("emplace") && call.getNumArgs() > value + 1) {
      report_parts(
          *object,
          parts_of(llvm::ArrayRef<const Expr*>(call.getArgs(), call.getNumArgs()).drop_front(value),
                   type_argument(*record, 0)),
          call.getBeginLoc());
    } else {
      report_element(*record, 0, *object, *call.getArg(value), call.getBeginLoc());
    }
  }

  // Of `{key, value}` and `std::pair(key, value)`.
  static llvm::ArrayRef<const Expr*> parts_of_pair(const Expr& pair) {
    const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(bare(&pair));
    if (construct == nullptr || !is_std_name(*construct->getConstructor()->getParent(), "pair")) {
      return {};
    }
    return {construct->getArgs(), construct->getNumArgs()};
  }

  // Whether the body asks first whether the key is there, and so need not store it.
  bool looks_up(const Expr& map) const {
    const ValueDecl* place = lasting_place(map);
    return llvm::any_of(body_.calls(), [&](const Call& call) {
      const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call.expr);
      if (member == nullptr || member->getMethodDecl() == nullptr) return false;
      const llvm::StringRef name = identifier(*member->getMethodDecl());
      return (name == "contains" || name == "find" || name == "count") &&
             lasting_place(*member->getImplicitObjectArgument()) == place;
    });
  }

  void report_element(const clang::CXXRecordDecl& container, unsigned index, const Expr& object,
                      const Expr& value, clang::SourceLocation at) {
    const QualType element = type_argument(container, index);
    if (!element.isNull()) report_value(object, element, value, at);
  }

  // Of a value that becomes one of `type`, or the views in it.
  void report_value(const Expr& place, QualType type, const Expr& value, clang::SourceLocation at) {
    if (is_borrowing(type)) {
      report_at(place, value, at);
    } else {
      report_parts(place, parts_of(value, type), at);
    }
  }

  void report_parts(const Expr& place, const Parts& parts, clang::SourceLocation at) {
    for (const auto& [type, part] : parts) report_value(place, type, *part, at);
  }

  void report_at(const Expr& place, const Expr& value, clang::SourceLocation at) {
    const ValueDecl* kept = lasting_place(place);
    if (kept != nullptr) report(value, *kept, at);
  }

  void report(const Expr& value, const ValueDecl& kept, clang::SourceLocation at) {
    const ParmVarDecl* parameter = shown_parameter(body_, value);
    if (parameter == nullptr || is_withdrawn(kept, value) || is_moved_on(*parameter)) return;
    program_.report({DiagnosticKind::kept_view,
                     {at, value.getEndLoc()},
                     "this outlives the call, but what parameter '" + parameter->getNameAsString() +
                         "' shows does not",
                     {{parameter->getLocation(), "copy it, into a std::vector or a std::string"}}});
  }

  // `view_ = list; list_ = std::move(list);`: the memory goes where it is kept. That of a short
  // string does not.
  bool is_moved_on(const ParmVarDecl& parameter) const {
    const auto* record = parameter.getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (record != nullptr && is_std_name(*record, "basic_string")) return false;
    return llvm::any_of(body_.references_to(parameter), [&](const auto* reference) {
      const clang::Stmt* at = body_.parent(*reference);
      while (llvm::isa_and_nonnull<clang::MemberExpr>(at)) at = body_.parent(*at);
      const auto* call = llvm::dyn_cast_or_null<clang::CallExpr>(at);
      return call != nullptr && call->isCallToStdMove();
    });
  }

  // Whether something else takes the place of `value` before the call ends.
  bool is_withdrawn(const ValueDecl& kept, const Expr& value) const {
    for (const Call& call : body_.calls()) {
      if (!is_behind(*call.expr, value)) continue;
      const Expr* object = nullptr;
      if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call.expr)) {
        if (operation->getOperator() != clang::OO_Equal || operation->getNumArgs() != 2) continue;
        if (shown_parameter(body_, *operation->getArg(1)) != nullptr) continue;
        object = operation->getArg(0);
      } else if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call.expr)) {
        const auto* method = member->getMethodDecl();
        if (method == nullptr || !removes(identifier(*method))) continue;
        object = member->getImplicitObjectArgument();
      }
      if (object != nullptr && lasting_place(*object) == &kept) return true;
    }
    return is_pointer_withdrawn(body_.statement(), kept, value);
  }

  bool is_pointer_withdrawn(const clang::Stmt& statement, const ValueDecl& kept,
                            const Expr& value) const {
    const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&statement);
    if (binary != nullptr && binary->getOpcode() == clang::BO_Assign && is_behind(*binary, value) &&
        lasting_place(*binary->getLHS()) == &kept &&
        shown_parameter(body_, *binary->getRHS()) == nullptr) {
      return true;
    }
    return llvm::any_of(statement.children(), [&](const clang::Stmt* child) {
      return child != nullptr && is_pointer_withdrawn(*child, kept, value);
    });
  }

  static bool removes(llvm::StringRef name) {
    return name == "clear" || name == "reset" || name == "erase" || name == "swap" ||
           name.starts_with("pop");
  }

  bool is_behind(const Expr& later, const Expr& earlier) const {
    return program_.context().getSourceManager().isBeforeInTranslationUnit(earlier.getEndLoc(),
                                                                           later.getBeginLoc());
  }

  Program& program_;
  const Body& body_;
};

}  // namespace

void check_kept_view(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_remote()) continue;
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&body->function());
    // A private method may be given what the actor itself keeps.
    if (method != nullptr && method->getAccess() != clang::AS_public) continue;
    StoreFinder(program, *body).find_all();
  }
}

}  // namespace ray::compiler

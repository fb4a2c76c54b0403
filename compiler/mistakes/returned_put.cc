// `return ray::put(x);` makes a value that lives only as long as this worker.
#include "clang/AST/ExprCXX.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::CallExpr;
using clang::DeclRefExpr;
using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

// What a caller in another process can call.
bool is_called_remotely(const Body& body) {
  if (llvm::isa<clang::CXXMethodDecl>(body.function()) && body.actor != nullptr) {
    return body.function().getAccess() == clang::AS_public &&
           !llvm::cast<clang::CXXMethodDecl>(body.function()).getParent()->isLambda();
  }
  return body.is_whole_task;
}

// `std::move(x)`, `std::make_pair(x, y)`: what it is given is in what it returns.
bool passes_through(const CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) return false;
  for (const char* name : {"move", "make_pair", "make_tuple", "make_optional"}) {
    if (is_std_name(*callee, name)) return true;
  }
  return false;
}

// PutFinder finds the puts whose refs are in a value that is returned.
class PutFinder {
 public:
  explicit PutFinder(const Body& body) : body_(body) {}

  void find(const Expr& value) {
    const Expr* from = bare(&value);
    if (const VarDecl* variable = named_variable(from)) {
      find_in_variable(*variable);
    } else if (const auto* choice = llvm::dyn_cast<clang::ConditionalOperator>(from)) {
      find(*choice->getTrueExpr());
      find(*choice->getFalseExpr());
    } else if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(from)) {
      find(*cast->getSubExpr());
    } else if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(from)) {
      for (const Expr* part : list->inits()) find(*part);
    } else if (const auto* braces = llvm::dyn_cast<clang::CXXStdInitializerListExpr>(from)) {
      find(*braces->getSubExpr());
    } else if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(from)) {
      if (!construct->getConstructor()->getParent()->isInStdNamespace()) return;
      for (const Expr* part : construct->arguments()) find(*part);
    } else if (const auto* call = llvm::dyn_cast<CallExpr>(from)) {
      if (classify_call(*call).kind == CallKind::put) {
        puts.push_back(call);
      } else if (passes_through(*call)) {
        for (const Expr* part : call->arguments()) find(*part);
      }
    }
  }

  std::vector<const CallExpr*> puts;

 private:
  // A local variable that is filled and returned, and nothing else: another one may be kept.
  void find_in_variable(const VarDecl& variable) {
    if (!variable.isLocalVarDecl() || !variable.hasLocalStorage()) return;
    std::vector<const Expr*> values;
    std::size_t assignments = 0;
    for (const DeclRefExpr* reference : body_.references_to(variable)) {
      if (is_returned(*reference)) continue;
      const Expr* place = reference;
      const Stmt* user = body_.user_of(*place);
      const auto* member = llvm::dyn_cast_or_null<clang::MemberExpr>(user);
      const bool is_field =
          member != nullptr && llvm::isa<clang::FieldDecl>(member->getMemberDecl());
      if (is_field) user = body_.user_of(*(place = member));
      if (const Expr* assigned = assigned_value(user, *place)) {
        if (!is_field) ++assignments;
        values.push_back(assigned);
      } else if (member == nullptr || is_field || !find_insertion(*member, values)) {
        return;
      }
    }
    const std::size_t count = puts.size();
    if (assignments == 0 && variable.getInit() != nullptr) find(*variable.getInit());
    for (const Expr* value : values) {
      const std::size_t before = puts.size();
      find(*value);
      if (assignments == 0 || puts.size() > before) continue;
      puts.resize(count);  // another value may have taken the place of what was put
      return;
    }
  }

  bool is_returned(const DeclRefExpr& reference) const {
    return llvm::any_of(body_.returns(), [&](const Stmt* statement) {
      return body_.contains(*statement, reference);
    });
  }

  // `value` of `place = value`.
  const Expr* assigned_value(const Stmt* user, const Expr& place) const {
    const auto* call = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(user);
    if (call == nullptr || call->getOperator() != clang::OO_Equal) return nullptr;
    return bare(call->getArg(0)) == bare(&place) ? call->getArg(1) : nullptr;
  }

  // `variable.push_back(value)`, or what changes nothing of note.
  bool find_insertion(const clang::MemberExpr& member, std::vector<const Expr*>& values) const {
    const llvm::StringRef name = identifier(*member.getMemberDecl());
    if (name == "reserve" || name == "size" || name == "empty") return true;
    if (name != "push_back" && name != "emplace_back") return false;
    const auto* call = llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(body_.parent(member));
    if (call == nullptr || call->getNumArgs() != 1) return false;
    values.push_back(call->getArg(0));
    return true;
  }

  const Body& body_;
};

}  // namespace

void check_returned_put(Program& program) {
  for (const auto& body : program.bodies()) {
    if (!body->is_remote() || !is_called_remotely(*body)) continue;
    for (const Stmt* statement : body->returns()) {
      PutFinder finder(*body);
      finder.find(returned_value(*statement));
      for (const CallExpr* put : finder.puts) {
        program.report({DiagnosticKind::returned_put,
                        put->getSourceRange(),
                        "the worker that runs this owns what it puts: the value is lost when that "
                        "process ends",
                        {{statement->getBeginLoc(),
                          "return the value itself: the caller gets a ref to it, and owns it"}}});
      }
    }
  }
}

}  // namespace ray::compiler

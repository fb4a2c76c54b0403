// What BodyReader makes of calls, and of the expressions that refs go through.
#include "clang/AST/ASTLambda.h"
#include "compiler/graph/reader/body_reader.h"
#include "compiler/options/string_literal.h"

namespace ray::compiler::graph {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;
using clang::ValueDecl;
using Kind = Node::Kind;

bool is_local(const ValueDecl& declaration) {
  if (llvm::isa<clang::BindingDecl>(declaration)) {
    return declaration.getDeclContext()->isFunctionOrMethod();
  }
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
  return variable != nullptr && variable->isLocalVarDeclOrParm() && !variable->isStaticLocal();
}

// A number, a truth value or a string, as C++ spells it; empty where it is none.
std::string literal_text(const Expr& expression) {
  const Expr* inner = expression.IgnoreUnlessSpelledInSource();
  if (const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(inner)) {
    llvm::SmallString<32> digits;
    number->getValue().toString(digits, 10, number->getType()->isSignedIntegerType());
    return digits.str().str();
  }
  if (const auto* number = llvm::dyn_cast<clang::FloatingLiteral>(inner)) {
    llvm::SmallString<32> digits;
    number->getValue().toString(digits);
    return digits.str().str();
  }
  if (const auto* truth = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(inner)) {
    return truth->getValue() ? "true" : "false";
  }
  if (const auto* minus = llvm::dyn_cast<clang::UnaryOperator>(inner)) {
    if (minus->getOpcode() != clang::UO_Minus) return "";
    const std::string positive = literal_text(*minus->getSubExpr());
    const bool is_number = !positive.empty() && isdigit(static_cast<unsigned char>(positive[0]));
    return is_number ? "-" + positive : "";
  }
  const auto* text = llvm::dyn_cast<clang::StringLiteral>(inner);
  if (text == nullptr || !text->isOrdinary()) return "";
  return encode_string_literal(text->getString().str());
}

bool may_change(const CallExpr& call, unsigned argument) {
  const Expr& expression = *call.getArg(argument);
  return expression.isLValue() && !expression.getType().isConstQualified();
}

}  // namespace

void BodyReader::visit_call(const CallExpr& call) {
  const RemoteCall remote = calls_.recognise(call);
  if (remote.kind == RemoteCall::Kind::submit || remote.kind == RemoteCall::Kind::create) {
    for (const Expr* argument : remote.arguments) visit(argument);
    if (remote.actor != nullptr) visit(remote.actor);
    if (remote.lambda != nullptr) visit(remote.lambda);
    visit_remote(call, remote);
    return;
  }
  visit_children(call);
  if (remote.kind == RemoteCall::Kind::operation) {
    visit_operation(call, remote);
    return;
  }
  const FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) {
    visit_unknown(call);
    return;
  }
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(callee);
  if (method != nullptr && clang::isLambdaCallOperator(method)) {
    if (const auto* closure = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call)) {
      visit_closure_call(*closure, *method);
    }
    return;
  }
  const auto* written = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
  if (written != nullptr && written->isAssignmentOp() && written->getNumArgs() == 2) {
    visit_assignment(*call.getArg(0), *call.getArg(1));
    made_[&call] = source(call.getArg(0));
    return;
  }
  if (remote.kind == RemoteCall::Kind::neutral || types_.is_of_system(*callee)) {
    visit_standard(call);
  } else if (const auto plain = callees_.find_plain(*callee)) {
    visit_plain(call, *plain);
  } else {
    visit_unknown(call);
  }
}

void BodyReader::visit_remote(const CallExpr& call, const RemoteCall& remote) {
  const bool is_create = remote.kind == RemoteCall::Kind::create;
  // What it has captured goes where it runs.
  if (remote.lambda != nullptr) {
    escape(source(remote.lambda), false, "a remote lambda", call.getBeginLoc());
  }
  const FunctionId callee = callees_.find(remote);
  std::vector<Argument> arguments;
  for (std::size_t i = 0; i < remote.arguments.size(); ++i) {
    arguments.push_back(argument(*remote.arguments[i], callees_.takes_ref(remote, i)));
  }
  std::size_t results = 1;
  if (callee != kUnknownFunction) {
    arguments.resize(callees_.parameter_count(callee));  // the rest are defaults
    if (!is_create) results = callees_.result_count(callee);
  }
  std::optional<Argument> actor;
  if (remote.actor != nullptr) {
    actor = operand(source(remote.actor), true, false);
  }
  const std::vector<ValueId> values = new_values(call, results);
  made_[&call].values = {values.begin(), values.end()};
  Node& node = add(is_create ? Kind::create : Kind::submit, call.getBeginLoc());
  node.callee = callee;
  node.results = values;
  node.arguments = std::move(arguments);
  if (actor) node.actor = actor->refs;
}

void BodyReader::visit_operation(const CallExpr& call, const RemoteCall& remote) {
  if (remote.arguments.empty()) return;
  if (remote.node == Kind::put) {
    const Argument what = argument(*remote.arguments[0], true);
    const std::vector<ValueId> values = new_values(call, 1);
    made_[&call].values = {values.begin(), values.end()};
    Node& node = add(Kind::put, call.getBeginLoc());
    node.results = values;
    node.arguments.push_back(what);
    const auto* callee = call.getDirectCallee();
    const auto* ref = callee->getReturnType()->getAsCXXRecordDecl();
    if (const auto* special = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(ref)) {
      node.text = types_.name(special->getTemplateArgs()[0].getAsType());
    }
    return;
  }
  for (const Expr* each : remote.arguments) {
    if (!types_.holds_refs(each->getType())) continue;
    const Argument what = argument(*each, false);
    if (remote.node == Kind::wait) {
      const std::vector<ValueId> values = new_values(call, 2);
      flow_.set_part(values[0], 0);
      flow_.set_part(values[1], 1);
      made_[&call].values = {values.begin(), values.end()};
      Node& node = add(Kind::wait, call.getBeginLoc());
      node.results = values;
      node.arguments.push_back(what);
      return;
    }
    add(remote.node, call.getBeginLoc()).arguments.push_back(what);
  }
}

// A function of the user's whose body is in the graph.
void BodyReader::visit_plain(const CallExpr& call, FunctionId callee) {
  const bool is_operator = llvm::isa<clang::CXXOperatorCallExpr>(call) &&
                           llvm::isa<clang::CXXMethodDecl>(call.getDirectCallee());
  std::vector<Argument> arguments;
  std::vector<const Expr*> filled;
  for (unsigned i = is_operator ? 1 : 0; i < call.getNumArgs(); ++i) {
    const Expr& each = *call.getArg(i);
    arguments.push_back(argument(each, true));
    const FunctionDecl& function = *call.getDirectCallee();
    const unsigned index = is_operator ? i - 1 : i;
    if (index >= function.getNumParams() || !types_.holds_refs(each.getType())) continue;
    const clang::QualType type = function.getParamDecl(index)->getType();
    if (type->isLValueReferenceType() && !type->getPointeeType().isConstQualified()) {
      filled.push_back(&each);
    }
  }
  arguments.resize(callees_.parameter_count(callee));
  std::vector<ValueId> values;
  if (types_.holds_refs(call.getType()) || !filled.empty()) values = new_values(call, 1);
  const Source made{{values.begin(), values.end()}, {}};
  if (types_.holds_refs(call.getType())) made_[&call] = made;
  Node& node = add(Kind::call, call.getBeginLoc());
  node.callee = callee;
  node.results = values;
  node.arguments = std::move(arguments);
  for (const Expr* each : filled) store(*each, made, call.getBeginLoc());
}

// Functions of the standard library, and of ours, move refs between their arguments and results.
void BodyReader::visit_standard(const CallExpr& call) {
  Source all;
  const Expr* object = nullptr;
  const clang::CXXMethodDecl* method = nullptr;
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call)) {
    object = member->getImplicitObjectArgument();
    method = member->getMethodDecl();
  }
  for (const Expr* each : call.arguments()) {
    if (types_.holds_refs(each->getType())) all.add(source(each));
  }
  // What a function that it is given returns may be stored by it, what it takes comes from there.
  for (const Expr* each : call.arguments()) {
    const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(each->IgnoreUnlessSpelledInSource());
    if (lambda == nullptr) continue;
    const clang::CXXMethodDecl* body = lambda->getCallOperator();
    if (const auto* pattern = lambda->getDependentCallOperator()) {
      if (pattern->spec_begin() == pattern->spec_end()) continue;
      body = llvm::cast<clang::CXXMethodDecl>(*pattern->spec_begin());
    }
    for (const clang::ParmVarDecl* parameter : body->parameters()) {
      if (types_.holds_refs(parameter->getType())) flow_.store(*parameter, all);
    }
    if (types_.holds_refs(body->getReturnType())) all.variables.insert({body, -1});
  }
  if (object != nullptr && types_.holds_refs(object->getType())) {
    if (!all.is_empty() && (method == nullptr || !method->isConst())) {
      store(*object, all, call.getBeginLoc());
    }
    all.add(source(object));
  }
  if (object == nullptr && call.getNumArgs() > 1) {
    for (unsigned i = 0; i < call.getNumArgs(); ++i) {
      const Expr& each = *call.getArg(i);
      std::string where;
      const bool takes = types_.holds_refs(each.getType()) &&
                         (may_change(call, i) || variable_of(&each, where) != nullptr);
      if (takes) store(each, all, call.getBeginLoc());
    }
  }
  if (types_.holds_refs(call.getType())) made_[&call] = all;
}

// Nothing is known of what it does with refs.
void BodyReader::visit_unknown(const CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  const std::string where =
      callee == nullptr ? "a function pointer" : "function '" + callee->getNameAsString() + "'";
  Source made;
  for (const Expr* each : call.arguments()) {
    if (!types_.holds_refs(each->getType())) continue;
    const Source held = source(each);
    if (held.is_empty()) continue;
    escape(held, is_ref_or_handle(each->getType()), where, call.getBeginLoc());
    made.add(held);
  }
  if (!types_.holds_refs(call.getType())) return;
  made.values.insert(kUnknownValue);
  made_[&call] = made;
}

void BodyReader::visit_closure_call(const clang::CXXOperatorCallExpr& call,
                                    const clang::CXXMethodDecl& body) {
  for (unsigned i = 1; i < call.getNumArgs() && i - 1 < body.getNumParams(); ++i) {
    if (!types_.holds_refs(call.getArg(i)->getType())) continue;
    flow_.store(*body.getParamDecl(i - 1), source(call.getArg(i)));
  }
  if (types_.holds_refs(call.getType())) made_[&call] = {{}, {{&body, -1}}};
}

void BodyReader::visit_assignment(const Expr& target, const Expr& value) {
  if (!types_.holds_refs(target.getType())) return;
  store(target, source(&value), target.getExprLoc());
}

const ValueDecl* BodyReader::variable_of(const Expr* expression, std::string& where) {
  for (;;) {
    expression = expression->IgnoreUnlessSpelledInSource();
    if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
      const ValueDecl& declaration = *reference->getDecl();
      const auto elsewhere = outside_.find(&declaration);
      if (elsewhere != outside_.end()) {
        expression = elsewhere->second;
        continue;
      }
      if (is_local(declaration)) return &declaration;
      where = "global '" + declaration.getNameAsString() + "'";
      return nullptr;
    }
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
      if (llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreUnlessSpelledInSource())) {
        where = "member '" + member->getMemberDecl()->getNameAsString() + "'";
        return nullptr;
      }
      expression = member->getBase();
    } else if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(expression)) {
      expression = element->getBase();
    } else if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
      expression = unary->getSubExpr();
    } else if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(expression)) {
      expression = cast->getSubExpr();
    } else if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(expression)) {
      expression = call->getImplicitObjectArgument();
    } else if (const auto* call = llvm::dyn_cast<CallExpr>(expression);
               call != nullptr && call->getNumArgs() > 0) {
      expression = call->getArg(0);  // [], *, std::move, std::back_inserter
    } else {
      return nullptr;
    }
  }
}

void BodyReader::store(const Expr& target, const Source& held, clang::SourceLocation place) {
  if (held.is_empty()) return;
  std::string where;
  const ValueDecl* variable = variable_of(&target, where);
  if (variable == nullptr) {
    if (!where.empty()) escape(held, is_ref_or_handle(target.getType()), where, place);
    return;
  }
  flow_.store(*variable, held);
  if (results_out_.count(variable) == 0) return;
  escape(held, is_ref_or_handle(target.getType()),
         "parameter '" + variable->getNameAsString() + "'", place);
}

void BodyReader::escape(const Source& held, bool is_single, const std::string& where,
                        clang::SourceLocation place) {
  if (held.is_empty()) return;
  const Argument what = operand(held, is_single, false);
  Node& node = add(Kind::escape, place);
  node.arguments.push_back(what);
  node.text = where;
}

Argument BodyReader::argument(const Expr& expression, bool is_itself) {
  if (types_.holds_refs(expression.getType())) {
    return operand(source(&expression), is_ref_or_handle(expression.getType()), is_itself);
  }
  Argument result;
  // Behind a conversion there may still be a ref: a View, or a class made from one.
  const Expr* inner = expression.IgnoreUnlessSpelledInSource();
  if (inner != &expression && types_.holds_refs(inner->getType())) {
    return operand(source(inner), is_ref_or_handle(inner->getType()), is_itself);
  }
  result.literal = literal_text(expression);
  if (!result.literal.empty()) result.kind = Argument::Kind::literal;
  return result;
}

Source BodyReader::sources_of_children(const Expr& expression) {
  Source result;
  for (const clang::Stmt* child : expression.children()) {
    const auto* part = llvm::dyn_cast_or_null<Expr>(child);
    if (part != nullptr && types_.holds_refs(part->getType())) result.add(source(part));
  }
  return result;
}

Source BodyReader::source(const Expr* expression) {
  if (expression == nullptr) return {};
  expression = expression->IgnoreUnlessSpelledInSource();
  const auto made = made_.find(expression);
  if (made != made_.end()) return made->second;
  if (!types_.holds_refs(expression->getType())) return {};
  if (const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
    const ValueDecl& declaration = *reference->getDecl();
    if (is_local(declaration) && outside_.count(&declaration) == 0) {
      return {{}, {{&declaration, -1}}};
    }
    return {{kUnknownValue}, {}};
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    const Expr* base = member->getBase()->IgnoreUnlessSpelledInSource();
    if (llvm::isa<clang::CXXThisExpr>(base)) return {{kUnknownValue}, {}};
    Source result = source(base);
    if (!is_wait_result(base->getType())) return result;
    const int part = member->getMemberDecl()->getName() == "ready" ? 0 : 1;
    Source selected;
    for (const Source::Variable& variable : result.variables) {
      selected.variables.insert({variable.declaration, part});
    }
    // Of a wait's two values, which were made in this order.
    if (result.values.size() == 2) {
      selected.values.insert(part == 0 ? *result.values.begin() : *result.values.rbegin());
    } else {
      selected.values = result.values;
    }
    return selected;
  }
  if (llvm::isa<clang::CXXThisExpr>(expression)) return {{kUnknownValue}, {}};
  return sources_of_children(*expression);
}

}  // namespace ray::compiler::graph

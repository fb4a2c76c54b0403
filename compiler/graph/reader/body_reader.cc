#include "compiler/graph/reader/body_reader.h"

#include <utility>

#include "clang/AST/ASTLambda.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/graph/reader/closures.h"

namespace ray::compiler::graph {
namespace {

using clang::Expr;
using clang::Stmt;
using clang::ValueDecl;
using clang::VarDecl;
using Kind = Node::Kind;

// A way to change what something else holds: a reference, a pointer or an iterator.
bool is_alias(clang::QualType type) {
  if (type->isReferenceType() || type->isPointerType()) {
    return !type->getPointeeType().isConstQualified();
  }
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->getIdentifier() != nullptr &&
         record->getName().ends_with("_iterator");
}

}  // namespace

void BodyReader::read(const clang::FunctionDecl& function, const std::string& graph_source,
                      Function& result) {
  file_ = result.place.file.empty() ? graph_source : result.place.file;
  function_ = &result;
  block_ = &result.nodes;
  result.has_body = true;
  for (unsigned i = 0; i < function.getNumParams() && i < result.parameters.size(); ++i) {
    const clang::ParmVarDecl& parameter = *function.getParamDecl(i);
    if (!types_.holds_refs(parameter.getType())) continue;
    const ValueId value = new_value(parameter.getNameAsString());
    result.parameters[i].value = value;
    flow_.store(parameter, {{value}, {}}, true);
    const clang::QualType type = parameter.getType();
    if (type->isLValueReferenceType() && !type->getPointeeType().isConstQualified()) {
      results_out_.insert(&parameter);
    }
  }
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function)) {
    for (const clang::CXXCtorInitializer* initializer : constructor->inits()) {
      visit(initializer->getInit());
      const Source held = source(initializer->getInit());
      if (!initializer->isAnyMemberInitializer() || held.is_empty()) continue;
      escape(held, is_ref_or_handle(initializer->getInit()->getType()),
             "member '" + initializer->getAnyMember()->getNameAsString() + "'",
             initializer->getSourceLocation());
    }
  }
  called_here_ = closures_called_in(*function.getBody());
  visit(function.getBody());
  flow_.solve();
  settle(result.nodes);
}

void BodyReader::visit_children(const Stmt& statement) {
  for (const Stmt* child : statement.children()) visit(child);
}

void BodyReader::visit(const Stmt* statement) {
  if (statement == nullptr) return;
  if (const auto* declaration = llvm::dyn_cast<clang::DeclStmt>(statement)) {
    for (const clang::Decl* each : declaration->decls()) {
      if (const auto* variable = llvm::dyn_cast<VarDecl>(each)) visit_declaration(*variable);
    }
  } else if (const auto* branch = llvm::dyn_cast<clang::IfStmt>(statement)) {
    visit_if(*branch);
  } else if (const auto* loop = llvm::dyn_cast<clang::ForStmt>(statement)) {
    visit(loop->getInit());
    visit_loop(*loop, loop->getCond(), loop->getBody(), loop->getInc());
  } else if (const auto* loop = llvm::dyn_cast<clang::WhileStmt>(statement)) {
    visit_loop(*loop, loop->getCond(), loop->getBody(), nullptr);
  } else if (const auto* loop = llvm::dyn_cast<clang::DoStmt>(statement)) {
    visit_loop(*loop, loop->getCond(), loop->getBody(), nullptr);
  } else if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(statement)) {
    visit_range_loop(*loop);
  } else if (const auto* cases = llvm::dyn_cast<clang::SwitchStmt>(statement)) {
    visit(cases->getInit());
    visit(cases->getCond());
    add_region(Kind::branch, cases->getSwitchLoc(), [&](Node&) { visit(cases->getBody()); });
  } else if (const auto* handler = llvm::dyn_cast<clang::CXXCatchStmt>(statement)) {
    add_region(Kind::branch, handler->getCatchLoc(),
               [&](Node&) { visit(handler->getHandlerBlock()); });
  } else if (const auto* result = llvm::dyn_cast<clang::ReturnStmt>(statement)) {
    visit(result->getRetValue());
    visit_result(result->getRetValue(), result->getReturnLoc());
  } else if (const auto* body = llvm::dyn_cast<clang::CoroutineBodyStmt>(statement)) {
    visit(body->getBody());
  } else if (const auto* result = llvm::dyn_cast<clang::CoreturnStmt>(statement)) {
    visit(result->getOperand());
    visit_result(result->getOperand(), result->getKeywordLoc());
  } else if (const auto* yielded = llvm::dyn_cast<clang::CoyieldExpr>(statement)) {
    visit(yielded->getOperand());
    visit_result(yielded->getOperand(), yielded->getKeywordLoc());
  } else if (const auto* awaited = llvm::dyn_cast<clang::CoawaitExpr>(statement)) {
    visit(awaited->getOperand());
    if (types_.holds_refs(awaited->getOperand()->getType())) {
      const Argument what = argument(*awaited->getOperand(), false);
      add(Kind::await, awaited->getKeywordLoc()).arguments.push_back(what);
    }
  } else if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
    visit_lambda(*lambda);
  } else if (const auto* choice = llvm::dyn_cast<clang::ConditionalOperator>(statement)) {
    visit(choice->getCond());
    visit_alternatives(*choice, choice->getTrueExpr(), choice->getFalseExpr());
  } else if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(statement)) {
    visit(binary->getLHS());
    if (binary->isLogicalOp()) {
      visit_alternatives(*binary, binary->getRHS(), nullptr);
      return;
    }
    visit(binary->getRHS());
    if (binary->isAssignmentOp()) visit_assignment(*binary->getLHS(), *binary->getRHS());
  } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(statement)) {
    visit_call(*call);
  } else if (!llvm::isa<clang::UnaryExprOrTypeTraitExpr, clang::CXXDefaultArgExpr>(statement)) {
    visit_children(*statement);
  }
}

void BodyReader::visit_declaration(const VarDecl& variable) {
  if (const auto* bindings = llvm::dyn_cast<clang::DecompositionDecl>(&variable)) {
    visit_bindings(*bindings);
    return;
  }
  const Expr* initial = variable.getInit();
  if (initial == nullptr) return;
  names_[initial->IgnoreUnlessSpelledInSource()] = {variable.getNameAsString()};
  visit(initial);
  if (!types_.holds_refs(variable.getType())) return;
  const Source held = source(initial);
  if (!variable.isLocalVarDecl() || variable.isStaticLocal()) {
    escape(held, is_ref_or_handle(variable.getType()),
           "static '" + variable.getNameAsString() + "'", variable.getLocation());
    return;
  }
  if (is_alias(variable.getType()) && !initial->IgnoreUnlessSpelledInSource()->isPRValue()) {
    std::string where;
    if (const ValueDecl* target = variable_of(initial, where)) {
      flow_.unite(variable, *target);
    } else {
      outside_[&variable] = initial;
    }
  }
  flow_.store(variable, held, true);
}

void BodyReader::visit_bindings(const clang::DecompositionDecl& variable) {
  const Expr* initial = variable.getInit();
  if (initial == nullptr) return;
  const Expr* maker = initial->IgnoreUnlessSpelledInSource();
  for (const clang::BindingDecl* binding : variable.bindings()) {
    names_[maker].push_back(binding->getNameAsString());
  }
  visit(initial);
  const Source held = source(initial);
  flow_.store(variable, held, true);
  const bool is_wait = is_wait_result(variable.getType());
  const auto made = made_.find(maker);
  std::vector<ValueId> values;
  if (made != made_.end() && made->second.variables.empty()) {
    values.assign(made->second.values.begin(), made->second.values.end());
  }
  int part = 0;
  for (const clang::BindingDecl* binding : variable.bindings()) {
    if (!is_wait && values.size() == variable.bindings().size()) {
      flow_.store(*binding, {{values[static_cast<std::size_t>(part)]}, {}}, true);
    } else {
      flow_.store(*binding, {{}, {{&variable, is_wait ? part : -1}}}, true);
    }
    ++part;
  }
}

void BodyReader::visit_if(const clang::IfStmt& statement) {
  visit(statement.getInit());
  if (statement.getConditionVariable() != nullptr) {
    visit_declaration(*statement.getConditionVariable());
  }
  visit(statement.getCond());
  if (statement.isConstexpr() && !statement.getCond()->isValueDependent()) {
    if (const auto taken = statement.getNondiscardedCase(context_)) {
      visit(*taken);
      return;
    }
  }
  add_region(Kind::branch, statement.getIfLoc(), [&](Node& node) {
    visit(statement.getThen());
    node.otherwise = nodes_of([&] { visit(statement.getElse()); });
  });
}

void BodyReader::visit_alternatives(const Expr& expression, const Expr* first, const Expr* second) {
  add_region(Kind::branch, expression.getExprLoc(), [&](Node& node) {
    visit(first);
    node.otherwise = nodes_of([&] { visit(second); });
  });
}

void BodyReader::visit_loop(const Stmt& statement, const Stmt* condition, const Stmt* body,
                            const Stmt* increment) {
  add_region(Kind::loop, statement.getBeginLoc(), [&](Node& node) {
    node.count = loop_count(statement, context_);
    visit(condition);
    visit(body);
    visit(increment);
  });
}

void BodyReader::visit_range_loop(const clang::CXXForRangeStmt& statement) {
  visit(statement.getInit());
  const Expr* range = statement.getRangeInit();
  visit(range);
  const VarDecl* variable = statement.getLoopVariable();
  const auto store_element = [&](const ValueDecl& element) {
    std::string where;
    flow_.store(element, source(range));
    if (!is_alias(variable->getType())) return;
    if (const ValueDecl* target = variable_of(range, where)) {
      flow_.unite(element, *target);
    } else if (!range->IgnoreUnlessSpelledInSource()->isPRValue()) {
      outside_[&element] = range;
    }
  };
  if (types_.holds_refs(range->getType())) {
    store_element(*variable);
    if (const auto* bindings = llvm::dyn_cast<clang::DecompositionDecl>(variable)) {
      for (const clang::BindingDecl* binding : bindings->bindings()) store_element(*binding);
    }
  }
  visit_loop(statement, nullptr, statement.getBody(), nullptr);
}

void BodyReader::visit_lambda(const clang::LambdaExpr& lambda) {
  for (const Expr* initial : lambda.capture_inits()) visit(initial);
  if (called_here_.count(&lambda) == 0) escape_captures(lambda);
  for (const clang::LambdaCapture& capture : lambda.captures()) {
    if (!capture.capturesVariable() || !lambda.isInitCapture(&capture)) continue;
    const auto* variable = llvm::dyn_cast<VarDecl>(capture.getCapturedVar());
    if (variable == nullptr || !types_.holds_refs(variable->getType())) continue;
    flow_.store(*variable, source(variable->getInit()), true);
  }
  // Of a generic one, the first way in which it is called.
  const clang::CXXMethodDecl* body = lambda.getCallOperator();
  if (const clang::FunctionTemplateDecl* pattern = lambda.getDependentCallOperator()) {
    if (pattern->spec_begin() == pattern->spec_end()) return;
    body = llvm::cast<clang::CXXMethodDecl>(*pattern->spec_begin());
  }
  if (body == nullptr || !body->hasBody()) return;
  add_region(Kind::lambda, lambda.getBeginLoc(), [&](Node&) {
    closures_.push_back(body);
    visit(body->getBody());
    closures_.pop_back();
  });
}

// A closure may be kept, and called, where the graph does not look.
void BodyReader::escape_captures(const clang::LambdaExpr& lambda) {
  Source held;
  for (const clang::LambdaCapture& capture : lambda.captures()) {
    if (!capture.capturesVariable()) continue;
    const ValueDecl& variable = *capture.getCapturedVar();
    if (!types_.holds_refs(variable.getType())) continue;
    if (lambda.isInitCapture(&capture)) {
      held.add(source(llvm::cast<VarDecl>(variable).getInit()));
    } else if (outside_.count(&variable) == 0) {
      held.variables.insert({&variable, -1});
    }
  }
  escape(held, false, "a lambda", lambda.getBeginLoc());
}

// What is returned from the function, or from the closure that it is in.
void BodyReader::visit_result(const Expr* value, clang::SourceLocation place) {
  if (value == nullptr || !types_.holds_refs(value->getType())) return;
  if (!closures_.empty()) {
    flow_.store(*closures_.back(), source(value));
    return;
  }
  const Argument what = argument(*value, false);
  add(Kind::give_back, place).arguments.push_back(what);
}

Place BodyReader::place_of(clang::SourceLocation location) const {
  Place result = callees_.shown_place(location);
  if (result.file == file_) result.file.clear();
  return result;
}

Node& BodyReader::add(Kind kind, clang::SourceLocation place) {
  Node& node = block_->emplace_back();
  node.kind = kind;
  node.place = place_of(place);
  return node;
}

template <class Read>
std::vector<Node> BodyReader::nodes_of(Read read) {
  std::vector<Node> inside;
  std::vector<Node>* around = std::exchange(block_, &inside);
  read();
  block_ = around;
  return inside;
}

// A region with nothing in it is left out.
template <class Fill>
void BodyReader::add_region(Kind kind, clang::SourceLocation place, Fill fill) {
  Node node;
  node.kind = kind;
  node.place = place_of(place);
  node.nodes = nodes_of([&] { fill(node); });
  if (!node.nodes.empty() || !node.otherwise.empty()) block_->push_back(std::move(node));
}

ValueId BodyReader::new_value(const std::string& name) {
  std::string unique = name;
  for (unsigned number = 2; !unique.empty() && taken_.count(unique) != 0; ++number) {
    unique = name + "." + std::to_string(number);
  }
  if (unique.empty()) unique = std::to_string(next_number_++);
  taken_.insert(unique);
  function_->values.push_back(unique);
  return static_cast<ValueId>(function_->values.size() - 1);
}

std::vector<ValueId> BodyReader::new_values(const Expr& maker, std::size_t count) {
  std::vector<std::string> names = names_[&maker];
  if (names.size() != count) names.assign(count, "");
  std::vector<ValueId> result;
  for (const std::string& name : names) result.push_back(new_value(name));
  return result;
}

Argument BodyReader::operand(Source held, bool is_single, bool is_itself) {
  Argument result;
  result.kind = Argument::Kind::refs;
  result.refs.values = {static_cast<ValueId>(operands_.size())};
  operands_.push_back({std::move(held), is_single, is_itself});
  return result;
}

// The numbers of operands become the values that may arrive there.
void BodyReader::settle(std::vector<Node>& nodes) {
  for (Node& node : nodes) {
    for (Argument& argument : node.arguments) {
      if (argument.kind == Argument::Kind::refs) settle(argument.refs);
    }
    if (node.actor) settle(*node.actor);
    settle(node.nodes);
    settle(node.otherwise);
  }
}

void BodyReader::settle(Refs& refs) {
  const Operand& operand = operands_[refs.values.front()];
  const std::set<ValueId> values = flow_.resolve(operand.source);
  refs.is_itself = operand.is_itself;
  refs.values.assign(values.begin(), values.end());
  refs.shape = operand.is_single ? Refs::Shape::any : Refs::Shape::list;
  if (!operand.is_single) return;
  if (values.empty()) refs.values = {kUnknownValue};
  const bool is_exact = flow_.exact(operand.source).has_value();
  if (is_exact || refs.values == std::vector<ValueId>{kUnknownValue}) refs.shape = Refs::Shape::one;
}

}  // namespace ray::compiler::graph

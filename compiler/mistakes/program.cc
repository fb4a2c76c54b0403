#include "compiler/mistakes/program.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "compiler/diagnostics/named_report.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;

constexpr int kInstancesMax = 8;  // of one template: the next ones say the same

bool is_generated(const clang::Decl& declaration) {
  const auto* named = llvm::dyn_cast<clang::NamedDecl>(&declaration);
  if (named == nullptr || !named->getDeclName().isIdentifier()) return false;
  return named->getName().contains('$') || !stub_of(named->getName()).empty();
}

// What `options()` of an identity returns.
const clang::InitListExpr* returned_options(const CXXRecordDecl& identity) {
  for (const clang::CXXMethodDecl* method : identity.methods()) {
    if (!method->getDeclName().isIdentifier() || method->getName() != "options") continue;
    const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(method->getBody());
    const auto* returned = body == nullptr || body->body_empty()
                               ? nullptr
                               : llvm::dyn_cast<clang::ReturnStmt>(*body->body_begin());
    if (returned == nullptr || returned->getRetValue() == nullptr) continue;
    return llvm::dyn_cast<clang::InitListExpr>(returned->getRetValue()->IgnoreImplicit());
  }
  return nullptr;
}

}  // namespace

Program::Program(clang::ASTContext& context,
                 const std::vector<const clang::Decl*>& remote_functions)
    : context_(context) {
  for (const clang::Decl* declaration : remote_functions) {
    const auto* function = llvm::dyn_cast<FunctionDecl>(declaration);
    if (function != nullptr) functions_.push_back(function->getCanonicalDecl());
  }
}

bool Program::is_user_code(const clang::Decl& declaration) const {
  return !declaration.isImplicit() && !is_generated(declaration) &&
         !context_.getSourceManager().isInSystemHeader(declaration.getLocation());
}

bool Program::is_task(const FunctionDecl& function) const {
  const FunctionDecl* pattern = function.getTemplateInstantiationPattern();
  const FunctionDecl& written = pattern == nullptr ? function : *pattern;
  return llvm::is_contained(functions_, written.getCanonicalDecl());
}

void Program::add(const clang::Decl& declaration) {
  if (const auto* identity = llvm::dyn_cast<CXXRecordDecl>(&declaration);
      identity != nullptr && is_generated(*identity) && identity->isThisDeclarationADefinition()) {
    identities_.push_back(identity);
  }
  if (!is_user_code(declaration)) return;
  if (const auto* pattern = llvm::dyn_cast<clang::FunctionTemplateDecl>(&declaration)) {
    add(*pattern->getTemplatedDecl());
  } else if (const auto* class_pattern = llvm::dyn_cast<clang::ClassTemplateDecl>(&declaration)) {
    add(*class_pattern->getTemplatedDecl());
    for (const CXXRecordDecl* instance : class_pattern->specializations()) {
      if (instance->hasDefinition() && is_remote_class(*instance)) classes_.push_back(instance);
    }
  } else if (const auto* function = llvm::dyn_cast<FunctionDecl>(&declaration)) {
    add_function(*function);
  } else if (const auto* record = llvm::dyn_cast<CXXRecordDecl>(&declaration)) {
    if (!record->isThisDeclarationADefinition()) return;
    if (is_remote_class(*record)) classes_.push_back(record);
    for (const clang::Decl* member : record->decls()) add(*member);
  } else if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration)) {
    if (variable->getInit() != nullptr) add_initialiser(*variable->getInit(), nullptr);
  } else if (const auto* field = llvm::dyn_cast<clang::FieldDecl>(&declaration)) {
    const auto& owner = *llvm::cast<CXXRecordDecl>(field->getParent());
    if (field->getInClassInitializer() == nullptr || owner.isDependentContext()) return;
    add_initialiser(*field->getInClassInitializer(),
                    is_remote_class(owner) ? owner.getCanonicalDecl() : nullptr);
  } else if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl>(declaration)) {
    const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(&declaration);
    if (space != nullptr && space->getName() == "ray") return;
    for (const clang::Decl* member : llvm::cast<clang::DeclContext>(declaration).decls()) {
      add(*member);
    }
  }
}

void Program::add_function(const FunctionDecl& function) {
  if (!function.doesThisDeclarationHaveABody() || function.isInvalidDecl()) return;
  if (function.isDependentContext()) return;
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method != nullptr && method->getParent()->isLambda()) return;  // read where it is written
  const FunctionDecl* pattern = function.getTemplateInstantiationPattern();
  if (pattern != nullptr && ++instances_[pattern] > kInstancesMax) return;
  add_body(function, *function.getBody(), nullptr);
}

void Program::add_body(const FunctionDecl& function, const clang::Stmt& statement,
                       const Body* outer) {
  auto owned = std::make_unique<Body>(function, statement);
  Body& body = *owned;
  bodies_.push_back(std::move(owned));
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method != nullptr && lambda_tasks_.contains(method->getParent())) {
    body.is_task = body.is_whole_task = true;
    body.is_instance = outer != nullptr && outer->is_instance;
  } else if (outer != nullptr) {
    body.is_task = outer->is_task;
    body.actor = outer->actor;
    body.is_instance = outer->is_instance;
  } else {
    body.is_task = body.is_whole_task = is_task(function);
    body.is_instance = function.isTemplateInstantiation();
    if (method != nullptr && method->isInstance() && is_remote_class(*method->getParent())) {
      body.actor = method->getParent()->getCanonicalDecl();
    }
  }
  for (const Call& call : body.calls()) note_lambda_task(*call.expr);
  for (const clang::LambdaExpr* lambda : body.lambdas()) add_lambda(*lambda, &body);
}

void Program::note_lambda_task(const clang::CallExpr& making) {
  const FunctionDecl* callee = making.getDirectCallee();
  if (callee == nullptr || !is_ray_name(*callee, "remote")) return;
  for (const clang::Expr* argument : making.arguments()) {
    const auto* record = argument->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (record != nullptr && record->isLambda()) lambda_tasks_.insert(record);
  }
}

void Program::add_lambda(const clang::LambdaExpr& lambda, const Body* outer) {
  const clang::FunctionTemplateDecl* generic =
      lambda.getCallOperator()->getDescribedFunctionTemplate();
  if (generic == nullptr) {
    add_body(*lambda.getCallOperator(), *lambda.getBody(), outer);
    return;
  }
  int count = 0;
  for (const FunctionDecl* instance : generic->specializations()) {
    if (instance->getBody() == nullptr || ++count > kInstancesMax) continue;
    add_body(*instance, *instance->getBody(), outer);
  }
}

void Program::add_initialiser(const clang::Stmt& initialiser, const CXXRecordDecl* actor) {
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&initialiser)) {
    const std::size_t first = bodies_.size();
    add_lambda(*lambda, nullptr);
    for (std::size_t i = first; i < bodies_.size(); ++i) {
      if (bodies_[i]->is_task) continue;
      bodies_[i]->actor = actor;
      bodies_at_start_.push_back(bodies_[i].get());
    }
    return;
  }
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&initialiser)) {
    const FunctionDecl* callee = call->getDirectCallee();
    if (callee != nullptr) called_at_start_.push_back(callee);
    note_lambda_task(*call);
  }
  for (const clang::Stmt* child : initialiser.children()) {
    if (child != nullptr) add_initialiser(*child, actor);
  }
}

const Body* Program::body_of(const FunctionDecl& function) const {
  for (const std::unique_ptr<Body>& body : bodies_) {
    if (body->function().getCanonicalDecl() == function.getCanonicalDecl()) return body.get();
  }
  return nullptr;
}

const FunctionDecl* Program::called_task(const Call& call) const {
  const FunctionDecl* stub = call.expr->getDirectCallee();
  if (call.kind != CallKind::task || stub == nullptr || call.name().empty()) return nullptr;
  const FunctionDecl* result = nullptr;
  for (const FunctionDecl* function : functions_) {
    if (!function->getDeclName().isIdentifier() || function->getName() != call.name() ||
        !function->getDeclContext()->Equals(stub->getDeclContext())) {
      continue;
    }
    if (result != nullptr) return nullptr;  // one of several
    result = function;
  }
  return result;
}

const clang::InitListExpr* Program::options_of(const CXXRecordDecl& record) const {
  const CXXRecordDecl* pattern = record.getTemplateInstantiationPattern();
  const CXXRecordDecl* written = pattern == nullptr ? &record : pattern;
  for (const CXXRecordDecl* identity : identities_) {
    if (identity->getName().starts_with("new$") && identity->getDeclContext()->Equals(written)) {
      if (const auto* options = returned_options(*identity)) return options;
    }
  }
  return nullptr;
}

const clang::InitListExpr* Program::options_of(const FunctionDecl& function) const {
  const CXXRecordDecl* found = nullptr;
  for (const CXXRecordDecl* identity : identities_) {
    llvm::StringRef name = identity->getName();
    if (!name.consume_front(function.getName()) || !name.starts_with("$")) continue;
    if (!identity->getDeclContext()->Equals(function.getDeclContext())) continue;
    if (returned_options(*identity) == nullptr) continue;
    if (found != nullptr) return nullptr;
    found = identity;
  }
  return found == nullptr ? nullptr : returned_options(*found);
}

void Program::emit(const WarningFlags& flags) {
  clang::DiagnosticsEngine& engine = context_.getDiagnostics();
  const clang::SourceManager& sources = context_.getSourceManager();
  const auto key = [&](const Mistake& mistake) {
    return sources.getExpansionLoc(mistake.range.getBegin()).getRawEncoding();
  };
  std::sort(mistakes_.begin(), mistakes_.end(), [&](const Mistake& a, const Mistake& b) {
    return std::tuple(key(a), a.kind, a.range.getEnd(), std::string_view(a.message)) <
           std::tuple(key(b), b.kind, b.range.getEnd(), std::string_view(b.message));
  });
  // Each instance of a template has the same mistakes.
  const auto is_same = [&](const Mistake& a, const Mistake& b) {
    return a.kind == b.kind && a.range == b.range && a.message == b.message;
  };
  mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end(), is_same), mistakes_.end());
  for (const Mistake& mistake : mistakes_) {
    const auto level = flags.level(mistake.kind, mistake.range.getBegin(), engine);
    if (level == clang::DiagnosticsEngine::Ignored) continue;
    compiler::report(engine, mistake.range.getBegin(), mistake.kind, level, mistake.message)
        << mistake.range;
    for (const Mistake::Note& note : mistake.notes) {
      auto builder = report_note(engine, note.place, note.message);
      for (const clang::FixItHint& fixit : note.fixits) builder << fixit;
    }
  }
}

const clang::Expr* find_option(const clang::InitListExpr& options, llvm::StringRef name) {
  const CXXRecordDecl* record = options.getType()->getAsCXXRecordDecl();
  if (record == nullptr) return nullptr;
  unsigned index = 0;
  for (const clang::FieldDecl* field : record->fields()) {
    if (index >= options.getNumInits()) return nullptr;
    const clang::Expr* value = options.getInit(index++);
    if (field->getName() != name) continue;
    return llvm::isa<clang::CXXDefaultInitExpr>(value) ? nullptr : value;
  }
  return nullptr;
}

std::optional<double> constant_number(const clang::Expr& value, const clang::ASTContext& context) {
  // Inside the std::optional that holds it.
  const clang::Expr* inner = value.IgnoreImplicit();
  while (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(inner)) {
    if (construct->getNumArgs() == 0) return std::nullopt;
    inner = construct->getArg(0)->IgnoreImplicit();
  }
  if (inner->isValueDependent() || !inner->getType()->isArithmeticType()) return std::nullopt;
  clang::Expr::EvalResult result;
  if (!inner->EvaluateAsRValue(result, context)) return std::nullopt;
  if (result.Val.isInt()) {
    const llvm::APSInt& number = result.Val.getInt();
    return number.isSigned() ? number.signedRoundToDouble() : number.roundToDouble();
  }
  if (result.Val.isFloat()) return result.Val.getFloat().convertToDouble();
  return std::nullopt;
}

}  // namespace ray::compiler

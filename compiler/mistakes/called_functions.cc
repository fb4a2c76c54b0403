#include "compiler/mistakes/called_functions.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "compiler/calls/call.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

std::string quoted(llvm::StringRef text) { return "'" + text.str() + "'"; }

// Of the one parameter of an `options`.
QualType options_type(const clang::NamedDecl& declared) {
  const FunctionDecl* function = declared.getUnderlyingDecl()->getAsFunction();
  return function != nullptr && function->getNumParams() == 1 ? function->getParamDecl(0)->getType()
                                                              : QualType();
}

}  // namespace

void CallTargets::add_functions(const clang::DeclContext& scope, llvm::StringRef name,
                                CalledFunctions& out) const {
  out.what = "remote function " + quoted(name.str());
  for (const clang::Decl* declaration : remote_functions_) {
    const auto* function = llvm::dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr || !function->getDeclName().isIdentifier()) continue;
    if (function->getName() == name && function->getDeclContext()->Equals(&scope)) {
      out.functions.push_back(function);
    }
  }
}

// Those that a call of an actor's class may pick.
void CallTargets::add_constructors(const CXXRecordDecl& record, CalledFunctions& out) {
  out.what = "constructor of remote class " + quoted(record.getNameAsString());
  out.made = &record;
  for (const clang::CXXConstructorDecl* constructor : remote_constructors(record)) {
    out.functions.push_back(constructor);
  }
}

void CallTargets::add_methods(const CXXRecordDecl& record, llvm::StringRef name,
                              CalledFunctions& out) const {
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return;
  if (name == "new") {
    add_constructors(*definition, out);
    return;
  }
  out.what =
      "method " + quoted(name.str()) + " of remote class " + quoted(record.getNameAsString());
  const std::size_t before = out.functions.size();
  for (const clang::Decl* member : definition->decls()) {
    const FunctionDecl* function = member->getAsFunction();
    const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
    if (method != nullptr && is_remote_method(*method) && method->getName() == name) {
      out.functions.push_back(method);
    }
  }
  if (out.functions.size() != before) return;
  const std::string what = out.what;
  for (const clang::CXXBaseSpecifier& base : definition->bases()) {
    const CXXRecordDecl* below = base.getType()->getAsCXXRecordDecl();
    if (below != nullptr) add_methods(*below, name, out);
  }
  out.what = what;
}

// By the compiler's name of an overload set: "f$set", "m$proxy", "new$set".
void CallTargets::add_set(const CXXRecordDecl& set, CalledFunctions& out) const {
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(set.getDeclContext());
  const llvm::StringRef name = set.getName().split('$').first;
  if (owner != nullptr && is_remote_class(*owner)) add_methods(*owner, name, out);
  if (out.functions.empty() && out.made == nullptr) add_functions(*set.getDeclContext(), name, out);
}

void CallTargets::add_lambda(const CXXRecordDecl& task, CalledFunctions& out) const {
  const auto& instance = llvm::cast<clang::ClassTemplateSpecializationDecl>(task);
  const llvm::ArrayRef<clang::TemplateArgument> arguments = instance.getTemplateArgs().asArray();
  const CXXRecordDecl* lambda = arguments[1].getAsType()->getAsCXXRecordDecl();
  const FunctionDecl* call = lambda == nullptr ? nullptr : lambda->getLambdaCallOperator();
  if (call == nullptr) return;
  out.what = "this lambda";
  out.functions.push_back(call);
  out.captures = arguments[2].pack_size();
}

CalledFunctions CallTargets::of_callee(const Expr& callee) const {
  CalledFunctions result;
  if (const auto* lookup = llvm::dyn_cast<clang::UnresolvedLookupExpr>(&callee)) {
    result.place = lookup->getBeginLoc();
    if (!lookup->getName().isIdentifier() || lookup->getNumDecls() == 0) return result;
    const llvm::StringRef name = lookup->getName().getAsIdentifierInfo()->getName();
    const llvm::StringRef function = stub_of(name);
    const clang::DeclContext& scope =
        *(*lookup->decls_begin())->getUnderlyingDecl()->getDeclContext();
    const auto* record = llvm::dyn_cast<CXXRecordDecl>(&scope);
    const bool is_actor = record != nullptr && is_remote_class(*record);
    if (!function.empty()) {
      add_functions(scope, function, result);
    } else if (is_actor && (name == "remote" || name == "options")) {
      add_methods(*record, "new", result);
    }
    if (name.ends_with("options") && (is_actor || !function.empty())) {
      result.options = options_type(**lookup->decls_begin());
    }
    return result;
  }
  QualType object;
  if (const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(&callee)) {
    result.place = member->getMemberLoc();
    object = member->getBaseType();
  } else if (const auto* named = llvm::dyn_cast<clang::MemberExpr>(&callee)) {
    result.place = named->getMemberLoc();
    object = named->getBase()->getType();
  }
  if (object.isNull()) return result;
  const CXXRecordDecl* record = object.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->getDeclName().isIdentifier()) return result;
  if (record->getName().ends_with("$proxy")) {
    add_set(*record, result);
    if (const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(&callee)) {
      if (member->getMemberName().getAsString() == "options") {
        result.options = options_type(**member->decls_begin());
      }
    }
  } else if (const CXXRecordDecl* set = configured_set(*record)) {
    if (set->getName().contains('$')) add_set(*set, result);
  } else if (const CXXRecordDecl* task = lambda_task(*record)) {
    add_lambda(*task, result);
  }
  return result;
}

CalledFunctions CallTargets::of_lambda(const CXXRecordDecl& task) const {
  CalledFunctions result;
  add_lambda(task, result);
  return result;
}

CalledFunctions CallTargets::of_plain_call(const Call& call) const {
  CalledFunctions result;
  if (const QualType made = call.expr->getType(); const CXXRecordDecl* actor = actor_class(made)) {
    add_methods(*actor, "new", result);
    return result;
  }
  const Expr* callee = call.plain_callee();
  if (callee == nullptr) return result;
  callee = callee->IgnoreParenImpCasts();
  if (const auto* pointer = llvm::dyn_cast<clang::UnaryOperator>(callee)) {
    callee = pointer->getSubExpr()->IgnoreParenImpCasts();
  }
  const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(callee);
  const auto* function =
      named == nullptr ? nullptr : llvm::dyn_cast<FunctionDecl>(named->getDecl());
  if (function == nullptr) return result;
  result.what = (llvm::isa<clang::CXXMethodDecl>(function) ? "method " : "function ") +
                quoted(function->getNameAsString());
  result.functions.push_back(function);
  result.takes_defaults = false;
  return result;
}

}  // namespace ray::compiler

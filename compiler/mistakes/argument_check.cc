#include "compiler/mistakes/argument_check.h"

#include <algorithm>

#include "clang/AST/DeclTemplate.h"
#include "clang/Sema/Initialization.h"
#include "clang/Sema/Overload.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "compiler/calls/library.h"
#include "compiler/model/type_spelling.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

const clang::TemplateArgument& first_argument(QualType type) {
  return llvm::cast<clang::ClassTemplateSpecializationDecl>(
             type.getNonReferenceType()->getAsCXXRecordDecl())
      ->getTemplateArgs()[0];
}

// What a ref stands for; the type itself where it is none.
QualType unwrapped(QualType type) {
  type = type.getNonReferenceType();
  return is_object_ref(type) ? first_argument(type).getAsType() : type;
}

// Whether `parameter` is a std::vector of what the refs in the vector `refs` stand for.
bool takes_values_of(QualType parameter, QualType refs, const clang::ASTContext& context) {
  const auto* record = parameter.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !is_std_name(*record, "vector")) return false;
  return context.hasSameType(first_argument(parameter).getAsType(),
                             unwrapped(first_argument(refs).getAsType()));
}

// As the user would write it, whatever names it has come by.
std::string shown(QualType type, const clang::ASTContext& context) {
  return with_std_names(type.getCanonicalType().getAsString(context.getPrintingPolicy()));
}

}  // namespace

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool is_known(const Expr& expression) {
  return !expression.isTypeDependent() && !expression.containsErrors();
}

std::string type_of(const Expr& argument, const clang::ASTContext& context) {
  return llvm::isa<clang::InitListExpr>(argument) ? "{...}" : shown(argument.getType(), context);
}

bool ArgumentCheck::accepts(QualType parameter, Expr& argument) {
  if (parameter->isDependentType()) return true;
  const auto entity =
      clang::InitializedEntity::InitializeParameter(sema_.Context, parameter, false);
  if (sema_.CanPerformCopyInitialization(entity, &argument)) return true;
  if (is_vector_of_refs(argument.getType())) {
    return takes_values_of(parameter, argument.getType(), sema_.Context);
  }
  const QualType value = unwrapped(argument.getType());
  if (sema_.Context.hasSameType(value, argument.getType().getNonReferenceType())) return false;
  if (value->isVoidType()) return false;
  clang::OpaqueValueExpr stand_in(argument.getExprLoc(), value, clang::VK_XValue);
  return sema_.CanPerformCopyInitialization(entity, &stand_in);
}

bool ArgumentCheck::can_only_be_moved(QualType parameter, const Expr& argument) {
  if (parameter->isReferenceType() || !argument.isLValue()) return false;
  clang::OpaqueValueExpr moved(argument.getExprLoc(), argument.getType(), clang::VK_XValue);
  const auto entity =
      clang::InitializedEntity::InitializeParameter(sema_.Context, parameter, false);
  return sema_.CanPerformCopyInitialization(entity, &moved);
}

bool ArgumentCheck::find_problem(const FunctionDecl& function, const CalledFunctions& called,
                                 llvm::ArrayRef<Expr*> arguments, CallExplanation& out) {
  const unsigned required =
      called.takes_defaults ? function.getMinRequiredArguments() : function.getNumParams();
  const std::size_t least = required - called.captures;
  const llvm::ArrayRef<clang::ParmVarDecl*> parameters =
      function.parameters().drop_front(called.captures);
  const std::size_t most = parameters.size();
  const bool has_pack = most > 0 && parameters.back()->isParameterPack();
  if (arguments.size() < least || (arguments.size() > most && !has_pack)) {
    const char* bound = least == most ? "" : arguments.size() < least ? "at least " : "at most ";
    out.message = called.what + " takes " + bound +
                  counted(arguments.size() < least ? least : most, "argument") + ", but is given " +
                  std::to_string(arguments.size());
    out.notes.push_back({function.getLocation(), "it is declared here"});
    return true;
  }
  for (std::size_t i = 0; i < arguments.size() && i < most; ++i) {
    const clang::ParmVarDecl& parameter = *parameters[i];
    if (parameter.isParameterPack() || accepts(parameter.getType(), *arguments[i])) continue;
    const clang::PrintingPolicy policy(sema_.Context.getPrintingPolicy());
    const bool is_move_missing = can_only_be_moved(parameter.getType(), *arguments[i]);
    const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(arguments[i]->IgnoreParens());
    out.range = arguments[i]->getSourceRange();
    out.message = (is_move_missing ? "cannot copy " : "cannot pass ") +
                  quoted(type_of(*arguments[i], sema_.Context)) + " to parameter " +
                  (parameter.getName().empty() ? std::to_string(i + 1)
                                               : quoted(parameter.getNameAsString())) +
                  " of " + called.what + ", which has type " +
                  quoted(parameter.getType().getAsString(policy));
    if (is_move_missing) {
      const std::string name = named == nullptr ? "..." : named->getDecl()->getNameAsString();
      out.message += ": pass it with std::move(" + name + ")";
    }
    out.notes.push_back({parameter.getLocation(), "the parameter is declared here"});
    return true;
  }
  return false;
}

// Where an argument is a ref, the overload is chosen by types alone, and braces have none; a
// generic lambda has no types that they could be of.
bool ArgumentCheck::find_untyped_list(const FunctionDecl& function, const CalledFunctions& called,
                                      llvm::ArrayRef<Expr*> arguments, CallExplanation& out) {
  const llvm::ArrayRef<clang::ParmVarDecl*> parameters =
      function.parameters().drop_front(called.captures);
  bool has_ref = false;
  std::size_t list = arguments.size();
  for (std::size_t i = 0; i < arguments.size() && i < parameters.size(); ++i) {
    const QualType type = arguments[i]->getType();
    if (llvm::isa<clang::InitListExpr>(arguments[i])) {
      list = std::min(list, i);
    } else {
      has_ref = has_ref || is_object_ref(type) || is_vector_of_refs(type);
    }
  }
  if (list == arguments.size()) return false;
  const clang::ParmVarDecl& parameter = *parameters[list];
  const bool is_generic = parameter.getType()->isDependentType();
  if (!has_ref && !is_generic) return false;
  const clang::PrintingPolicy policy(sema_.Context.getPrintingPolicy());
  const QualType type = parameter.getType().getNonReferenceType().getUnqualifiedType();
  out.range = arguments[list]->getSourceRange();
  out.message = std::string("a list in braces ") + (is_generic ? "" : "beside a ref ") +
                "needs its type in a call of " + called.what;
  out.notes.push_back(
      {parameter.getLocation(),
       is_generic ? "this parameter has the type of what it is given"
                  : "write " + quoted(type.getAsString(policy) + "{...}") + " for this parameter"});
  return true;
}

bool ArgumentCheck::say_candidates(const CalledFunctions& called, llvm::ArrayRef<Expr*> arguments) {
  clang::ASTContext& context = sema_.Context;
  llvm::SmallVector<Expr*, 4> values;
  for (Expr* argument : arguments) {
    const QualType value = unwrapped(argument->getType());
    const bool is_ref = is_object_ref(argument->getType()) && !value->isVoidType();
    values.push_back(is_ref ? new (context) clang::OpaqueValueExpr(argument->getExprLoc(), value,
                                                                   clang::VK_XValue)
                            : argument);
  }
  clang::OverloadCandidateSet candidates(called.place, clang::OverloadCandidateSet::CSK_Normal);
  for (const FunctionDecl* function : called.functions) {
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
    if (method == nullptr || !method->isInstance()) return false;
    clang::NamedDecl* declared = const_cast<clang::CXXMethodDecl*>(method);
    if (clang::FunctionTemplateDecl* whole = function->getDescribedFunctionTemplate()) {
      declared = whole;
    }
    sema_.AddMethodCandidate(clang::DeclAccessPair::make(declared, clang::AS_public),
                             context.getRecordType(method->getParent()),
                             Expr::Classification::makeSimpleLValue(), values, candidates);
  }
  clang::OverloadCandidateSet::iterator best;
  const clang::OverloadingResult result = candidates.BestViableFunction(sema_, called.place, best);
  if (result != clang::OR_No_Viable_Function && result != clang::OR_Ambiguous) return false;
  const bool is_ambiguous = result == clang::OR_Ambiguous;
  auto message = sema_.PDiag(is_ambiguous ? clang::diag::err_ovl_ambiguous_member_call
                                          : clang::diag::err_ovl_no_viable_member_function_in_call);
  message << called.functions.front()->getDeclName();
  candidates.NoteCandidates(
      {called.place, message}, sema_,
      is_ambiguous ? clang::OCD_AmbiguousCandidates : clang::OCD_AllCandidates, values);
  return true;
}

// Clang says it best: which designator, which value.
bool ArgumentCheck::says_of_list(QualType parameter, Expr& list) {
  const auto entity = clang::InitializedEntity::InitializeParameter(
      sema_.Context, parameter.getNonReferenceType().getUnqualifiedType(), false);
  return sema_.PerformCopyInitialization(entity, {}, &list).isInvalid();
}

bool ArgumentCheck::find_wrong_option(const CXXRecordDecl& options, const Expr& given,
                                      CallExplanation& out) {
  const auto* list = llvm::dyn_cast<clang::InitListExpr>(&given);
  if (list == nullptr) return false;
  for (const Expr* each : list->inits()) {
    const auto* option = llvm::dyn_cast<clang::DesignatedInitExpr>(each);
    if (option == nullptr || option->size() != 1) continue;
    const clang::IdentifierInfo* name = option->getDesignator(0)->getFieldName();
    Expr* value = option->getInit();
    if (name == nullptr || !is_known(*value)) continue;
    for (clang::FieldDecl* field : options.fields()) {
      if (field->getIdentifier() != name) continue;
      const auto entity = clang::InitializedEntity::InitializeMember(field, nullptr, true);
      if (sema_.CanPerformCopyInitialization(entity, value)) continue;
      const CXXRecordDecl* type = field->getType()->getAsCXXRecordDecl();
      const bool is_optional = type != nullptr && is_std_name(*type, "optional");
      const QualType wanted =
          is_optional ? first_argument(field->getType()).getAsType() : field->getType();
      out.range = value->getSourceRange();
      out.message = "option " + quoted(name->getName().str()) + " is a " +
                    quoted(shown(wanted, sema_.Context)) + ", and cannot be given " +
                    quoted(type_of(*value, sema_.Context));
      return true;
    }
  }
  return false;
}

}  // namespace ray::compiler

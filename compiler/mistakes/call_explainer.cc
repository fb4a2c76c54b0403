#include "compiler/mistakes/call_explainer.h"

#include <algorithm>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Sema/Initialization.h"
#include "clang/Sema/Overload.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "compiler/calls/call.h"
#include "compiler/model/type_spelling.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

constexpr std::size_t kNotesMax = 3;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

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
std::string type_of(const Expr& argument, const clang::ASTContext& context) {
  return llvm::isa<clang::InitListExpr>(argument) ? "{...}" : shown(argument.getType(), context);
}

// What the library's function of that name takes first, and then.
struct Taken {
  const char* function;
  const char* what;
  bool (*is_that)(QualType);
  const char* next = "";
};
bool is_one_ref(QualType type) { return is_object_ref(type); }
bool is_handle(QualType type) { return actor_class(type) != nullptr; }
bool can_be_got(QualType type) {
  return is_object_ref(type) || is_vector_of_refs(type) || is_ray_task(type);
}
constexpr Taken kTaken[] = {
    {"get", "a ray::ObjectRef, or a std::vector of them", can_be_got,
     "a duration as its timeout: 5s"},
    {"wait", "a std::vector of ray::ObjectRef", is_vector_of_refs,
     "its options by their names: {.num_returns = 1, .timeout = 5s}"},
    {"view", "a ray::ObjectRef", is_one_ref},
    {"cancel", "a ray::ObjectRef", is_one_ref},
    {"kill", "a ray::ActorHandle", is_handle},
};

// Of the one parameter of an `options`.
QualType options_type(const clang::NamedDecl& declared) {
  const FunctionDecl* function = declared.getUnderlyingDecl()->getAsFunction();
  return function != nullptr && function->getNumParams() == 1 ? function->getParamDecl(0)->getType()
                                                              : QualType();
}

bool is_known(const Expr& expression) {
  return !expression.isTypeDependent() && !expression.containsErrors();
}

}  // namespace

// The functions of the user's that a call may be of.
struct CallExplainer::Called {
  std::vector<const FunctionDecl*> functions;
  std::string what;  // "remote function 'f'"; empty: not a remote call
  clang::SourceLocation place;
  QualType options;       // where it is `.options(...)` that is called
  unsigned captures = 0;  // parameters before those that the user wrote
};

class CallFinder : public clang::RecursiveASTVisitor<CallFinder> {
 public:
  explicit CallFinder(CallExplainer& explainer) : explainer_(explainer) {}

  bool VisitRecoveryExpr(clang::RecoveryExpr* call) {
    explainer_.explain(*call);
    return true;
  }
  bool VisitCXXMemberCallExpr(clang::CXXMemberCallExpr* call) {
    explainer_.explain_lambda_call(*call);
    return true;
  }

 private:
  CallExplainer& explainer_;
};

void CallExplainer::add(clang::Decl& declaration) { CallFinder(*this).TraverseDecl(&declaration); }

void CallExplainer::add_functions(const clang::DeclContext& scope, llvm::StringRef name,
                                  Called& out) const {
  out.what = "remote function " + quoted(name.str());
  for (const clang::Decl* declaration : remote_functions_) {
    const auto* function = llvm::dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr || !function->getDeclName().isIdentifier()) continue;
    if (function->getName() == name && function->getDeclContext()->Equals(&scope)) {
      out.functions.push_back(function);
    }
  }
}

void CallExplainer::add_methods(const CXXRecordDecl& record, llvm::StringRef name,
                                Called& out) const {
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return;
  if (name == "new") {
    out.what = "constructor of remote class " + quoted(record.getNameAsString());
    for (const clang::CXXConstructorDecl* constructor : definition->ctors()) {
      if (!constructor->isImplicit() && constructor->getAccess() == clang::AS_public &&
          !constructor->isCopyOrMoveConstructor()) {
        out.functions.push_back(constructor);
      }
    }
    return;
  }
  out.what =
      "method " + quoted(name.str()) + " of remote class " + quoted(record.getNameAsString());
  const std::size_t before = out.functions.size();
  for (const clang::Decl* member : definition->decls()) {
    const FunctionDecl* method = member->getAsFunction();
    if (method != nullptr && method->getDeclName().isIdentifier() && method->getName() == name &&
        member->getAccess() == clang::AS_public) {
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
void CallExplainer::add_set(const CXXRecordDecl& set, Called& out) const {
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(set.getDeclContext());
  const llvm::StringRef name = set.getName().split('$').first;
  if (owner != nullptr && is_remote_class(*owner)) add_methods(*owner, name, out);
  if (out.functions.empty()) add_functions(*set.getDeclContext(), name, out);
}

void CallExplainer::add_lambda(const CXXRecordDecl& task, Called& out) const {
  const auto& instance = llvm::cast<clang::ClassTemplateSpecializationDecl>(task);
  const llvm::ArrayRef<clang::TemplateArgument> arguments = instance.getTemplateArgs().asArray();
  const CXXRecordDecl* lambda = arguments[1].getAsType()->getAsCXXRecordDecl();
  const FunctionDecl* call = lambda == nullptr ? nullptr : lambda->getLambdaCallOperator();
  if (call == nullptr) return;
  out.what = "this lambda";
  out.functions.push_back(call);
  out.captures = arguments[2].pack_size();
}

CallExplainer::Called CallExplainer::find_called(const Expr& callee) const {
  Called result;
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

bool CallExplainer::accepts(QualType parameter, Expr& argument) {
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

bool CallExplainer::find_problem(const FunctionDecl& function, const Called& called,
                                 llvm::ArrayRef<Expr*> arguments, CallExplanation& out) {
  const std::size_t least = function.getMinRequiredArguments() - called.captures;
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
    const bool is_list = llvm::isa<clang::InitListExpr>(arguments[i]);
    const std::string given =
        is_list ? "a list in braces" : quoted(arguments[i]->getType().getAsString(policy));
    out.range = arguments[i]->getSourceRange();
    out.message = "cannot pass " + quoted(type_of(*arguments[i], sema_.Context)) +
                  " to parameter " +
                  (parameter.getName().empty() ? std::to_string(i + 1)
                                               : quoted(parameter.getNameAsString())) +
                  " of " + called.what + ", which has type " +
                  quoted(parameter.getType().getAsString(policy));
    out.notes.push_back({parameter.getLocation(), "the parameter is declared here"});
    return true;
  }
  return false;
}

// Where an argument is a ref, the overload is chosen by types alone, and braces have none; a
// generic lambda has no types that they could be of.
bool CallExplainer::find_untyped_list(const FunctionDecl& function, const Called& called,
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

bool CallExplainer::say_candidates(const Called& called, llvm::ArrayRef<Expr*> arguments) {
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

void CallExplainer::explain_library_call(const clang::UnresolvedLookupExpr& callee,
                                         llvm::ArrayRef<Expr*> arguments) {
  if (arguments.empty() || callee.getNumDecls() == 0) return;
  const clang::NamedDecl& declared = *(*callee.decls_begin())->getUnderlyingDecl();
  const Expr& given = *arguments[0];
  for (const Taken& taken : kTaken) {
    if (!is_ray_name(declared, taken.function)) continue;
    const bool is_list = llvm::isa<clang::InitListExpr>(given);
    if (!is_list && !is_known(given)) return;
    if (!is_list && taken.is_that(given.getType())) {
      explain_second_argument(callee, taken.next, arguments);
      return;
    }
    CallExplanation result;
    result.range = given.getSourceRange();
    result.message = "ray::" + std::string(taken.function) + " takes " + taken.what + ", not " +
                     (is_list ? "a list in braces" : quoted(type_of(given, sema_.Context)));
    if (is_list) result.notes.push_back({given.getBeginLoc(), "write 'std::vector{...}'"});
    explanations_[callee.getBeginLoc()] = std::move(result);
    return;
  }
}

// The timeout or the options, which one of the overloads takes behind what all of them take.
void CallExplainer::explain_second_argument(const clang::UnresolvedLookupExpr& callee,
                                            llvm::StringRef taken,
                                            llvm::ArrayRef<Expr*> arguments) {
  if (arguments.size() != 2 || taken.empty()) return;
  Expr& given = *arguments[1];
  const bool is_list = llvm::isa<clang::InitListExpr>(given);
  if (!is_list && (!is_known(given) || is_object_ref(given.getType()))) return;
  for (const clang::NamedDecl* declared : callee.decls()) {
    const FunctionDecl* function = declared->getUnderlyingDecl()->getAsFunction();
    if (function == nullptr || function->getNumParams() != 2) continue;
    const clang::ParmVarDecl& parameter = *function->getParamDecl(1);
    if (parameter.getType()->isDependentType()) continue;
    if (accepts(parameter.getType(), given)) return;
    CallExplanation result;
    if (!is_list || !says_of_list(parameter.getType(), given)) {
      result.range = given.getSourceRange();
      result.message = "ray::" + callee.getName().getAsString() + " takes " + taken.str() +
                       ", not " + quoted(type_of(given, sema_.Context));
    }
    explanations_[callee.getBeginLoc()] = std::move(result);
    return;
  }
}

// Clang says it best: which designator, which value.
bool CallExplainer::says_of_list(QualType parameter, Expr& list) {
  const auto entity = clang::InitializedEntity::InitializeParameter(
      sema_.Context, parameter.getNonReferenceType().getUnqualifiedType(), false);
  return sema_.PerformCopyInitialization(entity, {}, &list).isInvalid();
}

bool CallExplainer::find_wrong_option(const CXXRecordDecl& options, const Expr& given,
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

void CallExplainer::explain(const clang::RecoveryExpr& call) {
  const auto parts = const_cast<clang::RecoveryExpr&>(call).subExpressions();
  if (parts.empty()) return;
  const Expr& callee = *parts[0]->IgnoreParens();
  const llvm::ArrayRef<Expr*> arguments(parts.begin() + 1, parts.end());
  if (const auto* lookup = llvm::dyn_cast<clang::UnresolvedLookupExpr>(&callee)) {
    explain_library_call(*lookup, arguments);
  }
  const Called called = find_called(callee);
  if (called.what.empty()) return;
  for (const Expr* argument : arguments) {
    if (!llvm::isa<clang::InitListExpr>(argument) && !is_known(*argument)) return;
  }
  CallExplanation result;
  if (is_refused(called)) {
    explanations_[called.place] = std::move(result);
    return;
  }
  result.range = clang::SourceRange(called.place, parts[0]->getEndLoc());
  if (!called.options.isNull()) {
    if (arguments.size() != 1) return;
    const CXXRecordDecl* options = called.options.getNonReferenceType()->getAsCXXRecordDecl();
    if (options != nullptr && find_wrong_option(*options, *arguments[0], result)) {
      explanations_[called.place] = std::move(result);
      return;
    }
    if (says_of_list(called.options, *arguments[0])) explanations_[called.place] = {};
    return;
  }
  std::vector<CallExplanation> problems;
  for (const FunctionDecl* function : called.functions) {
    CallExplanation problem;
    problem.range = result.range;
    if (find_problem(*function, called, arguments, problem)) {
      problems.push_back(problem);
    } else if (find_untyped_list(*function, called, arguments, problem)) {
      explanations_[called.place] = std::move(problem);
      return;
    }
  }
  if (problems.size() != called.functions.size()) {
    const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(&callee);
    if (member != nullptr && !member->hasExplicitTemplateArgs() &&
        say_candidates(called, arguments)) {
      explanations_[called.place] = {};
    }
    return;
  }
  if (problems.empty()) return;
  if (problems.size() == 1) {
    const llvm::ArrayRef<clang::ParmVarDecl*> parameters =
        called.functions.front()->parameters().drop_front(called.captures);
    for (std::size_t i = 0; i < arguments.size() && arguments.size() <= parameters.size(); ++i) {
      const QualType type = parameters[i]->getType();
      if (!llvm::isa<clang::InitListExpr>(arguments[i]) || accepts(type, *arguments[i])) continue;
      if (type->isDependentType() || !says_of_list(type, *arguments[i])) break;
      problems.front().range = {};
      break;
    }
    explanations_[called.place] = std::move(problems.front());
    return;
  }
  std::string types;
  for (const Expr* argument : arguments) {
    if (!types.empty()) types += ", ";
    types += type_of(*argument, sema_.Context);
  }
  result.message = "no overload of " + called.what + " takes (" + types + ")";
  for (std::size_t i = 0; i < problems.size() && i < kNotesMax; ++i) {
    result.notes.push_back({problems[i].notes.front().place, problems[i].message});
  }
  if (problems.size() > kNotesMax) {
    result.notes.push_back(
        {called.place, "and " + counted(problems.size() - kNotesMax, "other overload")});
  }
  explanations_[called.place] = std::move(result);
}

bool CallExplainer::is_refused(const Called& called) const {
  if (called.functions.empty()) return false;
  const auto* lambda = llvm::dyn_cast<CXXRecordDecl>(called.functions.front()->getDeclContext());
  return lambda != nullptr && refused_.count(lambda) != 0;
}

void CallExplainer::explain_lambda_call(const clang::CXXMemberCallExpr& call) {
  const CXXRecordDecl* record = call.getRecordDecl();
  const CXXRecordDecl* task = record == nullptr ? nullptr : lambda_task(*record);
  const clang::CXXMethodDecl* method = call.getMethodDecl();
  if (task == nullptr || method == nullptr || identifier(*method) != "remote") return;
  Called called;
  called.place = call.getExprLoc();
  add_lambda(*task, called);
  if (called.functions.empty()) return;
  CallExplanation result;
  if (is_refused(called)) {
    explanations_[called.place] = std::move(result);
    return;
  }
  const auto given = const_cast<clang::CXXMemberCallExpr&>(call).arguments();
  llvm::SmallVector<Expr*, 4> arguments(given.begin(), given.end());
  for (Expr*& argument : arguments) {
    argument = argument->IgnoreUnlessSpelledInSource();
    if (!is_known(*argument)) return;
  }
  result.range = clang::SourceRange(called.place, call.getCallee()->getEndLoc());
  if (find_problem(*called.functions.front(), called, arguments, result)) {
    explanations_[called.place] = std::move(result);
  }
}

}  // namespace ray::compiler

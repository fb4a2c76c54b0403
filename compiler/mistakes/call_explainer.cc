#include "compiler/mistakes/call_explainer.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/calls/call.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

constexpr std::size_t kNotesMax = 3;

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

}  // namespace

class CallFinder : public clang::RecursiveASTVisitor<CallFinder> {
 public:
  explicit CallFinder(CallExplainer& explainer) : explainer_(explainer) {}

  bool VisitRecoveryExpr(clang::RecoveryExpr* call) {
    explainer_.explain(*call);
    return true;
  }
  bool VisitCXXMemberCallExpr(clang::CXXMemberCallExpr* call) {
    explainer_.explain_resolved_call(*call);
    return true;
  }

 private:
  CallExplainer& explainer_;
};

void CallExplainer::add(clang::Decl& declaration) { CallFinder(*this).TraverseDecl(&declaration); }

// ray::task takes one function, or a handle and one method.
void CallExplainer::explain_task(const clang::UnresolvedLookupExpr& callee,
                                 llvm::ArrayRef<Expr*> arguments) {
  if (arguments.size() > 2) return;
  const Expr& given = *arguments.back();
  const Expr& named = given.hasPlaceholderType()
                          ? *clang::OverloadExpr::find(const_cast<Expr*>(&given)).Expression
                          : given;
  CallExplanation result;
  result.range = given.getSourceRange();
  const auto* overloads = llvm::dyn_cast<clang::OverloadExpr>(&named);
  if (arguments.size() == 2 && is_known(*arguments[0]) && !is_handle(arguments[0]->getType())) {
    result.range = arguments[0]->getSourceRange();
    result.message = "ray::task takes a function, or a ray::ActorHandle and a method, not " +
                     quoted(type_of(*arguments[0], sema_.Context));
  } else if (overloads != nullptr) {
    result.message = "ray::task takes one function, and there are several " +
                     quoted(overloads->getName().getAsString());
    result.notes.push_back({given.getBeginLoc(), "choose one by a static_cast to its type"});
  } else if (is_known(given)) {
    const CXXRecordDecl* record = given.getType()->getAsCXXRecordDecl();
    const bool is_lambda = record != nullptr && record->isLambda();
    result.message = std::string("ray::task takes a ") +
                     (arguments.size() == 1 ? "function" : "method of the actor") + ", not " +
                     (is_lambda ? "a lambda" : quoted(type_of(given, sema_.Context)));
    if (is_lambda) result.notes.push_back({given.getBeginLoc(), "that is what ray::remote takes"});
  } else {
    return;
  }
  explanations_[callee.getBeginLoc()] = std::move(result);
}

void CallExplainer::explain_library_call(const clang::UnresolvedLookupExpr& callee,
                                         llvm::ArrayRef<Expr*> arguments) {
  if (arguments.empty() || callee.getNumDecls() == 0) return;
  const clang::NamedDecl& declared = *(*callee.decls_begin())->getUnderlyingDecl();
  if (is_ray_name(declared, "task")) {
    explain_task(callee, arguments);
    return;
  }
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
    if (check_.accepts(parameter.getType(), given)) return;
    CallExplanation result;
    if (!is_list || !check_.says_of_list(parameter.getType(), given)) {
      result.range = given.getSourceRange();
      result.message = "ray::" + callee.getName().getAsString() + " takes " + taken.str() +
                       ", not " + quoted(type_of(given, sema_.Context));
    }
    explanations_[callee.getBeginLoc()] = std::move(result);
    return;
  }
}

void CallExplainer::explain(const clang::RecoveryExpr& call) {
  const auto parts = const_cast<clang::RecoveryExpr&>(call).subExpressions();
  if (parts.empty()) return;
  const Expr& callee = *parts[0]->IgnoreParens();
  const llvm::ArrayRef<Expr*> arguments(parts.begin() + 1, parts.end());
  if (const auto* lookup = llvm::dyn_cast<clang::UnresolvedLookupExpr>(&callee)) {
    explain_library_call(*lookup, arguments);
  }
  const CalledFunctions called = targets_.of_callee(callee);
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
    if (options != nullptr && check_.find_wrong_option(*options, *arguments[0], result)) {
      explanations_[called.place] = std::move(result);
      return;
    }
    if (check_.says_of_list(called.options, *arguments[0])) explanations_[called.place] = {};
    return;
  }
  const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(&callee);
  if (explain_arguments(called, arguments, std::move(result)) || member == nullptr) return;
  if (!member->hasExplicitTemplateArgs() && check_.say_candidates(called, arguments)) {
    explanations_[called.place] = {};
  }
}

bool CallExplainer::explain_arguments(const CalledFunctions& called,
                                      llvm::ArrayRef<Expr*> arguments, CallExplanation result) {
  if (called.functions.empty()) return explain_constructors(called, arguments, std::move(result));
  std::vector<CallExplanation> problems;
  for (const FunctionDecl* function : called.functions) {
    CallExplanation problem;
    problem.range = result.range;
    if (check_.find_problem(*function, called, arguments, problem)) {
      problems.push_back(problem);
    } else if (check_.find_untyped_list(*function, called, arguments, problem)) {
      explanations_[called.place] = std::move(problem);
      return true;
    }
  }
  if (problems.size() != called.functions.size()) return false;
  if (problems.size() == 1) {
    const llvm::ArrayRef<clang::ParmVarDecl*> parameters =
        called.functions.front()->parameters().drop_front(called.captures);
    for (std::size_t i = 0; i < arguments.size() && arguments.size() <= parameters.size(); ++i) {
      const QualType type = parameters[i]->getType();
      if (!llvm::isa<clang::InitListExpr>(arguments[i]) || check_.accepts(type, *arguments[i]))
        continue;
      if (type->isDependentType() || !check_.says_of_list(type, *arguments[i])) break;
      problems.front().range = {};
      break;
    }
    explanations_[called.place] = std::move(problems.front());
    return true;
  }
  std::string types;
  for (const Expr* argument : arguments) {
    if (!types.empty()) types += ", ";
    types += type_of(*argument, sema_.Context);
  }
  result.message = "no overload of " + called.what + " takes (" + types + ")";
  // With its summary the message stays within fifteen lines.
  const std::size_t shown = problems.size() > kNotesMax ? kNotesMax - 1 : problems.size();
  for (std::size_t i = 0; i < shown; ++i) {
    result.notes.push_back({problems[i].notes.front().place, problems[i].message});
  }
  if (shown < problems.size()) {
    result.notes.push_back(
        {called.place, "and " + counted(problems.size() - shown, "other overload")});
  }
  explanations_[called.place] = std::move(result);
  return true;
}

// Of a class without any that could be called: it has the implicit one, or none is public.
bool CallExplainer::explain_constructors(const CalledFunctions& called,
                                         llvm::ArrayRef<Expr*> arguments, CallExplanation result) {
  if (called.made == nullptr) return true;
  const CXXRecordDecl& made = *called.made;
  const std::string name = quoted(made.getNameAsString());
  if (made.hasUserDeclaredConstructor()) {
    result.message = "remote class " + name + " has no public constructor to make an actor with";
    result.notes.push_back({made.getLocation(), "it is declared here"});
  } else if (!arguments.empty()) {
    result.message =
        called.what + " takes 0 arguments, but is given " + std::to_string(arguments.size());
    result.notes.push_back(
        {made.getLocation(), name + " has no constructor of its own, and starts with its default "
                                    "values: give it one that takes arguments"});
  } else {
    return false;
  }
  explanations_[called.place] = std::move(result);
  return true;
}

bool CallExplainer::is_refused(const CalledFunctions& called) const {
  if (called.functions.empty()) return false;
  const auto* lambda = llvm::dyn_cast<CXXRecordDecl>(called.functions.front()->getDeclContext());
  if (lambda == nullptr) return false;
  const clang::FunctionTemplateDecl* generic = lambda->getDependentLambdaCallOperator();
  return refused_.count(lambda) != 0 ||
         (generic != nullptr && llvm::any_of(generic->specializations(), [](const auto* instance) {
            return instance->isInvalidDecl();  // the types that it was given do not do
          }));
}

void CallExplainer::explain_resolved_call(const clang::CXXMemberCallExpr& call) {
  const CXXRecordDecl* record = call.getRecordDecl();
  const clang::CXXMethodDecl* method = call.getMethodDecl();
  if (record == nullptr || method == nullptr || identifier(*method) != "remote") return;
  const CXXRecordDecl* task = lambda_task(*record);
  const Call resolved{&call};
  if (task == nullptr && !resolved.is_plain()) return;
  CalledFunctions called =
      task != nullptr ? targets_.of_lambda(*task) : targets_.of_plain_call(resolved);
  called.place = call.getExprLoc();
  if (called.what.empty()) return;
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
  explain_arguments(called, arguments, std::move(result));
}

}  // namespace ray::compiler

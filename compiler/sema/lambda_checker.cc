#include "compiler/sema/lambda_checker.h"

#include "compiler/calls/call.h"
#include "compiler/diagnostics/named_report.h"
#include "compiler/sema/function_reader.h"
#include "compiler/sema/travel_rules.h"

namespace ray::compiler {
namespace {

using clang::CXXMethodDecl;
using clang::LambdaExpr;
using clang::QualType;

// What the compiler has put there for the captures: `const auto& [n, t] = ray_c;`.
const clang::DecompositionDecl* captured_names(const LambdaExpr& lambda) {
  const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(lambda.getBody());
  if (body == nullptr || body->body_empty()) return nullptr;
  const auto* first = llvm::dyn_cast<clang::DeclStmt>(body->body_front());
  return first != nullptr && first->isSingleDecl()
             ? llvm::dyn_cast<clang::DecompositionDecl>(first->getSingleDecl())
             : nullptr;
}

}  // namespace

void LambdaChecker::check(const clang::CallExpr& making, const LambdaExpr& lambda) {
  const CXXMethodDecl* function = lambda.getCallOperator();
  if (function == nullptr || function->isInvalidDecl()) return;
  has_error_ = false;
  const std::vector<const clang::Expr*> captures = captured_values(making);
  const clang::DecompositionDecl* names = captured_names(lambda);
  const std::size_t in_tuple = names == nullptr ? 0 : names->bindings().size();
  // Before the user's own: a tuple, and each value of a pack.
  const unsigned first = making.getNumArgs() == 1 ? 0 : 1 + captures.size() - in_tuple;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    check_capture(*captures[i], i < in_tuple ? names->bindings()[i]->getName() : "");
  }
  for (unsigned i = first; i < function->getNumParams(); ++i) {
    check_parameter(*function->getParamDecl(i), i + 1 - first);
  }
  check_result(making, *function);
  if (has_error_) refused_.insert(lambda.getLambdaClass());
}

void LambdaChecker::check_capture(const clang::Expr& value, llvm::StringRef name) {
  if (value.isTypeDependent()) return;
  // It is copied: an array as a pointer to it.
  QualType type = value.getType().getNonReferenceType();
  if (type->isArrayType() || type->isFunctionType()) type = context_.getDecayedType(type);
  const std::string what = name.empty() ? "a captured pack" : "capture '" + name.str() + "'";
  check_type(what + " of this remote lambda is ", type, value.getExprLoc());
}

void LambdaChecker::check_parameter(const clang::ParmVarDecl& parameter, unsigned number) {
  const QualType type = parameter.getType();
  const std::string name = parameter.getName().empty() ? std::to_string(number)
                                                       : "'" + parameter.getNameAsString() + "'";
  const std::string what = "parameter " + name + " of this remote lambda is ";
  if (is_mutable_reference(type)) {
    report(DiagnosticKind::non_const_reference, parameter.getLocation(),
           what + "a non-const reference: it cannot reach into another process",
           "take a value or a 'const T&', and return what has changed");
  } else if (!is_read_in_place(type)) {
    check_type(what, type, parameter.getLocation());
  }
}

void LambdaChecker::check_result(const clang::CallExpr& making, const CXXMethodDecl& function) {
  QualType result = awaited_type(context_, function.getReturnType());
  const QualType item = library_argument(result, "Generator");
  if (!item.isNull()) result = item;
  if (result->getContainedAutoType() != nullptr) {
    result = result->getContainedAutoType()->getDeducedType();
  }
  const clang::FunctionTypeLoc written = function.getFunctionTypeLoc();
  const bool is_written =
      written && written.getTypePtr()->isFunctionProtoType() &&
      written.getTypePtr()->castAs<clang::FunctionProtoType>()->hasTrailingReturn();
  check_type("this remote lambda returns ", result,
             is_written ? written.getReturnLoc().getBeginLoc() : making.getBeginLoc());
}

void LambdaChecker::check_type(const std::string& what, QualType type,
                               clang::SourceLocation place) {
  const std::string why =
      reason_to_stay(type, context_, [](const clang::CXXRecordDecl&) { return std::string(); });
  if (why == "a raw pointer") {
    report(DiagnosticKind::raw_pointer, place,
           what + why + ": it cannot reach into another process", "use a value, or a std::vector");
  } else if (!why.empty()) {
    report(DiagnosticKind::not_serialisable, place, what + why + ", which cannot be serialised",
           "");
  }
}

void LambdaChecker::report(DiagnosticKind kind, clang::SourceLocation place,
                           const std::string& message, const std::string& note) {
  clang::DiagnosticsEngine& engine = context_.getDiagnostics();
  compiler::report(engine, place, kind, message)
      << clang::CharSourceRange::getTokenRange(place, place);
  if (!note.empty()) report_note(engine, place, note);
  has_error_ = true;
}

}  // namespace ray::compiler

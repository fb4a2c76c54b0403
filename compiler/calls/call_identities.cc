#include "compiler/calls/call_identities.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "compiler/calls/library.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;

// From a stub to the call that registers its identity.
constexpr int kStubDepthMax = 8;

// `submit<F>(...)` and its siblings: F.
const CXXRecordDecl* submitted_identity(const FunctionDecl& callee) {
  const bool is_one = llvm::StringSwitch<bool>(identifier(callee))
                          .Cases("submit", "submit_method", "create_actor", "listed", true)
                          .Default(false);
  const clang::TemplateArgumentList* arguments = callee.getTemplateSpecializationArgs();
  if (!is_one || !is_internal(callee) || arguments == nullptr || arguments->size() == 0) {
    return nullptr;
  }
  const clang::TemplateArgument& first = arguments->get(0);
  if (first.getKind() != clang::TemplateArgument::Type) return nullptr;
  const CXXRecordDecl* record = first.getAsType()->getAsCXXRecordDecl();
  // Those that stand for functions that were not annotated are the library's own.
  return record == nullptr || is_internal(*record) ? nullptr : record;
}

bool leads_on(const FunctionDecl& callee) {
  return llvm::StringSwitch<bool>(identifier(callee))
      .Cases("submit_selected", "create_selected", "submit_method_selected", "remote", true)
      .Default(false);
}

}  // namespace

const CXXRecordDecl* CallIdentities::of(const FunctionDecl& stub) {
  const auto [found, is_new] = known_.try_emplace(&stub, nullptr);
  if (!is_new) return found->second;
  const FunctionDecl* definition = nullptr;
  const CXXRecordDecl* result = find(stub.getBody(definition), 0);
  known_[&stub] = result;
  return result;
}

const CXXRecordDecl* CallIdentities::find(const clang::Stmt* body, int depth) {
  if (body == nullptr || depth > kStubDepthMax) return nullptr;
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(body)) {
    if (const FunctionDecl* callee = call->getDirectCallee()) {
      if (const CXXRecordDecl* identity = submitted_identity(*callee)) return identity;
      const FunctionDecl* definition = nullptr;
      if (leads_on(*callee)) {
        if (const auto* found = find(callee->getBody(definition), depth + 1)) return found;
      }
    }
  }
  for (const clang::Stmt* child : body->children()) {
    if (const CXXRecordDecl* found = find(child, depth)) return found;
  }
  return nullptr;
}

}  // namespace ray::compiler

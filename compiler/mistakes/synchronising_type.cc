#include "compiler/mistakes/synchronising_type.h"

#include "clang/AST/DeclTemplate.h"
#include "compiler/calls/library.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

bool has_method(const CXXRecordDecl& record, llvm::StringRef name) {
  return llvm::any_of(record.methods(), [&](const clang::CXXMethodDecl* method) {
    return identifier(*method) == name;
  });
}

}  // namespace

bool synchronises(clang::QualType type) {
  type = type.getNonReferenceType();
  if (type->isPointerType()) type = type->getPointeeType();
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return false;
  for (const char* part : {"mutex", "Mutex", "lock", "Lock", "semaphore", "condition_variable",
                           "once_flag", "latch", "barrier"}) {
    if (record->getName().contains(part)) return true;
  }
  if (has_method(*record, "lock") && has_method(*record, "unlock")) return true;
  // What holds or leads to one: an optional, a container, a pointer.
  const auto* holder = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  return holder != nullptr &&
         llvm::any_of(holder->getTemplateArgs().asArray(), [](const auto& held) {
           return held.getKind() == clang::TemplateArgument::Type && synchronises(held.getAsType());
         });
}

}  // namespace ray::compiler

// With max_concurrency > 1 the methods of an actor run at once, on several threads.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "compiler/calls/library.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

bool has_method(const CXXRecordDecl& record, llvm::StringRef name) {
  return llvm::any_of(record.methods(), [&](const clang::CXXMethodDecl* method) {
    return identifier(*method) == name;
  });
}

// A type that brings its own order of accesses, or what leads to one: a pointer, an optional, ...
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
  const auto* holder = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  return holder != nullptr &&
         llvm::any_of(holder->getTemplateArgs().asArray(), [](const auto& held) {
           return held.getKind() == clang::TemplateArgument::Type && synchronises(held.getAsType());
         });
}

bool is_atomic(clang::QualType type) {
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->getName().starts_with("atomic");
}

// `std::atomic_ref(field)`, `std::atomic_load(&field)`.
bool is_used_atomically(const Body& body, const clang::Expr& field) {
  for (const clang::Stmt* at = body.parent(field); at != nullptr; at = body.parent(*at)) {
    if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(at)) {
      return is_atomic(construct->getType());
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(at)) {
      const clang::FunctionDecl* callee = call->getDirectCallee();
      return callee != nullptr && identifier(*callee).starts_with("atomic_");
    }
    if (!llvm::isa<clang::Expr>(at)) return false;
  }
  return false;
}

// Whether the class, or one it derives from, holds anything that could guard the rest.
bool has_guard(const CXXRecordDecl& record) {
  const CXXRecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return true;
  for (const clang::FieldDecl* field : definition->fields()) {
    if (synchronises(field->getType())) return true;
  }
  for (const clang::CXXBaseSpecifier& base : definition->bases()) {
    const CXXRecordDecl* below = base.getType()->getAsCXXRecordDecl();
    if (below == nullptr || has_guard(*below)) return true;
  }
  return false;
}

bool is_concurrent(const Program& program, const CXXRecordDecl& record) {
  const clang::InitListExpr* options = program.options_of(record);
  const clang::Expr* value =
      options == nullptr ? nullptr : find_option(*options, "max_concurrency");
  return value != nullptr && constant_number(*value, program.context()).value_or(1) > 1;
}

// Something that the methods of `record` change and that it holds itself.
class FieldFinder {
 public:
  FieldFinder(Program& program, const Body& body, std::set<const clang::ValueDecl*>& said)
      : program_(program), body_(body), said_(said) {}

  void find(const clang::Stmt& statement) {
    if (llvm::isa<clang::LambdaExpr>(statement)) return;
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&statement)) check(*member);
    for (const clang::Stmt* child : statement.children()) {
      if (child != nullptr) find(*child);
    }
  }

 private:
  void check(const clang::MemberExpr& member) {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(member.getMemberDecl());
    if (field == nullptr || !llvm::isa<clang::CXXThisExpr>(member.getBase()->IgnoreImpCasts())) {
      return;
    }
    const CXXRecordDecl* type = field->getType()->getAsCXXRecordDecl();
    if (type != nullptr && has_guard(*type)) return;  // it looks after itself
    if (is_atomic(field->getType()) || actor_class(field->getType()) != nullptr ||
        !body_.may_change(member) || is_used_atomically(body_, member) ||
        !said_.insert(field).second) {
      return;
    }
    program_.report(
        {DiagnosticKind::unsynchronised_field,
         {member.getMemberLoc(), member.getMemberLoc()},
         "'" + field->getNameAsString() + "' is changed here, and methods of '" +
             body_.actor->getNameAsString() + "' run at once, as its max_concurrency says",
         {{field->getLocation(), "guard it with a std::mutex, or make it a std::atomic"}}});
  }

  Program& program_;
  const Body& body_;
  std::set<const clang::ValueDecl*>& said_;
};

}  // namespace

void check_unsynchronised_field(Program& program) {
  for (const CXXRecordDecl* record : program.remote_classes()) {
    if (record->isDependentType() || has_guard(*record) || !is_concurrent(program, *record)) {
      continue;
    }
    std::set<const clang::ValueDecl*> said;
    for (const auto& body : program.bodies()) {
      const bool is_method =
          body->actor == record->getCanonicalDecl() &&
          !llvm::isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(body->function());
      if (!is_method || body->is_coroutine()) continue;  // coroutines take turns on one thread
      FieldFinder(program, *body, said).find(body->statement());
    }
  }
}

}  // namespace ray::compiler

// With max_concurrency > 1 the methods of an actor run at once, on several threads.
#include <set>

#include "compiler/calls/library.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/synchronising_type.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

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

// What `member` is of this object, where it can be half-changed; null otherwise.
const clang::FieldDecl* changed_field(const Body& body, const clang::MemberExpr& member) {
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(member.getMemberDecl());
  if (field == nullptr || !llvm::isa<clang::CXXThisExpr>(member.getBase()->IgnoreImpCasts())) {
    return nullptr;
  }
  const CXXRecordDecl* type = field->getType()->getAsCXXRecordDecl();
  if (type != nullptr && has_guard(*type)) return nullptr;  // it looks after itself
  const bool is_exempt = is_atomic(field->getType()) || actor_class(field->getType()) != nullptr ||
                         !body.may_change(member) || is_used_atomically(body, member);
  return is_exempt ? nullptr : field;
}

void report(Program& program, const CXXRecordDecl& actor, const clang::MemberExpr& member,
            const clang::FieldDecl& field) {
  program.report({DiagnosticKind::unsynchronised_field,
                  {member.getMemberLoc(), member.getMemberLoc()},
                  "'" + field.getNameAsString() + "' is changed here, and methods of '" +
                      actor.getNameAsString() + "' run at once, as its max_concurrency says",
                  {{field.getLocation(), "guard it with a std::mutex, or make it a std::atomic"}}});
}

}  // namespace

void check_unsynchronised_field(Program& program) {
  for (const CXXRecordDecl* record : program.remote_classes()) {
    if (record->isDependentType() || has_guard(*record) || !is_concurrent(program, *record)) {
      continue;
    }
    std::set<const clang::FieldDecl*> said;
    for (const auto& body : program.bodies()) {
      const bool is_method =
          body->actor == record->getCanonicalDecl() &&
          !llvm::isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(body->function());
      if (!is_method || body->is_coroutine()) continue;  // coroutines take turns on one thread
      for (const clang::MemberExpr* member : body->members()) {
        const clang::FieldDecl* field = changed_field(*body, *member);
        if (field != nullptr && said.insert(field).second)
          report(program, *record, *member, *field);
      }
    }
  }
}

}  // namespace ray::compiler

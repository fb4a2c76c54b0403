// `for (...) f.remote(i, table);` encodes and stores the same table for each task.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

constexpr int kLargeBytes = 4096;  // of an object without memory of its own
constexpr unsigned kFewElements = 16;
constexpr int kNestedRecordsMax = 3;

bool is_container(const CXXRecordDecl& record) {
  for (const char* name : {"vector", "deque", "list", "map", "multimap", "set", "multiset",
                           "unordered_map", "unordered_set"}) {
    if (is_std_name(record, name)) return true;
  }
  return false;
}

bool names_remote_things(const clang::ClassTemplateSpecializationDecl& container) {
  for (const clang::TemplateArgument& argument : container.getTemplateArgs().asArray()) {
    if (argument.getKind() != clang::TemplateArgument::Type) continue;
    const clang::QualType type = argument.getAsType();
    if (is_object_ref(type) || actor_class(type) != nullptr) return true;
  }
  return false;
}

// Whether values of the type are likely to be worth more than a reference to them.
bool is_large(clang::QualType type, const clang::ASTContext& context, int depth = 0) {
  const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition() || depth > kNestedRecordsMax) return false;
  record = record->getDefinition();
  if (record->isDependentType() || record->isInvalidDecl()) return false;
  if (is_container(*record)) {
    const auto* container = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    return container != nullptr && !names_remote_things(*container);
  }
  if (context.getTypeSizeInChars(context.getRecordType(record)).getQuantity() >= kLargeBytes) {
    return true;
  }
  if (context.getSourceManager().isInSystemHeader(record->getLocation())) return false;
  for (const clang::FieldDecl* field : record->fields()) {
    if (is_large(field->getType(), context, depth + 1)) return true;
  }
  return false;
}

const clang::InitListExpr* find_list(const Stmt& statement) {
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(&statement)) return list;
  for (const Stmt* child : statement.children()) {
    if (child == nullptr) continue;
    if (const auto* list = find_list(*child)) return list;
  }
  return nullptr;
}

// A list of few elements that nothing is added to.
bool is_known_to_be_small(const Body& body, const VarDecl& variable) {
  const auto* list = variable.getInit() == nullptr ? nullptr : find_list(*variable.getInit());
  if (list == nullptr || list->getNumInits() > kFewElements) return false;
  for (const clang::DeclRefExpr* reference : body.references_to(variable)) {
    if (body.may_change(*reference)) return false;
  }
  return true;
}

// The outermost loop around `argument` in all of which the variable stays the same.
const Stmt* loop_to_leave(const Body& body, const Expr& argument, const VarDecl& variable) {
  const Stmt* result = nullptr;
  for (const Stmt* loop = body.loop_of(argument); loop != nullptr; loop = body.loop_of(*loop)) {
    if (body.declares(*loop, variable) || body.is_changed_in(*loop, variable)) break;
    result = loop;
  }
  return result;
}

Mistake describe(const clang::ASTContext& context, const Expr& argument, const VarDecl& variable,
                 const Stmt& loop) {
  const std::string name = variable.getNameAsString();
  Mistake result{DiagnosticKind::repeated_argument, argument.getSourceRange(),
                 "'" + name + "' is sent with each task of this loop, as a copy of its own"};
  Mistake::Note note{loop.getBeginLoc(), "put it once before the loop, and pass the ref"};
  if (!loop.getBeginLoc().isMacroID() && !argument.getBeginLoc().isMacroID()) {
    const llvm::StringRef indent =
        clang::Lexer::getIndentationForLine(loop.getBeginLoc(), context.getSourceManager());
    note.fixits.push_back(clang::FixItHint::CreateInsertion(
        loop.getBeginLoc(), "auto " + name + "_ref = ray::put(" + name + ");\n" + indent.str()));
    note.fixits.push_back(
        clang::FixItHint::CreateReplacement(argument.getSourceRange(), name + "_ref"));
  }
  result.notes.push_back(std::move(note));
  return result;
}

}  // namespace

void check_repeated_argument(Program& program) {
  for (const auto& body : program.bodies()) {
    std::set<std::pair<const VarDecl*, const Stmt*>> said;
    for (const Call& call : body->calls()) {
      if (!call.submits()) continue;
      for (const Expr* argument : call.arguments()) {
        const VarDecl* variable = named_variable(argument);
        if (variable == nullptr || !is_large(variable->getType(), program.context())) continue;
        const Stmt* loop = loop_to_leave(*body, *argument, *variable);
        if (loop == nullptr || is_known_to_be_small(*body, *variable)) continue;
        if (!said.emplace(variable, loop).second) continue;
        program.report(describe(program.context(), *bare(argument), *variable, *loop));
      }
    }
  }
}

}  // namespace ray::compiler

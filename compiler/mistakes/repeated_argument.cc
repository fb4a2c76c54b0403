// `for (...) f.remote(i, table);` encodes and stores the same table for each task.
#include <set>

#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/large_value.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::Stmt;
using clang::VarDecl;

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

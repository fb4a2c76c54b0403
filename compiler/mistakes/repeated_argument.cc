// `for (...) f.remote(i, table);` encodes and stores the same table for each task.
#include <set>

#include "clang/Lex/Lexer.h"
#include "compiler/mistakes/checks.h"
#include "compiler/mistakes/fetched_value.h"
#include "compiler/mistakes/large_value.h"
#include "compiler/mistakes/sent_value.h"

namespace ray::compiler {
namespace {

using clang::Expr;
using clang::Stmt;

Mistake describe(const clang::ASTContext& context, const SentValue& value, const Stmt& loop) {
  const clang::SourceRange range = value.expr->getSourceRange();
  const std::string name = value.named->getNameAsString();
  const bool is_macro = range.getBegin().isMacroID() || loop.getBeginLoc().isMacroID();
  const std::string text =
      is_macro ? name
               : clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(range),
                                             context.getSourceManager(), context.getLangOpts())
                     .str();
  Mistake result{DiagnosticKind::repeated_argument, range,
                 "'" + text + "' is sent with each task of this loop, as a copy of its own"};
  Mistake::Note note{loop.getBeginLoc(), "put it once before the loop, and pass the ref"};
  if (!is_macro && !llvm::isa<clang::LambdaExpr>(loop)) {
    const llvm::StringRef indent =
        clang::Lexer::getIndentationForLine(loop.getBeginLoc(), context.getSourceManager());
    const std::string ref = llvm::StringRef(name).rtrim('_').str() + "_ref";
    note.fixits.push_back(clang::FixItHint::CreateInsertion(
        loop.getBeginLoc(), "auto " + ref + " = ray::put(" + text + ");\n" + indent.str()));
    note.fixits.push_back(clang::FixItHint::CreateReplacement(range, ref));
  }
  result.notes.push_back(std::move(note));
  return result;
}

// A list of few elements, in the class, that no function here changes.
bool is_small_field(const Program& program, const SentValue& value) {
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(value.named);
  if (field == nullptr || !field->hasInClassInitializer()) return false;
  const Expr* initialiser = field->getInClassInitializer();
  return initialiser != nullptr && is_short_list(*initialiser) &&
         llvm::none_of(program.bodies(), [&](const auto& body) {
           return llvm::any_of(body->members(), [&](const clang::MemberExpr* member) {
             return member->getMemberDecl() == field && body->may_change(*member);
           });
         });
}

bool is_small(const Program& program, const Body& body, const SentValue& value) {
  const clang::VarDecl* variable = value.whole_variable();
  return variable == nullptr ? is_small_field(program, value)
                             : is_known_to_be_small(body, *variable);
}

}  // namespace

void check_repeated_argument(Program& program) {
  for (const auto& body : program.bodies()) {
    std::set<std::pair<const clang::ValueDecl*, const Stmt*>> said;
    for (const Call& call : body->calls()) {
      if (!call.submits() || body->is_tried(*call.expr)) continue;  // a loop may try again
      for (const Expr* argument : call.arguments()) {
        const auto value = find_sent_value(*argument);
        if (!value || !is_large(value->expr->getType(), program.context())) continue;
        const Stmt* loop = loop_to_leave(*body, *argument, *value, program.context());
        if (loop == nullptr || is_small(program, *body, *value)) continue;
        // A ref that is there already is worth more than another one.
        if (find_passed_on(program, *body, *value->named)) continue;
        if (!said.emplace(value->named, loop).second) continue;
        program.report(describe(program.context(), *value, *loop));
      }
    }
  }
}

}  // namespace ray::compiler

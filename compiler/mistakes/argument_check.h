// ArgumentCheck says why a function cannot be called with some arguments, where a ref counts as the
// value that it stands for.
//
// Threading: one thread, while Sema is there.
#pragma once

#include <string>
#include <vector>

#include "clang/AST/Expr.h"
#include "clang/Sema/Sema.h"
#include "compiler/mistakes/called_functions.h"

namespace ray::compiler {

struct CallExplanation {
  struct Note {
    clang::SourceLocation place;
    std::string message;
  };
  clang::SourceRange range;  // shown by a caret at its beginning; empty: clang has said all by now
  std::string message;
  std::vector<Note> notes;
};

class ArgumentCheck {
 public:
  explicit ArgumentCheck(clang::Sema& sema) : sema_(sema) {}

  bool accepts(clang::QualType parameter, clang::Expr& argument);
  // Why `function` cannot be called so, or nothing.
  bool find_problem(const clang::FunctionDecl& function, const CalledFunctions& called,
                    llvm::ArrayRef<clang::Expr*> arguments, CallExplanation& out);
  bool find_untyped_list(const clang::FunctionDecl& function, const CalledFunctions& called,
                         llvm::ArrayRef<clang::Expr*> arguments, CallExplanation& out);
  // Of `.options({.field = value})`, for the first value that the field cannot hold.
  bool find_wrong_option(const clang::CXXRecordDecl& options, const clang::Expr& given,
                         CallExplanation& out);
  // Has clang say why overloads or templates of a method do not do; false where they do.
  bool say_candidates(const CalledFunctions& called, llvm::ArrayRef<clang::Expr*> arguments);
  // Has clang say why a parameter cannot be given that list in braces; false where it can.
  bool says_of_list(clang::QualType parameter, clang::Expr& list);

 private:
  // Whether only std::move is missing for `argument`, which the parameter does not accept.
  bool can_only_be_moved(clang::QualType parameter, const clang::Expr& argument);

  clang::Sema& sema_;
};

// As messages say them.
std::string quoted(const std::string& text);
std::string counted(std::size_t count, const char* noun);  // "2 arguments"
std::string type_of(const clang::Expr& argument, const clang::ASTContext& context);

bool is_known(const clang::Expr& expression);

}  // namespace ray::compiler

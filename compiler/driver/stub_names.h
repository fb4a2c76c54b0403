// StubNames makes clang know the generated function `f$remote` by the name `f.remote`: that is what
// messages, debuggers and macros that turn a call into a string then show, and it is what the user
// wrote.
//
// Threading: one thread. Lives as long as the table.
#pragma once

#include "clang/Basic/IdentifierTable.h"

namespace ray::compiler {

class StubNames : public clang::IdentifierInfoLookup {
 public:
  explicit StubNames(clang::IdentifierTable& table) : table_(table) {}

  // For the table, which asks for each name that is new to it.
  clang::IdentifierInfo* get(llvm::StringRef name) override;

 private:
  clang::IdentifierTable& table_;
};

}  // namespace ray::compiler

// LinkerOutput is what the linker of a compilation says, told in the user's names.
//
// Linkers name the functions that refer to a symbol, among them those which are generated:
// linker_words() says what the user calls there instead.
//
// Limits: shown once the linker has ended. Knows the words of lld, GNU ld and gold; of others only
// the generated suffixes are left out.
#pragma once

#include <string>

#include "clang/Driver/Compilation.h"

namespace ray::compiler {

class LinkerOutput {
 public:
  // Before its jobs are executed; `compilation` is executed while this lives.
  explicit LinkerOutput(clang::driver::Compilation& compilation);
  LinkerOutput(const LinkerOutput&) = delete;
  LinkerOutput& operator=(const LinkerOutput&) = delete;
  ~LinkerOutput();

 private:
  void show(bool has_failed) const;

  int file_ = -1;  // in memory
};

struct LinkerWords {
  std::string text;
  bool is_of_remote_call = false;  // some line of it was
};
LinkerWords linker_words(const std::string& output);

}  // namespace ray::compiler

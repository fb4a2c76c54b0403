// Diagnostic is a message of ours on its way from the pass that found it to clang's printer.
#pragma once

#include <string>
#include <vector>

#include "compiler/model/callable.h"
#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

struct Diagnostic {
  struct Note {
    SourcePlace place;
    std::string message;
    std::string insertion = {};  // where not empty: a fix-it that puts it at `insertion_place`
    SourcePlace insertion_place = {};
  };
  explicit Diagnostic(DiagnosticKind the_kind) : kind(the_kind) {}

  DiagnosticKind kind;
  SourcePlace place;
  std::size_t length = 0;  // of what is underlined; 0: a caret alone
  std::string message;
  std::string fixit;  // where not empty: replaces what is underlined, or is put at the caret
  std::vector<Note> notes;
};

}  // namespace ray::compiler

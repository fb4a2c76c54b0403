// OptionSyntax is the option text as written, before any meaning: names and shapes of values. It is
// where ANTLR ends; nothing after it knows the parser.
//
// Limits: 64 KiB of text, 16 levels of brackets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/options/option_parser.h"

namespace ray::compiler {

struct SyntaxEntry;

struct SyntaxValue {
  enum class Kind { number, text, name, call, map, list };

  Kind kind = Kind::number;
  TextRange range;
  std::string text;  // number: as written; text: decoded; name, call: the name without spaces
  std::vector<SyntaxValue> items;    // of a call or list
  std::vector<SyntaxEntry> entries;  // of a map
};

struct SyntaxEntry {
  std::string key;  // decoded where it is a string
  TextRange key_range;
  SyntaxValue value;
};

struct SyntaxOption {
  std::string name;
  TextRange name_range;
  SyntaxValue value;
};

// A syntax error ends the reading: `options` are those before it.
struct OptionSyntax {
  std::vector<SyntaxOption> options;
  std::vector<OptionError> errors;
};

OptionSyntax read_option_syntax(std::string_view text);

}  // namespace ray::compiler

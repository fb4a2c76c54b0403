// BodyFacts is what the rewriting has to know of the bodies of functions, which the first pass does
// not read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/model/callable.h"

namespace ray::compiler {

// What `[=]` of one lambda stands for.
struct ImplicitCaptures {
  struct Name {
    std::string name;
    bool is_pack = false;
  };

  SourcePlace place;  // of its `[`: path and offset
  std::vector<Name> names;
  bool has_this = false;
  SourcePlace use_of_this;  // where it has: path and offset
};

struct BodyFacts {
  std::vector<ImplicitCaptures> captures;
  // Where `name.remote` or `name.options` is that of a variable, a parameter or a member: path and
  // offset of the name.
  std::vector<SourcePlace> calls_of_variables;
};

}  // namespace ray::compiler

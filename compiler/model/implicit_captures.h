// ImplicitCaptures is what `[=]` of one lambda stands for, as clang tells once it has read the
// body.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/model/callable.h"

namespace ray::compiler {

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

}  // namespace ray::compiler

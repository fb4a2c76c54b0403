// BodyFacts is what the rewriting has to know of the bodies of functions, which the first pass does
// not read.
#pragma once

#include <algorithm>
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
  // Where `name.remote` or `name.options` is that of a variable, a parameter or a member, and where
  // that of a function: path and offset of the name.
  std::vector<SourcePlace> calls_of_variables;
  std::vector<SourcePlace> calls_of_functions;
  std::vector<ImplicitCaptures> captures;
  // What has been found out: then calls in neither list are those of functions.
  bool has_all_calls = false;
  bool has_captures = false;
};

// By path and offset.
inline bool contains(const std::vector<SourcePlace>& places, const SourcePlace& place) {
  return std::any_of(places.begin(), places.end(), [&](const SourcePlace& each) {
    return each.offset == place.offset && each.path == place.path;
  });
}

}  // namespace ray::compiler

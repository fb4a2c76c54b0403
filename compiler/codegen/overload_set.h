// OverloadSet is what has to be known of all callables with one name in one scope together.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/model/callable.h"

namespace ray::compiler {

using Overloads = std::vector<const Callable*>;  // in order of declaration

// One way to call: the first `count` parameters of `callable`.
struct ArgumentList {
  const Callable* callable = nullptr;
  std::size_t count = 0;
};

// What can be written in braces: the ways to call all overloads that are no templates, defaults
// left out one by one. Empty where no parameter is of a class.
std::vector<ArgumentList> argument_lists(const Overloads& overloads);

// How many arguments a call has to have at least.
std::size_t required_arguments(const Callable& callable);

// The declaration that the library finds the `index`-th of the lists by, from `auto ` on.
std::string arguments_declaration(const std::string& name, const std::string& leading_parameter,
                                  std::size_t index, const ArgumentList& list);

}  // namespace ray::compiler

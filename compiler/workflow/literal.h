// literal.h fits the literals of a workflow to the types of parameters, and writes them as C++.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/workflow/linked_function.h"
#include "compiler/workflow/value_type.h"

namespace ray::compiler::workflow {

// Empty where `literal` makes a value of that type; else what is given, in words: "a string".
std::string misfit(std::string_view literal, std::string_view type);

// The literal that makes the parameter's default; none where it has none, or one that takes more.
std::optional<std::string> default_literal(const LinkedParameter& parameter);

// The type of the value that a literal makes where nothing asks for one: "int", "std::string",
// "std::vector<double>". Empty where it makes none.
std::string natural_type(std::string_view literal);

// An expression of that type, which the literal fits.
std::string literal_expression(std::string_view literal, std::string_view type, CppTypes& types);

}  // namespace ray::compiler::workflow

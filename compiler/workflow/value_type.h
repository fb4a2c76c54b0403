// value_type.h reads types as text, as registries and task graphs spell them: what they are made
// of, which value goes where, what C++ calls them where their definitions are not known.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ray::compiler::workflow {

// "std::map<std::string, int>" is a name and two arguments; one without arguments is all name.
struct TypeParts {
  std::string name;
  std::vector<std::string> arguments;
};
TypeParts take_apart(std::string_view type);

// At the commas that are in no brackets and no strings.
std::vector<std::string> split_list(std::string_view text);

// Whether it is made of numbers, strings and the standard library's containers alone, so that its
// values can be made and shown by a program that has not seen the user's headers.
bool is_standard(std::string_view type);

bool is_integer(std::string_view type);
bool is_floating(std::string_view type);
bool is_string(std::string_view type);  // or a view of one

// X of std::vector<X> and std::span<const X>.
std::optional<std::string> element_of(std::string_view type);

// Whether a parameter of that type takes what a ref to `value` names.
bool takes(std::string_view parameter, std::string_view value);

// What types are called in generated code: standard ones by their names, a user's by that of a
// class that is only declared, since a ref to a value needs no more.
class CppTypes {
 public:
  std::string name(std::string_view type);

  const std::set<std::string>& headers() const { return headers_; }
  // "struct Type1;  // ns::Item", in order.
  std::vector<std::string> declarations() const;

 private:
  std::set<std::string> headers_;
  std::map<std::string, std::size_t, std::less<>> opaque_;
};

}  // namespace ray::compiler::workflow

#include "compiler/workflow/value_type.h"

#include <algorithm>
#include <iterator>

namespace ray::compiler::workflow {
namespace {

constexpr std::string_view kIntegers[] = {
    "char",         "signed char", "unsigned char", "short",     "unsigned short",    "int",
    "unsigned int", "long",        "unsigned long", "long long", "unsigned long long"};
constexpr std::string_view kFloating[] = {"float", "double"};

struct KnownTemplate {
  std::string_view name;
  std::string_view header;
};
constexpr KnownTemplate kTemplates[] = {
    {"std::vector", "vector"},     {"std::list", "list"},
    {"std::deque", "deque"},       {"std::set", "set"},
    {"std::multiset", "set"},      {"std::unordered_set", "unordered_set"},
    {"std::map", "map"},           {"std::multimap", "map"},
    {"std::array", "array"},       {"std::unordered_map", "unordered_map"},
    {"std::pair", "utility"},      {"std::tuple", "tuple"},
    {"std::optional", "optional"}, {"std::span", "span"}};
// Of the library: what they are about need not be known.
constexpr std::string_view kReferences[] = {"ray::ObjectRef", "ray::ActorHandle"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

const KnownTemplate* find_template(std::string_view name) {
  for (const KnownTemplate& known : kTemplates) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string_view without_const(std::string_view type) {
  if (type.starts_with("const ")) type.remove_prefix(6);
  return type;
}

}  // namespace

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> result;
  std::size_t begin = 0;
  int depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      if (c == '\\') ++i;
      is_in_string = c != '"';
    } else if (c == '"') {
      is_in_string = true;
    } else if (std::string_view("<([{").find(c) != std::string_view::npos) {
      ++depth;
    } else if (std::string_view(">)]}").find(c) != std::string_view::npos) {
      --depth;
    } else if (c == ',' && depth == 0) {
      result.emplace_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  const std::string_view last = trimmed(text.substr(begin));
  if (!last.empty() || !result.empty()) result.emplace_back(last);
  return result;
}

TypeParts take_apart(std::string_view type) {
  const std::size_t open = type.find('<');
  if (open == std::string_view::npos || !type.ends_with('>')) return {std::string(type), {}};
  return {std::string(type.substr(0, open)),
          split_list(type.substr(open + 1, type.size() - open - 2))};
}

bool is_integer(std::string_view type) { return is_one_of(type, kIntegers); }
bool is_floating(std::string_view type) { return is_one_of(type, kFloating); }
bool is_string(std::string_view type) {
  return type == "std::string" || type == "std::string_view";
}

bool is_standard(std::string_view type) {
  if (is_integer(type) || is_floating(type) || is_string(type) || type == "bool") return true;
  const TypeParts parts = take_apart(type);
  if (find_template(parts.name) == nullptr) return false;
  return std::all_of(parts.arguments.begin(), parts.arguments.end(), [](const std::string& each) {
    return is_number(each) || is_standard(without_const(each));
  });
}

std::optional<std::string> element_of(std::string_view type) {
  const TypeParts parts = take_apart(type);
  const bool is_list = parts.name == "std::vector" || parts.name == "std::span";
  if (!is_list || parts.arguments.empty()) return std::nullopt;
  return std::string(without_const(parts.arguments.front()));
}

bool takes(std::string_view parameter, std::string_view value) {
  if (parameter == value) return true;
  if (parameter == "std::string_view") return value == "std::string";
  const TypeParts wanted = take_apart(parameter);
  const TypeParts given = take_apart(value);
  if (wanted.name != "std::span" || wanted.arguments.empty() || given.arguments.empty()) {
    return false;
  }
  const std::string& element = given.arguments.front();
  if (wanted.arguments.front() != "const " + element) return false;
  if (given.name == "std::vector") return element != "bool";
  return given.name == "std::array" &&
         (wanted.arguments.size() == 1 || wanted.arguments[1] == given.arguments.back());
}

std::string CppTypes::name(std::string_view type) {
  if (type == "void" || is_integer(type) || is_floating(type) || type == "bool") {
    return std::string(type);
  }
  if (is_string(type)) {
    headers_.insert(type == "std::string" ? "string" : "string_view");
    return std::string(type);
  }
  if (type.starts_with("const ")) return "const " + name(without_const(type));
  const TypeParts parts = take_apart(type);
  const KnownTemplate* known = find_template(parts.name);
  if (known != nullptr) headers_.insert(std::string(known->header));
  if (known == nullptr && !is_one_of(parts.name, kReferences)) {
    const auto found = opaque_.try_emplace(std::string(type), opaque_.size() + 1).first;
    return "Type" + std::to_string(found->second);
  }
  std::string arguments;
  for (const std::string& argument : parts.arguments) {
    if (!arguments.empty()) arguments += ", ";
    arguments += is_number(argument) ? argument : name(argument);
  }
  return parts.name + "<" + arguments + ">";
}

std::vector<std::string> CppTypes::declarations() const {
  std::vector<std::string> result(opaque_.size());
  for (const auto& [type, number] : opaque_) {
    result[number - 1] = "struct Type" + std::to_string(number) + ";  // " + type;
  }
  return result;
}

}  // namespace ray::compiler::workflow

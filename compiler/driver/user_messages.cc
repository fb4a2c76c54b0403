#include "compiler/driver/user_messages.h"

#include <cctype>

namespace ray::compiler {
namespace {

bool is_word(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// What stands in `text` behind `begin` and before `end`, or "".
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const std::size_t to = text.find(end, from + begin.size());
  if (to == std::string::npos) return "";
  return text.substr(from + begin.size(), to - from - begin.size());
}

std::string advice_for(const std::string& type, bool is_module_interface) {
  if (type.starts_with("std::unique_ptr<")) {
    return type.ends_with("[]>")
               ? "it does not know how many elements it has: a std::vector does"
               : "its deleter stays behind: a std::unique_ptr without one travels";
  }
  if (is_module_interface && !type.starts_with("std::") && !type.ends_with("*")) {
    return "for this call, which stands in a module's interface, nothing is generated: move it to "
           "the module's implementation, or give the type cereal functions or a ray::codec";
  }
  return "what travels: numbers, enums, std types, classes that are declared outside of functions, "
         "and types with cereal functions or a ray::codec";
}

}  // namespace

bool is_generated_suffix(const std::string& suffix) {
  for (const char* known :
       {"remote", "options", "set", "proxy", "sel", "chosen", "arguments", "task", "default"}) {
    if (suffix == known) return true;
  }
  return suffix.size() == 6 && suffix.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<Refusal> refusal_in(const std::string& note, bool is_module_interface) {
  if (note.find("CannotTravel<") == std::string::npos) return std::nullopt;
  const std::string type = between(note, "TypeIs<", ">::here");
  if (!type.empty()) {
    return Refusal{"a '" + type + "' cannot be serialised", advice_for(type, is_module_interface)};
  }
  const std::string both = between(note, "FieldIs<", ">::here");
  const std::string field = between(note, "{\"", "\"}");
  int depth = 0;
  for (std::size_t i = 0; i < both.size(); ++i) {
    if (both[i] == '<') ++depth;
    if (both[i] == '>') --depth;
    if (both[i] != ',' || depth != 0) continue;
    const std::size_t second = both.find_first_not_of(' ', i + 1);
    return Refusal{"field '" + both.substr(0, i) + "::" + field + "' is a '" + both.substr(second) +
                       "', which cannot be serialised",
                   "[[ray::transient]] on the field leaves it out"};
  }
  return std::nullopt;
}

std::string in_user_terms(std::string message) {
  std::string result;
  for (std::size_t i = 0; i < message.size(); ++i) {
    std::size_t end = i + 1;
    while (end < message.size() && is_word(message[end])) ++end;
    const std::string suffix = message.substr(i + 1, end - i - 1);
    // A '$' of the user's own stays.
    if (message[i] != '$' || result.empty() || !is_word(result.back()) ||
        !is_generated_suffix(suffix)) {
      result += message[i];
      continue;
    }
    if (suffix == "remote" || suffix == "options") result += "." + suffix;
    i = end - 1;
  }
  return result;
}

bool speaks_of_generated_code(const std::string& message) {
  for (std::size_t at = 0; (at = message.find("ray_", at)) != std::string::npos; ++at) {
    if (at == 0 || !is_word(message[at - 1])) return true;
  }
  return message.find("ray::internal::") != std::string::npos ||
         message.find("ray$") != std::string::npos;
}

}  // namespace ray::compiler

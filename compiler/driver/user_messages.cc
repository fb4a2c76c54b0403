#include "compiler/driver/user_messages.h"

#include <cctype>

namespace ray::compiler {
namespace {

bool is_word(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

}  // namespace

std::string in_user_terms(std::string message) {
  std::string result;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i] != '$') {
      result += message[i];
      continue;
    }
    std::size_t end = i + 1;
    while (end < message.size() && is_word(message[end])) ++end;
    const std::string suffix = message.substr(i + 1, end - i - 1);
    if (suffix == "remote" || suffix == "options") result += "." + suffix;
    i = end - 1;
  }
  return result;
}

bool speaks_of_generated_code(const std::string& message) {
  return message.find("ray_") != std::string::npos ||
         message.find("ray::internal::") != std::string::npos;
}

}  // namespace ray::compiler

// UserMessages turns the names of generated code in a message back into what the user wrote.
#pragma once

#include <optional>
#include <string>

namespace ray::compiler {

// "'retrieve$remote'" becomes "'retrieve.remote'"; identities and sets lose their suffix.
std::string in_user_terms(std::string message);

// Of what stands behind the '$' of a name, up to the next character that no name holds.
bool is_generated_suffix(const std::string& suffix);

// Whether the message still speaks of generated code, so that, as a note, it would help nobody.
bool speaks_of_generated_code(const std::string& message);

// "field 'Model::lock' is a 'std::mutex', which cannot be serialised", and what to do about it.
struct Refusal {
  std::string message;
  std::string advice;
};
// Of the note that tells what the library's check of a type has refused; nothing for any other.
// Of what a module's interface declares and does, the compiler writes nothing.
std::optional<Refusal> refusal_in(const std::string& note, bool is_module_interface);

}  // namespace ray::compiler

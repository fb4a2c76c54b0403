// OwnCodec is what a class is stored by in place of its fields: cereal's functions, a ray::codec,
// or what makes it a protobuf message. The rules are those of <ray/codec.h>.
#pragma once

#include <optional>
#include <string>

#include "clang/AST/DeclCXX.h"

namespace ray::compiler {

struct OwnCodec {
  std::string name;  // "serialize"
  clang::SourceLocation place;
  const clang::CXXRecordDecl* inherited_from = nullptr;  // whose it is, where it is a base's
  // A codec of all classes that meet some condition: whether this one does, is not known.
  bool is_conditional = false;
  const clang::FunctionDecl* function = nullptr;  // of cereal's, what stores it
};

// That of `record`; none where its fields are what travels.
std::optional<OwnCodec> find_own_codec(const clang::CXXRecordDecl& record);

}  // namespace ray::compiler

// OwnOptions are the options of ray-cc that clang does not have, as they are parsed and as --help
// shows them.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/two_pass_action.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

inline constexpr char kInsteadOf[] = "--instead-of";
inline constexpr char kReadRegistry[] = "--registry";

// The mode that `argument` asks for; none where it asks for none.
std::optional<OutputMode> output_mode(llvm::StringRef argument);

// What --help says before clang's own options.
std::string own_help();

}  // namespace ray::compiler

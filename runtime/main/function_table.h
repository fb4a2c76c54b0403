// The remote functions of this program as the runtime asks for them: by key, and as one hash by
// which a driver and its workers make sure that they are the same program.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>

namespace ray::main {

// Of all keys: equal where the same functions, with the same signatures, are linked.
std::uint64_t registry_hash();

}  // namespace ray::main

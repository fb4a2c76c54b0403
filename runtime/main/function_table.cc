#include "runtime/main/function_table.h"

#include <ray/internal/registry.h>

namespace ray::main {

std::uint64_t registry_hash() {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, over the keys in order
  for (const internal::FunctionRecord* function : internal::registered_functions()) {
    for (int shift = 0; shift < 64; shift += 8) {
      hash = (hash ^ (function->key >> shift & 0xff)) * 0x100000001b3;
    }
  }
  return hash;
}

}  // namespace ray::main

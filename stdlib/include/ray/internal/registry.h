// registry.h finds the records of remote functions that are linked into this process, and the text
// that lists them and the types that they are called with.
//
// Each shared object lists its own in the linker sections "ray_functions" and "ray_registry" and
// adds them before its first function runs; dlopen adds more. Threading: everything here may be
// called from any thread. Lifetime: a record lives as long as its shared object, which must not be
// unloaded.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <string_view>
#include <vector>

extern "C" {
[[gnu::weak,
  gnu::visibility("hidden")]] extern ray::internal::FunctionRecord* const __start_ray_functions[];
[[gnu::weak,
  gnu::visibility("hidden")]] extern ray::internal::FunctionRecord* const __stop_ray_functions[];
[[gnu::weak, gnu::visibility("hidden")]] extern const char __start_ray_registry[];
[[gnu::weak, gnu::visibility("hidden")]] extern const char __stop_ray_registry[];
}

namespace ray::inline v1::internal {

// Adds the records in [first, last), which may be null; a range that was added is not added again.
bool add_functions(FunctionRecord* const* first, FunctionRecord* const* last);

// Adds a record that is in no section, of the shared object that has that `functions_added`.
bool add_function(FunctionRecord& function, const bool* object);

// Adds the text in [first, last), which may be null: lines, with zero bytes between.
bool add_registry_text(const char* first, const char* last);

// The lines of all texts, as compiler/model/registry_line.h tells, each once.
std::vector<std::string_view> registry_lines();

// All records, ordered by key, each key once.
std::vector<FunctionRecord*> registered_functions();

// Null where no function has that key.
FunctionRecord* find_function(std::uint64_t key);

// The record of the function or member function that a pointer of the type with that tag points to.
FunctionRecord* find_function(const void* pointer, const void* type);

// One in each shared object, so that its section is known before main.
[[gnu::visibility("hidden")]] inline const bool functions_added =
    add_functions(__start_ray_functions, __stop_ray_functions);
[[gnu::visibility("hidden")]] inline const bool registry_text_added =
    add_registry_text(__start_ray_registry, __stop_ray_registry);

}  // namespace ray::inline v1::internal

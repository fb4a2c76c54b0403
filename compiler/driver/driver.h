// Driver is ray-cc's command line: clang++'s, and a few options of our own.
#pragma once

#include <string>

#include "llvm/ADT/ArrayRef.h"

namespace ray::compiler {

// Where things are, as `main` has found out.
struct DriverOptions {
  std::string program;        // path of the running binary
  std::string clang_program;  // clang's own binary
  std::string resource_dir;   // clang's own headers
  std::string include_dir;    // of ray/ray.h
  std::string library_dir;    // of libray.a and ray_main.o
  std::string overrides;      // edits of the command line, as clang's CCC_OVERRIDE_OPTIONS has them
};

// Runs ray-cc on argv and returns the exit status.
int run_driver(llvm::ArrayRef<const char*> arguments, const DriverOptions& options);

}  // namespace ray::compiler

// ray-cc: clang++ that understands [[ray::remote]].
#include <cstdlib>
#include <string>

#include "compiler/driver/driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"

namespace {

// The directory beside the binary's own where it holds `file`, else `fallback`.
std::string beside(const std::string& program, const char* directory, const char* file,
                   const char* fallback) {
  llvm::SmallString<256> path(llvm::sys::path::parent_path(llvm::sys::path::parent_path(program)));
  llvm::sys::path::append(path, directory);
  llvm::SmallString<256> probe(path);
  llvm::sys::path::append(probe, file);
  return llvm::sys::fs::exists(probe) ? path.str().str() : fallback;
}

}  // namespace

int main(int argc, const char** argv) {
  llvm::InitLLVM init(argc, argv);
  static int anchor;
  ray::compiler::DriverOptions options;
  options.program = llvm::sys::fs::getMainExecutable(argv[0], &anchor);
  options.clang_program = RAY_CLANG_PROGRAM;
  options.resource_dir = RAY_CLANG_RESOURCE_DIR;
  options.include_dir = beside(options.program, "include", "ray/ray.h", RAY_INCLUDE_DIR);
  options.library_dir = beside(options.program, "lib", "libray.a", RAY_LIBRARY_DIR);
  if (const char* overrides = std::getenv("CCC_OVERRIDE_OPTIONS")) options.overrides = overrides;
  return ray::compiler::run_driver(llvm::ArrayRef(argv, static_cast<std::size_t>(argc)), options);
}

"""How lit runs the tests of the compiler.

In a RUN line `%ray-cc` and `%ray-graph` are the programs under test, `%clangxx` the clang++ that
ray-cc must agree with, `%stdlib` the folder of <ray/ray.h>, `%build` the build tree. LLVM's own tools
(FileCheck, not, split-file, llvm-nm, ...) are called by name. `REQUIRES:` may ask for a program that
is not always installed (clangd-19, gdb, g++-12, dot), `UNSUPPORTED: sanitized` keeps a test out of
builds under sanitizers.
"""

import os
import shutil

import lit.formats

config.name = "ray-cc"
config.suffixes = [".cc", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_format = lit.formats.ShTest(execute_external=False)

config.environment["PATH"] = os.pathsep.join([config.llvm_tools_dir, os.environ["PATH"]])
config.environment["LC_ALL"] = "C"
config.environment["CCACHE_DISABLE"] = "1"
# Programs that link with an instrumented library are instrumented themselves.
if config.sanitize:
    config.environment["CCC_OVERRIDE_OPTIONS"] = "#+-fsanitize=" + config.sanitize
for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# Spaces count: a caret must stand under its token.
config.environment["FILECHECK_OPTS"] = "--strict-whitespace"

config.substitutions += [
    ("%ray-cc", config.ray_cc),
    ("%ray-graph", config.ray_graph),
    ("%clangxx", config.clangxx),
    ("%cmake", config.cmake),
    ("%stdlib", config.stdlib_include_dir),
    ("%build", config.build_dir),
]

for program in ("clangd-19", "gdb", "g++-12", "dot", "ccache"):
    if shutil.which(program):
        config.available_features.add(program)
if config.sanitize:
    config.available_features.add("sanitized")

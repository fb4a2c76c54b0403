"""How lit runs the tests of the compiler.

In a RUN line `%ray-cc` and `%ray-graph` are the programs under test, `%clangxx` the clang++ that
ray-cc must agree with, `%stdlib` the folder of <ray/ray.h>. LLVM's own tools (FileCheck, not,
split-file, llvm-nm, ...) are called by name.
"""

import os

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
]

#!/usr/bin/env python3
"""Checks every #include against allowed_edges.txt, and a few facts that a folder must not know.

    check_layers.py [ROOT]

Prints one `file:line: error: ...` for each violation and exits with 1 when there is one.
"""

import pathlib
import re
import sys

SOURCE_SUFFIXES = {".cc", ".h", ".cpp", ".hpp", ".inc"}
TOP_FOLDERS = ("compiler", "runtime", "stdlib", "tools", "test", "bench", "examples")
ABOVE_ALL = ("test", "bench", "examples")
EDGES_FILE = "tools/layers/allowed_edges.txt"

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
ENVIRONMENT = re.compile(r"\b(?:secure_)?getenv\s*\(|\bsetenv\s*\(|\bunsetenv\s*\(|\benviron\b")

# (headers, where they may be seen, what to call them)
CONFINED_HEADERS = [
    (re.compile(r"^(grpc|grpcpp|google/protobuf)/|\.pb\.h$"), ("runtime/rpc",), "gRPC and protobuf"),
    (re.compile(r"^boost/interprocess/"), ("runtime/ipc", "runtime/object_store"),
     "Boost.Interprocess"),
    (re.compile(r"^antlr4-"), ("compiler/options", "compiler/graph"), "ANTLR"),
    (re.compile(r"^(clang|clang-c|lld)/"),
     ("compiler/driver", "compiler/frontend", "compiler/sema", "compiler/graph/reader",
      "compiler/calls", "compiler/diagnostics", "compiler/mistakes", "tools"), "clang"),
    (re.compile(r"^(llvm|llvm-c)/"),
     ("compiler/driver", "compiler/frontend", "compiler/sema", "compiler/graph",
      "compiler/graph/reader", "compiler/calls", "compiler/diagnostics", "compiler/mistakes",
      "compiler/options", "tools"), "LLVM"),
]
# (layers, headers they must not see, why)
FORBIDDEN_HEADERS = [
    (("runtime/ownership", "runtime/scheduling"),
     re.compile(r"^(sys/|unistd\.h$|fcntl\.h$|pthread\.h$|mutex$|shared_mutex$|thread$"
                r"|condition_variable$|fstream$|absl/synchronization/)"),
     "it does no I/O and holds no lock"),
]
# The environment is read where processes are composed, and nowhere below.
ENVIRONMENT_READERS = ("tools", "runtime/main", "test", "bench", "examples")


class Layers:
    """The layers and the edges between them, as the edges file states them."""

    def __init__(self, text):
        self.names = set()
        self.in_tests = set()  # of the allowed: those for *_test.cc only
        edges = []
        for line in text.splitlines():
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            source, _, target = (part.strip() for part in line.partition("->"))
            if target.endswith(" in tests"):
                target = target.removesuffix(" in tests")
                self.in_tests.add((source, target))
            edges.append((source, target))
            self.names.update(name for name in (source, target) if name and "*" not in name)
        self.allowed = {(s, t) for source, target in edges if target
                        for s in self.expand(source) for t in self.expand(target)}

    def expand(self, name):
        if not name.endswith("/*"):
            return [name]
        return [n for n in self.names if n.startswith(name[:-1])]

    def of(self, path):
        """The deepest layer that `path`, relative to the root, is in, or its top folder."""
        parts = path.split("/")
        for length in range(len(parts) - 1, 0, -1):
            name = "/".join(parts[:length])
            if name in self.names:
                return name
        return parts[0] if len(parts) > 1 else ""

    def allows(self, source, target, is_test):
        edge = (source, target)
        return (source == target or source in ABOVE_ALL or
                edge in self.allowed and (is_test or edge not in self.in_tests))


def strip_comments(text):
    """Blanks comments and string contents out, so that only code is left; lines stay in place."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def blank(match):
        token = match.group(0)
        return "\n" * token.count("\n") if token.startswith("/") else '""'

    return pattern.sub(blank, text)


def target_path(header):
    """Where in the tree a header is, as a path from the root, or None for one from outside."""
    if header.startswith("ray/"):
        return "stdlib/include/" + header
    top = header.split("/", 1)[0]
    if top in TOP_FOLDERS + ("proto", "grammar") and "/" in header:
        return header
    return None


def check_include(layers, layer, header, is_test):
    """What is wrong with `header` being included from `layer`: a list of messages."""
    problems = []
    target = target_path(header)
    if target is not None:
        target_layer = layers.of(target)
        if not layers.allows(layer, target_layer, is_test):
            problems.append(f"{layer} must not include {target_layer} ('{header}'); "
                            f"the allowed edges are in {EDGES_FILE}")
    for pattern, places, name in CONFINED_HEADERS:
        if pattern.search(header) and not layer.startswith(ABOVE_ALL) and layer not in places:
            problems.append(f"{name} is seen only in {', '.join(places)}, not in {layer} "
                            f"('{header}')")
    for places, pattern, reason in FORBIDDEN_HEADERS:
        if layer in places and pattern.search(header):
            problems.append(f"{layer} must not include '{header}': {reason}")
    return problems


def check_file(layers, root, path):
    relative = path.relative_to(root).as_posix()
    layer = layers.of(relative)
    is_test = path.stem.endswith("_test") or path.stem.startswith("test_")
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            for problem in check_include(layers, layer, match.group(1) or match.group(2), is_test):
                yield relative, number, problem
    if layer.startswith(ENVIRONMENT_READERS) or is_test:
        return
    for number, line in enumerate(strip_comments(text).splitlines(), 1):
        if ENVIRONMENT.search(line):
            yield relative, number, (f"{layer} must not touch the environment: what it needs comes "
                                     "through an Options struct from main")


def check_tree(root):
    layers = Layers((root / EDGES_FILE).read_text(encoding="utf-8"))
    for top in TOP_FOLDERS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and path.is_file():
                yield from check_file(layers, root, path)


def main():
    default_root = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default_root
    count = 0
    for file, line, problem in check_tree(root):
        print(f"{file}:{line}: error: {problem}")
        count += 1
    if count:
        print(f"{count} layer violation{'s' if count > 1 else ''}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())

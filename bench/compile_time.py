#!/usr/bin/env python3
"""What ray-cc costs beside clang++ on the text that ray-cc makes of a file, as rows of a table.

usage: bench/compile_time.py RAY_CC
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.cc"))

# A header of one's own that comes first, as Google's style has it: all system headers come after an
# annotation.
OWN_HEADER = """#pragma once
#include <ray/ray.h>
[[ray::remote]] int declared_in_the_own_header(int x);
"""


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def medians(rounds, *commands):
    """Median seconds of each command, run in turns."""
    times = [[] for _ in commands]
    for _ in range(rounds):
        for command, taken in zip(commands, times):
            taken.append(seconds(command))
    return [statistics.median(taken) for taken in times]


class Comparison:
    def __init__(self, ray_cc, folder):
        self.ray_cc, self.folder = ray_cc, folder

    def of(self, source, rounds=5):
        """Seconds of ray-cc on `source`, and of clang++ on its rewritten text."""
        print(f"compiling {source.name} ...", file=sys.stderr)
        rewritten = self.folder / "rewritten.cc"
        rewritten.write_text(subprocess.run([self.ray_cc, "--rewrite", source], check=True,
                                            stdout=subprocess.PIPE, text=True).stdout)
        options = ["-std=c++20", "-O2", "-w", "-c", "-o", self.folder / "out.o"]
        include = ["-isystem", ROOT / "stdlib/include", "-I", source.parent, "-fno-access-control"]
        return medians(rounds, [self.ray_cc, *options, source],
                       ["clang++-19", *options, *include, rewritten])

    def of_plain(self, rounds=21):
        """The same of a file without annotations, which is its own rewritten text."""
        source = self.folder / "plain.cc"
        source.write_text("#include <algorithm>\n#include <iostream>\n#include <map>\n#include <regex>\n"
                          "int main() { std::map<int, std::regex> m; std::cout << m.size(); }\n")
        options = ["-std=c++20", "-O2", "-c", "-o", self.folder / "out.o", source]
        return medians(rounds, [self.ray_cc, *options], ["clang++-19", *options])

    def own_header_first(self, example):
        (self.folder / "own.h").write_text(OWN_HEADER)
        source = self.folder / example.name
        source.write_text('#include "own.h"\n\n' + example.read_text())
        return source

    def many_functions(self, count):
        source = self.folder / "many.cc"
        lines = ["#include <ray/ray.h>", "#include <string>", "#include <vector>"]
        for i in range(count):
            lines.append(f"[[ray::remote]] int f{i}(int x, const std::string& s, std::vector<double> v)"
                         f" {{ return x + static_cast<int>(s.size() + v.size()) + {i}; }}")
        lines.append("int main() { ray::init(); }")
        source.write_text("\n".join(lines) + "\n")
        return source


def row(title, ours, theirs):
    print(f"| {title} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f}x |", flush=True)
    return ours / theirs


def report(ray_cc):
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(ray_cc, pathlib.Path(folder))
        ratios = [row(f"compile {source.name}", *comparison.of(source)) for source in EXAMPLES]
        first = [row(f"compile {source.name}, own header first",
                     *comparison.of(comparison.own_header_first(source), rounds=3))
                 for source in EXAMPLES]
        print(f"| compile, median of {len(EXAMPLES)} examples | | | {statistics.median(ratios):.2f}x |")
        print(f"| the same, own header first | | | {statistics.median(first):.2f}x |")
        row("compile a file without annotations", *comparison.of_plain())
        row("compile 500 annotated functions", *comparison.of(comparison.many_functions(500), rounds=1))
        ours, theirs = medians(41, [ray_cc, "--version"], ["clang++-19", "--version"])
        print(f"| start of the compiler | {ours * 1e3:.0f} ms | {theirs * 1e3:.0f} ms |"
              f" {ours / theirs:.2f}x |")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    report(pathlib.Path(sys.argv[1]).resolve())

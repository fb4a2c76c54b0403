#!/usr/bin/env python3
"""Runs every benchmark and prints each figure beside its limit, measured in the same run.

usage: bench/run.py BUILD_FOLDER
"""

import pathlib
import re
import subprocess
import sys

import compile_time

# name: (what it is, name of its limit, how the ratio reads: "time" result/limit, "rate" limit's share)
ROWS = {
    "task_sync": ("task, sync round trip", "ring_sync", "time"),
    "task_async": ("tasks, async, one driver, one worker", "ring_async", "rate"),
    "actor_sync": ("actor call, sync round trip", "ring_sync", "time"),
    "actor_async": ("actor calls, async", "ring_async", "rate"),
    "put_8B": ("put of 8 B", None, None),
    "get_8B": ("get of 8 B", None, None),
    "put_1MiB": ("put of 1 MiB", "memcpy_1MiB", "rate"),
    "get_1MiB": ("get of 1 MiB", "memcpy_1MiB", "rate"),
    "view_1MiB": ("view of 1 MiB", None, None),
    "put_256MiB": ("put of 256 MiB", "memcpy_256MiB", "rate"),
    "get_256MiB": ("get of 256 MiB", "memcpy_256MiB", "rate"),
    "view_256MiB": ("view of 256 MiB", None, None),
    "init_to_first_result": ("init() to first result", None, None),
    "rss_daemon": ("resident memory, daemon", None, None),
    "rss_worker": ("resident memory, idle worker", None, None),
}


# Rows of fabric_bench that are limits of ours: which of its columns, in which unit.
RING_ROWS = {
    "sync, 32 B out, 8 B back": ("ring_sync", 2, "us"),
    "window 1024": ("ring_async", 3, "M/s"),
}


def measure_ring(command):
    """The bare ring, with the runtime's own wait policy: name -> (value, unit)."""
    figures = {}
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    row = re.compile(r"(.+?)\s+([\d.]+) us +best +[\d.]+ us +([\d.]+) M/s")
    for line in output.splitlines():
        match = row.match(line)
        if match and match[1] in RING_ROWS:
            name, column, unit = RING_ROWS[match[1]]
            value = float(match[column])
            figures[name] = (value * 1e6, "1/s") if unit == "M/s" else (value, unit)
    return figures


def measure(command):
    """The figures a benchmark prints: name -> (value, unit)."""
    figures = {}
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        fields = line.split("\t")
        if len(fields) == 3:
            figures[fields[0]] = (float(fields[1]), fields[2])
    return figures


def text(value, unit):
    if unit == "1/s":
        return f"{value / 1e6:.2f} M/s" if value >= 1e5 else f"{value / 1e3:.1f} k/s"
    return f"{value:.3g} {unit}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1]).resolve()
    print("measuring the bare ring ...", file=sys.stderr)
    figures = measure_ring([build / "bin/fabric_bench"])
    print("measuring the runtime ...", file=sys.stderr)
    figures |= measure([build / "bench/runtime_bench"])

    print("| what | measured | limit | ratio |\n| --- | --- | --- | --- |")
    for name, (title, limit, kind) in ROWS.items():
        value, unit = figures[name]
        bound = figures.get(limit) if limit else None
        ratio = ""
        if bound:
            ratio = f"{value / bound[0]:.1f}x" if kind == "time" else f"{100 * value / bound[0]:.0f}%"
        print(f"| {title} | {text(value, unit)} | {text(*bound) if bound else ''} | {ratio} |")

    compile_time.report(build / "bin/ray-cc")


if __name__ == "__main__":
    main()

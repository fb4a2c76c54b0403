#!/usr/bin/env python3
"""The few rules of style that a formatter does not know.

    check_style.py [ROOT]

Errors: a header without `#pragma once` or without an opening comment; a file named for no thing
(util, common, helper, manager); a tab or trailing blank; a file of more than 700 lines.
Warnings: a file of more than 500 lines. Exits with 1 when there is an error.
"""

import pathlib
import re
import sys

import check_layers

LINES_WARNING = 500
LINES_ERROR = 700
NO_NOUN = re.compile(r"(^|_)(utils?|common|helpers?|manager|misc)(_|$)")


def check_file(relative, text):
    """Yields (line, severity, message)."""
    path = pathlib.PurePosixPath(relative)
    lines = text.splitlines()
    if NO_NOUN.search(path.stem):
        yield 1, "error", f"'{path.name}' says nothing of what is in it: name the thing"
    if len(lines) > LINES_ERROR:
        yield len(lines), "error", f"{len(lines)} lines; at most {LINES_ERROR}"
    elif len(lines) > LINES_WARNING:
        yield len(lines), "warning", f"{len(lines)} lines; aim at 400"
    if path.suffix == ".h":
        if not any(line.startswith("#pragma once") for line in lines):
            yield 1, "error", "a header needs '#pragma once'"
        if not text.startswith("//"):
            yield 1, "error", "a header opens with '// X is ...': what it is, in one sentence"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "error", "a tab"
        if line != line.rstrip():
            yield number, "error", "blanks at the end of the line"


def main():
    default_root = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default_root
    errors = 0
    for top in check_layers.TOP_FOLDERS:
        for path in sorted((root / top).rglob("*")):
            relative = path.relative_to(root).as_posix()
            if path.suffix not in (".cc", ".h") or relative.startswith("test/lit/"):
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            for line, severity, message in check_file(relative, text):
                print(f"{relative}:{line}: {severity}: {message}")
                errors += severity == "error"
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

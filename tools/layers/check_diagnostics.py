#!/usr/bin/env python3
"""Checks that the table of diagnostics, their pages and their tests agree.

    check_diagnostics.py [ROOT]

Each row of compiler/model/diagnostics.def has a page in docs/diagnostics and a line in the table
there, which names tests in test/lit that expect the row's name in a message; and there is no page
without a row. What the library asserts to its users ends with such a name.
Prints one `error: ...` for each gap and exits with 1 when there is one.
"""

import pathlib
import re
import sys

ROW = re.compile(r'^RAY_(?:ERROR|WARNING|WARNING_ON_REQUEST)\(\w+, "([^"]+)", "([^"]+)"\)', re.M)

# An assertion with its text, which may be in several parts.
STRING = r'"(?:[^"\\]|\\.)*"\s*'
ASSERTION = re.compile(rf'(?:static_assert|diagnose_if)\([^;{{]*?((?:{STRING})+)(?:,\s*"error"\s*)?\)')
NAMELESS = {"the wire format is little-endian memory"}  # of the platform, not of what users write


def find_nameless(root, rows):
    """Yields a message for each assertion of the library that does not end with a row's name."""
    for header in sorted((root / "stdlib/include").rglob("*.h")):
        for match in ASSERTION.finditer(header.read_text(encoding="utf-8")):
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1]))
            name = re.search(r" \[-Wray-([a-z-]+)\]$", text)
            if text not in NAMELESS and (name is None or name[1] not in rows):
                yield f"{header.relative_to(root)}: '{text}' ends with no name of a diagnostic"


def find_gaps(root):
    """Yields a message for each."""
    rows = dict(ROW.findall((root / "compiler/model/diagnostics.def").read_text(encoding="utf-8")))
    pages = root / "docs/diagnostics"
    index = (pages / "README.md").read_text(encoding="utf-8")
    for name, about in rows.items():
        page = pages / f"{name}.md"
        if not page.exists():
            yield f"docs/diagnostics/{name}.md is missing"
        elif not page.read_text(encoding="utf-8").startswith(f"# -Wray-{name}\n"):
            yield f"docs/diagnostics/{name}.md is headed otherwise"
        line = re.search(rf"^\| \[{name}\]\({name}\.md\) \| {re.escape(about)}.* \| `(.+)` \|$", index,
                         re.M)
        if line is None:
            yield f"docs/diagnostics/README.md has no line '{name}' that says '{about}' and names a test"
            continue
        for path in line[1].split("`, `"):
            test = root / "test/lit" / path
            if not test.exists() or f"-Wray-{name}]" not in test.read_text(encoding="utf-8"):
                yield f"test/lit/{path} does not expect [-Wray-{name}]"
    yield from find_nameless(root, rows)
    for page in sorted(pages.glob("*.md")):
        if page.stem != "README" and page.stem not in rows:
            yield f"{page.relative_to(root)} is of no diagnostic"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    gaps = list(find_gaps(root if root.is_dir() else root.parents[2]))
    for gap in gaps:
        print(f"error: {gap}")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())

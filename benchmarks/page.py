"""The page that shows what was measured: each command writes between its own markers."""

from __future__ import annotations

import os
import platform
from pathlib import Path

__all__ = ["PAGE", "aligned", "machine", "put", "table"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "speed.md"


def machine() -> str:
    """Return the machine in general words: processor family, cores, system, Python."""
    cores = os.cpu_count() or 1
    return (
        f"{platform.machine()}, {cores} core{'s' if cores != 1 else ''}, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def aligned(header: list[str], rows: list[list[str]]) -> str:
    """Return the same table for a terminal."""
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [header, *rows]
    )


def put(name: str, text: str) -> None:
    """Replace what stands between the page's markers of this name.

    Raises
    ------
    SystemExit
        If the page lacks them.
    """
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(f"<!-- {name}: begin -->\n")
    _, ends, after = rest.partition(f"<!-- {name}: end -->\n")
    if not (found and ends):
        raise SystemExit(f"{PAGE.name} has no markers for {name!r}")
    PAGE.write_text(f"{before}{found}\n{text}\n\n{ends}{after}", encoding="utf-8")

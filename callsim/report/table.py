"""A table as a value, and its drawing as text that fits a width.

A table wider than the page is folded: the first column is repeated and the others go below, so that
nothing is cut off at 80 columns or in a pipe. The same table at the same width is the same text everywhere.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

__all__ = ["Column", "Report", "Table", "draw", "draw_report", "plain"]

_GAP = "  "
_NARROWEST_PAGE = 40
_NARROWEST_NAME = 12
_SUBSTITUTES = str.maketrans({"±": "+/-", "–": "-", "─": "-", "≤": "<=", "≥": ">=", "−": "-", "×": "x", "≈": "~"})


@dataclass(frozen=True)
class Column:
    """A column: what it shows (a line feed breaks the header) and in which unit."""

    title: str
    unit: str = ""
    words: bool = False
    """Its cells are words: aligned to the left, and the last column of a table may be wrapped."""


@dataclass(frozen=True)
class Table:
    """A titled table of text cells; the first column names the row. ``notes`` are printed below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What is shown of an experiment: a heading, what was done, tables, and how to read them."""

    heading: str
    done: tuple[str, ...]
    """Lines below the heading: how much was simulated."""
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    """Definitions, and where the figures come from."""


def draw_report(report: Report, width: int = 80) -> str:
    """Return a report as text no wider than ``width``; see `draw`."""
    width = max(width, _NARROWEST_PAGE)
    head = [textwrap.fill(line, width) for line in (report.heading, *report.done)]
    notes = [textwrap.fill(note, width, subsequent_indent="  ") for note in report.notes]
    parts = ["\n".join(head) + "\n", draw(report.tables, width)]
    if notes:
        parts.append("\n".join(notes) + "\n")
    return "\n".join(parts)


def draw(tables: tuple[Table, ...], width: int = 80) -> str:
    """Return the tables as text no wider than ``width``, an empty line between them.

    Parameters
    ----------
    tables : tuple of Table
        What to draw.
    width : int
        Characters in a line; below 40 it is taken as 40.

    Returns
    -------
    str
        Ends with a line feed; lines have no trailing blanks.

    Examples
    --------
    >>> print(draw((Table("Waits", (Column("queue"), Column("longest", "m:ss")), (("main", "1:05"),)),)), end="")
    Waits
           longest
    queue     m:ss
    ──────────────
    main      1:05
    """
    width = max(width, _NARROWEST_PAGE)
    return "\n".join(_draw_one(table, width) for table in tables)


def plain(text: str, encoding: str) -> str:
    """Return ``text`` with the few signs beyond ASCII written out if ``encoding`` cannot hold them."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_SUBSTITUTES).encode(encoding, "replace").decode(encoding)
    return text


def _draw_one(table: Table, width: int) -> str:
    widths = _natural_widths(table)
    widths[0] = min(widths[0], max(_NARROWEST_NAME, width // (2 if table.columns[-1].words else 3)))
    if table.columns[-1].words:
        taken = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
        widths[-1] = min(widths[-1], max(_NARROWEST_NAME, width - taken))
    blocks = ["\n".join(_block(table, widths, places)) for places in _folded(widths, width)]
    notes = [textwrap.fill(note, width, subsequent_indent="  ") for note in table.notes]
    title = textwrap.fill(table.title, width)
    text = title + "\n" + "\n\n".join(blocks) + ("\n\n" + "\n".join(notes) if notes else "")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _block(table: Table, widths: list[int], places: list[int]) -> list[str]:
    """Return the lines of some of the columns."""
    columns = [table.columns[place] for place in places]
    room = [widths[place] for place in places]
    left = [place == 0 or table.columns[place].words for place in places]
    headers = [[line for line in (*column.title.split("\n"), column.unit) if line] for column in columns]
    height = max(len(header) for header in headers)
    padded = [[""] * (height - len(header)) + header for header in headers]
    lines = [_line(cells, room, left) for cells in zip(*padded, strict=True)]
    lines.append("─" * (sum(room) + len(_GAP) * (len(room) - 1)))
    for row in table.rows:
        wrapped = [
            (textwrap.wrap(row[place], size) or [""]) if words else [row[place]]
            for place, size, words in zip(places, room, left, strict=True)
        ]
        lines.extend(_line(cells, room, left) for cells in zip_longest(*wrapped, fillvalue=""))
    return lines


def _line(cells: Sequence[str], room: Sequence[int], left: Sequence[bool]) -> str:
    padded = []
    for text, size, words in zip(cells, room, left, strict=True):
        blank = " " * (size - _cells(text))
        padded.append(text + blank if words else blank + text)
    return _GAP.join(padded)


def _natural_widths(table: Table) -> list[int]:
    texts = [[*column.title.split("\n"), column.unit] for column in table.columns]
    for row in table.rows:
        for column, cell in zip(texts, row, strict=True):
            column.append(cell)
    return [max(_cells(text) for text in column) for column in texts]


def _cells(text: str) -> int:
    """Return the columns of a screen that a text takes: East Asian wide signs take two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _folded(widths: list[int], width: int) -> list[list[int]]:
    """Return the columns of each block: the names first, then as many columns as fit."""
    blocks: list[list[int]] = []
    left = 0
    for place in range(1, len(widths)):
        needed = widths[place] + len(_GAP)
        if not blocks or needed > left:
            blocks.append([0])
            left = width - widths[0]
        blocks[-1].append(place)
        left -= needed
    return blocks or [[0]]

"""The report as a value: what stands on the page, every number already a text."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Block", "Cell", "Fact", "FileText", "Grid", "Head", "Line", "Page", "Picture", "Term"]


@dataclass(frozen=True)
class Cell:
    """One number: what is printed and what it says of itself."""

    text: str
    hover: str = ""
    same: bool = False
    """A difference whose interval holds zero."""


@dataclass(frozen=True)
class Head:
    """The header of a column of numbers."""

    title: str
    unit: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    label: str
    cells: tuple[Cell, ...]
    base: bool = False
    """The variant that the others are compared with."""


@dataclass(frozen=True)
class Term:
    """A word and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Grid:
    """A table of numbers."""

    key: str
    """Unique on the page, fit for an ``id``."""
    title: str
    corner: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    """The definitions of its columns."""


@dataclass(frozen=True)
class Picture:
    """A drawn figure."""

    key: str
    wide: str
    """An ``<svg>`` element made by our own figures, for a screen and A4; with `narrow`, the only text not escaped."""
    narrow: str
    """The same for a phone."""
    caption: str


@dataclass(frozen=True)
class Block:
    """A part of the page that is folded until somebody wants it."""

    key: str
    title: str
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Fact:
    """Something that is needed to repeat the work."""

    name: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class FileText:
    """A file that the figures were made from."""

    title: str
    text: str


@dataclass(frozen=True)
class Page:
    """Everything that the report says, in order."""

    title: str
    about: str
    answer: tuple[str, ...]
    """Two sentences."""
    done: tuple[str, ...]
    """How much was simulated."""
    reading: str
    main_title: str
    main: tuple[Grid, ...]
    pictures: tuple[Picture, ...]
    blocks: tuple[Block, ...]
    blocks_note: str
    terms: tuple[Term, ...]
    facts: tuple[Fact, ...]
    digests: Grid
    files: tuple[FileText, ...]

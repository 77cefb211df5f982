"""Where everything was written: a tree of nodes with file, line and column, and the problems it points at.

Every overlay (`extends`, `defaults`, variants, ``--set``) works on this tree, so a value keeps the place where it
was written whatever road it took. A scenario carries the tree it was made from as ``scenario.source``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callsim.errors import Problem

__all__ = ["Change", "Node", "Pathway", "Place", "Source", "WrittenText", "dotted", "nearest", "nearest_of", "plain"]

Pathway = tuple[str | int, ...]
"""A path inside a scenario: keys, and positions in lists."""


@dataclass(frozen=True)
class Place:
    """File, line and column, both counted from 1; line 0 for what was written on the command line."""

    file: str
    line: int
    column: int


class WrittenText(str):
    """A text of a scenario that knows the folder of the file in which it was written."""

    __slots__ = ("folder",)
    folder: Path

    def __new__(cls, text: str, folder: Path) -> WrittenText:
        """Make a text that was written in a file of ``folder``."""
        self = super().__new__(cls, text)
        self.folder = folder
        return self

    def __getnewargs__(self) -> tuple[str, Path]:  # type: ignore[override]  # a text has one argument, this one two
        """Say how a copy is made."""
        return str(self), self.folder


@dataclass(frozen=True)
class Node:
    """One value of a file: a mapping, a list or a single value, and where it stands."""

    place: Place
    value: Any = None
    """A single value: None, a truth value, a number or a text. Unused in mappings and lists."""
    text: str = ""
    """A single value exactly as written, without quotes."""
    entries: dict[str, Node] | None = None
    """A mapping's values by key, in the order of writing."""
    key_places: dict[str, Place] = field(default_factory=dict)
    items: tuple[Node, ...] | None = None
    """A list's values."""
    written_at: Pathway | None = None
    """The path under which it was written, if `defaults` or an overlay put it elsewhere."""
    flow: bool = False
    """Written between { } or [ ]."""

    @property
    def kind(self) -> str:
        """``mapping``, ``list`` or ``value``."""
        return "mapping" if self.entries is not None else "list" if self.items is not None else "value"

    def children(self) -> Iterator[tuple[str | int, Node]]:
        """Yield the keys or positions of a mapping or list with what is under them."""
        if self.entries is not None:
            yield from self.entries.items()
        elif self.items is not None:
            yield from enumerate(self.items)

    def child(self, part: str | int) -> Node | None:
        """Return what is under a key or a position, None if there is nothing."""
        if self.entries is not None:
            return self.entries.get(str(part))
        if self.items is not None and str(part).isdigit() and int(part) < len(self.items):
            return self.items[int(part)]
        return None


@dataclass(frozen=True)
class Change:
    """A value that a variant, a sweep or ``--set`` has put in the place of another, as texts."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Source:
    """The tree that a scenario was made from, and the changes that it went through."""

    root: Node
    file: str
    """The scenario's file as it was named."""
    changes: tuple[Change, ...] = ()
    """What variants, sweeps and ``--set`` changed, in order: `explain` shows ``41 -> 56``."""
    label: str = ""
    """Put before the path in messages: the name of the variant."""

    def node(self, path: Sequence[str | int]) -> Node | None:
        """Return the node at a path, None if nothing is written there."""
        node: Node | None = self.root
        for part in path:
            if node is None:
                return None
            node = node.child(part)
        return node

    def has(self, *path: str | int) -> bool:
        """Tell whether something is written at a path (defaults of the section included)."""
        return self.node(path) is not None

    def written(self, path: Sequence[str | int]) -> Pathway:
        """Return the parts of a path that the tree has one under another; see `problem`."""
        return _best_walk(self.root, tuple(path))

    def problem(
        self, path: Sequence[str | int], found: str, rule: str, advice: str = "", *, key: bool = False
    ) -> Problem:
        """Return a problem at a path, with the file, line and column where its value (or key) stands.

        Parts of the path that the file does not have are skipped: the problem then points at the last that it has.

        Parameters
        ----------
        path : sequence of str or int
            Such as ``("queues", "billing", "open")``.
        found, rule, advice : str
            The parts of the message: what stands there, what holds, what to do.
        key : bool
            Point at the key instead of its value.
        """
        place, written_at = self.locate(path, key=key)
        shown = dotted(written_at or path)
        return Problem(place.file, place.line, place.column, f"{self.label}{shown}", found, rule, advice)

    def locate(self, path: Sequence[str | int], *, key: bool = False) -> tuple[Place, Pathway | None]:
        """Return the place of a path, and the path under which it was written if that is another one."""
        steps = _best_walk(self.root, tuple(path))
        node, parent, part = self.root, self.root, None
        written_at: Pathway | None = None
        for step in steps:
            child = node.child(step)
            assert child is not None
            node, parent, part = child, node, step
            written_at = (*written_at, step) if written_at is not None else None
            written_at = node.written_at if node.written_at is not None else written_at
        if (key or node.kind == "mapping") and part is not None and str(part) in parent.key_places:
            return parent.key_places[str(part)], written_at
        return node.place, written_at


def _best_walk(node: Node, path: Pathway) -> Pathway:
    """Return the parts of ``path`` that exist in the tree one under another.

    Models have parts that files lack (a field that gathers free keys) and the other way round, so a part
    may be skipped; a walk that reaches the last part is best, then the longer one.
    """
    if not path:
        return ()
    skipped = _best_walk(node, path[1:])
    child = node.child(path[0])
    if child is None:
        return skipped
    taken = (path[0], *_best_walk(child, path[1:]))
    if len(path) > 1 and skipped[-1:] == path[-1:] != taken[-1:]:
        return skipped
    return taken if len(taken) >= len(skipped) else skipped


def plain(node: Node) -> Any:
    """Return the tree below a node as dicts, lists and single values; texts know their folder."""
    if node.entries is not None:
        return {key: plain(child) for key, child in node.entries.items()}
    if node.items is not None:
        return [plain(child) for child in node.items]
    if isinstance(node.value, str):
        return WrittenText(node.value, Path(node.place.file).parent if node.place.line else Path())
    return node.value


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as users write it: ``queues.billing.open``."""
    return ".".join(str(part) for part in path)


def nearest_of(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelt nearly like this one, None if there is none."""
    lower = {candidate.lower(): candidate for candidate in sorted(set(known))}
    close = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return lower[close[0]] if close else None


def nearest(name: str, known: Iterable[str], what: str = "") -> str:
    """Return advice for an unknown name: the nearest known one, or all of them.

    Examples
    --------
    >>> nearest("suport", ["support", "billing"])
    'did you mean support?'
    """
    names = sorted(set(known))
    meant = nearest_of(name, names)
    if meant is not None:
        return f"did you mean {meant}?"
    if not names:
        return f"there are no {what} yet" if what else ""
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"{what or 'known'}: {listed}" if len(names) > 1 else f"the only one is {listed}"

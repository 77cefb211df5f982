"""Changes of the node tree by paths: those of variants, sweeps and ``--set``.

Trees are never changed: each change makes a new tree that shares what it can with the old one. Paths are dotted,
``*`` stands for every name; a value that only the `defaults` of a section give can be addressed at each of its users.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterator

from callsim import units
from callsim.errors import Problem
from callsim.scenario.language.law_texts import is_law_text
from callsim.scenario.reading.overlay import SECTIONS, is_nothing, with_defaults
from callsim.scenario.reading.source import Change, Node, Pathway, Place, dotted, nearest
from callsim.units import UnitError

__all__ = ["Editor", "text_of"]

_KINDS = {
    "callers": "callers",
    "cases": "type of case",
    "customers": "kind of customers",
    "queues": "queue",
    "agents": "group",
    "shifts": "shift",
    "transfers": "transfers",
}
"""What the names of a section are names of."""


def text_of(node: Node) -> str:
    """Return a value as one would write it on one line."""
    if node.entries is not None:
        return "{" + ", ".join(f"{key}: {text_of(child)}" for key, child in node.entries.items()) + "}"
    if node.items is not None:
        return "[" + ", ".join(text_of(child) for child in node.items) + "]"
    return node.text


class Editor:
    """Applies changes to a tree one after another, and gathers the problems that they have.

    ``root`` is the tree so far (before `defaults` are spread), ``changes`` what was changed, ``problems`` what went
    wrong; ``label`` stands before the paths in messages.
    """

    def __init__(self, root: Node, label: str = "") -> None:
        self.root = root
        self.label = label
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def set(self, path: str, value: Node, place: Place) -> None:
        """Put a value where the path leads; only names must exist, other keys may be new."""
        for way in self._ways(path, place, new_name=False):
            before = self._at(way)
            self._put(way, value, place)
            self._note(way, before, value)

    def add(self, path: str, value: Node, place: Place) -> None:
        """Add what is not there yet: an entry, entries of a mapping, or items of a list."""
        for way in self._ways(path, place, new_name=True):
            before = self._at(way)
            if before is None:
                self._put(way, value, place)
            elif before.items is not None:
                more = value.items if value.items is not None else (value,)
                self._put(way, dataclasses.replace(before, items=(*before.items, *more)), place)
            elif before.entries is not None and value.entries is not None:
                self._add_entries(way, before, value, place)
            else:
                self._complain(
                    place, path, f"{text_of(before)} already", "add puts something new", "write it under set"
                )
                continue
            self._note(way, None, value)

    def _add_entries(self, way: Pathway, before: Node, value: Node, place: Place) -> None:
        assert before.entries is not None
        assert value.entries is not None
        for key, node in value.entries.items():
            if key in before.entries:
                rule, advice = "add puts something new", "write it under set, or give it another name"
                self._complain(value.key_places.get(key, place), dotted((*way, key)), f"{key} already", rule, advice)
            else:
                self._put((*way, key), node, value.key_places.get(key, place))

    def remove(self, path: str, place: Place) -> None:
        """Remove what the path leads to."""
        for way in self._ways(path, place, new_name=False):
            before = self._at(way)
            if before is None:
                parent = self._at(way[:-1])
                known = [str(part) for part, _ in parent.children()] if parent is not None else []
                self._complain(
                    place, path, "nothing there", "remove takes away what exists", nearest(str(way[-1]), known)
                )
                continue
            self._put(way, None, place)
            self._note(way, before, None)

    def scale(self, path: str, factor: Node, place: Place) -> None:
        """Multiply numbers, durations, shares and the durations of laws; heads round up, and persons grow with them."""
        try:
            by = units.factor(factor.value)
        except UnitError as error:
            self._complain(factor.place, path, error.found, error.rule, error.advice)
            return
        for way in self._ways(path, place, new_name=False):
            before = self._at(way)
            if before is None:
                advice = "scale multiplies what is written; write it under set"
                self._complain(place, path, f"nothing at {dotted(way)}", "there is no value to scale", advice)
                continue
            try:
                after = _scaled(before, by, _rounds_up(way))
            except UnitError as error:
                self._complain(place, path, error.found, error.rule, error.advice)
                continue
            self._put(way, after, place)
            self._note(way, before, after)
            self._scale_persons(way, by, place)

    def _scale_persons(self, way: Pathway, by: float, place: Place) -> None:
        """Let the people behind the heads grow with them, once for each group."""
        if way[0] != "agents" or way[-1] != "heads" or "shifts" not in way:
            return
        persons = (*way[:2], "persons")
        before = self._at(persons)
        already = any(change.path == dotted(persons) for change in self.changes)
        if before is None or before.kind != "value" or not isinstance(before.value, int) or already:
            return
        after = _scaled(before, by, round_up=True)
        self._put(persons, after, place)
        self._note(persons, before, after)

    def _note(self, way: Pathway, before: Node | None, after: Node | None) -> None:
        texts = (text_of(node) if node is not None else "" for node in (before, after))
        self.changes.append(Change(dotted(way), *texts))

    def _complain(self, place: Place, path: str, found: str, rule: str, advice: str = "") -> None:
        problem = Problem(place.file, place.line, place.column, f"{self.label}{path}", found, rule, advice)
        if problem not in self.problems:
            self.problems.append(problem)

    def _at(self, way: Pathway) -> Node | None:
        """Return the node at a path; what only `defaults` say counts for the names beside them."""
        node: Node | None = self.root
        for i, part in enumerate(way):
            assert node is not None
            child = node.child(part)
            if child is None and i == 2 and way[0] in SECTIONS and way[1] != "defaults":
                child = self._default(str(way[0]), str(way[1]), str(part))
            node = child
            if node is None:
                return None
        return node

    def _default(self, section: str, name: str, key: str) -> Node | None:
        """Return what `defaults` say for one name, unless it says the same in another way."""
        node = self.root.child(section)
        defaults, own = (node.child("defaults"), node.child(name)) if node is not None else (None, None)
        if defaults is None or own is None or defaults.child(key) is None:
            return None
        spread = with_defaults(section, own, defaults).child(key)
        return dataclasses.replace(spread, written_at=None) if spread is not None else None

    def _ways(self, path: str, place: Place, *, new_name: bool) -> list[Pathway]:
        """Return the paths that a dotted path with stars leads to; complain if a name does not exist."""
        parts = [part.strip() for part in path.split(".")]
        if not all(parts):
            self._complain(
                place, path, f"the path {path!r}", "a path is names joined by dots", "write queues.main.open"
            )
            return []
        ways: list[Pathway] = [()]
        for i, part in enumerate(parts):
            last = i == len(parts) - 1
            ways = [longer for way in ways for longer in self._steps(way, part, path, place, last and new_name)]
        if not ways and not any(problem.path == f"{self.label}{path}" for problem in self.problems):
            self._complain(place, path, "nothing that fits the path", "a star stands for names that exist", "")
        return ways

    def _steps(self, way: Pathway, part: str, path: str, place: Place, may_be_new: bool) -> Iterator[Pathway]:
        node = self._at(way)
        if part == "*":
            names = [name for name, _ in node.children() if name != "defaults"] if node is not None else []
            yield from ((*way, name) for name in names)
            return
        if node is not None and node.kind == "value" and not is_nothing(node):
            rule = f"{dotted(way)} is a single value, so nothing stands below it"
            self._complain(place, path, f"{part!r} below {node.text!r}", rule, f"set {dotted(way)} as a whole")
            return
        missing = node is None or node.child(part) is None
        if missing and _is_name(way, part) and not may_be_new:
            known = [str(name) for name, _ in node.children() if name != "defaults"] if node is not None else []
            kind = _KINDS["shifts" if way[0] == "agents" else "customers"] if len(way) == 3 else _KINDS[str(way[0])]
            self._complain(place, path, f"{part!r}", f"there is no {kind} of this name", nearest(part, known))
            return
        if missing and node is not None and node.items is not None:
            self._complain(place, path, f"{part!r}", f"{dotted(way)} is a list of {len(node.items)}", "count from 0")
            return
        yield (*way, part)

    def _put(self, way: Pathway, value: Node | None, place: Place) -> None:
        self.root = _replaced(self.root, way, value, place, self._at, ())


def _is_name(way: Pathway, part: str) -> bool:
    """Tell whether the next part of a path is a name that users give."""
    if part == "defaults":
        return False
    if len(way) == 1:
        return way[0] in SECTIONS or (way[0] == "transfers" and not part.startswith("to "))
    return len(way) == 3 and (way[0], way[2]) in {("agents", "shifts"), ("cases", "customers")}


def _replaced(
    node: Node | None,
    way: Pathway,
    value: Node | None,
    place: Place,
    look: Callable[[Pathway], Node | None],
    at: Pathway,
) -> Node:
    """Return the tree with one value put in (or taken out, for None); missing mappings are made."""
    part, rest = way[0], way[1:]
    here = (*at, part)
    if node is not None and node.items is not None:
        items = list(node.items)
        old = items.pop(int(part))
        if rest or value is not None:
            items.insert(int(part), _replaced(old, rest, value, place, look, here) if rest else value or old)
        return dataclasses.replace(node, items=tuple(items))
    known = node if node is not None and node.entries is not None else Node(place, entries={})
    entries, places, key = dict(known.entries or {}), dict(known.key_places), str(part)
    if rest:
        entries[key] = _replaced(look(here), rest, value, place, look, here)
        places.setdefault(key, place)
    elif value is not None:
        entries[key], places[key] = value, place
    elif key in entries:
        del entries[key]
    else:
        entries[key] = Node(place, None, "~")  # so that no default comes back
    return dataclasses.replace(known, entries=entries, key_places=places)


def _rounds_up(way: Pathway) -> bool:
    """Heads, persons, lines and limits are whole: scaled ones round up."""
    return any(part in {"heads", "staffing", "persons", "lines", "limit", "at_once"} for part in way)


_LAW_TIMES = frozenset({"law", "mean", "median", "scale", "value", "low", "mode", "high", "means", "values", "plus"})
"""In a law that is written as a mapping, these are durations."""


def _is_scalable(key: str, node: Node) -> bool:
    """Tell the name of a family from a law that is a whole text."""
    return key != "law" or len(node.text.split()) > 1


def _scaled(node: Node, by: float, round_up: bool) -> Node:
    """Return a value times a factor."""
    if node.entries is not None:
        touched = _LAW_TIMES if "law" in node.entries else frozenset(node.entries)
        entries = {
            key: _scaled(child, by, round_up) if key in touched and _is_scalable(key, child) else child
            for key, child in node.entries.items()
        }
        return dataclasses.replace(node, entries=entries)
    if node.items is not None:
        return dataclasses.replace(node, items=tuple(_scaled(n, by, round_up) for n in node.items))
    value: str | float | None = None
    if type(node.value) in {int, float}:
        value = _scaled_number(node.value, by, round_up)
    elif isinstance(node.value, str):
        value = _scaled_text(node.value, by)
    if value is None:
        raise UnitError(
            text_of(node) or "nothing", "only numbers, durations, shares and laws can be scaled", "write it under set"
        )
    text = value if isinstance(value, str) else units.format_number(value)
    return dataclasses.replace(node, value=value, text=text)


def _scaled_number(value: float, by: float, round_up: bool) -> float:
    scaled = value * by
    if round_up:
        return math.ceil(scaled - 1e-9)
    return int(scaled) if float(scaled).is_integer() else scaled


_DURATION_IN_TEXT = re.compile(
    rf"(?<![\w.])(?:\d+(?:\.\d+)?\s*(?:{'|'.join(units.UNIT_NAMES)})(?![a-z])\s*)+", re.IGNORECASE
)


def _scaled_text(text: str, by: float) -> str | None:
    """Return a duration, a share or a law times a factor; None for other texts."""
    if re.fullmatch(r"\d+(\.\d+)?\s*%", text.strip()):
        scaled = units.percentage(text) * by
        if scaled > 1:
            raise UnitError(
                f"{text} times {units.format_number(by)}", "a share is at most 100%", "choose a smaller factor"
            )
        return units.format_share(scaled)
    if is_law_text(text):
        return _DURATION_IN_TEXT.sub(lambda match: _scaled_duration(match[0], by), text)
    try:
        return _scaled_duration(text, by)
    except UnitError:
        return None


def _scaled_duration(text: str, by: float) -> str:
    """Return a duration times a factor, the blanks behind it kept."""
    blanks = text[len(text.rstrip()) :]
    return units.format_duration(round(units.duration(text) * by)) + blanks

"""YAML text to a tree of nodes with places: YAML 1.2, duplicates refused, every syntax problem in our own words.

The tree is built from parser events, without recursion: deep nesting, aliases inside their own anchors and aliases
that multiply (`Node.size`) are problems, not crashes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
import yamlcore

from callsim.errors import Problem, ScenarioError
from callsim.scenario.reading.source import Node, Place

__all__ = ["LARGEST_FILE", "parse", "read"]

LARGEST_FILE = 4_000_000
"""A scenario file has at most so many bytes."""
_DEEPEST = 40
_MOST_NODES = 300_000
_LOADER = yamlcore.CCoreLoader if yaml.__with_libyaml__ else yamlcore.CoreLoader


def read(path: Path, shown: str) -> tuple[Node, list[Problem]]:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        Where it is.
    shown : str
        How messages name it.

    Returns
    -------
    (Node, list of Problem)
        The tree, and problems that leave it usable (keys that come twice).

    Raises
    ------
    ScenarioError
        If the file is missing, too large, not UTF-8, or no YAML.
    """
    try:
        if path.is_dir():
            raise _refuse(shown, "a folder", "a scenario is a YAML file")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            rule = f"a scenario file has at most {LARGEST_FILE // 1_000_000} MB"
            raise _refuse(shown, f"{size / 1e6:.0f} MB", rule, "put large tables into CSV files and name them here")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _refuse(shown, "no such file", "a scenario file is needed", "check the name and the folder") from None
    except OSError as error:
        raise _refuse(shown, f"a file that cannot be read ({error.strerror})", "a scenario file is needed") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"the byte 0x{raw[error.start]:02x}, which is not UTF-8"
        problem = Problem(shown, line, column, "", found, "scenario files are UTF-8 text", "save the file as UTF-8")
        raise ScenarioError([problem]) from None
    return parse(text, shown)


def _refuse(shown: str, found: str, rule: str, advice: str = "") -> ScenarioError:
    return ScenarioError([Problem(shown, 0, 0, "", found, rule, advice)])


def parse(text: str, shown: str, *, placed: bool = True) -> tuple[Node, list[Problem]]:
    """Parse YAML text, see `read`; ``placed=False`` for texts of the command line, which have no lines."""
    builder = _Builder(shown, placed)
    loader = _LOADER(io.StringIO(text))
    builder.loader = loader
    try:
        while True:
            event = loader.get_event()
            if event is None or isinstance(event, yaml.StreamEndEvent):
                break
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([*builder.problems, _syntax(error, text, shown, placed)]) from None
    except yaml.YAMLError as error:
        raise ScenarioError([*builder.problems, _unreadable(error, text, shown)]) from None
    finally:
        loader.dispose()
    root = builder.root
    if root is None:
        raise _refuse(shown, "an empty file", "a scenario is needed", "start with: run, queues, agents, callers")
    return root, builder.problems


@dataclass
class _Frame:
    """A mapping or list that is not closed yet."""

    place: Place
    mapping: bool
    anchor: str | None
    flow: bool
    entries: dict[str, Node] = field(default_factory=dict)
    key_places: dict[str, Place] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: str | None = None
    size: int = 1


class _Builder:
    """Builds the tree event by event."""

    def __init__(self, shown: str, placed: bool) -> None:
        self.shown, self.placed = shown, placed
        self.loader: Any = None
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "a second document (---)", "a scenario file holds one", "put it into its own file")
        elif isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._frames.pop()
            node = Node(
                frame.place,
                entries=frame.entries if frame.mapping else None,
                key_places=frame.key_places,
                items=None if frame.mapping else tuple(frame.items),
                flow=frame.flow,
            )
            self._add(node, frame.anchor, frame.size, event)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None or not self.placed:
            return Place(self.shown, 0, 0)
        return Place(self.shown, mark.line + 1, mark.column + 1)

    def _stop(self, event: yaml.Event, found: str, rule: str, advice: str = "") -> None:
        place = self._place(event)
        problem = Problem(place.file, place.line, place.column, "", found, rule, advice)
        raise ScenarioError([*self.problems, problem])

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.mapping and frame.key is None:
            advice = "quote a text that begins with { or ["
            self._stop(event, "a list or mapping as a key", "keys are texts", advice)
        if len(self._frames) >= _DEEPEST:
            self._stop(event, f"more than {_DEEPEST} levels of nesting", "a scenario is flatter")
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._check_tag(event)
        self._frames.append(_Frame(self._place(event), mapping, event.anchor, bool(event.flow_style)))

    def _check_tag(self, event: Any) -> None:
        if event.tag not in {None, "!"} and not str(event.tag).startswith("tag:yaml.org,2002:"):
            self._stop(event, f"the tag {event.tag}", "tags have no meaning in a scenario", "leave it out")

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_tag(event)
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.mapping and frame.key is None:
            self._take_key(frame, event)
        else:
            node = Node(self._place(event), self._value(event), event.value)
            self._add(node, event.anchor, 1, event)

    def _take_key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        key, place = event.value, self._place(event)
        if key in frame.key_places:
            first = frame.key_places[key]
            rule = f"it stands already in line {first.line}" if first.line else "it comes twice"
            path = ".".join(str(f.key) for f in self._frames[:-1] if f.key is not None)
            shown = f"{path}.{key}" if path else key
            self.problems.append(
                Problem(
                    place.file, place.line, place.column, shown, f"the key {key!r} again", rule, "write each key once"
                )
            )
        frame.key = key
        frame.key_places.setdefault(key, place)

    def _value(self, event: yaml.ScalarEvent) -> Any:
        """Return the value that YAML 1.2 gives to a text."""
        if event.style:
            return event.value
        tag = event.tag or self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, yaml.YAMLError):
            return event.value

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.mapping and frame.key is None:
            self._stop(event, "an alias as a key", "keys are texts", "quote a text that begins with *")
        name = str(event.anchor)
        if name not in self._anchors:
            open_anchors = {frame.anchor for frame in self._frames}
            rule = "it stands inside its own anchor" if name in open_anchors else "nothing above has this anchor"
            self._stop(event, f"the alias *{name}", rule, "quote a text that begins with *")
        node, size = self._anchors[name]
        self._add(node, None, size, event)

    def _add(self, node: Node, anchor: str | None, size: int, event: yaml.Event) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, size)
        if not self._frames:
            self.root = node
            return
        frame = self._frames[-1]
        frame.size += size
        if frame.size > _MOST_NODES:
            self._stop(
                event, f"more than {_MOST_NODES} values", "a scenario is smaller", "put large tables into CSV files"
            )
        if not frame.mapping:
            frame.items.append(node)
        elif frame.key is not None:
            frame.entries.setdefault(frame.key, node)
            frame.key = None


_SYNTAX = (
    ("mapping values are not allowed", "a colon that does not belong here", "a value may not hold a colon and a blank",
     "put the value in quotes, or correct the indentation"),
    ("cannot start any token", "a sign that cannot begin a value", "it has a meaning of its own in YAML",
     "put the value in quotes"),
    ("did not find expected ',' or '}'", "a { that is not closed, or a missing comma", "entries stand as {a: 1, b: 2}",
     "close the bracket or add the comma"),
    ("did not find expected ',' or ']'", "a [ that is not closed, or a missing comma", "entries stand as [a, b]",
     "close the bracket or add the comma"),
    ("did not find expected key", "a line that does not fit those above", "keys of one section stand below each other",
     "correct the indentation, or close a quote or bracket above"),
    ("did not find expected '-' indicator", "a line that does not fit the list above", "each entry begins with a dash",
     "correct the indentation"),
    ("could not find expected ':'", "a key without a colon", "a line is `key: value`", "add a colon and a blank"),
    ("unexpected end of stream", "the end of the file inside a quoted text", "quotes come in pairs", "close the quote"),
    ("did not find expected node content", "a comma or bracket without a value", "each comma stands between two values",
     "remove it, or add the value"),
    ("unknown escape character", "a backslash in double quotes", "it has a meaning of its own there",
     "use single quotes"),
    ("block sequence entries are not allowed", "a dash that does not belong here", "list entries begin their own lines",
     "begin a new line"),
)  # fmt: skip
"""What the parser says, and what we say: found, rule, advice."""


def _syntax(error: yaml.MarkedYAMLError, text: str, shown: str, placed: bool) -> Problem:
    """Return a syntax error in our own words."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None and placed else (0, 0)
    lines = text.splitlines()
    before = lines[mark.line][: mark.column + 1] if mark is not None and mark.line < len(lines) else ""
    if "cannot start any token" in str(error.problem) and "\t" in before:
        return Problem(shown, line, column, "", "a tab", "lines are indented with blanks", "replace tabs by blanks")
    if "expected node content" in str(error.problem) and mark is not None and mark.line >= len(lines):
        found = "the end of the file inside { } or [ ]"
        return Problem(shown, line, column, "", found, "brackets come in pairs", "close the bracket")
    for says, found, rule, advice in _SYNTAX:
        if says in str(error.problem):
            return Problem(shown, line, column, "", found, rule, advice)
    return Problem(shown, line, column, "", f"a text that is not YAML ({error.problem})", "scenarios are YAML 1.2")


def _unreadable(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    """Return the problem of a control character."""
    match = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    position = match.start() if match else 0
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    found = f"the control character {text[position : position + 1]!r}" if match else f"unreadable text ({error})"
    return Problem(shown, line, column, "", found, "scenario files are plain text", "remove it")

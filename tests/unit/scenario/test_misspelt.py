"""Mending misspelt keys in a tree of nodes, by hand."""

from __future__ import annotations

from typing import Any

from pydantic_core import ValidationError

from callsim.scenario.reading.misspelt import mended
from callsim.scenario.reading.source import Pathway, Source, plain
from callsim.scenario.reading.translate import misspelt
from callsim.scenario.reading.tree import parse

TEXT = """\
agents:
  team: {heds: 3, answers: [main]}
  other: {heds: 4, heads: 5}
  third: {haeds: 6, heds: 7}
list:
  - {evry: 1}
  - {every: 2}
"""


def test_key_is_spelt_as_meant_and_stands_once() -> None:
    """A key is renamed in its place; beside the right one, or a second like it, it goes. The rest is as it was."""
    root, _ = parse(TEXT, "desk.yaml")
    meant: dict[Pathway, str] = {
        ("agents", "team", "heds"): "heads",
        ("agents", "other", "heds"): "heads",
        ("agents", "third", "haeds"): "heads",
        ("agents", "third", "heds"): "heads",
        ("list", 0, "evry"): "every",
    }
    assert plain(mended(root, meant)) == {
        "agents": {"team": {"heads": 3, "answers": ["main"]}, "other": {"heads": 5}, "third": {"heads": 6}},
        "list": [{"every": 1}, {"every": 2}],
    }


def test_mended_key_keeps_its_place() -> None:
    """Messages point at the key and the value that were written."""
    root, _ = parse(TEXT, "desk.yaml")
    team = mended(root, {("agents", "team", "heds"): "heads"}).child("agents").child("team")  # type: ignore[union-attr]
    assert team is not None
    assert (team.key_places["heads"].line, team.key_places["heads"].column) == (2, 10)
    assert team.child("heads").place.column == 16  # type: ignore[union-attr]
    assert list(team.entries or {}) == ["heads", "answers"]


def test_nothing_is_mended_where_nothing_is_misspelt() -> None:
    """Without misspelt keys the tree is the same one."""
    root, _ = parse(TEXT, "desk.yaml")
    assert mended(root, {}) == root


def test_key_that_is_spelt_right_and_refused_is_not_mended() -> None:
    """Else it would be mended for ever: looking again would find the same."""
    root, _ = parse(TEXT, "desk.yaml")
    refused: list[Any] = [
        {"type": "extra_forbidden", "loc": ("agents", "other", key), "input": 4} for key in ("heds", "heads")
    ]
    error = ValidationError.from_exception_data("a scenario", refused)
    assert misspelt(error, Source(root, "desk.yaml")) == {("agents", "other", "heds"): "heads"}

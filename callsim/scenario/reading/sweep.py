"""Sweeps: the values of each label, and every combination of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from callsim import units
from callsim.errors import Problem
from callsim.scenario.models.experiment import Range
from callsim.scenario.reading.source import Node, Source, nearest
from callsim.units import UnitError

__all__ = ["MOST_COMBINATIONS", "Axis", "Combination", "axes", "combinations"]

MOST_COMBINATIONS = 1000
"""A sweep has at most so many combinations."""


@dataclass(frozen=True)
class Axis:
    """One label of a sweep: where its values go, and the values."""

    label: str
    path: str
    values: tuple[Node, ...]


@dataclass(frozen=True)
class Combination:
    """One value for each label."""

    settings: tuple[tuple[Axis, Node], ...]

    @property
    def name(self) -> str:
        """The labels with their values: ``heads 9, late starts at 10:30``."""
        return ", ".join(f"{axis.label} {value.text}" for axis, value in self.settings)


def axes(source: Source, problems: list[Problem]) -> list[Axis]:
    """Return the labels of the sweep in an experiment's tree; what is wrong is appended to ``problems``."""
    node = source.node(("sweep",))
    if node is None or node.entries is None:
        return []
    found = []
    for label, child in node.entries.items():
        axis = _axis(source, label, child, problems)
        if axis is not None:
            found.append(axis)
    total = math.prod(len(axis.values) for axis in found)
    if total > MOST_COMBINATIONS:
        rule = f"a sweep has at most {MOST_COMBINATIONS}"
        problems.append(source.problem(("sweep",), f"{total} combinations", rule, "try fewer values", key=True))
        return []
    return found


def combinations(found: list[Axis]) -> Iterator[Combination]:
    """Yield every combination, the last label changing fastest; none without labels."""
    if found:
        for values in itertools.product(*(axis.values for axis in found)):
            yield Combination(tuple(zip(found, values, strict=True)))


def _axis(source: Source, label: str, node: Node, problems: list[Problem]) -> Axis | None:
    way: tuple[str, ...] = ("sweep", label)
    path = label
    range_keys = set(Range.model_fields)
    if node.entries is not None and not set(node.entries) & range_keys:
        if len(node.entries) != 1:
            rule = "a label has one path with its values"
            problems.append(source.problem(way, f"{len(node.entries)} paths", rule, "give each path a label", key=True))
            return None
        path, node = next(iter(node.entries.items()))
        way = (*way, path)
    if node.items is not None:
        if not node.items:
            problems.append(
                source.problem(way, "an empty list", "a sweep needs values", "write a list such as [9, 11, 13]")
            )
            return None
        return Axis(label, path, tuple(_labelled(item) for item in node.items))
    if node.entries is None:
        advice = "write a list such as [9, 11, 13], or {first: 9, last: 13, step: 2}"
        problems.append(source.problem(way, repr(node.text), "a sweep needs several values", advice))
        return None
    return _range(source, way, label, path, node, problems)


def _labelled(node: Node) -> Node:
    """Return a value with a text to show."""
    if node.kind == "value":
        return node
    from callsim.scenario.reading.editor import text_of

    return Node(node.place, text=text_of(node), entries=node.entries, key_places=node.key_places, items=node.items)


def _range(
    source: Source, way: tuple[str, ...], label: str, path: str, node: Node, problems: list[Problem]
) -> Axis | None:
    """Return the values of ``{first, last, step}``."""
    entries = node.entries or {}
    for key in entries:
        if key not in Range.model_fields:
            advice = nearest(key, Range.model_fields)
            problems.append(
                source.problem((*way, key), f"unknown key {key!r}", "a range is first, last, step", advice, key=True)
            )
            return None
    missing = [key for key in Range.model_fields if key not in entries]
    if missing:
        advice = "write it like {first: 10:30, last: 14:30, step: 1h}"
        problems.append(source.problem(way, f"no {missing[0]}", "a range is first, last, step", advice, key=True))
        return None
    first, last, step = (entries[key] for key in Range.model_fields)
    try:
        values = _values(first, last, step)
    except UnitError as error:
        problems.append(source.problem(way, error.found, error.rule, error.advice, key=True))
        return None
    return Axis(label, path, values)


def _values(first: Node, last: Node, step: Node) -> tuple[Node, ...]:
    """Return the values from first to last, which is met if the step fits."""
    for read, read_step, write in _KINDS:
        try:
            low, high = read(first.value), read(last.value)
        except UnitError:
            continue
        by = read_step(step.value)
        if by <= 0 or high < low:
            raise UnitError(f"{first.text} to {last.text} by {step.text}", "a range goes up, by a step above 0")
        n = math.floor((high - low) / by + 1e-9) + 1
        if n > MOST_COMBINATIONS:
            raise UnitError(
                f"{n} values", f"a sweep has at most {MOST_COMBINATIONS} combinations", "take a larger step"
            )
        return tuple(_node(first, write(low + i * by)) for i in range(n))
    found = f"{first.text} to {last.text}"
    raise UnitError(found, "first and last are both numbers, durations, shares or times", "write them in the same unit")


def _node(first: Node, value: str | float) -> Node:
    text = value if isinstance(value, str) else units.format_number(value)
    return Node(first.place, value, text)


def _minutes(value: object) -> float:
    return units.duration(value) / units.MINUTE


def _plain_number(value: float) -> float:
    rounded = round(value, 9)
    return int(rounded) if rounded.is_integer() else rounded


_KINDS = (
    (units.number, units.number, _plain_number),
    (units.clock_time, _minutes, lambda value: units.format_clock(round(value))),
    (units.share, units.share, units.format_share),
    (units.duration, units.duration, lambda value: units.format_duration(round(value))),
)
"""Kinds of range: how ends and step are read, and how a value is written."""

"""The node tree read with tolerance, for checks that report together with wrong types and units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from callsim.scenario.language.faults import Faults
from callsim.scenario.reading.source import Node, Pathway, Source
from callsim.units import UnitError

__all__ = ["View", "kind_ways", "reasons"]


class View:
    """The tree, read with tolerance: what has the wrong shape is as if it were not there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problem = source.problem
        self.queues = self.names("queues")
        self.callers = self.names("callers")
        self.agents = self.names("agents")
        self.cases = self.names("cases")
        self.has_volumes = source.has("volumes")

    def names(self, *path: str | int) -> list[str]:
        """Return the keys of a mapping."""
        node = self.source.node(path)
        return list(node.entries) if node is not None and node.entries is not None else []

    @property
    def case_streams(self) -> list[str]:
        """Names of the streams of cases: a type's own, or one for each kind of its customers."""
        return [
            name
            for case in self.cases
            for name in [f"{case}: {kind}" for kind in self.names("cases", case, "customers")] or [case]
        ]

    def is_misshapen(self, section: str) -> bool:
        """Tell whether a section is written, but not as a mapping; the models report that."""
        node = self.source.node((section,))
        return node is not None and node.kind != "mapping"

    def has(self, *path: str | int) -> bool:
        """Tell whether something but nothing at all is written at a path."""
        node = self.source.node(path)
        return node is not None and not (node.kind == "value" and node.value is None)

    def node(self, *path: str | int) -> Node | None:
        """Return a node."""
        return self.source.node(path)

    def text(self, *path: str | int) -> str | None:
        """Return a single value as a text."""
        node = self.source.node(path)
        return node.text.strip() if node is not None and node.kind == "value" and node.value is not None else None

    def read(self, reader: Callable[[Any], Any], *path: str | int) -> Any:
        """Return a value read with a reader of `units`, None if it cannot be read."""
        node = self.source.node(path)
        if node is None:
            return None
        value = [item.value for item in node.items] if node.items is not None else node.value
        try:
            return reader(value)
        except (UnitError, Faults):
            return None

    def listed(self, *path: str | int) -> Iterator[tuple[Pathway, str]]:
        """Yield path and text of a name, or of each name of a list."""
        node = self.source.node(path)
        if node is None:
            return
        if node.items is not None:
            yield from (((*path, i), item.text) for i, item in enumerate(node.items) if item.kind == "value")
        elif node.kind == "value" and node.value is not None:
            yield path, node.text.strip()


def kind_ways(view: View, case: str) -> list[Pathway]:
    """Return where each kind of customers of a type of case is written; without any, where the type is."""
    way: Pathway = ("cases", case)
    return [(*way, "customers", kind) for kind in view.names(*way, "customers")] or [way]


def reasons(view: View) -> list[str]:
    """Return the names of the reasons for transfers."""
    return [name for name in view.names("transfers") if name != "defaults" and not name.startswith("to ")]

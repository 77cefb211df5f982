"""What an experiment found: the tidy rows and the evidence behind them, as one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from callsim.errors import CallsimError
from callsim.experiments.estimates import Row
from callsim.experiments.replicate import Replicated
from callsim.experiments.settings import check_measure

__all__ = ["Findings", "Shown", "shown"]


@dataclass(frozen=True)
class Shown:
    """A figure that a table shows: a measure of the whole centre or of one queue."""

    name: str
    scope: Mapping[str, str]

    def __str__(self) -> str:
        """Return it as it is written: ``service_level(billing)``."""
        inside = ", ".join(self.scope.values())
        return f"{self.name}({inside})" if inside else self.name


@dataclass(frozen=True)
class Findings:
    """The answer to `run` or `compare`."""

    name: str
    """Of the scenario or the experiment."""
    base: str
    """The variant that the others are compared with; the only one of a run."""
    every_row: tuple[Row, ...]
    """Of every variant, then the paired differences to the base."""
    replicated: Replicated
    seed: int
    level: float
    measures: tuple[str, ...] = ()
    """Names of the measures that were asked for; empty: all."""
    by: tuple[str, ...] = ()
    """What rows are split by besides the usual scopes."""
    show: tuple[Shown, ...] = ()
    """What tables are to show; empty: the usual."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the measures that were asked for."""
        return tuple(row for row in self.every_row if not self.measures or row.name in self.measures)

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants in the order of the experiment, the base first."""
        return tuple(self.replicated.plans)

    def row(self, name: str, scope: Mapping[str, str | int], variant: str = "", versus: str = "") -> Row | None:
        """Return one row, or None if the measure does not exist in this scope."""
        return self._by_key.get((variant or self.base, versus, name, frozenset(scope.items())))

    @cached_property
    def _by_key(self) -> dict[tuple[object, ...], Row]:
        """The rows by what they are about: a table asks hundreds of times."""
        return {(row.variant, row.versus or "", row.name, frozenset(row.scope.items())): row for row in self.every_row}


def shown(text: str, queues: tuple[str, ...]) -> Shown:
    """Read a measure as it is written in ``show`` or ``until``: ``wait_p90`` or ``service_level(billing)``.

    Raises
    ------
    CallsimError
        If there is no such measure or queue.
    """
    found = re.fullmatch(r"\s*([\w.]+)\s*(?:\(\s*(.+?)\s*\))?\s*", text)
    if found is None:
        raise CallsimError(f"show: found {text!r}; write a measure such as wait_p90 or service_level(billing)")
    name, queue = found[1], found[2]
    check_measure(name)
    if queue is not None and queue not in queues:
        raise CallsimError(f"show: found {text!r}; there is no queue {queue!r}; queues are: {', '.join(queues)}")
    return Shown(name, {} if queue is None else {"queue": queue})

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
from callsim.measures import measure_named
from callsim.plan.plan import Plan

__all__ = ["Findings", "Shown", "case_names", "shown"]


@dataclass(frozen=True)
class Shown:
    """A figure that a table shows: a measure of the whole centre or of one queue; of cases, of all or of a type."""

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


def shown(text: str, queues: tuple[str, ...], cases: Mapping[str, tuple[str, ...]] | None = None) -> Shown:
    """Read a measure as it is written in ``show`` or ``until``: ``wait_p90`` or ``service_level(billing)``.

    Parameters
    ----------
    text : str
    queues : tuple of str
        Names of the queues.
    cases : mapping of str to tuple of str, optional
        "cases" and "customers" -> their names, for measures of cases; see `case_names`.

    Raises
    ------
    CallsimError
        If there is no such measure, queue, type of case or kind of customer.
    """
    found = re.fullmatch(r"\s*([\w.]+)\s*(?:\(\s*(.+?)\s*\))?\s*", text)
    if found is None:
        raise CallsimError(f"show: found {text!r}; write a measure such as wait_p90 or service_level(billing)")
    name, inside = found[1], found[2]
    check_measure(name)
    of_cases = measure_named(name).of_cases
    if of_cases and not any((cases or {}).values()):
        raise CallsimError(f"show: found {text!r}; it is a measure of cases, and the scenario has none")
    if inside is None:
        return Shown(name, {})
    if of_cases:
        members = cases or {}
        kind = next((kind for kind, names in members.items() if inside in names), None)
        if kind is None:
            known = ", ".join(dict.fromkeys(name for names in members.values() for name in names))
            raise CallsimError(f"show: found {text!r}; there is no type of case {inside!r}; types are: {known}")
        return Shown(name, {kind: inside})
    if inside not in queues:
        raise CallsimError(f"show: found {text!r}; there is no queue {inside!r}; queues are: {', '.join(queues)}")
    return Shown(name, {"queue": inside})


def case_names(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the names that measures of cases may have in brackets: of types of case, and of kinds of customers."""
    streams = tuple(plan.streams.names[stream] for stream in plan.cases.stream)
    return {"cases": plan.cases.types, "customers": streams}

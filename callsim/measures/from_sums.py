"""From the sums of a run that kept no log to its measures: the same, to the last bit, as from the log.

What ``reduction.py`` counts row by row the engine has added up by columns, as the reader `Wanted` it (``wanted.py``).
Here the columns of each part of the measures are found. This costs a replication some ten microseconds, however long
it was: few operations, each part when it is asked for, and whatever the replications of a plan share is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.measures.catalogue import PARTS, SCOPES
from callsim.measures.part import Part
from callsim.measures.reduction import Measures, check_breakdowns
from callsim.measures.service_level import service_level_text
from callsim.measures.sum_checks import SumChecks
from callsim.measures.sums import CELL_KINDS, Histogram, cells, sum_by
from callsim.measures.wanted import wanted_sums
from callsim.plan.finest import Target, columns_of_part, targets
from callsim.plan.plan import Plan
from callsim.runlog.sums import BIN_MASK, BINS, KEY_SHIFT, RunSums

__all__ = ["SumsReader", "added_up", "from_sums"]

Int64 = npt.NDArray[np.int64]


def from_sums(plan: Plan, sums: RunSums) -> Measures:
    """Return the measures of a run that kept no log.

    Parameters
    ----------
    plan : Plan
        The plan that was run.
    sums : RunSums

    Returns
    -------
    Measures
        Exactly what `callsim.measures.measure` makes of the log, for the breakdowns in ``sums.by``.

    Raises
    ------
    ScenarioError
        If a breakdown is unknown.
    """
    return SumsReader(plan, sums.by).measures(sums)


class _Place(NamedTuple):
    """Where a part of the measures stands in the sums."""

    bins: int | Target
    """Among the bins; or, of a breakdown, where the waits by finest key count."""
    columns: slice
    shape: tuple[int, int]
    """Members and cells."""


def added_up(sums: RunSums, target: Target) -> tuple[Int64, Int64]:
    """Return the bins of a breakdown, as `RunSums.bins` has those of kinds of scope.

    Parameters
    ----------
    sums : RunSums
    target : Target
        Where the waits of each finest key count.

    Returns
    -------
    (int64[place], int64[place])
        (member * cells + cell) * BINS + bin, ascending, and the number of calls.
    """
    entry = sums.waits
    calls = np.ones(len(entry), np.int64)
    calls[: len(sums.calls)] = sums.calls
    new = target.key[entry >> KEY_SHIFT]
    kept = new < target.n
    waitless = sum_by(target.key[target.own], sums.waitless[target.own], target.n + 1)[: target.n]
    occurs = np.flatnonzero(waitless)
    position = np.concatenate((occurs * BINS, new[kept] * BINS + (entry[kept] & BIN_MASK)))
    calls = np.concatenate((waitless[occurs], calls[kept]))
    if not len(position):
        return position, calls
    order = position.argsort(kind="stable")
    position = position[order]
    first = np.flatnonzero(np.diff(position, prepend=-1))
    return position[first], np.add.reduceat(calls[order], first)


class _Parts(Mapping[str, Part]):
    """The parts of one replication: windows of its sums, each made when it is asked for first."""

    def __init__(self, places: dict[str, _Place], sums: RunSums) -> None:
        self._places, self._sums = places, sums
        self._found: dict[str, Part] = {}

    def __getitem__(self, name: str) -> Part:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._part(*self._places[name])
        return found

    def _part(self, bins: int | Target, columns: slice, shape: tuple[int, int]) -> Part:
        sums = self._sums
        if isinstance(bins, int):
            position, calls = sums.bins[sums.bounds[bins] : sums.bounds[bins + 1]].T
        else:
            position, calls = added_up(sums, bins)
        return Part(
            sums.made[:, columns].reshape(len(sums.made), *shape),
            sums.longest[columns].reshape(shape),
            Histogram(position, calls, shape[1]),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[type[_Parts], tuple[dict[str, _Place], RunSums]]:
        # Windows are not sent between processes besides what they show.
        return _Parts, (self._places, self._sums)


class SumsReader:
    """Reads the sums of many replications of one plan; what they share is made once.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
        Breakdowns, as in the sums that will be read.
    """

    def __init__(self, plan: Plan, by: Iterable[str] = ()) -> None:
        by = check_breakdowns(by)
        self.wanted = wanted_sums(plan, by)
        """What the engine is to make."""
        self._scenario = plan.name
        kinds = [kind for kind in CELL_KINDS if kind in {PARTS[name][1] for name in (*SCOPES, *by)}]
        self._labels = {kind: cells(plan.clock, kind).labels for kind in kinds}
        self._places: dict[str, _Place] = {}
        for row, target in enumerate(targets(plan, by)):
            found = columns_of_part(plan, by, *PARTS[target.name])
            bins = row if target.name in SCOPES else target
            self._places[target.name] = _Place(bins, slice(found.first, found.end), (found.members, found.cells))
        self._members = {
            "": ("",),
            "callers": plan.streams.names,
            "queue": plan.queues.names,
            "agents": plan.agents.groups,
        }
        self._service_level = service_level_text(plan)
        self._checks = SumChecks(plan)

    def check(self, sums: RunSums) -> None:
        """Check the sums of one replication: `callsim.measures.check_sums`."""
        self._checks.check(sums)

    def measures(self, sums: RunSums) -> Measures:
        """Return the measures of one replication."""
        return Measures(
            scenario=self._scenario,
            seed=sums.seed,
            replication=sums.replication,
            plan_digest=sums.plan_digest,
            imprint=sums.imprint,
            parts=_Parts(self._places, sums),
            members=self._members,
            labels=self._labels,
            service_level=self._service_level,
        )

"""From the sums of a run that kept no log to its measures: the same, to the last bit, as from the log.

What ``reduction.py`` counts row by row the engine has added up by columns, as the reader `Wanted` it (``wanted.py``).
Here the columns of each part of the measures are found. This costs a replication some ten microseconds, however long
it was: few operations, and whatever the replications of a plan share is made once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from callsim.measures.catalogue import PARTS, SCOPES
from callsim.measures.part import Part
from callsim.measures.reduction import Measures, check_breakdowns
from callsim.measures.service_level import service_level_text
from callsim.measures.sum_checks import SumChecks
from callsim.measures.sums import CELL_KINDS, Histogram, cells
from callsim.measures.wanted import wanted_sums
from callsim.plan.finest import columns_of_part
from callsim.plan.plan import Plan
from callsim.runlog.sums import RunSums

__all__ = ["SumsReader", "from_sums"]


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

    name: str
    part: int
    """Among the bins."""
    columns: slice
    shape: tuple[int, int]
    """Members and cells."""


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
        self._places = []
        for part, name in enumerate((*SCOPES, *by)):
            found = columns_of_part(plan, by, *PARTS[name])
            self._places.append(_Place(name, part, slice(found.first, found.end), (found.members, found.cells)))
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
        made, longest, bounds, (position, count) = sums.made, sums.longest, sums.bounds, sums.bins
        n, parts = len(made), {}
        for name, part, columns, (members, n_cells) in self._places:
            bins = slice(bounds[part], bounds[part + 1])
            parts[name] = Part(
                made[:, columns].reshape(n, members, n_cells),
                longest[columns].reshape(members, n_cells),
                Histogram(position[bins], count[bins], n_cells),
            )
        return Measures(
            scenario=self._scenario,
            seed=sums.seed,
            replication=sums.replication,
            plan_digest=sums.plan_digest,
            log_digest=sums.digest(),
            parts=parts,
            members=self._members,
            labels=self._labels,
            service_level=self._service_level,
        )

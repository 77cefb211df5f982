"""From the sums of a run that kept no log to its measures: the same, to the last bit, as from the log.

What ``reduction.py`` counts row by row is here added up from `callsim.runlog.sums.RunSums`, which has everything
once, by the finest key. For each kind of scope the sums are made at once, as [sum, member, part]
(``sums_of_facts.py``), and each part of the measures adds up the parts of time that its cells consist of. This costs a
replication a tenth of a millisecond, however long it was: small arrays, few operations, and whatever the replications
of a plan share is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.measures.catalogue import PARTS, SCOPES, SUMS
from callsim.measures.folding import Fold
from callsim.measures.in_one_step import InOneStep
from callsim.measures.part import Part
from callsim.measures.reduction import Measures, check_breakdowns
from callsim.measures.service_level import service_level_text
from callsim.measures.sum_checks import SumChecks
from callsim.measures.sums import CELL_KINDS, Histogram, cells
from callsim.measures.sums_of_facts import STAFF_ROWS, Rules, sums_of_contacts, sums_of_groups, sums_of_visits
from callsim.plan.finest import cell_of_part, part_edges, wanted_fine
from callsim.plan.plan import Plan
from callsim.runlog.sums import CONTACT_FACTS, LEG_FACTS, LONGEST, N_SPAN_KINDS, RunSums

__all__ = ["SumsReader", "from_sums"]

Int64 = npt.NDArray[np.int64]
_Make = Callable[..., Int64]
_WAITED, _WINDOW = SUMS.index("waited"), SUMS.index("window")


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


class _Made(NamedTuple):
    """The figures of one kind of scope, as fine in time as its breakdowns need them."""

    sums: Int64
    """[sum, member, part] At queues and agents there may be a last part, behind the window."""
    longest: Int64
    """[member, part] Longest wait, -1 where nobody waited. [ticks]"""


class _Target(NamedTuple):
    """Where one part of the measures finds its figures."""

    name: str
    scope: str
    fold: Fold
    """From parts of the time to cells."""
    n_cells: int


class SumsReader:
    """Reads the sums of many replications of one plan; what they share is made once.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
        Breakdowns, as in the sums that will be read.
    """

    def __init__(self, plan: Plan, by: Iterable[str]) -> None:
        by = check_breakdowns(by)
        self._plan = plan
        wanted = {name: PARTS[name] for name in (*SCOPES, *by)}
        kinds = [kind for kind in CELL_KINDS if kind in {kind for _, kind in wanted.values()}]
        self._labels = {kind: cells(plan.clock, kind).labels for kind in kinds}
        self._prepare_time(by)
        self._targets = [_Target(name, *self._target(*wanted[name])) for name in wanted]
        called = plan.streams.queue.astype(np.int64)
        self._to_called = Fold(called, plan.n_queues)
        by_stream = partial(sums_of_contacts, Rules(plan.queues.formula[called]))
        by_queue = partial(sums_of_visits, Rules(plan.queues.formula))
        self._make_streams = self._maker("callers", by_stream, (CONTACT_FACTS, 1), plan.n_streams)
        self._make_queues = self._maker("queue", by_queue, (LEG_FACTS, CONTACT_FACTS, 1), plan.n_queues)
        self._make_groups = self._maker("agents", sums_of_groups, (LEG_FACTS, 1, N_SPAN_KINDS), plan.n_groups)
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

    def _prepare_time(self, by: tuple[str, ...]) -> None:
        """Prepare how fine in time each kind of scope is read: in the parts of the window, or as a whole."""
        clock, fine = self._plan.clock, wanted_fine(by)
        self._edges = part_edges(clock, by)
        lengths = np.diff(self._edges)
        split = {scope: any(PARTS[name][0] == scope for name in by) for scope in SCOPES}
        # The whole centre is added up from streams, and its agents' time from groups: they are as fine as it is.
        split["callers"], split["agents"] = fine.stream_stays, fine.group_stays
        self._split = split
        parts = len(lengths)

        def read(of: bool, scope: str, behind: int = 0) -> Fold:
            n = (parts if of else 1) + behind
            return Fold(np.arange(n), n) if split[scope] else Fold(np.zeros(n, np.int64), 1)

        self._contacts = read(fine.contacts, "callers")
        self._visits = read(fine.legs, "queue", behind=1)
        self._called = read(fine.contacts, "queue")
        self._answers = read(fine.legs, "agents", behind=1)
        if split["agents"] and not fine.legs:
            # Only the agents' time is wanted by parts: what they answered counts in the whole, as what is behind does.
            self._answers = Fold(np.array([parts, parts]), parts + 1)
        self._streams_of_centre = read(fine.stream_stays, "")
        self._groups_of_centre = read(fine.group_stays, "")
        behind: dict[str, list[int]] = {"": [], "callers": [], "queue": [0], "agents": [0]}
        self._window = {
            scope: np.array([*lengths, *behind[scope]] if split[scope] else [lengths.sum()], np.int64)
            for scope in SCOPES
        }
        self._centre_parts = len(self._window["agents"]) - 1 if split["agents"] else 1

    def _target(self, scope: str, kind: str) -> tuple[str, Fold, int]:
        """Return the scope of a part of the measures, and the way to its cells."""
        n = len(self._labels[kind])
        if not self._split[scope]:
            return scope, Fold(np.zeros(1, np.int64), 1), n
        cell = cell_of_part(self._plan.clock, self._edges, kind)[0]
        behind = [-1 if kind else 0] * (len(self._window[scope]) - len(cell))
        return scope, Fold(np.append(cell, behind).astype(np.int64), n), n

    def _maker(self, scope: str, make: _Make, facts: tuple[int, ...], n_members: int) -> _Make:
        """Return what makes the sums of a kind of scope of tables of so many facts: in one step if time is whole."""
        window = self._window[scope]
        if self._split[scope]:
            return lambda *tables: make(*tables, window)
        in_one_step, window = InOneStep(make, (*facts, 1), n_members), np.repeat(window, n_members)
        return lambda *tables: in_one_step(*tables, window)[:, :, np.newaxis]

    def measures(self, sums: RunSums) -> Measures:
        """Return the measures of one replication."""
        streams, queues, groups = self._of_streams(sums), self._of_queues(sums), self._of_groups(sums)
        made = {"": self._of_centre(streams, groups), "callers": streams, "queue": queues, "agents": groups}
        parts = {}
        for name, scope, fold, n_cells in self._targets:
            total, longest = made[scope]
            parts[name] = Part(fold.sum(total, 2), fold.max(longest, 1), Histogram(*sums.bins[name], n_cells))
        return Measures(
            scenario=self._plan.name,
            seed=sums.seed,
            replication=sums.replication,
            plan_digest=sums.plan_digest,
            log_digest=sums.digest(),
            parts=parts,
            members=self._members,
            labels=self._labels,
            service_level=self._service_level,
        )

    def _of_streams(self, sums: RunSums) -> _Made:
        contacts = sums.contacts[:, :, 1:-1]
        total = self._make_streams(self._contacts.sum(contacts, 2), sums.stream_waiting[np.newaxis, :, 1:-1])
        return _Made(total, _longest(total, self._contacts.max(contacts[LONGEST], 1)))

    def _of_queues(self, sums: RunSums) -> _Made:
        visits = sums.visits[:, :, 1:]
        called = self._to_called.sum(self._called.sum(sums.contacts[:, :, 1:-1], 2), 1)
        total = self._make_queues(self._visits.sum(visits, 2), called, sums.queue_waiting[np.newaxis, :, 1:-1])
        return _Made(total, _longest(total, self._visits.max(visits[LONGEST], 1)))

    def _of_groups(self, sums: RunSums) -> _Made:
        answers = sums.answers[:, :, 1:]
        handling, spans = sums.handling[np.newaxis, :, 1:-1], sums.span_time[:, :, 1:-1]
        total = self._make_groups(self._answers.sum(answers, 2), handling, spans)
        return _Made(total, _longest(total, self._answers.max(answers[LONGEST], 1)))

    def _of_centre(self, streams: _Made, groups: _Made) -> _Made:
        """Add callers up to the whole centre; times of agents come from the groups."""
        total = np.add.reduce(self._streams_of_centre.sum(streams.sums, 2), axis=1, keepdims=True)
        for rows in STAFF_ROWS:
            staff = self._groups_of_centre.sum(groups.sums[rows, :, : self._centre_parts], 2)
            np.add.reduce(staff, axis=1, keepdims=True, out=total[rows])
        total[_WINDOW] = self._window[""]
        longest = self._streams_of_centre.max(streams.longest, 1)
        return _Made(total, np.maximum.reduce(longest, axis=0, keepdims=True))


def _longest(total: Int64, longest: Int64) -> Int64:
    """Return the longest waits, -1 where nobody waited."""
    return np.where(total[_WAITED] > 0, longest, -1)

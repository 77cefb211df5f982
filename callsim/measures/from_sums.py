"""From the sums of a run that kept no log to its measures: the same, to the last bit, as from the log.

What ``reduction.py`` counts row by row is here added up from `callsim.runlog.sums.RunSums`, which has everything
once, by the finest key. Calls that did not wait stand in no bin there: they are what is missing in the first one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, ServiceLevelFormula
from callsim.measures.bins import BINS
from callsim.measures.catalogue import PARTS, SCOPES, SUMS
from callsim.measures.reduction import OUTCOMES, SPAN_TIMES, Measures, Part, centre_part, check_breakdowns, derived
from callsim.measures.service_level import service_level_text
from callsim.measures.sums import CELL_KINDS, Cells, Histogram, cells, sum_by
from callsim.plan.divisions import part_edges
from callsim.plan.plan import Plan
from callsim.runlog.sums import (
    ABANDONED_LATE,
    ABANDONED_LONG,
    ABANDONED_WAIT,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    FURTHER_CALLS,
    HELD_AN_HOUR,
    HOLD,
    LATE,
    LONGEST,
    MESSAGE_AFTER,
    PASSED_ON,
    PRESENT,
    REACHED,
    REPEATS,
    TALK,
    TIME,
    TURNED_AWAY,
    WAIT,
    WORK,
    RunSums,
)

__all__ = ["SumsReader", "from_sums"]

Int64 = npt.NDArray[np.int64]
_ROW = {name: row for row, name in enumerate(SUMS)}
_N_OUTCOMES = len(Outcome)
_WHOLE = 3
"""Parts of what is not split within the window: before, in and behind it."""
_CALLS = {
    "answered": FIRST_OUTCOME + Outcome.ANSWERED,
    "abandoned": FIRST_OUTCOME + Outcome.ABANDONED,
    "wait_answered": WAIT,
    "wait_abandoned": ABANDONED_WAIT,
    "held_an_hour": HELD_AN_HOUR,
    "talk": TALK,
    "after_call_work": WORK,
    "transferred": PASSED_ON,
}
"""Name of a sum -> the fact that it is."""


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


@dataclass(frozen=True)
class _Division:
    """A division of the window and where it stands in the parts of the sums."""

    cells: Cells
    cell_of_part: Int64
    """[inner part]"""
    lengths: Int64
    """[cell] [ticks]"""


class SumsReader:
    """Reads the sums of many replications of one plan; what they share is made once.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
        Breakdowns, as in the sums that will be read.
    """

    def __init__(self, plan: Plan, by: Iterable[str]) -> None:
        self._plan = plan
        self._wanted = {name: PARTS[name] for name in (*SCOPES, *check_breakdowns(by))}
        wanted = {kind for _, kind in self._wanted.values()}
        kinds = [kind for kind in CELL_KINDS if kind in wanted]
        edges = part_edges(plan.clock, [kind for kind in kinds if kind])
        self._lengths = np.diff(edges)
        self._divisions = {}
        for kind in kinds:
            division = cells(plan.clock, kind)
            self._divisions[kind] = _Division(division, division.of(edges[:-1]), division.lengths())
        self._called = plan.streams.queue.astype(np.int64)
        self._formula = plan.queues.formula.astype(np.int64)
        self._members = {
            "": ("",),
            "callers": plan.streams.names,
            "queue": plan.queues.names,
            "agents": plan.agents.groups,
        }
        self._service_level = service_level_text(plan)

    def measures(self, sums: RunSums) -> Measures:
        """Return the measures of one replication."""
        made: dict[tuple[str, str], Part] = {}
        for kind, division in self._divisions.items():
            scopes = [scope for scope, cell in self._wanted.values() if cell == kind]
            made |= {(scope, kind): part for scope, part in self._parts(sums, division, scopes).items()}
        return Measures(
            scenario=self._plan.name,
            seed=sums.seed,
            replication=sums.replication,
            plan_digest=sums.plan_digest,
            log_digest=sums.digest(),
            parts={name: made[place] for name, place in self._wanted.items()},
            members=self._members,
            labels={kind: division.cells.labels for kind, division in self._divisions.items()},
            service_level=self._service_level,
        )

    def _parts(self, sums: RunSums, division: _Division, scopes: list[str]) -> dict[str, Part]:
        parts: dict[str, Part] = {}
        if "" in scopes or "callers" in scopes:
            parts["callers"] = self._callers_part(sums, division)
        if "" in scopes or "agents" in scopes:
            staff = self._staff(sums, division)
        if "" in scopes:
            parts[""] = centre_part(parts["callers"], staff.derived())
        if "agents" in scopes:
            parts["agents"] = self._agents_part(sums, division, staff)
        if "queue" in scopes:
            parts["queue"] = self._queue_part(sums, division)
        return parts

    def _callers_part(self, sums: RunSums, division: _Division) -> Part:
        facts = _facts(sums.contacts, division, behind=False)
        n = self._plan.n_streams
        part = _Sums(n, division)
        part.put_calls(facts)
        outcomes = _outcomes(facts, FIRST_OUTCOME) + _outcomes(facts, TURNED_AWAY)
        part.put_outcomes(outcomes)
        arrivals, repeats = outcomes.sum(axis=0), facts[REPEATS]
        part.add("arrivals", arrivals)
        part.add("offered", _outcomes(facts, FIRST_OUTCOME).sum(axis=0))
        part.add("repeats", repeats)
        part.add("fresh", arrivals - repeats)
        part.add("voicemail_on_arrival", facts[TURNED_AWAY + Outcome.VOICEMAIL])
        part.add("callers", arrivals - repeats)
        part.add("callers_answered", facts[FIRST_OUTCOME + Outcome.ANSWERED] + facts[REACHED])
        part.add("hold_of_callers", facts[HOLD])
        part.add("calls_of_callers", arrivals - repeats + facts[FURTHER_CALLS])
        part.put_service_level(facts, self._formula[self._called])
        part.put_turned_away(outcomes, self._formula[self._called])
        part.add("queue_time", self._time(sums.stream_stays, division))
        waits = _binned(sums.contact_waits, n, np.arange(n), division, len(sums.contacts), behind=False)
        return part.part(facts[LONGEST], waits)

    def _queue_part(self, sums: RunSums, division: _Division) -> Part:
        n, called = self._plan.n_queues, self._called
        queue = sums.pairs[:, 0]
        facts = _merged(_facts(sums.legs, division, behind=True), queue, n)
        part = _Sums(n, division)
        part.put_calls(facts)
        visits = _outcomes(facts, FIRST_OUTCOME)
        contacts = _merged(_facts(sums.contacts, division, behind=False), called, n)
        turned_away = _outcomes(contacts, TURNED_AWAY)
        part.put_outcomes(visits + turned_away)
        part.add("offered", visits.sum(axis=0))
        part.add("arrivals", visits.sum(axis=0) + turned_away.sum(axis=0))
        part.add("dropped_by_transfer", facts[CUT_OFF_AFTER])
        part.add("voicemail", facts[MESSAGE_AFTER])
        part.add("voicemail_on_arrival", turned_away[Outcome.VOICEMAIL])
        part.add("repeats", contacts[REPEATS])
        part.add("fresh", (_outcomes(contacts, FIRST_OUTCOME) + turned_away).sum(axis=0) - contacts[REPEATS])
        part.put_service_level(facts, self._formula)
        part.put_turned_away(turned_away, self._formula)
        part.add("queue_time", self._time(sums.queue_stays, division))
        waits = _binned(sums.leg_waits, n, queue, division, len(sums.legs), behind=True)
        return part.part(facts[LONGEST], waits)

    def _staff(self, sums: RunSums, division: _Division) -> _Sums:
        """Return the sums of agents' time."""
        n = self._plan.n_groups
        part = _Sums(n, division)
        part.add("busy_time", self._time(sums.busy_stays, division))
        spans = self._time(sums.span_stays, division)
        for kind, name in SPAN_TIMES.items():
            part.add(name, spans[kind * n : (kind + 1) * n])
        return part

    def _agents_part(self, sums: RunSums, division: _Division, part: _Sums) -> Part:
        """Return the agents' part: their time, given, and their calls."""
        n, group = self._plan.n_groups, sums.pairs[:, 1]
        facts = _merged(_facts(sums.legs, division, behind=True), group, n)
        part.put_calls(facts)
        waits = _binned(sums.leg_waits, n, group, division, len(sums.legs), behind=True)
        return part.part(facts[LONGEST], waits)

    def _time(self, stays: Int64, division: _Division) -> Int64:
        """Return the time of stays, int64[member, cell]."""
        whole = len(stays) == _WHOLE
        lengths = self._lengths.sum(keepdims=True) if whole else self._lengths
        time = stays[1:-1, :, TIME] + np.cumsum(stays[:, :, PRESENT], axis=0)[1:-1] * lengths[:, np.newaxis]
        if whole:
            return time.T
        found = np.zeros((division.cells.n, time.shape[1]), np.int64)
        np.add.at(found, division.cell_of_part, time)
        return found.T


def _facts(calls: Int64, division: _Division, behind: bool) -> Int64:
    """Return facts of the calls of the window, int64[fact, member, cell]; the whole has those behind it as well."""
    if not division.cells.kind:
        inside = calls[1:] if behind else calls[1:-1]
        facts = inside.sum(axis=0)
        facts[:, LONGEST] = inside[:, :, LONGEST].max(axis=0)
        return np.ascontiguousarray(facts.T)[:, :, np.newaxis]
    inside = calls[1:-1]
    n_cells = division.cells.n
    if n_cells == len(inside):
        return np.ascontiguousarray(inside.transpose(2, 1, 0))
    facts = np.zeros((n_cells, *inside.shape[1:]), np.int64)
    np.add.at(facts, division.cell_of_part, inside)
    longest = np.zeros(facts.shape[:2], np.int64)
    np.maximum.at(longest, division.cell_of_part, inside[:, :, LONGEST])
    facts[:, :, LONGEST] = longest
    return np.ascontiguousarray(facts.transpose(2, 1, 0))


def _merged(facts: Int64, owner: Int64, n: int) -> Int64:
    """Return facts [fact, owner, cell], the members of one owner added up; -1 owns nothing."""
    merged = np.zeros((len(facts), n, facts.shape[2]), np.int64)
    for member, row in enumerate(owner.tolist()):
        if row >= 0:
            longest = np.maximum(merged[LONGEST, row], facts[LONGEST, member])
            merged[:, row] += facts[:, member]
            merged[LONGEST, row] = longest
    return merged


def _outcomes(facts: Int64, first: int) -> Int64:
    """Return the counts of each outcome, int64[outcome, member, cell]."""
    return facts[first : first + _N_OUTCOMES]


class _Sums:
    """The sums of one part, being put together."""

    def __init__(self, n_members: int, division: _Division) -> None:
        self.division = division
        self.sums = np.zeros((len(SUMS), n_members, division.cells.n), np.int64)
        self.sums[_ROW["window"]] = division.lengths

    def add(self, name: str, figures: Int64) -> None:
        self.sums[_ROW[name]] += figures

    def put_calls(self, facts: Int64) -> None:
        for name, fact in _CALLS.items():
            self.sums[_ROW[name]] = facts[fact]
        self.sums[_ROW["handle"]] = facts[TALK] + facts[WORK]

    def put_outcomes(self, counts: Int64) -> None:
        for name, outcome in OUTCOMES.items():
            self.sums[_ROW[name]] = counts[outcome]

    def put_service_level(self, facts: Int64, formula: Int64) -> None:
        """Put what answered and abandoned calls add to the service level. formula is int64[member]."""
        rule = formula[:, np.newaxis]
        answered, abandoned = facts[FIRST_OUTCOME + Outcome.ANSWERED], facts[FIRST_OUTCOME + Outcome.ABANDONED]
        counted = {
            ServiceLevelFormula.ANSWERED_ONLY: 0,
            ServiceLevelFormula.IGNORE_SHORT_ABANDON: facts[ABANDONED_LATE],
            ServiceLevelFormula.EXCLUDE_SHORT_ABANDON: facts[ABANDONED_LONG],
        }
        lost = abandoned
        for name, calls in counted.items():
            lost = np.where(rule == name, calls, lost)
        in_time = np.where(rule == ServiceLevelFormula.POSITIVE_ABANDON, abandoned - facts[ABANDONED_LATE], 0)
        self.add("level_met", answered - facts[LATE] + in_time)
        self.add("level_counted", answered + lost)

    def put_turned_away(self, outcomes: Int64, formula: Int64) -> None:
        """Put what blocked and closed calls add to the service level."""
        counts = (formula == ServiceLevelFormula.OFFERED_INCL_BLOCKED)[:, np.newaxis]
        self.add("level_counted", np.where(counts, outcomes[Outcome.BLOCKED] + outcomes[Outcome.CLOSED], 0))

    def derived(self) -> Int64:
        """Return the sums, with those that are made of others."""
        derived({name: self.sums[row] for name, row in _ROW.items()})
        return self.sums

    def part(self, longest: Int64, waits: tuple[Int64, Int64]) -> Part:
        """Return the part; `waits` are positions and counts of the calls that waited, in any order."""
        self.derived()
        waited = self.sums[_ROW["waited"]]
        position, count = waits
        at_once = waited.reshape(-1) - sum_by(position // BINS, count, waited.size)
        zero = np.flatnonzero(at_once)
        position, row = np.unique(np.concatenate((zero * BINS, position)), return_inverse=True)
        counts = sum_by(row, np.concatenate((at_once[zero], count)), len(position))
        maxima = np.where(waited > 0, longest, -1)
        return Part(self.sums, maxima, Histogram(position, counts, self.division.cells.n))


def _binned(
    waits: tuple[Int64, Int64], n_owners: int, owner: Int64, division: _Division, parts: int, behind: bool
) -> tuple[Int64, Int64]:
    """Return waits by (owner, cell, bin), those outside the division or without owner left out."""
    key, found = np.divmod(waits[0], BINS)
    part, member = np.divmod(key, len(owner))
    whole = not division.cells.kind
    cell_of_part = np.full(parts, -1, np.int64)
    cell_of_part[1:-1] = 0 if whole else division.cell_of_part
    if whole and behind:
        cell_of_part[-1] = 0
    cell, row = cell_of_part[part], owner[member]
    inside = np.flatnonzero((cell >= 0) & (row >= 0))
    position = (row[inside] * division.cells.n + cell[inside]) * BINS + found[inside]
    return position, waits[1][inside]

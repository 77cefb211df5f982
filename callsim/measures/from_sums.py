"""From the sums of a run that kept no log to its measures: the same, to the last bit, as from the log.

What ``reduction.py`` counts row by row is here added up from `callsim.runlog.sums.RunSums`, which has everything
once, by the finest key. Sums are put together in blocks of [sum, member, part], and each part of the measures adds up
the parts of time that its cells consist of. This costs a replication a tenth of a millisecond or two, however long it
was: small arrays, few operations, and whatever the replications of a plan share is made once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, ServiceLevelFormula
from callsim.measures.catalogue import PARTS, SCOPES, SUMS
from callsim.measures.folding import Fold
from callsim.measures.part import Part
from callsim.measures.reduction import OUTCOMES, SPAN_TIMES, Measures, check_breakdowns
from callsim.measures.service_level import service_level_text
from callsim.measures.sum_checks import check_sums, planned_time
from callsim.measures.sums import CELL_KINDS, Cells, Histogram, cells
from callsim.plan.finest import cell_of_part, part_edges, wanted_fine
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
    REACHED,
    REPEATS,
    TALK,
    TURNED_AWAY,
    WAIT,
    WORK,
    RunSums,
)

__all__ = ["SumsReader", "from_sums"]

Int64 = npt.NDArray[np.int64]
_ROW = {name: row for row, name in enumerate(SUMS)}
_ANSWERED = FIRST_OUTCOME + Outcome.ANSWERED
_ABANDONED = FIRST_OUTCOME + Outcome.ABANDONED
_CALLS = {
    "answered": _ANSWERED,
    "abandoned": _ABANDONED,
    "wait_answered": WAIT,
    "wait_abandoned": ABANDONED_WAIT,
    "held_an_hour": HELD_AN_HOUR,
    "talk": TALK,
    "after_call_work": WORK,
    "transferred": PASSED_ON,
}
"""Name of a sum -> the fact that it is, of contacts and of visits."""
_OF_OUTCOMES = {name: FIRST_OUTCOME + outcome for name, outcome in OUTCOMES.items()}
_OF_CONTACTS = _CALLS | _OF_OUTCOMES | {"repeats": REPEATS, "hold_of_callers": HOLD}
_OF_VISITS = _CALLS | _OF_OUTCOMES | {"dropped_by_transfer": CUT_OFF_AFTER, "voicemail": MESSAGE_AFTER}
_STAFF = (
    "busy_time",
    "signed_on_time",
    "overrun_time",
    "break_time",
    "absent_time",
    "staffed_time",
    "idle_time",
    "paid_time",
)
_STAFF_ROWS = [_ROW[name] for name in _STAFF]
_N_OUTCOMES = len(Outcome)


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
    """Where one division in time finds its cells among the parts of each kind of sum."""

    n: int
    """Cells."""
    lengths: Int64
    """[cell] [ticks]"""
    contacts: Fold
    legs: Fold
    stream_stays: Fold
    queue_stays: Fold
    group_stays: Fold


@dataclass(frozen=True)
class _Figures:
    """The sums of a replication, by part of the window."""

    streams: Int64
    """[sum, stream, part]"""
    queues: Int64
    """[sum, queue, part and behind]"""
    called: Int64
    """[sum, queue, part] What queues count of contacts."""
    groups: Int64
    """[sum, group, part and behind]"""
    stream_longest: Int64
    """[stream, part] [ticks]"""
    queue_longest: Int64
    group_longest: Int64
    stream_time: Int64
    """[stream, part] Waiting. [ticks]"""
    queue_time: Int64
    staff: Int64
    """[time, group, part] In the order of `_STAFF`. [ticks]"""


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
        self._wanted = {name: PARTS[name] for name in (*SCOPES, *by)}
        wanted = {kind for _, kind in self._wanted.values()}
        self._edges = part_edges(plan.clock, by)
        self._fine = wanted_fine(by)
        self._labels = {}
        self._divisions: dict[str, _Division] = {}
        for kind in CELL_KINDS:
            if kind in wanted:
                division = cells(plan.clock, kind)
                self._labels[kind] = division.labels
                self._divisions[kind] = self._division(division)
        called = plan.streams.queue.astype(np.int64)
        self._to_called = Fold(called, plan.n_queues)
        self._by_stream = _Rules(plan.queues.formula[called])
        self._by_queue = _Rules(plan.queues.formula)
        self._members = {
            "": ("",),
            "callers": plan.streams.names,
            "queue": plan.queues.names,
            "agents": plan.agents.groups,
        }
        self._service_level = service_level_text(plan)
        self._planned = planned_time(plan)

    def check(self, sums: RunSums) -> None:
        """Check the sums of one replication: `callsim.measures.check_sums`."""
        check_sums(self._plan, sums, self._planned)

    def _division(self, division: Cells) -> _Division:
        """Return the folds of one division."""
        clock, fine, n = self._plan.clock, self._fine, division.n
        cell, whole = cell_of_part(clock, self._edges, division.kind)[0], np.zeros(1, np.int64)
        behind = np.array([-1 if division.kind else 0])
        return _Division(
            n=n,
            lengths=division.lengths(),
            contacts=Fold(cell if fine.contacts else whole, n),
            legs=Fold(np.concatenate((cell if fine.legs else whole, behind)), n),
            stream_stays=Fold(cell if fine.stream_stays else whole, n),
            queue_stays=Fold(cell if fine.queue_stays else whole, n),
            group_stays=Fold(cell if fine.group_stays else whole, n),
        )

    def measures(self, sums: RunSums) -> Measures:
        """Return the measures of one replication."""
        figures = self._figures(sums)
        return Measures(
            scenario=self._plan.name,
            seed=sums.seed,
            replication=sums.replication,
            plan_digest=sums.plan_digest,
            log_digest=sums.digest(),
            parts={name: self._part(sums, figures, name) for name in self._wanted},
            members=self._members,
            labels=self._labels,
            service_level=self._service_level,
        )

    def _part(self, sums: RunSums, figures: _Figures, name: str) -> Part:
        scope, kind = self._wanted[name]
        division = self._divisions[kind]
        make = {"": self._centre, "callers": self._callers, "queue": self._queue, "agents": self._agents}[scope]
        total, longest = make(figures, division)
        maxima = np.where(total[_ROW["waited"]] > 0, longest, -1)
        return Part(total, maxima, Histogram(*sums.bins[name], division.n))

    def _callers(self, figures: _Figures, division: _Division) -> tuple[Int64, Int64]:
        total = _own(division.contacts.sum(figures.streams, 2), figures.streams)
        total[_ROW["queue_time"]] = division.stream_stays.sum(figures.stream_time, 1)
        total[_ROW["window"]] = division.lengths
        return total, division.contacts.max(figures.stream_longest, 1)

    def _centre(self, figures: _Figures, division: _Division) -> tuple[Int64, Int64]:
        """Add callers up to the whole centre; times of agents come from the groups."""
        total = division.contacts.sum(figures.streams.sum(axis=1, keepdims=True), 2)
        total[_ROW["queue_time"]] = division.stream_stays.sum(figures.stream_time.sum(axis=0, keepdims=True), 1)
        total[_STAFF_ROWS] = division.group_stays.sum(figures.staff.sum(axis=1, keepdims=True), 2)
        total[_ROW["window"]] = division.lengths
        return total, division.contacts.max(figures.stream_longest.max(axis=0, keepdims=True), 1)

    def _queue(self, figures: _Figures, division: _Division) -> tuple[Int64, Int64]:
        total = division.legs.sum(figures.queues, 2) + division.contacts.sum(figures.called, 2)
        total[_ROW["queue_time"]] = division.queue_stays.sum(figures.queue_time, 1)
        total[_ROW["window"]] = division.lengths
        return total, division.legs.max(figures.queue_longest, 1)

    def _agents(self, figures: _Figures, division: _Division) -> tuple[Int64, Int64]:
        total = _own(division.legs.sum(figures.groups, 2), figures.groups)
        total[_STAFF_ROWS] = division.group_stays.sum(figures.staff, 2)
        total[_ROW["window"]] = division.lengths
        return total, division.legs.max(figures.group_longest, 1)

    def _figures(self, sums: RunSums) -> _Figures:
        """Put the sums of a replication together."""
        contacts, visits, answers = sums.contacts[:, :, 1:-1], sums.visits[:, :, 1:], sums.answers[:, :, 1:]
        return _Figures(
            streams=_of_contacts(contacts, self._by_stream),
            queues=_of_visits(visits, self._by_queue),
            called=_of_called(self._to_called.sum(contacts, 1), self._by_queue),
            groups=_of_answers(answers),
            stream_longest=contacts[LONGEST],
            queue_longest=visits[LONGEST],
            group_longest=answers[LONGEST],
            stream_time=sums.stream_waiting[:, 1:-1],
            queue_time=sums.queue_waiting[:, 1:-1],
            staff=_staff(sums),
        )


def _staff(sums: RunSums) -> Int64:
    """Return the times of agents, int64[time, group, part], in the order of `_STAFF`. [ticks]"""
    times = np.empty((len(_STAFF), *sums.handling[:, 1:-1].shape), np.int64)
    get = dict(zip(_STAFF, times, strict=True))
    get["busy_time"][:] = sums.handling[:, 1:-1]
    for kind, name in SPAN_TIMES.items():
        get[name][:] = sums.span_time[kind, :, 1:-1]
    present = get["signed_on_time"] + get["overrun_time"]
    np.subtract(present, get["break_time"], out=get["staffed_time"])
    np.subtract(get["staffed_time"], get["busy_time"], out=get["idle_time"])
    np.add(present, get["absent_time"], out=get["paid_time"])
    return times


def _own(figures: Int64, source: Int64) -> Int64:
    """Return figures that can be written to."""
    return figures.copy() if np.may_share_memory(figures, source) else figures


class _Rules:
    """What calls add to the service level by the formulas of their members; masks are int64[member, 1]."""

    def __init__(self, formula: npt.NDArray[np.int8]) -> None:
        def mask(*rules: ServiceLevelFormula) -> Int64:
            return np.isin(formula, rules).astype(np.int64)[:, np.newaxis]

        rule = ServiceLevelFormula
        self._all = mask(rule.NEGATIVE_ABANDON, rule.POSITIVE_ABANDON, rule.OFFERED_INCL_BLOCKED)
        self._late, self._long = mask(rule.IGNORE_SHORT_ABANDON), mask(rule.EXCLUDE_SHORT_ABANDON)
        self._in_time, self._turned_away = mask(rule.POSITIVE_ABANDON), mask(rule.OFFERED_INCL_BLOCKED)

    def put(self, total: Int64, facts: Int64) -> None:
        """Put what answered and abandoned calls add."""
        in_time = (facts[_ABANDONED] - facts[ABANDONED_LATE]) * self._in_time
        total[_ROW["level_met"]] = facts[_ANSWERED] - facts[LATE] + in_time
        lost = facts[_ABANDONED] * self._all + facts[ABANDONED_LATE] * self._late + facts[ABANDONED_LONG] * self._long
        total[_ROW["level_counted"]] = facts[_ANSWERED] + lost

    def add_turned_away(self, total: Int64) -> None:
        """Add what the blocked and closed calls of `total` add."""
        total[_ROW["level_counted"]] += (total[_ROW["blocked"]] + total[_ROW["closed"]]) * self._turned_away


_ROWS_OF_CONTACTS, _FACTS_OF_CONTACTS = [_ROW[name] for name in _OF_CONTACTS], list(_OF_CONTACTS.values())
_ROWS_OF_VISITS, _FACTS_OF_VISITS = [_ROW[name] for name in _OF_VISITS], list(_OF_VISITS.values())
_ROWS_OF_ANSWERS, _FACTS_OF_ANSWERS = [_ROW[name] for name in _CALLS], list(_CALLS.values())
_ROWS_OF_OUTCOMES = [_ROW[name] for name in OUTCOMES]
_TURNED_AWAY = [TURNED_AWAY + outcome for outcome in OUTCOMES.values()]


def _zeros(facts: Int64) -> Int64:
    return np.zeros((len(SUMS), *facts.shape[1:]), np.int64)


def _put_common(total: Int64) -> None:
    """Put the sums of calls that are made of other sums."""
    total[_ROW["handle"]] = total[_ROW["talk"]] + total[_ROW["after_call_work"]]
    total[_ROW["waited"]] = total[_ROW["answered"]] + total[_ROW["abandoned"]]
    total[_ROW["wait"]] = total[_ROW["wait_answered"]] + total[_ROW["wait_abandoned"]]


def _of_contacts(facts: Int64, rules: _Rules) -> Int64:
    """Return the sums of contacts, int64[sum, stream, part]."""
    total = _zeros(facts)
    total[_ROWS_OF_CONTACTS] = facts[_FACTS_OF_CONTACTS]
    total[_ROWS_OF_OUTCOMES] += facts[_TURNED_AWAY]
    offered = facts[FIRST_OUTCOME : FIRST_OUTCOME + _N_OUTCOMES].sum(axis=0)
    arrivals = offered + facts[TURNED_AWAY : TURNED_AWAY + _N_OUTCOMES].sum(axis=0)
    fresh = arrivals - facts[REPEATS]
    total[_ROW["arrivals"]], total[_ROW["offered"]] = arrivals, offered
    total[_ROW["fresh"]] = total[_ROW["callers"]] = fresh
    total[_ROW["voicemail_on_arrival"]] = facts[TURNED_AWAY + Outcome.VOICEMAIL]
    total[_ROW["callers_answered"]] = facts[_ANSWERED] + facts[REACHED]
    total[_ROW["calls_of_callers"]] = fresh + facts[FURTHER_CALLS]
    _put_common(total)
    total[_ROW["offered_or_blocked"]] = offered + total[_ROW["blocked"]]
    rules.put(total, facts)
    rules.add_turned_away(total)
    return total


def _of_visits(facts: Int64, rules: _Rules) -> Int64:
    """Return the sums of visits to queues, int64[sum, queue, part and behind]."""
    total = _zeros(facts)
    total[_ROWS_OF_VISITS] = facts[_FACTS_OF_VISITS]
    visits = facts[FIRST_OUTCOME : FIRST_OUTCOME + _N_OUTCOMES].sum(axis=0)
    for name in ("arrivals", "offered", "offered_or_blocked"):
        total[_ROW[name]] = visits
    _put_common(total)
    rules.put(total, facts)
    return total


def _of_called(facts: Int64, rules: _Rules) -> Int64:
    """Return what queues count of the contacts that called them, int64[sum, queue, part]."""
    total = _zeros(facts)
    total[_ROWS_OF_OUTCOMES] = facts[_TURNED_AWAY]
    turned_away = facts[TURNED_AWAY : TURNED_AWAY + _N_OUTCOMES].sum(axis=0)
    total[_ROW["arrivals"]] = turned_away
    total[_ROW["repeats"]] = facts[REPEATS]
    offered = facts[FIRST_OUTCOME : FIRST_OUTCOME + _N_OUTCOMES].sum(axis=0)
    total[_ROW["fresh"]] = offered + turned_away - facts[REPEATS]
    total[_ROW["voicemail_on_arrival"]] = facts[TURNED_AWAY + Outcome.VOICEMAIL]
    total[_ROW["offered_or_blocked"]] = total[_ROW["blocked"]]
    rules.add_turned_away(total)
    return total


def _of_answers(facts: Int64) -> Int64:
    """Return the sums of the visits that groups answered, int64[sum, group, part and behind]."""
    total = _zeros(facts)
    total[_ROWS_OF_ANSWERS] = facts[_FACTS_OF_ANSWERS]
    _put_common(total)
    return total

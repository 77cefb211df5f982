"""From a plan and the log of one replication to its measures: sums, maxima and bins, never ratios.

What is kept is small and can be added up over replications: numerators and denominators by scope. The
log itself can be dropped afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, SpanKind
from callsim.errors import Problem, ScenarioError
from callsim.measures.catalogue import BREAKDOWNS, CATALOGUE, PARTS, SCOPES, SUMS
from callsim.measures.facts import Callers, Calls, callers_of, contacts_of, legs_of, open_end
from callsim.measures.part import Part
from callsim.measures.service_level import service_level_text, tally_service_level
from callsim.measures.sums import CELL_KINDS, Cells, Histogram, cells, count_by, histogram_by, max_by, sum_by
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.runlog.digest import Imprint

__all__ = ["Measures", "Part", "check_breakdowns", "measure"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
_HOUR = 3600 * SECOND
_ROW = {name: row for row, name in enumerate(SUMS)}
SPAN_TIMES = {
    SpanKind.SIGNED_ON: "signed_on_time",
    SpanKind.OVERRUN: "overrun_time",
    SpanKind.BREAK: "break_time",
    SpanKind.ABSENT: "absent_time",
}
"""Kind of span -> the sum that it adds to."""
OUTCOMES = {
    "blocked": Outcome.BLOCKED,
    "balked": Outcome.BALKED,
    "closed": Outcome.CLOSED,
    "voicemail": Outcome.VOICEMAIL,
    "dropped_by_transfer": Outcome.DROPPED_BY_TRANSFER,
    "dropped_at_closing": Outcome.DROPPED_AT_CLOSING,
    "moved": Outcome.MOVED,
    "unfinished": Outcome.UNFINISHED,
}
"""Name of a count -> the outcome that it counts."""


@dataclass(frozen=True)
class Measures:
    """The measures of one replication: small, and safe to send between processes."""

    scenario: str
    seed: int
    replication: int
    plan_digest: str
    imprint: Imprint
    """Of the log that these figures were made from."""
    parts: Mapping[str, Part]
    """By "", "callers", "queue", "agents" and the requested breakdowns, such as "queue+interval"; of a plan with cases
    also by "case" (all cases), "cases" and "customers"."""
    members: dict[str, tuple[str, ...]]
    """Kind of scope -> names; ("",) for the whole centre and for all cases."""
    labels: dict[str, tuple[str | int, ...]]
    """"", "interval", "hour_of_week" -> what stands in a scope for each cell."""
    service_level: dict[str, tuple[str, ...]]
    """Kind of scope -> definition of its service level, with formula and acceptable wait, by member."""

    @property
    def log_digest(self) -> str:
        """Digest of the log, made when it is asked for."""
        return self.imprint.digest()


class _Tally:
    """Sums under way for one kind of scope."""

    def __init__(self, n_members: int, division: Cells) -> None:
        self.shape = (n_members, division.n)
        self.n_keys = n_members * division.n
        self.sums = np.zeros((len(SUMS), self.n_keys), np.int64)
        self.sums[_ROW["window"]] = np.tile(division.lengths(), n_members)
        self.maxima = np.full(self.n_keys, -1, np.int64)
        self.waits = Histogram(np.zeros(0, np.int64), np.zeros(0, np.int64), division.n)

    def put(self, name: str, figures: Int64) -> None:
        self.sums[_ROW[name]] += figures.reshape(-1)

    def count(self, name: str, key: Int64) -> None:
        self.put(name, count_by(key, self.n_keys))

    def sum(self, name: str, key: Int64, value: Int64) -> None:
        self.put(name, sum_by(key, value, self.n_keys))

    def part(self) -> Part:
        get = {name: self.sums[row] for name, row in _ROW.items()}
        get["offered_or_blocked"][:] = get["offered"] + get["blocked"]
        get["waited"][:] = get["answered"] + get["abandoned"]
        get["wait"][:] = get["wait_answered"] + get["wait_abandoned"]
        get["staffed_time"][:] = get["signed_on_time"] + get["overrun_time"] - get["break_time"]
        get["idle_time"][:] = get["staffed_time"] - get["busy_time"]
        get["paid_time"][:] = get["signed_on_time"] + get["overrun_time"] + get["absent_time"]
        return Part(self.sums.reshape(len(SUMS), *self.shape), self.maxima.reshape(self.shape), self.waits)


def check_breakdowns(by: Iterable[str]) -> tuple[str, ...]:
    """Return the requested breakdowns, each once, in the order of `BREAKDOWNS`.

    Raises
    ------
    ScenarioError
        Naming every request that is not one of `BREAKDOWNS`.
    """
    wanted = tuple(by)
    rule = f"a breakdown is one of {', '.join(BREAKDOWNS)}"
    problems = [Problem("by", 0, 0, "", repr(name), rule) for name in wanted if name not in BREAKDOWNS]
    if problems:
        raise ScenarioError(problems)
    return tuple(name for name in BREAKDOWNS if name in wanted)


def measure(plan: Plan, log: RunLog, by: Iterable[str] = ()) -> Measures:
    """Reduce the log of one replication to its measures.

    Parameters
    ----------
    plan : Plan
        The plan that was run.
    log : RunLog
    by : iterable of str, optional
        Breakdowns to keep beside the totals, of `BREAKDOWNS`: "interval", "queue+interval", ...

    Returns
    -------
    Measures
        Sums, maxima and bins for the whole centre, callers, queues and agent groups; for cases if the plan has them.

    Raises
    ------
    ScenarioError
        If a breakdown is unknown.
    """
    wanted = {name: PARTS[name] for name in (*SCOPES, *check_breakdowns(by))}
    legs, contact_of_leg = legs_of(plan, log)
    contacts = contacts_of(plan, log, legs, contact_of_leg)
    clock = plan.clock
    callers = callers_of(plan, log, contacts if clock.horizon == clock.window_end else _followed(plan, log))
    divisions = {kind: cells(plan.clock, kind) for kind in CELL_KINDS if kind in {k for _, k in wanted.values()}}
    made = {
        kind: _parts(plan, log, _Facts(legs, contacts, callers), division, [s for s, k in wanted.values() if k == kind])
        for kind, division in divisions.items()
    }
    parts = {name: made[kind][scope] for name, (scope, kind) in wanted.items()}
    members = {
        "": ("",),
        "callers": plan.streams.names,
        "queue": plan.queues.names,
        "agents": plan.agents.groups,
    }
    if plan.cases.n:
        from callsim.measures.case_reduction import case_members, case_parts

        parts |= case_parts(plan, log)
        members |= case_members(plan)
    return Measures(
        scenario=plan.name,
        seed=log.seed,
        replication=log.replication,
        plan_digest=log.plan_digest,
        imprint=log.imprint,
        parts=parts,
        members=members,
        labels={kind: division.labels for kind, division in divisions.items()},
        service_level=service_level_text(plan),
    )


def _followed(plan: Plan, log: RunLog) -> Calls:
    """Return the contacts from the window's start to the end of the run: people are followed beyond the window."""
    legs, contact_of_leg = legs_of(plan, log, followed=True)
    return contacts_of(plan, log, legs, contact_of_leg, followed=True)


@dataclass(frozen=True)
class _Facts:
    legs: Calls
    contacts: Calls
    callers: Callers


def _parts(plan: Plan, log: RunLog, facts: _Facts, division: Cells, scopes: list[str]) -> dict[str, Part]:
    """Return the wanted parts of one division in time."""
    parts: dict[str, Part] = {}
    if "" in scopes or "callers" in scopes:
        by_stream = _callers_part(plan, log, facts, division)
        parts["callers"] = by_stream
    if "" in scopes or "agents" in scopes:
        by_group = _agents_part(plan, log, facts.legs, division)
        parts["agents"] = by_group
    if "" in scopes:
        parts[""] = _centre_part(by_stream, by_group.sums)
    if "queue" in scopes:
        parts["queue"] = _queue_part(plan, log, facts, division)
    return parts


def _centre_part(by_stream: Part, by_group: Int64) -> Part:
    """Add callers up to the whole centre; times of agents come from the sums of the groups."""
    sums = by_stream.sums.sum(axis=1, keepdims=True)
    for name in (measure.numerator for measure in CATALOGUE if measure.kind == "time"):
        sums[_ROW[name], 0] = by_group[_ROW[name]].sum(axis=0)
    sums[_ROW["window"]] = by_stream.sums[_ROW["window"], :1]
    return Part(sums, by_stream.maxima.max(axis=0, keepdims=True), by_stream.waits.over_members())


def _keyed(calls: Calls, member: Int64, division: Cells) -> tuple[Calls, Int64]:
    """Return the calls that lie in a cell, with their keys member * n_cells + cell."""
    if not division.kind:
        return calls, member
    cell = division.of(calls.at)
    inside = cell >= 0
    if inside.all():
        return calls, member * division.n + cell
    return calls.take(inside), (member * division.n + cell)[inside]


def _callers_part(plan: Plan, log: RunLog, facts: _Facts, division: Cells) -> Part:
    tally = _Tally(plan.n_streams, division)
    calls, key = _keyed(facts.contacts, facts.contacts.stream, division)
    tally.count("arrivals", key)
    tally.count("offered", key[calls.offered])
    _tally_outcomes(tally, calls, key)
    tally.count("fresh", key[calls.attempt == 0])
    tally.count("repeats", key[calls.attempt > 0])
    tally.count("voicemail_on_arrival", key[(calls.outcome == Outcome.VOICEMAIL) & ~calls.offered])
    _tally_calls(tally, calls, key)
    tally_service_level(plan, tally.sum, calls, key)
    _tally_people(tally, facts.callers, division)
    stream = log.contacts["stream"][log.legs["contact"]]
    tally.put("queue_time", _queue_time(plan, log, stream, division, plan.n_streams))
    return tally.part()


def _queue_part(plan: Plan, log: RunLog, facts: _Facts, division: Cells) -> Part:
    tally = _Tally(plan.n_queues, division)
    calls, key = _keyed(facts.legs, facts.legs.queue, division)
    tally.count("arrivals", key)
    tally.count("offered", key)
    _tally_outcomes(tally, calls, key)
    tally.count("dropped_by_transfer", key[calls.dropped])
    tally.count("voicemail", key[calls.message])
    _tally_calls(tally, calls, key)
    tally_service_level(plan, tally.sum, calls, key)
    called, key = _keyed(facts.contacts, facts.contacts.queue, division)
    tally.count("fresh", key[called.attempt == 0])
    tally.count("repeats", key[called.attempt > 0])
    turned_away = np.flatnonzero(~called.offered)
    called, key = called.take(turned_away), key[turned_away]
    tally.count("arrivals", key)
    _tally_outcomes(tally, called, key)
    tally.count("voicemail_on_arrival", key[called.outcome == Outcome.VOICEMAIL])
    tally_service_level(plan, tally.sum, called, key)
    tally.put("queue_time", _queue_time(plan, log, log.legs["queue"], division, plan.n_queues))
    return tally.part()


def _agents_part(plan: Plan, log: RunLog, legs: Calls, division: Cells) -> Part:
    tally = _Tally(plan.n_groups, division)
    group = plan.agents.group.astype(np.int64)
    answered = legs.take(np.flatnonzero(legs.agent >= 0))
    calls, key = _keyed(answered, group[answered.agent], division)
    _tally_calls(tally, calls, key)
    served = np.flatnonzero(log.legs["agent"] >= 0)
    busy = (group[log.legs["agent"][served]], log.legs["left"][served], log.legs["handle_end"][served])
    tally.put("busy_time", division.time(*busy, plan.n_groups))
    spans = log.spans
    end = np.where(spans["end"] < 0, open_end(plan, log), spans["end"])
    for kind, name in SPAN_TIMES.items():
        rows = np.flatnonzero(spans["kind"] == kind)
        stays = (group[spans["agent"][rows]], spans["start"][rows], end[rows])
        tally.put(name, division.time(*stays, plan.n_groups))
    return tally.part()


def _queue_time(plan: Plan, log: RunLog, member: Int64, division: Cells, n_members: int) -> Int64:
    left = log.legs["left"]
    gone = np.where(left < 0, open_end(plan, log), left)
    return division.time(member, log.legs["entered"], gone, n_members)


def _tally_outcomes(tally: _Tally, calls: Calls, key: Int64) -> None:
    n_outcomes = len(Outcome)
    counts = count_by(key * n_outcomes + calls.outcome, tally.n_keys * n_outcomes).reshape(-1, n_outcomes)
    for name, outcome in OUTCOMES.items():
        tally.put(name, counts[:, outcome])


def _tally_calls(tally: _Tally, calls: Calls, key: Int64) -> None:
    """Add up answers, hang-ups, waits, bins and handling."""
    answered = np.flatnonzero(calls.outcome == Outcome.ANSWERED)
    abandoned = np.flatnonzero(calls.outcome == Outcome.ABANDONED)
    for name, rows in (("answered", answered), ("abandoned", abandoned)):
        tally.count(name, key[rows])
        tally.sum(f"wait_{name}", key[rows], calls.wait[rows])
    key_answered, wait = key[answered], calls.wait[answered]
    tally.count("held_an_hour", key_answered[wait >= _HOUR])
    tally.sum("talk", key_answered, calls.talk[answered])
    tally.sum("after_call_work", key_answered, calls.after_call_work[answered])
    tally.sum("handle", key_answered, calls.talk[answered] + calls.after_call_work[answered])
    tally.count("transferred", key[calls.passed_on])
    waited = np.concatenate((answered, abandoned))
    tally.waits = histogram_by(key[waited], calls.wait[waited], tally.n_keys, tally.shape[1])
    tally.maxima = max_by(key[waited], calls.wait[waited], tally.n_keys)


def _tally_people(tally: _Tally, callers: Callers, division: Cells) -> None:
    cell = division.of(callers.at)
    inside = np.flatnonzero(cell >= 0)
    key = callers.stream[inside] * division.n + cell[inside]
    tally.count("callers", key)
    tally.count("callers_answered", key[callers.answered[inside]])
    tally.sum("hold_of_callers", key, callers.hold[inside])
    tally.sum("calls_of_callers", key, callers.calls[inside])

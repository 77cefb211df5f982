"""How far a batch of random scenarios reaches: every code, every tie of ranks, every column of the plan.

Of cases also how they stand at the end, and what becomes of the calls that the provider makes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from callsim import codes
from callsim.codes import CaseEvent, Outcome, Rank, TransferResult
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND, index_cases
from callsim.testing.watching import Sightings

__all__ = ["ENOUGH", "Reach"]

ENOUGH = 30
"""So often everything is to be met in the batch that every change runs."""

NOT_COUNTED = {
    "streams.names": "chosen by people",
    "queues.names": "chosen by people",
    "agents.names": "chosen by people",
    "agents.groups": "chosen by people",
    "transfers.reasons": "chosen by people",
    "cases.types": "chosen by people",
    "cases.customers": "chosen by people",
    "clock.interval_labels": "for reports",
    "clock.start": "for reports",
    "clock.time_zone": "for reports",
    "format": "one version only",
    "random_scheme": "one version only",
}
"""Columns of the plan that need not take two values, and why."""

OVER = {
    CaseEvent.BORN: "open, not answered yet",
    CaseEvent.LEARNED_HOURS: "open, not answered yet",
    CaseEvent.EXPLAINED: "open, told to somebody",
    CaseEvent.OWNED: "open, in work",
    CaseEvent.PROMISE_KEPT: "open, in work",
    CaseEvent.ESCALATED: "open, escalated or refused",
    CaseEvent.ESCALATION_REFUSED: "open, escalated or refused",
    CaseEvent.PROMISED: "open, promised",
    CaseEvent.PROMISE_BROKEN: "open, after a broken promise",
    CaseEvent.COMPLAINED: "open, with the regulator",
    CaseEvent.CLOSED_UNSOLVED: "open, closed unsolved",
    CaseEvent.REOPENED: "open, reopened",
    CaseEvent.SOLVED: "solved",
    CaseEvent.GAVE_UP: "given up",
    CaseEvent.NEVER_TRIED: "never tried",
}
"""How a case stands at the end of a run, by its last event; `SOLVED_BY_REGULATOR` is told apart."""
SOLVED_BY_REGULATOR = "solved by the regulator"
OUTBOUND_ENDS = (Outcome.ANSWERED, Outcome.BLOCKED, Outcome.DROPPED_AT_CLOSING, Outcome.UNFINISHED)
"""What can become of a call that the provider makes: the customer never hangs up, and no door is closed to it."""

_Int = npt.NDArray[np.int64]


class Reach:
    """Counts over a batch: what happened (not only what was written), by the codes that plan, engines and log share."""

    def __init__(self) -> None:
        self.sightings = Sightings()
        self._codes: Counter[tuple[type[IntEnum], int]] = Counter()
        self._values: dict[str, set[object]] = {}
        self._ends: Counter[str] = Counter()

    def add(self, plan: Plan, log: RunLog) -> None:
        """Count a run."""
        self._add_columns(plan)
        self._count(codes.Outcome, log.contacts["outcome"])
        self._count(codes.Outcome, log.legs["outcome"][log.legs["outcome"] == Outcome.MOVED])
        self._count(codes.Cause, log.contacts["cause"])
        self._count(codes.TransferResult, log.legs["transfer"])
        self._count(codes.SpanKind, log.spans["kind"])
        self._count(codes.WhenClosed, plan.queues.when_closed[_met_closed_door(plan, log)])
        self._count(codes.AtClosing, plan.queues.at_closing[_waited_at_closing(plan, log)])
        self._add_transfers(plan, log)
        self._add_rules(plan, log)
        self._add_cases(log)

    def _add_cases(self, log: RunLog) -> None:
        events, contacts = log.case_events, log.contacts
        self._count(codes.CaseEvent, events["event"])
        last = index_cases(log).last
        for event, value in zip(events["event"][last].tolist(), events["value"][last].tolist(), strict=True):
            by_regulator = event == CaseEvent.SOLVED and value
            self._ends[f"case {SOLVED_BY_REGULATOR if by_regulator else OVER[CaseEvent(event)]}"] += 1
        outbound = np.isin(contacts["cause"], OUTBOUND)
        for outcome in contacts["outcome"][outbound].tolist():
            self._ends[f"call of the provider {Outcome(outcome).name}"] += 1

    def _add_transfers(self, plan: Plan, log: RunLog) -> None:
        legs, rows = log.legs, plan.transfers
        met = legs["transfer_row"][_is_closed_result(legs["transfer"])]
        self._count(codes.IfClosed, rows.if_closed[met])
        before = np.flatnonzero(legs["transfer_row"][:-1] >= 0)
        joined = before[legs["contact"][before + 1] == legs["contact"][before]]
        waited = joined[legs["left"][joined + 1] != legs["entered"][joined + 1]]
        drawn = legs["transfer_row"][waited]
        self._count(codes.Place, rows.place[drawn])
        self._count(codes.TransferPatience, rows.patience[drawn])

    def _add_rules(self, plan: Plan, log: RunLog) -> None:
        contacts, legs = log.contacts, log.legs
        tired = (contacts["outcome"] == Outcome.ABANDONED) & (contacts["attempt"] > 0)
        self._count(codes.PatienceRule, plan.streams.patience_rule[contacts["stream"][tired]])
        answered = legs["outcome"] == Outcome.ANSWERED
        had_waited = int((answered & (legs["left"] > legs["entered"])).sum())
        self._codes[codes.CallSelection, plan.call_selection] += had_waited
        self._codes[codes.AgentSelection, plan.agent_selection] += int(answered.sum()) - had_waited
        self._count(codes.StaffingKind, plan.agents.kind[plan.agents.group[legs["agent"][answered]]])
        self._count(codes.ServiceLevelFormula, plan.queues.formula[legs["queue"]])

    def _count(self, kind: type[IntEnum], values: npt.NDArray[np.integer]) -> None:
        for value, n in zip(*np.unique(values, return_counts=True), strict=True):
            self._codes[kind, int(value)] += int(n)

    def _add_columns(self, plan: Plan) -> None:
        for name, value in plan.parts():
            seen = self._values.setdefault(name, set())
            if len(seen) < 2:
                seen.update(np.unique(value)[:2].tolist() if isinstance(value, np.ndarray) else [value])

    def numbers(self) -> dict[str, int]:
        """Return what was met how often: every member of every code, how cases end, and every tie of two ranks."""
        kinds = [kind for name in codes.__all__ if issubclass(kind := getattr(codes, name), IntEnum)]
        found: dict[str, int] = {}
        for kind in kinds:
            for member in kind:
                if kind is codes.Rank:
                    continue  # counted in pairs
                found[f"{kind.__name__} {member.name}"] = self._seen(kind, int(member))
        for end in (*dict.fromkeys(OVER.values()), SOLVED_BY_REGULATOR):
            found[f"case {end}"] = self._ends[f"case {end}"]
        for outcome in OUTBOUND_ENDS:
            found[f"call of the provider {outcome.name}"] = self._ends[f"call of the provider {outcome.name}"]
        for first in Rank:
            for second in Rank:
                if first <= second:
                    found[f"tie of {first.name} and {second.name}"] = self.sightings.ties[first, second]
        return found

    def _seen(self, kind: type[IntEnum], member: int) -> int:
        if kind is codes.Purpose:
            return self.sightings.draws[codes.Purpose(member)]
        if kind is codes.AngerCause:
            return self.sightings.angers[codes.AngerCause(member)]
        return self._codes[kind, member]

    def constant_columns(self) -> list[str]:
        """Return the columns of the plan that never took a second value, though nothing excuses them."""
        return sorted(name for name, seen in self._values.items() if len(seen) < 2 and name not in NOT_COUNTED)

    def missing(self, enough: int = ENOUGH) -> list[str]:
        """Return what was met too seldom, with its number."""
        return [f"{name}: {n}" for name, n in self.numbers().items() if n < enough]

    def table(self) -> str:
        """Return all numbers for reading: codes by name, then the ties as a triangle."""
        return "\n".join((*self._code_lines(), "", *self._tie_lines()))

    def _code_lines(self) -> Iterator[str]:
        for name, n in self.numbers().items():
            if not name.startswith("tie of "):
                yield f"{name:<45}{n:>10,}"

    def _tie_lines(self) -> Iterator[str]:
        ranks = list(Rank)
        yield "Instants at which two events of these ranks both changed something:"
        yield f"{'':<14}" + "".join(f"{rank.name[:9]:>10}" for rank in ranks)
        for first in ranks:
            ties = (self.sightings.ties[min(first, second), max(first, second)] for second in ranks if second <= first)
            yield f"{first.name:<14}" + "".join(f"{n:>10,}" for n in ties)


def _is_closed_result(result: _Int) -> npt.NDArray[np.bool_]:
    kept, held = TransferResult.KEPT_TARGET_CLOSED, TransferResult.HELD_TARGET_CLOSED
    return (result >= kept) & (result <= held)


def _met_closed_door(plan: Plan, log: RunLog) -> _Int:
    """Return the queues that were called while they let nobody in, one entry a call."""
    queues, contacts = plan.queues, log.contacts
    closed = np.ones(len(contacts["queue"]), np.bool_)
    for q in range(plan.n_queues):
        for row in range(int(queues.open_offset[q]), int(queues.open_offset[q + 1])):
            inside = (contacts["arrived"] >= queues.open_start[row]) & (contacts["arrived"] < queues.admit_end[row])
            closed &= ~(inside & (contacts["queue"] == q))
    found: _Int = contacts["queue"][closed]
    return found


def _waited_at_closing(plan: Plan, log: RunLog) -> _Int:
    """Return the queues of the legs that waited when their queue closed, one entry a leg."""
    queues, legs = plan.queues, log.legs
    until = np.where(legs["left"] < 0, log.end, legs["left"])
    found = []
    for q in range(plan.n_queues):
        for row in range(int(queues.open_offset[q]), int(queues.open_offset[q + 1])):
            end = int(queues.open_end[row])
            if end < plan.clock.horizon:
                there = (legs["queue"] == q) & (legs["entered"] < end) & (until >= end)
                found += [q] * int(there.sum())
    return np.array(found, np.int64)

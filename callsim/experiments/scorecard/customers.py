"""What became of each customer who came in the measured window, from the log alone.

A *customer* is somebody whose problem begins in the window (a case), or whose first call falls into it (anybody else);
all that follows counts, up to the end of the run. Held is the time of a call in which nobody talks to him: waits, and
dialling while he is passed on. Nobody holds the line while a call to the customer waits for an agent. The figures of
cases are those of `callsim.measures.cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome
from callsim.measures.cases import CaseState, facts_of_cases, leg_times
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND, index_cases

__all__ = ["ContactFacts", "Customers", "contact_facts", "customers_of"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
CUT_OFF = (Outcome.DROPPED_BY_TRANSFER, Outcome.DROPPED_AT_CLOSING)
_HOUR = 3600 * SECOND


@dataclass(frozen=True)
class ContactFacts:
    """Figures of every contact of a log."""

    held: Int64
    """[contact] Nobody talks to him. [ticks]"""
    connected: Int64
    """[contact] Time a line is held; of a call to the customer the time that somebody talks. [ticks]"""
    answers: Int64
    """[contact] Employees who answered."""
    outbound: Bool
    """[contact] The provider called."""
    of_case: Bool
    """[contact] Of a case that began in the window."""


@dataclass(frozen=True)
class Customers:
    """Those who came in the window, one row each: cases, then callers without a case."""

    stream: Int64
    is_case: Bool
    calls: Int64
    """Calls that they made."""
    held: Int64
    """In all. [ticks]"""
    answers: Int64
    """Employees who answered, in all."""
    told: Int64
    """How often he told an employee about the case."""
    held_an_hour: Bool
    """In one call."""
    cut_off: Bool
    promise_broken: Bool
    complained: Bool
    solved: Bool
    """A case: solved for good as far as the log goes. Anybody else: the last call was answered."""
    gave_up: Bool
    """A case: given up. Anybody else: the last call was not answered, and no message left."""
    never_tried: Bool
    first_time: Bool
    """Solved by the first call."""
    decided: Bool
    """Whether `first_time` can be told: there was a call, and it or what followed has ended."""
    until_solved: Int64
    """From the beginning of the problem until it works, of a case that is solved; else 0. [ticks]"""
    promises: Int64
    """That fell due before the end of the run."""
    promises_missed: Int64
    """Of these: broken, kept late, or not kept yet."""

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.stream)


def contact_facts(plan: Plan, log: RunLog) -> ContactFacts:
    """Return the figures of every contact; what lasts at the end of the run counts up to there."""
    n, of = len(log.contacts["arrived"]), log.legs["contact"]
    times = leg_times(log)
    held, talks = np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.add.at(held, of, times.wait + times.dialling)
    np.add.at(talks, of, times.talk)
    outbound = np.isin(log.contacts["cause"], OUTBOUND)
    held[outbound] = 0
    cases = index_cases(log)
    inside = _inside(plan, log.case_events["at"][cases.first])
    of_case = cases.of_contact >= 0
    of_case[of_case] = inside[cases.of_contact[of_case]]
    return ContactFacts(
        held=held,
        connected=held + talks,
        answers=np.bincount(of[log.legs["outcome"] == Outcome.ANSWERED], minlength=n).astype(np.int64),
        outbound=outbound,
        of_case=of_case,
    )


def customers_of(plan: Plan, log: RunLog, facts: ContactFacts) -> Customers:
    """Return what became of each customer who came in the window."""
    cases, others = _with_cases(plan, log, facts), _without_cases(plan, log, facts)
    return Customers(
        **{
            field.name: np.concatenate((getattr(cases, field.name), getattr(others, field.name)))
            for field in fields(Customers)
        }
    )


def _inside(plan: Plan, at: Int64) -> Bool:
    return (at >= plan.clock.warm_up) & (at < plan.clock.window_end)


def _with_cases(plan: Plan, log: RunLog, facts: ContactFacts) -> Customers:
    cases, index = facts_of_cases(plan, log), index_cases(log)
    born = _inside(plan, log.case_events["at"][index.first])
    row = np.where(born, np.cumsum(born) - 1, -1)
    of = np.where(index.of_contact >= 0, row[index.of_contact], -1) if index.n else index.of_contact
    n, solved, gave_up = cases.n_cases, cases.solved, cases.state == CaseState.GAVE_UP
    return Customers(
        stream=cases.stream,
        is_case=np.ones(n, np.bool_),
        calls=cases.calls,
        held=cases.hold,
        answers=cases.employees,
        told=cases.explanations,
        held_an_hour=_any(of, facts.held >= _HOUR, n),
        cut_off=_any(of, np.isin(log.contacts["outcome"], CUT_OFF), n),
        promise_broken=cases.promises_broken > 0,
        complained=cases.complained > 0,
        solved=solved,
        gave_up=gave_up,
        never_tried=cases.state == CaseState.NEVER_TRIED,
        first_time=cases.first_contact > 0,
        decided=(cases.calls > 1) | ((cases.calls == 1) & (solved | gave_up)),
        until_solved=np.where(solved, cases.age, 0),
        promises=cases.promises_in_time + cases.promises_late + cases.promises_broken + cases.promises_overdue,
        promises_missed=cases.promises_late + cases.promises_broken + cases.promises_overdue,
    )


def _without_cases(plan: Plan, log: RunLog, facts: ContactFacts) -> Customers:
    plain = ~np.isin(log.contacts["stream"], plan.cases.stream)
    contacts = {name: column[plain] for name, column in log.contacts.items()}
    keys = _names(contacts)
    fresh = (contacts["attempt"] == 0) & _inside(plan, contacts["arrived"])
    names = np.sort(keys[fresh])
    n = len(names)
    place = np.minimum(np.searchsorted(names, keys), max(n - 1, 0))
    of = np.where(names[place] == keys, place, -1) if n else np.full(len(keys), -1, np.int64)
    calls, outcome, stream = (np.zeros(n, np.int64) for _ in range(3))
    over = np.zeros(n, np.bool_)
    here = np.flatnonzero(of >= 0)
    np.add.at(calls, of[here], 1)
    # Contacts are in the order of arrival: what is written last is the last call.
    outcome[of[here]], over[of[here]] = contacts["outcome"][here], contacts["ended"][here] >= 0
    stream[of[here]] = contacts["stream"][here]
    solved = over & (outcome == Outcome.ANSWERED)
    none, no = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    return Customers(
        stream=stream,
        is_case=no,
        calls=calls,
        held=_sum(of, facts.held[plain], n),
        answers=_sum(of, facts.answers[plain], n),
        told=none,
        held_an_hour=_any(of, facts.held[plain] >= _HOUR, n),
        cut_off=_any(of, np.isin(contacts["outcome"], CUT_OFF), n),
        promise_broken=no,
        complained=no,
        solved=solved,
        gave_up=over & ~np.isin(outcome, (Outcome.ANSWERED, Outcome.VOICEMAIL)),
        never_tried=no,
        first_time=solved & (calls == 1),
        decided=over | (calls > 1),
        until_solved=none,
        promises=none,
        promises_missed=none,
    )


def _sum(of: Int64, values: Int64, n: int) -> Int64:
    total = np.zeros(n, np.int64)
    np.add.at(total, of[of >= 0], values[of >= 0])
    return total


def _any(of: Int64, holds: Bool, n: int) -> Bool:
    found = np.zeros(n, np.bool_)
    found[of[(of >= 0) & holds]] = True
    return found


def _names(contacts: Mapping[str, Int64]) -> Int64:
    """Return one number for the caller of each contact; the same caller has the same."""
    stream, block, n = (contacts[name] for name in ("stream", "block", "n"))
    if not len(n):
        return np.zeros(0, np.int64)
    found: Int64 = (stream * (block.max() + 2) + block + 1) * (n.max() + 1) + n
    return found

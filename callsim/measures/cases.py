"""What a log says about each case of the cohort: the problems that began in the measured window.

A case is followed up to the end of the run, however long after the window. *Contacts* are those that the customer
makes; those that the provider makes (call-backs, calls on the regulator's order) are counted apart, but who answers
them has talked with the customer like everybody else. *Hold* is waiting in queues and the dialling of transfers, in
calls of the customer; of a call by the provider only the talk costs the customer time, since nobody holds the line
before. So time on the phone = hold + talk, and it is also the time from arrival to hanging up of the customer's calls.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Outcome
from callsim.measures.facts import KEPT
from callsim.measures.sums import count_by, sum_by
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND, CaseIndex, index_cases

__all__ = ["WEEK", "CaseFacts", "CaseState", "LegTimes", "facts_of_cases", "leg_times"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

WEEK = 7 * 86_400 * 1_000_000
"""So long must nobody have called again for the usual proxy of a first-contact solution. [ticks]"""


class CaseState(IntEnum):
    """Where a case stands when the run ends."""

    OPEN = 0
    SOLVED_BY_PROVIDER = 1
    SOLVED_BY_REGULATOR = 2
    """Solved after the customer had complained to the regulator."""
    GAVE_UP = 3
    NEVER_TRIED = 4


_STATE = {
    CaseEvent.SOLVED: CaseState.SOLVED_BY_PROVIDER,
    CaseEvent.GAVE_UP: CaseState.GAVE_UP,
    CaseEvent.NEVER_TRIED: CaseState.NEVER_TRIED,
}
"""Last event of a case -> its state; others leave it open."""


@dataclass(frozen=True)
class CaseFacts:
    """One row a case. Numbers and times are of the case's whole life up to the end of the run."""

    kind: Int64
    """Row of `callsim.plan.cases.Cases`: type of case and kind of customer."""
    stream: Int64
    block: Int64
    n: Int64
    born: Int64
    """[ticks]"""
    state: Int64
    """`CaseState`"""
    age: Int64
    """At the end of the case; of an open case at the end of the run. [ticks]"""
    calls: Int64
    """Contacts that the customer made."""
    provider_calls: Int64
    """Contacts that the provider made."""
    legs: Int64
    employees: Int64
    """Employees who answered, each as often as he did."""
    different_employees: Int64
    transfers: Int64
    """Talks after which an employee passed the customer on, whatever became of him."""
    explanations: Int64
    hold: Int64
    """[ticks]"""
    talk: Int64
    """[ticks]"""
    calls_in_vain: Int64
    """Calls that entered no queue: closed, voicemail, busy tone, or hung up on hearing of the wait."""
    cut_offs: Int64
    """Calls cut off by a transfer into a closed department."""
    promises: Int64
    promises_in_time: Int64
    """Kept by the deadline."""
    promises_late: Int64
    """Kept behind the deadline."""
    promises_broken: Int64
    """The deadline came and nothing was done."""
    promises_overdue: Int64
    """Neither kept nor broken when the run ended, with a deadline that had come."""
    escalated: Int64
    refused: Int64
    """Asked for somebody in authority in vain."""
    complained: Int64
    """1 if the regulator was told."""
    closings: Int64
    """Solutions, and closings without one."""
    reopened: Int64
    answered: Int64
    """1 if a call of the customer was answered."""
    first_contact: Int64
    """1 if the case was solved at its first contact, nothing promised, nobody else needed."""
    one_can_do: Int64
    """1 if one employee could do all of it in one call."""
    watched: Int64
    """1 if the run went on for 7 days after the end of the first answered call."""
    quiet: Int64
    """1 if it did, and no further call of the customer came in these 7 days."""

    @property
    def n_cases(self) -> int:
        """Number of cases."""
        return len(self.kind)

    @property
    def phone(self) -> Int64:
        """Time on the phone. [ticks]"""
        return self.hold + self.talk

    @property
    def finished(self) -> Bool:
        """Which cases were tried and are over: solved or given up."""
        return np.isin(self.state, (CaseState.SOLVED_BY_PROVIDER, CaseState.SOLVED_BY_REGULATOR, CaseState.GAVE_UP))

    @property
    def solved(self) -> Bool:
        """Which cases were solved, by the provider or because of the regulator."""
        return np.isin(self.state, (CaseState.SOLVED_BY_PROVIDER, CaseState.SOLVED_BY_REGULATOR))

    def take(self, rows: Int64 | Bool) -> CaseFacts:
        """Return the cases of these rows."""
        return CaseFacts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class LegTimes:
    """What each leg of a log cost the caller, up to the end of the run."""

    wait: Int64
    """[leg] [ticks]"""
    talk: Int64
    """[leg] [ticks]"""
    dialling: Int64
    """[leg] From the end of the talk to the next queue, or to being cut off. [ticks]"""


def leg_times(log: RunLog) -> LegTimes:
    """Return waits, talks and dialling of each leg, int64[leg]. [ticks]"""
    legs, end = log.legs, log.end
    answered = legs["outcome"] == Outcome.ANSWERED
    left = np.where(legs["left"] < 0, end, legs["left"])
    talked = np.where(answered, np.minimum(legs["talk_end"], end), left)
    ended = log.contacts["ended"][legs["contact"]]
    onward = np.where(ended < 0, end, ended)
    goes_on = np.flatnonzero(legs["contact"][1:] == legs["contact"][:-1])
    onward[goes_on] = legs["entered"][goes_on + 1]
    return LegTimes(left - legs["entered"], talked - left, np.where(answered, onward - talked, 0))


def facts_of_cases(plan: Plan, log: RunLog, everyone: bool = False) -> CaseFacts:
    """Return what a log says about its cases.

    Parameters
    ----------
    plan : Plan
        The plan that was run; it has cases.
    log : RunLog
    everyone : bool, optional
        All cases, also those that began outside the measured window.

    Returns
    -------
    CaseFacts
        One row a case, in the order of the table of case events.
    """
    cases = index_cases(log)
    events = log.case_events
    kind_of_stream = np.zeros(plan.n_streams, np.int64)
    kind_of_stream[plan.cases.stream] = np.arange(plan.cases.n)
    identity = {name: events[name][cases.first] for name in ("stream", "block", "n")}
    kind, born = kind_of_stream[identity["stream"]], events["at"][cases.first]
    end = _ends(log, cases, born)
    by_events = _of_events(log, cases)
    by_calls = _of_calls(log, cases)
    owners_elsewhere = by_events.pop("owned_elsewhere")
    solved = np.isin(end["state"], (CaseState.SOLVED_BY_PROVIDER, CaseState.SOLVED_BY_REGULATOR))
    first = solved & (by_calls["calls"] == 1) & (by_calls["provider_calls"] == 0)
    first &= (owners_elsewhere == 0) & (by_events["reopened"] == 0)
    at_once = (plan.cases.pieces == 1) | plan.cases.owner_does_rest
    found = CaseFacts(
        kind=kind,
        **identity,
        born=born,
        **end,
        **by_calls,
        **by_events,
        first_contact=first.astype(np.int64),
        one_can_do=at_once.astype(np.int64)[kind],
    )
    inside = (born >= plan.clock.warm_up) & (born < plan.clock.window_end)
    return found if everyone else found.take(inside)


def _ends(log: RunLog, cases: CaseIndex, born: Int64) -> dict[str, Int64]:
    """Return state and age at the end of each case."""
    events = log.case_events
    code = events["event"][cases.last]
    state = np.zeros(cases.n, np.int64)
    for event, is_state in _STATE.items():
        state[code == event] = is_state
    state[(code == CaseEvent.SOLVED) & (events["value"][cases.last] == 1)] = CaseState.SOLVED_BY_REGULATOR
    over = np.where(state == CaseState.OPEN, log.end, events["at"][cases.last])
    return {"state": state, "age": over - born}


def _of_events(log: RunLog, cases: CaseIndex) -> dict[str, Int64]:
    """Return what is counted from the events of each case."""
    events = log.case_events
    code, at, value = events["event"], events["at"], events["value"]

    def count(chosen: Bool) -> Int64:
        return count_by(cases.of_event[chosen], cases.n)

    def happened(*wanted: CaseEvent) -> Bool:
        return np.isin(code, wanted)

    kept, broken, made = (happened(CaseEvent[f"PROMISE{name}"]) for name in ("_KEPT", "_BROKEN", "D"))
    settled = np.zeros(len(code), np.bool_)
    # At most one promise of a case is open at a time: the next promise event of the case settles it.
    rows = np.flatnonzero(kept | broken | made)
    follows = cases.of_event[rows[1:]] == cases.of_event[rows[:-1]]
    settled[rows[:-1][follows & ~made[rows[1:]]]] = True
    return {
        "explanations": count(happened(CaseEvent.EXPLAINED)),
        "promises": count(made),
        "promises_in_time": count(kept & (at <= value)),
        "promises_late": count(kept & (at > value)),
        "promises_broken": count(broken),
        "promises_overdue": count(made & ~settled & (value <= log.end)),
        "escalated": count(happened(CaseEvent.ESCALATED)),
        "refused": count(happened(CaseEvent.ESCALATION_REFUSED)),
        "complained": np.minimum(count(happened(CaseEvent.COMPLAINED)), 1),
        "closings": count(happened(CaseEvent.SOLVED, CaseEvent.CLOSED_UNSOLVED)),
        "reopened": count(happened(CaseEvent.REOPENED)),
        "owned_elsewhere": count(happened(CaseEvent.OWNED) & (events["contact"] < 0)),
    }


def _of_calls(log: RunLog, cases: CaseIndex) -> dict[str, Int64]:
    """Return what is counted from the contacts and legs of each case."""
    contacts, legs, n = log.contacts, log.legs, cases.n
    case = cases.of_contact
    own = (case >= 0) & ~np.isin(contacts["cause"], OUTBOUND)
    waited = np.zeros(len(case), np.bool_)
    waited[legs["contact"]] = True

    def count(chosen: Bool) -> Int64:
        return count_by(case[chosen], n)

    rows = np.flatnonzero(case[legs["contact"]] >= 0)
    of_leg = case[legs["contact"][rows]]
    answered = legs["outcome"][rows] == Outcome.ANSWERED
    times = leg_times(log)
    by_himself = own[legs["contact"][rows]]
    hold = (times.wait[rows] + times.dialling[rows]) * by_himself
    agents = int(legs["agent"].max(initial=0)) + 1
    met = np.unique(of_leg[answered] * agents + legs["agent"][rows][answered]) // agents
    passed_on = answered & ~np.isin(legs["transfer"][rows], KEPT)
    return {
        "calls": count(own),
        "provider_calls": count((case >= 0) & ~own),
        "legs": count_by(of_leg, n),
        "employees": count_by(of_leg[answered], n),
        "different_employees": count_by(met, n),
        "transfers": count_by(of_leg[passed_on], n),
        "hold": sum_by(of_leg, hold, n),
        "talk": sum_by(of_leg, times.talk[rows], n),
        "calls_in_vain": count(own & ~waited),
        "cut_offs": count((case >= 0) & (contacts["outcome"] == Outcome.DROPPED_BY_TRANSFER)),
        **_first_answers(log, case, own, n),
    }


def _first_answers(log: RunLog, case: Int64, own: Bool, n: int) -> dict[str, Int64]:
    """Return whether a call of the customer was answered, and whether 7 days without a further one followed."""
    contacts = log.contacts
    rows = np.flatnonzero(own)
    rows = rows[np.argsort(case[rows], kind="stable")]
    served = np.flatnonzero(contacts["outcome"][rows] == Outcome.ANSWERED)
    found, place = np.unique(case[rows[served]], return_index=True)
    place = served[place]
    over = contacts["ended"][rows[place]]
    until = over + WEEK
    nearest = np.minimum(place + 1, len(rows) - 1)
    again = (nearest > place) & (case[rows[nearest]] == found) & (contacts["arrived"][rows[nearest]] <= until)
    watched = (over >= 0) & (until <= log.end)
    answered, long_enough, quiet = (np.zeros(n, np.int64) for _ in range(3))
    answered[found] = 1
    long_enough[found] = watched
    quiet[found] = watched & ~again
    return {"answered": answered, "watched": long_enough, "quiet": quiet}

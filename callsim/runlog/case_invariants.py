"""What must hold for the cases of every log, whatever the plan: the order of their events, and what these speak of.

Called by `callsim.runlog.check_log`; a break is a bug in callsim, never the user's fault.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Cause, Outcome
from callsim.runlog.breaks import break_contact, break_run, first_broken
from callsim.runlog.cases import CaseIndex, index_cases
from callsim.runlog.columns import CASE_EVENTS
from callsim.runlog.log import RunLog

__all__ = ["break_event", "check_cases"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_ENDS = (CaseEvent.NEVER_TRIED, CaseEvent.GAVE_UP)
"""Nothing follows these."""
_AFTER_SOLVED = (CaseEvent.REOPENED, CaseEvent.GAVE_UP)
_OF_A_LEG = (CaseEvent.EXPLAINED, CaseEvent.ESCALATION_REFUSED, CaseEvent.ESCALATED)
_OF_A_CONTACT = (*_OF_A_LEG, CaseEvent.LEARNED_HOURS, CaseEvent.CLOSED_UNSOLVED, CaseEvent.REOPENED)
_AT_END_OF_TALK = (CaseEvent.OWNED, CaseEvent.ESCALATION_REFUSED, CaseEvent.ESCALATED, CaseEvent.PROMISE_KEPT)
_SETTLED = (CaseEvent.PROMISE_KEPT, CaseEvent.PROMISE_BROKEN)
_CAUSED_BY = {
    Cause.REPEAT_BROKEN_PROMISE: (CaseEvent.PROMISE_BROKEN, "no promise was broken before it"),
    Cause.CALL_BACK: (CaseEvent.PROMISED, "nothing was promised before it"),
    Cause.REGULATOR: (CaseEvent.COMPLAINED, "nobody complained before it"),
}
"""Cause of a contact -> the event that must have happened to its case before, and what is wrong if it has not."""


def break_event(log: RunLog, row: int, what: str) -> NoReturn:
    """Raise `InvariantBroken` that names the case event in `row` and its columns."""
    events = log.case_events
    code = int(events["event"][row])
    name = CaseEvent(code).name if 0 <= code < len(CaseEvent) else f"event {code}"
    cells = ", ".join(f"{column.name} {int(events[column.name][row])}" for column in CASE_EVENTS)
    break_run(log, f"case event {row} ({name}) {what}\n  case event: {cells}")


def check_cases(log: RunLog) -> None:
    """Check the case events of a log, of which there are some, and whose contacts and legs have been checked before.

    Cases are sorted and their events numbered 0, 1, 2, ...; the first says that the problem begins; instants do not
    fall; nothing follows an end; what happened in a contact or leg happened in one of the same case, when it could; an
    employee to whom the case is explained has answered; promises are settled once, by the deadline that was promised;
    the provider calls only if it has promised to, or the regulator was told.

    Raises
    ------
    InvariantBroken
        Naming the first event or contact that breaks a rule.
    """
    _check_order(log)
    cases = index_cases(log)
    _check_sequence(log, cases)
    _check_places(log, cases)
    _check_explained(log, cases)
    _check_promises(log, cases)
    _check_complaints(log, cases)
    _check_contacts(log, cases)


def _events(log: RunLog, *wanted: CaseEvent) -> Bool:
    return np.isin(log.case_events["event"], wanted)


def _report(log: RunLog, rules: dict[str, Bool], rows: Int64 | None = None) -> None:
    """Break the run at the first event for which one of the rules says that it is wrong."""
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_event(log, row if rows is None else int(rows[row]), what)


def _check_order(log: RunLog) -> None:
    events = log.case_events
    key = [events[name] for name in ("stream", "block", "n")]
    below, same = np.zeros(len(key[0]), np.bool_), np.ones(len(key[0]), np.bool_)
    for column in key:
        below[1:] |= same[1:] & (column[1:] < column[:-1])
        same[1:] &= column[1:] == column[:-1]
    same[0] = False
    follows = np.zeros(len(below), np.bool_)
    np.equal(events["step"][1:], events["step"][:-1] + 1, out=follows[1:])
    code = events["event"]
    _report(
        log,
        {
            "stands behind an event of a later case": below,
            "is not linked: the events of a case are numbered 0, 1, 2, ...": np.where(
                same, ~follows, events["step"] != 0
            ),
            "is unknown": (code < 0) | (code >= len(CaseEvent)),
            "happens before the start or after the end of the run": (events["at"] < 0) | (events["at"] > log.end),
        },
    )


def _check_sequence(log: RunLog, cases: CaseIndex) -> None:
    """Check that a case begins once, that its instants do not fall, and that nothing follows its end."""
    events = log.case_events
    code, at = events["event"], events["at"]
    later = events["step"] > 0
    before = np.concatenate(([CaseEvent.BORN], code[:-1]))
    falls = np.zeros(len(at), np.bool_)
    np.less(at[1:], at[:-1], out=falls[1:])
    _report(
        log,
        {
            "comes first, but a case begins with BORN": ~later & (code != CaseEvent.BORN),
            "comes again: a case begins once": later & (code == CaseEvent.BORN),
            "happens before the event above it": later & falls,
            "follows the end of the case": later & np.isin(before, _ENDS),
            "follows a solution": later & (before == CaseEvent.SOLVED) & ~np.isin(code, _AFTER_SOLVED),
            "comes late: who never tries never begins": (code == CaseEvent.NEVER_TRIED) & (events["step"] != 1),
        },
    )


def _check_places(log: RunLog, cases: CaseIndex) -> None:
    """Check that events name contacts and legs of their own case, in which they can have happened."""
    events, contacts, legs = log.case_events, log.contacts, log.legs
    code, contact, leg = events["event"], events["contact"], events["leg"]
    n = len(contacts["arrived"])
    unknown = (contact < -1) | (contact >= n) | ((contact < 0) & (leg != -1))
    _report(log, {"names a contact that there is not": unknown})
    rows = np.flatnonzero(contact >= 0)
    in_contact, at = contact[rows], events["at"][rows]
    ended = np.where(contacts["ended"][in_contact] < 0, log.end, contacts["ended"][in_contact])
    begun = np.searchsorted(legs["contact"], in_contact)
    n_legs = np.searchsorted(legs["contact"], in_contact, side="right") - begun
    number = leg[rows]
    _report(
        log,
        {
            "names a contact of somebody else": cases.of_contact[in_contact] != cases.of_event[rows],
            "does not happen within its contact": (at < contacts["arrived"][in_contact]) | (at > ended),
            "names a leg that its contact does not have": (number < -1) | (number >= n_legs),
            "is not at the beginning of its contact": (code[rows] == CaseEvent.REOPENED)
            & (at != contacts["arrived"][in_contact]),
        },
        rows,
    )
    _report(
        log,
        {
            "names no leg, but belongs to one": np.isin(code, _OF_A_LEG) & (leg < 0),
            "names no contact, but belongs to one": np.isin(code, _OF_A_CONTACT) & (contact < 0),
        },
    )
    within = rows[number >= 0]
    row = (begun + number)[number >= 0]
    code, at = code[within], events["at"][within]
    answered = legs["outcome"][row] == Outcome.ANSWERED
    _report(
        log,
        {
            "happens in a leg that nobody answered": ~answered,
            "is not at the answer": (code == CaseEvent.EXPLAINED) & (at != legs["left"][row]),
            "is not at the end of the talk": np.isin(code, _AT_END_OF_TALK) & (at != legs["talk_end"][row]),
        },
        within,
    )


def _check_explained(log: RunLog, cases: CaseIndex) -> None:
    """Check that an explanation counts the employees who have answered before."""
    events, legs = log.case_events, log.legs
    rows = np.flatnonzero(_events(log, CaseEvent.EXPLAINED))
    served = np.flatnonzero(legs["agent"] >= 0)
    case = cases.of_contact[legs["contact"][served]]
    served, case = served[case >= 0], case[case >= 0]
    order = np.argsort(case, kind="stable")
    count = np.arange(len(order)) - np.searchsorted(case[order], case[order])
    before = np.full(len(legs["leg"]), -1, np.int64)
    before[served[order]] = count
    row = np.searchsorted(legs["contact"], events["contact"][rows]) + events["leg"][rows]
    _report(log, {"does not count the employees who have answered before": events["value"][rows] != before[row]}, rows)


def _check_promises(log: RunLog, cases: CaseIndex) -> None:
    """Check that a promise is settled once, before the next is made, and at the deadline that it had."""
    events = log.case_events
    made, settled = _events(log, CaseEvent.PROMISED), _events(log, *_SETTLED)
    rows = np.flatnonzero(made | settled)
    case, value, at = cases.of_event[rows], events["value"][rows], events["at"][rows]
    opens = made[rows]
    goes_on = np.zeros(len(rows), np.bool_)
    goes_on[1:] = (case[1:] == case[:-1]) & opens[:-1]
    other = np.zeros(len(rows), np.bool_)
    other[1:] = value[1:] != value[:-1]
    broken = events["event"][rows] == CaseEvent.PROMISE_BROKEN
    _report(
        log,
        {
            "is made while another promise is open": opens & goes_on,
            "settles what was not promised": ~opens & ~goes_on,
            "has another deadline than the promise": ~opens & other,
            "has a deadline before it was made": opens & (value < at),
            "is not at the deadline": broken & (at != value),
        },
        rows,
    )


def _check_complaints(log: RunLog, cases: CaseIndex) -> None:
    """Check that a case goes to the regulator once, and that a solution says whether it did."""
    events = log.case_events
    told = np.flatnonzero(_events(log, CaseEvent.COMPLAINED))
    again = np.zeros(len(told), np.bool_)
    again[1:] = cases.of_event[told][1:] == cases.of_event[told][:-1]
    _report(log, {"comes again: a customer complains once a case": again}, told)
    since = np.full(cases.n, len(events["event"]), np.int64)
    since[cases.of_event[told]] = told
    solved = np.flatnonzero(_events(log, CaseEvent.SOLVED))
    value = (since[cases.of_event[solved]] < solved).astype(np.int64)
    what = "does not say whether the customer had complained to the regulator"
    _report(log, {what: events["value"][solved] != value}, solved)
    work = np.flatnonzero(_events(log, CaseEvent.OWNED))
    _report(log, {"does no piece of work": events["value"][work] < 1}, work)


def _check_contacts(log: RunLog, cases: CaseIndex) -> None:
    """Check that contacts of cases lie between the birth and the end, and that their causes have happened."""
    contacts, events = log.contacts, log.case_events
    rows = np.flatnonzero(cases.of_contact >= 0)
    case, arrived, cause = cases.of_contact[rows], contacts["arrived"][rows], contacts["cause"][rows]
    last = cases.last[case]
    over = np.isin(events["event"][last], (*_ENDS, CaseEvent.SOLVED))
    lasting = (contacts["ended"][rows] < 0) | (contacts["ended"][rows] > events["at"][last])
    wrong = {
        "begins before the problem of its case does": arrived < events["at"][cases.first[case]],
        "lasts beyond the end of its case": over & lasting,
    }
    for needed, (event, what) in _CAUSED_BY.items():
        found = np.flatnonzero(_events(log, event))[::-1]
        since = np.full(cases.n, log.end + 1, np.int64)
        since[cases.of_event[found]] = events["at"][found]
        wrong[f"has the cause {needed.name}, but {what}"] = (cause == needed) & (arrived < since[case])
    opened = np.zeros(len(contacts["cause"]), np.bool_)
    opened[events["contact"][_events(log, CaseEvent.REOPENED)]] = True
    wrong["does not fit its cause: a case is reopened by a call with the cause REPEAT_REOPENED"] = opened[rows] != (
        cause == Cause.REPEAT_REOPENED
    )
    for what, broken in wrong.items():
        if (row := first_broken(broken)) >= 0:
            break_contact(log, int(rows[row]), what)

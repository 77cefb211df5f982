"""Which sum is made of which facts of a run that kept no log: of contacts, visits to queues, answers and staff.

The facts of `callsim.runlog.sums` stand row by row in a table; behind them come the rows that are *made* of others. A
sum is one row of such a table, and a whole table of sums is taken from it at once. No replication is measured here:
the engine makes the same sums, by the coefficients that ``wanted.py`` reads off these functions.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, ServiceLevelFormula, SpanKind
from callsim.measures.catalogue import SUMS
from callsim.measures.reduction import OUTCOMES, SPAN_TIMES
from callsim.runlog.sums import (
    ABANDONED_LATE,
    ABANDONED_LONG,
    ABANDONED_WAIT,
    CALLED,
    CONTACT_FACTS,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    FURTHER_CALLS,
    GROUP_WINDOW,
    HANDLING,
    HELD_AN_HOUR,
    HOLD,
    LATE,
    LEG_FACTS,
    MESSAGE_AFTER,
    PASSED_ON,
    QUEUE_WAITING,
    QUEUE_WINDOW,
    REACHED,
    REPEATS,
    SPAN_TIME,
    STREAM_WAITING,
    STREAM_WINDOW,
    TALK,
    TURNED_AWAY,
    WAIT,
    WORK,
)

__all__ = ["STAFF_ROWS", "Rules", "sums_of_contacts", "sums_of_groups", "sums_of_visits"]

Int64 = npt.NDArray[np.int64]
_N_OUTCOMES = len(Outcome)
_ANSWERED = FIRST_OUTCOME + Outcome.ANSWERED
_ABANDONED = FIRST_OUTCOME + Outcome.ABANDONED
_BLOCKED = TURNED_AWAY + Outcome.BLOCKED
_CLOSED = TURNED_AWAY + Outcome.CLOSED
_MESSAGE = TURNED_AWAY + Outcome.VOICEMAIL
_ENTERED = slice(FIRST_OUTCOME, FIRST_OUTCOME + _N_OUTCOMES)
"""Calls that entered a queue, by outcome."""
_NOT_ENTERED = slice(TURNED_AWAY, TURNED_AWAY + _N_OUTCOMES)
"""Contacts that entered none."""

# --- rows that are made of facts; they stand behind the facts -------------------------------------------------------
_ENDED = CONTACT_FACTS
"""From here on one count an outcome of all these together."""
_ALL_ENDED = slice(_ENDED, _ENDED + _N_OUTCOMES)
(
    _OFFERED, _ARRIVALS, _OFFERED_OR_BLOCKED, _HANDLE, _WAITED, _WAITS, _LEVEL_MET, _LEVEL_COUNTED,
    _FRESH, _OWN_REPEATS, _VOICEMAIL, _PEOPLE_ANSWERED, _CALLS_OF_PEOPLE, _QUEUE_TIME,
    _BUSY, _STAFFED, _IDLE, _PAID, _FIRST_SPAN,
) = range(_ENDED + _N_OUTCOMES, _ENDED + _N_OUTCOMES + 19)  # fmt: skip
_SPANS = slice(_FIRST_SPAN, _FIRST_SPAN + len(SpanKind))
"""Time of agents' spans, by kind."""
(_SIGNED_ON, _BREAK, _OVERRUN, _ABSENT) = (
    _FIRST_SPAN + kind for kind in (SpanKind.SIGNED_ON, SpanKind.BREAK, SpanKind.OVERRUN, SpanKind.ABSENT)
)
(_WINDOW, _NOTHING, _ROWS) = range(_FIRST_SPAN + len(SpanKind), _FIRST_SPAN + len(SpanKind) + 3)

# --- name of a sum -> the row that it is ----------------------------------------------------------------------------
_OF_ANSWERS = {
    "answered": _ANSWERED,
    "abandoned": _ABANDONED,
    "waited": _WAITED,
    "wait_answered": WAIT,
    "wait_abandoned": ABANDONED_WAIT,
    "wait": _WAITS,
    "held_an_hour": HELD_AN_HOUR,
    "talk": TALK,
    "after_call_work": WORK,
    "handle": _HANDLE,
    "transferred": PASSED_ON,
    "window": _WINDOW,
}
_OF_CALLS = (
    _OF_ANSWERS
    | {name: _ENDED + outcome for name, outcome in OUTCOMES.items()}
    | {
        "arrivals": _ARRIVALS,
        "offered": _OFFERED,
        "offered_or_blocked": _OFFERED_OR_BLOCKED,
        "voicemail_on_arrival": _MESSAGE,
        "fresh": _FRESH,
        "level_met": _LEVEL_MET,
        "level_counted": _LEVEL_COUNTED,
        "queue_time": _QUEUE_TIME,
    }
)
_OF_CONTACTS = _OF_CALLS | {
    "repeats": REPEATS,
    "callers": _FRESH,
    "callers_answered": _PEOPLE_ANSWERED,
    "hold_of_callers": HOLD,
    "calls_of_callers": _CALLS_OF_PEOPLE,
}
_STAFF = {name: _FIRST_SPAN + kind for kind, name in SPAN_TIMES.items()} | {
    "busy_time": _BUSY,
    "staffed_time": _STAFFED,
    "idle_time": _IDLE,
    "paid_time": _PAID,
}
_OF_GROUPS = _OF_ANSWERS | _STAFF
_OF_VISITS = _OF_CALLS | {"repeats": _OWN_REPEATS, "dropped_by_transfer": CUT_OFF_AFTER, "voicemail": _VOICEMAIL}


def _rows(of: Mapping[str, int]) -> npt.NDArray[np.intp]:
    """Return the row of each sum; that of zeros for a sum that there is none of."""
    return np.array([of.get(name, _NOTHING) for name in SUMS], np.intp)


_ROWS_OF_CONTACTS, _ROWS_OF_VISITS, _ROWS_OF_GROUPS = _rows(_OF_CONTACTS), _rows(_OF_VISITS), _rows(_OF_GROUPS)


STAFF_ROWS = tuple(row for row, name in enumerate(SUMS) if name in _STAFF)
"""Rows of the times of agents, in the order of the sums."""


def sums_of_contacts(rules: Rules, facts: Int64) -> Int64:
    """Return the sums of streams.

    Parameters
    ----------
    rules : Rules
        Of the queues that the streams call.
    facts : int64[fact, stream, cell]
        `callsim.runlog.sums.STREAM_FACTS` of them.

    Returns
    -------
    int64[sum, stream, cell]
    """
    table = _table(facts[:CONTACT_FACTS], facts[STREAM_WINDOW])
    table[_QUEUE_TIME] = facts[STREAM_WAITING]
    _make_answers(table)
    _make_calls(table, rules)
    table[_FRESH] = table[_ARRIVALS] - table[REPEATS]
    table[_PEOPLE_ANSWERED] = table[_ANSWERED] + table[REACHED]
    table[_CALLS_OF_PEOPLE] = table[_FRESH] + table[FURTHER_CALLS]
    return table[_ROWS_OF_CONTACTS]


def sums_of_visits(rules: Rules, facts: Int64) -> Int64:
    """Return the sums of queues: of the visits to them, and of what they count of the contacts that called them.

    Parameters
    ----------
    rules : Rules
    facts : int64[fact, queue, cell]
        `callsim.runlog.sums.QUEUE_FACTS` of them.

    Returns
    -------
    int64[sum, queue, cell]
    """
    table, called = _table(facts[:LEG_FACTS], facts[QUEUE_WINDOW]), facts[CALLED : CALLED + CONTACT_FACTS]
    table[_NOT_ENTERED] = called[_NOT_ENTERED]
    table[_QUEUE_TIME] = facts[QUEUE_WAITING]
    _make_answers(table)
    _make_calls(table, rules)
    table[_OWN_REPEATS] = called[REPEATS]
    table[_FRESH] = called[_ENTERED].sum(axis=0) + called[_NOT_ENTERED].sum(axis=0) - called[REPEATS]
    table[_VOICEMAIL] = table[MESSAGE_AFTER] + table[_MESSAGE]
    return table[_ROWS_OF_VISITS]


def sums_of_groups(facts: Int64) -> Int64:
    """Return the sums of groups: of the visits that they answered, and of their agents' time.

    Parameters
    ----------
    facts : int64[fact, group, cell]
        `callsim.runlog.sums.GROUP_FACTS` of them.

    Returns
    -------
    int64[sum, group, cell]
    """
    table = _table(facts[:LEG_FACTS], facts[GROUP_WINDOW])
    table[_BUSY] = facts[HANDLING]
    table[_SPANS] = facts[SPAN_TIME : SPAN_TIME + len(SpanKind)]
    _make_answers(table)
    present = table[_SIGNED_ON] + table[_OVERRUN]
    table[_STAFFED] = present - table[_BREAK]
    table[_IDLE] = table[_STAFFED] - table[_BUSY]
    table[_PAID] = present + table[_ABSENT]
    return table[_ROWS_OF_GROUPS]


def _table(facts: Int64, window: Int64) -> Int64:
    """Return room for all rows: the facts are there, and those that are the same for everybody."""
    table = np.zeros((_ROWS, *facts.shape[1:]), np.int64)
    table[: len(facts)] = facts
    table[_WINDOW] = window
    return table


def _make_answers(table: Int64) -> None:
    """Make what is made of answered and abandoned calls."""
    table[_HANDLE] = table[TALK] + table[WORK]
    table[_WAITED] = table[_ANSWERED] + table[_ABANDONED]
    table[_WAITS] = table[WAIT] + table[ABANDONED_WAIT]


def _make_calls(table: Int64, rules: Rules) -> None:
    """Make what is made of calls by their outcomes."""
    table[_ALL_ENDED] = table[_ENTERED] + table[_NOT_ENTERED]
    table[_OFFERED] = table[_ENTERED].sum(axis=0)
    table[_ARRIVALS] = table[_ALL_ENDED].sum(axis=0)
    table[_OFFERED_OR_BLOCKED] = table[_OFFERED] + table[_BLOCKED]
    rules.judge(table)


_RULE = ServiceLevelFormula
_COUNTED = {
    _ABANDONED: (_RULE.NEGATIVE_ABANDON, _RULE.POSITIVE_ABANDON, _RULE.OFFERED_INCL_BLOCKED),
    ABANDONED_LATE: (_RULE.IGNORE_SHORT_ABANDON,),
    ABANDONED_LONG: (_RULE.EXCLUDE_SHORT_ABANDON,),
    _BLOCKED: (_RULE.OFFERED_INCL_BLOCKED,),
    _CLOSED: (_RULE.OFFERED_INCL_BLOCKED,),
}
"""Calls -> the formulas of the service level by which they count besides those answered."""
_MET = {_ABANDONED: (_RULE.POSITIVE_ABANDON,)}
_NOT_MET = {ABANDONED_LATE: (_RULE.POSITIVE_ABANDON,)}
"""Calls -> the formulas by which they met it, or are among those that did not, besides those answered."""


class Rules:
    """What calls add to the service level by the formulas of their members.

    Parameters
    ----------
    formula : int8[member]
        Of the queue, or of the queue that a stream calls.
    """

    def __init__(self, formula: npt.NDArray[np.int8]) -> None:
        self._counted, self._met, self._not_met = (_applied(calls, formula) for calls in (_COUNTED, _MET, _NOT_MET))

    def judge(self, table: Int64) -> None:
        """Make the rows of the service level."""
        counted, met = table[_ANSWERED].copy(), table[_ANSWERED] - table[LATE]
        for row, members in self._counted.items():
            counted += table[row] * members
        for row, members in self._met.items():
            met += table[row] * members
        for row, members in self._not_met.items():
            met -= table[row] * members
        table[_LEVEL_COUNTED], table[_LEVEL_MET] = counted, met


def _applied(calls: Mapping[int, tuple[ServiceLevelFormula, ...]], formula: npt.NDArray[np.int8]) -> dict[int, Int64]:
    """Return rows, each with the members for whom it counts, int64[member, 1]."""
    return {row: np.isin(formula, formulas).astype(np.int64)[:, np.newaxis] for row, formulas in calls.items()}

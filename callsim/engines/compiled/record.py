"""Rows of callers, contacts and legs: how they begin, and how they are written down when they are over."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, inlined, jit

__all__ = [
    "begin_caller",
    "begin_contact",
    "begin_leg",
    "block_and_n",
    "end_wait",
    "free_caller",
    "new_caller",
    "open_contact",
    "who",
    "write_case_event",
    "write_contact",
    "write_leg",
    "write_single",
    "write_span",
]


@inlined
def new_caller(s: Any) -> Any:
    """Take a free row of the callers' table: the one that was given back last, which is still at hand."""
    c = s.clock[st.FIRST_FREE]
    s.clock[st.FIRST_FREE] = s.caller[c, st.AFTER_IT]
    s.clock[st.N_CALLERS] += 1
    return c


@inlined
def free_caller(s: Any, c: Any) -> None:
    """Give a row of the callers' table back: its caller is gone."""
    s.caller[c, st.PHASE] = st.FREE
    s.caller[c, st.AFTER_IT] = s.clock[st.FIRST_FREE]
    s.clock[st.FIRST_FREE] = c
    s.clock[st.N_CALLERS] -= 1


@inlined
def begin_caller(s: Any, c: Any, stream: Any, block: Any, n: Any, now: Any) -> None:
    """Begin a caller's history: nothing has happened yet."""
    s.caller[c, row.C_STREAM] = stream
    s.caller[c, row.C_BLOCK] = block
    s.caller[c, row.C_N] = n
    s.caller[c, row.C_ATTEMPT] = 0
    s.caller[c, row.C_FIRST_AT] = now
    s.caller[c, row.C_REACHED] = 0
    s.caller[c, row.C_HOLD] = 0
    s.caller[c, row.C_CALLS] = 0
    s.caller[c, st.UNSOLVED] = 0


@jit
def begin_contact(p: Any, s: Any, c: Any, cause: Any, now: Any) -> None:
    """Give a new contact its number: they count in the order of the arrival events."""
    index = s.clock[st.N_CONTACTS]
    s.clock[st.N_CONTACTS] = index + 1
    open_contact(p, s, c, index, cause, now)


@jit
def open_contact(p: Any, s: Any, c: Any, index: Any, cause: Any, now: Any) -> None:
    """Begin the row of the contact of this number."""
    stream = s.caller[c, row.C_STREAM]
    s.caller[c, row.C_INDEX] = index
    s.caller[c, row.C_CAUSE] = cause
    s.caller[c, row.C_ARRIVED] = now
    s.caller[c, row.C_QUEUE] = p.stream[stream, of.CALLED]
    s.caller[c, row.C_OUTCOME] = is_.UNFINISHED
    s.caller[c, row.C_ENDED] = st.NOBODY
    s.caller[c, row.C_LEGS] = 0
    s.caller[c, row.C_WAIT] = 0
    s.caller[c, row.C_TALK] = 0
    s.caller[c, row.C_WORK] = 0
    s.caller[c, row.C_PASSED_ON] = 0
    s.caller[c, row.C_LAST] = 0
    s.caller[c, row.C_CALLS] += 1
    s.caller[c, st.LEG_CONTACT] = index
    s.caller[c, st.LEG_STREAM] = stream
    s.caller[c, st.LEG_ARRIVED] = now
    s.caller[c, st.TRANSFERS] = 0
    s.caller[c, st.PATIENCE_LEFT] = st.NOT_DRAWN


@jit
def begin_leg(s: Any, c: Any, queue: Any, now: Any) -> None:
    """Begin a visit to a queue."""
    number = s.caller[c, row.C_LEGS]
    s.caller[c, row.C_LEGS] = number + 1
    s.caller[c, st.LEG_NUMBER] = number
    s.caller[c, st.LEG_QUEUE] = queue
    s.caller[c, st.LEG_ENTERED] = now
    s.caller[c, st.LEG_LEFT] = st.NOBODY
    s.caller[c, st.LEG_OUTCOME] = is_.UNFINISHED
    s.caller[c, st.LEG_AGENT] = st.NOBODY
    s.caller[c, st.LEG_TALK_END] = st.NOBODY
    s.caller[c, st.LEG_HANDLE_END] = st.NOBODY
    s.caller[c, st.LEG_TRANSFER] = is_.NOT_TRANSFERRED
    s.caller[c, st.LEG_TRANSFER_ROW] = st.NOBODY
    s.caller[c, st.LEG_FATE] = 0
    s.caller[c, st.EXPLAINS] = -1


@inlined
def end_wait(s: Any, c: Any, outcome: Any, at: Any) -> None:
    """Note how and when a wait ended."""
    s.caller[c, st.LEG_LEFT] = at
    s.caller[c, st.LEG_OUTCOME] = outcome
    s.caller[c, row.C_WAIT] += at - s.caller[c, st.LEG_ENTERED]


@inlined
def who(stream: Any, block: Any, n: Any) -> Any:
    """Return a caller's identity in one number; see `callsim.engines.compiled.rows`."""
    return ((block + 1) << 32) | (stream << 24) | n


@inlined
def block_and_n(caller: Any) -> Any:
    """Return the arrival block of a caller's identity, and his number there."""
    return (caller >> 32) - 1, caller & (st.LARGEST_BLOCK - 1)


@inlined
def write_single(
    s: Any, index: Any, caller: Any, arrived: Any, left: Any, agent: Any, talk_end: Any, handle_end: Any
) -> None:
    """Write down a contact that was one visit; ``caller`` is who called."""
    n = s.clock[st.SINGLE_ROWS]
    s.single_rows[row.X_INDEX, n] = index
    s.single_rows[row.X_WHO, n] = caller
    s.single_rows[row.X_ARRIVED, n] = arrived
    s.single_rows[row.X_LEFT, n] = left
    s.single_rows[row.X_AGENT, n] = agent
    s.single_rows[row.X_TALK_END, n] = talk_end
    s.single_rows[row.X_HANDLE_END, n] = handle_end
    s.clock[st.SINGLE_ROWS] = n + 1


@inlined
def _copy(s: Any, c: Any, first: Any, rows: Any, n: Any, width: Any) -> None:
    """Copy cells of a caller's row from `first` on into a row of a log: four are read before any of them is written.

    So it takes one vector instruction each; the compiler cannot know that the two tables do not overlap. The last four
    may copy cells a second time.
    """
    for k in range((width + 3) // 4):
        i = min(4 * k, width - 4)
        j = first + i
        a, b, c_, d = s.caller[c, j], s.caller[c, j + 1], s.caller[c, j + 2], s.caller[c, j + 3]
        rows[n, i], rows[n, i + 1], rows[n, i + 2], rows[n, i + 3] = a, b, c_, d


@jit
def write_leg(s: Any, c: Any) -> None:
    """Write down a leg that is over, or stays unfinished."""
    n = s.clock[st.LEG_ROWS]
    _copy(s, c, st.OF_LEG, s.leg_rows, n, row.LEG_WIDTH)
    s.clock[st.LEG_ROWS] = n + 1


@jit
def write_contact(s: Any, c: Any, outcome: Any, ended: Any, last: Any) -> None:
    """Write down a contact that is over, or stays unfinished; after the last the caller is gone."""
    s.caller[c, row.C_OUTCOME] = outcome
    s.caller[c, row.C_ENDED] = ended
    s.caller[c, row.C_LAST] = last
    s.caller[c, row.C_HOLD] += s.caller[c, row.C_WAIT]
    if outcome == is_.ANSWERED:
        s.caller[c, row.C_REACHED] = 1
    n = s.clock[st.CONTACT_ROWS]
    _copy(s, c, 0, s.contact_rows, n, row.CONTACT_WIDTH)
    s.clock[st.CONTACT_ROWS] = n + 1
    if last:
        free_caller(s, c)


@jit
def write_span(s: Any, agent: Any, kind: Any, start: Any, end: Any) -> None:
    """Write down a stretch of an agent's time; one without length did not happen."""
    if end > start or end == st.NOBODY:
        n = s.clock[st.SPAN_ROWS]
        s.span_rows[n, row.S_AGENT] = agent
        s.span_rows[n, row.S_KIND] = kind
        s.span_rows[n, row.S_START] = start
        s.span_rows[n, row.S_END] = end
        s.clock[st.SPAN_ROWS] = n + 1


@apart
def write_case_event(s: Any, c: Any, step: Any, at: Any, event: Any, contact: Any, leg: Any, value: Any) -> None:
    """Write down what happened to a case."""
    n = s.clock[st.CASE_ROWS]
    s.case_rows[n, row.E_STREAM] = s.caller[c, row.C_STREAM]
    s.case_rows[n, row.E_BLOCK] = s.caller[c, row.C_BLOCK]
    s.case_rows[n, row.E_N] = s.caller[c, row.C_N]
    s.case_rows[n, row.E_STEP] = step
    s.case_rows[n, row.E_AT] = at
    s.case_rows[n, row.E_EVENT] = event
    s.case_rows[n, row.E_CONTACT] = contact
    s.case_rows[n, row.E_LEG] = leg
    s.case_rows[n, row.E_VALUE] = value
    s.clock[st.CASE_ROWS] = n + 1

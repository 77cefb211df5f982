"""Visits in centres that are always open: what is kept of a caller between two of them, and the rows that tell of them.

All about a visit is known when its wait ends. It is written down then, from what is at hand, and not copied from the
caller's row, into which it would have to be written first. A visit is (number of the contact, number of the leg, queue,
instant at which it began, stream, instant at which the contact did); the sums of a contact are its waits, talks and
after-call work.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.record import begin_caller, begin_leg, block_and_n, free_caller, open_contact
from callsim.engines.compiled.sources import block_key

__all__ = [
    "begin_history",
    "fill_row",
    "keep_sums",
    "sums_of",
    "visit_of",
    "write_hung_up",
    "write_unfinished",
    "write_visit",
    "write_visits_contact",
]


@inlined
def begin_history(p: Any, s: Any, c: Any, caller: Any, entered: Any, patience: Any) -> None:
    """Begin what is kept of a caller whose first visit may not remain the only one."""
    block, n = block_and_n(caller)
    s.caller[c, row.C_N] = n
    s.caller[c, st.KEY] = block_key(p, block)
    s.caller[c, row.C_ARRIVED] = entered
    s.caller[c, st.PATIENCE_LEFT] = patience
    keep_sums(s, c, (0, 0, 0))


@inlined
def visit_of(s: Any, c: Any) -> Any:
    """Return the visit in which a caller is, of whom more than the first is kept."""
    return (
        s.caller[c, row.C_INDEX],
        s.caller[c, st.LEG_NUMBER],
        s.caller[c, st.LEG_QUEUE],
        s.caller[c, st.LEG_ENTERED],
        s.caller[c, row.C_STREAM],
        s.caller[c, row.C_ARRIVED],
    )


@inlined
def sums_of(s: Any, c: Any) -> Any:
    """Return what a caller's visits so far have summed up to. [ticks]"""
    return s.caller[c, row.C_WAIT], s.caller[c, row.C_TALK], s.caller[c, row.C_WORK]


@inlined
def keep_sums(s: Any, c: Any, sums: Any) -> None:
    """Keep the sums until the next visit."""
    s.caller[c, row.C_WAIT], s.caller[c, row.C_TALK], s.caller[c, row.C_WORK] = sums


@inlined
def write_visit(s: Any, visit: Any, left: Any, outcome: Any, agent: Any, ends: Any, fate: Any, transfer: Any) -> None:
    """Write down a visit; ``ends``: of the talk and of all work; ``fate``, ``transfer``: code and row of a transfer."""
    n = s.clock[st.LEG_ROWS]
    s.clock[st.LEG_ROWS] = n + 1
    index, leg, queue, entered, stream, arrived = visit
    s.leg_rows[n, row.L_CONTACT] = index
    s.leg_rows[n, row.L_LEG] = leg
    s.leg_rows[n, row.L_QUEUE] = queue
    s.leg_rows[n, row.L_ENTERED] = entered
    s.leg_rows[n, row.L_LEFT] = left
    s.leg_rows[n, row.L_OUTCOME] = outcome
    s.leg_rows[n, row.L_AGENT] = agent
    s.leg_rows[n, row.L_TALK_END], s.leg_rows[n, row.L_HANDLE_END] = ends
    s.leg_rows[n, row.L_TRANSFER] = fate
    s.leg_rows[n, row.L_TRANSFER_ROW] = transfer
    s.leg_rows[n, row.L_STREAM] = stream
    s.leg_rows[n, row.L_ARRIVED] = arrived
    s.leg_rows[n, row.L_FATE] = 0


@inlined
def write_visits_contact(
    p: Any, s: Any, c: Any, visit: Any, sums: Any, outcome: Any, ended: Any, passed_on: Any
) -> None:
    """Write down the contact whose last visit is over, or stays unfinished: the caller is gone."""
    index, leg, _, _, stream, arrived = visit
    wait, talk, work = sums
    block, ordinal = block_and_n(s.caller[c, st.WHO])
    n = s.clock[st.CONTACT_ROWS]
    s.clock[st.CONTACT_ROWS] = n + 1
    s.contact_rows[n, row.C_INDEX] = index
    s.contact_rows[n, row.C_STREAM] = stream
    s.contact_rows[n, row.C_BLOCK] = block
    s.contact_rows[n, row.C_N] = ordinal
    s.contact_rows[n, row.C_ATTEMPT] = 0
    s.contact_rows[n, row.C_CAUSE] = is_.FRESH_CALL
    s.contact_rows[n, row.C_ARRIVED] = arrived
    s.contact_rows[n, row.C_QUEUE] = p.stream[stream, of.CALLED]
    s.contact_rows[n, row.C_OUTCOME] = outcome
    s.contact_rows[n, row.C_ENDED] = ended
    s.contact_rows[n, row.C_LEGS] = leg + 1
    s.contact_rows[n, row.C_WAIT] = wait
    s.contact_rows[n, row.C_TALK] = talk
    s.contact_rows[n, row.C_WORK] = work
    s.contact_rows[n, row.C_PASSED_ON] = 1 if passed_on else 0
    s.contact_rows[n, row.C_LAST] = 1
    s.contact_rows[n, row.C_FIRST_AT] = arrived
    s.contact_rows[n, row.C_REACHED] = 1 if outcome == is_.ANSWERED else 0
    s.contact_rows[n, row.C_HOLD] = wait
    s.contact_rows[n, row.C_CALLS] = 1
    free_caller(s, c)


@inlined
def write_hung_up(p: Any, s: Any, c: Any, at: Any) -> None:
    """Write down a caller who hangs up, with a row for his visit and one for his contact."""
    visit, (wait, talk, work) = visit_of(s, c), sums_of(s, c)
    leg, entered = visit[1], visit[3]
    ends = st.NOBODY, st.NOBODY
    write_visit(s, visit, at, is_.ABANDONED, st.NOBODY, ends, is_.NOT_TRANSFERRED, st.NOBODY)
    write_visits_contact(p, s, c, visit, (wait + at - entered, talk, work), is_.ABANDONED, at, leg > 0)


@jit
def write_unfinished(p: Any, s: Any, c: Any) -> None:
    """Write down the contact of a caller who talks or is being passed on at the end: his visits are written down."""
    visit, sums, talks = visit_of(s, c), sums_of(s, c), s.caller[c, st.PHASE] == st.TALKING
    outcome = is_.ANSWERED if talks else is_.UNFINISHED
    write_visits_contact(p, s, c, visit, sums, outcome, st.NOBODY, not talks or visit[1] > 0)


@jit
def fill_row(p: Any, s: Any, c: Any) -> None:
    """Write into the row of a caller who waits at the end all that a log needs of him."""
    if s.caller[c, st.LEG_NUMBER] == 0:
        begin_history(p, s, c, s.caller[c, st.WHO], s.caller[c, st.LEG_ENTERED], s.caller[c, st.U_PATIENCE])
    (index, leg, queue, entered, stream, arrived), sums = visit_of(s, c), sums_of(s, c)
    block, n = block_and_n(s.caller[c, st.WHO])
    begin_caller(s, c, stream, block, n, arrived)
    open_contact(p, s, c, index, is_.FRESH_CALL, arrived)
    s.caller[c, row.C_LEGS] = leg
    begin_leg(s, c, queue, entered)
    keep_sums(s, c, sums)
    s.caller[c, row.C_PASSED_ON] = 1 if leg > 0 else 0

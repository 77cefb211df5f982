"""What a customer with a problem knows and feels: hours, anger, time on hold; and when and where he calls next.

The twin of the first half of ``callsim/engines/simpy/customer.py``.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import case_layout as of_
from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lookup import duration, number_for, scaled
from callsim.engines.compiled.record import write_case_event
from callsim.plan.plan import NEVER, ONE, SECOND

__all__ = ["anger_of", "by_anger", "held_by", "is_outbound", "lasts", "next_inside", "note", "note_of_leg", "plan_call"]

_HOUR = 3600 * SECOND


# --- looking up, writing down -----------------------------------------------------------------------


@apart
def lasts(p: Any, s: Any, c: Any, contact: Any, ordinal: Any, purpose: Any, law: Any) -> Any:
    """Return a drawn duration, 0 without a law. [ticks]"""
    if law < 0:
        return 0
    return duration(p, s, c, contact, ordinal, purpose, law)


@jit
def note(p: Any, s: Any, c: Any, at: Any, event: Any, value: Any, contact: Any, leg: Any, now: Any) -> None:
    """Write an event of the case down, unless it lies beyond the run."""
    if at > now and at >= p.scalar[of.HORIZON]:
        return
    step = s.case[c, of_.STEP]
    s.case[c, of_.STEP] = step + 1
    write_case_event(s, c, step, at, event, contact, leg, value)


@jit
def note_of_leg(p: Any, s: Any, c: Any, event: Any, value: Any, now: Any) -> None:
    """Write an event of the present leg down."""
    note(p, s, c, now, event, value, s.caller[c, row.C_INDEX], s.caller[c, st.LEG_NUMBER], now)


@inlined
def is_outbound(s: Any, c: Any) -> Any:
    """Tell whether the provider has made the present contact."""
    return s.caller[c, row.C_CAUSE] in (is_.CALL_BACK, is_.BY_REGULATOR)


@jit
def held_by(s: Any, c: Any) -> Any:
    """Return how long he has been on hold in all, on calls that he made. [ticks]"""
    held = s.case[c, of_.HELD_BEFORE]
    return held if is_outbound(s, c) else held + s.caller[c, row.C_WAIT]


@jit
def anger_of(p: Any, s: Any, c: Any) -> Any:
    """Return his points of anger now."""
    kind = s.case[c, of_.KIND_OF_CASE]
    return s.case[c, of_.POINTS] + p.anger[kind, is_.BY_HOUR_ON_HOLD] * (held_by(s, c) // _HOUR)


@apart
def by_anger(p: Any, s: Any, c: Any, amount: Any, factors: Any) -> Any:
    """Return what a duration becomes by his anger, for one of the plan's tables of factors. [ticks]"""
    factor = factors[s.case[c, of_.KIND_OF_CASE], min(anger_of(p, s, c), factors.shape[1] - 1)]
    return amount if factor == ONE else scaled(amount, factor)


@apart
def next_inside(p: Any, first: Any, end: Any, at: Any) -> Any:
    """Return the first instant from ``at`` on inside these rows of the table of hours, NEVER if there is none."""
    low, high = first, end
    while low < high:
        middle = (low + high) >> 1
        if p.hours[middle, of_.HOURS_END] <= at:
            low = middle + 1
        else:
            high = middle
    return max(at, p.hours[low, of_.HOURS_START]) if low < end else NEVER


# --- when and where he calls next -------------------------------------------------------------------


@apart
def plan_call(p: Any, s: Any, c: Any, earliest: Any, cause: Any, contact: Any) -> Any:
    """Return when he calls next, NEVER if he does not: awake, and where he knows a department to be open. [ticks]"""
    kind = s.case[c, of_.KIND_OF_CASE]
    chosen, at = _first_choice(p, s, c, contact), earliest
    while True:
        at = _next_awake(p, kind, at)
        if at == NEVER:
            return NEVER
        opens = _next_open(p, s, c, at)
        if opens == at:
            break
        at = opens
        if at == NEVER:
            return NEVER
    law = p.kind[kind, of_.WAITS_ON_LAW]
    if at > earliest and law >= 0:
        later = at + lasts(p, s, c, contact, 0, is_.FOR_WAITS_ON, law)
        if _next_awake(p, kind, later) == later and _next_open(p, s, c, later) == later:
            at = later
    s.case[c, of_.NEXT_CAUSE] = cause
    s.case[c, of_.NEXT_QUEUE] = chosen
    if _lets_in(p, s, c, chosen, at) != at:
        queue = 0
        while p.dial_share[kind, s.case[c, of_.PIECES_DONE], queue] == 0 or _lets_in(p, s, c, queue, at) != at:
            queue += 1
        s.case[c, of_.NEXT_QUEUE] = queue
    return at


@jit
def _first_choice(p: Any, s: Any, c: Any, contact: Any) -> Any:
    """Return the department that he would call first for the present piece."""
    kind, piece = s.case[c, of_.KIND_OF_CASE], s.case[c, of_.PIECES_DONE]
    u, total, first = number_for(p, s, c, contact, 0, is_.FOR_DIAL), 0, st.NOBODY
    for queue in range(p.dial_share.shape[2]):
        share = p.dial_share[kind, piece, queue]
        if share > 0 and (first < 0 or u >= total):
            first = queue
        total += share
    return first


@jit
def _next_awake(p: Any, kind: Any, at: Any) -> Any:
    return next_inside(p, p.kind[kind, of_.FIRST_AWAKE], p.kind[kind, of_.END_AWAKE], at)


@jit
def _lets_in(p: Any, s: Any, c: Any, queue: Any, at: Any) -> Any:
    """Return the next instant from ``at`` on at which a queue lets him in, as far as he knows. [ticks]"""
    hours = queue * 2 + s.case[c, of_.KNOWS]
    return next_inside(p, p.queue_hours[hours, 0], p.queue_hours[hours, 1], at)


@jit
def _next_open(p: Any, s: Any, c: Any, at: Any) -> Any:
    """Return the next instant from ``at`` on at which one of his choices lets him in, as far as he knows. [ticks]"""
    kind, piece, opens = s.case[c, of_.KIND_OF_CASE], s.case[c, of_.PIECES_DONE], NEVER
    for queue in range(p.dial_share.shape[2]):
        if p.dial_share[kind, piece, queue] > 0:
            opens = min(opens, _lets_in(p, s, c, queue, at))
    return opens

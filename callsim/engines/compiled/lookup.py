"""Looking up what is drawn for a caller: for the first contact's first leg ahead of time, all else one by one."""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.borrowed import DRAWS
from callsim.engines.compiled.jit import apart, inlined, jit

__all__ = ["draw_visit", "duration", "duration_at", "keyed", "law_value", "number_for", "scaled"]

_draw, _duration, _sample = DRAWS.draw, DRAWS.duration, DRAWS.sample
_LANES = 4
"""Pairs of numbers that are drawn side by side: two are needed, but only a longer loop becomes vector instructions."""


@inlined
def scaled(value: Any, factor: Any) -> Any:
    """Return (value * factor) >> 20 without overflow."""
    return (value >> 20) * factor + (((value & 0xFFFFF) * factor) >> 20)


@jit
def law_value(p: Any, law: Any, u: Any) -> Any:
    """Return the law's value at a 53-bit draw, its point mass at zero not applied. [ticks]"""
    first = p.law[law, of.LAW_FIRST]
    if p.law[law, of.LAW_KIND] == 0:
        return _duration(p.knots, first, u)
    return _sample(p.knots, first, p.law[law, of.LAW_SIZE], u)


@apart
def keyed(s: Any, name: Any, block: Any, n: Any, contact: Any, leg: Any, purpose: Any) -> Any:
    """Return the 53-bit draw of a key; see `callsim.plan.draws.draw`."""
    even, odd = _draw(
        np.uint64(s.clock[st.SEED]),
        np.uint64(s.clock[st.REPLICATION]),
        np.uint64(name),
        np.uint64(block),
        np.uint64(n),
        np.uint64(contact),
        np.uint64(leg),
        np.uint64(purpose >> 1),
    )
    return np.int64(odd) if purpose & 1 else np.int64(even)


@jit
def number_for(p: Any, s: Any, c: Any, contact: Any, leg: Any, purpose: Any) -> Any:
    """Return the 53-bit draw for a contact and leg of a caller."""
    if contact == 0 and leg == 0 and purpose <= is_.FOR_TRANSFER:
        return s.caller[c, st.U_PATIENCE + purpose]
    name = p.stream[s.caller[c, row.C_STREAM], of.HASH]
    return keyed(s, name, s.caller[c, st.KEY], s.caller[c, row.C_N], contact, leg, purpose)


@inlined
def duration_at(p: Any, s: Any, c: Any, contact: Any, leg: Any, purpose: Any, law: Any, u: Any) -> Any:
    """Return the duration of this law at `u`, which was drawn for this purpose, contact and leg. [ticks]"""
    zero = p.law[law, of.LAW_ZERO]
    if zero > 0 and number_for(p, s, c, contact, leg, purpose + is_.FOR_ZERO_MASS) < zero:
        return np.int64(0)
    return law_value(p, law, u)


@jit
def duration(p: Any, s: Any, c: Any, contact: Any, leg: Any, purpose: Any, law: Any) -> Any:
    """Return the duration of this law for a contact and leg of a caller. [ticks]"""
    return duration_at(p, s, c, contact, leg, purpose, law, number_for(p, s, c, contact, leg, purpose))


@inlined
def draw_visit(p: Any, s: Any, c: Any, stream: Any, leg: Any, queue: Any) -> None:
    """Draw what a later leg of a caller's first contact needs in a queue: in the places of what the leg before needed.

    It is asked for when his talk begins, so that nobody waits for it when he is passed on; and both pairs are drawn
    side by side, because the rounds of one draw wait for one another.
    """
    seed, replication, name = (
        np.uint64(s.clock[st.SEED]),
        np.uint64(s.clock[st.REPLICATION]),
        np.uint64(p.stream[stream, of.HASH]),
    )
    key, n, zero = np.uint64(s.caller[c, st.KEY]), np.uint64(s.caller[c, row.C_N]), np.uint64(0)
    line = st.VISIT_AHEAD
    for pair in range(_LANES):
        even, odd = _draw(seed, replication, name, key, n, zero, np.uint64(leg), np.uint64(pair))
        s.ahead[line, pair], s.ahead[line, _LANES + pair] = np.int64(even), np.int64(odd)
    patience, talk = s.ahead[line, 0], s.ahead[line, _LANES]
    work, transfer = s.ahead[line, 1], s.ahead[line, _LANES + 1]
    rule = stream * p.scalar[of.N_QUEUES] + queue
    s.caller[c, st.U_NEXT_PATIENCE] = patience
    s.caller[c, st.U_TALK] = duration_at(p, s, c, 0, leg, is_.FOR_TALK, p.handling[rule, of.TALK_LAW], talk)
    s.caller[c, st.U_WORK] = 0
    if p.handling[rule, of.WORK_LAW] >= 0:
        law = p.handling[rule, of.WORK_LAW]
        s.caller[c, st.U_WORK] = duration_at(p, s, c, 0, leg, is_.FOR_WORK, law, work)
    s.caller[c, st.U_TRANSFER] = transfer

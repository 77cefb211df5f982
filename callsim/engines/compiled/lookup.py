"""Looking up what is drawn for a caller: for the first contact's first leg ahead of time, all else one by one.

Only in the second tier the visits after a transfer are drawn for several callers at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.borrowed import DRAWS
from callsim.engines.compiled.jit import apart, inlined, jit

__all__ = ["ask_for_visit", "duration", "duration_at", "have_visit", "keyed", "law_value", "number_for", "scaled"]

_draw, _duration, _sample = DRAWS.draw, DRAWS.duration, DRAWS.sample
_AT_ONCE = 4
"""Callers for whom a visit is drawn side by side."""
_CALLER, _QUEUE, _NAME, _BLOCK, _N, _LEG = (_AT_ONCE * i for i in (0, 1, 2, 4, 6, 8))
_PATIENCE, _WORK, _TALK, _TRANSFER = (_AT_ONCE * i for i in (10, 11, 12, 13))
"""Where in the row `VISIT_AHEAD` of the first stream stands who asks for which draws, and what is drawn.

What makes up the key of draws stands there twice: both pairs of a visit are drawn side by side, too.
"""


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
def ask_for_visit(p: Any, s: Any, c: Any, stream: Any, leg: Any, queue: Any) -> None:
    """Ask for the draws of a later leg of a caller's first contact in a queue.

    It is done when the talk before begins, and `draw_visits` when the first of those who ask is passed on, or more ask
    than there is room for: several are drawn side by side, because the rounds of one draw wait for one another.
    """
    n, line = s.clock[st.ASKED], st.VISIT_AHEAD
    if n == _AT_ONCE:
        draw_visits(p, s)
        n = 0
    s.ahead[line, _CALLER + n] = c
    s.ahead[line, _QUEUE + n] = queue
    for twin in range(n, n + 2 * _AT_ONCE, _AT_ONCE):
        s.ahead[line, _NAME + twin] = p.stream[stream, of.HASH]
        s.ahead[line, _BLOCK + twin] = s.caller[c, st.KEY]
        s.ahead[line, _N + twin] = s.caller[c, row.C_N]
        s.ahead[line, _LEG + twin] = leg
    s.clock[st.ASKED] = n + 1
    s.caller[c, st.U_TRANSFER] = st.NOBODY


@inlined
def have_visit(p: Any, s: Any, c: Any) -> None:
    """Make sure that what was asked for a caller is drawn: it stands in the places of what the leg before needed."""
    if s.caller[c, st.U_TRANSFER] == st.NOBODY:
        draw_visits(p, s)


@apart
def draw_visits(p: Any, s: Any) -> None:
    """Draw what all need who have asked; where fewer have than there is room for, the other draws are nobody's."""
    seed, replication, line = np.uint64(s.clock[st.SEED]), np.uint64(s.clock[st.REPLICATION]), st.VISIT_AHEAD
    first = np.uint64(0)
    for k in range(2 * _AT_ONCE):
        name, block = np.uint64(s.ahead[line, _NAME + k]), np.uint64(s.ahead[line, _BLOCK + k])
        n, leg = np.uint64(s.ahead[line, _N + k]), np.uint64(s.ahead[line, _LEG + k])
        # Patience and talk of each, then work and transfer of each.
        even, odd = _draw(seed, replication, name, block, n, first, leg, np.uint64(k >= _AT_ONCE))
        s.ahead[line, _PATIENCE + k], s.ahead[line, _TALK + k] = np.int64(even), np.int64(odd)
    for k in range(s.clock[st.ASKED]):
        _keep_visit(p, s, k)
    s.clock[st.ASKED] = 0


@inlined
def _keep_visit(p: Any, s: Any, k: Any) -> None:
    """Keep what was drawn for the k-th who asked."""
    line = st.VISIT_AHEAD
    c, queue, leg = s.ahead[line, _CALLER + k], s.ahead[line, _QUEUE + k], s.ahead[line, _LEG + k]
    rule = s.caller[c, row.C_STREAM] * p.scalar[of.N_QUEUES] + queue
    talk, work = s.ahead[line, _TALK + k], s.ahead[line, _WORK + k]
    s.caller[c, st.U_NEXT_PATIENCE] = s.ahead[line, _PATIENCE + k]
    s.caller[c, st.U_TRANSFER] = s.ahead[line, _TRANSFER + k]
    s.caller[c, st.U_TALK] = duration_at(p, s, c, 0, leg, is_.FOR_TALK, p.handling[rule, of.TALK_LAW], talk)
    s.caller[c, st.U_WORK] = 0
    if p.handling[rule, of.WORK_LAW] >= 0:
        law = p.handling[rule, of.WORK_LAW]
        s.caller[c, st.U_WORK] = duration_at(p, s, c, 0, leg, is_.FOR_WORK, law, work)

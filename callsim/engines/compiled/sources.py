"""Fresh calls: who calls when, drawn a block ahead and sorted; see `callsim.plan.arrivals`, whose rules these are."""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.borrowed import DRAWS, count_poisson, poisson_start
from callsim.engines.compiled.events import set_key
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lookup import keyed, law_value, scaled
from callsim.engines.compiled.record import begin_caller, new_caller
from callsim.engines.compiled.sorting import in_lanes, sort_instants
from callsim.engines.compiled.state import LARGEST_BLOCK
from callsim.plan.plan import NEVER, ONE

__all__ = [
    "ahead_durations",
    "block_key",
    "draw_ahead",
    "draw_blocks",
    "fresh_caller",
    "instant_of",
    "number_of",
    "ordinal_of",
    "time_ahead",
]

_N_MASK = LARGEST_BLOCK - 1
_LOW26 = np.uint64((1 << 26) - 1)
_SHIFT26, _SHIFT27 = np.uint64(26), np.uint64(27)
_WORD = np.uint64(0xFFFFFFFF)
_draw, _position, _between, _sample = DRAWS.draw, DRAWS.position, DRAWS.between, DRAWS.sample


@apart
def draw_blocks(p: Any, s: Any) -> Any:
    """Draw the next block of every stream that has no caller left; return False if a block needs more room."""
    for stream in range(p.scalar[of.N_STREAMS]):
        empty = s.source[stream, st.NEXT_INSTANT] >= s.source[stream, st.N_INSTANTS]
        if empty and s.source[stream, st.DONE] == 0 and not _next_block(p, s, stream):
            return False
    return True


@apart
def _next_block(p: Any, s: Any, stream: Any) -> Any:
    if p.stream[stream, of.END_RECORDED] > p.stream[stream, of.FIRST_RECORDED]:
        _replay(p, s, stream)
        return True
    horizon = p.scalar[of.HORIZON]
    block = s.source[stream, st.NEXT_BLOCK]
    while block < p.stream[stream, of.END_BLOCK] and p.block[block, of.BLOCK_START] < horizon:
        mean = p.block_mean[block] * _day_factor(p, s, stream, block)
        n = 0
        if mean > 0.0:
            u = keyed(s, p.stream[stream, of.HASH], p.block[block, of.BLOCK_KEY], 0, 0, 0, is_.FOR_COUNT)
            n = _count(p, s, stream, block, u, mean)
        if n > s.instant.shape[1]:
            s.clock[st.NEEDED] = n
            return False
        _draw_instants(p, s, stream, block, n)
        while n > 0 and p.block[block, of.BLOCK_START] + (s.instant[stream, n - 1] >> 24) >= horizon:
            n -= 1
        s.source[stream, st.FIRST_OF_BLOCK] += s.source[stream, st.N_INSTANTS]
        s.source[stream, st.N_INSTANTS] = n
        s.source[stream, st.NEXT_INSTANT] = 0
        s.source[stream, st.DRAWN_TO] = 0
        s.source[stream, st.BLOCK] = block
        block += 1
        s.source[stream, st.NEXT_BLOCK] = block
        if n > 0:
            s.clock[st.N_EMPTY] -= 1
            _show(p, s, stream)
            return True
    s.source[stream, st.DONE] = 1
    s.clock[st.N_EMPTY] -= 1
    set_key(s.calls, stream, st.INFINITE)
    return True


@inlined
def _count(p: Any, s: Any, stream: Any, block: Any, u: Any, mean: Any) -> Any:
    """Return how many callers come in a block of this mean; where the search starts is found out once for all days."""
    if p.stream[stream, of.DAY_LAW] >= 0:
        start, probability, ahead = poisson_start(mean)
        return count_poisson(u, mean, start, probability, ahead)
    known = s.search_start
    if known[block, 1] == 0.0:
        start, probability, ahead = poisson_start(mean)
        known[block, 0], known[block, 1], known[block, 2] = np.float64(start), probability, ahead
    return count_poisson(u, mean, np.int64(known[block, 0]), known[block, 1], known[block, 2])


@jit
def _replay(p: Any, s: Any, stream: Any) -> None:
    """Let a stream's recorded callers be its only block."""
    first, end = p.stream[stream, of.FIRST_RECORDED], p.stream[stream, of.END_RECORDED]
    s.clock[st.N_EMPTY] -= 1
    if s.source[stream, st.N_INSTANTS] > 0:
        s.source[stream, st.DONE] = 1
        set_key(s.calls, stream, st.INFINITE)
        return
    n = 0
    while first + n < end and p.recorded[first + n] < p.scalar[of.HORIZON]:
        n += 1
    s.source[stream, st.N_INSTANTS] = n
    s.source[stream, st.BLOCK] = st.NOBODY
    if n > 0:
        _show(p, s, stream)
    else:
        s.source[stream, st.DONE] = 1


@jit
def _day_factor(p: Any, s: Any, stream: Any, block: Any) -> Any:
    law = p.stream[stream, of.DAY_LAW]
    if law < 0:
        return 1.0
    day = p.block[block, of.BLOCK_DAY]
    if s.source[stream, st.FACTOR_DAY] != day:
        u = keyed(s, p.stream[stream, of.DAY_HASH], day, 0, 0, 0, is_.FOR_DAY_FACTOR)
        s.day_factor[stream] = np.float64(law_value(p, law, u)) * 1e-9
        s.source[stream, st.FACTOR_DAY] = day
    return s.day_factor[stream]


@inlined
def _word(cell: Any) -> Any:
    """Return the 32 bits of a cell; knowing that there are no more, LLVM multiplies short numbers."""
    return np.uint64(cell) & _WORD


@jit
def _draw_instants(p: Any, s: Any, stream: Any, block: Any, n: Any) -> None:
    """Draw the instants of a block and sort them: (time within the block, n) packed into one number."""
    seed, replication = _word(s.clock[st.SEED]), _word(s.clock[st.REPLICATION])
    name, key = _word(p.stream[stream, of.HASH]), _word(p.block[block, of.BLOCK_KEY])
    length, zero, pair = np.uint64(p.block[block, of.BLOCK_LENGTH]), np.uint64(0), np.uint64(is_.FOR_INSTANT >> 1)
    for i in range(in_lanes(n)):
        u, _ = _draw(seed, replication, name, key, _word(i), zero, zero, pair)
        within = ((u >> _SHIFT26) * length + (((u & _LOW26) * length) >> _SHIFT26)) >> _SHIFT27
        s.scratch[0, i] = (np.int64(within) << 24) | i
    sort_instants(s.scratch, s.instant, stream, n, p.block[block, of.BLOCK_LENGTH])


@inlined
def instant_of(p: Any, s: Any, stream: Any, block: Any, i: Any) -> Any:
    """Return the instant of the i-th caller of the stream's block. [ticks]"""
    if block == st.NOBODY:
        return p.recorded[p.stream[stream, of.FIRST_RECORDED] + i]
    return p.block[block, of.BLOCK_START] + (s.instant[stream, i] >> 24)


@inlined
def ordinal_of(s: Any, stream: Any, block: Any, i: Any) -> Any:
    """Return the ordinal of the i-th caller of the stream's block in the key of his draws."""
    return i if block == st.NOBODY else s.instant[stream, i] & _N_MASK


@inlined
def block_key(p: Any, block: Any) -> Any:
    """Return what stands for a block in the key of draws."""
    return 0 if block == st.NOBODY else p.block[block, of.BLOCK_KEY]


@inlined
def number_of(s: Any, stream: Any, i: Any) -> Any:
    """Return the number of the i-th caller of the stream's block in the event order."""
    return (stream << 32) + s.source[stream, st.FIRST_OF_BLOCK] + i


@inlined
def _show(p: Any, s: Any, stream: Any) -> None:
    """Put the instant of the stream's next caller into the tree of calls."""
    at = instant_of(p, s, stream, s.source[stream, st.BLOCK], s.source[stream, st.NEXT_INSTANT])
    set_key(s.calls, stream, (at << 8) | stream)


@inlined
def _next_instant(p: Any, s: Any, stream: Any) -> None:
    """Let it be the turn of the stream's next caller."""
    i = s.source[stream, st.NEXT_INSTANT] + 1
    s.source[stream, st.NEXT_INSTANT] = i
    if i < s.source[stream, st.N_INSTANTS]:
        _show(p, s, stream)
    else:
        set_key(s.calls, stream, st.INFINITE)
        s.clock[st.N_EMPTY] += 1


@apart
def draw_ahead(p: Any, s: Any, stream: Any, first: Any) -> None:
    """Draw the numbers of the first contact's first leg for the next callers of a stream."""
    recorded = s.source[stream, st.BLOCK] == st.NOBODY
    key = _word(block_key(p, s.source[stream, st.BLOCK]))
    m = in_lanes(min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first))
    who = st.AHEAD_WIDTH * stream + st.U_TRANSFER_AHEAD
    if recorded:
        for i in range(m):
            s.ahead[who, i] = first + i
    else:
        for i in range(m):
            s.ahead[who, i] = s.instant[stream, first + i] & _N_MASK
    if p.stream[stream, of.NEEDS_WORK]:
        _draw_both_pairs(p, s, stream, key, m)
    else:
        _draw_first_pair(p, s, stream, key, m)


@inlined
def _draw_first_pair(p: Any, s: Any, stream: Any, key: Any, m: Any) -> None:
    """Draw one pair of numbers for each of the next m callers of a stream, whose ordinals stand in the last row."""
    seed, replication = _word(s.clock[st.SEED]), _word(s.clock[st.REPLICATION])
    name, zero, line = _word(p.stream[stream, of.HASH]), np.uint64(0), st.AHEAD_WIDTH * stream
    for i in range(m):
        n = _word(s.ahead[line + st.U_TRANSFER_AHEAD, i])
        even, odd = _draw(seed, replication, name, key, n, zero, zero, zero)
        s.ahead[line, i], s.ahead[line + 1, i] = np.int64(even), np.int64(odd)


@inlined
def _draw_both_pairs(p: Any, s: Any, stream: Any, key: Any, m: Any) -> None:
    """Draw both pairs: the first rounds of their draws have much in common."""
    seed, replication = _word(s.clock[st.SEED]), _word(s.clock[st.REPLICATION])
    name, zero, line = _word(p.stream[stream, of.HASH]), np.uint64(0), st.AHEAD_WIDTH * stream
    for i in range(m):
        n = _word(s.ahead[line + st.U_TRANSFER_AHEAD, i])
        patience, talk = _draw(seed, replication, name, key, n, zero, zero, zero)
        work, transfer = _draw(seed, replication, name, key, n, zero, zero, np.uint64(1))
        s.ahead[line, i], s.ahead[line + 1, i] = np.int64(patience), np.int64(talk)
        s.ahead[line + 2, i], s.ahead[line + 3, i] = np.int64(work), np.int64(transfer)


@apart
def ahead_durations(p: Any, s: Any, law: Any, drawn: Any, out: Any, m: Any) -> None:
    """Look up what a law makes of the numbers that were drawn ahead: the same as `law_value` for each of them.

    Parameters
    ----------
    p, s : tables
    law : int
        Its point mass at zero is not applied.
    drawn, out : int
        Rows of ``s.ahead``, not the same: 53-bit draws, and durations [ticks].
    m : int
        How many are wanted, at most AHEAD. Up to seven more are looked up.
    """
    first, size = p.law[law, of.LAW_FIRST], p.law[law, of.LAW_SIZE]
    n = in_lanes(m)
    if p.law[law, of.LAW_KIND] == 0:
        # In three loops: finding the places, and values between knots, is vector arithmetic, fetching the knots is not.
        for i in range(n):
            s.ahead[out, i] = _position(first, s.ahead[drawn, i])
        for i in range(n):
            knot = s.ahead[out, i] >> 20
            s.knot_pairs[2 * i], s.knot_pairs[2 * i + 1] = p.knots[knot], p.knots[knot + 1]
        for i in range(n):
            s.ahead[out, i] = _between(s.knot_pairs[2 * i], s.knot_pairs[2 * i + 1], s.ahead[out, i])
    else:
        for i in range(n):
            s.ahead[out, i] = _sample(p.knots, first, size, s.ahead[drawn, i])


@apart
def time_ahead(p: Any, s: Any, stream: Any, first: Any) -> None:
    """Turn the numbers drawn ahead into times: patience, talk and after-call work in the queue that is called. [ticks]

    How much longer an agent takes is not in them.
    """
    rule = stream * p.scalar[of.N_QUEUES] + p.stream[stream, of.CALLED]
    laws = (p.stream[stream, of.PATIENCE_LAW], p.handling[rule, of.TALK_LAW], p.handling[rule, of.WORK_LAW])
    m, line = min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first), st.AHEAD_WIDTH * stream
    for column in range(3):
        law = laws[column]
        if law < 0:
            for i in range(m):
                s.ahead[line + st.PATIENCE_TIME + column, i] = NEVER if column == 0 else 0
        else:
            ahead_durations(p, s, law, line + column, line + st.PATIENCE_TIME + column, m)
            if p.law[law, of.LAW_ZERO] > 0:
                _zero_ahead(p, s, stream, first, column, law)
    factor = p.patience_scale[stream, 0]
    if factor != ONE and laws[0] >= 0:
        for i in range(m):
            s.ahead[line + st.PATIENCE_TIME, i] = scaled(s.ahead[line + st.PATIENCE_TIME, i], factor)


@apart
def _zero_ahead(p: Any, s: Any, stream: Any, first: Any, purpose: Any, law: Any) -> None:
    """Make those times zero of which a law with a point mass there says so."""
    block, name = s.source[stream, st.BLOCK], p.stream[stream, of.HASH]
    for i in range(min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first)):
        n = ordinal_of(s, stream, block, first + i)
        if keyed(s, name, block_key(p, block), n, 0, 0, purpose + is_.FOR_ZERO_MASS) < p.law[law, of.LAW_ZERO]:
            s.ahead[st.AHEAD_WIDTH * stream + st.PATIENCE_TIME + purpose, i] = 0


@jit
def fresh_caller(p: Any, s: Any, stream: Any, now: Any) -> Any:
    """Return a row for the stream's next caller, who makes his first call now."""
    c = new_caller(s)
    i = s.source[stream, st.NEXT_INSTANT]
    block, j = s.source[stream, st.BLOCK], i & (st.AHEAD - 1)
    if j == 0:
        draw_ahead(p, s, stream, i)
    begin_caller(s, c, stream, block, ordinal_of(s, stream, block, i), now)
    s.caller[c, st.KEY] = block_key(p, block)
    s.caller[c, st.NUMBER] = number_of(s, stream, i)
    for column in range(4):
        s.caller[c, st.U_PATIENCE + column] = s.ahead[st.AHEAD_WIDTH * stream + column, j]
    _next_instant(p, s, stream)
    return c

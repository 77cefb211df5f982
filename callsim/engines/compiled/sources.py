"""Fresh calls: who calls when, drawn a block ahead and sorted; see `callsim.plan.arrivals`, whose rules these are."""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.borrowed import DRAWS, poisson_count
from callsim.engines.compiled.events import set_key
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.lookup import keyed, law_value, scaled
from callsim.engines.compiled.record import begin_caller, new_caller
from callsim.engines.compiled.state import LARGEST_BLOCK
from callsim.plan.plan import NEVER, ONE

__all__ = ["draw_ahead", "draw_blocks", "fresh_caller", "instant_of", "next_instant", "time_ahead"]

_N_MASK = LARGEST_BLOCK - 1
_LOW26 = np.uint64((1 << 26) - 1)
_SHIFT26, _SHIFT27 = np.uint64(26), np.uint64(27)
_FEW = 16
_draw = DRAWS.draw


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
            n = poisson_count(u, mean)
        if n > s.instant.shape[1]:
            s.clock[st.NEEDED] = n
            return False
        _draw_instants(p, s, stream, block, n)
        while n > 0 and p.block[block, of.BLOCK_START] + (s.instant[stream, n - 1] >> 24) >= horizon:
            n -= 1
        s.source[stream, st.FIRST_OF_BLOCK] += s.source[stream, st.N_INSTANTS]
        s.source[stream, st.N_INSTANTS] = n
        s.source[stream, st.NEXT_INSTANT] = 0
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


@jit
def _draw_instants(p: Any, s: Any, stream: Any, block: Any, n: Any) -> None:
    """Draw the instants of a block and sort them: (time within the block, n) packed into one number."""
    seed, replication = np.uint64(s.clock[st.SEED]), np.uint64(s.clock[st.REPLICATION])
    name, key = np.uint64(p.stream[stream, of.HASH]), np.uint64(p.block[block, of.BLOCK_KEY])
    length, zero, pair = np.uint64(p.block[block, of.BLOCK_LENGTH]), np.uint64(0), np.uint64(is_.FOR_INSTANT >> 1)
    for i in range(n):
        u, _ = _draw(seed, replication, name, key, np.uint64(i), zero, zero, pair)
        within = ((u >> _SHIFT26) * length + (((u & _LOW26) * length) >> _SHIFT26)) >> _SHIFT27
        s.scratch[0, i] = (np.int64(within) << 24) | i
    _sort(s.scratch, s.instant, stream, n, p.block[block, of.BLOCK_LENGTH])


@jit
def _sort(scratch: Any, out: Any, row_: Any, n: Any, length: Any) -> None:
    """Sort n numbers whose high parts are uniform below `length` into a row: by bucket, then by insertion."""
    if n <= _FEW:
        for i in range(n):
            out[row_, i] = scratch[0, i]
    else:
        per_bucket = np.float64(n) / np.float64(length)
        for i in range(n):
            scratch[1, i] = 0
        for i in range(n):
            scratch[1, min(n - 1, np.int64(np.float64(scratch[0, i] >> 24) * per_bucket))] += 1
        total = 0
        for i in range(n):
            total += scratch[1, i]
            scratch[1, i] = total
        for i in range(n - 1, -1, -1):
            bucket = min(n - 1, np.int64(np.float64(scratch[0, i] >> 24) * per_bucket))
            scratch[1, bucket] -= 1
            out[row_, scratch[1, bucket]] = scratch[0, i]
    for i in range(1, n):
        value, j = out[row_, i], i
        while j > 0 and out[row_, j - 1] > value:
            out[row_, j] = out[row_, j - 1]
            j -= 1
        out[row_, j] = value


@inlined
def instant_of(p: Any, s: Any, stream: Any, block: Any, i: Any) -> Any:
    """Return the instant of the i-th caller of the stream's block. [ticks]"""
    if block == st.NOBODY:
        return p.recorded[p.stream[stream, of.FIRST_RECORDED] + i]
    return p.block[block, of.BLOCK_START] + (s.instant[stream, i] >> 24)


@inlined
def _show(p: Any, s: Any, stream: Any) -> None:
    """Put the instant of the stream's next caller into the tree of calls."""
    at = instant_of(p, s, stream, s.source[stream, st.BLOCK], s.source[stream, st.NEXT_INSTANT])
    set_key(s.calls, stream, (at << 8) | stream)


@apart
def draw_ahead(p: Any, s: Any, stream: Any, first: Any) -> None:
    """Draw the numbers of the first contact's first leg for the next callers of a stream."""
    seed, replication = np.uint64(s.clock[st.SEED]), np.uint64(s.clock[st.REPLICATION])
    recorded = s.source[stream, st.BLOCK] == st.NOBODY
    name, zero, one = np.uint64(p.stream[stream, of.HASH]), np.uint64(0), np.uint64(1)
    key = zero if recorded else np.uint64(p.block[s.source[stream, st.BLOCK], of.BLOCK_KEY])
    m = min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first)
    for i in range(m):
        n = np.uint64(first + i) if recorded else np.uint64(s.instant[stream, first + i] & _N_MASK)
        even, odd = _draw(seed, replication, name, key, n, zero, zero, zero)
        s.ahead[4 * stream, i], s.ahead[4 * stream + 1, i] = np.int64(even), np.int64(odd)
    if p.stream[stream, of.NEEDS_WORK]:
        for i in range(m):
            n = np.uint64(first + i) if recorded else np.uint64(s.instant[stream, first + i] & _N_MASK)
            even, odd = _draw(seed, replication, name, key, n, zero, zero, one)
            s.ahead[4 * stream + 2, i], s.ahead[4 * stream + 3, i] = np.int64(even), np.int64(odd)


@apart
def time_ahead(p: Any, s: Any, stream: Any, first: Any) -> None:
    """Turn the numbers drawn ahead into times: patience, talk and after-call work in the queue that is called. [ticks]

    How much longer an agent takes is not in them.
    """
    rule = stream * p.scalar[of.N_QUEUES] + p.stream[stream, of.CALLED]
    laws = (p.stream[stream, of.PATIENCE_LAW], p.handling[rule, of.TALK_LAW], p.handling[rule, of.WORK_LAW])
    m = min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first)
    for column in range(3):
        law, line = laws[column], 4 * stream + column
        if law < 0:
            for i in range(m):
                s.ahead[line, i] = NEVER if column == 0 else 0
            continue
        for i in range(m):
            s.ahead[line, i] = law_value(p, law, s.ahead[line, i])
        if p.law[law, of.LAW_ZERO] > 0:
            _zero_ahead(p, s, stream, first, column, law)
    factor = p.patience_scale[stream, 0]
    if factor != ONE and laws[0] >= 0:
        for i in range(m):
            s.ahead[4 * stream, i] = scaled(s.ahead[4 * stream, i], factor)


@apart
def _zero_ahead(p: Any, s: Any, stream: Any, first: Any, purpose: Any, law: Any) -> None:
    """Make those times zero of which a law with a point mass there says so."""
    block, name = s.source[stream, st.BLOCK], p.stream[stream, of.HASH]
    key = 0 if block == st.NOBODY else p.block[block, of.BLOCK_KEY]
    for i in range(min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first)):
        n = first + i if block == st.NOBODY else s.instant[stream, first + i] & _N_MASK
        if keyed(s, name, key, n, 0, 0, purpose + is_.FOR_ZERO_MASS) < p.law[law, of.LAW_ZERO]:
            s.ahead[4 * stream + purpose, i] = 0


@jit
def fresh_caller(p: Any, s: Any, stream: Any, now: Any) -> Any:
    """Return a row for the stream's next caller, who makes his first call now."""
    c = new_caller(s)
    i = s.source[stream, st.NEXT_INSTANT]
    block, j = s.source[stream, st.BLOCK], i & (st.AHEAD - 1)
    if j == 0:
        draw_ahead(p, s, stream, i)
    n, key = i, 0
    if block != st.NOBODY:
        n, key = s.instant[stream, i] & _N_MASK, p.block[block, of.BLOCK_KEY]
    begin_caller(s, c, stream, block, n, now)
    s.caller[c, st.KEY] = key
    s.caller[c, st.NUMBER] = (stream << 32) + s.source[stream, st.FIRST_OF_BLOCK] + i
    for column in range(4):
        s.caller[c, st.U_PATIENCE + column] = s.ahead[4 * stream + column, j]
    next_instant(p, s, stream)
    return c


@inlined
def next_instant(p: Any, s: Any, stream: Any) -> None:
    """Let it be the turn of the stream's next caller."""
    i = s.source[stream, st.NEXT_INSTANT] + 1
    s.source[stream, st.NEXT_INSTANT] = i
    if i < s.source[stream, st.N_INSTANTS]:
        _show(p, s, stream)
    else:
        set_key(s.calls, stream, st.INFINITE)
        s.clock[st.N_EMPTY] += 1

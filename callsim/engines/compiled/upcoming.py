"""The next calls of all streams, lined up in the order in which they come.

The second tier takes its calls from here, so that its loop neither compares streams nor looks up what is next in each.
Of every stream a window of its callers is drawn ahead, within one block of its arrivals. The line holds those who call
before the first of these windows, or blocks, ends, merged from stream to stream; a call is one number: instant, stream,
place in the window.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, inlined
from callsim.engines.compiled.record import who
from callsim.engines.compiled.sources import draw_ahead, draw_blocks, instant_of, number_of, ordinal_of, time_ahead

__all__ = ["cell_of_call", "line_up", "number_of_call", "stream_of_call"]

_BEFORE_ALL, _BEHIND_ALL = -1, (1 << 63) - 1
"""Sort before and behind every call."""


@inlined
def stream_of_call(place: Any) -> Any:
    """Return the stream of a call that is lined up."""
    return place >> st.STREAM_OF_CALL


@inlined
def cell_of_call(place: Any) -> Any:
    """Return where a call stands in what is drawn ahead: the first row of its stream, and its place in the rows."""
    return st.AHEAD_WIDTH * (place >> st.STREAM_OF_CALL), place & (st.AHEAD - 1)


@inlined
def number_of_call(s: Any, place: Any) -> Any:
    """Return the number of a call that is lined up in the event order."""
    return s.source[place >> st.STREAM_OF_CALL, st.FIRST_NUMBER] + (place & (st.AHEAD - 1))


@apart
def line_up(p: Any, s: Any) -> Any:
    """Line up calls when those before have been made; return False if a stream's next block needs more room.

    What is drawn ahead for those in the line stays until they have called. If all streams are done nobody is in it.
    """
    if s.clock[st.N_EMPTY] > 0 and not draw_blocks(p, s):
        return False
    end = _BEHIND_ALL
    for stream in range(p.scalar[of.N_STREAMS]):
        if s.source[stream, st.NEXT_INSTANT] < s.source[stream, st.N_INSTANTS]:
            if s.source[stream, st.NEXT_INSTANT] == s.source[stream, st.DRAWN_TO]:
                _draw_window(p, s, stream)
            end = min(end, _known_to(p, s, stream))
    runs = _take_runs(p, s, end)
    while runs > 1:
        runs = _merge_pairs(s, runs)
    n = s.run_start[1] - 2 if runs > 0 else 0
    for i in range(n):
        s.call_order[i] = ((s.merging[i + 1] >> st.TIME_OF_CALL) << 4) + is_.AT_ARRIVAL
        s.call_place[i] = s.merging[i + 1] & ((1 << st.TIME_OF_CALL) - 1)
    for i in range(n):
        s.call_route[i] = p.stream_route[stream_of_call(s.call_place[i])]
    s.call_order[n] = st.LAST_ORDER
    s.clock[st.NEXT_CALL] = 0
    s.clock[st.END_CALL] = n
    return True


@inlined
def _line(stream: Any) -> Any:
    return st.AHEAD_WIDTH * stream


@apart
def _draw_window(p: Any, s: Any, stream: Any) -> None:
    """Draw what the stream's next callers need, and write down who they are and when they call."""
    first, block, line = s.source[stream, st.NEXT_INSTANT], s.source[stream, st.BLOCK], _line(stream)
    n = min(st.AHEAD, s.source[stream, st.N_INSTANTS] - first)
    draw_ahead(p, s, stream, first)
    time_ahead(p, s, stream, first)
    for j in range(n):
        at = instant_of(p, s, stream, block, first + j)
        s.ahead[line + st.CALL_AHEAD, j] = (at << st.TIME_OF_CALL) | (stream << st.STREAM_OF_CALL) | j
    for j in range(n):
        s.ahead[line + st.WHO_AHEAD, j] = who(stream, block, ordinal_of(s, stream, block, first + j))
    s.source[stream, st.DRAWN_TO] = first + n
    s.source[stream, st.FIRST_NUMBER] = number_of(s, stream, first)


@inlined
def _known_to(p: Any, s: Any, stream: Any) -> Any:
    """Return the largest number of a call up to which it is known who calls in a stream."""
    if s.source[stream, st.DRAWN_TO] < s.source[stream, st.N_INSTANTS]:
        return s.ahead[_line(stream) + st.CALL_AHEAD, (s.source[stream, st.DRAWN_TO] - 1) & (st.AHEAD - 1)]
    block = s.source[stream, st.NEXT_BLOCK]
    if block == p.stream[stream, of.END_BLOCK]:
        return _BEHIND_ALL
    return (min(p.block[block, of.BLOCK_START], st.FARTHEST) << st.TIME_OF_CALL) - 1


@inlined
def _take_runs(p: Any, s: Any, end: Any) -> Any:
    """Put the calls up to and including `end`, stream by stream, behind one another; return how many streams have any.

    Each run stands between a number that is smaller than all and one that is larger.
    """
    runs, n = 0, 0
    for stream in range(p.scalar[of.N_STREAMS]):
        i, line = s.source[stream, st.NEXT_INSTANT], _line(stream) + st.CALL_AHEAD
        if i < s.source[stream, st.N_INSTANTS]:
            first, last = i & (st.AHEAD - 1), ((s.source[stream, st.DRAWN_TO] - 1) & (st.AHEAD - 1)) + 1
            taken = 0
            for j in range(first, last):
                taken += s.ahead[line, j] <= end
            if taken > 0:
                s.run_start[runs] = n
                runs += 1
                s.merging[n] = _BEFORE_ALL
                for j in range(taken):
                    s.merging[n + 1 + j] = s.ahead[line, first + j]
                n += taken + 2
                s.merging[n - 1] = _BEHIND_ALL
                s.source[stream, st.NEXT_INSTANT] = i + taken
                if i + taken == s.source[stream, st.N_INSTANTS]:
                    s.clock[st.N_EMPTY] += 1
    s.run_start[runs] = n
    return runs


@inlined
def _merge_pairs(s: Any, runs: Any) -> Any:
    """Merge each pair of neighbouring runs into one; return how many there are then."""
    n, made = 0, 0
    for run in range(0, runs, 2):
        one, other, end = s.run_start[run], s.run_start[run + 1], s.run_start[min(run + 2, runs)]
        s.run_start[made] = n
        made += 1
        if run + 1 == runs:
            for i in range(end - one):
                s.merged[n + i] = s.merging[one + i]
            n += end - one
        else:
            total = end - one - 4
            s.merged[n] = _BEFORE_ALL
            _merge(s, one + 1, other - 2, other + 1, end - 2, n + 1, total)
            s.merged[n + 1 + total] = _BEHIND_ALL
            n += total + 2
    s.run_start[made] = n
    for i in range(n):
        s.merging[i] = s.merged[i]
    return made


@inlined
def _merge(s: Any, low: Any, high: Any, other_low: Any, other_high: Any, out: Any, total: Any) -> None:
    """Merge two runs, given by their first and last places, from both ends at once.

    Nothing is foreseen, so each step has to wait for the one before; two chains of steps wait side by side.
    """
    taken, left = 0, 0
    for i in range((total + 1) >> 1):
        a, b = s.merging[low + taken], s.merging[other_low + i - taken]
        c, d = s.merging[high - left], s.merging[other_high - i + left]
        s.merged[out + i] = min(a, b)
        s.merged[out + total - 1 - i] = max(c, d)
        taken += a < b
        left += c > d

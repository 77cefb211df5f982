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
    runs, side = _take_runs(p, s, end), 0
    while runs > 1:
        runs, side = _merge_threes(s, side, runs), 1 - side
    n = s.run_start[1] - 2 if runs > 0 else 0
    for i in range(n):
        call = s.merging[side, i + 1]
        s.call_order[i] = ((call >> st.TIME_OF_CALL) << 4) + is_.AT_ARRIVAL
        s.call_place[i] = call & ((1 << st.TIME_OF_CALL) - 1)
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
            for j in range(last - first):
                call = s.ahead[line, first + j]
                s.merging[0, n + 1 + j] = call
                taken += call <= end
            if taken > 0:
                s.run_start[runs] = n
                runs += 1
                s.merging[0, n] = _BEFORE_ALL
                n += taken + 2
                s.merging[0, n - 1] = _BEHIND_ALL
                s.source[stream, st.NEXT_INSTANT] = i + taken
                if i + taken == s.source[stream, st.N_INSTANTS]:
                    s.clock[st.N_EMPTY] += 1
    _end_runs(s, 0, runs, n)
    return runs


@inlined
def _end_runs(s: Any, side: Any, runs: Any, n: Any) -> None:
    """Put two runs of nobody behind the last one, so that there are three wherever three are merged."""
    for run in range(2):
        s.merging[side, n + 2 * run] = _BEFORE_ALL
        s.merging[side, n + 2 * run + 1] = _BEHIND_ALL
    for run in range(3):
        s.run_start[runs + run] = n + 2 * run


@inlined
def _merge_threes(s: Any, side: Any, runs: Any) -> Any:
    """Merge each three neighbouring runs into one, on the other side; return how many there are then."""
    n, made = 0, 0
    for run in range(0, runs, 3):
        one, two = s.run_start[run], s.run_start[run + 1]
        three, end = s.run_start[run + 2], s.run_start[run + 3]
        total = end - one - 6
        s.merging[1 - side, n] = _BEFORE_ALL
        _merge(s, side, one, two, three, end, n + 1, total)
        s.merging[1 - side, n + 1 + total] = _BEHIND_ALL
        s.run_start[made] = n
        made += 1
        n += total + 2
    _end_runs(s, 1 - side, made, n)
    return made


@inlined
def _merge(s: Any, side: Any, one: Any, two: Any, three: Any, end: Any, out: Any, total: Any) -> None:
    """Merge three neighbouring runs, given by where they begin, from both ends at once.

    Nothing is foreseen, so each step has to wait for the one before; two chains of steps wait side by side.
    """
    low_1, low_2, low_3 = one + 1, two + 1, three + 1
    high_1, high_2, high_3 = two - 2, three - 2, end - 2
    for i in range((total + 1) >> 1):
        a, b, c = s.merging[side, low_1], s.merging[side, low_2], s.merging[side, low_3]
        d, e, f = s.merging[side, high_1], s.merging[side, high_2], s.merging[side, high_3]
        lower, higher = min(a, b), max(d, e)
        first, last = min(lower, c), max(higher, f)
        s.merging[1 - side, out + i] = first
        s.merging[1 - side, out + total - 1 - i] = last
        low_1, low_2, low_3 = low_1 + (a == first), low_2 + (b == first), low_3 + (c == first)
        high_1, high_2, high_3 = high_1 - (d == last), high_2 - (e == last), high_3 - (f == last)

"""Callers who wait in centres that are always open, and the groups that look for the end of their calls meanwhile.

The twin of ``lines.py`` for the second tier, with the same table of lines. Only the first of a line leaves it: others
who hang up are noticed when they have come to the front. So of an empty line nobody asks who is its last, and of the
first caller nobody asks who is ahead of him.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import state as st
from callsim.engines.compiled.events import set_key
from callsim.engines.compiled.jit import apart, inlined
from callsim.engines.compiled.positions import first_free
from callsim.plan.plan import NEVER

__all__ = ["begin_wait", "leave_front"]


@inlined
def begin_wait(p: Any, s: Any, c: Any, queue: Any, line: Any, patience: Any, came: Any, now: Any) -> None:
    """Join a line of a queue; the first who waits in a queue makes its groups look for the end of their calls."""
    s.caller[c, st.DEADLINE] = NEVER if patience == NEVER else now + patience
    s.caller[c, st.PHASE] = st.WAITING
    s.caller[c, st.WAITS_IN] = line
    s.caller[c, st.CAME] = came
    _stand(s, c, line, came)
    s.queue[queue, st.N_WAITING] += 1
    if s.queue[queue, st.N_WAITING] == 1:
        k, end = p.queue[queue, of.FIRST_TAKER], p.queue[queue, of.END_TAKER]
        while k < end:
            group = p.taker[k, of.TAKER_GROUP]
            s.group[group, st.N_SOUGHT] += 1
            if s.group[group, st.N_SOUGHT] == 1:
                set_key(s.due, group, first_free(p, s, group))
            k += 1


@inlined
def _stand(s: Any, c: Any, line: Any, came: Any) -> None:
    """Put a caller into a line behind all whose key time is not larger: mostly he is its last."""
    first, last = s.line[line, st.LINE_FIRST], s.line[line, st.LINE_LAST]
    if first >= 0:
        if s.caller[last, st.CAME] > came:
            _cut_in(s, c, line, came)
            return
        s.caller[last, st.AFTER_IT] = c
    else:
        s.line[line, st.LINE_FIRST] = c
    s.line[line, st.LINE_LAST] = c
    s.caller[c, st.AHEAD_OF] = last
    s.caller[c, st.AFTER_IT] = st.NOBODY


@apart
def _cut_in(s: Any, c: Any, line: Any, came: Any) -> None:
    """Put a caller into a line ahead of its last."""
    first, after = s.line[line, st.LINE_FIRST], s.line[line, st.LINE_LAST]
    while after != first and s.caller[s.caller[after, st.AHEAD_OF], st.CAME] > came:
        after = s.caller[after, st.AHEAD_OF]
    before = s.caller[after, st.AHEAD_OF]
    s.caller[c, st.AHEAD_OF] = before
    s.caller[c, st.AFTER_IT] = after
    s.caller[after, st.AHEAD_OF] = c
    if after == first:
        s.line[line, st.LINE_FIRST] = c
    else:
        s.caller[before, st.AFTER_IT] = c


@inlined
def leave_front(p: Any, s: Any, c: Any, queue: Any, at: Any) -> None:
    """Take the first caller out of his line; if nobody waits in the queue any more its groups look no longer for him.

    What he waited is counted to the queue.
    """
    s.line[s.caller[c, st.WAITS_IN], st.LINE_FIRST] = s.caller[c, st.AFTER_IT]
    s.queue[queue, st.QUEUE_TIME] += at - s.caller[c, st.LEG_ENTERED]
    s.queue[queue, st.N_WAITING] -= 1
    if s.queue[queue, st.N_WAITING] == 0:
        k, end = p.queue[queue, of.FIRST_TAKER], p.queue[queue, of.END_TAKER]
        while k < end:
            group = p.taker[k, of.TAKER_GROUP]
            s.group[group, st.N_SOUGHT] -= 1
            if s.group[group, st.N_SOUGHT] == 0:
                set_key(s.due, group, st.INFINITE)
            k += 1

"""Waiting callers and idle agents, in chains: whoever stands anywhere can leave without a search.

The waiting callers of a queue are kept by class (priority, and whether they go ahead of new calls), those who wait
for the doors to open apart. Within a class they stand by key time, then by the order of joining.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, inlined, jit

__all__ = ["end_idle", "join_line", "leave_line", "line_of", "move_all", "start_idle"]


_WAITING = (st.AHEAD_OF, st.AFTER_IT, st.LINE_FIRST, st.LINE_LAST)
_IDLE = (st.BEFORE, st.BEHIND, st.IDLE_FIRST, st.IDLE_LAST)
"""Where a chain of callers, and one of agents, keeps a member's neighbours and its own ends."""


@inlined
def _link(members: Any, chains: Any, columns: Any, member: Any, chain: Any, before: Any, behind: Any) -> None:
    """Put a member into a chain between two others; NOBODY: at that end."""
    before_it, behind_it, first, last = columns
    members[member, before_it] = before
    members[member, behind_it] = behind
    if before >= 0:
        members[before, behind_it] = member
    else:
        chains[chain, first] = member
    if behind >= 0:
        members[behind, before_it] = member
    else:
        chains[chain, last] = member


@inlined
def _unlink(members: Any, chains: Any, columns: Any, member: Any, chain: Any) -> None:
    """Take a member out of its chain."""
    before_it, behind_it, first, last = columns
    before, behind = members[member, before_it], members[member, behind_it]
    if before >= 0:
        members[before, behind_it] = behind
    else:
        chains[chain, first] = behind
    if behind >= 0:
        members[behind, before_it] = before
    else:
        chains[chain, last] = before


@inlined
def line_of(p: Any, queue: Any, held: Any, rank: Any) -> Any:
    """Return the row of a line: of callers of a queue, held at its door or not, of the class ``FIRST_CLASS + rank``."""
    return (queue * 2 + held) * p.scalar[of.N_CLASSES] + rank


@jit
def _insert(s: Any, c: Any, line: Any) -> None:
    """Put a caller into a line behind all whose (key time, order of joining) are not larger."""
    came, sequence = s.caller[c, st.CAME], s.caller[c, st.SEQUENCE]
    before = s.line[line, st.LINE_LAST]
    after = st.NOBODY
    while before >= 0 and (
        s.caller[before, st.CAME] > came
        or (s.caller[before, st.CAME] == came and s.caller[before, st.SEQUENCE] > sequence)
    ):
        after = before
        before = s.caller[before, st.AHEAD_OF]
    s.caller[c, st.WAITS_IN] = line
    _link(s.caller, s.line, _WAITING, c, line, before, after)


@jit
def join_line(p: Any, s: Any, c: Any, held: Any, rank: Any, came: Any) -> None:
    """Let a caller join the line of the queue in which his leg is.

    If nobody there has a larger key time, he is its last: no search.
    """
    queue = s.caller[c, st.LEG_QUEUE]
    sequence = s.clock[st.JOINED] + 1
    s.clock[st.JOINED] = sequence
    s.caller[c, st.PHASE] = st.WAITING
    s.caller[c, st.WAITS_AS] = held
    s.caller[c, st.CAME] = came
    s.caller[c, st.SEQUENCE] = sequence
    line = line_of(p, queue, held, rank)
    last = s.line[line, st.LINE_LAST]
    if last >= 0 and s.caller[last, st.CAME] > came:
        _insert(s, c, line)
    else:
        s.caller[c, st.WAITS_IN] = line
        _link(s.caller, s.line, _WAITING, c, line, last, st.NOBODY)
    if held:
        s.queue[queue, st.N_HELD] += 1
    else:
        s.queue[queue, st.N_WAITING] += 1


@jit
def leave_line(s: Any, c: Any, at: Any) -> None:
    """Take a caller out of his line; what he waited is counted to the queue."""
    queue = s.caller[c, st.LEG_QUEUE]
    _unlink(s.caller, s.line, _WAITING, c, s.caller[c, st.WAITS_IN])
    s.queue[queue, st.QUEUE_TIME] += at - s.caller[c, st.LEG_ENTERED]
    if s.caller[c, st.WAITS_AS]:
        s.queue[queue, st.N_HELD] -= 1
    else:
        s.queue[queue, st.N_WAITING] -= 1


@apart
def move_all(p: Any, s: Any, queue: Any, held: Any) -> None:
    """Move all callers of a queue to its door (``held`` = 1) or from there into the line of those who may be served."""
    n = 0
    for rank in range(p.scalar[of.N_CLASSES]):
        source, target = line_of(p, queue, 1 - held, rank), line_of(p, queue, held, rank)
        c = s.line[source, st.LINE_FIRST]
        s.line[source, st.LINE_FIRST] = st.NOBODY
        s.line[source, st.LINE_LAST] = st.NOBODY
        while c >= 0:
            after = s.caller[c, st.AFTER_IT]
            s.caller[c, st.WAITS_AS] = held
            _insert(s, c, target)
            n += 1
            c = after
    change = n if held else -n
    s.queue[queue, st.N_HELD] += change
    s.queue[queue, st.N_WAITING] -= change


@jit
def start_idle(p: Any, s: Any, agent: Any, now: Any) -> None:
    """Put an agent into the idle line of his group: by the instant since when he is idle, then by number."""
    group = p.agent_group[agent]
    before = s.group[group, st.IDLE_LAST]
    behind = st.NOBODY
    while before > agent and s.agent[before, st.IDLE_SINCE] == now:
        behind = before
        before = s.agent[before, st.BEFORE]
    s.agent[agent, st.IDLE_SINCE] = now
    _link(s.agent, s.group, _IDLE, agent, group, before, behind)
    s.group[group, st.N_IDLE] += 1


@jit
def end_idle(p: Any, s: Any, agent: Any) -> None:
    """Take an agent out of the idle line."""
    group = p.agent_group[agent]
    _unlink(s.agent, s.group, _IDLE, agent, group)
    s.agent[agent, st.IDLE_SINCE] = st.NOBODY
    s.group[group, st.N_IDLE] -= 1

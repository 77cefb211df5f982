"""Agents come and go: shifts, breaks, head-counts, and what an agent does when a call is off his hands.

The twin of the staff part of ``callsim/engines/simpy/center.py`` and of ``timetable.py``. It serves the kernel for
whole centres; ``positions.py`` does for the others what they need of it.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.dispatcher import agent_key, next_call
from callsim.engines.compiled.events import set_key
from callsim.engines.compiled.jit import apart, jit
from callsim.engines.compiled.lines import end_idle
from callsim.engines.compiled.lookup import keyed
from callsim.engines.compiled.record import write_span
from callsim.plan.draws import DAY_ZERO

__all__ = [
    "be_present",
    "begin_shift",
    "break_due",
    "end_break",
    "end_shift",
    "last_debtor",
    "release",
    "set_heads",
]


@jit
def release(p: Any, s: Any, agent: Any, now: Any) -> None:
    """End a call's handling: the agent goes, takes his break, or takes the next call."""
    s.agent[agent, st.BUSY] = 0
    if s.agent[agent, st.OWES] or s.agent[agent, st.OFF_DUTY]:
        leave(p, s, agent, now)
    elif not start_break(p, s, agent, now):
        next_call(p, s, agent, now)


@apart
def leave(p: Any, s: Any, agent: Any, now: Any) -> None:
    """Let an agent go home."""
    write_span(s, agent, s.agent[agent, st.PRESENCE], s.agent[agent, st.PRESENT_SINCE], now)
    s.agent[agent, st.PRESENCE] = st.NOBODY
    if s.agent[agent, st.BREAK_SINCE] >= 0:
        write_span(s, agent, is_.ON_BREAK, s.agent[agent, st.BREAK_SINCE], now)
        s.agent[agent, st.BREAK_SINCE] = st.NOBODY
    else:
        s.agent[agent, st.PRESENT_TIME] += now - s.agent[agent, st.COUNTED_TO]
    if s.agent[agent, st.IDLE_SINCE] != st.NOBODY:
        end_idle(p, s, agent)
    s.agent[agent, st.OFF_DUTY] = 0
    s.agent[agent, st.OWES] = 0
    set_key(s.tree, agent, st.INFINITE)


@jit
def be_present(s: Any, agent: Any, kind: Any, now: Any) -> None:
    """Book an agent's time as planned or as overrun from now on."""
    if s.agent[agent, st.PRESENCE] != st.NOBODY:
        write_span(s, agent, s.agent[agent, st.PRESENCE], s.agent[agent, st.PRESENT_SINCE], now)
    s.agent[agent, st.PRESENCE] = kind
    s.agent[agent, st.PRESENT_SINCE] = now


@jit
def _arrive(p: Any, s: Any, agent: Any, now: Any) -> None:
    """Start a shift or fill a position. Somebody still finishing his last shift's call just stays."""
    if s.agent[agent, st.PRESENCE] == st.NOBODY:
        s.agent[agent, st.COUNTED_TO] = now
        be_present(s, agent, is_.SIGNED_ON, now)
        next_call(p, s, agent, now)
    else:
        s.agent[agent, st.OFF_DUTY] = 0
        be_present(s, agent, is_.SIGNED_ON, now)


# --- shifts ---------------------------------------------------------------------------------------


@apart
def begin_shift(p: Any, s: Any, duty: Any, now: Any) -> None:
    """Begin a shift, unless nobody comes."""
    agent = p.duty[duty, of.DUTY_AGENT]
    threshold = p.duty[duty, of.DUTY_NO_SHOW]
    if threshold > 0:
        day = p.duty[duty, of.DUTY_DAY] + DAY_ZERO
        name, position = p.duty[duty, of.DUTY_HASH], p.duty[duty, of.DUTY_POSITION]
        if keyed(s, name, day, position, 0, 0, is_.FOR_NO_SHOW) < threshold:
            s.absent[duty] = 1
            end = p.duty[duty, of.DUTY_END]
            write_span(s, agent, is_.ABSENT, now, end if end < p.scalar[of.HORIZON] else st.NOBODY)
            return
    _arrive(p, s, agent, now)


@apart
def end_shift(p: Any, s: Any, duty: Any, now: Any) -> None:
    """End a shift: at once if he is idle or on a break, after the call if he is busy."""
    if s.absent[duty]:
        return
    agent = p.duty[duty, of.DUTY_AGENT]
    s.agent[agent, st.FIRST_DUE] = s.agent[agent, st.END_DUE]
    if s.agent[agent, st.BUSY]:
        s.agent[agent, st.OFF_DUTY] = 1
        be_present(s, agent, is_.OVERRUN, now)
    else:
        leave(p, s, agent, now)


@apart
def break_due(p: Any, s: Any, k: Any, now: Any) -> None:
    """Send an agent into a planned break: at once if he is idle, after the call if he is busy."""
    duty = p.planned_break[k, of.BREAK_DUTY]
    agent = p.duty[duty, of.DUTY_AGENT]
    if s.absent[duty] or s.agent[agent, st.PRESENCE] == st.NOBODY or s.agent[agent, st.OFF_DUTY]:
        return
    if s.agent[agent, st.FIRST_DUE] >= s.agent[agent, st.END_DUE]:
        s.agent[agent, st.FIRST_DUE] = k
    s.agent[agent, st.END_DUE] = k + 1
    if not s.agent[agent, st.BUSY] and s.agent[agent, st.BREAK_SINCE] < 0:
        start_break(p, s, agent, now)


@apart
def start_break(p: Any, s: Any, agent: Any, now: Any) -> Any:
    """Begin the first break that is due; return False if there is none, or it would be over already."""
    while s.agent[agent, st.FIRST_DUE] < s.agent[agent, st.END_DUE]:
        k = s.agent[agent, st.FIRST_DUE]
        s.agent[agent, st.FIRST_DUE] = k + 1
        begins, length = p.planned_break[k, of.BREAK_START], p.planned_break[k, of.BREAK_LENGTH]
        end = now + length
        if p.group[p.agent_group[agent], of.KEEPS_END] or begins < 0:
            end = begins + length
        if end > now:
            if s.agent[agent, st.IDLE_SINCE] != st.NOBODY:
                end_idle(p, s, agent)
            s.agent[agent, st.PRESENT_TIME] += now - s.agent[agent, st.COUNTED_TO]
            s.agent[agent, st.BREAK_SINCE] = now
            agent_key(p, s, agent, end, 1)
            return True
    return False


@apart
def end_break(p: Any, s: Any, agent: Any, now: Any) -> None:
    """Return to the desk, unless the next break is due."""
    s.agent[agent, st.COUNTED_TO] = now
    write_span(s, agent, is_.ON_BREAK, s.agent[agent, st.BREAK_SINCE], now)
    s.agent[agent, st.BREAK_SINCE] = st.NOBODY
    if not start_break(p, s, agent, now):
        next_call(p, s, agent, now)


# --- head-counts ----------------------------------------------------------------------------------


@apart
def set_heads(p: Any, s: Any, k: Any, now: Any) -> None:
    """Bring a group to its next head-count.

    When it falls, idle agents leave at once, longest idle first, and the rest is owed by the busy ones who
    finish next. When it rises, debts are forgiven first, that of the last to finish before others.
    """
    group, count = p.heads[k, of.HEADS_GROUP], p.heads[k, of.HEADS_COUNT]
    first, end = p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]
    present = 0
    for agent in range(first, end):
        if s.agent[agent, st.PRESENCE] != st.NOBODY and not s.agent[agent, st.OWES]:
            present += 1
    while present > count and s.group[group, st.IDLE_FIRST] >= 0:
        leave(p, s, s.group[group, st.IDLE_FIRST], now)
        present -= 1
    while present > count:
        agent = _next_to_finish(s, first, end)
        if agent < 0:
            break
        s.agent[agent, st.OWES] = 1
        be_present(s, agent, is_.OVERRUN, now)
        present -= 1
    while present < count:
        agent = last_debtor(s, first, end)
        if agent < 0:
            break
        s.agent[agent, st.OWES] = 0
        be_present(s, agent, is_.SIGNED_ON, now)
        present += 1
    agent = first
    while present < count and agent < end:
        if s.agent[agent, st.PRESENCE] == st.NOBODY:
            _arrive(p, s, agent, now)
            present += 1
        agent += 1


@jit
def _next_to_finish(s: Any, first: Any, end: Any) -> Any:
    """Return the busy agent without a debt who finishes first, the lowest number among equals; or NOBODY."""
    best = st.NOBODY
    for agent in range(first, end):
        free_of_debt = s.agent[agent, st.BUSY] and not s.agent[agent, st.OWES]
        if free_of_debt and (best < 0 or s.agent[agent, st.HANDLED_UNTIL] < s.agent[best, st.HANDLED_UNTIL]):
            best = agent
    return best


@jit
def last_debtor(s: Any, first: Any, end: Any) -> Any:
    """Return the agent with a debt who finishes last, the highest number among equals; or NOBODY."""
    best = st.NOBODY
    for agent in range(first, end):
        if s.agent[agent, st.OWES] and (
            best < 0 or s.agent[agent, st.HANDLED_UNTIL] >= s.agent[best, st.HANDLED_UNTIL]
        ):
            best = agent
    return best

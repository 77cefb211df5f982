"""Agents by head-count in the tiers below everything: from when each is free, and how positions are filled and left.

Each group has a winner tree of the instants from which its agents are free, an agent's number in the low bits. An
agent whose instant has come is idle since then: the root of the tree is the one who is idle for the longest time, and
if nobody is idle the one who is free next. So the end of a call is no event unless somebody waits for it. Who is not
there, and who will leave after his call, stands at the end of everything.

The twin of ``staff.py``, which does the same for whole centres.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.dispatcher import agent_of, end_of_run, key_at
from callsim.engines.compiled.events import put_key, set_key
from callsim.engines.compiled.jit import apart, inlined, jit
from callsim.engines.compiled.record import write_span
from callsim.engines.compiled.staff import be_present, last_debtor

__all__ = [
    "begin_change",
    "first_free",
    "leave_all_debtors",
    "leave_out_overtime",
    "next_to_come",
    "note_last_work",
    "set_free",
    "sign_on",
]


@inlined
def first_free(p: Any, s: Any, group: Any) -> Any:
    """Return the smallest key of a group."""
    return s.free[p.group[group, of.FIRST_NODE] + 1]


@inlined
def _leaf(p: Any, group: Any, agent: Any) -> Any:
    """Return an agent's leaf in the tree of his group: a table of them would be half as large as the tree."""
    return agent + p.group[group, of.LEAF_OF]


@inlined
def set_free(p: Any, s: Any, group: Any, agent: Any, key: Any, shared: Any) -> None:
    """Change an agent's key; ``shared``: callers may wait for several groups."""
    key = put_key(s.free, p.group[group, of.FIRST_NODE], _leaf(p, group, agent), key)
    if shared and s.group[group, st.N_SOUGHT] > 0:
        set_key(s.due, group, key)


@apart
def _leave(p: Any, s: Any, group: Any, agent: Any, at: Any, shared: Any) -> None:
    """Let an agent go home."""
    write_span(s, agent, s.agent[agent, st.PRESENCE], s.agent[agent, st.PRESENT_SINCE], at)
    s.agent[agent, st.PRESENCE] = st.NOBODY
    set_free(p, s, group, agent, st.INFINITE, shared)


@apart
def _leave_after_work(p: Any, s: Any, group: Any, until: Any, shared: Any) -> None:
    """Let those go who owed it and have finished before ``until``."""
    for agent in range(p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]):
        if s.agent[agent, st.OWES] and s.agent[agent, st.HANDLED_UNTIL] < until:
            s.agent[agent, st.OWES] = 0
            s.group[group, st.N_OWING] -= 1
            _leave(p, s, group, agent, s.agent[agent, st.HANDLED_UNTIL], shared)


@jit
def note_last_work(p: Any, s: Any) -> None:
    """Note until when agents have worked: nobody notes it while they do."""
    last = s.clock[st.LAST_CHANGE]
    for agent in range(p.scalar[of.N_AGENTS]):
        last = max(last, _worked_until(p, s, agent))
    s.clock[st.LAST_CHANGE] = last


@inlined
def _worked_until(p: Any, s: Any, agent: Any) -> Any:
    """Return when the last call of an agent ends or ended; if he had none, no later than he came."""
    group = p.agent_group[agent]
    key = s.free[p.group[group, of.FIRST_NODE] + _leaf(p, group, agent)]
    until = s.agent[agent, st.HANDLED_UNTIL]
    return max(until, key >> p.scalar[of.AGENT_BITS]) if key < st.INFINITE else until


@jit
def leave_out_overtime(p: Any, s: Any) -> None:
    """Take from the groups' busy time what lies behind the end of the run: at most the last call of each agent."""
    for agent in range(p.scalar[of.N_AGENTS]):
        s.group[p.agent_group[agent], st.BUSY_TIME] -= max(0, _worked_until(p, s, agent) - end_of_run(p))


@jit
def leave_all_debtors(p: Any, s: Any) -> None:
    """Let everybody go who owed it and finished before the end of the run."""
    for group in range(p.scalar[of.N_GROUPS]):
        if s.group[group, st.N_OWING] > 0:
            _leave_after_work(p, s, group, end_of_run(p), False)


@jit
def _next_to_finish(p: Any, s: Any, group: Any) -> Any:
    """Return the busy agent without a debt who finishes first, the lowest number among equals; or NOBODY."""
    key = first_free(p, s, group)
    if key < st.INFINITE:
        return agent_of(p, key)
    # Whoever is there finishes later than a key can say.
    best = st.NOBODY
    for agent in range(p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]):
        free_of_debt = s.agent[agent, st.PRESENCE] != st.NOBODY and not s.agent[agent, st.OWES]
        if free_of_debt and (best < 0 or s.agent[agent, st.HANDLED_UNTIL] < s.agent[best, st.HANDLED_UNTIL]):
            best = agent
    return best


@apart
def lower_positions(p: Any, s: Any, group: Any, count: Any, now: Any, shared: Any) -> None:
    """Let idle agents leave at once, longest idle first; the rest is owed by the busy ones who finish next."""
    bits = p.scalar[of.AGENT_BITS]
    while s.group[group, st.N_PRESENT] > count:
        s.group[group, st.N_PRESENT] -= 1
        agent = _next_to_finish(p, s, group)
        if first_free(p, s, group) >> bits <= now:
            _leave(p, s, group, agent, now, shared)
        else:
            s.agent[agent, st.OWES] = 1
            if first_free(p, s, group) < st.INFINITE:
                s.agent[agent, st.HANDLED_UNTIL] = first_free(p, s, group) >> bits
            s.group[group, st.N_OWING] += 1
            be_present(s, agent, is_.OVERRUN, now)
            set_free(p, s, group, agent, st.INFINITE, shared)


@apart
def forgive_debts(p: Any, s: Any, group: Any, count: Any, now: Any, shared: Any) -> None:
    """Let debtors stay, the last to finish before others."""
    first, end = p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]
    while s.group[group, st.N_PRESENT] < count and s.group[group, st.N_OWING] > 0:
        agent = last_debtor(s, first, end)
        s.agent[agent, st.OWES] = 0
        s.group[group, st.N_OWING] -= 1
        s.group[group, st.N_PRESENT] += 1
        be_present(s, agent, is_.SIGNED_ON, now)
        key = key_at(p, s, agent, s.agent[agent, st.HANDLED_UNTIL])
        if key < st.INFINITE:
            s.agent[agent, st.HANDLED_UNTIL] = st.NOBODY
        set_free(p, s, group, agent, key, shared)


@apart
def next_to_come(p: Any, s: Any, k: Any, last: Any) -> Any:
    """Return who signs on next at a change, after ``last`` or NOBODY; NOBODY if there are enough."""
    group = p.heads[k, of.HEADS_GROUP]
    if s.group[group, st.N_PRESENT] < p.heads[k, of.HEADS_COUNT]:
        for agent in range(max(last + 1, p.group[group, of.FIRST_AGENT]), p.group[group, of.END_AGENT]):
            if s.agent[agent, st.PRESENCE] == st.NOBODY:
                return agent
    return st.NOBODY


@jit
def begin_change(p: Any, s: Any, k: Any, now: Any, shared: Any) -> None:
    """Do of a head-count's change what concerns those who are there: they leave, they owe it, or they are forgiven."""
    group, count = p.heads[k, of.HEADS_GROUP], p.heads[k, of.HEADS_COUNT]
    if s.group[group, st.N_OWING] > 0:
        _leave_after_work(p, s, group, now + 1, shared)
    if s.group[group, st.N_PRESENT] > count:
        lower_positions(p, s, group, count, now, shared)
    else:
        forgive_debts(p, s, group, count, now, shared)


@inlined
def sign_on(p: Any, s: Any, agent: Any, now: Any, shared: Any) -> None:
    """Let somebody fill a position: he is free from now on."""
    group = p.agent_group[agent]
    s.group[group, st.N_PRESENT] += 1
    s.agent[agent, st.HANDLED_UNTIL] = st.NOBODY
    be_present(s, agent, is_.SIGNED_ON, now)
    set_free(p, s, group, agent, key_at(p, s, agent, now), shared)

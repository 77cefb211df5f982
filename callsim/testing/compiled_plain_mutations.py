"""Errors to plant into the compiled engine's kernels for plainer centres; the suite catches each of them."""

from __future__ import annotations

from callsim.testing.drawing.centre import Scope
from callsim.testing.mutations import Mutation

__all__ = ["PLAIN_MUTATIONS"]


def _one_queue(file: str, breaks: str, old: str, new: str, shown_by: int) -> Mutation:
    return Mutation("compiled", file, old, new, breaks, shown_by, Scope.ONE_QUEUE)


def _skills(file: str, breaks: str, old: str, new: str, shown_by: int) -> Mutation:
    return Mutation("compiled", file, old, new, breaks, shown_by, Scope.SKILLS)


PLAIN_MUTATIONS = (
    _one_queue(
        "one_queue.py",
        "a change of head-counts comes before a call at the same instant",
        "is_due = change <= at or change",
        "is_due = change < at or change",
        18,
    ),
    _one_queue(
        "one_queue.py",
        "while all are busy the next change of head-counts comes before the next answer",
        "is_due = change <= at or change < key >> bits",
        "is_due = change <= at",
        1,
    ),
    _one_queue(
        "one_queue.py",
        "a caller whose patience ends when an agent is free is answered",
        "if start > deadline:",
        "if start >= deadline:",
        18,
    ),
    _one_queue(
        "one_queue.py",
        "who signs on first takes the first caller, although his call is over at once",
        "if handle_end != s.clock[st.REACHED] else st.INFINITE",
        "if handle_end >= s.clock[st.REACHED] else st.INFINITE",
        31,
    ),
    _one_queue(
        "one_queue.py",
        "who signs on and is at once free again follows those who sign on with him",
        "(now << bits) | agent, False)",
        "((now + 1) << bits) | agent, False)",
        1,
    ),
    _one_queue(
        "one_queue.py",
        "busy time ends with the run",
        "+= min(handle_end, end) - start",
        "+= handle_end - start",
        1,
    ),
    _one_queue(
        "one_queue.py",
        "who hangs up has waited until then",
        "s.queue[0, st.QUEUE_TIME] += min(start, deadline) - at",
        "s.queue[0, st.QUEUE_TIME] += start - at",
        1,
    ),
    _one_queue(
        "positions.py",
        "who owes it leaves at the end of his call",
        "_leave(p, s, group, agent, s.agent[agent, st.HANDLED_UNTIL], shared)",
        "_leave(p, s, group, agent, until, shared)",
        10,
    ),
    _skills(
        "positions.py",
        "who finishes at the end of the run has not left before it",
        "st.HANDLED_UNTIL] < until:",
        "st.HANDLED_UNTIL] <= until:",
        46,
    ),
    _one_queue(
        "positions.py",
        "an agent who is idle from this instant on leaves at once",
        "if first_free(p, s, group) >> bits <= now:",
        "if first_free(p, s, group) >> bits < now:",
        20,
    ),
    _skills(
        "positions.py",
        "who signs on is idle from then on",
        "key_at(p, s, agent, now), shared)",
        "key_at(p, s, agent, 0), shared)",
        1,
    ),
    _skills(
        "positions.py",
        "debts are forgiven before others come",
        "st.N_PRESENT] < count and s.group[group, st.N_OWING] > 0:",
        "st.N_PRESENT] + 1 < count and s.group[group, st.N_OWING] > 0:",
        1,
    ),
    _skills(
        "positions.py",
        "debts are forgiven to the last to finish before others",
        "agent = last_debtor(s, first, end)\n",
        "agent = last_debtor(s, first, end)\n"
        "        for other in range(first, end):\n"
        "            if s.agent[other, st.OWES]:\n"
        "                agent = other\n"
        "                break\n",
        1,
    ),
    _skills(
        "positions.py",
        "idle agents leave longest idle first",
        "        agent = _next_to_finish(p, s, group)\n",
        "        agent = _next_to_finish(p, s, group)\n"
        "        for other in range(p.group[group, of.FIRST_AGENT], p.group[group, of.END_AGENT]):\n"
        "            if s.agent[other, st.PRESENCE] != st.NOBODY and s.agent[other, st.HANDLED_UNTIL] <= now:\n"
        "                agent = other\n",
        2,
    ),
    _skills(
        "positions.py",
        "who is forgiven is free when his call ends",
        "key = key_at(p, s, agent, s.agent[agent, st.HANDLED_UNTIL])",
        "key = key_at(p, s, agent, now)",
        1,
    ),
    _skills(
        "skills.py",
        "of calls that end at one instant that of the agent with the lower number ends first",
        "s.event[0, st.EVENT_NUMBER] >> 1 < agent_of(p, key)",
        "s.event[0, st.EVENT_NUMBER] >> 1 > agent_of(p, key)",
        10,
    ),
    _skills(
        "skills.py",
        "a change of head-counts comes before a call at the same instant",
        "<< 4) + is_.AT_HEADS)",
        "<< 4) + is_.AT_ARRIVAL + 1)",
        0,
    ),
    _skills(
        "skills.py",
        "calls end before others come at the same instant",
        "reached = _reached_by(order >> 4, bits)",
        "reached = _reached_by((order >> 4) - 1, bits)",
        1,
    ),
    _skills(
        "skills.py",
        "calls end before somebody who was passed on arrives at the same instant",
        "    if rank == is_.AT_ARRIVAL:\n        _reach_arrivals(p, s, now)\n",
        "    if rank == is_.AT_ARRIVAL:\n        _reach_arrivals(p, s, now - 1)\n",
        90,
    ),
    _skills(
        "skills.py",
        "who signs on takes the call that waits for him",
        "        next_call(p, s, agent, now)\n        agent = next_to_come",
        "        agent = next_to_come",
        22,
    ),
    _skills(
        "skills.py",
        "whose patience ends at the end of the run still waits",
        "st.DEADLINE] < end:",
        "st.DEADLINE] <= end:",
        24,
    ),
    _skills(
        "skills.py",
        "the agent takes his next call before the caller is passed on",
        "        if ends_at_once and not next_call(p, s, agent, now):\n"
        "            set_free(p, s, p.agent_group[agent], agent, key, True)\n"
        "        if c < 0 or not pass_on(p, s, c, now):\n"
        "            return\n",
        "        if c >= 0 and pass_on(p, s, c, now):\n"
        "            go_on(p, s, c, now)\n"
        "        if ends_at_once and not next_call(p, s, agent, now):\n"
        "            set_free(p, s, p.agent_group[agent], agent, key, True)\n"
        "        return\n",
        16,
    ),
    _skills(
        "skills.py",
        "callers who arrive at one instant come in the order of their numbers",
        "s.event[0, st.EVENT_NUMBER] < number_of_call(",
        "s.event[0, st.EVENT_NUMBER] > number_of_call(",
        10,
    ),
    _skills(
        "skills_calls.py",
        "of idle agents of several groups the longest idle answers",
        "while p.route[cell] >= 0:",
        "while False:",
        0,
    ),
    _skills(
        "routing_layout.py",
        "an agent of a lower level answers before others, however long they are idle",
        "(row.level != level)",
        "(level < 0)",
        1,
    ),
    _skills(
        "waiting.py",
        "the first who waits in a queue makes its groups look",
        "if s.queue[queue, st.N_WAITING] == 1:",
        "if s.queue[queue, st.N_WAITING] == 2:",
        0,
    ),
    _skills(
        "waiting.py",
        "a class stands by key time",
        "        if s.caller[last, st.CAME] > came:\n",
        "        if False:\n",
        1,
    ),
    _skills(
        "waiting.py",
        "whoever is put ahead of the last stands behind those whose key time is not larger",
        "while after != first and s.caller[s.caller[after, st.AHEAD_OF], st.CAME] > came:",
        "while after != first:",
        1,
    ),
    _skills(
        "skills_calls.py",
        "a call that is over at once keeps its agent busy until later at the instant",
        "if handle_end > now and handle_end <",
        "if handle_end <",
        1,
    ),
    _skills(
        "skills_calls.py",
        "the remaining patience is what the waits so far have left",
        "return left - (s.caller[c, st.LEG_LEFT] - s.caller[c, st.LEG_ENTERED])",
        "return left",
        7,
    ),
    _skills(
        "skills_calls.py",
        "a caller whose patience ends when an agent is free is answered",
        "if s.caller[c, st.DEADLINE] >= now:",
        "if s.caller[c, st.DEADLINE] > now:",
        1,
    ),
    _skills(
        "skills_calls.py",
        "nobody is passed on more often than the transfer allows",
        "if s.caller[c, st.LEG_NUMBER] >= p.transfer[k, of.AT_MOST]:",
        "if s.caller[c, st.LEG_NUMBER] > p.transfer[k, of.AT_MOST]:",
        3,
    ),
    _skills(
        "skills_calls.py",
        "who keeps his place is queued as if he had joined when he called",
        "came = s.caller[c, row.C_ARRIVED] if p.transfer[k, of.PLACE] == is_.KEEPS_PLACE else now",
        "came = now",
        4,
    ),
    _skills(
        "skills_calls.py",
        "who is passed on ahead of new callers comes before them",
        "ahead = 1 if p.transfer[k, of.PLACE] == is_.AHEAD_OF_NEW else 0",
        "ahead = 0",
        5,
    ),
    _skills(
        "skills_calls.py",
        "explaining again takes no longer with a slow agent",
        "    if factor != ONE:\n"
        "        talk, work = scaled(talk, factor), scaled(work, factor)\n"
        "    talk_end = now + talk + explaining",
        "    if factor != ONE:\n"
        "        talk, work, explaining = scaled(talk, factor), scaled(work, factor), scaled(explaining, factor)\n"
        "    talk_end = now + talk + explaining",
        1,
    ),
    _skills(
        "skills_calls.py",
        "what begins and ends at one instant comes after what was to end then",
        "number = 2 * agent + (1 if talk_end == now else 0)",
        "number = 2 * agent",
        46,
    ),
    _skills(
        "upcoming.py",
        "no call is lined up that comes after one of another stream that is not drawn yet",
        "end = min(end, _known_to",
        "end = max(end, _known_to",
        4,
    ),
)
"""One rule each. What an error replaces stands in the source exactly once, so the list follows the source."""

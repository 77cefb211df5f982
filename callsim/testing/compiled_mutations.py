"""Errors to plant into the compiled engine; the conformance suite catches each of them."""

from __future__ import annotations

from callsim.testing.mutations import Mutation

__all__ = ["COMPILED_MUTATIONS"]


def _compiled(file: str, breaks: str, old: str, new: str, shown_by: int = 0) -> Mutation:
    return Mutation("compiled", file, old, new, breaks, shown_by)


COMPILED_MUTATIONS = (
    _compiled(
        "kernel.py",
        "a talk ends before somebody's break does at the same instant",
        "1 + 3 * ((key >> (bits - 1)) & 1)",
        "1 + 7 * ((key >> (bits - 1)) & 1)",
        7,
    ),
    _compiled(
        "kernel.py",
        "callers who arrive at one instant come in the order of their numbers",
        "    return s.event[0, st.EVENT_NUMBER] < number\n",
        "    return s.event[0, st.EVENT_NUMBER] > number\n",
    ),
    _compiled(
        "kernel.py",
        "planned changes come before arrivals at the same instant",
        "            if at < order:\n                order, source = at, _PLANNED",
        "            if at + 4 < order:\n                order, source = at, _PLANNED",
    ),
    _compiled(
        "kernel.py",
        "the agent takes his next call before the caller is passed on",
        "    else:\n        release(p, s, agent, now, tier)\n    if c >= 0:\n",
        "    elif c < 0 or s.caller[c, st.ROW] < 0 or not pass_on(p, s, c, now, tier):\n"
        "        release(p, s, agent, now, tier)\n"
        "    else:\n        go_on(p, s, c, now, tier)\n        release(p, s, agent, now, tier)\n        return\n"
        "    if c >= 0:\n",
    ),
    _compiled(
        "kernel.py",
        "an overflow or an end of patience concerns the wait for which it was planned",
        "s.caller[c, st.PHASE] == st.WAITING and s.caller[c, st.SEQUENCE] == stamp:",
        "s.caller[c, st.PHASE] == st.WAITING:",
        3,
    ),
    _compiled(
        "kernel.py",
        "callers held at a closed door are not offered when their overflow time has come",
        "        elif not s.caller[c, st.WAITS_AS]:\n            offer",
        "        else:\n            offer",
        2,
    ),
    _compiled(
        "events.py",
        "events of one order come by number",
        "at == order and event[i, st.EVENT_NUMBER] < number",
        "at == order and event[i, st.EVENT_NUMBER] > number",
        2,
    ),
    _compiled(
        "lines.py",
        "of agents idle since the same instant the one with the lowest number comes first",
        "while before > agent and s.agent[before, st.IDLE_SINCE] == now:",
        "while before < agent and before >= 0 and s.agent[before, st.IDLE_SINCE] == now:",
    ),
    _compiled(
        "lines.py",
        "a class stands by key time",
        "        s.caller[before, st.CAME] > came\n",
        "        False\n",
        45,
    ),
    _compiled(
        "dispatcher.py",
        "the agent idle for the longest time of several groups answers",
        "since < best_since or (since == best_since and first < best)",
        "first < best",
    ),
    _compiled(
        "dispatcher.py",
        "a group takes overflowing calls as soon as they have waited long enough",
        "(tier != EVERYTHING or p.taker[k, of.TAKER_AFTER] <= waited)",
        "(tier != EVERYTHING or p.taker[k, of.TAKER_AFTER] < waited)",
    ),
    _compiled(
        "dispatcher.py",
        "the least occupied agent is looked for up to now",
        "present = s.agent[agent, st.PRESENT_TIME] + now - s.agent[agent, st.COUNTED_TO]",
        "present = s.agent[agent, st.PRESENT_TIME] + now",
        45,
    ),
    _compiled(
        "dispatcher.py",
        "slopes weigh the waits of the first calls of several queues",
        "weight = _weight(p.queue[queues[0], of.SLOPE], now - came)",
        "weight = _weight(p.queue[queues[1], of.SLOPE], now - came)",
        7,
    ),
    _compiled(
        "dispatcher.py",
        "with priority first the level decides before the wait",
        "p.scalar[of.CALL_SELECTION] == is_.PRIORITY_FIRST and level != other_level",
        "p.scalar[of.CALL_SELECTION] == is_.LEVEL_FIRST and level != other_level",
        33,
    ),
    _compiled(
        "dispatcher.py",
        "the interval's factor is that of the instant of the answer",
        "if p.scale[middle, of.SCALE_START] <= now:",
        "if p.scale[middle, of.SCALE_START] < now:",
        2,
    ),
    _compiled(
        "dispatcher.py",
        "a transfer applies in its hours, which are half-open",
        "if p.window[i, 0] <= at < p.window[i, 1]:",
        "if p.window[i, 0] <= at <= p.window[i, 1]:",
        256,
    ),
    _compiled(
        "dispatcher.py",
        "explaining again takes no longer with a slow agent",
        "    if factor != ONE:\n        talk = scaled(talk, factor)\n"
        "    if tier != ONE_QUEUE and s.caller[c, st.EXPLAINS] >= 0:\n"
        "        talk += duration(p, s, c, attempt, leg, is_.FOR_EXPLAIN, s.caller[c, st.EXPLAINS])\n",
        "    if tier != ONE_QUEUE and s.caller[c, st.EXPLAINS] >= 0:\n"
        "        talk += duration(p, s, c, attempt, leg, is_.FOR_EXPLAIN, s.caller[c, st.EXPLAINS])\n"
        "    if factor != ONE:\n        talk = scaled(talk, factor)\n",
        3,
    ),
    _compiled(
        "life.py",
        "the remaining patience is what all waits so far have left",
        "    return patience - (s.caller[c, st.LEG_LEFT] - s.caller[c, st.LEG_ENTERED])\n",
        "    return patience\n",
        4,
    ),
    _compiled(
        "life.py",
        "a person's patience is drawn once if it is a trait of the person",
        "drawn = duration(p, s, c, 0, 0, is_.FOR_PATIENCE, law)",
        "drawn = duration(p, s, c, attempt, 0, is_.FOR_PATIENCE, law)",
        11,
    ),
    _compiled(
        "life.py",
        "callers held at the door count for the limit of the queue",
        "s.queue[queue, st.N_WAITING] + s.queue[queue, st.N_HELD] >= p.queue",
        "s.queue[queue, st.N_WAITING] >= p.queue",
        20,
    ),
    _compiled(
        "life.py",
        "new callers meet the closed door from the last admission on",
        "return s.queue[queue, st.IS_OPEN] and now < s.queue[queue, st.ADMITS_UNTIL]",
        "return s.queue[queue, st.IS_OPEN] and now <= s.queue[queue, st.ADMITS_UNTIL]",
        41,
    ),
    _compiled(
        "life.py",
        "the share that calls again is that of the attempt",
        "of.REDIAL_SHARE + min(nth, p.redial",
        "of.REDIAL_SHARE + min(nth + 1, p.redial",
    ),
    _compiled(
        "life.py",
        "who keeps his place is queued as if he had joined when he called",
        "came = s.caller[c, row.C_ARRIVED] if place == is_.KEEPS_PLACE else now",
        "came = now",
        7,
    ),
    _compiled(
        "doors.py",
        "all who waited at the door are offered when it opens",
        "        while c >= 0:\n            after = s.caller[c, st.AFTER_IT]\n            offer",
        "        if c >= 0:\n            after = s.caller[c, st.AFTER_IT]\n            offer",
        2,
    ),
    _compiled(
        "staff.py",
        "debts of heads are owed by the busy agents who finish first",
        "(best < 0 or s.agent[agent, st.HANDLED_UNTIL] < s.agent[best, st.HANDLED_UNTIL])",
        "(best < 0 or s.agent[agent, st.HANDLED_UNTIL] <= s.agent[best, st.HANDLED_UNTIL])",
        53,
    ),
    _compiled(
        "staff.py",
        "debts are forgiven to the latest finisher first",
        "best < 0 or s.agent[agent, st.HANDLED_UNTIL] >= s.agent[best, st.HANDLED_UNTIL]",
        "best < 0 or s.agent[agent, st.HANDLED_UNTIL] < s.agent[best, st.HANDLED_UNTIL]",
        44,
    ),
    _compiled(
        "staff.py",
        "a late break has its full length, unless it keeps its end",
        "if p.group[p.agent_group[agent], of.KEEPS_END] or begins < 0:",
        "if p.group[p.agent_group[agent], of.KEEPS_END]:",
        23,
    ),
    _compiled(
        "staff.py",
        "who signs off while he works goes after the call",
        "        s.agent[agent, st.OFF_DUTY] = 1\n",
        "        s.agent[agent, st.OFF_DUTY] = 0\n",
        7,
    ),
    _compiled(
        "agenda.py",
        "a break that is due when the shift begins follows the sign-on",
        "    rows[at_once, 1] = Rank.SIGN_ON\n",
        "    rows[at_once, 1] = Rank.BREAK_START\n",
        7,
    ),
    _compiled(
        "life.py",
        "the share that calls again after an answered call is that of the answered call",
        "s.caller[c, st.UNSOLVED] = nth + 1",
        "s.caller[c, st.UNSOLVED] = nth",
        7,
    ),
    _compiled(
        "life.py",
        "time on hold includes the dialling of transfers",
        "s.case[c, of_.HELD_BEFORE] += p.transfer[k, of.DIALLING]",
        "s.case[c, of_.HELD_BEFORE] += 0",
        120,
    ),
    _compiled(
        "customer_mind.py",
        "only full hours on hold make angry",
        "(held_by(s, c) // _HOUR)",
        "((held_by(s, c) + _HOUR // 2) // _HOUR)",
        120,
    ),
    _compiled(
        "customer_mind.py",
        "each event of a case is one step further",
        "    s.case[c, of_.STEP] = step + 1\n",
        "    s.case[c, of_.STEP] = step + (event != is_.EXPLAINED)\n",
    ),
    _compiled(
        "customer_mind.py",
        "who would sleep by then does not wait on",
        "if _next_awake(p, kind, later) == later and _next_open",
        "if _next_open",
        129,
    ),
    _compiled(
        "customer_mind.py",
        "who has learned the hours calls by them",
        "hours = queue * 2 + s.case[c, of_.KNOWS]",
        "hours = queue * 2 + (s.case[c, of_.KNOWS] if s.caller[c, row.C_ATTEMPT] == 0 else 0)",
        99,
    ),
    _compiled(
        "customer_mind.py",
        "he calls the department that is drawn for him if it is open",
        "if share > 0 and (first < 0 or u >= total):",
        "if share > 0 and first < 0:",
    ),
    _compiled(
        "customer.py",
        "who owns a case is drawn by employee, in whatever leg he answers",
        "number_for(p, s, c, 0, ordinal, is_.FOR_OWNERSHIP) < share",
        "number_for(p, s, c, 0, s.caller[c, st.LEG_NUMBER], is_.FOR_OWNERSHIP) < share",
        23,
    ),
    _compiled(
        "customer.py",
        "the draw below the threshold sees the notes",
        "number_for(p, s, c, 0, ordinal, is_.FOR_NOTES) < p.kind",
        "number_for(p, s, c, 0, ordinal, is_.FOR_NOTES) >= p.kind",
        12,
    ),
    _compiled(
        "customer.py",
        "explaining takes time at every employee without notes",
        "length += lasts(p, s, c, 0, ordinal, is_.FOR_CASE_EXPLAIN, p.kind[kind, of_.EXPLAIN_LAW])",
        "length += 0",
        42,
    ),
    _compiled(
        "customer.py",
        "who takes over from a colleague is at least as likely to own it as he would be anyway",
        "share = max(share, p.kind[kind, of_.CARRIED_SHARE])",
        "share = p.kind[kind, of_.CARRIED_SHARE]",
        18,
    ),
    _compiled(
        "customer.py",
        "who calls the customer back owns the case",
        "    if is_outbound(s, c):\n        s.case[c, of_.IS_OWNED] = 1\n",
        "    if is_outbound(s, c):\n        s.case[c, of_.IS_OWNED] = 0\n",
        12,
    ),
    _compiled(
        "customer.py",
        "for the regulator all is done that is left",
        "everything = s.caller[c, row.C_CAUSE] == is_.BY_REGULATOR",
        "everything = False",
        106,
    ),
    _compiled(
        "customer.py",
        "an escalation counts for the number of transfers that is allowed",
        "if not asks or s.caller[c, st.TRANSFERS] >= p.transfer[k, of.AT_MOST]:",
        "if not asks:",
        183,
    ),
    _compiled(
        "customer.py",
        "a deadline counts from the promise",
        "due = now + lasts(p, s, c, 0, employee, is_.FOR_PROMISE_DUE",
        "due = s.caller[c, row.C_ARRIVED] + lasts(p, s, c, 0, employee, is_.FOR_PROMISE_DUE",
    ),
    _compiled(
        "customer.py",
        "the provider's call joins its queue by the lead before the deadline",
        "at = max(now, due - p.kind[kind, of_.PROMISE_LEAD])",
        "at = max(now, due)",
        78,
    ),
    _compiled(
        "customer.py",
        "the delay after a broken promise is drawn on its own",
        "is_.FOR_REPEAT, is_.FOR_BROKEN_DELAY, now)",
        "is_.FOR_REPEAT, is_.FOR_REPEAT_DELAY, now)",
        77,
    ),
    _compiled(
        "customer.py",
        "a customer complains once",
        "        not s.case[c, of_.HAS_COMPLAINED]\n        and now",
        "        now",
        12,
    ),
    _compiled(
        "customer.py",
        "a problem that comes back is all to be solved again",
        "    s.case[c, of_.PIECES_DONE] = 0\n    return _closed",
        "    s.case[c, of_.PIECES_DONE] -= 1\n    return _closed",
        12,
    ),
    _compiled(
        "customer.py",
        "the share that gives up is that of the unsolved call",
        "of.REDIAL_SHARE + min(nth, p.redial",
        "of.REDIAL_SHARE + min(nth + 1, p.redial",
    ),
    _compiled(
        "customer.py",
        "the provider's call that found nobody is tried again a minute later at the earliest",
        "now + _TRIED_AGAIN)",
        "now)",
    ),
)
"""One rule each. What an error replaces stands in the source exactly once, so the list follows the source."""

"""What must hold between a plan and a log of it: who answered what, when, and by which rule.

The structural rules of a log on its own are in ``callsim/runlog/invariants.py``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.codes import AtClosing, Outcome, SpanKind, StaffingKind, TransferResult, WhenClosed
from callsim.measures.sums import sum_by
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.breaks import break_contact, break_leg, break_run
from callsim.runlog.cases import OUTBOUND

__all__ = ["check_run"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def check_run(plan: Plan, log: RunLog) -> None:
    """Check a finished run against its plan; the log itself has passed `callsim.runlog.check_log` before.

    Every call goes where the plan sends it; nobody enters or is served in a closed queue against its
    rule; only agents who can answer a queue do; the queue and the agents' work that the engine added up
    while running equal the waits and handle times in the log (Little's law as a path identity); the
    presence and absence of shift agents add up to their planned time. For cases see
    `callsim.measures.case_invariants`.

    Raises
    ------
    InvariantBroken
        Naming the first call, agent or queue that breaks a rule, with the plan's digest, the seed and
        the replication.
    """
    if log.plan_digest != plan.digest():
        break_run(log, f"the log belongs to another plan than {plan.digest()}")
    _check_indices(plan, log)
    _check_way(plan, log)
    _check_doors(plan, log)
    _check_skills(plan, log)
    _check_little(plan, log)
    _check_planned_time(plan, log)
    _check_heads(plan, log)
    if plan.cases.n or len(log.case_events["event"]):
        from callsim.measures.case_invariants import check_cases_of_plan

        check_cases_of_plan(plan, log)


def _first(broken: Bool) -> int:
    return int(np.argmax(broken)) if broken.any() else -1


def _check_indices(plan: Plan, log: RunLog) -> None:
    contacts, legs = log.contacts, log.legs
    for name, n in (("stream", plan.n_streams), ("queue", plan.n_queues)):
        if (row := _first((contacts[name] < 0) | (contacts[name] >= n))) >= 0:
            break_contact(log, row, f"names {name} {int(contacts[name][row])}, which the plan does not have")
    bounds = {
        "queue": (0, plan.n_queues),
        "agent": (-1, plan.n_agents),
        "transfer_row": (-1, len(plan.transfers.share)),
    }
    for name, (low, n) in bounds.items():
        if (row := _first((legs[name] < low) | (legs[name] >= n))) >= 0:
            break_leg(log, row, f"names {name} {int(legs[name][row])}, which the plan does not have")
    if (row := _first(log.spans["agent"] >= plan.n_agents)) >= 0:
        break_run(log, f"span {row} names agent {int(log.spans['agent'][row])}, which the plan does not have")


def _calls_its_queue(plan: Plan, log: RunLog) -> Bool:
    """Return for each contact whether the queue that was called is one that the plan lets it call."""
    if plan.cases.n:
        from callsim.measures.case_invariants import calls_its_queue

        return calls_its_queue(plan, log)
    called: Bool = log.contacts["queue"] == plan.streams.queue[log.contacts["stream"]]
    return called


def _check_way(plan: Plan, log: RunLog) -> None:
    """Every leg is in the queue to which the plan sends the caller."""
    contacts, legs = log.contacts, log.legs
    if (row := _first(~_calls_its_queue(plan, log))) >= 0:
        break_contact(log, row, f"calls a queue that {plan.streams.names[contacts['stream'][row]]!r} do not call")
    first = np.flatnonzero(legs["leg"] == 0)
    queue = legs["queue"][first]
    reached = _overflow(plan)[contacts["queue"][legs["contact"][first]], queue]
    if (row := _first(~reached)) >= 0:
        break_leg(log, int(first[row]), "waits in a queue that was not called and to which nothing overflows")
    answered = np.flatnonzero(legs["transfer_row"] >= 0)
    ruled = plan.transfers.source[legs["transfer_row"][answered]]
    if (row := _first(ruled != legs["queue"][answered])) >= 0:
        break_leg(log, int(answered[row]), "is transferred by a rule of another queue")
    _check_next_legs(plan, log, np.flatnonzero(legs["leg"] > 0))


def _check_next_legs(plan: Plan, log: RunLog, later: Int64) -> None:
    """Check that a caller who was moved or passed on joins the right queue at the right instant."""
    legs, before = log.legs, later - 1
    moved = legs["outcome"][before] == Outcome.MOVED
    drawn = legs["transfer_row"][before]
    if (row := _first(~moved & (drawn < 0))) >= 0:
        break_leg(log, int(later[row]), "follows a transfer, but no transfer was drawn")
    source, queue, to = legs["queue"][before], legs["queue"][later], plan.queues.at_closing_to
    aim = np.where(moved, to[source], source).astype(np.int64)
    joins = legs["left"][before].copy()
    passed = np.flatnonzero(~moved)
    joins[passed] = legs["talk_end"][before[passed]] + plan.transfers.dialling[drawn[passed]]
    onward = passed[legs["transfer"][before[passed]] != TransferResult.RETURNED_TARGET_CLOSED]
    aim[onward] = plan.transfers.target[drawn[onward]]
    if (row := _first(queue != aim)) >= 0:
        name = plan.queues.names[int(aim[row])] if aim[row] >= 0 else "nowhere"
        break_leg(log, int(later[row]), f"is not where the caller was sent: {name!r}")
    if (row := _first(legs["entered"][later] != joins)) >= 0:
        break_leg(log, int(later[row]), f"does not begin at {int(joins[row])}, when the caller was passed on")


def _overflow(plan: Plan) -> Bool:
    """Return [called, entered]: a caller of the first queue can enter the second on arrival."""
    reach = np.eye(plan.n_queues, dtype=np.bool_)
    for called in range(plan.n_queues):
        queue = called
        for _ in range(plan.n_queues):
            if plan.queues.when_closed[queue] != WhenClosed.OVERFLOW:
                break
            queue = int(plan.queues.when_closed_to[queue])
            reach[called, queue] = True
    return reach


def _opening(plan: Plan, queue: int, instant: Int64) -> tuple[Int64, Int64]:
    """Return (end of opening, end of admission) of the last opening that began at or before each instant.

    Both are -1 where the queue had not opened yet.
    """
    queues = plan.queues
    rows = slice(int(queues.open_offset[queue]), int(queues.open_offset[queue + 1]))
    place = np.searchsorted(queues.open_start[rows], instant, side="right")
    never = np.array([-1], np.int64)
    ends, admits = (np.concatenate((never, column[rows])) for column in (queues.open_end, queues.admit_end))
    return ends[place], admits[place]


def _check_doors(plan: Plan, log: RunLog) -> None:
    """Nobody enters a closed queue, meets a closed door that is open, or is served against the queue's rule."""
    for queue in range(plan.n_queues):
        if _always_open(plan, queue):
            continue
        _check_entry(plan, log, queue)
        _check_served(plan, log, queue)
    _check_turned_away(plan, log)


def _always_open(plan: Plan, queue: int) -> bool:
    queues = plan.queues
    first, last = int(queues.open_offset[queue]), int(queues.open_offset[queue + 1])
    whole = last - first == 1 and queues.open_start[first] <= 0
    return bool(whole and queues.admit_end[first] > plan.clock.horizon)


def _check_entry(plan: Plan, log: RunLog, queue: int) -> None:
    if plan.queues.when_closed[queue] == WhenClosed.HOLD:
        return
    legs, name = log.legs, plan.queues.names[queue]
    # The provider's own calls to customers wait behind a closed door.
    own = ~np.isin(log.contacts["cause"][legs["contact"]], OUTBOUND)
    rows = np.flatnonzero((legs["queue"] == queue) & (legs["leg"] == 0) & own)
    entered = legs["entered"][rows]
    shut = entered >= _opening(plan, queue, entered)[1]
    if plan.clock.drain:
        shut &= entered < plan.clock.horizon
    if (row := _first(shut)) >= 0:
        break_leg(log, int(rows[row]), f"enters the queue {name!r} while it admits nobody")


def _check_served(plan: Plan, log: RunLog, queue: int) -> None:
    """Who entered before the closing may be served after it, if the queue serves those who wait."""
    legs, name = log.legs, plan.queues.names[queue]
    rows = np.flatnonzero((legs["queue"] == queue) & (legs["agent"] >= 0))
    left = legs["left"][rows]
    closes = _opening(plan, queue, left)[0]
    # An agent who becomes free at the closing instant still takes a call: the service end comes first.
    against = left > closes
    if plan.clock.drain:
        against &= left < plan.clock.horizon
    if plan.queues.at_closing[queue] == AtClosing.SERVE:
        against &= (legs["leg"][rows] == 0) & (legs["entered"][rows] >= closes)
    if (row := _first(against)) >= 0:
        break_leg(log, int(rows[row]), f"is answered in the queue {name!r} while it is closed, against its rule")


def _check_turned_away(plan: Plan, log: RunLog) -> None:
    """Check that a closed announcement or a message on arrival met a closed door, or one on the way of overflow."""
    contacts = log.contacts
    with_leg = np.zeros(len(contacts["outcome"]), np.bool_)
    with_leg[log.legs["contact"]] = True
    met = {Outcome.CLOSED: WhenClosed.ANNOUNCE, Outcome.VOICEMAIL: WhenClosed.VOICEMAIL}
    for outcome, rule in met.items():
        rows = np.flatnonzero((contacts["outcome"] == outcome) & ~with_leg)
        for queue in sorted(set(contacts["queue"][rows].tolist())):
            mine = rows[contacts["queue"][rows] == queue]
            arrived = contacts["arrived"][mine]
            open_door = arrived < _opening(plan, queue, arrived)[1]
            if (row := _first(open_door)) >= 0:
                what = f"meets a closed door at {plan.queues.names[queue]!r}, which is open"
                break_contact(log, int(mine[row]), what)
            ends = np.flatnonzero(_overflow(plan)[queue])
            if not (plan.queues.when_closed[ends] == rule).any():
                what = f"ends as {outcome.name}, which no closed door on the way from this queue gives"
                break_contact(log, int(mine[0]), what)


def _check_skills(plan: Plan, log: RunLog) -> None:
    legs, agents = log.legs, plan.agents
    rows = np.flatnonzero(legs["agent"] >= 0)
    group, queue = agents.group[legs["agent"][rows]], legs["queue"][rows]
    if (row := _first(agents.level[group, queue] <= 0)) >= 0:
        what = f"is answered by {agents.groups[group[row]]!r}, who cannot answer {plan.queues.names[queue[row]]!r}"
        break_leg(log, int(rows[row]), what)
    waited = legs["left"][rows] - legs["entered"][rows]
    if (row := _first(waited < agents.after[group, queue])) >= 0:
        what = f"is answered by {agents.groups[group[row]]!r} before it has waited as long as that group requires"
        break_leg(log, int(rows[row]), what)


def _check_little(plan: Plan, log: RunLog) -> None:
    """Check that the queue length that the engine integrated is the sum of the waits; likewise the agents' work."""
    legs = log.legs
    gone = np.where(legs["left"] < 0, log.end, legs["left"])
    waits = sum_by(legs["queue"], gone - legs["entered"], plan.n_queues)
    if (queue := _first(waits != log.queue_time)) >= 0:
        break_run(
            log,
            f"queue {plan.queues.names[queue]!r}: the waits in the log add up to {int(waits[queue])} ticks, the queue"
            f" length over time to {int(log.queue_time[queue])}",
        )
    rows = np.flatnonzero(legs["agent"] >= 0)
    work = np.minimum(legs["handle_end"][rows], log.end) - np.minimum(legs["left"][rows], log.end)
    busy = sum_by(plan.agents.group[legs["agent"][rows]].astype(np.int64), work, plan.n_groups)
    if (group := _first(busy != log.busy_time)) >= 0:
        break_run(
            log,
            f"agents {plan.agents.groups[group]!r}: the calls in the log add up to {int(busy[group])} ticks of work,"
            f" the busy agents over time to {int(log.busy_time[group])}",
        )


def _clipped(plan: Plan, log: RunLog, *kinds: SpanKind) -> tuple[Int64, Int64]:
    """Return (agent, time within [0, min(end, horizon)]) of the spans of these kinds."""
    until = min(log.end, plan.clock.horizon)
    rows = np.flatnonzero(np.isin(log.spans["kind"], kinds))
    start, end = log.spans["start"][rows], log.spans["end"][rows]
    end = np.where(end < 0, until, end)
    return log.spans["agent"][rows], np.clip(end, 0, until) - np.clip(start, 0, until)


def _check_planned_time(plan: Plan, log: RunLog) -> None:
    """Signed on and absent make up the planned time of every agent with shifts."""
    agents, until = plan.agents, min(log.end, plan.clock.horizon)
    with_shifts = agents.kind[agents.group] == StaffingKind.SHIFTS
    planned = np.clip(agents.duty_end, 0, until) - np.clip(agents.duty_start, 0, until)
    wanted = sum_by(agents.duty_agent.astype(np.int64), planned, plan.n_agents)
    found = sum_by(*_clipped(plan, log, SpanKind.SIGNED_ON, SpanKind.ABSENT), plan.n_agents)
    if (agent := _first(with_shifts & (wanted != found))) >= 0:
        break_run(
            log,
            f"agent {agent} ({agents.names[agent]}): {int(found[agent])} ticks signed on or absent, but"
            f" {int(wanted[agent])} planned",
        )


def _check_heads(plan: Plan, log: RunLog) -> None:
    """Check that head-count groups are signed on for the planned time exactly; what is owed is overrun."""
    agents, until = plan.agents, min(log.end, plan.clock.horizon)
    present = _clipped(plan, log, SpanKind.SIGNED_ON)
    found = sum_by(agents.group[present[0]].astype(np.int64), present[1], plan.n_groups)
    for group in np.flatnonzero(agents.kind == StaffingKind.HEADS):
        rows = agents.heads_group == group
        times = np.append(np.minimum(agents.heads_time[rows], until), until)
        wanted = int((np.diff(times) * agents.heads_count[rows]).sum())
        if found[group] != wanted:
            break_run(
                log, f"agents {agents.groups[group]!r}: {int(found[group])} ticks signed on, but {wanted} planned"
            )

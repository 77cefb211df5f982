"""What only the whole scenario can tell: queues that nobody serves, hours without heads, doors that never open.

Serving the waiting after closing needs no heads of its own: who is still signed on serves them, and if nobody is, they
wait on like any other caller (the coverage report counts such closings). Some centres plan so: it is no error.
"""

from __future__ import annotations

import numpy as np

from callsim.codes import IfClosed
from callsim.scenario.resolving.calendar import gaps, total
from callsim.scenario.resolving.presence import both, openings_of, staffed_spans, transfer_hours
from callsim.scenario.resolving.resolved import Resolved

__all__ = ["check_whole"]


def check_whole(resolved: Resolved) -> None:
    """Note every problem that only the whole scenario shows in the context of ``resolved``."""
    for q in range(resolved.plan.n_queues):
        if resolved.comes[:, q].any():
            _check_served(resolved, q)
    _check_transfers(resolved)
    if resolved.context.scenario.cases:
        from callsim.scenario.resolving.case_checks import check_cases

        check_cases(resolved)
    _check_lines(resolved)


def _check_served(resolved: Resolved, q: int) -> None:
    context, agents = resolved.context, resolved.plan.agents
    name = context.queues[q]
    queue = context.scenario.queues[name]
    if not (agents.level[:, q] > 0).any():
        context.problem(
            ("queues", name),
            "a queue that nobody answers",
            f"callers can come to {name!r}, so a group must answer it",
            f"write it under `answers` of one of {', '.join(context.groups)}",
            key=True,
        )
        return
    opened, present = openings_of(resolved, q), staffed_spans(resolved, q)
    holes = gaps(opened, present)
    if not holes or queue.unstaffed:
        return
    from callsim.scenario.telling.span_texts import say_hours, say_spans

    window = (0, context.horizon)
    who = ", ".join(context.groups[g] for g in np.flatnonzero(agents.level[:, q]).tolist())
    context.problem(
        ("queues", name, "open"),
        f"{say_hours(total(holes))} open without heads: {say_spans(context.timeline, holes, window)}",
        f"while {name!r} is open, somebody of {who} must be there, breaks included",
        "add heads, spread the breaks, shorten the hours, or write unstaffed: on purpose",
    )


def _check_transfers(resolved: Resolved) -> None:
    context, rows = resolved.context, resolved.plan.transfers
    for row in np.flatnonzero(rows.share > 0).tolist():
        source, target = (context.queues[int(q)] for q in (rows.source[row], rows.target[row]))
        reason = rows.reasons[int(rows.reason[row])]
        way = ("transfers", reason, source, target)
        if source == target:
            context.problem(way, f"a transfer from {source} to itself", "a transfer goes to another queue")
            continue
        hours = transfer_hours(resolved, row)
        if IfClosed(int(rows.if_closed[row])) in (IfClosed.HOLD, IfClosed.VOICEMAIL) or not hours:
            continue
        if not both(hours, openings_of(resolved, int(rows.target[row]))):
            context.problem(
                way,
                f"a transfer to {target!r}, which is never open when {source!r} answers",
                "a transfer must meet an open door at some time",
                "change the hours, or write if_closed: hold until open",
            )


def _check_lines(resolved: Resolved) -> None:
    if resolved.plan.lines == 0:
        resolved.context.problem(("lines",), "0", "without a line every call gets a busy tone", "write 1 or more")

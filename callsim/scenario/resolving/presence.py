"""When queues are open and staffed, and when a transfer can happen: spans read from what is resolved."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from callsim.plan.plan import NEVER
from callsim.scenario.resolving.calendar import Span, cut, merge
from callsim.scenario.resolving.resolved import Resolved

__all__ = ["both", "openings_of", "staffed_spans", "transfer_hours"]


def openings_of(resolved: Resolved, q: int) -> list[Span]:
    """Return when a queue is open, from 0 to the horizon. [ticks]."""
    queues = resolved.plan.queues
    rows = slice(int(queues.open_offset[q]), int(queues.open_offset[q + 1]))
    spans = list(zip(queues.open_start[rows].tolist(), queues.open_end[rows].tolist(), strict=True))
    return cut(spans, 0, resolved.context.horizon)


def staffed_spans(resolved: Resolved, q: int) -> list[Span]:
    """Return when at least one agent who answers a queue is planned to be at the phone, from 0 to the horizon."""
    found: list[Span] = []
    for g, group in enumerate(resolved.groups):
        if resolved.plan.agents.level[g, q]:
            steps = [*group.presence, (NEVER, 0)]
            found += [(tick, until) for (tick, heads), (until, _) in itertools.pairwise(steps) if heads > 0]
    return cut(merge(found), 0, resolved.context.horizon)


def both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Return the parts that lie in both; sorted and disjoint like the arguments."""
    return [span for start, end in one for span in cut(other, start, end)]


def transfer_hours(resolved: Resolved, row: int) -> list[Span]:
    """Return when a row of transfers can apply: its source is open with heads, inside its hours. [ticks]."""
    rows = resolved.plan.transfers
    source = int(rows.source[row])
    hours = both(openings_of(resolved, source), staffed_spans(resolved, source))
    window = slice(int(rows.during_offset[row]), int(rows.during_offset[row + 1]))
    during = list(zip(rows.during_start[window].tolist(), rows.during_end[window].tolist(), strict=True))
    return both(hours, during) if during else hours

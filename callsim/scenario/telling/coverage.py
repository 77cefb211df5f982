"""Who is really there: advertised, open and staffed hours of each queue, and every transfer into a closed door.

As planned: breaks taken off, absence left out. Looked at over the measured window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from callsim.codes import AtClosing, IfClosed
from callsim.scenario.models import Scenario
from callsim.scenario.resolving.calendar import Span, Timeline, cut, gaps, total
from callsim.scenario.resolving.presence import both, openings_of, staffed_spans, transfer_hours
from callsim.scenario.resolving.resolve import resolve_unchecked
from callsim.scenario.resolving.resolved import Resolved
from callsim.scenario.resolving.transfers import happens
from callsim.scenario.telling.span_texts import say_hours, say_spans

__all__ = ["ClosedDoor", "Coverage", "QueueCoverage", "both", "coverage", "coverage_of", "openings_of", "staffed_spans"]

_IF_CLOSED = {
    IfClosed.KEEP: "the agent keeps the caller",
    IfClosed.DROP: "the call is cut off",
    IfClosed.RETURN: "the caller is sent back",
    IfClosed.VOICEMAIL: "the caller meets the voicemail",
    IfClosed.HOLD: "the caller holds until it opens",
}


@dataclass(frozen=True)
class QueueCoverage:
    """Hours of one queue, as spans inside the measured window. [ticks]"""

    queue: str
    advertised: tuple[Span, ...]
    open: tuple[Span, ...]
    staffed: tuple[Span, ...]
    """Open, and at least one agent who answers the queue is planned to be at the phone."""
    advertised_but_closed: tuple[Span, ...]
    open_without_heads: tuple[Span, ...]
    closings_without_heads: tuple[int, ...]
    """Closings after which nobody is there who could serve the waiting, though the queue says so."""


@dataclass(frozen=True)
class ClosedDoor:
    """A transfer that can meet a closed queue: when, and what then happens."""

    reason: str
    source: str
    target: str
    if_closed: IfClosed
    when: tuple[Span, ...]
    """The source has heads, the reason applies, the target is closed. [ticks]"""
    mistaken: bool = False
    """Some agents think that it is open, and the caller is cut off."""


@dataclass(frozen=True)
class Coverage:
    """The coverage of a scenario; ``str`` of it is the report."""

    queues: tuple[QueueCoverage, ...]
    closed_doors: tuple[ClosedDoor, ...]
    window: Span
    timeline: Timeline

    @property
    def is_complete(self) -> bool:
        """Whether every advertised and every open hour is staffed, and no transfer meets a closed door."""
        holes = any(queue.advertised_but_closed or queue.open_without_heads for queue in self.queues)
        return not holes and not self.closed_doors

    def __str__(self) -> str:
        """Render the report, every hole by weekday and hour."""
        lines = [f"Coverage from {self._at(self.window[0])} to {self._at(self.window[1])}"]
        for queue in self.queues:
            hours = (say_hours(total(spans)) for spans in (queue.advertised, queue.open, queue.staffed))
            lines.append("{}: advertised {}, open {}, staffed {}".format(queue.queue, *hours))
            lines.append(f"  advertised but closed: {self._say(queue.advertised_but_closed)}")
            lines.append(f"  open without heads: {self._say(queue.open_without_heads)}")
            if queue.closings_without_heads:
                number = len(queue.closings_without_heads)
                first = self._at(queue.closings_without_heads[0])
                lines.append(f"  nobody stays to serve who still waits at closing: {number} times, first {first}")
        lines.append("transfers into a closed door:" + ("" if self.closed_doors else " none"))
        for door in self.closed_doors:
            what = _IF_CLOSED[door.if_closed] + (", or cut off by mistake" if door.mistaken else "")
            lines.append(f"  {door.source} to {door.target} ({door.reason}), {what}: {self._say(door.when)}")
        return "\n".join(lines)

    def _say(self, spans: Sequence[Span]) -> str:
        return say_spans(self.timeline, spans, self.window, most=12)

    def _at(self, tick: int) -> str:
        return self.timeline.weekday_and_time(tick)


def coverage(scenario: Scenario) -> Coverage:
    """Return the coverage of a scenario; hours open without heads are no error here.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Coverage

    Raises
    ------
    ScenarioError
        If the scenario cannot be resolved for any other reason.
    """
    return coverage_of(resolve_unchecked(scenario))


def coverage_of(resolved: Resolved) -> Coverage:
    """Return the coverage of a scenario that is resolved already."""
    context = resolved.context
    window = (context.warm_up, context.window_end)
    queues = tuple(_queue_coverage(resolved, q, window) for q in range(len(context.queues)))
    return Coverage(queues, tuple(_closed_doors(resolved, window)), window, context.timeline)


def _queue_coverage(resolved: Resolved, q: int, window: Span) -> QueueCoverage:
    context = resolved.context
    name = context.queues[q]
    queue = context.scenario.queues[name]
    opened, present = openings_of(resolved, q), staffed_spans(resolved, q)
    advertised = opened
    if queue.advertised is not None:
        promised = [window] if queue.advertised.always else context.weekly_spans(queue.advertised)
        advertised = cut(promised, 0, context.horizon)
    closings = []
    if queue.at_closing.action == AtClosing.SERVE:
        closings = [end for _, end in opened if end < context.horizon and not any(a <= end < b for a, b in present)]
    return QueueCoverage(
        name,
        tuple(cut(advertised, *window)),
        tuple(cut(opened, *window)),
        tuple(cut(both(opened, present), *window)),
        tuple(cut(gaps(advertised, opened), *window)),
        tuple(cut(gaps(opened, present), *window)),
        tuple(tick for tick in closings if window[0] <= tick < window[1]),
    )


def _closed_doors(resolved: Resolved, window: Span) -> list[ClosedDoor]:
    context, rows = resolved.context, resolved.plan.transfers
    found: dict[ClosedDoor, None] = {}  # the rows that one written share became lead through one door
    for row in np.flatnonzero(happens(context, rows)).tolist():
        source, target = int(rows.source[row]), int(rows.target[row])
        when = gaps(transfer_hours(resolved, row), openings_of(resolved, target))
        when = cut(when, *window)
        if when and resolved.comes[rows.streams[row], source].any():
            names = context.queues
            rule = IfClosed(int(rows.if_closed[row]))
            reason = rows.reasons[int(rows.reason[row])]
            mistaken = rule != IfClosed.DROP and bool(rows.mistaken[row])
            found[ClosedDoor(reason, names[source], names[target], rule, tuple(when), mistaken)] = None
    return list(found)

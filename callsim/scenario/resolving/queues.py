"""Departments become the plan's queues: openings in ticks, rules at closed doors, laws of their service."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.codes import AtClosing, WhenClosed
from callsim.plan.plan import NEVER, Queues, Transfers
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.resolving.calendar import Span
from callsim.scenario.resolving.context import Context, Stream, Way, as_factor
from callsim.scenario.resolving.transfers import happens
from callsim.units import MINUTE

if TYPE_CHECKING:
    from callsim.scenario.resolving.volumes import VolumeTable

__all__ = ["opening_times", "reachable", "resolve_queues"]


def opening_times(context: Context, name: str) -> list[Span]:
    """Return when a queue is open; round the clock is (0, NEVER), and the last opening may end after the run."""
    queue = context.scenario.queues[name]
    special: dict[dt.date, Sequence[tuple[int, int]]] = dict.fromkeys(queue.closed_on, ())
    for date, spans in queue.special_days.items():
        special[date] = [(first * MINUTE, (first + length) * MINUTE) for first, length in spans]
    if queue.open.always and not special:
        return [(0, NEVER)]
    for way, what, used in (
        ("open", f"hours of the week ({queue.open.text})", not queue.open.always),
        ("closed_on", "dates", bool(queue.closed_on)),
        ("special_days", "dates", bool(queue.special_days)),
    ):
        if used and not context.needs_calendar(("queues", name, way), what):
            return [(0, NEVER)]
    openings = [span for span in context.weekly_spans(queue.open, special) if span[0] < context.horizon]
    if queue.open.always and openings and openings[-1][1] > context.horizon:
        openings[-1] = (openings[-1][0], NEVER)
    if not openings:
        context.problem(("queues", name, "open"), f"{queue.open.text}", "no opening lies inside the run")
        return [(0, NEVER)]
    return openings


def reachable(context: Context, transfers: Transfers) -> npt.NDArray[np.bool_]:
    """Return bool[stream, queue]: whether callers of a stream can come to a queue, by any road."""
    names, queues = context.queues, list(context.scenario.queues.values())
    found = np.zeros((len(context.streams), len(names)), dtype=bool)
    for s, stream in enumerate(context.streams):
        waiting = [names.index(name) for name in (stream.callers.to, *stream.entrances) if name in names]
        while waiting:
            q = waiting.pop()
            if found[s, q]:
                continue
            found[s, q] = True
            for rule, action in ((queues[q].when_closed, WhenClosed.OVERFLOW), (queues[q].at_closing, AtClosing.MOVE)):
                if rule.action == action and rule.to in names:
                    waiting.append(names.index(rule.to))
            rows = np.flatnonzero((transfers.source == q) & transfers.streams[:, s] & happens(context, transfers))
            waiting += transfers.target[rows].tolist()
    return found


def resolve_queues(context: Context, transfers: Transfers, comes: npt.NDArray[np.bool_]) -> Queues:
    """Return the plan's queues; ``comes`` is bool[stream, queue] of `reachable`. Problems are noted in the context."""
    names, queues = context.queues, list(context.scenario.queues.values())
    openings = [opening_times(context, name) for name in names]
    flat = [(start, end) for spans in openings for start, end in spans]
    admission = [
        end if end == NEVER else max(start, end - queue.last_admission)
        for queue, spans in zip(queues, openings, strict=True)
        for start, end in spans
    ]
    laws = _ServiceLaws(context)
    for s, stream in enumerate(context.streams):
        for q, name in enumerate(names):
            if comes[s, q]:
                laws.fill(s, stream, q, name)
    return Queues(
        names=tuple(names),
        open_offset=np.cumsum([0, *map(len, openings)]).astype(np.int64),
        open_start=np.array([start for start, _ in flat], dtype=np.int64),
        open_end=np.array([end for _, end in flat], dtype=np.int64),
        admit_end=np.array(admission, dtype=np.int64),
        when_closed=np.array([queue.when_closed.action for queue in queues], dtype=np.int8),
        when_closed_to=_targets(context, "when_closed"),
        at_closing=np.array([queue.at_closing.action for queue in queues], dtype=np.int8),
        at_closing_to=_targets(context, "at_closing"),
        limit=np.array([NEVER if queue.limit is None else queue.limit for queue in queues], dtype=np.int64),
        slope=np.array([round(queue.slope * 1000) for queue in queues], dtype=np.int64),
        talk_law=laws.talk,
        after_call_law=laws.after_call,
        scale_row=laws.scale_row,
        scale_offset=np.cumsum([0, *map(len, laws.steps)]).astype(np.int64),
        scale_start=np.array([start for steps in laws.steps for start, _ in steps], dtype=np.int64),
        scale_factor=np.array([factor for steps in laws.steps for _, factor in steps], dtype=np.int64),
        acceptable_wait=np.array([queue.target.within for queue in queues], dtype=np.int64),
        target_share=np.array(
            [math.nan if queue.target.share is None else queue.target.share for queue in queues], dtype=np.float64
        ),
        formula=np.array([queue.target.abandoned.formula for queue in queues], dtype=np.int8),
        short_wait=np.array([queue.target.abandoned.short_wait for queue in queues], dtype=np.int64),
    )


def _targets(context: Context, rule: str) -> np.ndarray:
    """Return int32[queue]: where a rule at closed doors sends callers, -1 for nowhere; rings are problems."""
    names = context.queues
    targets = []
    for name, queue in context.scenario.queues.items():
        to = getattr(queue, rule).to
        if to is not None and to not in names:
            context.problem(("queues", name, rule), repr(to), "there is no such queue")
        targets.append(names.index(to) if to in names else -1)
    _refuse_rings(context, targets, rule)
    return np.array(targets, dtype=np.int32)


def _refuse_rings(context: Context, targets: Sequence[int], rule: str) -> None:
    names, done = context.queues, set[int]()
    for first in range(len(targets)):
        road = [first]
        while targets[road[-1]] >= 0 and targets[road[-1]] not in road:
            road.append(targets[road[-1]])
        if targets[road[-1]] == first and not done & set(road):
            done |= set(road)
            ring = " to ".join([*(names[q] for q in road), names[first]])
            context.problem(("queues", names[first], rule), f"a ring: {ring}", "a caller would go round for ever")


class _ServiceLaws:
    """Talk and after-call laws by stream and queue, with the factors of an interval file."""

    def __init__(self, context: Context) -> None:
        shape = (len(context.streams), len(context.scenario.queues))
        self.context = context
        self.talk = np.full(shape, -1, dtype=np.int32)
        self.after_call = np.full(shape, -1, dtype=np.int32)
        self.scale_row = np.full(shape, -1, dtype=np.int32)
        self.steps: list[list[tuple[int, int]]] = []
        self.row_of: dict[str, int] = {}

    def fill(self, s: int, stream: Stream, q: int, name: str) -> None:
        """Find the laws of one stream at one queue: what the stream says, else what the queue says."""
        talk, way, is_whole = self._talk(stream, name)
        if talk is None:
            self.context.problem(
                ("queues", name),
                f"no talk time, and {stream.name!r} can come here",
                "each queue that callers reach needs `talk` or `handle_time`",
                "write handle_time: exponential mean 5m",
                key=True,
            )
            return
        after, after_way = (None, way) if is_whole else self._after_call(stream, name)
        after_mean = 0.0
        if after is not None:
            self.after_call[s, q] = self.context.written_law(after_way, after)
            after_mean = (1 - after.zero) * after.law.mean
        if not talk.from_volumes:
            self.talk[s, q] = self.context.written_law(way, talk)
            return
        table_name = self._table(stream, name)
        if table_name is None:
            self.context.problem(way, f"{talk.text}", "the volumes file has no handle times for this queue")
            return
        table = self.context.tables[table_name]
        mean = (table.mean_handle_time - after_mean) / (1 - talk.zero)
        if mean <= 0:
            self.context.problem(way, f"a mean of {mean:g} s after after-call work", "the talk must take time")
            return
        self.talk[s, q] = self.context.law(way, talk.with_mean(mean), talk.text, talk.zero)
        self.scale_row[s, q] = self._row(table_name, table)

    def _talk(self, stream: Stream, name: str) -> tuple[WrittenLaw | None, Way, bool]:
        """Return the talk or handle-time law, where it is written, and whether it is the whole handle time."""
        callers, queue = stream.callers, self.context.scenario.queues[name]
        for key in (name, "*"):
            for part, laws in (("handle_time", callers.handle_time), ("talk", callers.talk)):
                if key in laws:
                    return laws[key], (*stream.way, part, *((key,) if key != "*" else ())), part == "handle_time"
        if queue.handle_time is not None:
            return queue.handle_time, ("queues", name, "handle_time"), True
        return queue.talk, ("queues", name, "talk"), False

    def _after_call(self, stream: Stream, name: str) -> tuple[WrittenLaw | None, Way]:
        laws = stream.callers.after_call_work
        for key in (name, "*"):
            if key in laws:
                return laws[key], (*stream.way, "after_call_work", *((key,) if key != "*" else ()))
        return self.context.scenario.queues[name].after_call_work, ("queues", name, "after_call_work")

    def _table(self, stream: Stream, name: str) -> str | None:
        """Return which table of the volumes file gives the handle times of a stream at a queue."""
        own = [stream.table] if stream.callers.to == name else []
        others = [other.table for other in self.context.streams if other.callers.to == name]
        for candidate in (*own, name, *others):
            if candidate is not None and candidate in self.context.tables:
                table = self.context.tables[candidate]
                if not math.isnan(table.mean_handle_time):
                    return candidate
        return None

    def _row(self, name: str, table: VolumeTable) -> int:
        """Return the number of the factors of a table; intervals without a handle time have the mean one."""
        if name not in self.row_of:
            mean = table.mean_handle_time
            factors = [as_factor(1.0 if math.isnan(t) else t / mean) for t in table.handle_time.tolist()]
            steps: list[tuple[int, int]] = []
            for start, factor in zip(table.start.tolist(), factors, strict=True):
                if not steps or steps[-1][1] != factor:
                    steps.append((start, factor))
            self.row_of[name] = len(self.steps)
            self.steps.append(steps)
        return self.row_of[name]

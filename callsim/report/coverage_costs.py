"""What gaps in coverage cost: calls at closed doors, transfers cut off there, waits where nobody is.

Counted replication by replication from plan and log; contacts that arrive in the measured window count. A call meets a
closed door if its queue admits nobody at its arrival. *Until the customer got through* it is from there to his next
answer, up to his next call at a closed door at the most, so that no hour counts twice; who is not answered before the
run ends has no such hours, and is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import IfClosed, Outcome, TransferResult
from callsim.plan.plan import NEVER, SECOND, Plan
from callsim.report.story.ledger import Ledger, ledger
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND
from callsim.scenario.resolving.calendar import Span, cut, merge, total
from callsim.scenario.telling.coverage import Coverage
from callsim.scenario.telling.span_texts import parts_of

__all__ = ["FIGURES", "WEEK", "Gap", "Kind", "costs_of", "gaps_of", "weeks_of"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]
Kind = str
"""``closed``: advertised, but closed. ``unadvertised``: closed at other hours. ``transfer``: passed on into a closed
door. ``unstaffed``: open, and nobody there."""

_HOUR = 3600.0 * SECOND
WEEK = 7 * 86400 * SECOND
"""[ticks]"""
_RESULTS = {
    IfClosed.KEEP: TransferResult.KEPT_TARGET_CLOSED,
    IfClosed.DROP: TransferResult.DROPPED_TARGET_CLOSED,
    IfClosed.RETURN: TransferResult.RETURNED_TARGET_CLOSED,
    IfClosed.VOICEMAIL: TransferResult.VOICEMAIL_TARGET_CLOSED,
    IfClosed.HOLD: TransferResult.HELD_TARGET_CLOSED,
}
_DOOR = {
    "calls": ("count", "calls a week that met the closed door"),
    "customers": ("count", "customers a week who made them"),
    "hours_until_through": ("h", "hours a week that passed until they got through"),
    "not_through": ("count", "customers a week whom nobody answered afterwards: they gave up, or the run ended first"),
}
FIGURES: dict[Kind, dict[str, tuple[str, str]]] = {
    "closed": _DOOR,
    "unadvertised": _DOOR,
    "transfer": {
        "calls": ("count", "calls a week that an agent passed on, or meant to, while the target was closed"),
        "customers": ("count", "customers a week to whom this happened"),
        "cut_off": ("count", "calls a week that were cut off there"),
        "hold_lost": ("h", "hours a week on hold in these cut-off calls before they were cut off"),
        "talk_lost": ("h", "hours a week of talk in these cut-off calls before they were cut off"),
    },
    "unstaffed": {
        "calls": ("count", "calls a week that waited while nobody was there to answer"),
        "customers": ("count", "customers a week who made them"),
        "hours_waited": ("h", "hours a week that they waited in these hours"),
    },
}
"""Kind of gap -> figure -> (unit, definition)."""


@dataclass(frozen=True)
class Gap:
    """A hole in the coverage of the week: equal hours of one or more days."""

    kind: Kind
    queue: str
    """Whose hours they are: the queue that is called, or the target of the transfer."""
    source: str
    """Who passes callers on; "" if it is no transfer."""
    if_closed: IfClosed | None
    """What then becomes of them."""
    hours: str
    """As ``mon-fri 18:00-22:00``; "" for what happens at other hours."""
    length: float
    """Hours a week; 0 for other hours. [h]"""
    spans: tuple[Span, ...]
    """[ticks]"""


def gaps_of(coverage: Coverage, plan: Plan | None = None) -> tuple[Gap, ...]:
    """Return every hole that a coverage report shows, by weekday and hours, and for each door one for other hours.

    Parameters
    ----------
    coverage : Coverage
    plan : Plan, optional
        Of the same scenario, for doors that no planned hour shows: an agent who is late may pass a caller on to a
        department that has closed meanwhile.
    """
    return tuple(_gaps(coverage, plan))


def _gaps(coverage: Coverage, plan: Plan | None) -> Iterator[Gap]:
    weeks = weeks_of(coverage)

    def holes(
        kind: Kind, queue: str, spans: Sequence[Span], source: str = "", rule: IfClosed | None = None
    ) -> list[Gap]:
        parts = parts_of(coverage.timeline, spans, coverage.window)
        return [
            Gap(kind, queue, source, rule, part.text, total(part.spans) / _HOUR / weeks, part.spans) for part in parts
        ]

    for queue in coverage.queues:
        yield from holes("closed", queue.queue, queue.advertised_but_closed)
        yield Gap("unadvertised", queue.queue, "", None, "", 0.0, ())
    doors: dict[tuple[str, str, IfClosed], list[Span]] = {}
    for door in coverage.closed_doors:
        doors.setdefault((door.source, door.target, door.if_closed), []).extend(door.when)
    if plan is not None:
        rows, names = plan.transfers, plan.queues.names
        for row in range(len(rows.share)):
            rule = IfClosed(int(rows.if_closed[row]))
            doors.setdefault((names[int(rows.source[row])], names[int(rows.target[row])], rule), [])
    for (source, target, rule), spans in doors.items():
        yield from holes("transfer", target, merge(spans), source, rule)
        yield Gap("transfer", target, source, rule, "", 0.0, ())
    for queue in coverage.queues:
        yield from holes("unstaffed", queue.queue, queue.open_without_heads)


def weeks_of(coverage: Coverage) -> float:
    """Return the length of the measured window in weeks of the calendar, of which one in spring has 167 hours."""
    timeline, (start, end) = coverage.timeline, coverage.window

    def wall(tick: int) -> float:
        return timeline.day_at(tick) + timeline.week_second(tick) % 86_400 / 86_400

    return (wall(end) - wall(start)) / 7 if timeline.has_calendar else (end - start) / WEEK


def costs_of(plan: Plan, log: RunLog, gaps: Sequence[Gap], weeks: float) -> list[dict[str, float]]:
    """Return what each gap cost in one replication, as figures a week.

    Parameters
    ----------
    plan : Plan
        That was run.
    log : RunLog
    gaps : sequence of Gap
        From `gaps_of`.
    weeks : float
        From `weeks_of`.

    Returns
    -------
    list of dict
        For each gap, a value for each of its `FIGURES`.
    """
    counter = _Counter(plan, ledger(plan, log))
    # What a hole has taken does not belong to other hours any more; these come behind the holes of their door.
    taken_calls, taken_legs = np.zeros(counter.n_contacts, np.bool_), np.zeros(counter.n_legs, np.bool_)
    found = []
    for gap in gaps:
        if gap.kind == "transfer":
            figures = counter.transfers(gap, taken_legs)
        elif gap.kind == "unstaffed":
            figures = counter.unstaffed(gap)
        else:
            figures = counter.doors(gap, taken_calls)
        found.append({name: value / weeks for name, value in figures.items()})
    return found


class _Counter:
    """Counts in one log."""

    def __init__(self, plan: Plan, book: Ledger) -> None:
        self.plan, self.book, self.log = plan, book, book.log
        contacts, legs = self.log.contacts, self.log.legs
        self.n_contacts, self.n_legs = len(contacts["arrived"]), len(legs["contact"])
        self.caller = np.empty(self.n_contacts, np.int64)
        self.caller[book.contact_rows] = np.repeat(np.arange(len(book.callers)), np.diff(book.contact_offset))
        arrived, clock = contacts["arrived"], plan.clock
        self.counts = (arrived >= clock.warm_up) & (arrived < clock.window_end)
        self.outbound = np.isin(contacts["cause"], OUTBOUND)
        self.at_door = ~self.outbound & self._closed(contacts["queue"], arrived)
        self.until_through = self._until_through()

    def _closed(self, queue: Int64, at: Int64) -> Bool:
        """Return whether queues admitted nobody at these instants."""
        closed = np.ones(len(queue), np.bool_)
        queues = self.plan.queues
        for place in range(self.plan.n_queues):
            rows = slice(int(queues.open_offset[place]), int(queues.open_offset[place + 1]))
            mine = np.flatnonzero(queue == place)
            closed[mine] = ~_inside(at[mine], queues.open_start[rows], queues.admit_end[rows])
        return closed

    def _until_through(self) -> Float:
        """Return for each call at a closed door the hours until he got through or called in vain again; NaN: never."""
        order, arrived = self.book.contact_rows, self.log.contacts["arrived"]
        legs = self.log.legs
        answer = np.full(self.n_contacts, NEVER, np.int64)
        heard = legs["outcome"] == Outcome.ANSWERED
        np.minimum.at(answer, legs["contact"][heard], legs["left"][heard])
        answer = answer[order]
        places = np.arange(self.n_contacts)
        answered, doors = np.flatnonzero(answer < NEVER), np.flatnonzero(self.at_door[order])
        through = self._next(answered, answer[answered], np.searchsorted(answered, places, "left"))
        again = self._next(doors, arrived[order][doors], np.searchsorted(doors, places, "right"))
        hours = np.full(self.n_contacts, np.nan)
        known = through < NEVER
        hours[order[known]] = (np.minimum(through, again)[known] - arrived[order[known]]) / _HOUR
        return hours

    def _next(self, places: Int64, instants: Int64, following: Int64) -> Int64:
        """Return the instant of the following place of the same caller, NEVER if there is none."""
        caller = self.caller[self.book.contact_rows]
        found = np.full(self.n_contacts, NEVER, np.int64)
        there = following < len(places)
        there[there] = caller[places[following[there]]] == caller[there]
        found[there] = instants[following[there]]
        return found

    def doors(self, gap: Gap, taken: Bool) -> dict[str, float]:
        """Count calls at a closed door."""
        queue = self.plan.queues.names.index(gap.queue)
        mine = self.counts & self.at_door & (self.log.contacts["queue"] == queue)
        mine &= _in(self.log.contacts["arrived"], gap) if gap.hours else ~taken
        taken |= mine
        hours = self.until_through[mine]
        return {
            "calls": float(mine.sum()),
            "customers": float(len(np.unique(self.caller[mine]))),
            "hours_until_through": float(np.nansum(hours)),
            "not_through": float(len(np.unique(self.caller[mine][np.isnan(hours)]))),
        }

    def transfers(self, gap: Gap, taken: Bool) -> dict[str, float]:
        """Count transfers into a closed door, and what those lost who were cut off."""
        legs, names = self.log.legs, self.plan.queues.names
        assert gap.if_closed is not None
        mine = (legs["queue"] == names.index(gap.source)) & (legs["transfer"] == _RESULTS[gap.if_closed])
        rows = np.flatnonzero(mine)
        mine[rows] = self.plan.transfers.target[legs["transfer_row"][rows]] == names.index(gap.queue)
        mine &= self.counts[legs["contact"]]
        mine &= _in(legs["talk_end"], gap) if gap.hours else ~taken
        taken |= mine
        contact = legs["contact"][mine]
        cut = contact[self.log.contacts["outcome"][contact] == Outcome.DROPPED_BY_TRANSFER]
        cut = cut if gap.if_closed == IfClosed.DROP else cut[:0]
        talk = np.zeros(self.n_contacts, np.int64)
        np.add.at(talk, legs["contact"], self.book.talk)
        return {
            "calls": float(len(contact)),
            "customers": float(len(np.unique(self.caller[contact]))),
            "cut_off": float(len(cut)),
            "hold_lost": float((self.book.phone[cut] - talk[cut]).sum() / _HOUR),
            "talk_lost": float(talk[cut].sum() / _HOUR),
        }

    def unstaffed(self, gap: Gap) -> dict[str, float]:
        """Count calls that waited while nobody was there, and how long they did so."""
        legs = self.log.legs
        queue = self.plan.queues.names.index(gap.queue)
        mine = (legs["queue"] == queue) & self.counts[legs["contact"]] & ~self.outbound[legs["contact"]]
        rows = np.flatnonzero(mine)
        left = np.where(legs["left"][rows] < 0, self.log.end, legs["left"][rows])
        waited = np.zeros(len(rows), np.int64)
        for start, end in gap.spans:
            waited += np.maximum(0, np.minimum(left, end) - np.maximum(legs["entered"][rows], start))
        contact = legs["contact"][rows[waited > 0]]
        return {
            "calls": float(len(np.unique(contact))),
            "customers": float(len(np.unique(self.caller[contact]))),
            "hours_waited": float(waited.sum() / _HOUR),
        }


def _in(at: Int64, gap: Gap) -> Bool:
    spans = sorted(cut(gap.spans, -NEVER, NEVER))
    return _inside(at, np.array([a for a, _ in spans], np.int64), np.array([b for _, b in spans], np.int64))


def _inside(at: Int64, starts: Int64, ends: Int64) -> Bool:
    """Return which instants lie in half-open spans, which are sorted and apart."""
    if not len(starts):
        return np.zeros(len(at), np.bool_)
    place = np.searchsorted(starts, at, "right") - 1
    inside: Bool = (place >= 0) & (at < ends[place])
    return inside

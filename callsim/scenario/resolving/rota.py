"""Who works when: shifts become duties, duties get people in turn, breaks are staggered.

A shift belongs to the day on which it begins and lasts as long as it says by the watch. Everything here is
deterministic: the same shifts give the same people the same breaks in every run and every variant.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.scenario.resolving.calendar import Timeline
from callsim.units import DAY, MINUTE

__all__ = [
    "Break",
    "BreakRule",
    "Duty",
    "MeetingRule",
    "RotaProblem",
    "ShiftRule",
    "TooFewPersons",
    "assign",
    "duties",
    "present",
    "stagger",
]

_GRID = MINUTE
"""Absences are counted by the minute when breaks are spread."""

Break = tuple[int, int]
"""(start after the duty's start, length) in ticks."""


@dataclass(frozen=True)
class BreakRule:
    """A break of one head: ``length`` long, wholly between two times after the shift's start (in ticks)."""

    length: int
    earliest: int
    latest: int


@dataclass(frozen=True)
class MeetingRule:
    """A meeting on some weekdays, in rounds of ``at_once`` heads (0: everybody together), between two wall times."""

    weekdays: frozenset[int]
    begin: int
    end: int
    length: int
    at_once: int = 0


@dataclass(frozen=True)
class ShiftRule:
    """A shift: how many heads begin on which weekday, when (wall time), for how long, with which breaks."""

    name: str
    heads: Mapping[int, int]
    begin: int
    length: int
    breaks: tuple[BreakRule, ...] = ()
    meeting: MeetingRule | None = None


@dataclass(frozen=True)
class Duty:
    """One head of one shift on one day."""

    start: int
    end: int
    shift: int
    day: int
    position: int
    breaks: tuple[Break, ...]


@dataclass(frozen=True)
class RotaProblem:
    """A break or meeting that does not fit, told of the first head that it fails for."""

    shift: str
    part: str
    """"breaks" or "meeting"."""
    text: str
    advice: str


class TooFewPersons(Exception):
    """More heads at one time than persons; ``needed`` is the highest number on duty at once, reached at ``tick``."""

    def __init__(self, needed: int, tick: int) -> None:
        super().__init__(needed, tick)
        self.needed, self.tick = needed, tick


_Request = tuple[int, int, tuple[BreakRule, ...], "tuple[int, int, int, int] | None"]


def duties(
    timeline: Timeline,
    shifts: Sequence[ShiftRule],
    horizon: int,
    days_off: frozenset[dt.date] = frozenset(),
) -> tuple[list[Duty], list[RotaProblem]]:
    """Return the duties that touch [0, horizon), sorted by (start, shift, position), and what did not fit.

    Parameters
    ----------
    timeline : Timeline
    shifts : sequence of ShiftRule
    horizon : int
        [ticks]
    days_off : frozenset of datetime.date, optional
        Days on which no shift begins.

    Returns
    -------
    list of Duty, list of RotaProblem
    """
    longest = max((shift.begin + shift.length for shift in shifts), default=0)
    first = timeline.day_at(0) - 1 - longest // DAY
    found: list[Duty] = []
    problems: dict[tuple[str, str], RotaProblem] = {}
    patterns: dict[tuple[_Request, ...], list[list[tuple[Break, ...]]]] = {}
    for day in range(first, timeline.day_at(horizon - 1) + 1):
        if timeline.has_calendar and timeline.date(day) in days_off:
            continue
        working = [i for i, shift in enumerate(shifts) if shift.heads.get(timeline.weekday(day), 0)]
        starts = {i: timeline.instant(day, shifts[i].begin) for i in working}
        working = [i for i in working if starts[i] < horizon and starts[i] + shifts[i].length > 0]
        if not working:
            continue
        origin = min(starts[i] for i in working)
        requests = tuple(_request(timeline, shifts[i], day, starts[i], origin) for i in working)
        if requests not in patterns:
            patterns[requests] = _stagger_day([shifts[i].name for i in working], requests, problems)
        for i, breaks in zip(working, patterns[requests], strict=True):
            begin, end = starts[i], starts[i] + shifts[i].length
            found.extend(Duty(begin, end, i, day, position, own) for position, own in enumerate(breaks))
    found.sort(key=lambda duty: (duty.start, duty.shift, duty.position))
    return found, list(problems.values())


def _request(timeline: Timeline, shift: ShiftRule, day: int, start: int, origin: int) -> _Request:
    weekday = timeline.weekday(day)
    meeting = None
    if shift.meeting is not None and weekday in shift.meeting.weekdays:
        rule = shift.meeting
        begin = timeline.instant(day, rule.begin) - start
        end = timeline.instant(day, rule.end) - start
        meeting = (begin, min(end, shift.length), rule.length, rule.at_once)
    return (start - origin, shift.heads[weekday], shift.breaks, meeting)


def stagger(heads: int, breaks: Sequence[BreakRule]) -> list[tuple[Break, ...]]:
    """Return the breaks of each head of one shift, spread so that as few as possible are away at once.

    Each break has as many slots as fit its window one behind the other; a head takes the slot in which the fewest of
    his group are away, the earliest of those.

    Raises
    ------
    ValueError
        If a head's breaks do not fit.
    """
    problems: dict[tuple[str, str], RotaProblem] = {}
    result = _stagger_day([""], ((0, heads, tuple(breaks), None),), problems)
    if problems:
        raise ValueError("; ".join(problem.text for problem in problems.values()))
    return result[0]


def _stagger_day(
    names: Sequence[str], requests: tuple[_Request, ...], problems: dict[tuple[str, str], RotaProblem]
) -> list[list[tuple[Break, ...]]]:
    """Place the meetings and breaks of all shifts of a group that begin on one day."""
    reach = max(start + _reach(breaks, meeting) for start, _, breaks, meeting in requests)
    away = np.zeros(reach // _GRID + 2, dtype=np.int32)
    placed: list[list[list[Break]]] = []
    for name, (start, heads, _, meeting) in zip(names, requests, strict=True):
        own = [_meeting_of(position, heads, meeting) for position in range(heads)]
        if any(attended is None for attended in own):
            problems.setdefault((name, "meeting"), RotaProblem(name, "meeting", *_meeting_texts(heads, meeting)))
        attended = [[meeting_slot] if meeting_slot else [] for meeting_slot in own]
        placed.append(attended)
        for slot in itertools.chain.from_iterable(attended):
            _count(away, start, slot)
    deepest = max(len(breaks) for _, _, breaks, _ in requests)
    for number in range(deepest):
        for name, (start, heads, breaks, _), rows in zip(names, requests, placed, strict=True):
            if number >= len(breaks):
                continue
            for position in range(heads):
                best = _best_slot(away, start, breaks[number], rows[position])
                if best is None:
                    text = f"break {number + 1} of {len(breaks)} has no room beside the others in its window"
                    problems.setdefault((name, "breaks"), RotaProblem(name, "breaks", text, "widen `between`"))
                    continue
                rows[position].append(best)
                _count(away, start, best)
    return [[tuple(sorted(own)) for own in rows] for rows in placed]


def _reach(breaks: tuple[BreakRule, ...], meeting: tuple[int, int, int, int] | None) -> int:
    """How far into the shift absences can lie."""
    ends = [rule.latest for rule in breaks]
    if meeting is not None:
        ends.append(max(meeting[1], 0))
    return max(ends, default=0)


def _meeting_of(position: int, heads: int, meeting: tuple[int, int, int, int] | None) -> Break | tuple[()] | None:
    """Return the meeting of a head: () if there is none, ``None`` if it does not fit its window."""
    if meeting is None:
        return ()
    begin, end, length, at_once = meeting
    start = begin + position // (at_once or heads) * length
    return (start, length) if start >= 0 and start + length <= end else None


def _meeting_texts(heads: int, meeting: tuple[int, int, int, int] | None) -> tuple[str, str]:
    """Return what does not fit, and what would."""
    assert meeting is not None
    begin, end, length, at_once = meeting
    rounds = -(-heads // (at_once or heads))
    room = max(0, (end - begin) // length) if begin >= 0 else 0
    found = f"{heads} heads need {rounds} rounds of the meeting, and its window inside the shift has room for {room}"
    return found, f"write at_once: {-(-heads // room)}, or widen `between`" if room else "move `between` into the shift"


def _best_slot(away: npt.NDArray[np.int32], start: int, rule: BreakRule, taken: Sequence[Break]) -> Break | None:
    """Return the slot in which the fewest are away and this head is not; else right behind one of his other breaks."""
    room = rule.latest - rule.earliest
    slots = room // rule.length
    step = (room - rule.length) // (slots - 1) if slots > 1 else 0
    candidates = [rule.earliest + i * step for i in range(slots)]
    free = [at for at in candidates if _is_free(at, rule.length, taken)]
    if not free:
        behind = sorted(begin + length for begin, length in taken)
        free = [at for at in behind if rule.earliest <= at <= rule.latest - rule.length]
        free = [at for at in free if _is_free(at, rule.length, taken)]
    if not free:
        return None
    crowd = [int(away[(start + at) // _GRID : -(-(start + at + rule.length) // _GRID)].max()) for at in free]
    return free[crowd.index(min(crowd))], rule.length


def _is_free(at: int, length: int, taken: Sequence[Break]) -> bool:
    return all(at + length <= begin or at >= begin + other for begin, other in taken)


def _count(away: npt.NDArray[np.int32], start: int, slot: Break) -> None:
    away[(start + slot[0]) // _GRID : -(-(start + slot[0] + slot[1]) // _GRID)] += 1


def assign(found: Sequence[Duty], persons: int | None) -> tuple[list[int], int]:
    """Give each duty a person, in turn: the one who has not been called for the longest time and is free.

    Parameters
    ----------
    found : sequence of Duty
        Sorted by start.
    persons : int or None
        People of the group; ``None``: as many as are ever needed at once.

    Returns
    -------
    list of int
        [duty] Person, 0-based.
    int
        Number of persons.

    Raises
    ------
    TooFewPersons
        If more heads are on duty at once than there are persons.
    """
    busy: list[tuple[int, int]] = []
    peak, peak_at = 0, 0
    for duty in found:
        while busy and busy[0][0] <= duty.start:
            heapq.heappop(busy)
        heapq.heappush(busy, (duty.end, 0))
        if len(busy) > peak:
            peak, peak_at = len(busy), duty.start
    number = peak if persons is None else persons
    if number < peak:
        raise TooFewPersons(peak, peak_at)
    free = [(turn - number, turn) for turn in range(number)]
    busy, chosen, last = [], [], [0] * number
    for turn, duty in enumerate(found):
        while busy and busy[0][0] <= duty.start:
            person = heapq.heappop(busy)[1]
            heapq.heappush(free, (last[person], person))
        person = heapq.heappop(free)[1]
        last[person] = turn
        heapq.heappush(busy, (duty.end, person))
        chosen.append(person)
    return chosen, number


def present(found: Sequence[Duty]) -> list[tuple[int, int]]:
    """Return the head-count on duty and not on a break, as planned: (tick, heads from here on), in time order."""
    changes: dict[int, int] = {}
    for duty in found:
        changes[duty.start] = changes.get(duty.start, 0) + 1
        changes[duty.end] = changes.get(duty.end, 0) - 1
        for begin, length in duty.breaks:
            away, back = duty.start + begin, duty.start + begin + length
            changes[away] = changes.get(away, 0) - 1
            changes[back] = changes.get(back, 0) + 1
    steps, heads = [], 0
    for tick in sorted(changes):
        if changes[tick]:
            heads += changes[tick]
            steps.append((tick, heads))
    return steps

"""What the picture of a story shows, as numbers and texts: a row a day, hours across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from callsim.codes import Outcome
from callsim.plan.plan import SECOND
from callsim.report.story.entries import Call, Entry
from callsim.report.story.sentences import Words
from callsim.scenario.resolving.calendar import Span, cut, gaps

if TYPE_CHECKING:
    from callsim.report.story.value import Story

__all__ = ["Bar", "DayRow", "Mark", "StoryPicture", "story_picture_data"]

_HOUR = 3600 * SECOND
_ALL_DAYS = 10
"""Up to so many days each has its row; of more, those without anything are left out."""
_EVENTS = {"promise_broken": "broken", "promise_kept": "kept", "complained": "complained", "solved": "solved"}
_EVENTS |= {"gave_up": "gave_up"}
Hours = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Bar:
    """A stretch of time on the phone within a day. [h]"""

    row: int
    start: float
    end: float
    kind: str
    """hold, dialling, talk, or provider: a talk in a call that the provider made."""


@dataclass(frozen=True)
class Mark:
    """An instant. [h]"""

    row: int
    hour: float
    kind: str
    """in_vain, abandoned, cut_off, broken, kept, complained, solved or gave_up."""


@dataclass(frozen=True)
class DayRow:
    """One day."""

    label: str
    so_far: str
    """What it had come to by the end of the day; "" if nothing happened."""
    asleep: Hours
    closed: tuple[Hours, ...]
    """[department]"""
    begins: float = 0.0
    """The problem begins at this hour of this day; 0: earlier. [h]"""
    ends: float = 24.0
    """The story ends at this hour. [h]"""
    skipped: int = 0
    """So many days without anything before this one are left out."""


@dataclass(frozen=True)
class StoryPicture:
    """The values of the picture."""

    title: str
    text: str
    alt: str
    axis: str
    departments: tuple[str, ...]
    rows: tuple[DayRow, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    numbers: tuple[tuple[int, float, str], ...]
    """(row, hour, number) of each call of his."""


def story_picture_data(story: Story) -> StoryPicture:
    """Return what the picture of a story shows."""
    return _Days(story).picture()


class _Days:
    """Puts spans and instants into the rows of their days."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.words: Words = story.words
        self.timeline = self.words.timeline
        first, last = self.timeline.day_at(story.begun), self.timeline.day_at(story.closed)
        busy = {first, last}
        for entry in story.entries:
            end = entry.at if entry.call is None else max(entry.at, entry.call.ended - 1)
            busy.update(range(self.timeline.day_at(entry.at), self.timeline.day_at(end) + 1))
        self.days = sorted(busy) if last - first >= _ALL_DAYS else list(range(first, last + 1))
        self.row = {day: row for row, day in enumerate(self.days)}

    def picture(self) -> StoryPicture:
        story, texts = self.story, self.words.texts.picture
        head = story.heading()
        departments = self._departments()
        calls = [(entry, entry.call) for entry in story.entries if entry.call is not None]
        strips = str(texts["strips"]).format(departments=", ".join(departments))
        return StoryPicture(
            title=head[0],
            text=f"{head[1]} {strips}" if departments else head[1],
            alt=f"{' '.join(head[:2])} {strips}",
            axis=str(texts["axis" if self.timeline.has_calendar else "axis_undated"]),
            departments=departments,
            rows=tuple(self._row(place, day, departments) for place, day in enumerate(self.days)),
            bars=tuple(bar for entry, call in calls for bar in self._bars(entry.at, call)),
            marks=tuple(mark for entry in story.entries for mark in self._marks(entry)),
            numbers=tuple((*self._place(entry.at), str(call.number)) for entry, call in calls if not call.outbound),
        )

    def _departments(self) -> tuple[str, ...]:
        """Return the departments that he called or was to be passed on to, in the plan's order."""
        named = set()
        for entry in self.story.entries:
            if entry.call is not None:
                named.add(entry.call.queue)
                named.update(visit.queue for visit in entry.call.visits)
                named.update(visit.target for visit in entry.call.visits if visit.target)
        return tuple(name for name in self.story.plan.queues.names if name in named)

    def _row(self, place: int, day: int, departments: tuple[str, ...]) -> DayRow:
        story, texts = self.story, self.words.texts
        begin, end = self.timeline.midnight(day), self.timeline.midnight(day + 1)
        if self.timeline.has_calendar:
            date = self.timeline.date(day)
            weekday, month = texts.weekdays[date.weekday()], texts.months[date.month - 1]
            label = str(texts.picture["day"]).format(weekday=weekday, day=date.day, month=month)
        else:
            label = str(texts.picture["undated"]).format(day=day + 1)
        today = [entry for entry in story.entries if begin <= entry.at < end and entry.call is not None]
        so_far = ""
        if today:
            total = today[-1].totals
            calls = texts.counted(texts.totals["calls"], total.calls)
            so_far = str(texts.picture["so_far"]).format(calls=calls, phone=self.words.lasting(total.phone))
        return DayRow(
            label=label,
            so_far=so_far,
            asleep=self._hours(day, self._asleep()),
            closed=tuple(self._hours(day, self._closed(name)) for name in departments),
            begins=self._place(story.begun)[1] if day == self.days[0] else 0.0,
            ends=self._place(story.closed)[1] if day == self.days[-1] else 24.0,
            skipped=day - self.days[place - 1] - 1 if place else 0,
        )

    def _whole(self) -> Span:
        return self.timeline.midnight(self.days[0]), self.timeline.midnight(self.days[-1] + 1)

    def _asleep(self) -> list[Span]:
        cases = self.story.plan.cases
        kinds = [self.story.plan.streams.names[stream] for stream in cases.stream.tolist()]
        name = self.story.id.rsplit("/", 2)[0]
        if name not in kinds or len(cases.awake_offset) <= kinds.index(name) + 1:
            return []
        kind = kinds.index(name)
        rows = slice(int(cases.awake_offset[kind]), int(cases.awake_offset[kind + 1]))
        awake = list(zip(cases.awake_start[rows].tolist(), cases.awake_end[rows].tolist(), strict=True))
        story = (self.story.begun, self.story.closed)
        return gaps([story], awake) if awake and story[0] < story[1] else []

    def _closed(self, name: str) -> list[Span]:
        queues = self.story.plan.queues
        place = queues.names.index(name)
        rows = slice(int(queues.open_offset[place]), int(queues.open_offset[place + 1]))
        opened = list(zip(queues.open_start[rows].tolist(), queues.admit_end[rows].tolist(), strict=True))
        # Beyond the run nothing is known.
        return cut(gaps([self._whole()], opened), 0, self.story.plan.clock.horizon)

    def _bars(self, at: int, call: Call) -> list[Bar]:
        found = []
        for visit in call.visits:
            if not call.outbound:
                found += self._bar(at, at + visit.waited, "hold")
            at += visit.waited
            found += self._bar(at, at + visit.talked, "provider" if call.outbound else "talk")
            at += visit.talked
            if visit.target and at < call.ended and not call.outbound:
                dialling = min(self._dialling(visit.queue, visit.target), call.ended - at)
                found += self._bar(at, at + dialling, "dialling")
                at += dialling
        return found

    def _dialling(self, source: str, target: str) -> int:
        """Return how long a transfer from one department to another is dialled. [ticks]"""
        transfers, names = self.story.plan.transfers, self.story.plan.queues.names
        here = (transfers.source == names.index(source)) & (transfers.target == names.index(target))
        return int(transfers.dialling[here].max()) if here.any() else 0

    def _bar(self, start: int, end: int, kind: str) -> list[Bar]:
        found = []
        for day in range(self.timeline.day_at(start), self.timeline.day_at(max(start, end - 1)) + 1):
            hours = self._hours(day, [(start, end)])
            found += [Bar(self.row[day], first, last, kind) for first, last in hours]
        return found

    def _marks(self, entry: Entry) -> list[Mark]:
        call = entry.call
        if call is None:
            kind = _EVENTS.get(entry.kind)
            return [Mark(*self._place(entry.at), kind)] if kind else []
        found = []
        if not call.visits and call.outcome != Outcome.UNFINISHED:
            found.append(Mark(*self._place(entry.at), "in_vain"))
        elif call.outcome == Outcome.ABANDONED:
            found.append(Mark(*self._end(entry.at, call), "abandoned"))
        elif call.outcome in (Outcome.DROPPED_BY_TRANSFER, Outcome.DROPPED_AT_CLOSING):
            found.append(Mark(*self._end(entry.at, call), "cut_off"))
        if call.kept is not None:
            found.append(Mark(*self._end(entry.at, call), "kept"))
        return found

    def _end(self, at: int, call: Call) -> tuple[int, float]:
        """Return the row and the hour of a hanging-up; one at midnight belongs to the day before, if it began there."""
        day = self.timeline.day_at(max(at, call.ended - 1))
        return self.row[day], self._hour(day, call.ended)

    def _place(self, tick: int) -> tuple[int, float]:
        """Return the row and the hour of an instant; the end of the run may fall on midnight."""
        day = self.timeline.day_at(tick)
        return self.row[day], self._hour(day, tick)

    def _hour(self, day: int, tick: int) -> float:
        """Return the local hour of an instant of a day, 24 at its end."""
        if tick >= self.timeline.midnight(day + 1):
            return 24.0
        return self.timeline.week_second(tick) % 86_400 / 3600

    def _hours(self, day: int, spans: list[Span]) -> Hours:
        begin, end = self.timeline.midnight(day), self.timeline.midnight(day + 1)
        return tuple((self._hour(day, a), self._hour(day, b)) for a, b in cut(spans, begin, end))

"""Entries as dated sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from callsim.codes import CaseEvent, Outcome, TransferResult
from callsim.plan.plan import SECOND, Clock
from callsim.report.story.entries import Call, Entry, Totals, Visit
from callsim.report.story.texts import StoryTexts, story_texts_in
from callsim.scenario.resolving.calendar import Timeline

__all__ = ["Words", "timeline_of"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN = ("calls", "from_provider", "employees")
_SHOWN_IF_ANY = ("in_vain", "cut_off", "promises_kept", "promises_broken")


def timeline_of(clock: Clock) -> Timeline:
    """Return the calendar of a plan."""
    if not clock.start:
        return Timeline()
    return Timeline(dt.datetime.fromisoformat(clock.start).replace(tzinfo=None), clock.time_zone)


class Words:
    """Says what happened, in one language.

    Parameters
    ----------
    clock : Clock
        Of the plan: its calendar.
    pieces : int
        Of work that the case needs.
    language : str
    """

    def __init__(self, clock: Clock, pieces: int = 0, language: str = "en") -> None:
        self.texts: StoryTexts = story_texts_in(language)
        self.timeline = timeline_of(clock)
        self.pieces = pieces

    # --- times ---------------------------------------------------------------------------------------

    def when(self, tick: int) -> str:
        """Return the local day and time of an instant."""
        second = self.timeline.week_second(tick) % _DAY
        clock = f"{second // _HOUR:02d}:{second // _MINUTE % 60:02d}"
        day = self.timeline.day_at(tick)
        if not self.timeline.has_calendar:
            return self.texts.undated.format(day=day + 1, clock=clock)
        date = self.timeline.date(day)
        weekday, month = self.texts.weekdays[date.weekday()], self.texts.months[date.month - 1]
        return self.texts.moment.format(weekday=weekday, day=date.day, month=month, clock=clock)

    def lasting(self, ticks: int) -> str:
        """Return a length of time: seconds below a minute, minutes below an hour."""
        seconds = round(ticks / SECOND)
        if seconds < _MINUTE:
            return self.texts.seconds.format(seconds=seconds)
        minutes = round(ticks / SECOND / _MINUTE)
        if minutes < 60:
            return self.texts.minutes.format(minutes=minutes)
        return self.texts.hours.format(hours=minutes // 60, minutes=minutes % 60)

    def age(self, ticks: int) -> str:
        """Return an age: hours, and from two days on days as well."""
        hours, days = round(ticks / SECOND / _HOUR), round(ticks / SECOND / _DAY, 1)
        if days < 2:
            return self.lasting(ticks)
        return self.texts.days.format(hours=hours, days=self.texts.more_days.format(days=f"{days:g}"))

    # --- entries -------------------------------------------------------------------------------------

    def sentence(self, entry: Entry) -> str:
        """Return what happened as one sentence with its date."""
        if entry.call is not None:
            return self._call(entry, entry.call)
        if entry.kind == "open":
            what = self.texts.open.format(age=self.age(entry.age))
            if entry.value:
                what += self.texts.with_regulator
            elif entry.promise is not None:
                what += self.texts.still_promised.format(due=self.when(entry.promise.due))
        else:
            by_regulator = entry.kind == CaseEvent.SOLVED.name.lower() and entry.value
            text = self.texts.events["solved_regulator" if by_regulator else entry.kind]
            made = {"employee": "", "made": ""}
            if entry.promise is not None:
                made = {"employee": entry.promise.employee, "made": self.when(entry.promise.made)}
            what = text.format(age=self.age(entry.age), done=entry.pieces_done, pieces=self.pieces, **made)
        return self.texts.event.format(when=self.when(entry.at), what=what)

    def so_far(self, totals: Totals) -> str:
        """Return the totals as a sentence."""
        return self.texts.so_far.format(totals=self.totals(totals))

    def totals(self, totals: Totals) -> str:
        """Return the totals: calls, employees, time on the phone and on hold, and what went wrong."""
        forms, parts = self.texts.totals, []
        for name in _SHOWN:
            if getattr(totals, name) or name == "calls":
                parts.append(self.texts.counted(forms[name], getattr(totals, name)))
        for name in ("phone", "hold"):
            if (time := getattr(totals, name)) >= SECOND // 2:
                parts.append(str(forms[name]).format(time=self.lasting(time)))
        for name in _SHOWN_IF_ANY:
            if getattr(totals, name):
                parts.append(self.texts.counted(forms[name], getattr(totals, name)))
        return ", ".join(parts)

    # --- calls ---------------------------------------------------------------------------------------

    def _call(self, entry: Entry, call: Call) -> str:
        form = self.texts.provider_call if call.outbound else self.texts.call
        cause = self.texts.causes[call.cause.name]
        parts = self.texts.joint.join(self._parts(call))
        return form.format(number=call.number, when=self.when(entry.at), cause=cause, parts=parts)

    def _parts(self, call: Call) -> Iterator[str]:
        if not call.visits:
            text = self.texts.in_vain[call.outcome.name].format(queue=call.queue)
            yield text + (self.texts.in_vain["believed_open"] if call.believed_open else "")
        for visit in call.visits:
            yield from self._visit(call, visit)
        if call.promise_due is not None:
            yield self.texts.promised.format(due=self.when(call.promise_due))
        if call.kept is not None:
            form = self.texts.kept_late if call.kept.fate == "late" else self.texts.kept
            yield form.format(made=self.when(call.kept.made))
        if call.closed_unsolved:
            yield self.texts.closed_unsolved
        if call.learned_hours:
            yield self.texts.learned_hours

    def _visit(self, call: Call, visit: Visit) -> Iterator[str]:
        hold, texts = self.lasting(visit.waited), self.texts
        if visit.outcome != Outcome.ANSWERED:
            form = {
                Outcome.ABANDONED: texts.hung_up,
                Outcome.DROPPED_AT_CLOSING: texts.closed_on,
                Outcome.MOVED: texts.moved_on,
            }.get(visit.outcome, texts.waits_for_agent if call.outbound else texts.still_holding)
            yield form.format(hold=hold, queue=visit.queue, when=self.when(call.ended))
            return
        if call.outbound:
            yield texts.provider_talk.format(
                employee=visit.employee, queue=visit.queue, talk=self.lasting(visit.talked)
            )
        else:
            form = texts.held if visit.waited >= SECOND // 2 else texts.at_once
            yield form.format(hold=hold, queue=visit.queue)
            form = texts.still_talking if visit.still_talking else texts.talked
            yield form.format(talk=self.lasting(visit.talked), employee=visit.employee, notes=self._notes(visit))
        if visit.pieces:
            yield texts.owned.format(done=visit.pieces_done, pieces=self.pieces)
        if visit.escalation == CaseEvent.ESCALATION_REFUSED:
            yield texts.refused
        arrives = visit.transfer == TransferResult.TRANSFERRED
        if visit.escalation == CaseEvent.ESCALATED:
            yield (texts.escalated if arrives else texts.granted).format(target=visit.target)
        if visit.target and not (visit.escalation == CaseEvent.ESCALATED and arrives):
            yield texts.transfers[visit.transfer.name].format(target=visit.target)

    def _notes(self, visit: Visit) -> str:
        if visit.explained is None:
            return self.texts.saw_notes if visit.saw_notes else ""
        if visit.explained == 1:
            return self.texts.explained_first
        return self.texts.explained_again.format(ordinal=self.texts.nth(visit.explained))

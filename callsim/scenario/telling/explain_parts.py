"""Callers, queues, agents and transfers in plain words, with every default; `explain` puts them together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from enum import IntEnum

import numpy as np

from callsim.codes import StaffingKind
from callsim.plan.plan import SURE
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.models import TransferReason
from callsim.scenario.resolving.agents import GroupPlan
from callsim.scenario.resolving.context import NO_LIMIT, Stream
from callsim.scenario.resolving.loads import fresh_calls
from callsim.scenario.resolving.resolved import Resolved
from callsim.units import SECOND, format_clock, format_days, format_duration, format_number, format_share

__all__ = [
    "say_agents",
    "say_callers",
    "say_count",
    "say_duration",
    "say_law",
    "say_line",
    "say_queues",
    "say_transfers",
]

_OUTCOMES = (
    ("abandoned", "hanging up in the queue"),
    ("busy", "a busy tone"),
    ("balked", "hanging up on hearing of a wait"),
    ("closed", "the closed announcement"),
    ("cut_off", "being cut off"),
    ("unsolved", "an answered call that did not solve it"),
)
_PATIENCE = {
    "fresh": "drawn anew for each call",
    "same person": "drawn once for each caller",
    "multiplied by attempt": "drawn anew for each call",
}


def say_count(number: float) -> str:
    """Return a count with thousands separated; one decimal below 100 if it has one."""
    return f"{number:,.0f}" if number >= 100 or float(number).is_integer() else f"{number:.1f}"


def say_line(resolved: Resolved, label: str, text: str, *way: str) -> str:
    """Return one line of the explanation; what is not written is marked as a default."""
    default = "" if resolved.context.scenario.source.has(*way) else "  (default)"
    return f"    {label}: {text}{default}"


def say_callers(resolved: Resolved) -> Iterator[str]:
    """Yield the lines on the streams of callers."""
    for s, stream in enumerate(resolved.context.streams):
        if stream.kind is not None:
            continue
        callers, way = stream.callers, _stream_way(resolved, stream)
        clock = resolved.plan.clock
        calls = fresh_calls(resolved.plan, s, clock.warm_up, clock.window_end)
        yield f"  {stream.name}"
        text = f"{say_count(calls)} fresh calls expected while measured{_calls_source(resolved, stream)}"
        yield say_line(resolved, "calls", text, *way, "calls")
        yield say_line(resolved, "times", f"{format_number(callers.times)} times the volume", *way, "times")
        yield say_line(resolved, "day factor", _day_factor(resolved, s), *_day_factor_way(resolved, stream, way))
        yield say_line(resolved, "to", callers.to, *way, "to")
        yield say_line(resolved, "priority", f"{callers.priority} (1 is served first)", *way, "priority")
        yield say_line(resolved, "credit", format_duration(callers.credit), *way, "credit")
        yield say_line(resolved, "patience", _patience(resolved, s), *way, "patience")
        yield say_line(resolved, "hangs up at once", format_share(callers.hangs_up_at_once), *way, "hangs_up_at_once")
        yield say_line(resolved, "balks", format_share(callers.balks), *way, "balks")
        yield from _calls_again(resolved, stream, way)
        for part in ("talk", "after_call_work", "handle_time"):
            for queue, law in getattr(callers, part).items():
                where = "everywhere" if queue == "*" else f"at {queue}"
                yield f"    {part.replace('_', ' ')} {where}: {law.text}"


def _stream_way(resolved: Resolved, stream: Stream) -> tuple[str, ...]:
    """Return the path under which a stream's values are written; those from the volumes file have the defaults'."""
    if stream.way[0] == "volumes":
        return ("callers: defaults",)
    return ("callers", stream.name)


def _calls_source(resolved: Resolved, stream: Stream) -> str:
    calls = stream.callers.calls
    volumes = resolved.context.scenario.volumes
    if calls.recorded is not None:
        return f", replayed from {calls.recorded.name}"
    if stream.table is None or volumes is None:
        return ""
    share = resolved.plan.notes.get("fresh_share", {}).get(stream.name)
    fresh = "" if share is None else f"; {format_share(round(share, 4))} of the offered calls that it counts are fresh"
    return f", from {volumes.file.name}{fresh}"


def _day_factor_way(resolved: Resolved, stream: Stream, way: tuple[str, ...]) -> tuple[str, ...]:
    if stream.callers.day_factor is None and stream.table is not None:
        return ("volumes", "day_factor")
    return (*way, "day_factor")


def _day_factor(resolved: Resolved, s: int) -> str:
    streams = resolved.plan.streams
    law = int(streams.day_factor_law[s])
    if law < 0:
        return "none: the expected volume of a day never varies"
    shared = [
        name
        for other, name in enumerate(streams.names)
        if other != s
        and streams.day_factor_law[other] >= 0
        and streams.day_factor_hash[other] == streams.day_factor_hash[s]
    ]
    among = f", shared with {', '.join(shared)}" if shared else ""
    return f"{resolved.plan.laws.text[law]}{among}"


def _patience(resolved: Resolved, s: int) -> str:
    patience = resolved.context.streams[s].callers.patience
    if patience is None:
        return "never hangs up"
    law = patience.law
    mean = (1 - law.zero) * law.law.mean
    factors = ", ".join(format_number(factor) for factor in patience.factors)
    times = f" and multiplied by {factors}" if factors else ""
    return f"{law.text} (mean {say_duration(mean)}), {_PATIENCE[patience.rule]}{times}"


def _calls_again(resolved: Resolved, stream: Stream, way: tuple[str, ...]) -> Iterator[str]:
    again = stream.callers.calls_again
    for name, words in _OUTCOMES:
        redial = getattr(again, name)
        place = (*way, "calls_again", name.replace("_", " "))
        if redial is None:
            yield say_line(resolved, f"after {words}", "nobody calls again", *place)
            continue
        shares = ", then ".join(format_share(share) for share in redial.share)
        yield say_line(resolved, f"after {words}", f"{shares} call again after {redial.delay.text}", *place)
    yield say_line(resolved, "at most", f"{again.at_most} calls, the first one counted", *way, "calls_again", "at_most")


def say_queues(resolved: Resolved) -> Iterator[str]:
    """Yield the lines on the queues."""
    for name, queue in resolved.context.scenario.queues.items():
        way = ("queues", name)
        yield f"  {name}"
        yield say_line(resolved, "open", queue.open.text, *way, "open")
        if queue.closed_on:
            yield f"    closed on: {', '.join(map(str, queue.closed_on))}"
        for date, spans in queue.special_days.items():
            hours = ", ".join(f"{format_clock(a)}-{format_clock((a + n - 1) % 1440 + 1)}" for a, n in spans) or "closed"
            yield f"    on {date}: {hours}"
        advertised = queue.advertised.text if queue.advertised is not None else "as open"
        yield say_line(resolved, "advertised", advertised, *way, "advertised")
        if queue.handle_time is not None:
            yield f"    handle time: {say_law(queue.handle_time)}, talk and after-call work in one"
        else:
            yield f"    talk: {say_law(queue.talk) if queue.talk is not None else 'as the callers say'}"
            after = say_law(queue.after_call_work) if queue.after_call_work is not None else "none"
            yield say_line(resolved, "after-call work", after, *way, "after_call_work")
        yield say_line(resolved, "when closed", queue.when_closed.text, *way, "when_closed")
        yield say_line(resolved, "at closing", queue.at_closing.text, *way, "at_closing")
        last = (
            "up to closing" if not queue.last_admission else f"{format_duration(queue.last_admission)} before closing"
        )
        yield say_line(resolved, "last admission", last, *way, "last_admission")
        limit = "no limit" if queue.limit is None else f"{queue.limit} callers may wait"
        yield say_line(resolved, "limit", limit, *way, "limit")
        yield say_line(resolved, "slope", f"a second of waiting weighs {format_number(queue.slope)}", *way, "slope")
        target = queue.target
        share = "no target" if target.share is None else f"{format_share(target.share)}"
        text = f"{share} within {format_duration(target.within)}, abandoned calls {target.abandoned.text}"
        formula = target.abandoned.formula.name.lower()
        yield say_line(resolved, "service level", f"{text} [{formula}]", *way, "target")
        if queue.unstaffed:
            yield "    hours without heads: on purpose"


def say_law(law: WrittenLaw) -> str:
    """Return a law with its mean."""
    text = law.text
    if law.from_volumes:
        return f"{text}, the mean of the interval of the answer"
    mean = (1 - law.zero) * law.law.mean
    return f"{text} (mean {say_duration(mean)})"


def say_duration(seconds: float) -> str:
    """Return a mean as people say it, to three digits."""
    if seconds < 60:
        return f"{seconds:.3g}s"
    return format_duration(round(seconds) * SECOND)


def say_agents(resolved: Resolved) -> Iterator[str]:
    """Yield the lines on the agent groups."""
    plan = resolved.plan
    for g, (name, group) in enumerate(resolved.context.scenario.agents.items()):
        way = ("agents", name)
        yield f"  {name}"
        for queue, skill in group.answers.items():
            after = "at once" if not skill.after else f"calls that have waited {format_duration(skill.after)}"
            factor = f"{format_number(skill.handle_time)} times the handle time"
            yield f"    answers {queue}: level {skill.level}, {after}, {factor}"
        yield f"    heads at the phone while measured: {_range_of_heads(resolved, g)}"
        if plan.agents.kind[g] == StaffingKind.HEADS:
            yield "    heads that fall: idle agents leave at once, the others when they finish"
        else:
            yield from _say_shifts(resolved, g, way)
        yield say_line(resolved, "shrinkage", f"{format_share(group.shrinkage)} taken off the heads", *way, "shrinkage")


def _range_of_heads(resolved: Resolved, g: int) -> str:
    clock = resolved.plan.clock
    steps = [*resolved.groups[g].presence, (max(clock.horizon, resolved.groups[g].presence[-1][0] + 1), 0)]
    heads = [
        count for (tick, count), (until, _) in itertools.pairwise(steps)
        if until > clock.warm_up and tick < clock.window_end
    ]  # fmt: skip
    return f"{min(heads)} to {max(heads)}" if min(heads) < max(heads) else f"{heads[0]}"


def _say_shifts(resolved: Resolved, g: int, way: tuple[str, str]) -> Iterator[str]:
    group, worked = resolved.context.scenario.agents[way[1]], resolved.groups[g]
    per_duty = len(worked.duties) / len(worked.names)
    yield say_line(
        resolved,
        "persons",
        f"{len(worked.names)}, in turn, {per_duty:.1f} shifts each in the whole run",
        *way,
        "persons",
    )
    for number, (name, shift) in enumerate(group.shifts.items()):
        heads = {shift.heads.on(day) for day in shift.days}
        count = shift.heads.text if len(heads) > 1 else str(heads.pop())
        days, begin = format_days(shift.days), format_clock(shift.starts)
        changed = _changed(resolved, way[1], name)
        yield f"    shift {name}: {days} {begin} for {format_duration(shift.lasts)}, {count} heads{changed}"
        breaks = shift.breaks if shift.breaks is not None else group.breaks
        for rule in breaks:
            early, late = (format_duration(tick) for tick in rule.between)
            yield f"      break of {format_duration(rule.length)}, begun {early} to {late} into the shift"
        if breaks or shift.meeting is not None:
            yield f"      away at the same time: {_most_away(worked, number)} heads at the most"
        if shift.meeting is not None:
            first, length = shift.meeting.between
            hours = f"{format_clock(first)}-{format_clock((first + length - 1) % 1440 + 1)}"
            at_once = f", {shift.meeting.at_once} at once" if shift.meeting.at_once else ""
            what = f"{format_days(shift.meeting.days)} {hours}, {format_duration(shift.meeting.length)}{at_once}"
            yield f"      meeting: {what}"
    yield say_line(resolved, "a late break", group.late_break, *way, "late_break")
    yield say_line(
        resolved, "no show", f"{format_share(group.no_show)} of shifts, each drawn by itself", *way, "no_show"
    )
    yield "    end of a shift: fixed; who is in a call finishes it"


def _changed(resolved: Resolved, group: str, shift: str) -> str:
    """Return " (41 -> 56)" if a variant has changed the heads of a shift."""
    path = f"agents.{group}.shifts.{shift}.heads"
    changes = [change for change in resolved.context.scenario.source.changes if change.path == path]
    return f" ({changes[0].before} -> {changes[-1].after})" if changes else ""


def _most_away(worked: GroupPlan, shift: int) -> int:
    """Return how many heads of one shift are away together at the worst moment of any day."""
    changes: list[tuple[int, int]] = []
    for duty in worked.duties:
        if duty.shift == shift:
            for begin, length in duty.breaks:
                changes += [(duty.start + begin, 1), (duty.start + begin + length, -1)]
    if not changes:
        return 0
    return int(np.cumsum([change for _, change in sorted(changes)]).max())


def say_transfers(resolved: Resolved) -> Iterator[str]:
    """Yield the lines on transfers."""
    written, rows, queues = resolved.context.scenario.transfers, resolved.plan.transfers, resolved.context.queues
    if not len(rows.share):
        yield "  none: nobody is passed on"
    for row in range(len(rows.share)):
        reason = rows.reasons[int(rows.reason[row])]
        source, target = queues[int(rows.source[row])], queues[int(rows.target[row])]
        is_escalation = row >= len(rows.share) - len(resolved.context.escalations)
        reason_written = TransferReason() if is_escalation else written.reasons[reason]
        rule = written.rule_to(target) if is_escalation else written.rule(reason, target)
        share = format_share(round(int(rows.share[row]) / SURE, 9))
        of_cases = [resolved.context.streams[s].kind is not None for s in np.flatnonzero(rows.streams[row]).tolist()]
        unowned = " that nobody owned" if of_cases and all(of_cases) else ", of cases those that nobody owned"
        how_many = f"{share} of answered calls{unowned if any(of_cases) else ''}"
        how_many = "who asks for it and is heard" if is_escalation else how_many
        yield f"  {source} to {target} ({reason}): {how_many}"
        named = [name for name, meant in zip(resolved.plan.streams.names, rows.streams[row], strict=True) if meant]
        who = "all callers" if rows.streams[row].all() and not reason_written.callers else ", ".join(named)
        by = ", ".join(reason_written.by) or "all groups"
        during = reason_written.during.text if reason_written.during is not None else "at any time"
        yield f"    of {who or 'nobody'}, by {by}, {during}"
        limit = int(rows.at_most[row])
        most = "as often as it happens" if limit == NO_LIMIT else f"{limit} times at the most"
        explain = rule.explain.text if rule.explain is not None else "nothing to explain again"
        priority = "the caller's own priority" if rule.priority is None else f"priority {rule.priority}"
        yield f"    dialling {format_duration(rule.dialling or 0)}, {explain}, {most}"
        place, closed = _words(rule.queue), _words(rule.if_closed)
        patience = rule.patience.text if isinstance(rule.patience, WrittenLaw) else _words(rule.patience)
        mistaken = f"; {100 * rule.mistaken:g} % think that it is open: cut off" if rule.mistaken else ""
        yield f"    joins {place}, {priority}, patience {patience}, if closed: {closed}{mistaken}"


_CODE_WORDS = {
    "Place.BACK": "at the back",
    "Place.AHEAD": "ahead of new calls",
    "Place.KEEPS": "at the place of his first call",
    "TransferPatience.FRESH": "fresh",
    "TransferPatience.REMAINING": "what remains",
    "TransferPatience.UNLIMITED": "unlimited",
    "IfClosed.KEEP": "the agent keeps the caller",
    "IfClosed.DROP": "cut off",
    "IfClosed.RETURN": "returned to the sender",
    "IfClosed.VOICEMAIL": "voicemail",
    "IfClosed.HOLD": "holds until it opens",
}


def _words(code: IntEnum | None) -> str:
    assert code is not None  # the rule is complete
    return _CODE_WORDS[f"{type(code).__name__}.{code.name}"]

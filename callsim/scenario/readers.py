"""Readers: functions that turn what is written into a value of the scenario language.

They build on `callsim.units` and `law_texts`. A reader raises `UnitError`, or `Faults` when several parts of one
value are wrong. `fields.py` ties each reader to a type and to what editors are told about it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callsim import units
from callsim.codes import AtClosing, IfClosed, Place, ServiceLevelFormula, TransferPatience, WhenClosed
from callsim.scenario.law_families import WrittenLaw
from callsim.scenario.law_texts import written_law
from callsim.scenario.source import WrittenText, nearest
from callsim.units import UnitError, WeeklyHours, show

__all__ = [
    "AbandonedRule",
    "Amounts",
    "ClosedRule",
    "ClosingRule",
    "DayCounts",
    "Delay",
    "Faults",
    "WrittenFile",
]


class Faults(ValueError):  # noqa: N818  it holds several, and never leaves the scenario room
    """Several parts of one value are wrong; each with the way to it."""

    def __init__(self, faults: list[tuple[tuple[str | int, ...], UnitError, bool]]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


class Collector:
    """Runs readers on the parts of a value and gathers what goes wrong, to report all of it at once."""

    def __init__(self) -> None:
        self.faults: list[tuple[tuple[str | int, ...], UnitError, bool]] = []

    def read(self, at: tuple[str | int, ...], reader: Callable[[Any], Any], value: Any, *, key: bool = False) -> Any:
        """Return ``reader(value)``, or None if it raised."""
        try:
            return reader(value)
        except UnitError as error:
            self.faults.append((at, error, key))
            return None

    def finish(self) -> None:
        """Raise what was gathered, if anything was."""
        if self.faults:
            raise Faults(self.faults)


@dataclass(frozen=True)
class WrittenFile:
    """A file that a scenario names: as written, and where it is."""

    name: str
    path: Path


@dataclass(frozen=True)
class Amounts:
    """An amount that is constant, or listed by interval, or given by hours of the week or by weekday.

    Exactly one of the four is set.
    """

    constant: float | None = None
    listed: tuple[float, ...] = ()
    by_hours: tuple[tuple[WeeklyHours, float], ...] = ()
    """Sorted as written; the hours of different entries never overlap."""
    by_day: tuple[tuple[tuple[int, ...], float], ...] = ()
    """(weekdays, amount), 0 = Monday; no weekday comes twice."""


@dataclass(frozen=True)
class Delay:
    """When somebody calls again: after a law, or after a law counted from the next opening."""

    law: WrittenLaw | None
    """None: at the very opening."""
    until_open: bool
    text: str


@dataclass(frozen=True)
class ClosedRule:
    """What becomes of a caller who arrives at a closed queue."""

    action: WhenClosed
    to: str | None
    """The queue that an overflow goes to."""
    text: str


@dataclass(frozen=True)
class ClosingRule:
    """What becomes of callers who wait when their queue closes."""

    action: AtClosing
    to: str | None
    """The queue that they move to."""
    text: str


@dataclass(frozen=True)
class AbandonedRule:
    """What an abandoned call counts in the service level."""

    formula: ServiceLevelFormula
    short_wait: int
    """Below this wait abandoned calls are left out. [ticks]"""
    text: str


@dataclass(frozen=True)
class DayCounts:
    """Heads of a shift by weekday."""

    by_day: tuple[int, int, int, int, int, int, int]
    """Monday first."""
    text: str

    def on(self, weekday: int) -> int:
        """Return the heads on a weekday (0 = Monday)."""
        return self.by_day[weekday]


def read_text(value: object) -> str:
    """Return a text; a number is taken as it was written."""
    if isinstance(value, str) and value.strip():
        return str(value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return units.format_number(value)
    raise UnitError(show(value), "a text is needed")


def read_name(value: object) -> str:
    """Return the name of something that is defined elsewhere."""
    if isinstance(value, list | tuple | Mapping):
        raise UnitError(show(value), "one name is needed")
    return read_text(value)


def read_names(value: object) -> tuple[str, ...]:
    """Return one name or a list of names."""
    names = value if isinstance(value, list | tuple) else [value]
    collector = Collector()
    found = tuple(collector.read((i,), read_name, name) for i, name in enumerate(names))
    for i, name in enumerate(found):
        if name is not None and name in found[:i]:
            collector.faults.append(((i,), UnitError(show(name), "it is named twice", "name it once"), False))
    collector.finish()
    return found


def read_yes(value: object) -> bool:
    """Return yes or no, written so or as true and false."""
    if isinstance(value, bool):
        return value
    answer = {"yes": True, "no": False, "on": True, "off": False}.get(str(value).lower())
    if answer is None or not isinstance(value, str):
        raise UnitError(show(value), "yes or no is needed")
    return answer


def read_file(value: object) -> WrittenFile:
    """Return a file that exists, looked for beside the file that names it."""
    name = read_text(value)
    path = (value.folder if isinstance(value, WrittenText) else Path()) / name
    if not path.is_file():
        rule = "this is a folder" if path.is_dir() else "there is no such file"
        raise UnitError(show(name), rule, "write the path from the folder of the scenario file that names it")
    return WrittenFile(name, path)


def read_law(value: object) -> WrittenLaw:
    """Return a law; files of samples are looked for beside the scenario file."""
    texts = [value, *value.values()] if isinstance(value, Mapping) else [value]
    folder = next((text.folder for text in texts if isinstance(text, WrittenText)), None)
    return written_law(value, folder)


def read_laws_by_queue(value: object) -> dict[str, WrittenLaw]:
    """Return laws by queue; one law for all queues stands under ``*``."""
    if not isinstance(value, Mapping) or "law" in value:
        return {"*": read_law(value)}
    collector = Collector()
    laws = {str(queue): collector.read((queue,), read_law, law) for queue, law in value.items()}
    collector.finish()
    return laws


def read_delay(value: object) -> Delay:
    """Return a delay: a law, ``until open``, or ``until open + law``."""
    if isinstance(value, str):
        text = value.strip()
        head, plus, rest = text.partition("+")
        if " ".join(head.lower().split()) == "until open":
            if not plus:
                return Delay(None, True, text)
            folder = value.folder if isinstance(value, WrittenText) else None
            return Delay(written_law(rest.strip(), folder), True, text)
    law = read_law(value)
    return Delay(law, False, law.text)


def read_zone(value: object) -> str:
    """Return the name of a time zone."""
    import zoneinfo  # noqa: PLC0415  most scenarios name no zone

    name = read_text(value)
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        close = nearest(name, zoneinfo.available_timezones())
        advice = close if close.startswith("did") else "write a zone such as Europe/Berlin or America/Chicago"
        raise UnitError(show(name), "there is no such time zone", advice) from None
    return name


def _positive_or_zero(value: object) -> float:
    amount = units.number(value)
    if amount < 0:
        raise UnitError(show(value), "it must not be negative", "write 0 or more")
    return amount


def read_amounts(value: object) -> Amounts:
    """Return an amount: a number, a list of numbers, or numbers by hours of the week or by weekday."""
    if isinstance(value, list | tuple):
        collector = Collector()
        listed = tuple(collector.read((i,), _positive_or_zero, item) for i, item in enumerate(value))
        if not listed:
            raise UnitError("an empty list", "at least one number is needed")
        collector.finish()
        return Amounts(listed=listed)
    if isinstance(value, Mapping):
        return _amounts_by_key(value)
    return Amounts(constant=_positive_or_zero(value))


def _amounts_by_key(value: Mapping[str, Any]) -> Amounts:
    if not value:
        raise UnitError("an empty mapping", "hours of the week with a number each are needed")
    collector = Collector()
    by_days = not any(any(sign.isdigit() for sign in str(key)) for key in value)
    reader: Callable[[Any], Any] = units.days if by_days else units.weekly_hours
    keys = {key: collector.read((key,), reader, key, key=True) for key in value}
    amounts = {key: collector.read((key,), _positive_or_zero, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    rows = tuple((keys[key], amounts[key]) for key in value)
    return Amounts(by_day=rows) if by_days else Amounts(by_hours=rows)


def _refuse_overlap(keys: dict[str, Any], collector: Collector) -> None:
    """Report each key whose hours or days overlap an earlier one's."""
    seen: dict[str, Any] = {}
    for key, hours in keys.items():
        if hours is None:
            continue
        for earlier, other in seen.items():
            if _overlap(hours, other):
                error = UnitError(show(key), f"it overlaps {earlier!r}", "name each hour once")
                collector.faults.append(((key,), error, True))
                break
        seen[key] = hours


def _overlap(one: Any, other: Any) -> bool:
    return one.overlaps(other) if isinstance(one, WeeklyHours) else bool(set(one) & set(other))


def read_heads(value: object) -> int:
    """Return a head-count."""
    return units.count(value, ("heads", "people", "agents"))


def read_day_counts(value: object) -> DayCounts:
    """Return the heads of a shift: a number, or numbers by weekday."""
    if not isinstance(value, Mapping):
        n = read_heads(value)
        return DayCounts((n,) * 7, str(n))
    collector = Collector()
    keys = {key: collector.read((key,), units.days, key, key=True) for key in value}
    counts = {key: collector.read((key,), read_heads, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    by_day = [0] * 7
    for key, weekdays in keys.items():
        for day in weekdays:
            by_day[day] = counts[key]
    first, second, third, fourth, fifth, sixth, seventh = by_day
    text = ", ".join(f"{key} {n}" for key, n in counts.items())
    return DayCounts((first, second, third, fourth, fifth, sixth, seventh), text)


def read_persons(value: object) -> int | tuple[str, ...]:
    """Return a number of people, or their names."""
    if isinstance(value, list | tuple):
        if not value:
            raise UnitError("an empty list", "at least one name is needed")
        return read_names(value)
    n = units.count(value, ("persons", "people"))
    if n == 0:
        raise UnitError("0", "at least one person is needed")
    return n


def read_between(value: object) -> tuple[int, int]:
    """Return (earliest, latest) of a break's start, counted from the start of the shift: ``2h-4h``. [ticks]"""
    first, dash, last = str(value).partition("-")
    if not isinstance(value, str) or not dash:
        raise UnitError(show(value), "two durations since the start of the shift are needed", "write them as 2h-4h")
    earliest, latest = units.duration(first.strip()), units.duration(last.strip())
    if earliest > latest:
        raise UnitError(show(value), "the earliest start must not follow the latest", "write them as 2h-4h")
    return earliest, latest


def read_dates(value: object) -> tuple[datetime.date, ...]:
    """Return one date or a list of dates."""
    texts = value if isinstance(value, list | tuple) else [value]
    collector = Collector()
    found = tuple(collector.read((i,), units.date, text) for i, text in enumerate(texts))
    collector.finish()
    return found


def read_special_days(value: object) -> dict[datetime.date, tuple[tuple[int, int], ...]]:
    """Return the hours of single dates: (first minute, length) each, none for a closed day."""
    if not isinstance(value, Mapping):
        raise UnitError(show(value), "dates with their hours are needed", "write {2025-12-24: 09:00-12:00}")
    collector = Collector()
    dates = {key: collector.read((key,), units.date, key, key=True) for key in value}
    hours = {key: collector.read((key,), _read_day_hours, text) for key, text in value.items()}
    collector.finish()
    return {dates[key]: hours[key] for key in value}


def _read_day_hours(value: object) -> tuple[tuple[int, int], ...]:
    if isinstance(value, str) and value.strip().lower() == "closed":
        return ()
    texts = value if isinstance(value, list | tuple) else str(value).replace(" and ", ",").split(",")
    spans = sorted(units.clock_span(str(text).strip()) for text in texts)
    for (first, length), (after, _) in zip(spans, spans[1:], strict=False):
        if first + length > after:
            raise UnitError(show(str(value)), "hours must not overlap", "name each hour once")
    return tuple(spans)


def read_calendar_hours(value: object) -> WeeklyHours:
    """Return hours of the week."""
    return units.weekly_hours(value)


def read_on_purpose(value: object) -> bool:
    """Return True for the words that allow hours without heads."""
    if value != "on purpose":
        raise UnitError(show(value), "only `on purpose` can stand here", "write unstaffed: on purpose")
    return True


def _choice(table: dict[str, Any], what: str) -> Callable[[object], Any]:
    """Return a reader of one of a few phrases."""

    def read(value: object) -> Any:
        words = " ".join(str(value).split())
        if not isinstance(value, str) or words not in table:
            raise UnitError(show(value), f"this is not {what}", choices(words, table))
        return table[words]

    return read


def choices(word: str, known: Any) -> str:
    """Return advice that lists the few phrases that are allowed, the nearest first if there is one."""
    advice = nearest(word, known)
    listed = f"write {', '.join(list(known)[:-1])} or {list(known)[-1]}"
    return f"{advice} {listed}" if advice.startswith("did") else listed


WHEN_CLOSED = {
    "announce and hang up": WhenClosed.ANNOUNCE,
    "busy tone": WhenClosed.BUSY,
    "voicemail": WhenClosed.VOICEMAIL,
    "hold until open": WhenClosed.HOLD,
    "overflow to": WhenClosed.OVERFLOW,
}
AT_CLOSING = {
    "serve the waiting": AtClosing.SERVE,
    "cut off": AtClosing.DROP,
    "keep until open": AtClosing.KEEP,
    "move to": AtClosing.MOVE,
}
IF_CLOSED = {
    "keep the caller": IfClosed.KEEP,
    "cut off": IfClosed.DROP,
    "return to sender": IfClosed.RETURN,
    "voicemail": IfClosed.VOICEMAIL,
    "hold until open": IfClosed.HOLD,
}
PLACES = {"at the back": Place.BACK, "ahead of new calls": Place.AHEAD, "keeps its place": Place.KEEPS}
TRANSFER_PATIENCE = {
    "fresh": TransferPatience.FRESH,
    "remaining": TransferPatience.REMAINING,
    "unlimited": TransferPatience.UNLIMITED,
}
ABANDONED = {
    "count against us": ServiceLevelFormula.NEGATIVE_ABANDON,
    "count as answered": ServiceLevelFormula.POSITIVE_ABANDON,
    "leave out": ServiceLevelFormula.ANSWERED_ONLY,
    "leave out within the target": ServiceLevelFormula.IGNORE_SHORT_ABANDON,
    "count against us, blocked and closed calls too": ServiceLevelFormula.OFFERED_INCL_BLOCKED,
    "leave out below 5s": ServiceLevelFormula.EXCLUDE_SHORT_ABANDON,
}
"""What an abandoned call counts; the last takes any duration."""


def read_when_closed(value: object) -> ClosedRule:
    """Return the rule for callers who arrive at a closed queue."""
    action, to = _action(value, WHEN_CLOSED, "a rule for callers who arrive closed")
    return ClosedRule(action, to, str(value).strip())


def read_at_closing(value: object) -> ClosingRule:
    """Return the rule for callers who wait when their queue closes."""
    action, to = _action(value, AT_CLOSING, "a rule for callers who wait at closing")
    return ClosingRule(action, to, str(value).strip())


def _action(value: object, table: dict[str, Any], what: str) -> tuple[Any, str | None]:
    words = " ".join(str(value).split())
    for phrase, action in table.items():
        if phrase.endswith(" to") and words.startswith(f"{phrase} "):
            return action, words.removeprefix(phrase).strip()
    known = [f"{phrase} QUEUE" if phrase.endswith(" to") else phrase for phrase in table]
    if not isinstance(value, str) or words not in table or words.endswith(" to"):
        raise UnitError(show(value), f"this is not {what}", choices(words, known))
    return table[words], None


def read_abandoned(value: object) -> AbandonedRule:
    """Return what an abandoned call counts in the service level."""
    words = " ".join(str(value).split())
    if isinstance(value, str) and words.startswith("leave out below "):
        limit = units.duration(words.removeprefix("leave out below "))
        return AbandonedRule(ServiceLevelFormula.EXCLUDE_SHORT_ABANDON, limit, words)
    if not isinstance(value, str) or words not in ABANDONED:
        raise UnitError(show(value), "this is not a rule for abandoned calls", choices(words, ABANDONED))
    return AbandonedRule(ABANDONED[words], 0, words)


def read_shares(value: object) -> tuple[float, ...]:
    """Return one share, or a list by attempt."""
    if not isinstance(value, list | tuple):
        return (units.share(value),)
    if not value:
        raise UnitError("an empty list", "at least one share is needed")
    collector = Collector()
    found = tuple(collector.read((i,), units.share, item) for i, item in enumerate(value))
    collector.finish()
    return found


def read_factors(value: object) -> tuple[float, ...]:
    """Return factors by attempt."""
    items = value if isinstance(value, list | tuple) else [value]
    collector = Collector()
    found = tuple(collector.read((i,), units.factor, item) for i, item in enumerate(items))
    collector.finish()
    return found


def _within(low: int, high: int, noun: str) -> Callable[[object], int]:
    """Return a reader of whole numbers between two bounds."""

    def read(value: object) -> int:
        try:
            n = units.count(value, (noun,) if noun else ())
        except UnitError as error:
            raise UnitError(error.found, f"a whole number from {low} to {high} is needed") from None
        if not low <= n <= high:
            raise UnitError(show(value), f"it must lie between {low} and {high}")
        return n

    return read


read_call_count = _within(1, 255, "calls")
read_transfer_count = _within(0, 255, "transfers")
read_priority = _within(1, 9, "")
read_level = _within(1, 99, "")


def read_slope(value: object) -> float:
    """Return the weight of a second of waiting, from 0 to 1000."""
    slope = units.number(value)
    if not 0 <= slope <= 1000:
        raise UnitError(show(value), "it must lie between 0 and 1000")
    return slope


def read_separator(value: object) -> str:
    """Return the one sign that separates columns."""
    if isinstance(value, str) and (len(value) == 1 or value == "tab"):
        return "\t" if value == "tab" else str(value)
    raise UnitError(show(value), "one sign is needed", 'write ";" or "," or tab')


def read_date_format(value: object) -> str:
    """Return a form of dates such as DD.MM.YYYY."""
    text = read_text(value)
    if sorted(part for part in ("YYYY", "MM", "DD") if text.count(part) == 1) != ["DD", "MM", "YYYY"]:
        raise UnitError(show(value), "the form needs YYYY, MM and DD once each", "write it like DD.MM.YYYY")
    return text


def read_heads_or_volumes(value: object) -> int | str:
    """Return a head-count, or the words `from volumes`."""
    if isinstance(value, str) and " ".join(value.split()) == "from volumes":
        return "from volumes"
    try:
        return read_heads(value)
    except UnitError as error:
        raise UnitError(error.found, error.rule, "write a number such as 12, or from volumes") from None


def read_heads_list(value: object) -> tuple[int, ...]:
    """Return heads, step by step."""
    if not isinstance(value, list | tuple) or not value:
        raise UnitError(show(value), "a list of heads is needed", "write it like [5, 7, 9]")
    collector = Collector()
    heads = tuple(collector.read((i,), read_heads, item) for i, item in enumerate(value))
    collector.finish()
    return heads


def read_heads_by_hours(value: object) -> tuple[tuple[WeeklyHours, int], ...]:
    """Return heads by hours of the week."""
    if not isinstance(value, Mapping) or not value:
        raise UnitError(show(value), "hours with heads are needed", "write it like {mon-fri 08:00-18:00: 12}")
    collector = Collector()
    keys = {key: collector.read((key,), units.weekly_hours, key, key=True) for key in value}
    heads = {key: collector.read((key,), read_heads, item) for key, item in value.items()}
    _refuse_overlap(keys, collector)
    collector.finish()
    return tuple((keys[key], heads[key]) for key in value)


def read_profile(value: object) -> WrittenFile | Amounts:
    """Return a profile: a file, weights by hours of the week, or a list of weights."""
    if isinstance(value, str):
        return read_file(value)
    if not isinstance(value, list | tuple | Mapping):
        raise UnitError(show(value), "a file, hours with weights or a list of weights is needed")
    profile = read_amounts(value)
    if profile.by_day:
        raise UnitError("days without hours", "a profile needs hours", "write it like {mon-fri 08:00-18:00: 3}")
    return profile


def read_share_or_none(value: object) -> float:
    """Return a share below 100 %, or 0 for `none`."""
    if value == "none":
        return 0.0
    fraction = units.share(value)
    if fraction == 1:
        raise UnitError(show(value), "it leaves nobody", "write a share below 100%")
    return fraction


def read_transfer_shares(value: object) -> dict[str, dict[str, float]]:
    """Return the shares of answered calls that are passed on, by source and target."""
    collector = Collector()
    shares: dict[str, dict[str, float]] = {}
    for source, targets in dict(value).items() if isinstance(value, Mapping) else ():
        if not isinstance(targets, Mapping) or not targets:
            error = UnitError(
                show(targets), "queues with shares are needed", "write it like {support: 6%, billing: 4%}"
            )
            collector.faults.append(((source,), error, False))
            continue
        shares[source] = {
            target: collector.read((source, target), units.share, item) for target, item in targets.items()
        }
    collector.finish()
    return shares


def read_never(value: object) -> object:
    """Return None for the words that mean unlimited patience."""
    return None if isinstance(value, str) and value.strip() in {"never hangs up", "unlimited"} else value


def read_skills(value: object) -> object:
    """Return names of queues as a mapping to default skills."""
    if isinstance(value, str):
        return {str(value): {}}
    if isinstance(value, list | tuple):
        return {name: {} for name in read_names(value)}
    if not isinstance(value, Mapping):
        raise UnitError(show(value), "names of queues are needed", "write it like [orders, support]")
    if not value:
        raise UnitError("an empty mapping", "at least one queue is needed", "write it like [orders, support]")
    return value


def read_if_closed(value: object) -> IfClosed:
    """Return what a transfer does when its target is closed."""
    action: IfClosed = _choice(IF_CLOSED, "a rule for a closed target")(value)
    return action


def read_place(value: object) -> Place:
    """Return where a transferred caller joins the target's queue."""
    place: Place = _choice(PLACES, "a place in the queue")(value)
    return place


def read_transfer_patience(value: object) -> TransferPatience:
    """Return the patience of a transferred caller."""
    patience: TransferPatience = _choice(TRANSFER_PATIENCE, "a rule for the patience of a transferred caller")(value)
    return patience

"""Readers: functions that turn what is written into a value of the scenario language.

They build on `callsim.units` and `law_texts`. A reader raises `UnitError`, or `Faults` when several parts of one
value are wrong. `fields.py` ties each reader to a type and to what editors are told about it.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

from callsim import units
from callsim.codes import TransferPatience
from callsim.scenario.language import rules
from callsim.scenario.language.faults import Collector
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.language.law_texts import written_law
from callsim.scenario.language.values import Amounts, Delay, WrittenFile
from callsim.scenario.reading.source import WrittenText, nearest
from callsim.units import UnitError, WeeklyHours, show

__all__ = [
    "Amounts",
    "WrittenFile",
    "read_between",
    "read_calendar_hours",
    "read_call_count",
    "read_date_format",
    "read_dates",
    "read_delay",
    "read_factors",
    "read_file",
    "read_law",
    "read_laws_by_queue",
    "read_level",
    "read_name",
    "read_names",
    "read_never",
    "read_on_purpose",
    "read_persons",
    "read_priority",
    "read_separator",
    "read_share_or_none",
    "read_shares",
    "read_skills",
    "read_slope",
    "read_special_days",
    "read_text",
    "read_transfer_count",
    "read_transfer_shares",
    "read_yes",
    "read_zone",
]


MOST_PERSONS = 1_000_000
"""Persons of a group at the most."""


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


def read_transfer_patience(value: object) -> TransferPatience | WrittenLaw:
    """Return the patience of a transferred caller: a phrase, or a law of its own (which holds a number)."""
    if isinstance(value, Mapping) or (isinstance(value, str) and any(sign.isdigit() for sign in value)):
        return read_law(value)
    return rules.read_transfer_phrase(value)


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
    import zoneinfo

    name = read_text(value)
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        close = nearest(name, zoneinfo.available_timezones())
        advice = close if close.startswith("did") else "write a zone such as Europe/Berlin or America/Chicago"
        raise UnitError(show(name), "there is no such time zone", advice) from None
    return name


def read_persons(value: object) -> int | tuple[str, ...]:
    """Return a number of people, or their names."""
    if isinstance(value, list | tuple):
        if not value:
            raise UnitError("an empty list", "at least one name is needed")
        return read_names(value)
    n = units.count(value, ("persons", "people"))
    if not 0 < n <= MOST_PERSONS:
        raise UnitError(show(value), f"from 1 to {MOST_PERSONS} persons can take turns")
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
    for (first, length), (after, _) in itertools.pairwise(spans):
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
"""Read the most calls of a caller."""
read_transfer_count = _within(0, 255, "transfers")
"""Read how often a call is passed on at the most."""
read_priority = _within(1, 9, "")
"""Read a priority."""
read_level = _within(1, 99, "")
"""Read a level."""


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

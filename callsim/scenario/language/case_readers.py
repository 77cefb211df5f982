"""Readers of what only cases have: pieces of work, who can own them, where customers dial, what makes them angry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from callsim import units
from callsim.scenario.language.amounts import read_profile
from callsim.scenario.language.faults import Collector
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.language.readers import read_delay, read_law, read_names, read_shares, read_yes
from callsim.scenario.language.values import Amounts, WrittenFile
from callsim.units import UnitError, WeeklyHours, show

__all__ = [
    "EVERYTHING",
    "HOURS_TEXT",
    "ONE_PIECE",
    "OTHERS",
    "read_carried",
    "read_case_delay",
    "read_dials",
    "read_done_by",
    "read_gives_up",
    "read_owner_shares",
    "read_pieces",
    "read_point_factors",
    "read_points",
    "read_starts_at",
    "read_ticket",
]

EVERYTHING = "*"
"""Stands for every piece, or every group, where one value is written for all."""
OTHERS = "others"
"""Stands for the agent groups that are not named."""
ONE_PIECE = "the solution"
"""The piece of a case that names none."""
MOST_PIECES = 50
MOST_POINTS = 200
HOURS_TEXT = re.compile(r"\d:\d\d|24/7")
"""What every text of hours holds."""


def read_starts_at(value: object) -> WeeklyHours | WrittenFile | Amounts:
    """Return when problems begin: hours of the week, or a profile."""
    texts = value if isinstance(value, list | tuple) else [value]
    if texts and all(isinstance(text, str) and HOURS_TEXT.search(text) for text in texts):
        return units.weekly_hours(value)
    if isinstance(value, str) and "." not in value:
        advice = "write hours such as mon-fri 08:00-18:00, or the name of a CSV file"
        raise UnitError(show(value), "hours of the week or a profile are needed", advice)
    return read_profile(value)


def read_pieces(value: object) -> tuple[str, ...]:
    """Return the names of the pieces of work that a case needs; a number gives that many without names."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if re.fullmatch(r"\d+( pieces?)?", text):
        n = int(text.split()[0])
        if not 1 <= n <= MOST_PIECES:
            raise UnitError(show(value), f"a case needs from 1 to {MOST_PIECES} pieces of work")
        return tuple(f"piece {i + 1}" for i in range(n)) if n > 1 else (ONE_PIECE,)
    names = read_names(value)
    if not 1 <= len(names) <= MOST_PIECES:
        raise UnitError(show(value), f"a case needs from 1 to {MOST_PIECES} pieces of work", "name at least one")
    return names


def read_done_by(value: object) -> dict[str, tuple[str, ...]]:
    """Return the queues whose employees can own a piece, by piece; one list for all pieces stands under ``*``."""
    if not isinstance(value, Mapping):
        return {EVERYTHING: read_names(value)}
    collector = Collector()
    found = {str(piece): collector.read((piece,), read_names, queues) for piece, queues in value.items()}
    collector.finish()
    return found


def read_dials(value: object) -> dict[str, dict[str, float]]:
    """Return where customers call, as shares of queues by piece; what holds for all pieces stands under ``*``."""
    if not isinstance(value, Mapping):
        return {EVERYTHING: _one_queue(value)}
    if not value:
        raise UnitError("an empty mapping", "at least one queue is needed", "write it like {orders: 60%, support: 40%}")
    by_piece = [isinstance(item, Mapping) or _is_name(item) for item in value.values()]
    if not any(by_piece):
        return {EVERYTHING: _read_queue_shares(value)}
    collector = Collector()
    found = {str(piece): collector.read((piece,), _queue_shares, queues) for piece, queues in value.items()}
    collector.finish()
    return found


def _is_name(value: object) -> bool:
    return isinstance(value, str) and "%" not in value


def _one_queue(value: object) -> dict[str, float]:
    if not _is_name(value):
        advice = "write one queue, or shares such as {orders: 60%, support: 40%}"
        raise UnitError(show(value), "the queue that they call is needed", advice)
    return {str(value).strip(): 1.0}


def _queue_shares(value: object) -> dict[str, float]:
    return _read_queue_shares(value) if isinstance(value, Mapping) else _one_queue(value)


def _read_queue_shares(value: Mapping[Any, Any]) -> dict[str, float]:
    collector = Collector()
    shares = {str(queue): collector.read((queue,), units.share, item) for queue, item in value.items()}
    collector.finish()
    _refuse_wrong_total(shares.values(), "the shares of the queues")
    return shares


def _refuse_wrong_total(shares: Any, what: str) -> None:
    whole = sum(shares)
    if abs(whole - 1) > 1e-9:
        raise UnitError(f"{units.format_share(whole)} in all", f"{what} add up to 100%", "correct the shares")


def read_owner_shares(value: object) -> dict[str, float]:
    """Return the share of employees who own a piece, by agent group; one share for all stands under ``*``."""
    if not isinstance(value, Mapping):
        return {EVERYTHING: units.share(value)}
    collector = Collector()
    found = {str(group): collector.read((group,), units.share, item) for group, item in value.items()}
    collector.finish()
    return found


def _share_or_yes(value: object) -> float:
    """Return a share; `yes` is all, `no` is none."""
    try:
        return units.share(value)
    except UnitError as error:
        try:
            return 1.0 if read_yes(value) else 0.0
        except UnitError:
            raise UnitError(
                error.found, "a share, yes or no is needed", "write yes, no, or a share such as 40%"
            ) from None


read_carried: Callable[[object], float] = _share_or_yes
"""Read the share of employees who follow a colleague's ownership: a share, yes or no."""


def read_ticket(value: object) -> float:
    """Return the share of employees who see their colleagues' notes: of `yes`, `no`, or `{notes_lost: 10%}`."""
    if isinstance(value, Mapping):
        if set(value) != {"notes_lost"}:
            found = f"a mapping with {', '.join(map(str, value)) or 'no keys'}"
            raise UnitError(found, "a shared ticket loses notes, or none", "write {notes_lost: 10%}")
        collector = Collector()
        lost = collector.read(("notes_lost",), units.share, value["notes_lost"])
        collector.finish()
        return 1.0 - float(lost)
    try:
        return 1.0 if read_yes(value) else 0.0
    except UnitError as error:
        raise UnitError(
            error.found, "yes, no or the share of lost notes is needed", "write {notes_lost: 10%}"
        ) from None


def read_gives_up(value: object) -> tuple[float, ...]:
    """Return the share that gives up after an unsolved call: one share, a list by call, or `never`."""
    if isinstance(value, str) and value.strip() == "never":
        return (0.0,)
    try:
        return read_shares(value)
    except UnitError as error:
        raise UnitError(error.found, error.rule, "write a share such as 6%, a list of shares, or never") from None


def read_case_delay(value: object) -> WrittenLaw:
    """Return after how long a customer with a case calls again."""
    delay = read_delay(value)
    if delay.until_open or delay.law is None:
        rule = "customers with a case wait for the opening by themselves, as far as they know the hours"
        raise UnitError(show(value), rule, "write the law alone, and waits_on for how long after the opening they call")
    return read_law(value)


def read_points(value: object) -> int:
    """Return points of anger."""
    n = units.count(value, ("points",))
    if n > MOST_POINTS:
        raise UnitError(show(value), f"at most {MOST_POINTS} points can be given at a time")
    return n


def read_point_factors(value: object) -> tuple[float, ...]:
    """Return factors by points of anger, from 0 on: a list, or a mapping from the points at which a factor begins."""
    collector = Collector()
    if not isinstance(value, Mapping):
        items = value if isinstance(value, list | tuple) else [value]
        found = tuple(collector.read((i,), units.factor, item) for i, item in enumerate(items))
        collector.finish()
        if not found:
            raise UnitError("an empty list", "at least one factor is needed", "write it like {3: 0.8, 6: 0.5}")
        return found
    begins = {key: collector.read((key,), _read_point_key, key, key=True) for key in value}
    factors = {key: collector.read((key,), units.factor, item) for key, item in value.items()}
    collector.finish()
    steps = sorted((begins[key], factors[key]) for key in value)
    if not steps:
        raise UnitError("an empty mapping", "at least one factor is needed", "write it like {3: 0.8, 6: 0.5}")
    row = [1.0] * (steps[-1][0] + 1)
    for first, factor in steps:
        row[first:] = [factor] * (len(row) - first)
    return tuple(row)


def _read_point_key(value: object) -> int:
    text = str(value).strip()
    if not text.isdigit() or int(text) > MOST_POINTS:
        rule = f"points of anger from 0 to {MOST_POINTS} are needed"
        raise UnitError(show(value), rule, "write it like {3: 0.8, 6: 0.5}")
    return int(text)

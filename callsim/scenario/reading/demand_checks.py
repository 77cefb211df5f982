"""Callers, patience and volumes that say the same twice, or leave out what belongs together."""

from __future__ import annotations

from collections.abc import Iterator

from callsim import units
from callsim.errors import Problem
from callsim.scenario.language.case_readers import HOURS_TEXT
from callsim.scenario.reading.source import Node, Pathway
from callsim.scenario.reading.view import View, kind_ways

__all__ = ["DEMAND_CHECKS", "demand_ways"]

_AMOUNTS = ("per_hour", "per_day", "per_week", "recorded", "from_volumes")
_PROFILES = ("profile", "at")


def demand_ways(view: View) -> list[Pathway]:
    """Return where the fresh calls of streams and the beginnings of cases are written."""
    return [
        *(("callers", stream, "calls") for stream in view.callers),
        *(("cases", case, "starts") for case in view.cases),
    ]


def _calls(view: View) -> Iterator[Problem]:
    """Fresh calls, and beginnings of cases, are given in one way, with what belongs to it."""
    for way in demand_ways(view):
        node = view.node(*way)
        if node is None or node.entries is None:
            continue
        ways = [key for key in _AMOUNTS if view.has(*way, key)]
        is_case = way[0] == "cases"
        what = "cases" if is_case else "calls"
        rule = "beginnings are given in one way" if is_case else "fresh calls are given in one way"
        if not ways:
            more = "per_hour: 120, per_day, per_week, recorded or from_volumes"
            yield view.problem(
                way, f"no number of {what}", rule, f"add {'per_day or per_week: 60' if is_case else more}"
            )
            continue
        for key in ways[1:]:
            yield view.problem((*way, key), f"{key} beside {ways[0]}", rule, "keep one", key=True)
        yield from _amounts(view, way, ways[0])


def _amounts(view: View, way: Pathway, key: str) -> Iterator[Problem]:
    """Check that what stands beside an amount belongs to it."""
    name = next((one for one in _PROFILES if view.has(*way, one)), _PROFILES[0])
    kind, profile = _shape(view.node(*way, key)), view.node(*way, name)
    if name == "at" and _are_hours(profile):
        yield from _hours_alone(view, way, key, kind)
        profile = None
    allowed = {
        "per_hour": {"number", "list", "hours"},
        "per_day": {"number", "days"},
        "per_week": {"number"},
    }.get(key, {"number", "text"})
    if kind is not None and kind not in allowed and kind != "text":
        names = {
            "number": "a number",
            "list": "a list with every",
            "hours": "numbers by hours",
            "days": "numbers by weekday",
        }
        rule = f"{key} is {' or '.join(names[one] for one in names if one in allowed)}"
        yield view.problem((*way, key), names.get(kind, kind), rule, "write per_hour for hours and lists")
    if profile is not None and key not in {"per_day", "per_week"}:
        rule = "a profile spreads the total of a day or a week"
        yield view.problem((*way, name), f"{name} beside {key}", rule, "write per_day or per_week", key=True)
    shown = (key, name) if profile is not None else (key,)
    lists = [one for one in shown if (node := view.node(*way, one)) is not None and node.items is not None]
    if lists and not view.has(*way, "every"):
        yield view.problem(
            (*way, lists[0]), "a list without its step", "a list needs every", "add every: 30m", key=True
        )
    for extra in ("every", "repeat"):
        if view.has(*way, extra) and (not lists or (extra == "repeat" and lists == [name])):
            yield view.problem(
                (*way, extra), f"{extra} without a list", f"{extra} belongs to a list", "remove it", key=True
            )
    if profile is not None and profile.items is not None and (every := view.read(units.duration, *way, "every")):
        whole = units.WEEK if key == "per_week" else units.DAY
        if every * len(profile.items) != whole:
            found = f"{len(profile.items)} weights of {units.format_duration(every)}"
            needed = units.format_number(whole / every)
            rule = f"a listed profile fills {units.format_duration(whole)}, which takes {needed}"
            yield view.problem((*way, name), found, rule, "correct the list or every")


def _are_hours(node: Node | None) -> bool:
    """Tell whether what stands under `at` is hours of the week, and no profile."""
    texts = [] if node is None else [node.value] if node.items is None else [item.value for item in node.items]
    return bool(texts) and all(isinstance(text, str) and HOURS_TEXT.search(text) for text in texts)


def _hours_alone(view: View, way: Pathway, key: str, kind: str | None) -> Iterator[Problem]:
    """Hours say when a plain number holds; numbers by hours say it themselves."""
    if key == "per_hour" and kind in {"list", "hours"}:
        rule = "numbers by hours say themselves when they hold"
        yield view.problem((*way, "at"), "at beside numbers by hours", rule, "keep one of the two", key=True)


def _shape(node: Node | None) -> str | None:
    if node is None:
        return None
    if node.items is not None:
        return "list"
    if node.entries is not None:
        return "hours" if any(any(sign.isdigit() for sign in key) for key in node.entries) else "days"
    return "text" if isinstance(node.value, str) else "number"


def _patience(view: View) -> Iterator[Problem]:
    """Check that a patience says its zero share once, and its factors with their rule."""
    owners: list[Pathway] = [("callers", stream) for stream in view.callers]
    for case in view.cases:
        owners += dict.fromkeys((("cases", case), *kind_ways(view, case)))
    for owner in owners:
        way = (*owner, "patience")
        text = view.text(*way) or view.text(*way, "law") or ""
        if view.has(*owner, "hangs_up_at_once") and ("zero" in text.split() or view.has(*way, "zero")):
            rule = "patience has a zero share already: two ways to say the same"
            yield view.problem((*owner, "hangs_up_at_once"), "hangs_up_at_once beside zero", rule, "keep one", key=True)
        rule_text, factors = view.text(*way, "rule"), view.has(*way, "factors")
        if rule_text == "multiplied by attempt" and not factors:
            yield view.problem((*way, "rule"), repr(rule_text), "this rule needs factors", "add factors: [1, 0.8, 0.5]")
        if factors and rule_text != "multiplied by attempt":
            advice = "add rule: multiplied by attempt"
            yield view.problem(
                (*way, "factors"), "factors without their rule", "factors belong to a rule", advice, key=True
            )


def _volumes(view: View) -> Iterator[Problem]:
    """Check that what comes from the volumes file has one, with the columns that hold it."""
    columns = view.names("volumes", "columns")
    users = [
        *((("callers", s, "calls"), "calls") for s in view.callers if _wants_volumes(view, "callers", s, "calls")),
        *((("agents", g, "heads"), "staffed") for g in view.agents if _wants_volumes(view, "agents", g, "heads")),
        *(
            ((section, name, part), "handle_time_seconds")
            for section in ("queues", "callers")
            for name in view.names(section)
            for part in ("talk", "after_call_work", "handle_time")
            if _wants_volumes(view, section, name, part)
        ),
    ]
    for way, column in users:
        if not view.has_volumes:
            rule = "there is no volumes file"
            yield view.problem(way, "'from volumes'", rule, "add volumes: {file: ..., columns: ...}")
        elif column not in columns and columns:
            rule = f"the volumes file has no column {column}"
            yield view.problem(way, "'from volumes'", rule, f"name it under volumes.columns.{column}")
    if view.has_volumes:
        yield from _volumes_file(view, set(columns))


def _wants_volumes(view: View, *way: str) -> bool:
    node = view.node(*way)
    if node is None:
        return False
    if way[-1] == "calls" and node.entries is not None:
        return "from_volumes" in node.entries
    texts = [node, *(child for _, child in node.children())]
    return any("from volumes" in " ".join(one.text.split()) for one in texts)


def _volumes_file(view: View, columns: set[str]) -> Iterator[Problem]:
    way = ("volumes", "columns")
    if columns and "start" in columns and columns & {"date", "time"}:
        rule = "the time of an interval is start, or date and time, not both"
        yield view.problem((*way, "start"), "start beside date or time", rule, "keep one", key=True)
    elif columns and "start" not in columns and not {"date", "time"} <= columns:
        yield view.problem(way, "no time of the intervals", "date and time are required, or start", "add date and time")
    repeats = [stream for stream in [*view.callers] if view.has("callers", stream, "calls_again")]
    if (repeats or view.has("callers: defaults", "calls_again")) and not view.has("volumes", "counts"):
        rule = "as soon as callers call again, it must be said what the file counts"
        yield view.problem(("volumes",), "no counts", rule, "add counts: fresh demand, or counts: offered")
    if not view.source.has("run", "start"):
        yield view.problem(
            ("volumes",), "volumes without a calendar", "dates need run.start", "add run.start", key=True
        )


DEMAND_CHECKS = (_calls, _patience, _volumes)
"""Each takes a view and yields problems."""

"""Checks that need only names and what is written beside each other: no calendar, no numbers resolved.

They read the node tree instead of the models, so that they report together with wrong types and units: a value that
cannot be read is left to the models. Checks that need expanded hours are in `checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsim import units
from callsim.errors import Problem
from callsim.scenario.reading.demand_checks import DEMAND_CHECKS, demand_ways
from callsim.scenario.reading.name_checks import NAME_CHECKS
from callsim.scenario.reading.source import Pathway, Source
from callsim.scenario.reading.view import View, kind_ways, reasons

__all__ = ["contradictions"]

_MOST_INTERVALS = 200_000
"""Two years of five minutes; more is a slip of the pen."""


def contradictions(source: Source) -> list[Problem]:
    """Return what contradicts itself: names that lead nowhere, things said twice or not at all.

    Parameters
    ----------
    source : Source
        The tree, `defaults` spread.
    """
    view = View(source)
    checks = [*NAME_CHECKS, *DEMAND_CHECKS, *_OTHER_CHECKS]
    if view.cases:
        from callsim.scenario.reading.case_checks import CASE_CHECKS
        from callsim.scenario.reading.case_names import CASE_NAME_CHECKS

        checks += [*CASE_NAME_CHECKS, *CASE_CHECKS]
    return [problem for check in checks for problem in check(view)]


def _follow(view: View) -> Iterator[Problem]:
    """Without cases there is nothing to follow."""
    if not view.cases and view.read(units.duration, "run", "follow_cases"):
        rule = "there are no cases that could be followed"
        yield view.problem(("run", "follow_cases"), "follow_cases without cases", rule, "remove it, or write cases")


def _handle_times(view: View) -> Iterator[Problem]:
    """Talk and after-call work, or handle time: one of the two, and one of them at all."""
    advice = "keep handle_time, or talk with after_call_work"
    for section in ("queues", "callers", "cases"):
        for name in view.names(section):
            for part in ("talk", "after_call_work"):
                if view.has(section, name, part) and view.has(section, name, "handle_time"):
                    rule = f"handle_time holds {part.replace('_', ' ')} already: two ways to say the same"
                    yield view.problem((section, name, part), f"{part} beside handle_time", rule, advice, key=True)
    for queue in view.queues:
        given = any(view.has("queues", queue, part) for part in ("talk", "handle_time"))
        own = any(
            view.has(section, name, part)
            for section in ("callers", "cases")
            for name in view.names(section)
            for part in ("talk", "handle_time")
        )
        if not given and not own:
            rule = "the length of its calls is required"
            yield view.problem(
                ("queues", queue), "no talk and no handle_time", rule, "add talk: lognormal mean 6m cv 0.8"
            )


def _presence(view: View) -> Iterator[Problem]:
    """Check that a group says in one way when it is there."""
    only_shifts = ("persons", "breaks", "late_break", "no_show")
    for group in view.agents:
        if view.node("agents", group) is None or view.node("agents", group).kind != "mapping":  # type: ignore[union-attr]
            continue
        ways = [key for key in ("heads", "staffing", "shifts") if view.has("agents", group, key)]
        if not ways:
            rule = "a group says when it is there"
            yield view.problem(("agents", group), "no heads, staffing or shifts", rule, "add heads: 10, or shifts")
        for key in ways[1:]:
            rule = "a group says in one way when it is there"
            advice = f"keep {ways[0]} or {key}, and make two groups of it if you need both"
            yield view.problem(("agents", group, key), f"{key} beside {ways[0]}", rule, advice, key=True)
        if ways and "shifts" not in ways:
            for key in only_shifts:
                if view.has("agents", group, key):
                    rule = f"{key} belongs to shifts: heads and staffing are positions, not people"
                    yield view.problem(
                        ("agents", group, key), f"{key} without shifts", rule, "remove it, or write shifts", key=True
                    )
        yield from _staffing(view, ("agents", group, "staffing"))


def _staffing(view: View, way: Pathway) -> Iterator[Problem]:
    keys = view.names(*way)
    if "heads" in keys and "every" not in keys:
        yield view.problem((*way, "heads"), "a list without its step", "a list needs every", "add every: 30m", key=True)
    if "heads" not in keys and {"every", "repeat"} & set(keys):
        yield view.problem(way, "every without heads", "a step needs its list", "add heads: [5, 7, 9]")
    for key in keys if "heads" in keys else ():
        if key not in {"every", "heads", "repeat"}:
            rule = "heads are a list with every, or stand at hours of the week, not both"
            yield view.problem((*way, key), f"{key!r} beside heads", rule, "keep one of the two", key=True)


def _somebody(view: View) -> Iterator[Problem]:
    """Somebody calls, somebody answers."""
    if not view.callers and not view.cases and not view.has_volumes and (view.source.root.entries is not None):
        rule = "somebody must call"
        advice = "add callers: {everyone: {calls: {per_hour: 120}}}, or volumes"
        yield view.problem(("callers",), "no callers", rule, advice)
    for section, advice in (("queues", "add queues: {main: {talk: ...}}"), ("agents", "add agents: {team: {...}}")):
        if view.source.has(section) and not view.names(section) and not view.is_misshapen(section):
            yield view.problem((section,), f"no {section}", "at least one is needed", advice)


def _calendar(view: View) -> Iterator[Problem]:
    """Without a start there are no weekdays and no dates."""
    if view.source.has("run", "start"):
        return
    for way in _calendar_ways(view):
        rule = "hours of the week and dates need a calendar, and run has no start"
        yield view.problem(way, "hours of the week", rule, "add start, such as start: 2025-06-02, under run", key=True)
    if view.has("run", "time_zone"):
        rule = "a time zone needs a calendar, and run has no start"
        yield view.problem(("run", "time_zone"), "a time zone", rule, "add start, or remove time_zone", key=True)


def _calendar_ways(view: View) -> Iterator[Pathway]:
    for queue in view.queues:
        for key in ("open", "advertised"):
            hours = view.read(units.weekly_hours, "queues", queue, key)
            if hours is not None and not hours.always:
                yield ("queues", queue, key)
        yield from (("queues", queue, key) for key in ("closed_on", "special_days") if view.has("queues", queue, key))
    for demand in demand_ways(view):
        for key in ("per_hour", "per_day", "profile", "at"):
            node = view.node(*demand, key)
            is_hours = key in {"profile", "at"} and node is not None and isinstance(node.value, str)
            if node is not None and (node.entries is not None or is_hours) and node.value != "24/7":
                yield (*demand, key)
    for case in view.cases:
        way = ("cases", case)
        written: list[Pathway] = [(*one, "awake") for one in dict.fromkeys((way, *kind_ways(view, case)))]
        for at in (*written, (*way, "regulator", "at")):
            if (read := view.read(units.weekly_hours, *at)) is not None and not read.always:
                yield at
    for group in view.agents:
        if view.has("agents", group, "shifts"):
            yield ("agents", group, "shifts")
        if view.names("agents", group, "staffing") and not view.has("agents", group, "staffing", "heads"):
            yield ("agents", group, "staffing")
    yield from (("transfers", r, "during") for r in reasons(view) if view.has("transfers", r, "during"))


def _clock(view: View) -> Iterator[Problem]:
    """Check that the clock has a length, an interval and replications."""
    for key, example in (("measure", "1 week"), ("interval", "30m")):
        if view.read(units.duration, "run", key) == 0:
            yield view.problem(("run", key), "0", f"{key} must be above 0", f"write {key}: {example}")
    measure, interval = (view.read(units.duration, "run", key) for key in ("measure", "interval"))
    if measure and interval and measure / interval > _MOST_INTERVALS:
        found, rule = f"{measure // interval} intervals", f"a run reports at most {_MOST_INTERVALS}"
        yield view.problem(("run", "interval"), found, rule, "take a longer interval, or measure less")
    if view.read(units.count, "run", "replications") == 0:
        yield view.problem(("run", "replications"), "0", "at least one replication is needed", "write replications: 10")
    if view.read(units.share, "run", "level") in {0.0, 1.0}:
        found = view.text("run", "level") or "level"
        yield view.problem(("run", "level"), found, "a confidence level lies between 0% and 100%", "write level: 95%")
    if view.read(units.share, "check", "level") in {0.0, 1.0}:
        found = view.text("check", "level") or "level"
        yield view.problem(("check", "level"), found, "nothing is known for certain, or not at all", "write level: 99%")
    for key in ("at_least", "at_most"):
        if view.read(units.count, "check", key) in {0, 1}:
            found = view.text("check", key) or key
            rule = "one replication has no interval, so nothing could be decided"
            yield view.problem(("check", key), found, rule, f"write 2 or more, such as {key}: 8")
    interval = view.read(units.duration, "volumes", "reads", "interval")
    if interval == 0:
        yield view.problem(("volumes", "reads", "interval"), "0", "interval must be above 0", "write interval: 30m")


_OTHER_CHECKS = (_follow, _handle_times, _presence, _somebody, _calendar, _clock)

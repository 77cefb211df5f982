"""Checks that need only names and what is written beside each other: no calendar, no numbers resolved.

They read the node tree instead of the models, so that they report together with wrong types and units: a value that
cannot be read is left to the models. Checks that need expanded hours are in `checks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from callsim import units
from callsim.errors import Problem
from callsim.scenario.models import TransferRule
from callsim.scenario.source import Node, Pathway, Source, nearest
from callsim.units import UnitError

__all__ = ["contradictions"]

_RESERVED = {
    "queues": frozenset({"defaults", "law", "callers", "by", "during", *TransferRule.model_fields}),
    "callers": frozenset({"defaults"}),
    "agents": frozenset({"defaults"}),
}
"""Names that mean something else where they would be used."""
_AMOUNTS = ("per_hour", "per_day", "per_week", "recorded", "from_volumes")


def contradictions(source: Source) -> list[Problem]:
    """Return what contradicts itself: names that lead nowhere, things said twice or not at all.

    Parameters
    ----------
    source : Source
        The tree, `defaults` spread.
    """
    view = _View(source)
    found: list[Problem] = []
    for check in _CHECKS:
        found.extend(check(view))
    return found


class _View:
    """The tree, read with tolerance: what has the wrong shape is as if it were not there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problem = source.problem
        self.queues = self.names("queues")
        self.callers = self.names("callers")
        self.agents = self.names("agents")
        self.has_volumes = source.has("volumes")

    def names(self, *path: str | int) -> list[str]:
        """Return the keys of a mapping."""
        node = self.source.node(path)
        return list(node.entries) if node is not None and node.entries is not None else []

    def has(self, *path: str | int) -> bool:
        """Tell whether something but nothing at all is written at a path."""
        node = self.source.node(path)
        return node is not None and not (node.kind == "value" and node.value is None)

    def node(self, *path: str | int) -> Node | None:
        """Return a node."""
        return self.source.node(path)

    def text(self, *path: str | int) -> str | None:
        """Return a single value as a text."""
        node = self.source.node(path)
        return node.text.strip() if node is not None and node.kind == "value" and node.value is not None else None

    def read(self, reader: Callable[[Any], Any], *path: str | int) -> Any:
        """Return a value read with a reader of `units`, None if it cannot be read."""
        node = self.source.node(path)
        if node is None:
            return None
        value = [item.value for item in node.items] if node.items is not None else node.value
        try:
            return reader(value)
        except UnitError:
            return None

    def listed(self, *path: str | int) -> Iterator[tuple[Pathway, str]]:
        """Yield path and text of a name, or of each name of a list."""
        node = self.source.node(path)
        if node is None:
            return
        if node.items is not None:
            yield from (((*path, i), item.text) for i, item in enumerate(node.items) if item.kind == "value")
        elif node.kind == "value" and node.value is not None:
            yield path, node.text.strip()


def _names(view: _View) -> Iterator[Problem]:
    """Names must fit into paths, and must not mean something else."""
    places = [(section, name) for section in ("queues", "callers", "agents") for name in view.names(section)]
    ways: list[Pathway] = list(places)
    ways += [
        ("agents", group, "shifts", shift) for group in view.agents for shift in view.names("agents", group, "shifts")
    ]
    ways += [("transfers", name) for name in view.names("transfers")]
    for way in ways:
        name = str(way[-1])
        if not name.strip():
            yield view.problem(way, "an empty name", "a name is needed", key=True)
        elif bad := next((sign for sign in ".*/" if sign in name and (sign != "/" or way[0] == "agents")), None):
            rule = f"a name holds no {bad!r}: paths such as queues.main.open need it"
            yield view.problem(way, f"the name {name!r}", rule, f"write {name.replace(bad, ' ').strip()!r}", key=True)
        elif name in _RESERVED.get(str(way[0]), ()) and len(way) == 2:
            rule = "this word has a meaning of its own where the name would be used"
            yield view.problem(way, f"the name {name!r}", rule, "choose another name", key=True)


def _unknown(
    view: _View, way: Pathway, name: str, known: Iterable[str], kind: str, *, key: bool = False
) -> Iterator[Problem]:
    if name not in known:
        listed = {"queue": "queues", "group": "groups", "stream": "callers"}[kind]
        rule = f"there is no {kind} of this name"
        yield view.problem(way, repr(name), rule, nearest(name, known, listed), key=key)


def _dangling_streams(view: _View) -> Iterator[Problem]:
    for stream in view.callers:
        if (to := view.text("callers", stream, "to")) is not None:
            yield from _unknown(view, ("callers", stream, "to"), to, view.queues, "queue")
        for part in ("talk", "after_call_work", "handle_time"):
            for queue in view.names("callers", stream, part):
                if "law" not in view.names("callers", stream, part):
                    way = ("callers", stream, part, queue)
                    yield from _unknown(view, way, queue, view.queues, "queue", key=True)


def _dangling_queues(view: _View) -> Iterator[Problem]:
    for queue in view.queues:
        for key, words in (("when_closed", "overflow to "), ("at_closing", "move to ")):
            rule = " ".join((view.text("queues", queue, key) or "").split())
            if rule.startswith(words):
                target = rule.removeprefix(words)
                yield from _unknown(view, ("queues", queue, key), target, view.queues, "queue")
                if target == queue:
                    yield view.problem(
                        ("queues", queue, key), repr(rule), "this is the queue itself", "name another queue"
                    )
    for group in view.agents:
        answers = ("agents", group, "answers")
        for queue in view.names(*answers):
            yield from _unknown(view, (*answers, queue), queue, view.queues, "queue", key=True)
        for way, queue in view.listed(*answers):
            yield from _unknown(view, way, queue, view.queues, "queue")


def _reasons(view: _View) -> list[str]:
    return [name for name in view.names("transfers") if name != "defaults" and not name.startswith("to ")]


def _sources(view: _View, reason: str) -> list[str]:
    own = {"callers", "by", "during", *TransferRule.model_fields}
    return [name for name in view.names("transfers", reason) if name not in own]


def _dangling_transfers(view: _View) -> Iterator[Problem]:
    streams = [*view.callers, *(view.queues if view.has_volumes else ())]
    for name in view.names("transfers"):
        if name.startswith("to "):
            yield from _unknown(view, ("transfers", name), name[3:].strip(), view.queues, "queue", key=True)
    for reason in _reasons(view):
        for way, stream in view.listed("transfers", reason, "callers"):
            yield from _unknown(view, way, stream, streams, "stream")
        for way, group in view.listed("transfers", reason, "by"):
            yield from _unknown(view, way, group, view.agents, "group")
        for origin in _sources(view, reason):
            way = ("transfers", reason, origin)
            if origin not in view.queues:
                words = [*view.queues, "callers", "by", "during", *TransferRule.model_fields]
                rule = "this is neither a queue nor a key of a transfer"
                yield view.problem(way, repr(origin), rule, nearest(origin, words, "known"), key=True)
            for target in view.names(*way):
                yield from _unknown(view, (*way, target), target, view.queues, "queue", key=True)
        if not _sources(view, reason) and view.node("transfers", reason) is not None:
            rule = "a reason says from where calls are passed on"
            advice = "write it like: orders: {support: 6%}"
            yield view.problem(("transfers", reason), "no source queue", rule, advice, key=True)


def _transfer_shares(view: _View) -> Iterator[Problem]:
    """Shares of answered calls at one source add up to 100 % at most, for each stream, group and hour."""
    everybody = ["", *view.callers]
    anyone = ["", *view.agents]
    for origin in view.queues:
        rows = [reason for reason in _reasons(view) if origin in _sources(view, reason)]
        told: set[str] = set()
        for stream in everybody:
            for group in anyone:
                for instant in _instants(view, rows):
                    total = 0.0
                    for reason in rows:
                        if not _applies(view, reason, stream, group, instant):
                            continue
                        total += _sum_of_shares(view, reason, origin)
                        if total > 1 + 1e-9 and reason not in told:
                            told.add(reason)
                            rule = f"the shares that leave {origin} add up to at most 100%"
                            found = f"{units.format_share(total)} in all"
                            yield view.problem(("transfers", reason, origin), found, rule, "lower the shares", key=True)


def _instants(view: _View, reasons: list[str]) -> list[int]:
    """Return a minute of the week in each constellation of `during`."""
    hours = [view.read(units.weekly_hours, "transfers", reason, "during") for reason in reasons]
    return sorted({0, *(start for one in hours if one is not None for start, _ in one.spans)})


def _applies(view: _View, reason: str, stream: str, group: str, instant: int) -> bool:
    for key, name in (("callers", stream), ("by", group)):
        names = [text for _, text in view.listed("transfers", reason, key)]
        if names and name not in names:
            return False
    hours = view.read(units.weekly_hours, "transfers", reason, "during")
    return hours is None or any((instant - start) % units.WEEK_MINUTES < n for start, n in hours.spans)


def _sum_of_shares(view: _View, reason: str, origin: str) -> float:
    shares = (view.read(units.share, "transfers", reason, origin, to) for to in view.names("transfers", reason, origin))
    return sum(share for share in shares if share is not None)


def _handle_times(view: _View) -> Iterator[Problem]:
    """Talk and after-call work, or handle time: one of the two, and one of them at all."""
    advice = "keep handle_time, or talk with after_call_work"
    for section in ("queues", "callers"):
        for name in view.names(section):
            for part in ("talk", "after_call_work"):
                if view.has(section, name, part) and view.has(section, name, "handle_time"):
                    rule = f"handle_time holds {part.replace('_', ' ')} already: two ways to say the same"
                    yield view.problem((section, name, part), f"{part} beside handle_time", rule, advice, key=True)
    for queue in view.queues:
        given = any(view.has("queues", queue, part) for part in ("talk", "handle_time"))
        own = any(view.has("callers", stream, part) for stream in view.callers for part in ("talk", "handle_time"))
        if not given and not own:
            rule = "the length of its calls is required"
            yield view.problem(
                ("queues", queue), "no talk and no handle_time", rule, "add talk: lognormal mean 6m cv 0.8"
            )


def _presence(view: _View) -> Iterator[Problem]:
    """A group says in one way when it is there."""
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


def _staffing(view: _View, way: Pathway) -> Iterator[Problem]:
    keys = view.names(*way)
    if "heads" in keys and "every" not in keys:
        yield view.problem((*way, "heads"), "a list without its step", "a list needs every", "add every: 30m", key=True)
    if "heads" not in keys and {"every", "repeat"} & set(keys):
        yield view.problem(way, "every without heads", "a step needs its list", "add heads: [5, 7, 9]")
    for key in keys if "heads" in keys else ():
        if key not in {"every", "heads", "repeat"}:
            rule = "heads are a list with every, or stand at hours of the week, not both"
            yield view.problem((*way, key), f"{key!r} beside heads", rule, "keep one of the two", key=True)


def _calls(view: _View) -> Iterator[Problem]:
    """Fresh calls are given in one way, with what belongs to it."""
    for stream in view.callers:
        way = ("callers", stream, "calls")
        node = view.node(*way)
        if node is None or node.entries is None:
            continue
        ways = [key for key in _AMOUNTS if view.has(*way, key)]
        if not ways:
            advice = "add per_hour: 120, per_day, per_week, recorded or from_volumes"
            yield view.problem(way, "no number of calls", "fresh calls are given in one way", advice)
            continue
        for key in ways[1:]:
            yield view.problem(
                (*way, key), f"{key} beside {ways[0]}", "fresh calls are given in one way", "keep one", key=True
            )
        yield from _amounts(view, way, ways[0])


def _amounts(view: _View, way: Pathway, key: str) -> Iterator[Problem]:
    """What stands beside an amount must belong to it."""
    kind, profile = _shape(view.node(*way, key)), view.node(*way, "profile")
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
        yield view.problem((*way, "profile"), f"profile beside {key}", rule, "write per_day or per_week", key=True)
    lists = [k for k in (key, "profile") if (node := view.node(*way, k)) is not None and node.items is not None]
    if lists and not view.has(*way, "every"):
        yield view.problem(
            (*way, lists[0]), "a list without its step", "a list needs every", "add every: 30m", key=True
        )
    for extra in ("every", "repeat"):
        if view.has(*way, extra) and (not lists or (extra == "repeat" and lists == ["profile"])):
            yield view.problem(
                (*way, extra), f"{extra} without a list", f"{extra} belongs to a list", "remove it", key=True
            )
    if profile is not None and profile.items is not None and (every := view.read(units.duration, *way, "every")):
        whole = units.WEEK if key == "per_week" else units.DAY
        if every * len(profile.items) != whole:
            found = f"{len(profile.items)} weights of {units.format_duration(every)}"
            rule = f"a listed profile fills {units.format_duration(whole)}, which takes {units.format_number(whole / every)}"
            yield view.problem((*way, "profile"), found, rule, "correct the list or every")


def _shape(node: Node | None) -> str | None:
    if node is None:
        return None
    if node.items is not None:
        return "list"
    if node.entries is not None:
        return "hours" if any(any(sign.isdigit() for sign in key) for key in node.entries) else "days"
    return "text" if isinstance(node.value, str) else "number"


def _patience(view: _View) -> Iterator[Problem]:
    """A patience says its zero share once, and its factors with their rule."""
    for stream in view.callers:
        way = ("callers", stream, "patience")
        text = view.text(*way) or view.text(*way, "law") or ""
        if view.has("callers", stream, "hangs_up_at_once") and ("zero" in text.split() or view.has(*way, "zero")):
            rule = "patience has a zero share already: two ways to say the same"
            yield view.problem(
                ("callers", stream, "hangs_up_at_once"), "hangs_up_at_once beside zero", rule, "keep one", key=True
            )
        rule_text, factors = view.text(*way, "rule"), view.has(*way, "factors")
        if rule_text == "multiplied by attempt" and not factors:
            yield view.problem((*way, "rule"), repr(rule_text), "this rule needs factors", "add factors: [1, 0.8, 0.5]")
        if factors and rule_text != "multiplied by attempt":
            advice = "add rule: multiplied by attempt"
            yield view.problem(
                (*way, "factors"), "factors without their rule", "factors belong to a rule", advice, key=True
            )


def _volumes(view: _View) -> Iterator[Problem]:
    """What comes from the volumes file needs one, and the columns that hold it."""
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


def _wants_volumes(view: _View, *way: str) -> bool:
    node = view.node(*way)
    if node is None:
        return False
    if way[-1] == "calls" and node.entries is not None:
        return "from_volumes" in node.entries
    texts = [node, *(child for _, child in node.children())]
    return any("from volumes" in " ".join(one.text.split()) for one in texts)


def _volumes_file(view: _View, columns: set[str]) -> Iterator[Problem]:
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


def _somebody(view: _View) -> Iterator[Problem]:
    """Somebody calls, somebody answers."""
    if not view.callers and not view.has_volumes and (view.source.root.entries is not None):
        rule = "somebody must call"
        advice = "add callers: {everyone: {calls: {per_hour: 120}}}, or volumes"
        yield view.problem(("callers",), "no callers", rule, advice)
    for section, advice in (("queues", "add queues: {main: {talk: ...}}"), ("agents", "add agents: {team: {...}}")):
        if view.source.has(section) and not view.names(section):
            yield view.problem((section,), f"no {section}", f"{section} must have a name at least", advice)


def _calendar(view: _View) -> Iterator[Problem]:
    """Without a start there are no weekdays and no dates."""
    if view.source.has("run", "start"):
        return
    for way in _calendar_ways(view):
        rule = "hours of the week and dates need a calendar, and run has no start"
        yield view.problem(way, "hours of the week", rule, "add start, such as start: 2025-06-02, under run", key=True)
    if view.has("run", "time_zone"):
        rule = "a time zone needs a calendar, and run has no start"
        yield view.problem(("run", "time_zone"), "a time zone", rule, "add start, or remove time_zone", key=True)


def _calendar_ways(view: _View) -> Iterator[Pathway]:
    for queue in view.queues:
        for key in ("open", "advertised"):
            hours = view.read(units.weekly_hours, "queues", queue, key)
            if hours is not None and not hours.always:
                yield ("queues", queue, key)
        yield from (("queues", queue, key) for key in ("closed_on", "special_days") if view.has("queues", queue, key))
    for stream in view.callers:
        for key in ("per_hour", "per_day", "profile"):
            node = view.node("callers", stream, "calls", key)
            is_file = key == "profile" and node is not None and isinstance(node.value, str)
            if node is not None and (node.entries is not None or is_file):
                yield ("callers", stream, "calls", key)
    for group in view.agents:
        if view.has("agents", group, "shifts"):
            yield ("agents", group, "shifts")
        if view.names("agents", group, "staffing") and not view.has("agents", group, "staffing", "heads"):
            yield ("agents", group, "staffing")
    yield from (("transfers", r, "during") for r in _reasons(view) if view.has("transfers", r, "during"))


def _clock(view: _View) -> Iterator[Problem]:
    """The clock has a length, an interval and replications."""
    for key, example in (("measure", "1 week"), ("interval", "30m")):
        if view.read(units.duration, "run", key) == 0:
            yield view.problem(("run", key), "0", f"{key} must be above 0", f"write {key}: {example}")
    if view.read(units.count, "run", "replications") == 0:
        yield view.problem(("run", "replications"), "0", "at least one replication is needed", "write replications: 10")
    if view.read(units.share, "run", "level") in {0.0, 1.0}:
        found = view.text("run", "level") or "level"
        yield view.problem(("run", "level"), found, "a confidence level lies between 0% and 100%", "write level: 95%")
    interval = view.read(units.duration, "volumes", "reads", "interval")
    if interval == 0:
        yield view.problem(("volumes", "reads", "interval"), "0", "interval must be above 0", "write interval: 30m")


_CHECKS: tuple[Callable[[_View], Iterator[Problem]], ...] = (
    _names,
    _dangling_streams,
    _dangling_queues,
    _dangling_transfers,
    _transfer_shares,
    _handle_times,
    _presence,
    _calls,
    _patience,
    _volumes,
    _somebody,
    _calendar,
    _clock,
)

"""Names that lead nowhere or cannot be addressed, and shares of transfers that add up to too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callsim import units
from callsim.errors import Problem
from callsim.scenario.models import TransferRule
from callsim.scenario.reading.source import Pathway, nearest
from callsim.scenario.reading.view import View, reasons

__all__ = ["NAME_CHECKS"]

_RESERVED = {
    "queues": frozenset({"defaults", "law", "callers", "by", "during", *TransferRule.model_fields}),
    "callers": frozenset({"defaults"}),
    "agents": frozenset({"defaults"}),
}
"""Names that mean something else where they would be used."""


def _names(view: View) -> Iterator[Problem]:
    """Names must fit into paths, and must not mean something else."""
    places = [(section, name) for section in ("queues", "callers", "cases", "agents") for name in view.names(section)]
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
            rule = f"a name holds no {bad!r}, which has a meaning of its own in paths"
            yield view.problem(way, f"the name {name!r}", rule, f"write {name.replace(bad, ' ').strip()!r}", key=True)
        elif name in _RESERVED.get(str(way[0]), ()) and len(way) == 2:
            rule = "this word has a meaning of its own where the name would be used"
            yield view.problem(way, f"the name {name!r}", rule, "choose another name", key=True)


def _unknown(
    view: View, way: Pathway, name: str, known: Iterable[str], kind: str, *, key: bool = False
) -> Iterator[Problem]:
    section = {"queue": "queues", "group": "agents", "stream": "callers"}[kind]
    if name not in known and not view.is_misshapen(section):
        listed = {"queue": "queues", "group": "groups", "stream": "callers"}[kind]
        rule = f"there is no {kind} of this name"
        yield view.problem(way, repr(name), rule, nearest(name, known, listed), key=key)


def _dangling_streams(view: View) -> Iterator[Problem]:
    for stream in view.callers:
        if (to := view.text("callers", stream, "to")) is not None:
            yield from _unknown(view, ("callers", stream, "to"), to, view.queues, "queue")
        for part in ("talk", "after_call_work", "handle_time"):
            for queue in view.names("callers", stream, part):
                if "law" not in view.names("callers", stream, part):
                    way = ("callers", stream, part, queue)
                    yield from _unknown(view, way, queue, view.queues, "queue", key=True)


def _dangling_queues(view: View) -> Iterator[Problem]:
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


def _sources(view: View, reason: str) -> list[str]:
    own = {"callers", "by", "during", *TransferRule.model_fields}
    return [name for name in view.names("transfers", reason) if name not in own]


def _dangling_transfers(view: View) -> Iterator[Problem]:
    streams = [*view.callers, *view.cases, *view.case_streams, *(view.queues if view.has_volumes else ())]
    for name in view.names("transfers"):
        if name.startswith("to "):
            yield from _unknown(view, ("transfers", name), name[3:].strip(), view.queues, "queue", key=True)
    for reason in reasons(view):
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


def _transfer_shares(view: View) -> Iterator[Problem]:
    """Shares of answered calls at one source add up to 100 % at most, for each stream, group and hour."""
    for origin in view.queues:
        rows = [reason for reason in reasons(view) if origin in _sources(view, reason)]
        everybody = ["", *_told_apart(view, rows, "callers", [*view.callers, *view.case_streams])]
        anyone = ["", *_told_apart(view, rows, "by", view.agents)]
        told: set[str] = set()
        for stream in everybody:
            for group in anyone:
                for instant in _instants(view, rows):
                    total = 0.0
                    for reason in rows:
                        if not _applies(view, reason, stream, group, instant):
                            continue
                        total += _sum_of_shares(view, reason, origin) * _scale(view, reason, stream)
                        if total > 1 + 1e-9 and reason not in told:
                            told.add(reason)
                            rule = f"the shares that leave {origin} add up to at most 100%"
                            found = f"{units.format_share(total)} in all"
                            yield view.problem(("transfers", reason, origin), found, rule, "lower the shares", key=True)


def _told_apart(view: View, reasons: list[str], key: str, known: Iterable[str]) -> list[str]:
    """Return the streams or groups that one of these reasons names; to the reasons all others are alike."""
    named = {name for reason in reasons for _, name in view.listed("transfers", reason, key)}
    return [name for name in known if named & _names_of(view, name)]


def _names_of(view: View, name: str) -> set[str]:
    """Return the names under which a reason can mean somebody: one kind of customers also by its type of case."""
    case = next((case for case in view.cases if name.startswith(f"{case}: ")), name)
    return {name, case} if name in view.case_streams else {name}


def _scale(view: View, reason: str, stream: str) -> float:
    """Return the share of `passed_on`, by which a reason that names a type of case is multiplied for it."""
    case = next((case for case in view.cases if case in _names_of(view, stream)), None)
    if case is None or not any(True for _ in view.listed("transfers", reason, "callers")):
        return 1.0
    share = view.read(units.share, "cases", case, "passed_on", "share")
    return 1.0 if share is None else float(share)


def _instants(view: View, reasons: list[str]) -> list[int]:
    """Return a minute of the week in each constellation of `during`."""
    hours = [view.read(units.weekly_hours, "transfers", reason, "during") for reason in reasons]
    return sorted({0, *(start for one in hours if one is not None for start, _ in one.spans)})


def _applies(view: View, reason: str, stream: str, group: str, instant: int) -> bool:
    for key, name in (("callers", stream), ("by", group)):
        names = [text for _, text in view.listed("transfers", reason, key)]
        if names and not _names_of(view, name) & set(names):
            return False
    hours = view.read(units.weekly_hours, "transfers", reason, "during")
    return hours is None or any((instant - start) % units.WEEK_MINUTES < n for start, n in hours.spans)


def _sum_of_shares(view: View, reason: str, origin: str) -> float:
    shares = (view.read(units.share, "transfers", reason, origin, to) for to in view.names("transfers", reason, origin))
    return float(sum(share for share in shares if share is not None))


NAME_CHECKS = (_names, _dangling_streams, _dangling_queues, _dangling_transfers, _transfer_shares)
"""Each takes a view and yields problems."""

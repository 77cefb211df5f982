"""Names in cases that lead nowhere: queues, pieces of work, groups of agents; and names that two things share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callsim.errors import Problem
from callsim.scenario.language.case_readers import ONE_PIECE, OTHERS, read_pieces
from callsim.scenario.reading.source import Pathway, nearest
from callsim.scenario.reading.view import View, kind_ways

__all__ = ["CASE_NAME_CHECKS"]


def _strange(
    view: View, way: Pathway, name: str, known: Iterable[str], kind: str, *, key: bool = False
) -> Iterator[Problem]:
    """Report a name that is not known."""
    known = list(known)
    if name not in known:
        rule = f"there is no {kind} of this name"
        plural = "pieces of work" if kind == "piece of work" else f"{kind}s"
        yield view.problem(way, repr(name), rule, nearest(name, known, plural), key=key)


def _pieces(view: View, case: str) -> list[str]:
    """Return the names of the pieces of work; none if they cannot be read."""
    way = ("cases", case, "needs")
    if not view.has(*way):
        return [ONE_PIECE]
    return list(view.read(read_pieces, *way) or ())


def _names(view: View) -> Iterator[Problem]:
    """Names of customers and pieces fit into paths; a type of case is no stream of callers besides."""
    for case in view.cases:
        ways: list[Pathway] = [("cases", case, "customers", kind) for kind in view.names("cases", case, "customers")]
        named = [(way, str(way[-1]), True) for way in ways]
        named += [(way, text, False) for way, text in view.listed("cases", case, "needs")]
        for way, name, key in named:
            if bad := next((sign for sign in ".*" if sign in name), None):
                rule = f"a name holds no {bad!r}, which has a meaning of its own in paths"
                advice = f"write {name.replace(bad, ' ').strip()!r}"
                yield view.problem(way, f"the name {name!r}", rule, advice, key=key)
        if case in view.callers or (view.has_volumes and case in view.queues):
            rule = "callers of this name are there already"
            yield view.problem(("cases", case), f"the name {case!r}", rule, "choose another name", key=True)
    for stream in view.case_streams:
        if stream not in view.cases and stream in view.callers:
            rule = "this is the name of one kind of customers of a type of case"
            yield view.problem(("callers", stream), f"the name {stream!r}", rule, "choose another name", key=True)


def _queues(view: View) -> Iterator[Problem]:
    """Queues that cases name are queues."""
    for case in view.cases:
        way: Pathway = ("cases", case)
        for part, key in (("escalation", "to"), ("promises", "called_back_by"), ("regulator", "called_back_by")):
            if (name := view.text(*way, part, key)) is not None:
                yield from _strange(view, (*way, part, key), name, view.queues, "queue")
        for at, name in view.listed(*way, "escalation", "from"):
            yield from _strange(view, at, name, view.queues, "queue")
        for part in ("talk", "after_call_work", "handle_time"):
            names = view.names(*way, part)
            for name in names if "law" not in names else ():
                yield from _strange(view, (*way, part, name), name, view.queues, "queue", key=True)
        yield from _done_by(view, case)
        yield from _groups(view, case)
        for kind in dict.fromkeys((way, *kind_ways(view, case))):
            yield from _dials(view, case, (*kind, "dials"))


def _done_by(view: View, case: str) -> Iterator[Problem]:
    way, pieces = ("cases", case, "done_by"), _pieces(view, case)
    for at, name in view.listed(*way):
        yield from _strange(view, at, name, view.queues, "queue")
    for piece in view.names(*way):
        if pieces:
            yield from _strange(view, (*way, piece), piece, pieces, "piece of work", key=True)
        for at, name in view.listed(*way, piece):
            yield from _strange(view, at, name, view.queues, "queue")


def _groups(view: View, case: str) -> Iterator[Problem]:
    way = ("cases", case, "owner", "share")
    for group in view.names(*way):
        yield from _strange(view, (*way, group), group, [*view.agents, OTHERS], "group", key=True)


def _dials(view: View, case: str, way: Pathway) -> Iterator[Problem]:
    pieces = _pieces(view, case)
    if (name := view.text(*way)) is not None and "%" not in name:
        yield from _strange(view, way, name, view.queues, "queue")
    by_queue = [key for key in view.names(*way) if "%" in (view.text(*way, key) or "%") and not view.names(*way, key)]
    for key in view.names(*way):
        if key in by_queue:
            yield from _strange(view, (*way, key), key, view.queues, "queue", key=True)
            continue
        if pieces:
            yield from _strange(view, (*way, key), key, pieces, "piece of work", key=True)
        for at, name in view.listed(*way, key):
            yield from _strange(view, at, name, view.queues, "queue")
        for name in view.names(*way, key):
            yield from _strange(view, (*way, key, name), name, view.queues, "queue", key=True)
    said = view.names(*way)
    if said and not by_queue:
        for piece in pieces:
            if piece not in said:
                rule = "it must be said where they call for each piece of work"
                advice = f"add {piece}, with the queue that they call for it"
                yield view.problem(way, f"no queue for {piece!r}", rule, advice, key=True)


def _somewhere(view: View) -> Iterator[Problem]:
    """With several queues it must be said which one customers call."""
    for case in view.cases:
        way = ("cases", case)
        ways = kind_ways(view, case)
        if len(view.queues) > 1 and not view.has(*way, "dials") and not all(view.has(*one, "dials") for one in ways):
            rule = "it must be said where these customers call"
            yield view.problem(way, "no dials", rule, f"add dials, such as dials: {view.queues[0]}", key=True)


CASE_NAME_CHECKS = (_names, _queues, _somewhere)
"""Each takes a view and yields problems."""

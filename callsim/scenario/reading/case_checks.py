"""Cases that contradict themselves: said twice, said by half, or what belongs together and is not there."""

from __future__ import annotations

from collections.abc import Iterator

from callsim import units
from callsim.errors import Problem
from callsim.scenario.language.case_readers import read_carried, read_ticket
from callsim.scenario.models.case_customers import CaseCallsAgain
from callsim.scenario.reading.source import Pathway
from callsim.scenario.reading.view import View, kind_ways, reasons
from callsim.scenario.telling.manual import keys

__all__ = ["CASE_CHECKS"]


def _shares(view: View) -> Iterator[Problem]:
    """Check that the shares of the kinds of customers add up to all customers."""
    for case in view.cases:
        way = ("cases", case, "customers")
        kinds = view.names(*way)
        shares = [view.read(units.share, *way, kind, "share") for kind in kinds]
        if kinds and None not in shares and abs(sum(shares) - 1) > 1e-9:
            found = f"{units.format_share(sum(shares))} in all"
            rule = "the shares of the kinds of customers add up to 100%"
            yield view.problem(way, found, rule, "correct the shares", key=True)


def _calling_again(view: View) -> Iterator[Problem]:
    """Check that it is said who calls again after an unsolved call, and said once."""
    for case in view.cases:
        type_way: Pathway = ("cases", case)
        for way in kind_ways(view, case):
            own = [one for one in dict.fromkeys((way, type_way)) if view.has(*one, "calls_again", "unsolved")]
            if not own:
                rule = "it must be said when they call again after a call that did not solve it"
                advice = "add calls_again: {unsolved: lognormal mean 4h cv 1}, or unsolved: never"
                yield view.problem(type_way, "no calls_again.unsolved", rule, advice, key=True)
                break
            gives_up = next((one for one in (way, type_way) if view.has(*one, "gives_up")), None)
            said = (*own[0], "calls_again", "unsolved")
            if gives_up is not None and (view.has(*said, "share") or view.text(*said) == "never"):
                rule = "who does not call again gives up: two ways to say the same"
                advice = "keep gives_up, and write the law of the delay alone under unsolved"
                yield view.problem((*gives_up, "gives_up"), "gives_up beside unsolved", rule, advice, key=True)
        for way in dict.fromkeys((type_way, *kind_ways(view, case))):
            yield from _delays(view, way)


def _delays(view: View, way: Pathway) -> Iterator[Problem]:
    for key in keys(CaseCallsAgain):
        at = (*way, "calls_again", key)
        names = view.names(*at)
        if names and "law" not in names and "delay" not in names and view.read(units.share, *at, "share") != 0:
            rule = "who calls again does so after some time"
            yield view.problem(at, "no delay", rule, "add delay, such as delay: exponential mean 2h", key=True)


def _coming_back(view: View) -> Iterator[Problem]:
    """One delay holds for cases that were closed unsolved and for those that have come back."""
    for case in view.cases:
        way = ("cases", case)
        if not view.has(*way, "returns", "delay"):
            continue
        if view.has(*way, "calls_again", "reopened"):
            rule = "both say when customers call because the problem is there again: two ways to say the same"
            advice = "keep calls_again: {reopened: ...}"
            yield view.problem((*way, "returns", "delay"), "delay beside reopened", rule, advice, key=True)
        elif view.read(units.share, *way, "closes_unsolved"):
            rule = "one delay holds for cases that come back and for those that are closed unsolved"
            advice = "write it as calls_again: {reopened: ...}"
            yield view.problem((*way, "returns", "delay"), "delay beside closes_unsolved", rule, advice, key=True)


def _notes(view: View) -> Iterator[Problem]:
    """Check that nobody reads notes that nobody shares."""
    for case in view.cases:
        way = ("cases", case)
        ticket = view.node(*way, "shared_ticket")
        if ticket is not None and (ticket.entries is not None or view.read(read_ticket, *way, "shared_ticket") != 0):
            continue
        if view.read(read_carried, *way, "owner", "carries_over"):
            rule = "who takes over from a colleague has read it in the notes"
            advice = "add shared_ticket: yes, or leave it out"
            yield view.problem(
                (*way, "owner", "carries_over"), "carries_over without a shared ticket", rule, advice, key=True
            )
        if view.has(*way, "explain", "with_notes"):
            rule = "without a shared ticket nobody sees notes"
            advice = "add shared_ticket: yes, or leave it out"
            yield view.problem(
                (*way, "explain", "with_notes"), "with_notes without a shared ticket", rule, advice, key=True
            )


def _calls_back(view: View) -> Iterator[Problem]:
    """Check that what is said of a call of the provider belongs to one."""
    for case in view.cases:
        for part, extras in (("promises", ("lead", "priority")), ("regulator", ("priority",))):
            way = ("cases", case, part)
            for key in extras:
                if view.has(*way, key) and not view.has(*way, "called_back_by"):
                    rule = f"{key} is that of a call to the customer"
                    advice = "add called_back_by, with the name of a queue, or leave it out"
                    yield view.problem((*way, key), f"{key} without called_back_by", rule, advice, key=True)


def _escalations(view: View) -> Iterator[Problem]:
    """Check that escalations have a reason and lead elsewhere."""
    for case in view.cases:
        way = ("cases", case, "escalation")
        node = view.node(*way, "after")
        if node is not None and node.entries is not None and not node.entries:
            rule = "it must be said when they ask for it"
            yield view.problem((*way, "after"), "nothing", rule, "add calls: 4 calls, age, hold or anger", key=True)
        to = view.text(*way, "to")
        for at, name in view.listed(*way, "from"):
            if name == to:
                yield view.problem(at, repr(name), "it leads to another queue", "leave it out")
        if view.has(*way, "after", "anger") and not any(
            view.has(*one, "anger", "points") for one in dict.fromkeys((("cases", case), *kind_ways(view, case)))
        ):
            rule = "nothing makes these customers angry"
            advice = "add anger: {points: {unsolved: 1}}, or leave it out"
            yield view.problem((*way, "after", "anger"), "anger without points", rule, advice, key=True)
    if "escalation" in reasons(view) and any(view.has("cases", case, "escalation") for case in view.cases):
        rule = "this word names the calls that cases escalate"
        yield view.problem(("transfers", "escalation"), "the name 'escalation'", rule, "choose another name", key=True)


def _passing_on(view: View) -> Iterator[Problem]:
    """Check that `passed_on` has a reason under `transfers` that says whither, in full."""
    for case in view.cases:
        way = ("cases", case, "passed_on")
        if not view.has(*way):
            continue
        streams = {case, *(name for name in view.case_streams if name.startswith(f"{case}: "))}
        named = [
            reason
            for reason in reasons(view)
            if streams & {text for _, text in view.listed("transfers", reason, "callers")}
        ]
        if not named:
            rule = "a reason under transfers says whither these calls are passed on"
            advice = f"add transfers: {{handed round: {{callers: [{case}], ...}}}}, with shares of 100% from each queue"
            yield view.problem(way, "passed_on without a reason that names this type of case", rule, advice, key=True)
        elif view.has(*way, "share"):
            yield from _whole_shares(view, case, named)


def _whole_shares(view: View, case: str, named: list[str]) -> Iterator[Problem]:
    for source in view.queues:
        ways = [("transfers", reason, source) for reason in named if view.names("transfers", reason, source)]
        narrowed = any(view.has("transfers", reason, key) for reason in named for key in ("by", "during"))
        shares = [view.read(units.share, *way, to) for way in ways for to in view.names(*way)]
        if ways and not narrowed and None not in shares and abs(sum(shares) - 1) > 1e-9:
            found = f"{units.format_share(sum(shares))} from {source}"
            rule = f"passed_on of {case!r} says how many, and these shares say whither: they add up to 100%"
            yield view.problem(ways[0], found, rule, "correct the shares, or leave passed_on.share out", key=True)


def _explaining(view: View) -> Iterator[Problem]:
    """Check that customers with a case explain it as their type of case says."""
    cases = {*view.cases, *view.case_streams}
    for reason in reasons(view):
        named = [text for _, text in view.listed("transfers", reason, "callers")]
        if named and set(named) <= cases and view.has("transfers", reason, "explain"):
            rule = "customers with a case explain it as their type of case says"
            advice = "write explain under cases, beside shared_ticket"
            yield view.problem(("transfers", reason, "explain"), "explain", rule, advice, key=True)


CASE_CHECKS = (
    _shares,
    _calling_again,
    _coming_back,
    _notes,
    _calls_back,
    _escalations,
    _passing_on,
    _explaining,
)
"""Each takes a view and yields problems."""

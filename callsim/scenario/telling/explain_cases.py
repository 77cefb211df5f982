"""Cases in plain words, with every default: what a type of problem needs, who solves it, what its customers do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from callsim.scenario.language.case_readers import EVERYTHING, OTHERS
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.models import Anger, Believes, CaseType, Escalation, Patience, Promises, Regulator
from callsim.scenario.resolving.case_loads import CaseLoad, case_loads
from callsim.scenario.resolving.case_streams import REPEATS, dial_shares
from callsim.scenario.resolving.context import CaseKind
from callsim.scenario.resolving.loads import fresh_calls
from callsim.scenario.resolving.resolved import Resolved
from callsim.scenario.telling.explain_parts import say_count, say_duration, say_law, say_line
from callsim.units import HOUR, SECOND, WEEK, format_duration, format_number, format_share

__all__ = ["say_cases"]

_AFTER = {
    "unsolved": "an unsolved call",
    "abandoned": "hanging up in the queue",
    "busy": "a busy tone",
    "balked": "hanging up on hearing of a wait",
    "closed": "the closed announcement",
    "cut_off": "being cut off",
    "broken_promise": "a broken promise",
    "reopened": "a case that is there again",
}


def say_cases(resolved: Resolved) -> Iterator[str]:
    """Yield the lines on cases: each type, then each kind of its customers, then what follows."""
    kinds = [stream.kind for stream in resolved.context.streams if stream.kind is not None]
    loads = case_loads(resolved)
    for name, case in resolved.context.scenario.cases.items():
        yield f"  {name}"
        yield from _say_work(resolved, name, case)
        yield from _say_provider(resolved, name, case)
        for kind, load in zip(kinds, loads, strict=True):
            if kind.type == name:
                yield from _say_customers(resolved, kind, load)
                yield from _say_known(resolved, kind, load)


def _or_none(law: WrittenLaw | None, none: str) -> str:
    return none if law is None else say_law(law)


def _say_work(resolved: Resolved, name: str, case: CaseType) -> Iterator[str]:
    """Yield what is to be done, and by whom."""
    way = ("cases", name)
    needs = f"{len(case.needs)} pieces of owned work: " if len(case.needs) > 1 else "one piece of owned work: "
    yield say_line(resolved, "needs", needs + ", ".join(case.needs), *way, "needs")
    by_piece = [f"{piece} by {', '.join(queues)}" for piece, queues in case.done_by.items() if piece != EVERYTHING]
    everywhere = ", ".join(case.done_by.get(EVERYTHING, ())) or "every queue"
    yield say_line(resolved, "done by", "; ".join(by_piece) or everywhere, *way, "done_by")
    owner = case.owner
    yield say_line(resolved, "owner", f"{_owners(owner.share)} of who answers and can do it", *way, "owner", "share")
    yield say_line(resolved, "an owner does", owner.does, *way, "owner", "does")
    takes = _or_none(owner.takes, "no time besides the talk")
    yield say_line(resolved, "an owner takes", takes, *way, "owner", "takes")
    carried = f"{format_share(owner.carries_over)} of who sees that it had an owner"
    yield say_line(resolved, "carries over", carried, *way, "owner", "carries_over")
    works = _or_none(case.works_after_last_piece, "at once")
    yield say_line(resolved, "works after the last piece", works, *way, "works_after_last_piece")
    returns = 0.0 if case.returns is None else case.returns.share
    yield say_line(resolved, "comes back", f"{format_share(returns)} of solved cases", *way, "returns")
    deadline = "none" if case.deadline is None else format_duration(case.deadline)
    yield say_line(resolved, "deadline", deadline, *way, "deadline")


def _owners(shares: Mapping[str, float]) -> str:
    if EVERYTHING in shares:
        return format_share(shares[EVERYTHING])
    named = [f"{format_share(share)} of {group}" for group, share in shares.items() if group != OTHERS]
    return ", ".join([*named, f"{format_share(shares.get(OTHERS, 0.0))} of the other groups"])


def _say_provider(resolved: Resolved, name: str, case: CaseType) -> Iterator[str]:
    """Yield how calls go, and what the provider promises, refuses and closes."""
    way = ("cases", name)
    said = [f"{part.replace('_', ' ')} {_by_queue(getattr(case, part))}" for part in _SERVICE if getattr(case, part)]
    written = next((part for part in _SERVICE if getattr(case, part)), "talk")
    yield say_line(resolved, "service", "; ".join(said) or "as the queues say", *way, written)
    yield say_line(resolved, "identify", _or_none(case.identify, "no time"), *way, "identify")
    explain = "no time of its own"
    if case.explain is not None:
        notes = _or_none(case.explain.with_notes, "no time")
        explain = f"{say_law(case.explain.time)} at each employee, with notes {notes}"
    yield say_line(resolved, "explain", explain, *way, "explain")
    ticket = f"{format_share(case.shared_ticket)} of employees see their colleagues' notes"
    yield say_line(resolved, "shared ticket", ticket, *way, "shared_ticket")
    yield say_line(resolved, "passed on", _passed_on(case), *way, "passed_on")
    yield say_line(resolved, "promises", _promises(case.promises), *way, "promises")
    closes = f"{format_share(case.closes_unsolved)} of answered calls that did not solve it"
    yield say_line(resolved, "closes unsolved", closes, *way, "closes_unsolved")
    yield say_line(resolved, "escalation", _escalation(case.escalation), *way, "escalation")
    yield say_line(resolved, "regulator", _regulator(case.regulator), *way, "regulator")
    if case.documented is not None:
        figures = {key.replace("_", " "): figure for key, figure in case.documented if figure is not None}
        yield f"    documented: {', '.join(f'{format_number(n)} {key}' for key, n in figures.items())}"


_SERVICE = ("talk", "after_call_work", "handle_time")


def _by_queue(laws: Mapping[str, WrittenLaw]) -> str:
    return ", ".join(say_law(law) if queue == "*" else f"at {queue} {say_law(law)}" for queue, law in laws.items())


def _passed_on(case: CaseType) -> str:
    if case.passed_on is None:
        return "as the transfers say, of answered calls that nobody owned"
    most = case.passed_on.at_most
    often = "" if most is None else f", {most} times at the most"
    return f"{format_share(case.passed_on.share)} of answered calls that nobody owned{often}, whither the transfers say"


def _promises(promises: Promises | None) -> str:
    if promises is None:
        return "none"
    how = "elsewhere, at the deadline"
    if promises.called_back_by is not None:
        lead = f" {format_duration(promises.lead)} before the deadline" if promises.lead else " at the deadline"
        how = f"by a call from {promises.called_back_by}, queued{lead}{_priority(promises.priority)}"
    return (
        f"{format_share(promises.share)} of answered calls that did not solve it, due after {say_law(promises.due)}, "
        f"{format_share(promises.kept)} kept, {how}"
    )


def _priority(priority: int | None) -> str:
    return ", with the customer's own priority" if priority is None else f", priority {priority}"


def _escalation(escalation: Escalation | None) -> str:
    if escalation is None:
        return "nobody asks for it"
    after = escalation.after
    reasons = [
        *([f"from call {after.calls} on"] if after.calls is not None else []),
        *([f"at an age of {format_duration(after.age)}"] if after.age is not None else []),
        *([f"after {format_duration(after.hold)} on hold in all"] if after.hold is not None else []),
        *([f"at {after.anger} points of anger"] if after.anger is not None else []),
    ]
    sources = ", ".join(escalation.sources) or "every other queue"
    granted = format_share(escalation.granted)
    return f"to {escalation.to} from {sources}, asked for {' or '.join(reasons)}; {granted} granted"


def _regulator(regulator: Regulator | None) -> str:
    if regulator is None:
        return "nobody complains"
    hours = "at any time" if regulator.at is None else f"in the hours {regulator.at.text}"
    back = "solved then, elsewhere"
    if regulator.called_back_by is not None:
        back = f"then by a call from {regulator.called_back_by}{_priority(regulator.priority)}"
    return (
        f"{format_share(regulator.complains)} complain after an answered call that did not solve it, from call "
        f"{regulator.after.calls} and an age of {format_duration(regulator.after.age)} on, {hours}; "
        f"it acts after {say_law(regulator.acts_in)}, {back}"
    )


def _say_customers(resolved: Resolved, kind: CaseKind, load: CaseLoad) -> Iterator[str]:
    """Yield what one kind of customers is like."""
    clock = resolved.plan.clock
    begin = fresh_calls(resolved.plan, load.stream, clock.warm_up, clock.window_end)
    weekly = round(begin / resolved.context.scenario.run.measure * WEEK, 6)
    share = "" if kind.customers is None else f" {kind.customer}, {format_share(kind.customers.share)} of them"
    yield f"    customers{share}: {say_count(round(begin, 6))} cases begin while measured, {say_count(weekly)} a week"

    def line(label: str, text: str, key: str) -> str:
        return "  " + say_line(resolved, label, text, *map(str, kind.side(key)[1]))

    noticed = _or_none(kind.case.starts.noticed_after, "at once")
    yield "  " + say_line(resolved, "noticed after", noticed, *map(str, kind.way), "starts", "noticed_after")
    yield line("never try", format_share(kind.side("never_tries")[0]), "never_tries")
    yield line("priority", f"{kind.side('priority')[0]} (1 is served first)", "priority")
    yield line("credit", format_duration(kind.side("credit")[0]), "credit")
    yield line("patience", _patience(kind.side("patience")[0]), "patience")
    yield line("hangs up at once", format_share(kind.side("hangs_up_at_once")[0]), "hangs_up_at_once")
    yield line("balks", format_share(kind.side("balks")[0]), "balks")
    dials = [f"{piece}: {_shares(shares)}" for piece, shares in dial_shares(kind, resolved.context.queues).items()]
    yield line("dials for", "; ".join(dials), "dials")
    awake = kind.side("awake")[0]
    yield line("awake", "24/7" if awake is None else awake.text, "awake")
    yield line("believes open", _believes(kind.side("believes_open")[0]), "believes_open")
    yield line("waits on", _or_none(kind.side("waits_on")[0], "no time, calls on the dot"), "waits_on")
    yield from _calls_again(resolved, kind, load.stream)
    yield line("anger", _anger(kind.side("anger")[0]), "anger")


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{queue} {format_share(share)}" for queue, share in shares.items())


def _patience(patience: Patience | None) -> str:
    return "never hangs up" if patience is None else f"{say_law(patience.law)}, {patience.rule}"


def _believes(belief: Believes | None) -> str:
    if belief is None:
        return "everybody knows the hours"
    return (
        f"{format_share(belief.knows)} know the hours, the others believe the advertised ones; "
        f"{format_share(belief.learns)} learn them from a closed announcement"
    )


def _calls_again(resolved: Resolved, kind: CaseKind, stream: int) -> Iterator[str]:
    repeats = {repeat.cause: repeat for repeat in resolved.context.streams[stream].repeats or ()}
    for cause, key in REPEATS:
        repeat = repeats[cause]
        own = repeat.way[-2] in {key.replace("_", " "), "returns"}
        shares = ", then ".join(format_share(share) for share in repeat.shares)
        text = f"{shares} call again after {repeat.delay.text}" if any(repeat.shares) else "nobody calls again"
        yield f"      after {_AFTER[key]}: {text}{'' if own else '  (default: as after an unsolved call)'}"
    most = int(resolved.plan.streams.max_contacts[stream])
    yield "  " + say_line(resolved, "at most", f"{most} calls", *map(str, kind.side("calls_again")[1]), "at_most")


def _anger(anger: Anger | None) -> str:
    if anger is None:
        return "nothing makes them angry"
    points = [
        f"{value} for {(field.alias or name).replace('_', ' ')}"
        for name, field in type(anger.points).model_fields.items()
        if (value := getattr(anger.points, name))
    ]
    effects = [f"{key} {_steps(getattr(anger, key))}" for key in ("patience", "delay", "talk")]
    return f"points {', '.join(points) or 'none'}; times {', '.join(effects)}"


def _steps(factors: tuple[float, ...]) -> str:
    """Return factors by points, where they change: "1, from 3 points on 0.8"."""
    changes = [(i + 1, after) for i, (before, after) in enumerate(pairwise(factors)) if after != before]
    return ", ".join([format_number(factors[0]), *(f"from {n} points on {format_number(f)}" for n, f in changes)])


def _say_known(resolved: Resolved, kind: CaseKind, load: CaseLoad) -> Iterator[str]:
    """Yield what is known of these cases without a run."""
    yield "      calls until it is solved: no closed form, since holds, closed doors and anger decide; what is known:"
    if math.isinf(load.employees):
        yield "        nobody who answers by chance owns it: it is solved by promises or the regulator, or never"
        return
    how = "the owner does the rest" if kind.case.owner.does == "the rest" else "one piece at a time"
    yield f"        employees until it is solved, if nobody gives up: {load.employees:.3g} on average, {how}"
    yield f"        employees in an answered call: {load.legs:.3g} on average"
    tried = 1 - kind.side("never_tries")[0]
    spent = say_duration(float(load.work.sum()) * HOUR / SECOND / tried) if tried else "none, since nobody tries"
    yield f"        work in a case whose customer tries: {spent}"
    if load.deferred:
        yield "        promises that are kept, or the regulator, end some earlier"

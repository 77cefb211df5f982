"""Types of case, with each kind of customer, become streams: problems begin as calls of others arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsim.codes import Cause
from callsim.scenario.language.case_readers import EVERYTHING
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.language.law_texts import written_law
from callsim.scenario.language.values import Amounts, Delay
from callsim.scenario.models import Callers, Calls, CallsAgain, CaseCallsAgain, CaseRedial, CaseType, Starts
from callsim.scenario.resolving.context import CaseKind, Context, Repeat, Stream, Way
from callsim.units import WeeklyHours

__all__ = ["case_kinds", "case_streams", "dial_shares"]

REPEATS = (
    (Cause.REPEAT_UNSOLVED, "unsolved"),
    (Cause.REDIAL_AFTER_ABANDONED, "abandoned"),
    (Cause.REDIAL_AFTER_BLOCKED, "busy"),
    (Cause.REDIAL_AFTER_BALKED, "balked"),
    (Cause.REDIAL_AFTER_CLOSED, "closed"),
    (Cause.REDIAL_AFTER_DROPPED, "cut_off"),
    (Cause.REPEAT_BROKEN_PROMISE, "broken_promise"),
    (Cause.REPEAT_REOPENED, "reopened"),
)
"""Why customers with a case call again, and the key that says it."""
_AT_ONCE = Delay(written_law("constant 0s"), False, "constant 0s")
_TAKEN_OVER = ("priority", "credit", "patience", "hangs_up_at_once", "balks")


def case_kinds(cases: Mapping[str, CaseType]) -> list[CaseKind]:
    """Return each type of case with each kind of its customers, in the order of writing."""
    return [
        kind
        for name, case in cases.items()
        for kind in (
            [CaseKind(name, customer, case, customers) for customer, customers in case.customers.items()]
            or [CaseKind(name, name, case, None)]
        )
    ]


def case_streams(context: Context) -> list[Stream]:
    """Return the streams of the case kinds, which stand behind those of ordinary callers."""
    return [_stream(context, kind) for kind in case_kinds(context.scenario.cases)]


def dial_shares(kind: CaseKind, queues: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return where customers of a kind call for each piece, as shares of queues that add up to 1."""
    dials = kind.side("dials")[0] or {EVERYTHING: {queues[0]: 1.0}}
    return {piece: dials[piece if piece in dials else EVERYTHING] for piece in kind.case.needs}


def _stream(context: Context, kind: CaseKind) -> Stream:
    case = kind.case
    dials = dial_shares(kind, context.queues)
    queues = list(dict.fromkeys(queue for shares in dials.values() for queue, share in shares.items() if share > 0))
    first = dials[case.needs[0]]
    again, _ = kind.side("calls_again")
    asked = [part.called_back_by for part in (case.promises, case.regulator) if part is not None]
    callers = Callers.model_construct(
        calls=_calls(case.starts),
        to=max(first, key=lambda queue: first[queue]),
        times=1.0 if kind.customers is None else kind.customers.share,
        day_factor=case.starts.day_factor,
        calls_again=CallsAgain.model_construct(at_most=_at_most(kind, again)),
        talk=case.talk,
        after_call_work=case.after_call_work,
        handle_time=case.handle_time,
        **{key: kind.side(key)[0] for key in _TAKEN_OVER},
    )
    return Stream(
        kind.stream,
        callers,
        kind.way,
        kind=kind,
        repeats=_repeats(kind),
        entrances=(*queues, *(queue for queue in asked if queue is not None)),
    )


def _calls(starts: Starts) -> Calls:
    """Return the beginnings of problems as calls of ordinary callers are written."""
    per_hour, profile = starts.per_hour, starts.at
    if isinstance(profile, WeeklyHours):
        if profile.always:
            profile = None
        elif per_hour is not None and per_hour.constant is not None:
            per_hour, profile = Amounts(by_hours=((profile, per_hour.constant),)), None
        else:
            profile = Amounts(by_hours=((profile, 1.0),))
    return Calls.model_construct(
        per_hour=per_hour,
        per_day=starts.per_day,
        per_week=starts.per_week,
        every=starts.every,
        repeat=starts.repeat,
        profile=profile,
    )


def _at_most(kind: CaseKind, again: CaseCallsAgain) -> int:
    """Return the most calls of a customer; a kind that says nothing of it has that of its type."""
    return again.at_most if "at_most" in again.model_fields_set else kind.case.calls_again.at_most


def _redial(kind: CaseKind, key: str) -> tuple[CaseRedial | None, Way]:
    """Return who calls again after one kind of call, said of the kind or of the type."""
    written = key.replace("_", " ")
    if kind.customers is not None and (own := getattr(kind.customers.calls_again, key)) is not None:
        return own, (*kind.way, "customers", kind.customer, "calls_again", written)
    redial: CaseRedial | None = getattr(kind.case.calls_again, key)
    return redial, (*kind.way, "calls_again", written)


def _repeats(kind: CaseKind) -> tuple[Repeat, ...]:
    """Return who calls again, by cause: what is not written is as after an unsolved call."""
    unsolved, unsolved_way = _redial(kind, "unsolved")
    gives_up, _ = kind.side("gives_up")
    found = []
    for cause, key in REPEATS:
        redial, way = _redial(kind, key)
        if redial is None and key == "reopened":
            redial, way = _return(kind), (*kind.way, "returns")
        if redial is None:
            redial, way = unsolved, unsolved_way
        assert redial is not None  # reading a scenario asks for it
        shares = redial.share
        if redial is unsolved and gives_up is not None:
            shares = tuple(1.0 - share for share in gives_up)
        found.append(Repeat(cause, shares, _delay(redial.delay), (*way, "delay")))
    return tuple(found)


def _return(kind: CaseKind) -> CaseRedial | None:
    """Return who calls because a solved problem is back, if that is where the delay is written."""
    returns = kind.case.returns
    if returns is None or returns.delay is None:
        return None
    return CaseRedial.model_construct(delay=returns.delay)


def _delay(law: WrittenLaw | None) -> Delay:
    return _AT_ONCE if law is None else Delay(law, False, law.text)

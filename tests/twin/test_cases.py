"""Cases on both engines: small ones worked out by hand, and a centre whose rules go to every extreme."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from callsim.codes import (
    AgentSelection,
    AngerCause,
    AtClosing,
    CaseEvent,
    Cause,
    IfClosed,
    Outcome,
    PatienceRule,
    TransferPatience,
    WhenClosed,
)
from callsim.engines import simpy
from callsim.engines.compiled.counting import tally_run
from callsim.engines.compiled.engine import run as compiled_run
from callsim.errors import EngineError
from callsim.experiments.jobs import Task, simulate
from callsim.measures import check_run, measure
from callsim.plan.cases import Cases, no_cases
from callsim.plan.plan import NEVER, ONE, SECOND, SURE, Laws, Plan
from callsim.runlog import RunLog, check_log
from tests.small_cases import case_plan
from tests.small_logs import small_plan, times, transfers, with_part

Change = Callable[[Plan], Plan]

HOUR = 3600 * SECOND
DAY = 24 * HOUR
N_ANGER = len(AngerCause)

# --- small cases, worked out by hand ----------------------------------------------------------------

SECONDS = (0, 60, 5, 15, 3, 50, 20, 10, 100, 40, 30, 200)
"""The durations there are. A law is given by its place here."""
TALK, IDENTIFY, EXPLAIN, NOTES, OWNING, NOTICED, WAITS_ON, DUE, DELAY, WORKS, ACTS = range(1, 12)
DESK, OFFICE = 0, 1


def whole(values: Any, dtype: Any = np.int64) -> Any:
    """Return an integer array of any shape."""
    return np.array(values, dtype)


def one_case(at: float, opens: float = 0.0, more: dict[str, Any] | None = None, **columns: Any) -> Plan:
    """Return a plan with one customer: his problem begins at an instant, the desk opens at another.

    The team at the desk owns nothing; the office does, and is reached by escalation (row 0, dialling 12 s) or calls
    the customer. Talks take 60 s, all else as in `SECONDS`; ``columns`` replaces what stands here of `Cases`.
    """
    plan = small_plan({"error": DESK}, ("desk", "office"), {"team": 1, "crew": 1}, horizon=4000.0, interval=2000.0)
    laws = Laws(
        times(SECONDS),
        np.arange(len(SECONDS) + 1),
        np.ones(len(SECONDS), np.int8),
        np.zeros(len(SECONDS), np.int64),
        np.array(SECONDS, np.float64),
        tuple(f"constant {seconds}s" for seconds in SECONDS),
    )
    rows = replace(transfers(1, 2, [(DESK, OFFICE, 12.0)]), share=whole([0]))
    plan = replace(plan, laws=laws, transfers=rows, cases=replace(plain_case(), **columns))
    plan = with_part(plan, "agents", level=whole([[1, 0], [0, 1]], np.int32))
    plan = with_part(plan, "queues", talk_law=np.full((1, 2), TALK, np.int32), open_start=times([opens, 0.0]))
    shares, delays = np.full((1, len(Cause), 1), SURE), np.full((1, len(Cause)), DELAY, np.int32)
    delays[0, Cause.REDIAL_AFTER_CLOSED] = WORKS
    streams = {"redial_share": shares, "redial_delay": delays, "max_contacts": whole([60], np.int32)}
    return with_part(
        plan, "streams", recorded=times([at]), recorded_offset=whole([0, 1]), **{**streams, **(more or {})}
    )


def plain_case() -> Cases:
    """Return a kind of case in which nothing happens by chance: no promises, no regulator, no closing."""
    one, two = whole([0]), whole([0, 0])
    none, never = whole([-1], np.int32), whole([NEVER])
    most = whole([1 << 30], np.int32)
    return replace(
        no_cases(),
        types=("error",),
        customers=("one",),
        type=whole([0], np.int32),
        stream=whole([0], np.int32),
        pieces=whole([1], np.int32),
        can_do=np.ones((1, 2, 2), np.bool_),
        owner_share=whole([[0, SURE]]),
        carried_share=one,
        owner_does_rest=np.zeros(1, np.bool_),
        owner_law=whole([OWNING], np.int32),
        works_law=whole([WORKS], np.int32),
        returns=one,
        deadline=never,
        identify_law=whole([IDENTIFY], np.int32),
        explain_law=whole([EXPLAIN], np.int32),
        notes_law=whole([NOTES], np.int32),
        notes_seen=one,
        never_tries=one,
        noticed_law=none,
        dial_share=whole([[[SURE, 0], [SURE, 0]]]),
        awake_offset=two,
        knows_hours=whole([SURE]),
        learns_hours=one,
        believed_offset=whole([0, 1, 2]),
        believed_start=two,
        believed_end=whole([NEVER, NEVER]),
        waits_on_law=none,
        anger=np.zeros((1, N_ANGER), np.int64),
        anger_patience=whole([[ONE]]),
        anger_delay=whole([[ONE]]),
        anger_talk=whole([[ONE]]),
        promise_share=one,
        promise_due_law=whole([DUE], np.int32),
        promise_kept=one,
        promise_queue=none,
        promise_lead=one,
        promise_priority=none,
        closes_unsolved=one,
        escalation_row=whole([[-1, -1]], np.int32),
        escalation_contacts=most,
        escalation_age=never,
        escalation_hold=never,
        escalation_anger=most,
        escalation_granted=whole([SURE]),
        complaint_share=one,
        complaint_age=one,
        complaint_contacts=whole([1], np.int32),
        office_offset=two,
        regulator_law=whole([ACTS], np.int32),
        regulator_queue=none,
        regulator_priority=none,
    )


def story(plan: Plan, engine: Callable[[Plan, int, int], RunLog]) -> tuple[list[Any], list[Any], list[Any]]:
    """Return contacts, legs and case events of a run, in seconds and by name."""
    plan.check()
    log = engine(plan, 1, 0)
    check_log(log)
    check_run(plan, log)
    c, legs, e = log.contacts, log.legs, log.case_events
    causes = [Cause(code).name for code in c["cause"].tolist()]
    outcomes = [Outcome(code).name for code in c["outcome"].tolist()]
    events = [CaseEvent(code).name for code in e["event"].tolist()]
    values = [
        value / SECOND if name.startswith("PROMISE") else value
        for name, value in zip(events, e["value"].tolist(), strict=True)
    ]
    return (
        list(zip(seconds(c["arrived"]), causes, outcomes, seconds(c["ended"]), strict=True)),
        list(
            zip(
                legs["contact"].tolist(),
                legs["queue"].tolist(),
                seconds(legs["left"]),
                seconds(legs["talk_end"]),
                strict=True,
            )
        ),
        list(zip(seconds(e["at"]), events, e["contact"].tolist(), e["leg"].tolist(), values, strict=True)),
    )


def seconds(column: Any) -> list[float]:
    """Return ticks as seconds."""
    return [float(tick) / SECOND for tick in column.tolist()]


def test_a_customer_meets_a_closed_door_a_broken_promise_and_somebody_in_authority(engine: Any) -> None:
    """Two pieces, and the office owns one at a time.

    Born at 100, noticed at 120. He believes that the desk is always open and calls: closed, 1 point; now he knows its
    hours. 30 s later it is not open yet, so he waits for 200 and 10 s more. At 210 the talk takes 60 s times 2 (he is
    angry), 5 s to identify and 15 s to explain: until 350, 2 points more. The promise for 450 is broken, 1 point more,
    and at 4 points he takes half of 40 s: 470. His third contact: 60 * 2 + 5 + 3 s (the notes are seen) until 598; it
    is escalated, 12 s of dialling, and at 610 the crew takes 50 s more than 128 s: until 788. The same again from the
    promise for 888 on: 908, 1036, 1048, 1226; it works 30 s later.
    """
    anger = np.zeros((1, N_ANGER), np.int64)
    anger[0, [AngerCause.TURNED_AWAY, AngerCause.UNSOLVED, AngerCause.BROKEN_PROMISE]] = 1, 2, 1
    plan = one_case(
        100.0,
        opens=200.0,
        pieces=whole([2], np.int32),
        noticed_law=whole([NOTICED], np.int32),
        knows_hours=whole([0]),
        learns_hours=whole([SURE]),
        waits_on_law=whole([WAITS_ON], np.int32),
        notes_seen=whole([SURE]),
        anger=anger,
        anger_talk=whole([[ONE, 2 * ONE]]),
        anger_delay=whole([[ONE, ONE, ONE, ONE, ONE // 2]]),
        promise_share=whole([SURE]),
        escalation_row=whole([[0, -1]], np.int32),
        escalation_contacts=whole([3], np.int32),
    )
    contacts, legs, events = story(plan, engine)
    assert contacts == [
        (120, "FRESH", "CLOSED", 120),
        (210, "REDIAL_AFTER_CLOSED", "ANSWERED", 350),
        (470, "REPEAT_BROKEN_PROMISE", "ANSWERED", 788),
        (908, "REPEAT_BROKEN_PROMISE", "ANSWERED", 1226),
    ]
    assert legs == [
        (1, DESK, 210, 350),
        (2, DESK, 470, 598),
        (2, OFFICE, 610, 788),
        (3, DESK, 908, 1036),
        (3, OFFICE, 1048, 1226),
    ]
    assert events == [
        (100, "BORN", -1, -1, 0),
        (120, "LEARNED_HOURS", 0, -1, 0),
        (210, "EXPLAINED", 1, 0, 0),
        (350, "PROMISED", 1, -1, 450),
        (450, "PROMISE_BROKEN", -1, -1, 450),
        (598, "ESCALATED", 2, 0, 0),
        (788, "OWNED", 2, 1, 1),
        (788, "PROMISED", 2, -1, 888),
        (888, "PROMISE_BROKEN", -1, -1, 888),
        (1036, "ESCALATED", 3, 0, 0),
        (1226, "OWNED", 3, 1, 1),
        (1256, "SOLVED", -1, -1, 0),
    ]


def test_a_kept_promise_is_a_call_by_the_provider_and_a_problem_may_come_back(engine: Any) -> None:
    """Promised for 280 at 180; the call joins the office's queue at 250 and takes 60 + 50 s: kept, 80 s late.

    It works at 390 and is back; 40 s later he calls about that. That was his third contact, the last there may be:
    when the provider would call again, at 580, the case is given up.
    """
    plan = one_case(
        100.0,
        returns=whole([SURE]),
        promise_share=whole([SURE]),
        promise_kept=whole([SURE]),
        promise_queue=whole([OFFICE], np.int32),
        promise_lead=times([30.0]),
        more={"max_contacts": whole([3], np.int32)},
    )
    contacts, legs, events = story(plan, engine)
    assert contacts == [
        (100, "FRESH", "ANSWERED", 180),
        (250, "CALL_BACK", "ANSWERED", 360),
        (430, "REPEAT_REOPENED", "ANSWERED", 510),
    ]
    assert legs == [(0, DESK, 100, 180), (1, OFFICE, 250, 360), (2, DESK, 430, 510)]
    assert events == [
        (100, "BORN", -1, -1, 0),
        (100, "EXPLAINED", 0, 0, 0),
        (180, "PROMISED", 0, -1, 280),
        (360, "OWNED", 1, 0, 1),
        (360, "PROMISE_KEPT", 1, 0, 280),
        (390, "SOLVED", -1, -1, 0),
        (430, "REOPENED", 2, -1, 1),
        (430, "EXPLAINED", 2, 0, 2),
        (510, "PROMISED", 2, -1, 610),
        (580, "GAVE_UP", -1, -1, 0),
    ]


def test_a_complaint_is_taken_in_office_hours_and_the_provider_then_does_the_rest(engine: Any) -> None:
    """The call ends at 180; the regulator's office opens at 1000 and takes 200 s, the provider's call 110 s."""
    plan = one_case(
        100.0,
        pieces=whole([2], np.int32),
        complaint_share=whole([SURE]),
        office_offset=whole([0, 2]),
        office_start=times([0.0, 1000.0]),
        office_end=times([180.0, 2000.0]),
        regulator_queue=whole([OFFICE], np.int32),
    )
    contacts, _, events = story(plan, engine)
    assert contacts == [(100, "FRESH", "ANSWERED", 180), (1200, "REGULATOR", "ANSWERED", 1310)]
    assert events == [
        (100, "BORN", -1, -1, 0),
        (100, "EXPLAINED", 0, 0, 0),
        (1000, "COMPLAINED", -1, -1, 0),
        (1310, "OWNED", 1, 0, 2),
        (1340, "SOLVED", -1, -1, 1),
    ]


def test_the_provider_does_not_make_the_customer_hold(engine: Any) -> None:
    """The call back waits for an hour and a second at the office's door, and he is not angry for it.

    The door opens at 3750; the deadline of 280 has long passed. One point for an hour on hold would double the talk.
    """
    anger = np.zeros((1, N_ANGER), np.int64)
    anger[0, AngerCause.HOUR_ON_HOLD] = 1
    plan = one_case(
        69.0,
        anger=anger,
        anger_talk=whole([[ONE, 2 * ONE]]),
        promise_share=whole([SURE]),
        promise_kept=whole([SURE]),
        promise_queue=whole([OFFICE], np.int32),
        promise_lead=times([100.0]),
    )
    plan = with_part(plan, "queues", open_start=times([0.0, 3750.0]))
    contacts, legs, events = story(plan, engine)
    assert contacts == [(69, "FRESH", "ANSWERED", 149), (149, "CALL_BACK", "ANSWERED", 3860)]
    assert legs == [(0, DESK, 69, 149), (1, OFFICE, 3750, 3860)]
    assert events[2:] == [
        (149, "PROMISED", 0, -1, 249),
        (3860, "OWNED", 1, 0, 1),
        (3860, "PROMISE_KEPT", 1, 0, 249),
        (3890, "SOLVED", -1, -1, 0),
    ]


def test_ordinary_callers_call_again_after_an_answer_by_the_number_of_their_answers(engine: Any) -> None:
    """Everybody after his first answered call, nobody after the second: 10 to 70, and 40 s later 110 to 170."""
    shares = np.zeros((1, len(Cause), 2), np.int64)
    shares[0, Cause.REPEAT_UNSOLVED, 0] = SURE
    plan = replace(one_case(10.0, more={"redial_share": shares}), cases=no_cases())
    contacts, _, events = story(plan, engine)
    assert contacts == [(10, "FRESH", "ANSWERED", 70), (110, "REPEAT_UNSOLVED", "ANSWERED", 170)]
    assert events == []


# --- every rule at its extremes ---------------------------------------------------------------------


def cases_with(**columns: Any) -> Change:
    """Return the change that fills columns of `Cases` with one value each, or puts arrays in their places."""

    def change(plan: Plan) -> Plan:
        filled = {}
        for name, value in columns.items():
            column = getattr(plan.cases, name)
            filled[name] = np.asarray(value, column.dtype) if np.ndim(value) else np.full_like(column, value)
        return with_part(plan, "cases", **filled)

    return change


def windows(name: str, owners: str, rows: Sequence[tuple[int, int]]) -> Change:
    """Return the change that gives each kind or queue the same stretches of time."""

    def change(plan: Plan) -> Plan:
        n = plan.cases.n if owners == "kinds" else plan.n_queues
        columns = {
            f"{name}_offset": np.arange(n + 1, dtype=np.int64) * len(rows),
            f"{name}_start": np.array([start for start, _ in rows] * n, np.int64),
            f"{name}_end": np.array([end for _, end in rows] * n, np.int64),
        }
        return with_part(plan, "cases", **columns)

    return change


def law(name: str, mean: float) -> Change:
    """Return the change that gives a column the law whose mean is nearest to so many seconds."""
    return lambda plan: cases_with(**{name: int(np.argmin(np.abs(plan.laws.mean - mean)))})(plan)


def both(*changes: Change) -> Change:
    """Return several changes, one after the other."""

    def change(plan: Plan) -> Plan:
        for each in changes:
            plan = each(plan)
        return plan

    return change


def part(name: str, **columns: Any) -> Change:
    """Return the change that fills columns of another part of the plan with one value each."""
    return lambda plan: with_part(
        plan, name, **{key: np.full_like(getattr(getattr(plan, name), key), value) for key, value in columns.items()}
    )


def shares(value: int, *causes: Cause) -> Change:
    """Return the change that sets the share that calls again for some causes."""

    def change(plan: Plan) -> Plan:
        share = plan.streams.redial_share.copy()
        share[:, causes or slice(None)] = value
        return with_part(plan, "streams", redial_share=share)

    return change


def factors(name: str, *values: float) -> Change:
    """Return the change that sets the factors by points of anger."""
    row = [round(ONE * value) for value in values]
    return lambda plan: with_part(plan, "cases", **{name: np.array([row] * plan.cases.n, np.int64)})


def dials_only(queue: int) -> Change:
    """Return the change by which everybody calls one queue."""

    def change(plan: Plan) -> Plan:
        share = np.zeros_like(plan.cases.dial_share)
        share[:, :, queue] = SURE
        return with_part(plan, "cases", dial_share=share)

    return change


def dials_everywhere(plan: Plan) -> Plan:
    """Let all queues have a share."""
    share = np.full_like(plan.cases.dial_share, SURE // plan.n_queues)
    return with_part(plan, "cases", dial_share=share)


def closes_by(rule: AtClosing) -> Change:
    """Return the change of the rule at closing; the queue to which others move their callers keeps serving them."""

    def change(plan: Plan) -> Plan:
        rules = np.full_like(plan.queues.at_closing, rule)
        rules[1] = AtClosing.SERVE if rule == AtClosing.MOVE else rule
        return with_part(plan, "queues", at_closing=rules, at_closing_to=np.ones(plan.n_queues, np.int32))

    return change


MINUTES = [(day * DAY + 9 * HOUR, day * DAY + 9 * HOUR + 60 * SECOND) for day in range(9)]
ALWAYS: list[tuple[int, int]] = [(0, NEVER)]
PROMISES = cases_with(promise_share=SURE, promise_kept=SURE, promise_queue=2)
ASKS = cases_with(escalation_contacts=1, escalation_age=0)
COMPLAINS = cases_with(complaint_share=SURE, complaint_age=0, complaint_contacts=1)

BY_FIELD: dict[str, tuple[Change, ...]] = {
    "pieces": (cases_with(pieces=1),),
    "can_do": (cases_with(can_do=False), cases_with(can_do=True)),
    "owner_share": (cases_with(owner_share=0), cases_with(owner_share=SURE)),
    "carried_share": (cases_with(carried_share=SURE, notes_seen=SURE),),
    "owner_does_rest": (cases_with(owner_does_rest=True), cases_with(owner_does_rest=False)),
    "owner_law": (cases_with(owner_law=-1), law("owner_law", 600.0)),
    "works_law": (cases_with(works_law=-1), law("works_law", 36000.0)),
    "returns": (cases_with(returns=0), cases_with(returns=SURE)),
    "deadline": (cases_with(deadline=0),),
    "identify_law": (cases_with(identify_law=-1), law("identify_law", 300.0)),
    "explain_law": (cases_with(explain_law=-1), law("explain_law", 900.0)),
    "notes_law": (cases_with(notes_law=-1, notes_seen=SURE), law("notes_law", 900.0)),
    "notes_seen": (cases_with(notes_seen=0), cases_with(notes_seen=SURE)),
    "never_tries": (cases_with(never_tries=SURE), cases_with(never_tries=SURE // 2)),
    "noticed_law": (cases_with(noticed_law=-1), law("noticed_law", 36000.0)),
    "dial_share": (dials_only(0), dials_only(3), dials_everywhere),
    "awake": (
        windows("awake", "kinds", []),
        windows("awake", "kinds", MINUTES),
        windows("awake", "kinds", [(0, HOUR)]),
    ),
    "knows_hours": (cases_with(knows_hours=0, learns_hours=0), cases_with(knows_hours=SURE)),
    "learns_hours": (cases_with(learns_hours=SURE // 2, knows_hours=0),),
    "believed": (
        windows("believed", "queues", []),
        both(windows("believed", "queues", ALWAYS), cases_with(knows_hours=0, learns_hours=SURE // 3)),
        windows("believed", "queues", MINUTES),
    ),
    "waits_on_law": (cases_with(waits_on_law=-1), law("waits_on_law", 36000.0)),
    "anger": (cases_with(anger=0), cases_with(anger=50)),
    "anger_patience": (factors("anger_patience", 1, 1, 0.1, 0), factors("anger_patience", 3)),
    "anger_delay": (factors("anger_delay", 1, 0.5, 0), factors("anger_delay", 2.5)),
    "anger_talk": (factors("anger_talk", 1, 1.5, 1, 4), factors("anger_talk", 0.3)),
    "promise_share": (cases_with(promise_share=0), cases_with(promise_share=SURE)),
    "promise_due_law": (both(cases_with(promise_share=SURE), law("promise_due_law", 60.0)),),
    "promise_kept": (PROMISES, cases_with(promise_share=SURE, promise_kept=0)),
    "promise_queue": (both(PROMISES, cases_with(promise_queue=-1)), both(PROMISES, cases_with(promise_queue=3))),
    "promise_lead": (both(PROMISES, cases_with(promise_lead=0)), both(PROMISES, cases_with(promise_lead=9 * DAY))),
    "promise_priority": tuple(both(PROMISES, cases_with(promise_priority=n)) for n in (-1, 0, 9)),
    "closes_unsolved": (cases_with(closes_unsolved=0), cases_with(closes_unsolved=SURE)),
    "escalation_row": (cases_with(escalation_row=-1),),
    "escalation_contacts": (cases_with(escalation_contacts=1),),
    "escalation_age": (cases_with(escalation_age=0), cases_with(escalation_age=NEVER)),
    "escalation_hold": (cases_with(escalation_hold=0), cases_with(escalation_hold=60 * SECOND)),
    "escalation_anger": (cases_with(escalation_anger=0), cases_with(escalation_anger=2)),
    "escalation_granted": (
        both(ASKS, cases_with(escalation_granted=0)),
        both(ASKS, cases_with(escalation_granted=SURE)),
    ),
    "complaint_share": (COMPLAINS, cases_with(complaint_share=0)),
    "complaint_age": (both(COMPLAINS, cases_with(complaint_age=DAY)),),
    "complaint_contacts": (both(COMPLAINS, cases_with(complaint_contacts=3)),),
    "office": (
        both(COMPLAINS, windows("office", "kinds", [])),
        both(COMPLAINS, windows("office", "kinds", MINUTES)),
        both(COMPLAINS, windows("office", "kinds", [(0, HOUR)])),
    ),
    "regulator_law": (both(COMPLAINS, law("regulator_law", 60.0)),),
    "regulator_queue": (
        both(COMPLAINS, cases_with(regulator_queue=-1)),
        both(COMPLAINS, cases_with(regulator_queue=0)),
    ),
    "regulator_priority": tuple(both(COMPLAINS, cases_with(regulator_priority=n)) for n in (-1, 0, 9)),
}
"""Field of `Cases`, or what three fields have in common -> plans in which it has extreme values."""

AROUND: dict[str, Change] = {
    "two contacts": part("streams", max_contacts=2),
    "one contact": part("streams", max_contacts=1),
    "255 contacts": part("streams", max_contacts=255),
    "nobody calls again": shares(0),
    "everybody calls again": shares(SURE),
    "everybody calls again at once": both(shares(SURE), part("streams", redial_delay=-1, max_contacts=20)),
    "no second call after an answer": shares(0, Cause.REPEAT_UNSOLVED),
    "once the doors are open": part("streams", redial_until_open=True),
    "no patience": part("streams", patience_law=-1),
    "one person": part("streams", patience_rule=PatienceRule.SAME_PERSON),
    "balks": part("streams", balk=SURE // 2),
    "credit": part("streams", credit=600 * SECOND),
    "half of all durations are nothing": part("laws", zero=SURE // 2),
    "all durations are nothing": both(part("laws", zero=SURE), part("streams", max_contacts=9)),
    "ten lines": lambda plan: replace(plan, lines=10),
    "three lines": lambda plan: replace(plan, lines=3),
    "drains": lambda plan: replace(plan, clock=replace(plan.clock, drain=True)),
    "drains over three lines": lambda plan: replace(plan, lines=3, clock=replace(plan.clock, drain=True)),
    "queues of one": part("queues", limit=1),
    "queues of none": part("queues", limit=0),
    "least occupied": lambda plan: replace(plan, agent_selection=AgentSelection.LEAST_OCCUPIED),
    "any agent": lambda plan: replace(plan, agent_selection=AgentSelection.RANDOM),
    "no dialling": part("transfers", dialling=0),
    "long dialling": part("transfers", dialling=2 * HOUR),
    "nobody is passed on": part("transfers", at_most=0),
    "passed on once": part("transfers", at_most=1),
    "always passed on": both(part("transfers", share=SURE), cases_with(owner_share=SURE // 9)),
    "fresh patience": part("transfers", patience=TransferPatience.FRESH),
    "no patience after a transfer": part("transfers", patience=TransferPatience.UNLIMITED),
    "remaining patience": part("transfers", patience=TransferPatience.REMAINING),
    "few agents": part("agents", heads_count=1),
    "after-call work": part("queues", after_call_law=0),
    **{f"if closed {rule.name}": part("transfers", if_closed=rule) for rule in IfClosed},
    **{f"at closing {rule.name}": closes_by(rule) for rule in AtClosing},
    **{
        f"when closed {rule.name}": part("queues", when_closed=rule, when_closed_to=1)
        for rule in WhenClosed
        if rule != WhenClosed.OVERFLOW
    },
}
"""What happens around cases at its extremes."""


@pytest.fixture(scope="module")
def centre_with_cases() -> Plan:
    """Five days of a centre with a hundred cases, in which everybody may come to every queue."""
    plan = case_plan(
        "run.warm_up=6h",
        "run.measure=3 days",
        "run.follow_cases=36h",
        "cases.order error.starts.per_week=100",
        "callers.fault.calls={per_hour: {daily 07:00-23:00: 4}}",
        "callers.order question.calls={per_hour: {mon-sat 08:00-20:00: 6}}",
        "agents.generalists.staffing={mon-sat 08:00-22:00: 3}",
    )
    talk = plan.queues.talk_law
    return with_part(plan, "queues", talk_law=np.where(talk < 0, talk.max(axis=1, keepdims=True), talk))


def differences(plan: Plan, seed: int) -> list[str]:
    """Return the columns in which the engines' logs differ; the log of one is held against all rules."""
    plan.check()
    one, other = simpy.run(plan, seed, 0), compiled_run(plan, seed, 0)
    check_log(one)
    check_run(plan, one)
    found = [
        name
        for (name, column), (_, same) in zip(one.arrays(), other.arrays(), strict=True)
        if not np.array_equal(column, same)
    ]
    return found + ["end"] * (one.end != other.end)


def test_every_field_of_the_cases_has_its_extremes() -> None:
    """Who adds a field to the plan's cases says here what its extremes are; names alone change nothing."""
    offsets = ("awake", "believed", "office")
    named = {field.name for field in fields(Cases)} - {"types", "type", "customers", "stream"}
    short = {next((window for window in offsets if name.startswith(f"{window}_")), name) for name in named}
    assert short == set(BY_FIELD)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_centre_with_cases_gives_the_same_log(centre_with_cases: Plan, seed: int) -> None:
    """Every cell, over five seeds."""
    assert differences(centre_with_cases, seed) == []


@pytest.mark.parametrize("name", list(BY_FIELD))
def test_extremes_of_a_field_give_the_same_log(centre_with_cases: Plan, name: str) -> None:
    """Each extreme on its own."""
    for number, change in enumerate(BY_FIELD[name]):
        assert differences(change(centre_with_cases), 1 + number) == []


@pytest.mark.parametrize("name", list(AROUND))
def test_extremes_around_cases_give_the_same_log(centre_with_cases: Plan, name: str) -> None:
    """Lines, doors, transfers, patience, the end of the run."""
    assert differences(AROUND[name](centre_with_cases), 1) == []


@pytest.mark.parametrize("seed", range(40))
def test_many_extremes_together_give_the_same_log(centre_with_cases: Plan, seed: int) -> None:
    """Six changes drawn from all there are."""
    every = [change for changes in BY_FIELD.values() for change in changes] + list(AROUND.values())
    plan = both(*random.Random(seed).sample(every, 6))(centre_with_cases)
    assert differences(plan, seed) == []


# --- measured from a log ----------------------------------------------------------------------------


def test_a_plan_with_cases_is_measured_from_its_log(centre_with_cases: Plan) -> None:
    """The compiled engine counts as it goes, unless there are cases: the digest is that of the log."""
    log = compiled_run(centre_with_cases, 3, 0)
    task = Task(centre_with_cases.digest(), "base", 3, 0, engine="compiled")
    finished = simulate(centre_with_cases, task)
    assert finished.measures.log_digest == log.digest()
    assert finished.measures.log_digest == measure(centre_with_cases, log).log_digest
    with pytest.raises(EngineError, match="measured from a log"):
        tally_run(centre_with_cases, 3, 0)

"""The checks of cases are not blind: each planted corruption of a good log is caught and named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from callsim.codes import CaseEvent, Cause, Outcome
from callsim.errors import InvariantBroken
from callsim.measures import check_run
from callsim.plan.plan import NEVER, SECOND, SURE, Plan
from callsim.runlog import check_log
from tests.small_case_logs import H, case_log, case_plan, case_week, event
from tests.small_logs import changed, contact, ints, lost, with_part

S = SECOND
HOUR = 3600 * S


def caught(check: Any, *given: Any) -> str:
    """Return the first line of the message."""
    with pytest.raises(InvariantBroken) as error:
        check(*given)
    return str(error.value).split("\n", maxsplit=1)[0]


def test_the_good_log_passes_and_has_every_event_of_a_case_but_an_escalation() -> None:
    """What is corrupted below was sound before."""
    log = case_week(case_plan())
    check_log(log)
    assert set(CaseEvent) - set(log.case_events["event"].tolist()) == {CaseEvent.ESCALATED}


# Events: A 0 to 12, B 13 to 18, H 19, C 20 21, D 22 23, I 24 to 26, E 27 to 30, F 31 to 39, G 40 to 42.
# Contacts: I0 0, A0 1, A1 2, C0 3, A2 4, E0 5, A3 6, F0 7, F1 8, B0 9, B1 10, X0 11, Y0 12, Y1 13, F2 14, A4 15, A5 16.
PLANTED: list[tuple[str, int, dict[str, int], str]] = [
    ("case_events", 19, {"n": 0}, "case event 19 (BORN) stands behind an event of a later case"),
    ("case_events", 27, {"stream": 1}, "case event 27 (BORN) stands behind an event of a later case"),
    ("case_events", 5, {"step": 6}, "case event 5 (OWNED) is not linked: the events of a case are numbered 0, 1, 2"),
    ("case_events", 13, {"step": 1}, "case event 13 (BORN) is not linked"),
    ("case_events", 5, {"event": 15}, "case event 5 (event 15) is unknown"),
    ("case_events", 0, {"at": -1}, "case event 0 (BORN) happens before the start or after the end of the run"),
    ("case_events", 12, {"at": 241 * HOUR}, "case event 12 (SOLVED) happens before the start or after the end"),
    ("case_events", 13, {"event": 3}, "case event 13 (EXPLAINED) comes first, but a case begins with BORN"),
    ("case_events", 14, {"event": 0}, "case event 14 (BORN) comes again: a case begins once"),
    ("case_events", 10, {"at": 40 * HOUR}, "case event 10 (COMPLAINED) happens before the event above it"),
    ("case_events", 25, {"event": CaseEvent.GAVE_UP}, "case event 26 (GAVE_UP) follows the end of the case"),
    ("case_events", 29, {"event": CaseEvent.SOLVED}, "case event 30 (SOLVED) follows a solution"),
    ("case_events", 12, {"event": CaseEvent.NEVER_TRIED}, "case event 12 (NEVER_TRIED) comes late"),
    ("case_events", 1, {"contact": 19}, "case event 1 (EXPLAINED) names a contact that there is not"),
    ("case_events", 0, {"leg": 0}, "case event 0 (BORN) names a contact that there is not"),
    ("case_events", 3, {"contact": 3}, "case event 3 (LEARNED_HOURS) names a contact of somebody else"),
    ("case_events", 5, {"contact": 4}, "case event 5 (OWNED) does not happen within its contact"),
    ("case_events", 1, {"leg": 2}, "case event 1 (EXPLAINED) names a leg that its contact does not have"),
    ("case_events", 34, {"at": 30 * HOUR + S}, "case event 34 (REOPENED) is not at the beginning of its contact"),
    ("case_events", 1, {"leg": -1}, "case event 1 (EXPLAINED) names no leg, but belongs to one"),
    ("case_events", 3, {"contact": -1}, "case event 3 (LEARNED_HOURS) names no contact, but belongs to one"),
    ("case_events", 1, {"at": 25 * HOUR + 601 * S}, "case event 1 (EXPLAINED) is not at the answer"),
    ("case_events", 5, {"at": 28 * HOUR + 499 * S}, "case event 5 (OWNED) is not at the end of the talk"),
    ("case_events", 2, {"value": 2}, "case event 2 (EXPLAINED) does not count the employees who have answered before"),
    ("case_events", 7, {"value": 0}, "case event 7 (PROMISE_BROKEN) has another deadline than the promise"),
    ("case_events", 6, {"event": CaseEvent.OWNED}, "case event 7 (PROMISE_BROKEN) settles what was not promised"),
    ("case_events", 7, {"event": CaseEvent.PROMISED}, "case event 7 (PROMISED) is made while another promise is open"),
    ("case_events", 42, {"value": 70 * HOUR}, "case event 42 (PROMISED) has a deadline before it was made"),
    ("case_events", 7, {"at": 39 * HOUR}, "case event 7 (PROMISE_BROKEN) is not at the deadline"),
    ("case_events", 7, {"event": CaseEvent.COMPLAINED}, "case event 10 (COMPLAINED) comes again"),
    ("case_events", 12, {"value": 0}, "case event 12 (SOLVED) does not say whether the customer had complained"),
    ("case_events", 18, {"value": 1}, "case event 18 (SOLVED) does not say whether the customer had complained"),
    ("case_events", 15, {"value": 0}, "case event 15 (OWNED) does no piece of work"),
    ("case_events", 27, {"at": 27 * HOUR + S}, "contact 5 begins before the problem of its case does"),
    ("case_events", 41, {"event": CaseEvent.BORN}, "case event 41 (BORN) comes again: a case begins once"),
    ("contacts", 16, {"cause": Cause.REPEAT_REOPENED}, "contact 16 does not fit its cause: a case is reopened by"),
    ("contacts", 8, {"cause": Cause.REPEAT_UNSOLVED}, "contact 8 does not fit its cause: a case is reopened by a call"),
    ("contacts", 10, {"cause": Cause.REGULATOR}, "contact 10 has the cause REGULATOR, but nobody complained before it"),
    ("contacts", 10, {"cause": Cause.CALL_BACK}, "contact 10 has the cause CALL_BACK, but nothing was promised before"),
    ("contacts", 10, {"cause": Cause.REPEAT_BROKEN_PROMISE}, "contact 10 has the cause REPEAT_BROKEN_PROMISE, but no"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "message"), PLANTED, ids=lambda value: str(value)[:60])
def test_one_damaged_cell_is_caught(table: str, row: int, cells: dict[str, int], message: str) -> None:
    """Each rule for the cases of a log, broken by one cell, is named with the row that breaks it."""
    log = changed(case_week(case_plan()), table, row, **cells)
    assert caught(check_log, log).startswith(message)


def test_an_event_in_a_leg_without_answer_is_caught() -> None:
    """Nobody explains anything to a queue."""
    plan = case_plan()
    log = case_log(
        plan,
        {"only": contact(lost(30 * H, 30 * H + 60), stream=1, n=0)},
        {(1, 0): [event(29 * H, CaseEvent.BORN), event(30 * H, CaseEvent.EXPLAINED, "only", 0)]},
    )
    assert caught(check_log, log).startswith("case event 1 (EXPLAINED) happens in a leg that nobody answered")


def test_a_contact_behind_the_end_of_its_case_is_caught() -> None:
    """Who has given up does not call; and who talks has not given up."""
    plan = case_plan()
    calls = {"one": contact(lost(30 * H, 30 * H + 60), stream=1, n=0)}
    given_up = {(1, 0): [event(29 * H, CaseEvent.BORN), event(30 * H, CaseEvent.GAVE_UP)]}
    assert caught(check_log, case_log(plan, calls, given_up)).startswith("contact 0 lasts beyond the end of its case")
    waiting = {"one": contact(lost(30 * H, -1, Outcome.UNFINISHED), stream=1, n=0)}
    assert caught(check_log, case_log(plan, waiting, given_up)).startswith("contact 0 lasts beyond the end of its case")


def test_the_good_log_fits_its_plan() -> None:
    """Dials, work, deadlines and times are those of the plan."""
    plan = allowed(case_plan())
    check_run(plan, case_week(plan))


def allowed(plan: Plan) -> Plan:
    """Return the plan with as many contacts as anybody makes."""
    return with_part(plan, "streams", max_contacts=np.full(plan.n_streams, 99, np.int32))


def planted(changes: dict[str, Any], table: str = "", row: int = 0, **cells: int) -> str:
    """Return what is said of the week under a plan whose cases are changed, and a log with changed cells."""
    plan = allowed(case_plan())
    if changes:
        plan = replace(plan, cases=replace(plan.cases, **changes))
    log = case_week(plan)
    return caught(check_run, plan, changed(log, table, row, **cells) if table else log)


def only(kind: int, queue: int, shape: tuple[int, ...] = (3, 2, 3)) -> Any:
    """Return that everything is possible, but nothing for this kind of case in this queue."""
    possible = np.ones(shape, np.bool_)
    possible[kind, :, queue] = False
    return possible


AGAINST_THE_PLAN: list[tuple[dict[str, Any], str, int, dict[str, int], str]] = [
    ({}, "case_events", 0, {"stream": 0}, "case event 0 (BORN) belongs to callers who have no cases"),
    ({}, "case_events", 12, {"at": 240 * HOUR}, "case event 12 (SOLVED) happens when the run is over: the case is"),
    ({}, "contacts", 11, {"stream": 1, "n": 50}, "contact 11 belongs to no case, although its callers have cases"),
    ({}, "contacts", 16, {"attempt": 99}, "contact 16 is one more than the plan allows"),
    ({}, "case_events", 5, {"value": 2}, "case event 11 (OWNED) does more work than there is: 2 pieces"),
    ({"pieces": ints([3, 2, 1], np.int32)}, "", 0, {}, "case event 12 (SOLVED) comes after 2 of 3 pieces of work"),
    ({"can_do": only(0, 1)}, "", 0, {}, "case event 5 (OWNED) is done in a department that cannot do it"),
    ({"dial_share": only(2, 0) * (SURE // 3)}, "", 0, {}, "contact 5 calls a queue that 'name change, heirs' do not"),
    ({"promise_queue": ints([-1, -1, 1], np.int32)}, "", 0, {}, "contact 14 calls a queue that 'name change, heirs'"),
    ({"regulator_queue": ints([1, -1, -1], np.int32)}, "", 0, {}, "contact 16 calls a queue that 'order error, pers"),
    ({}, "case_events", 9, {"event": CaseEvent.ESCALATED}, "case event 9 (ESCALATED) is not followed by the transfer"),
    ({}, "contacts", 1, {"ended": 25 * HOUR + 2561 * S}, "contact 1, leg 1 keeps its caller 31000000 ticks after the"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "table", "row", "cells", "message"), AGAINST_THE_PLAN, ids=lambda v: str(v)[:50])
def test_what_does_not_fit_the_plan_is_caught(
    changes: dict[str, Any], table: str, row: int, cells: dict[str, int], message: str
) -> None:
    """Each rule between a plan and its cases, broken by one cell of the log or one entry of the plan."""
    assert planted(changes, table, row, **cells).startswith(message)


def test_a_call_that_the_provider_makes_may_wait_behind_a_closed_door() -> None:
    """It joins the queue before the doors open; a customer's call does not."""
    plan = allowed(case_plan())
    shut = with_part(plan, "queues", open_start=ints([60 * HOUR + 50 * S, 0, 0]))
    said = caught(check_run, shut, case_week(shut))
    assert said.startswith("contact 0, leg 0 enters the queue 'orders' while it admits nobody")
    later = with_part(plan, "queues", open_offset=ints([0, 2, 3, 4]),
                      open_start=ints([0, 60 * HOUR + 50 * S, 0, 0]),
                      open_end=ints([59 * HOUR, NEVER, NEVER, 20 * HOUR]),
                      admit_end=ints([59 * HOUR, NEVER, NEVER, 20 * HOUR]))  # fmt: skip
    check_run(later, case_week(later))

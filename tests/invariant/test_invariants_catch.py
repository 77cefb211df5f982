"""The checks of every run are not blind: each planted corruption of a good log is caught and named."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from callsim.codes import Outcome, SpanKind, TransferResult
from callsim.engines.simpy import run
from callsim.errors import InvariantBroken
from callsim.measures import check_run
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog, check_log
from tests.eventful_plan import HOUR, eventful_plan
from tests.small_logs import (
    answered,
    busy_day,
    busy_day_plan,
    changed,
    contact,
    ints,
    lost,
    small_log,
    small_plan,
    times,
    with_part,
)

S = SECOND
SEED, REPLICATION = 11, 2


@cache
def eventful() -> tuple[Plan, RunLog]:
    """Return a plan and a log of it in which every outcome, transfer, shift and break occurs."""
    plan = eventful_plan()
    return plan, run(plan, SEED, REPLICATION)


def caught(check: Any, *given: Any) -> str:
    """Return the first line of the message."""
    with pytest.raises(InvariantBroken) as error:
        check(*given)
    return str(error.value).split("\n", maxsplit=1)[0]


def test_good_logs_pass() -> None:
    """What is corrupted below was sound before, and had everything in it."""
    check_log(busy_day(busy_day_plan()))
    plan, log = eventful()
    check_log(log)
    check_run(plan, log)
    assert set(log.legs["outcome"].tolist()) == {
        Outcome.UNFINISHED, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.DROPPED_AT_CLOSING, Outcome.MOVED
    }  # fmt: skip
    assert set(log.spans["kind"].tolist()) == set(SpanKind)


@pytest.mark.slow
@pytest.mark.parametrize("drain", [False, True], ids=["stop", "drain"])
def test_no_run_of_the_engine_is_accused(drain: bool) -> None:
    """Twenty runs of the eventful plan keep every rule: a check that cries wolf would be switched off."""
    plan = eventful_plan(drain)
    for replication in range(20):
        log = run(plan, SEED, replication)
        check_log(log)
        check_run(plan, log)


# Rows of the busy day. Contacts: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, O 10, K 11, L 12, P 13, N 14, M 15.
# Legs: A 0, B 1 2, C 3 4, D 5, I 6, J 7, O 8, K 9, L 10, P 11 12, N 13, M 14.
PLANTED: list[tuple[str, int, dict[str, int], str]] = [
    ("contacts", 15, {"arrived": 7201 * S}, "contact 15 arrives before the start or after the end of the run"),
    ("contacts", 0, {"arrived": -1}, "contact 0 arrives before the start or after the end of the run"),
    ("contacts", 4, {"arrived": 50 * S}, "contact 4 stands behind a later one: contacts are not in the order of"),
    ("contacts", 3, {"ended": 299 * S}, "contact 3 hangs up before it arrives"),
    ("contacts", 3, {"ended": 7200 * S + 1}, "contact 3 hangs up after the end of the run"),
    ("contacts", 3, {"outcome": 10}, "contact 3 has an unknown outcome"),
    ("contacts", 3, {"outcome": Outcome.MOVED}, "contact 3 has an unknown outcome"),
    ("contacts", 10, {"cause": 0}, "contact 10 has an attempt that does not fit its cause"),
    ("legs", 0, {"contact": -1}, "contact -1, leg 0 belongs to no contact"),
    ("legs", 14, {"contact": 16}, "contact 16, leg 0 belongs to no contact"),
    ("legs", 5, {"contact": 1}, "contact 1, leg 0 stands behind a leg of a later contact"),
    ("legs", 2, {"leg": 2}, "contact 1, leg 2 is not linked: the legs of a contact are numbered 0, 1, 2, ..."),
    ("legs", 0, {"leg": 1}, "contact 0, leg 1 is not linked"),
    ("legs", 2, {"entered": 189 * S}, "contact 1, leg 1 enters the queue before its caller can"),
    ("legs", 12, {"entered": 4099 * S}, "contact 13, leg 1 enters the queue before its caller can"),
    ("legs", 5, {"entered": 301 * S}, "contact 3, leg 0 does not enter the queue when its caller arrives"),
    ("legs", 12, {"entered": 7201 * S}, "contact 13, leg 1 enters the queue after the end of the run"),
    ("legs", 5, {"left": 299 * S}, "contact 3, leg 0 leaves the queue before it entered"),
    ("legs", 5, {"left": 7201 * S}, "contact 3, leg 0 leaves the queue after the end of the run"),
    ("legs", 14, {"left": 7150 * S}, "contact 15, leg 0 still waits but has left the queue"),
    ("legs", 0, {"talk_end": -1}, "contact 0, leg 0 ends its talk before it began"),
    ("legs", 0, {"handle_end": 99 * S}, "contact 0, leg 0 ends its after-call work before the talk ended"),
    ("legs", 0, {"agent": -1}, "contact 0, leg 0 is answered by nobody"),
    ("legs", 5, {"agent": 0}, "contact 3, leg 0 is not answered but has an agent, a talk or after-call work"),
    ("legs", 9, {"outcome": Outcome.BLOCKED}, "contact 11, leg 0 has an outcome that a leg cannot have"),
    ("legs", 1, {"transfer": 0}, "contact 1, leg 0 is followed by a leg although the caller was neither moved nor"),
    ("legs", 11, {"outcome": Outcome.ABANDONED}, "contact 13, leg 0 is followed by a leg although the caller was"),
    ("legs", 5, {"outcome": Outcome.MOVED}, "contact 3, leg 0 was moved at closing but has no next leg"),
    ("legs", 5, {"transfer": 1}, "contact 3, leg 0 was not answered but transferred"),
    ("contacts", 0, {"outcome": Outcome.ABANDONED}, "contact 0, leg 0 is the last of its contact, whose outcome is"),
    ("contacts", 2, {"outcome": Outcome.ANSWERED}, "contact 2, leg 1 is the last of its contact, whose outcome is"),
    ("contacts", 8, {"outcome": Outcome.ANSWERED}, "contact 8, leg 0 is the last of its contact, whose outcome is"),
    ("legs", 0, {"transfer": 1}, "contact 0, leg 0 is the last of its contact, whose outcome is another one"),
    ("contacts", 15, {"ended": 7150 * S}, "contact 15, leg 0 still waits, but its caller hung up"),
    ("contacts", 3, {"ended": 351 * S}, "contact 3, leg 0 ends, but its caller hangs up at another instant"),
    ("contacts", 8, {"ended": 899 * S}, "contact 8, leg 0 ends after its caller hung up"),
    ("contacts", 3, {"ended": -1}, "contact 3, leg 0 ended while waiting, but its caller did not hang up"),
    ("contacts", 0, {"ended": -1}, "contact 0, leg 0 is talked to the end, but its caller did not hang up"),
    ("contacts", 4, {"outcome": Outcome.ABANDONED}, "contact 4 has no leg, but an outcome that only a queue can give"),
    ("contacts", 4, {"ended": 401 * S}, "contact 4 was turned away, but did not hang up at once"),
    ("contacts", 1, {"n": 0}, "contact 1 has the same caller and attempt as another contact"),
    ("contacts", 3, {"n": 98}, "contact 10 is a repeat, but its caller's contact before it is missing"),
    ("contacts", 10, {"attempt": 2}, "contact 10 is a repeat, but its caller's contact before it is missing"),
    ("spans", 1, {"kind": 7}, "span 1: agent 0, kind 7, from 5000000000 to 5300000000 has an unknown kind"),
    ("spans", 0, {"agent": -1}, "span 0: agent -1, SIGNED_ON, from 0 to -1 has no agent"),
    ("spans", 1, {"end": 4999 * S}, "span 1: agent 0, BREAK, from 5000000000 to 4999000000 ends before it starts"),
    ("spans", 4, {"agent": 0}, "span 4: agent 0, SIGNED_ON, from 0 to -1 stands behind one of a higher agent"),
    ("spans", 2, {"start": 1266 * S, "end": 1290 * S}, "span 3: agent 1, OVERRUN, from 1265000000 to 1270000000 st"),
    ("spans", 2, {"end": 1266 * S}, "span 3: agent 1, OVERRUN, from 1265000000 to 1270000000 overlaps"),
    ("legs", 12, {"agent": 2, "left": 6600 * S, "talk_end": 6600 * S + 1, "handle_end": 6600 * S + 1},
     "contact 13, leg 1 ends, but its caller hangs up at another instant"),
    ("spans", 2, {"end": 1264 * S}, "contact 10, leg 0 is handled by agent 1 from 1260000000 to 1270000000 without"),
    ("spans", 3, {"end": 1269 * S}, "contact 10, leg 0 is handled by agent 1 from 1260000000 to 1270000000 without"),
    ("spans", 4, {"kind": SpanKind.ABSENT}, "contact 1, leg 1 is handled by agent 2 from 240000000 to 300000000 alth"),
    ("spans", 1, {"start": 100 * S, "end": 130 * S}, "contact 0, leg 0 is handled by agent 0 from 0 to 120000000 in a"),
    ("spans", 1, {"start": 300 * S - 1, "end": 301 * S}, "contact 2, leg 0 is handled by agent 0 from 210000000 to"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "message"), PLANTED, ids=lambda value: str(value)[:60])
def test_a_corrupted_log_is_caught(table: str, row: int, cells: dict[str, int], message: str) -> None:
    """One row of a good log is falsified; the message names the call or span."""
    log = changed(busy_day(busy_day_plan()), table, row, **cells)
    assert caught(check_log, log).startswith(message)


def test_an_agent_in_two_calls_at_once_is_caught_with_both_calls_named() -> None:
    """Call B is given to agent 0, who still does the after-call work of call A at that instant."""
    plan = small_plan()
    log = small_log(plan, [contact(answered(0, 0, 100, 20)), contact(answered(50, 119, 10, agent=0))])
    assert caught(check_log, log) == (
        "contact 1, leg 0 is answered by agent 0 at 119000000, who handles contact 0 until 120000000"
    )


def test_calling_again_before_the_last_call_has_ended_is_caught() -> None:
    """One person is in one call at a time."""
    calls = [contact(lost(0, 100), n=1), contact(lost(99, 120), n=1, attempt=1, cause=1)]
    assert caught(check_log, small_log(small_plan(), calls)) == (
        "contact 1 begins before its caller's contact before it ended"
    )


def test_overlapping_breaks_are_caught() -> None:
    """An agent is away once at a time."""
    plan = small_plan()
    spans = [{"agent": 0, "kind": kind, "start": start, "end": end} for kind, start, end in
             [(0, 0, -1), (1, 100, 200), (1, 199, 300)]]  # fmt: skip
    assert caught(check_log, small_log(plan, [], spans)) == (
        "span 2: agent 0, BREAK, from 199000000 to 300000000 overlaps another break of the same agent"
    )


def test_the_next_call_may_begin_in_the_tick_in_which_the_last_one_ends() -> None:
    """Half-open: calls, presence and breaks that touch do not overlap."""
    plan = small_plan()
    calls = [contact(answered(0, 0, 100)), contact(answered(0, 100, 20)), contact(answered(150, 150, 10))]
    spans = [{"agent": 0, "kind": kind, "start": start, "end": end} for kind, start, end in
             [(0, 0, 110), (2, 110, 120), (0, 140, -1), (1, 140, 150), (1, 160, 170)]]  # fmt: skip
    check_log(small_log(plan, calls, spans))


def test_a_shift_that_began_before_the_run_is_understood() -> None:
    """Its start may be negative."""
    plan = small_plan()
    spans = [{"agent": 0, "kind": 0, "start": -5000, "end": 10}, {"agent": 1, "kind": 0, "start": -9000, "end": 10}]
    check_log(small_log(plan, [contact(answered(0, 0, 10, agent=1))], spans))
    late = small_log(plan, [contact(answered(0, 0, 11, agent=1))], spans)
    assert caught(check_log, late) == (
        "contact 0, leg 0 is handled by agent 1 from 0 to 11000000 without being signed on or in overrun"
    )


def test_the_message_names_call_times_plan_seed_and_replication() -> None:
    """Full text: whoever reads it can repeat the run."""
    log = changed(busy_day(busy_day_plan()), "legs", 5, left=299 * S)
    with pytest.raises(InvariantBroken) as error:
        check_log(log)
    assert str(error.value) == (
        "contact 3, leg 0 leaves the queue before it entered\n"
        "  contact: stream 0, block 0, n 99, attempt 0, cause 0, arrived 300000000, queue 0, outcome 2,"
        " ended 350000000\n"
        "  leg: contact 3, leg 0, queue 0, entered 300000000, left 299000000, outcome 2, agent -1, talk_end -1,"
        " handle_end -1, transfer 0, transfer_row -1\n"
        f"plan {busy_day_plan().digest()}, seed 1, replication 0: this is a bug in callsim"
    )
    assert error.value.exit_code == 3


def test_a_run_too_long_for_one_number_of_agent_and_instant_is_named() -> None:
    """Keys are packed into 62 bits; a year of 100,000 agents fits, ten thousand years of two do not."""
    log = small_log(small_plan(), [contact(answered(1, 1, 1, agent=1))], end=1 << 61)
    assert caught(check_log, log) == (
        "agents and instants do not fit into one number: the run is too long for its number of agents"
    )


# --- against the plan ------------------------------------------------------------------------------------


def _leg(log: RunLog, rows: np.ndarray) -> int:
    """Return the first leg where the condition holds."""
    assert rows.any(), "the eventful log has no such leg"
    return int(np.flatnonzero(rows)[0])


def _passed_on(log: RunLog) -> int:
    """Return a leg that was transferred."""
    return _leg(log, log.legs["transfer"] == TransferResult.TRANSFERRED)


def name_of(log: RunLog, row: int) -> str:
    """Return how messages name a leg."""
    return f"contact {log.legs['contact'][row]}, leg {log.legs['leg'][row]}"


def test_a_log_of_another_plan_is_refused() -> None:
    """Its digest is not that of the plan."""
    plan, log = eventful()
    assert caught(check_run, plan, replace(log, plan_digest="0")).startswith("the log belongs to another plan than ")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("contacts", "stream", 4), ("contacts", "queue", -1), ("legs", "queue", 4), ("legs", "agent", 10),
     ("legs", "transfer_row", 1), ("spans", "agent", 10)],
)  # fmt: skip
def test_an_index_that_the_plan_does_not_have_is_caught(table: str, column: str, value: int) -> None:
    """Streams, queues, agents and transfer rows."""
    plan, log = eventful()
    message = caught(check_run, plan, changed(log, table, 3, **{column: value}))
    assert message.endswith(f"names {column} {value}, which the plan does not have")


def test_a_call_to_another_department_than_the_stream_calls_is_caught() -> None:
    """Alice calls sales."""
    plan, log = eventful()
    row = int(np.flatnonzero(log.contacts["stream"] == 0)[0])
    message = caught(check_run, plan, changed(log, "contacts", row, queue=1))
    assert message == f"contact {row} calls a queue that 'alice' do not call"


def test_waiting_where_nobody_sent_the_caller_is_caught() -> None:
    """Sales never overflows, so its callers do not begin at parts; those of the desk may."""
    plan, log = eventful()
    called = log.contacts["queue"][log.legs["contact"]]
    row = _leg(log, (called == 0) & (log.legs["leg"] == 0))
    message = caught(check_run, plan, changed(log, "legs", row, queue=2))
    assert message == f"{name_of(log, row)} waits in a queue that was not called and to which nothing overflows"
    assert ((called == 3) & (log.legs["queue"] == 2)).any()


def test_a_transfer_that_was_not_drawn_is_caught() -> None:
    """The caller is passed on, but the log names no rule."""
    plan, log = eventful()
    row = _passed_on(log)
    message = caught(check_run, plan, changed(log, "legs", row, transfer_row=-1))
    assert message == f"{name_of(log, row + 1)} follows a transfer, but no transfer was drawn"


def test_a_transfer_to_another_department_is_caught() -> None:
    """The rule passes on to repairs."""
    plan, log = eventful()
    row = _passed_on(log) + 1
    message = caught(check_run, plan, changed(log, "legs", row, queue=3))
    assert message == f"{name_of(log, row)} is not where the caller was sent: 'repairs'"


def test_a_returned_caller_is_expected_where_he_came_from() -> None:
    """RETURNED sends him back to sales, so finding him at repairs is a break."""
    plan, log = eventful()
    row = _passed_on(log)
    broken = changed(log, "legs", row, transfer=TransferResult.RETURNED_TARGET_CLOSED)
    assert caught(check_run, plan, broken) == f"{name_of(log, row + 1)} is not where the caller was sent: 'sales'"


def test_a_moved_caller_is_expected_at_the_target_of_the_move() -> None:
    """The desk moves its callers to sales at closing."""
    plan, log = eventful()
    row = _leg(log, log.legs["outcome"] == Outcome.MOVED) + 1
    message = caught(check_run, plan, changed(log, "legs", row, queue=1))
    assert message == f"{name_of(log, row)} is not where the caller was sent: 'sales'"


def test_time_lost_on_the_way_to_another_department_is_caught() -> None:
    """Dialling takes 7 s."""
    plan, log = eventful()
    row = _passed_on(log) + 1
    talk_end = int(log.legs["talk_end"][row - 1])
    message = caught(check_run, plan, changed(log, "legs", row, entered=talk_end + 8 * S))
    assert message == f"{name_of(log, row)} does not begin at {talk_end + 7 * S}, when the caller was passed on"


def test_a_transfer_by_a_rule_of_another_department_is_caught() -> None:
    """The only rule is that of sales."""
    plan, log = eventful()
    row = _leg(log, (log.legs["queue"] == 1) & (log.legs["agent"] >= 0))
    message = caught(check_run, plan, changed(log, "legs", row, transfer_row=0))
    assert message == f"{name_of(log, row)} is transferred by a rule of another queue"


def test_entering_a_closed_department_is_caught() -> None:
    """The log is right for a plan that opens an hour earlier; against this plan somebody came in too early."""
    plan, log = eventful()
    later = with_part(plan, "queues", open_start=plan.queues.open_start + ints([0, 600, 0, 0, 0, 0]) * S)
    message = caught(check_run, later, replace(log, plan_digest=later.digest()))
    row = _leg(log, (log.legs["queue"] == 1) & (log.legs["leg"] == 0))
    assert log.legs["entered"][row] < (HOUR + 600) * S
    assert message == f"{name_of(log, row)} enters the queue 'repairs' while it admits nobody"


def test_entering_after_the_last_admission_is_caught() -> None:
    """Repairs admits nobody in the last five minutes, although it is open."""
    plan, log = eventful()
    entered = log.legs["entered"]
    row = _leg(log, (log.legs["queue"] == 1) & (log.legs["leg"] == 0) & (entered > 1.9 * HOUR * S))
    admit_end = plan.queues.admit_end.copy()
    admit_end[1] = entered[row]
    shorter = with_part(plan, "queues", admit_end=admit_end)
    message = caught(check_run, shorter, replace(log, plan_digest=shorter.digest()))
    assert message == f"{name_of(log, row)} enters the queue 'repairs' while it admits nobody"


def _door_plan(at_closing: int) -> Plan:
    """Return a plan whose desk is open from 100 to 200 s and from 300 s on and holds who comes before."""
    plan = small_plan()
    return with_part(
        plan, "queues", open_offset=ints([0, 2]), open_start=times([100, 300]), open_end=times([200, 9999]),
        admit_end=times([200, 9999]), when_closed=ints([4], np.int8), at_closing=ints([at_closing], np.int8),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at_closing", "entered", "left", "fine"),
    [
        (0, 150, 250, True),  # serve the waiting: he waited when the doors closed
        (0, 200, 250, False),  # he came when they had closed, and must wait until they open
        (0, 50, 60, False),  # before the first opening nobody is served
        (0, 50, 100, True),
        (0, 200, 300, True),
        (2, 150, 250, False),  # keep until open: not served while closed
        (2, 150, 300, True),
        (2, 150, 200, True),  # an agent who becomes free in the tick of the closing comes first
    ],
)
def test_nobody_is_served_in_a_closed_department_against_its_rule(
    at_closing: int, entered: float, left: float, fine: bool
) -> None:
    """Who may be served while the doors are closed depends on the rule at closing and on when he came."""
    plan = _door_plan(at_closing)
    log = small_log(plan, [contact(answered(entered, left, 5))])
    check_log(log)
    if fine:
        check_run(plan, log)
    else:
        assert caught(check_run, plan, log) == (
            "contact 0, leg 0 is answered in the queue 'desk' while it is closed, against its rule"
        )


def test_a_closed_announcement_at_an_open_door_is_caught() -> None:
    """Nobody hears it while the department admits calls."""
    plan, log = eventful()
    row = int(np.flatnonzero((log.contacts["outcome"] == Outcome.CLOSED) & (log.contacts["queue"] == 1))[0])
    start = plan.queues.open_start.copy()
    start[1] = 0
    earlier = with_part(plan, "queues", open_start=start)
    message = caught(check_run, earlier, replace(log, plan_digest=earlier.digest()))
    assert message == f"contact {row} meets a closed door at 'repairs', which is open"


def test_an_ending_that_no_closed_door_gives_is_caught() -> None:
    """Repairs announces that it is closed, it has no voicemail."""
    plan, log = eventful()
    row = int(np.flatnonzero((log.contacts["outcome"] == Outcome.CLOSED) & (log.contacts["queue"] == 1))[0])
    message = caught(check_run, plan, changed(log, "contacts", row, outcome=Outcome.VOICEMAIL))
    assert message == f"contact {row} ends as VOICEMAIL, which no closed door on the way from this queue gives"


def test_an_answer_by_somebody_without_the_skill_is_caught() -> None:
    """The crew cannot answer sales."""
    plan = small_plan(queues=("sales", "repairs"), groups={"team": 1, "crew": 1})
    plan = with_part(plan, "agents", level=ints([[1, 1], [0, 1]], np.int32))
    log = small_log(plan, [contact(answered(0, 0, 5, agent=1))])
    assert caught(check_run, plan, log) == "contact 0, leg 0 is answered by 'crew', who cannot answer 'sales'"


def test_an_answer_before_the_time_of_overflow_is_caught() -> None:
    """The crew takes calls of sales only after 30 s."""
    plan, log = eventful()
    crew = plan.agents.group[np.maximum(log.legs["agent"], 0)] == 1
    row = _leg(log, (log.legs["agent"] >= 0) & crew & (log.legs["queue"] == 0))
    slower = with_part(plan, "agents", after=plan.agents.after + 10**12 * ints([[0, 0, 0, 0], [1, 0, 0, 0]]))
    message = caught(check_run, slower, replace(log, plan_digest=slower.digest()))
    expected = "is answered by 'crew' before it has waited as long as that group requires"
    assert message == f"{name_of(log, row)} {expected}"


@pytest.mark.parametrize("column", ["queue_time", "busy_time"])
def test_an_integral_that_differs_from_the_log_by_one_tick_is_caught(column: str) -> None:
    """Little's law as a path identity: the integral of the queue length is the sum of the waits, to the tick."""
    plan, log = eventful()
    integral = getattr(log, column).copy()
    integral[1] += 1
    message = caught(check_run, plan, replace(log, **{column: integral}))
    texts = {
        "queue_time": f"queue 'repairs': the waits in the log add up to {integral[1] - 1} ticks, the queue length over"
        f" time to {integral[1]}",
        "busy_time": f"agents 'crew': the calls in the log add up to {integral[1] - 1} ticks of work, the busy agents"
        f" over time to {integral[1]}",
    }
    assert message == texts[column]


def test_a_shift_that_nobody_worked_or_missed_is_caught() -> None:
    """Signed on and absent are the planned time, to the tick."""
    plan, log = eventful()
    row = int(np.flatnonzero(log.spans["kind"] == SpanKind.ABSENT)[0])
    agent = int(log.spans["agent"][row])
    broken = changed(log, "spans", row, end=int(log.spans["end"][row]) - 1)
    planned = round((2 + 1.25) * HOUR) * S
    assert caught(check_run, plan, broken) == (
        f"agent {agent} (team {agent + 1}): {planned - 1} ticks signed on or absent, but {planned} planned"
    )


def test_heads_that_are_not_there_are_caught() -> None:
    """A position of the crew signs off one tick early."""
    plan, log = eventful()
    crew = plan.agents.group[log.spans["agent"]] == 1
    row = int(np.flatnonzero(crew & (log.spans["kind"] == SpanKind.SIGNED_ON) & (log.spans["end"] > 0))[0])
    broken = changed(log, "spans", row, end=int(log.spans["end"][row]) - 1)
    planned = round((4 * 1 + 6 * 0.5 + 2 / 60 + 4 * (1.5 - 1 / 60) + 3 * 1) * HOUR) * S
    assert caught(check_run, plan, broken) == f"agents 'crew': {planned - 1} ticks signed on, but {planned} planned"

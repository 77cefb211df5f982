"""Contacts that were one visit and nothing else: seven cells say what thirty-four would say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from callsim.codes import Cause, Outcome, TransferResult
from callsim.engines.compiled import rows as row
from callsim.engines.compiled.counting import tally_run
from callsim.engines.compiled.engine import run as compiled_run
from callsim.engines.compiled.engine import tier_of
from callsim.engines.compiled.layout import plan_tables
from callsim.engines.compiled.singles import unfolded
from callsim.engines.compiled.state import SKILLS
from callsim.engines.compiled.tally import ROOM, new_tally, roomier
from callsim.engines.compiled.tally_rows import count_contacts, count_legs, count_spans
from callsim.engines.compiled.tally_singles import count_singles
from callsim.engines.simpy import run
from callsim.measures import BREAKDOWNS, check_sums, measure
from callsim.measures.from_sums import SumsReader, from_sums
from callsim.plan.laws import Exponential, LawBook
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import CONTACTS, LEGS, RunLog
from callsim.testing.agreement import first_difference
from tests.eventful_plan import eventful_plan
from tests.log_rows import differences, rows_of, sums_of
from tests.small_logs import ints, small_plan, times, with_part


@pytest.fixture(scope="module", params=[False, True], ids=["stop", "drain"])
def eventful(request: pytest.FixtureRequest) -> tuple[Plan, RunLog]:
    """A run in which everything happens, with a warm-up, stopped or drained."""
    plan = eventful_plan(drain=request.param)
    return plan, run(plan, 1, 0)


def are_single(contacts: Any, legs: Any) -> tuple[Any, Any]:
    """Return which contacts were one visit and nothing else, and the row of the leg of each."""
    first = np.searchsorted(legs[:, row.L_CONTACT], np.arange(len(contacts)))
    leg = legs[np.minimum(first, len(legs) - 1)]
    fine = (contacts[:, row.C_LEGS] == 1) & (contacts[:, row.C_LAST] == 1) & (contacts[:, row.C_ATTEMPT] == 0)
    fine &= (contacts[:, row.C_CAUSE] == Cause.FRESH) & (contacts[:, row.C_QUEUE] == leg[:, row.L_QUEUE])
    fine &= np.isin(contacts[:, row.C_OUTCOME], (Outcome.ANSWERED, Outcome.ABANDONED))
    fine &= (contacts[:, row.C_ARRIVED] == leg[:, row.L_ENTERED]) & (leg[:, row.L_TRANSFER_ROW] < 0)
    talks_on = (leg[:, row.L_TRANSFER] == TransferResult.UNFINISHED) == (contacts[:, row.C_ENDED] < 0)
    return fine & talks_on, first


def single_rows(contacts: Any, legs: Any) -> Any:
    """Return such contacts as the kernel writes them, column behind column."""
    cells = np.zeros((row.SINGLE_WIDTH, row.SINGLES), np.int64)
    n = len(contacts)
    who = contacts[:, row.C_BLOCK] + 1 << 32 | contacts[:, row.C_STREAM] << 24 | contacts[:, row.C_N]
    cells[row.X_INDEX, :n], cells[row.X_WHO, :n] = contacts[:, row.C_INDEX], who
    for single, leg in (
        (row.X_ARRIVED, row.L_ENTERED),
        (row.X_LEFT, row.L_LEFT),
        (row.X_AGENT, row.L_AGENT),
        (row.X_TALK_END, row.L_TALK_END),
        (row.X_HANDLE_END, row.L_HANDLE_END),
    ):
        cells[single, :n] = legs[:, leg]
    return cells


def test_single_visits_unfold_into_the_rows_of_the_log(eventful: tuple[Plan, RunLog]) -> None:
    """Answered, given up, still talking at the end; a last block that is not full."""
    plan, log = eventful
    contacts, legs, _ = rows_of(log)
    fine, first = are_single(contacts, legs)
    some = np.flatnonzero(fine)[: fine.sum() // 8 * 8 - 3]
    assert set(contacts[some, row.C_OUTCOME].tolist()) == {Outcome.ANSWERED, Outcome.ABANDONED}
    tables = plan_tables(plan, np.zeros((0, 3), np.int64))
    found = unfolded(single_rows(contacts[some], legs[first[some]]), len(some), tables)
    assert found[0].tolist() == contacts[some, : 1 + len(CONTACTS)].tolist()
    assert found[1].tolist() == legs[first[some], : len(LEGS)].tolist()


@pytest.mark.parametrize("by", [(), ("interval",), ("agents+interval",), BREAKDOWNS], ids=",".join)
def test_single_visits_are_counted_as_contacts_and_visits(eventful: tuple[Plan, RunLog], by: tuple[str, ...]) -> None:
    """Whatever is counted once, and settled under contacts and visits, gives the measures and the digest of the log.

    With and without parts of the time for either, with lists of waits that are full and tables that must grow.
    """
    plan, log = eventful
    contacts, legs, spans = rows_of(log)
    fine, first = are_single(contacts, legs)
    rest = ~np.isin(legs[:, row.L_CONTACT], np.flatnonzero(fine))
    small = {f"{name}_waits": np.zeros(48, np.int64) for name in ("contact", "leg", "single")}
    tally = new_tally(plan, by)._replace(**small)
    for count, rows in ((count_contacts, contacts[~fine]), (count_legs, legs[rest]), (count_spans, spans)):
        for place in range(0, len(rows), 40):
            few = np.ascontiguousarray(rows[place : place + 40])
            while count(tally, few, len(few)) == ROOM:
                tally = roomier(tally, len(few))
    for place in range(0, int(fine.sum()), 43):
        some = np.flatnonzero(fine)[place : place + 43]
        few = single_rows(contacts[some], legs[first[some]])
        while count_singles(tally, few, len(some)) == ROOM:
            tally = roomier(tally, len(some))
    sums = sums_of(tally, plan, log, by)
    check_sums(plan, sums)
    assert differences(from_sums(plan, sums), measure(plan, log, by)) == []


@pytest.mark.parametrize("drain", [False, True], ids=["stop", "drain"])
@pytest.mark.parametrize(("patience", "agents"), [(200.0, 4), (1e6, 2000)], ids=["hang up", "are answered"])
def test_more_leave_a_line_at_once_than_there_is_room_for_single_visits(
    patience: float, agents: int, drain: bool
) -> None:
    """Nobody is there for half an hour; then it is seen who hung up, or everybody who waits is answered."""
    plan = small_plan(streams={"alice": 0, "bob": 1}, queues=("sales", "repairs"), groups={"team": agents})
    laws = LawBook()
    waits, talks = laws.add(Exponential(patience)), laws.add(Exponential(60.0))
    plan = replace(plan, laws=laws.build())
    plan = with_part(plan, "clock", drain=drain)
    heads = ints([0, agents], np.int32)
    plan = with_part(plan, "agents", heads_time=times([0, 1800]), heads_group=ints([0, 0], np.int32), heads_count=heads)
    plan = with_part(plan, "queues", talk_law=np.full((2, 2), talks, np.int32))
    plan = with_part(
        plan,
        "streams",
        patience_law=ints([waits, waits], np.int32),
        block_offset=ints(range(3)),
        block_start=ints([0, 0]),
        block_end=times([3600, 3600]),
        block_mean=np.array([5000.0, 3000.0]),
        block_day=ints([0, 0], np.int32),
    )
    plan.check()
    assert tier_of(plan) == SKILLS
    expected = run(plan, 1, 0)
    left = expected.legs["left"]
    assert ((left > 0) & (left <= 1800 * SECOND)).sum() > 1.5 * row.SINGLES
    assert first_difference(plan, expected, compiled_run(plan, 1, 0)) == ""
    reader = SumsReader(plan, BREAKDOWNS)
    sums = tally_run(plan, 1, 0, reader.wanted)
    assert differences(from_sums(plan, sums), measure(plan, expected, BREAKDOWNS)) == []

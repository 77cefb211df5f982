"""Counting without a log: measures and digest are those of the log, in every cell."""

from __future__ import annotations

import pytest

from callsim.engines.compiled.tally import reset
from callsim.engines.simpy import run
from callsim.measures import BREAKDOWNS, from_sums, measure
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from tests.eventful_plan import eventful_plan
from tests.log_rows import counted, differences
from tests.small_logs import busy_day, busy_day_plan

REQUESTS = [(), ("interval",), ("queue+interval",), ("callers+hour_of_week", "agents+interval"), BREAKDOWNS]


@pytest.fixture(scope="module", params=[False, True], ids=["stop", "drain"])
def eventful(request: pytest.FixtureRequest) -> tuple[Plan, RunLog]:
    """A run in which everything happens, with a warm-up, stopped or drained."""
    plan = eventful_plan(drain=request.param)
    return plan, run(plan, 1, 0)


@pytest.mark.parametrize("by", REQUESTS, ids=lambda by: ",".join(by) or "totals")
def test_a_tally_gives_the_measures_of_the_log(eventful: tuple[Plan, RunLog], by: tuple[str, ...]) -> None:
    """Every sum, maximum, bin, label and digest is that of the log, in whatever order the rows come."""
    plan, log = eventful
    _, sums = counted(plan, log, by, seed=7)
    assert differences(from_sums(plan, sums), measure(plan, log, by)) == []


def test_a_tally_can_be_used_again_once_it_is_emptied(eventful: tuple[Plan, RunLog]) -> None:
    """The second replication finds nothing of the first."""
    plan, log = eventful
    tally, _ = counted(plan, log, BREAKDOWNS)
    reset(tally)
    other = run(plan, 2, 5)
    _, sums = counted(plan, other, BREAKDOWNS, tally=tally)
    assert differences(from_sums(plan, sums), measure(plan, other, BREAKDOWNS)) == []


def test_calls_of_every_fate_are_counted_as_in_the_log() -> None:
    """One call of each kind, worked out by hand: a cut-off, a message, an hour's hold, an unfinished dialling."""
    plan = busy_day_plan()
    log = busy_day(plan)
    _, sums = counted(plan, log, BREAKDOWNS, chunk=1)
    assert differences(from_sums(plan, sums), measure(plan, log, BREAKDOWNS)) == []

"""Which calls and which time belong to the measured window, to an interval and to an hour of the week."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.codes import Outcome
from callsim.errors import ScenarioError
from callsim.experiments.estimates import rows
from callsim.measures import measure
from callsim.plan.plan import SECOND
from tests.small_logs import answered, contact, figures, lost, small_log, small_plan, ticks, with_part


def test_contacts_count_if_they_arrive_in_the_window_half_open() -> None:
    """Warm-up ends at 1000: an arrival at 1000 counts, one a tick before does not, though it waits into the window."""
    plan = small_plan(horizon=4600.0, warm_up=1000.0)
    log = small_log(
        plan,
        [
            contact(answered(999.999999, 1500, 60)),
            contact(answered(1000, 1040, 60, agent=1)),
            contact(lost(4599.999999, -1, Outcome.UNFINISHED)),
        ],
    )
    found = figures(measure(plan, log))
    assert (found["arrivals"], found["answered"], found["unfinished"], found["speed_of_answer"]) == (2, 1, 1, 40)


def test_time_averages_cover_the_window_whoever_fills_it() -> None:
    """Waiting, work and presence are clipped to [1000, 4600), also of contacts that came before."""
    plan = small_plan(horizon=4600.0, warm_up=1000.0)
    log = small_log(plan, [contact(answered(900, 1090, 60)), contact(answered(800, 940, 160, agent=1))])
    found = figures(measure(plan, log))
    assert found["mean_queue"] == 90 / 3600
    assert (found["busy_time"], found["signed_on_time"]) == (60 + 100, 7200)
    assert found["occupancy"] == 160 / 7200


def test_work_known_beyond_the_end_is_cut_but_handle_time_is_whole() -> None:
    """A talk of 600 s that begins 100 s before the end is 100 s of work and 600 s of handle time."""
    plan = small_plan()
    log = small_log(plan, [contact(answered(3500, 3500, 500, 100, transfer=8))])
    found = figures(measure(plan, log))
    assert (found["busy_time"], found["handle_time"], found["answered"]) == (100, 600, 1)


def test_a_leg_counts_in_the_interval_of_its_entry_and_a_contact_in_that_of_its_arrival() -> None:
    """Arrived and answered at 1790 s, passed on at 1810 s: one interval by contact, two by leg."""
    plan = small_plan(queues=("sales", "repairs"))
    log = small_log(
        plan, [contact(answered(1790, 1790, 20, transfer=1, transfer_row=0), answered(1810, 1830, 10, queue=1))]
    )
    by = ("interval", "queue+interval", "agents+interval")
    measures = measure(plan, log, by)
    assert figures(measures, by, interval="0:00")["answered"] == 1
    assert figures(measures, by, interval="0:30")["answered"] == 0
    assert figures(measures, by, queue="sales", interval="0:00")["answered"] == 1
    assert figures(measures, by, queue="repairs", interval="0:00")["answered"] == 0
    assert figures(measures, by, queue="repairs", interval="0:30")["speed_of_answer"] == 20
    assert figures(measures, by, agents="team", interval="0:30")["answered"] == 1


def test_an_arrival_on_the_edge_belongs_to_the_interval_that_begins() -> None:
    """Intervals are half-open."""
    plan = small_plan()
    log = small_log(plan, [contact(answered(at, at, 1)) for at in (1799.999999, 1800.0)])
    measures = measure(plan, log, ("interval",))
    assert [figures(measures, ("interval",), interval=label)["offered"] for label in ("0:00", "0:30")] == [1, 1]


def test_waiting_and_work_are_split_at_the_edge_of_the_interval() -> None:
    """From 1700 to 2000 in the queue, then 100 s of talk: a third of the wait lies in the first half-hour."""
    plan = small_plan()
    log = small_log(plan, [contact(answered(1700, 2000, 100))])
    measures = measure(plan, log, ("interval", "queue+interval"))
    first, second = (figures(measures, ("interval",), interval=label) for label in ("0:00", "0:30"))
    assert (first["mean_queue"], second["mean_queue"]) == (100 / 1800, 200 / 1800)
    assert (first["busy_time"], second["busy_time"]) == (0, 100)
    assert (first["mean_wait"], second["mean_wait"]) == (300, None)


def test_legs_that_begin_after_the_horizon_count_in_total_and_in_no_interval() -> None:
    """A drained run goes on: the contact arrived in the window, its second leg belongs to no interval."""
    plan = with_part(small_plan(queues=("sales", "repairs")), "clock", drain=True)
    log = small_log(
        plan,
        [contact(answered(3590, 3590, 20, transfer=1, transfer_row=0), answered(3610, 3620, 10, queue=1))],
        end=ticks(3630.0),
    )
    measures = measure(plan, log, ("queue+interval",))
    assert figures(measures, queue="repairs")["answered"] == 1
    by = ("queue+interval",)
    assert [figures(measures, by, queue="repairs", interval=label)["answered"] for label in ("0:00", "0:30")] == [0, 0]
    assert figures(measures)["busy_time"] == 10


def test_figures_of_the_same_hour_of_the_week_are_added_up() -> None:
    """Two weeks: calls at Monday 01:xx of both weeks meet in hour 1."""
    week = 168 * 3600.0
    plan = small_plan(horizon=2 * week)
    log = small_log(
        plan,
        [contact(lost(4000, 4010)), contact(answered(week + 3700, week + 3730, 600)), contact(lost(8000, 8001))],
    )
    measures = measure(plan, log, ("hour_of_week", "callers+hour_of_week"))
    monday = figures(measures, ("hour_of_week",), hour_of_week=1)
    assert (monday["offered"], monday["mean_wait"], monday["wait_max"], monday["wait_p90"]) == (2, 20, 30, 30)
    assert (monday["mean_queue"], monday["signed_on_time"], monday["busy_time"]) == (40 / 7200, 4 * 3600, 600)
    assert figures(measures, ("callers+hour_of_week",), callers="callers", hour_of_week=2)["offered"] == 1


def test_hours_of_the_week_that_the_window_does_not_reach_have_no_rows() -> None:
    """One hour of simulation has one hour of the week."""
    plan = small_plan()
    found = rows([measure(plan, small_log(plan, []), ("hour_of_week",))], by=("hour_of_week",))
    assert {row.scope["hour_of_week"] for row in found if "hour_of_week" in row.scope} == {0}


def test_intervals_add_up_to_the_whole_window() -> None:
    """Sums over all intervals are the totals, for every sum of counts and times."""
    random = np.random.default_rng(3)
    plan = small_plan(horizon=36_000.0, warm_up=3600.0, groups={"team": 40})
    calls = []
    for n, at in enumerate(np.sort(random.uniform(0, 35_000, 400))):
        wait = random.uniform(0, 500)
        calls.append(contact(answered(at, at + wait, 5, agent=n % 40)) if n % 3 else contact(lost(at, at + wait)))
    measures = measure(plan, small_log(plan, calls), ("queue+interval", "agents+interval", "callers+interval"))
    for scope in ("queue", "agents", "callers"):
        assert (measures.parts[f"{scope}+interval"].sums.sum(axis=2) == measures.parts[scope].sums[:, :, 0]).all()


def test_a_drained_run_that_ends_early_keeps_its_last_state_until_the_horizon() -> None:
    """Nothing changed any more after 100 s, but the agents stayed for the hour."""
    plan = with_part(small_plan(), "clock", drain=True)
    log = small_log(plan, [contact(answered(10, 10, 90))], end=100 * SECOND)
    found = figures(measure(plan, log))
    assert (found["signed_on_time"], found["busy_time"], found["idle_time"]) == (7200, 90, 7110)


def test_an_unknown_breakdown_is_named_with_the_allowed_ones() -> None:
    """The message says what was found and what is allowed."""
    plan = small_plan()
    with pytest.raises(ScenarioError) as error:
        measure(plan, small_log(plan, []), ("queue+weekday",))
    assert str(error.value) == (
        "by\n  found 'queue+weekday'; a breakdown is one of interval, callers+interval, queue+interval,"
        " agents+interval, hour_of_week, callers+hour_of_week, queue+hour_of_week, agents+hour_of_week"
    )


def test_measures_without_breakdowns_keep_totals_only() -> None:
    """Memory stays bounded: nothing by interval unless asked for."""
    plan = small_plan()
    assert set(measure(plan, small_log(plan, [])).parts) == {"", "callers", "queue", "agents"}

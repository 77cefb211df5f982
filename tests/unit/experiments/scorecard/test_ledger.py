"""The books of a replication, worked out by hand: the week of cases A to I, and the busy day of the measures."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.codes import Outcome
from callsim.engines.simpy import run
from callsim.experiments.scorecard import Ledger, keep_books
from callsim.experiments.scorecard.ledger import CASES, PASSED_ON, WHOLE
from callsim.measures import measure
from callsim.plan.plan import SECOND
from callsim.units import HOUR
from tests import small_cases
from tests.small_case_logs import case_plan, case_week
from tests.small_logs import busy_day, busy_day_plan
from tests.unit.experiments.scorecard.money import EVERYTHING, WAGE, with_money

CLERKS = ("agents", "clerks")


@pytest.fixture(scope="module")
def books() -> Ledger:
    """The books of the week of cases, [24 h, 72 h) measured."""
    plan = with_money(case_plan(), WAGE, **EVERYTHING)
    return keep_books(plan, case_week(plan))


BY_HAND = {
    # Four clerks are there for 48 hours; for 4 of them they have half as much again.
    "paid hours": 4 * 48,
    "premium": 4 * 4 * 12,
    "wages": 4 * 48 * 24 + 4 * 4 * 12,
    # Talks of A: 300 + 400 + 500 + 600 + 200, B 600 + 300, E 240, F 300 + 100 + 120, G 100, X 60
    "busy hours": 3820 / 3600,
    "hours of cases": 3760 / 3600,
    "calls": 17,
    "answered calls": 11,
    # A 2560 + 1000 + 0 + 500 + 4200 + 200 (of the provider's call the talk only), B 660 + 300, C 300, E 360,
    # F 300 + 300 + 120, G 130, X 70, Y 40 + 20
    "line minutes": 11060 / 60,
    "cost of line minutes": 11060 / 60 * 0.06,
    "cost of calls": 17 * 0.5,
    "cost of transfers": 2 * 1.5,
    "cost of complaints": 250,
    # 192 hours in two sevenths of a week are 16.8 full-time agents; each is trained 6 weeks to work for 4.
    "full-time agents": 16.8,
    "training": 16.8 * (2 / 7) / 4 * 6 * 900,
    "cost": 4800 + 11.06 + 8.5 + 3 + 250 + 6480,
    "customers": 9,
    "solved": 5,
    "gave_up": 2,
    "never_tried": 1,
    "held_an_hour": 1,
    "held hours": 7240 / 3600,
    "lost at once": 3 * 60,
    # A complained, C and Y gave up, D never tried; to B, E, F, G and X nothing bad happened.
    "leave": 0.4 + 2 * 0.6 + 0.5 + 5 * 0.01,
    "lost with customers": 2.15 * 800,
    "lost by word of mouth": 2.15 * 9 * 0.02 * 800,
    "lost": 180 + 1720 + 309.6,
    "cost and lost": 11552.56 + 2209.6,
    "cost to customers": 7240 / 3600 * 18,
    "at stake": 9 * 800,
    # Wages in proportion to busy time, 14 calls, 10,930 s of lines, 2 transfers, a complaint
    "cost of cases": 4800 * 3760 / 3820 + 14 * 0.5 + 10930 / 60 * 0.06 + 3 + 250,
    "answers": 13,
    "angry answers": 4,
    "cut-offs": 1,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_every_sum_is_the_one_worked_out_by_hand(books: Ledger, name: str) -> None:
    """Of the whole centre."""
    assert books.get(name) == pytest.approx(BY_HAND[name], rel=1e-12)


CASES_BY_HAND = {
    "customers": 7, "solved": 4, "gave_up": 1, "complained": 1, "first_time": 1, "decided": 5,
    "calls of customers": 12, "answers of customers": 14 - 2, "told of customers": 10, "held hours": 7170 / 3600,
    "open": 1, "hours until solved": 44 + 10 + 1.1 + 13 + 120 / 3600, "leave": 1.54,
}  # fmt: skip


@pytest.mark.parametrize("name", CASES_BY_HAND)
def test_cases_have_sums_of_their_own(books: Ledger, name: str) -> None:
    """Seven cases began in the window; H and I did not."""
    assert books.get(name, CASES) == pytest.approx(CASES_BY_HAND[name], rel=1e-12)


PROCESSES_BY_HAND = {
    # B1, F0 and X0 are answered at once or soon; calls that the provider makes wait for nobody.
    ("answered in time", ("queue", "orders")): (11, 8),
    ("answered in time", ("queue", "support")): (4, 3),
    ("answered in time", ("queue", "billing")): (0, 0),
    ("let in", WHOLE): (15, 1),
    # Of A, B, C, E, F, X and Y; E and X needed one call. G is open after one call, D never called.
    ("solved first time", WHOLE): (7, 5),
    ("passed on and answered", WHOLE): (2, 1),
    ("not cut off by agents", CLERKS): (13, 1),
    ("told only once", WHOLE): (10, 5),
    # A's was broken and F's kept late; G's is due when the run has ended.
    ("promises kept", WHOLE): (2, 2),
    ("no complaint", WHOLE): (6, 1),
}


@pytest.mark.parametrize(("process", "member"), PROCESSES_BY_HAND)
def test_opportunities_and_defects_are_counted(books: Ledger, process: str, member: tuple[str, str]) -> None:
    """Each process of the scenario."""
    found = (books.get(f"opportunities: {process}", member), books.get(f"defects: {process}", member))
    assert found == PROCESSES_BY_HAND[process, member]


def test_types_of_case_add_up_to_all_cases(books: Ledger) -> None:
    """Order errors and name changes."""
    for name in ("customers", "solved", "leave", "held hours", "cost to customers"):
        parts = [books.get(name, ("cases", kind)) for kind in ("order error", "name change")]
        assert sum(parts) == pytest.approx(books.get(name, CASES), rel=1e-12)


def test_customers_add_up_over_the_worst_that_happened(books: Ledger) -> None:
    """Everybody has exactly one worst event."""
    events = [member for name, member in books.sums if name == "customers" and member[0] == "event"]
    assert sum(books.get("customers", member) for member in events) == 9
    assert sum(books.get("leave", member) for member in events) == pytest.approx(2.15)


def test_without_money_there_are_hours_and_counts_but_no_amounts() -> None:
    """A scenario need not speak of money."""
    plan = case_plan()
    found = keep_books(plan, case_week(plan))
    assert (found.get("paid hours"), found.get("calls"), found.get("customers")) == (192, 17, 9)
    amounts = {"wages", "cost", "lost", "cost of calls", "at stake", "leave", "training", "cost to customers"}
    assert not amounts & {name for name, _ in found.sums}


def test_hours_are_those_of_the_measures() -> None:
    """Breaks, overruns and shifts to which nobody came included."""
    plan = busy_day_plan()
    log = busy_day(plan)
    part = measure(plan, log).parts["agents"]
    found = keep_books(plan, log)
    for name, other in (("paid hours", "paid_time"), ("staffed hours", "staffed_time"), ("busy hours", "busy_time")):
        hours = [found.get(name, ("agents", group)) for group in plan.agents.groups]
        assert hours == pytest.approx(part.sum_of(other)[:, 0] / HOUR, rel=1e-12)


def test_paid_time_behind_shrinkage_costs_wages_too() -> None:
    """Heads at the phone are less than the heads that are paid."""
    from dataclasses import replace

    from callsim.scenario.resolving.money import MONEY

    plan = with_money(case_plan(), WAGE)
    plan = replace(plan, notes={MONEY: replace(plan.notes[MONEY], paid=(1.25,))})
    found = keep_books(plan, case_week(plan))
    assert found.get("paid hours") == pytest.approx(1.25 * 192)
    assert found.get("wages") == pytest.approx(1.25 * 4800)


def test_turnover_follows_its_formula() -> None:
    """30 % + 2 % for each point of occupancy beyond 0.5 % + 10 % for each angry call of an agent in a week."""
    turnover = {"per_year": "30%", "above": "0.5%", "each_point": "2%", "each_angry_call": "10%"}
    plan = with_money(case_plan(), training={"weeks": 6, "per_week": 900}, turnover=turnover)
    found = keep_books(plan, case_week(plan))
    occupancy = 3820 / 3600 / 192
    angry = 4 / (16.8 * 2 / 7)
    share = 0.3 + 0.02 * (100 * occupancy - 0.5) + 0.1 * angry
    assert found.get("leavers a year") == pytest.approx(16.8 * share)
    assert found.get("weeks of training") == pytest.approx(16.8 * share * (2 / 7) / (365.25 / 7) * 6)


@pytest.fixture(scope="module")
def simulated() -> tuple[Ledger, object]:
    """The centre with nearly everything, and the log of one replication."""
    plan = with_money(small_cases.case_plan(), *[WAGE] * 3, **EVERYTHING)
    log = run(plan, 1, 0)
    return keep_books(plan, log), (plan, log)


def test_amounts_of_a_simulated_week_are_sums_over_its_log(simulated: tuple[Ledger, object]) -> None:
    """Added up once more, row by row."""
    books, (plan, log) = simulated  # type: ignore[misc]
    first, last = plan.clock.warm_up, plan.clock.window_end
    rows = range(len(log.contacts["arrived"]))
    contacts = [{name: int(column[i]) for name, column in log.contacts.items()} for i in rows]
    inside = [first <= contact["arrived"] < last for contact in contacts]
    seconds = transfers = 0.0
    for i in range(len(log.legs["contact"])):
        leg = {name: int(column[i]) for name, column in log.legs.items()}
        owner = contacts[leg["contact"]]
        if inside[leg["contact"]]:
            transfers += leg["transfer"] in PASSED_ON
            if owner["cause"] in (9, 10) and leg["outcome"] == Outcome.ANSWERED:
                seconds += (min(leg["talk_end"], log.end) - leg["left"]) / SECOND
    for contact, counts in zip(contacts, inside, strict=True):
        if counts and contact["outcome"] != Outcome.BLOCKED and contact["cause"] not in (9, 10):
            ended = log.end if contact["ended"] < 0 else contact["ended"]
            seconds += (ended - contact["arrived"]) / SECOND
    assert books.get("cost of calls") == pytest.approx(0.5 * sum(inside))
    assert books.get("cost of transfers") == pytest.approx(1.5 * transfers)
    assert books.get("cost of line minutes") == pytest.approx(0.06 * seconds / 60, rel=1e-9)
    told = [events for events in log.case_events["event"].tolist() if events == 10]
    assert books.get("complained", CASES) <= len(told)


def test_customers_of_a_simulated_week_are_the_callers_and_the_cases_of_the_measures(
    simulated: tuple[Ledger, object],
) -> None:
    """Ordinary callers as in the measure `callers`, cases as their events say."""
    books, (plan, log) = simulated  # type: ignore[misc]
    born = log.case_events["at"][log.case_events["event"] == 0]
    cases = int(((born >= plan.clock.warm_up) & (born < plan.clock.window_end)).sum())
    contacts = log.contacts
    ordinary = ~np.isin(contacts["stream"], plan.cases.stream) & (contacts["attempt"] == 0)
    ordinary &= (contacts["arrived"] >= plan.clock.warm_up) & (contacts["arrived"] < plan.clock.window_end)
    assert books.get("customers", CASES) == cases
    assert books.get("customers") == cases + int(ordinary.sum())
    assert books.get("cost") == pytest.approx(
        sum(books.get(name) for name in (
            "wages", "cost of line minutes", "cost of calls", "cost of transfers", "cost of complaints", "training",
        ))
    )  # fmt: skip

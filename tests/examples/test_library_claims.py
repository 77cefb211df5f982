"""What the smaller scenarios of the library claim beyond their own `expect` lines. Fixed seeds: the same verdicts.

Shares and means stand in the scenarios themselves and are decided by callsim's pytest plugin; here stands what a figure
cannot say: a sequence of events, an hour of the week, the same callers in two worlds, money.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import callsim
from callsim.codes import CaseEvent, Outcome, SpanKind
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog

HOUR = 3600 * SECOND
DAY = 24 * HOUR
SATURDAY = 5


def logged(path: Path, replications: int = 1) -> tuple[Plan, list[RunLog]]:
    """Return the plan of a scenario and the logs of its first replications."""
    result = callsim.run(path, replications=replications, workers=1, keep_logs=True)
    (logs,) = result.logs.values()
    return callsim.resolve(callsim.load(path)), list(logs)


def stream_of(plan: Plan, customers: str) -> int:
    """Return the stream of a kind of customers."""
    return int(plan.cases.stream[plan.cases.customers.index(customers)])


# --- the neighbour ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def neighbour(root: Path) -> tuple[Plan, list[RunLog]]:
    """One replication of the billing-name change."""
    return logged(root / "scenarios/case/neighbour.yaml")


@pytest.mark.slow
def test_who_never_tries_makes_no_call_that_the_centre_could_see(neighbour: tuple[Plan, list[RunLog]]) -> None:
    """Fact F19: the heirs who do not even try are in the cases, most of the heirs, and in no call."""
    plan, (log,) = neighbour
    events, heirs = log.case_events, stream_of(plan, "heirs")
    silent = (events["event"] == CaseEvent.NEVER_TRIED) & (events["stream"] == heirs)
    born = (events["event"] == CaseEvent.BORN) & (events["stream"] == heirs)
    assert silent.sum() > born.sum() / 2
    callers = set(zip(log.contacts["stream"], log.contacts["block"], log.contacts["n"], strict=True))
    assert callers.isdisjoint(zip(*(events[name][silent] for name in ("stream", "block", "n")), strict=True))
    assert not np.isin(events["stream"][silent], [stream_of(plan, "neighbour")]).any()


@pytest.mark.slow
def test_cases_come_back_after_a_solution_and_after_being_closed_without_one(
    neighbour: tuple[Plan, list[RunLog]],
) -> None:
    """Fact F19: the notices went on after it was solved; and what is noted as done unsolved is opened again."""
    _, (log,) = neighbour
    opened = log.case_events["value"][log.case_events["event"] == CaseEvent.REOPENED]
    assert set(opened.tolist()) == {0, 1}
    assert (opened == 1).sum() >= 10


# --- the closed billing desk -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def closed_billing(root: Path) -> tuple[Plan, list[RunLog]]:
    """Four replications of the escalation desk and the closed billing desk."""
    return logged(root / "scenarios/case/closed-billing-desk.yaml", replications=4)


def test_coverage_names_the_transfer_into_the_closed_billing_desk(root: Path) -> None:
    """Before anybody calls: one closed door, from the escalation desk to billing, on Saturday."""
    coverage = callsim.coverage(callsim.load(root / "scenarios/case/closed-billing-desk.yaml"))
    assert [(door.source, door.target) for door in coverage.closed_doors] == [("escalations", "billing")]
    assert "escalations to billing (a matter for billing), the call is cut off: sat 09:00-17:00" in str(coverage)
    assert "advertised but closed: sat-sun 08:00-18:00" in str(coverage)


@pytest.mark.slow
def test_calls_are_cut_off_by_transfer_on_saturday_only(closed_billing: tuple[Plan, list[RunLog]]) -> None:
    """Fact F16: billing is closed at weekends, and the escalation desk is open on one day of it."""
    _, logs = closed_billing
    for log in logs:
        ended = log.contacts["ended"][log.contacts["outcome"] == Outcome.DROPPED_BY_TRANSFER]
        assert len(ended) >= 25
        assert set((ended // DAY % 7).tolist()) == {SATURDAY}


@pytest.mark.slow
def test_somebody_is_cut_off_after_more_than_an_hour_on_hold_for_the_escalation_desk(
    closed_billing: tuple[Plan, list[RunLog]],
) -> None:
    """Fact F16 as a whole: asked for somebody in authority, held for an hour, was passed on to a closed door."""
    plan, logs = closed_billing
    desk = plan.queues.names.index("escalations")
    found = 0
    for log in logs:
        events, legs = log.case_events, log.legs
        escalated = events["contact"][events["event"] == CaseEvent.ESCALATED]
        cut_off = escalated[log.contacts["outcome"][escalated] == Outcome.DROPPED_BY_TRANSFER]
        held = (legs["queue"] == desk) & (legs["left"] - legs["entered"] >= HOUR)
        held &= legs["outcome"] == Outcome.ANSWERED
        found += len(np.intersect1d(legs["contact"][held], cut_off))
    assert found >= 4


# --- sites ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_both_worlds_have_the_same_callers_and_the_same_people(root: Path) -> None:
    """A comparison of sites, not of luck: fresh calls, problems and planned shifts agree to the microsecond."""
    folder = root / "scenarios/case"
    (apart, (first,)), (pooled, (second,)) = (
        logged(folder / f"{name}.yaml") for name in ("scattered-sites", "pooled-centre")
    )
    assert apart.streams.names == pooled.streams.names
    ordinary = [~np.isin(log.contacts["stream"], plan.cases.stream) for plan, log in ((apart, first), (pooled, second))]
    for name in ("stream", "block", "n", "arrived"):
        fresh = [
            log.contacts[name][chosen & (log.contacts["attempt"] == 0)]
            for log, chosen in zip((first, second), ordinary, strict=True)
        ]
        assert np.array_equal(*fresh)
    born = [log.case_events["at"][log.case_events["event"] == CaseEvent.BORN] for log in (first, second)]
    assert np.array_equal(*born)
    planned = [log.spans["kind"] == SpanKind.SIGNED_ON for log in (first, second)]
    for name in ("agent", "start"):
        assert np.array_equal(first.spans[name][planned[0]], second.spans[name][planned[1]])


@pytest.mark.slow
def test_a_pooled_customer_talks_with_fewer_employees_and_with_more_different_ones(root: Path) -> None:
    """What `sites.yaml` says of one ticket and one line; margins of four standard errors and more."""
    result = callsim.compare(root / "scenarios/case/sites.yaml", replications=8, workers=1)
    for name, less in (("case.employees_mean", True), ("case.different_employees_mean", False)):
        apart, pooled = (result.value(name, variant=variant) or 0 for variant in ("", "one pooled centre"))
        assert (pooled < apart) is less


# --- complaint recovery ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_complaint_recovery_keeps_more_than_it_costs(root: Path) -> None:
    """Fact F33: the same people, credits on top; a solved case is cheaper, and far more is kept than paid."""
    folder = root / "scenarios/case"
    cards = [callsim.scorecard(folder / f"complaint-{name}.yaml", replications=4) for name in ("ignored", "recovery")]
    names = ("cost", "cost_per_solved_case", "lost_with_customers")
    ignored, recovery = ({name: card.line(name).value or 0.0 for name in names} for card in cards)
    extra = recovery["cost"] - ignored["cost"]
    assert extra > 0
    assert recovery["cost_per_solved_case"] < ignored["cost_per_solved_case"]
    assert ignored["lost_with_customers"] - recovery["lost_with_customers"] > 10 * extra

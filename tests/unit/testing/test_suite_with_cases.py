"""The parts of the conformance suite that know of cases: drawing, watching, perturbing, telling differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callsim.codes import AngerCause, CaseEvent, Rank
from callsim.engines import simpy
from callsim.plan.plan import SECOND, SURE, Plan
from callsim.runlog import RunLog
from callsim.testing.agreement import first_difference
from callsim.testing.choices import SeededChoices
from callsim.testing.conformance import prefix_complaint
from callsim.testing.drawing.centre import Draft, Scope, draw_scenario
from callsim.testing.language import NOT_WRITTEN, unwritten
from callsim.testing.perturbing_cases import CASE_CHANGES
from callsim.testing.reach import Reach
from callsim.testing.shrinking import shrunk
from callsim.testing.watching import Sightings, watched_run
from callsim.testing.writing import plan_of

SMALL = Draft(
    {
        "run": {"start": "2025-06-02 10:00", "measure": "10m", "at_end": "drain"},
        "callers": {},
        "cases": {
            "lost order": {
                "starts": {"per_hour": 30},
                "owner": "0%",
                "awake": "daily 10:02-10:10",
                "anger": {"points": {"unsolved": 1, "broken promise": 2}, "talk": [1, 2, 2, 3]},
                "calls_again": {"unsolved": "constant 10s", "at_most": "3 calls"},
                "promises": {"share": "100%", "due": "constant 5s", "kept": "0%"},
                "regulator": {"complains": "100%", "acts_in": "constant 9m", "after": {"calls": "9 calls"}},
            }
        },
        "queues": {"red": {"handle_time": "constant 2s"}},
        "agents": {"north": {"answers": ["red"], "heads": 1}},
    },
    {},
)
"""Nobody ever owns a case: three calls, each answered, each followed by a promise that is broken."""
TWO_AT_ONCE = (0, 0, 130, 130)
"""Problems begin: two before anybody is awake, two together two minutes and ten seconds after the start. [s]"""


@pytest.fixture(scope="module")
def small() -> Plan:
    plan = plan_of(SMALL)
    streams = replace(
        plan.streams,
        block_offset=np.zeros(2, np.int64),
        block_start=plan.streams.block_start[:0],
        block_end=plan.streams.block_end[:0],
        block_mean=plan.streams.block_mean[:0],
        block_day=plan.streams.block_day[:0],
        recorded_offset=np.array([0, 4], np.int64),
        recorded=np.array(TWO_AT_ONCE, np.int64) * SECOND,
    )
    return replace(plan, streams=streams)


def with_event(log: RunLog, row: int, column: str, value: int) -> RunLog:
    """Return the log with another value in one cell of the case events."""
    events = {name: cells.copy() for name, cells in log.case_events.items()}
    events[column][row] = value
    return replace(log, case_events=events)


def test_every_key_of_the_language_is_written_by_some_scenario() -> None:
    """Of 300 scenarios; what is excused exists, so that the list of excuses follows the language."""
    drafts = [draw_scenario(SeededChoices(1, number)) for number in range(300)]
    assert unwritten(drafts) == []
    everything = unwritten([])
    assert "CaseType.starts" in everything
    assert "AngerPoints.an hour on hold" in everything
    assert "Wage.per_hour" not in everything  # below money, which is excused


def test_a_key_that_no_scenario_writes_is_told() -> None:
    """The small scenario says neither who returns nor who escalates, and an excuse of nothing would be told, too."""
    missing = unwritten([SMALL])
    assert {"CaseType.returns", "CaseType.escalation", "EscalationAfter.hold"} <= set(missing)
    assert "Promises.kept" not in missing
    assert not {key for key in NOT_WRITTEN if key in missing}


def test_a_third_of_the_scenarios_has_cases_and_plain_ones_have_none() -> None:
    """35 percent of 400 is 140, give or take 4.4 standard errors of 9.5 (false alarm 1e-5, seed fixed)."""
    with_cases = sum("cases" in draw_scenario(SeededChoices(1, number)).scenario for number in range(400))
    assert abs(with_cases - 140) < 42
    for scope in (Scope.SKILLS, Scope.ONE_QUEUE):
        assert not any("cases" in draw_scenario(SeededChoices(1, number), scope).scenario for number in range(30))


def test_drawn_cases_are_small() -> None:
    """In the mean of 30 scenarios with cases, ten to forty contacts belong to them, and no scenario has 400."""
    counts: list[int] = []
    number = 0
    while len(counts) < 30:
        draft = draw_scenario(SeededChoices(2, number))
        number += 1
        if "cases" not in draft.scenario:
            continue
        plan = plan_of(draft)
        counts.append(int(np.isin(simpy.run(plan, 1, 0).contacts["stream"], plan.cases.stream).sum()))
    assert 10 <= np.mean(counts) <= 40
    assert max(counts) < 400


def test_watching_cases_changes_nothing_and_sees_which_points_had_an_effect(small: Plan) -> None:
    """Four cases of three calls. In the first talk nobody is angry; in the second with 3 points: without the one for
    the unsolved call the factor would be the 2 of two points instead of 3, without the two of the promise 2 as well. In
    the third with 6 points: without the two of unsolved calls it would be 4, with the same last factor 3; without the
    four of promises 2, with factor 2.
    """
    sightings = Sightings()
    watched = watched_run(small, 1, 0, sightings)
    assert watched.digest() == simpy.run(small, 1, 0).digest()
    assert sightings.angers == {AngerCause.UNSOLVED: 4, AngerCause.BROKEN_PROMISE: 8}
    assert (watched.contacts["attempt"] == 2).sum() == 4


def test_problems_that_begin_at_one_instant_are_a_tie(small: Plan) -> None:
    """Two problems at the start change something, though nobody calls yet: two arrivals, beside heads and doors."""
    sightings = Sightings()
    watched_run(small, 1, 0, sightings)
    assert sightings.ties[Rank.OPENING, Rank.ARRIVAL] == 1
    assert sightings.ties[Rank.HEADS, Rank.ARRIVAL] == 1


def test_reach_counts_how_cases_end(small: Plan) -> None:
    """All four give up after three calls, each with a promise that is broken."""
    reach = Reach()
    reach.add(small, watched_run(small, 1, 0, reach.sightings))
    numbers = reach.numbers()
    assert numbers["case given up"] == 4
    assert numbers["CaseEvent PROMISE_BROKEN"] == numbers["CaseEvent EXPLAINED"] == 12
    assert numbers["case solved"] == numbers["call of the provider ANSWERED"] == 0


def test_a_difference_between_events_is_told_with_the_whole_case(small: Plan) -> None:
    """The first promise of the first case has another deadline: the event, the case with its contacts and legs."""
    log = simpy.run(small, 1, 0)
    row = int(np.flatnonzero(log.case_events["event"] == CaseEvent.PROMISED)[0])
    told = first_difference(small, log, with_event(log, row, "value", 7)).splitlines()
    assert told[0] == f"case_events, row {row}, column value: expected {log.case_events['value'][row]}, found 7"
    assert told[1:3] == [
        "  expected:",
        "    case_events 0: stream lost order, block -, n 0, step 0, at 0s, event BORN, contact -, leg -, value 0",
    ]
    assert sum("contacts " in line for line in told) == 2 * 3
    assert sum("legs " in line for line in told) == 2 * 3


def test_a_run_that_forgets_what_happened_to_cases_is_no_prefix(small: Plan) -> None:
    """An engine that forgets the first event of all cases in short runs is caught, and the reference is not."""

    def forgetful(plan: Plan, seed: int, replication: int) -> RunLog:
        log = simpy.run(plan, seed, replication)
        short = plan.clock.horizon < small.clock.horizon
        return replace(log, case_events={name: cells[short:] for name, cells in log.case_events.items()})

    assert prefix_complaint(small, simpy.run, 1, 0) == ""
    assert prefix_complaint(small, forgetful, 1, 0).startswith("case_events, ")


@pytest.mark.parametrize("change", list(dict.fromkeys(CASE_CHANGES)), ids=lambda change: change.__name__)
def test_a_changed_plan_keeps_its_invariants_and_is_another_one(change: object, small: Plan) -> None:
    """Each change gives plans that can be run, most of them with another digest; shares of queues add up to SURE."""
    assert callable(change)
    drafts = (draw_scenario(SeededChoices(1, number)) for number in range(60))
    plans = [plan_of(draft) for draft in drafts if "cases" in draft.scenario][:6]
    others = [change(plan, SeededChoices(5, number)) for number, plan in enumerate(plans)]
    for plan in others:
        plan.check()
        simpy.run(plan, 1, 0)
        for kind, pieces in enumerate(plan.cases.pieces.tolist()):
            assert (plan.cases.dial_share[kind, :pieces].sum(axis=1) == SURE).all()
    assert sum(plan.digest() != other.digest() for plan, other in zip(plans, others, strict=True)) >= 3


def test_a_scenario_with_cases_shrinks() -> None:
    """Of a random scenario with a complaint nearly everything else can go."""

    def somebody_complains(plan: Plan) -> bool:
        return bool((simpy.run(plan, 1, 0).case_events["event"] == CaseEvent.COMPLAINED).any())

    drafts = (draw_scenario(SeededChoices(1, number)) for number in range(60))
    found = next(draft for draft in drafts if "cases" in draft.scenario and somebody_complains(plan_of(draft)))
    least = shrunk(found, somebody_complains, seconds=4)
    assert somebody_complains(plan_of(least))
    assert len(str(least.scenario)) < len(str(found.scenario)) / 2

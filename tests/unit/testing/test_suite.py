"""The parts of the conformance suite: drawing, writing, watching, telling differences, shrinking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callsim.codes import Rank
from callsim.engines import simpy
from callsim.plan.plan import SECOND, Plan, Queues
from callsim.runlog import RunLog
from callsim.testing.agreement import first_difference
from callsim.testing.cases import batch, case
from callsim.testing.choices import SeededChoices
from callsim.testing.conformance import Disagreement, examine
from callsim.testing.drawing.centre import Draft
from callsim.testing.shrinking import shrunk
from callsim.testing.watching import Sightings, watched_run
from callsim.testing.writing import plan_of, yaml_of

SMALL = Draft(
    {
        "run": {"measure": "60s", "at_end": "drain"},
        "callers": {"ann": {"calls": {"recorded": "ann.csv"}, "to": "red", "patience": "constant 3s"}},
        "queues": {"red": {"handle_time": "constant 2s"}},
        "agents": {"north": {"answers": ["red"], "heads": 1}},
    },
    {"ann.csv": "1\n1\n2\n2\n"},
)


@pytest.fixture(scope="module")
def small() -> Plan:
    return plan_of(SMALL)


def test_a_case_is_the_same_every_time() -> None:
    """Case 7 of batch 3 has the same plan whoever asks, and case 8 another one."""
    digests = [found.plan.digest() for found in (case(3, 7), case(3, 7), case(3, 8)) if found.plan is not None]
    assert digests[0] == digests[1] != digests[2]
    assert [one.number for one in batch(3, 2, first=5)] == [5, 6]


def test_chances_are_as_likely_as_they_say() -> None:
    """0 and 100 percent are never and always; 30 percent of 2,000 is 600, give or take 4.4 standard errors of 20.5
    (false alarm 1e-5, seed fixed).
    """
    choices = SeededChoices(1, 1)
    assert [sum(choices.chance(percent) for _ in range(2000)) for percent in (0, 100)] == [0, 2000]
    assert abs(sum(choices.chance(30) for _ in range(2000)) - 600) < 90
    assert {choices.whole(2, 4) for _ in range(100)} == {2, 3, 4}


def test_watching_does_not_change_a_run_and_sees_its_ties(small: Plan) -> None:
    """Heads and doors tie at 0. Two calls at 1, two at 2, each of 2 s: arrivals tie twice.

    At 3 the first talk ends (the second caller is next); at 5 the second ends, the third is next and the fourth,
    whose patience of 3 s ends then, hangs up.
    """
    sightings = Sightings()
    watched = watched_run(small, 1, 0, sightings)
    assert watched.digest() == simpy.run(small, 1, 0).digest()
    assert dict(sightings.ties) == {
        (Rank.HEADS, Rank.OPENING): 1,
        (Rank.ARRIVAL, Rank.ARRIVAL): 2,
        (Rank.SERVICE_END, Rank.PATIENCE_END): 1,
    }


def test_doors_that_move_leave_a_break_before_the_next_opening() -> None:
    """Doors close 30 s later, then again. A break of 60 s lasts 30 s from the first time on, and not 0 from the second;
    one of 180 s lasts 120 s in the end, and the last end of all has moved by 60 s. Admissions end when doors close.
    """
    found = case(2, 6739)
    before = plan_of(found.draft).queues
    assert found.plan is not None
    after = found.plan.queues
    rows = slice(*before.open_offset[[2, 3]].tolist())
    assert _breaks(before, rows) == [180, 60]
    assert _breaks(after, rows) == [120, 30]
    assert (after.open_end[rows] - before.open_end[rows]).tolist() == [60 * SECOND, 30 * SECOND, 60 * SECOND]
    assert (after.admit_end[rows] == after.open_end[rows]).all()


def _breaks(queues: Queues, rows: slice) -> list[float]:
    return ((queues.open_start[rows][1:] - queues.open_end[rows][:-1]) / SECOND).tolist()


def test_the_first_difference_is_told_with_the_history_of_the_contact(small: Plan) -> None:
    """The second leg's end of talk moves by a second: table, row, column, both values, and both histories."""
    log = simpy.run(small, 1, 0)
    talk_end = log.legs["talk_end"].copy()
    talk_end[1] += 1_000_000
    other = replace(log, legs={**log.legs, "talk_end": talk_end})
    told = first_difference(small, log, other).splitlines()
    assert told[0] == "legs, row 1, column talk_end: expected 5s, found 6s"
    assert told[1:3] == [
        "  expected:",
        "    contacts 1: stream ann, block -, n 1, attempt 0, cause FRESH, arrived 1s, queue red, outcome ANSWERED, "
        "ended 5s",
    ]
    assert first_difference(small, log, log) == ""


def test_a_missing_row_and_a_wrong_sum_are_differences(small: Plan) -> None:
    """A log without its last span, and one whose busy time is a tick too long."""
    log = simpy.run(small, 1, 0)
    shorter = replace(log, spans={name: column[:-1] for name, column in log.spans.items()})
    assert first_difference(small, log, shorter).startswith("spans, row 0: only expected in one of the logs")
    busier = replace(log, busy_time=log.busy_time + 1)
    assert first_difference(small, log, busier) == "busy_time: expected [6000000], found [6000001]"


def test_an_engine_that_raises_disagrees(small: Plan) -> None:
    """What an engine raises is told with the scenario to reproduce it."""

    def broken(plan: Plan, seed: int, replication: int) -> RunLog:
        raise RuntimeError("no such branch")

    verdict = examine(batch(1, 1), {"broken": broken})
    assert [found.text for found in verdict.disagreements] == ["RuntimeError: no such branch"]
    assert "run: " in str(verdict.disagreements[0])


def test_a_scenario_shrinks_to_what_shows_the_finding() -> None:
    """Of a random scenario only what makes somebody wait is left: one stream, one queue, one group."""

    def somebody_waits(plan: Plan) -> bool:
        legs = simpy.run(plan, 1, 0).legs
        return bool(np.any(legs["left"] > legs["entered"]))

    draft = next(one.draft for one in batch(1, 50) if one.plan is not None and somebody_waits(one.plan))
    least = shrunk(draft, somebody_waits, seconds=5)
    assert somebody_waits(plan_of(least))
    assert len(yaml_of(least)) < len(yaml_of(draft)) / 2


def test_a_finding_is_told_in_its_smallest_scenario() -> None:
    """An engine that forgets the last contact fails every scenario; one caller is enough to show it."""

    def forgetful(plan: Plan, seed: int, replication: int) -> RunLog:
        log = simpy.run(plan, seed, replication)
        return replace(log, contacts={name: column[:-1] for name, column in log.contacts.items()})

    one = case(1, 0)
    found = Disagreement(one, "forgetful", "").small(forgetful, seconds=3)
    assert len(str(found)) < len(str(Disagreement(one, "forgetful", "")))
    assert "only expected in one of the logs" in str(found)


def test_yaml_to_reproduce_can_be_read_again(tmp_path: object) -> None:
    """The text in a report is the scenario itself; its files stand behind it as comments."""
    from pathlib import Path

    from callsim.scenario import load, resolve

    assert isinstance(tmp_path, Path)
    path = tmp_path / "random.yaml"
    path.write_text(yaml_of(SMALL), encoding="utf-8")
    (tmp_path / "ann.csv").write_text(SMALL.files["ann.csv"], encoding="utf-8")
    assert resolve(load(path)).digest() == plan_of(SMALL).digest()
    assert yaml_of(SMALL).endswith("# ann.csv:\n#   1\n#   1\n#   2\n#   2\n")

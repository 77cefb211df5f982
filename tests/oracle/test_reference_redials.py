"""Callers who call again: the orbit, hour-long holds, and what a caller lives through over all his calls.

The figures per attempt are judged in `test_reference_steady_state.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from callsim.plan.plan import SECOND
from callsim.runlog import RunLog
from tests.oracle.centres import HOUR, Trial, centre, run_checked
from tests.oracle.judging import Columns, Known, disagreements, judge
from tests.oracle.reference_values import case_named
from tests.oracle.trials import MINUTE, redial, retrial


def orbit(log: RunLog, edges: np.ndarray) -> Columns:
    """Return the time that callers spent between two calls, by batch of the first of the two. [s]"""
    contacts = log.contacts
    order = np.lexsort((contacts["attempt"], contacts["n"], contacts["block"], contacts["stream"]))
    first, second = order[:-1], order[1:]
    again = contacts["attempt"][second] == contacts["attempt"][first] + 1
    assert np.array_equal(contacts["n"][first[again]], contacts["n"][second[again]])
    first, second = first[again], second[again]
    away = (contacts["arrived"][second] - contacts["ended"][first]) / SECOND
    batch = np.searchsorted(edges, contacts["ended"][first], side="right") - 1
    inside = (batch >= 0) & (batch < len(edges) - 1)
    total = np.bincount(batch[inside], weights=away[inside], minlength=len(edges) - 1)
    return {"away": total, "window": np.diff(edges) / SECOND}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trial", "identity"),
    [(redial(), "redial-after-abandon-s11"), (retrial(), "retrial-MMcc-c5")],
    ids=["redial", "retrial"],
)
def test_so_many_callers_are_between_two_calls(trial: Trial, identity: str, tmp_path: Path) -> None:
    """Mean number in orbit, as total time between calls over the time observed (Little). 40 batches, z = 5.

    Those whose next call would come after the end of the run are missed: about one delay in a thousand.
    """
    plan = trial.plan(tmp_path)
    log = run_checked(plan, trial.seed, 1)
    known = Known(case_named("redials.yaml", identity)["values"]["mean_in_orbit"])
    sums = {"": orbit(log, plan.clock.interval_edges)}
    assert disagreements(judge(sums, {"mean_in_orbit": ("", lambda s: s.away / s.window, known)})) == []


HALF = 5e-4
"""Half a unit of a third printed decimal."""


@pytest.mark.slow
def test_an_hour_on_hold_is_exact_and_the_service_level_must_be_named(tmp_path: Path) -> None:
    """10 calls a minute for 30 agents of 6 minutes, patience 60 minutes (specification, part 3, oracle 2).

    P(abandon) 0.5000, speed of answer 41.489 min, mean wait 30.0 min; service level at 60 min: 0.500 (abandoned
    count against us), 1.000 and 1.000; at 2 min: 0, 0.0328, 0.
    """
    text = centre(10 / MINUTE, "exponential mean 6m", 30, callers="patience: exponential mean 60m")
    limits = (120.0, HOUR)
    trial = Trial("hour-long holds", text, 10 / MINUTE, 10 * HOUR, {}, limits, calls=100_000, batches=25)
    values = {
        "p_abandon": (lambda s: s.abandoned / s.offered, 0.5, 5e-5),
        "speed of answer": (lambda s: s.wait_answered / s.answered, 41.489 * 60, 0.03),
        "mean wait": (lambda s: s.wait / s.offered, 1800.0, 3.0),
        "answered within 60 min / offered": (lambda s: s.answered_within_3600 / s.offered, 0.5, HALF),
        "in time or gone within 60 min": (
            lambda s: (s.answered_within_3600 + s.abandoned_within_3600) / s.offered, 1.0, HALF
        ),
        "answered within 60 min / answered": (lambda s: s.answered_within_3600 / s.answered, 1.0, HALF),
        "answered within 2 min / offered": (lambda s: s.answered_within_120 / s.offered, 0.0, HALF),
        "in time or gone within 2 min": (
            lambda s: (s.answered_within_120 + s.abandoned_within_120) / s.offered, 0.0328, HALF / 10
        ),
        "answered within 2 min / answered": (lambda s: s.answered_within_120 / s.answered, 0.0, HALF),
    }  # fmt: skip
    expected = {name: ("", formula, Known(value, digits)) for name, (formula, value, digits) in values.items()}
    found = trial.but(expected=expected).verdicts(tmp_path)
    assert disagreements(found, ("p_abandon", "speed of answer", "mean wait"), precision=0.02) == []


FLUID = {
    "offered per fresh call": (lambda s: s.offered / s.fresh, 3.0),
    "p_abandon": (lambda s: s.abandoned / s.offered, 5 / 6),
    "hold of all calls per fresh call [min]": (lambda s: s.wait / s.fresh / MINUTE, 150.0),
    "mean wait per call [min]": (lambda s: s.wait / s.offered / MINUTE, 50.0),
    "answered per fresh call": (lambda s: s.answered / s.fresh, 0.5),
}
"""If the agents are never idle: the offered rate r solves r = 10 + 0.8 (r - 5), for the rate of answers is 5."""


def fluid(rule: str, expected: dict[str, tuple[str, object, Known]]) -> Trial:
    """Return a fifth of that centre: 2 calls a minute for 6 agents; four fifths of those who hang up call again."""
    callers = (
        f"patience: {{law: exponential mean 60m, rule: {rule}}}, "
        "calls_again: {abandoned: {share: 80%, delay: exponential mean 10m}}"
    )
    text = centre(2 / MINUTE, "exponential mean 6m", 6, callers=callers)
    return Trial(f"redial fluid, {rule}", text, 6 / MINUTE, 1800 * MINUTE, expected, calls=120_000, batches=20)  # type: ignore[arg-type]


@pytest.mark.slow
def test_in_overload_the_speed_of_answer_hides_what_callers_live_through(tmp_path: Path) -> None:
    """Specification, part 3, oracle 3: 3 calls and 150 minutes of hold a caller, 5/6 abandon, half are never served.

    These are conservation laws of agents who are never idle, so that a fifth of the centre and short delays do; the
    slowest relaxation is 340 minutes, a batch 1,000. 20 batches: 5 standard errors have probability 8e-5.
    """
    expected = {name: ("", formula, Known(value)) for name, (formula, value) in FLUID.items()}
    assert (
        disagreements(
            fluid("fresh", expected).verdicts(tmp_path), ("p_abandon", "mean wait per call [min]"), precision=0.03
        )
        == []
    )


@pytest.mark.slow
def test_if_patience_is_a_trait_the_same_calls_are_offered_but_others_are_answered(tmp_path: Path) -> None:
    """Patience of the person: offered rate and abandonment as before, but the patient are served: less hold each."""
    same = {"offered per fresh call", "p_abandon", "answered per fresh call"}
    expected = {name: ("", formula, Known(value)) for name, (formula, value) in FLUID.items() if name in same}
    trial = fluid("same person", expected).but(calls=60_000, batches=20)
    sums = trial.run(tmp_path)
    assert disagreements(judge(sums, expected), ("p_abandon",), precision=0.03) == []
    hold = judge(sums, {"hold": ("", FLUID["hold of all calls per fresh call [min]"][0], Known(150.0))})[0]
    assert hold.value < 100

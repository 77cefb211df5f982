"""A check that looks five times at several figures is wrong as seldom as it says, though every figure is on its bound.

That is the worst case: a figure away from its bound is misjudged more seldom by far. The share of wrong checks is
binomial; at a true share of exactly 1 % more than 1 % + 4 standard errors (z = 4) would be found with probability
3e-5 at the choice of the seed; the tests here together with 2e-4.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from callsim.experiments.check import check, check_settings
from callsim.experiments.expectations import Outcome
from callsim.scenario import load_experiment
from callsim.stats import Side, levels_of_looks, looks, mean, ratio, side, widened

CHECKS = 1000
LEVEL = 0.99
PLANNED = looks(8, 128)
Draw = Callable[[np.random.Generator], np.ndarray]


def most(checks: int) -> float:
    """Return how many of so many checks may be wrong: 1 % and four standard errors."""
    return checks * (1 - LEVEL) + 4 * math.sqrt(checks * LEVEL * (1 - LEVEL))


def decided(figure: Callable[[int, float], object], decisions: int, bound: float) -> Side:
    """Return on which side a figure is found, looking as a check does."""
    for n, level in zip(PLANNED, levels_of_looks(LEVEL, PLANNED, decisions), strict=True):
        found = side(widened(figure(n, level)), bound)
        if found is not Side.UNDECIDED:
            return found
    return Side.UNDECIDED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "seed"),
    [
        (lambda random: random.normal(size=128), 61),
        (lambda random: random.gamma(4.0, 1.0, 128) - 4.0, 62),
        (lambda random: random.exponential(size=128) - 1.0, 63),
    ],
    ids=["normal", "gamma 4", "exponential"],
)
def test_a_thousand_checks_of_five_figures_are_wrong_in_one_of_a_hundred(draw: Draw, seed: int) -> None:
    """Either side may be the wrong one, and is counted for itself; skewness 0, 1 and 2."""
    random = np.random.default_rng(seed)
    above = below = 0
    for _ in range(CHECKS):
        columns = [draw(random) for _ in range(5)]
        sides = {decided(lambda n, level, x=x: mean(x[:n], level), 5, 0.0) for x in columns}
        above += Side.ABOVE in sides
        below += Side.BELOW in sides
    assert above <= most(CHECKS)
    assert below <= most(CHECKS)
    assert above + below > 0, "intervals that are never left are wider than they need be"


@pytest.mark.slow
def test_a_thousand_checks_of_a_share_are_wrong_in_one_of_a_hundred() -> None:
    """Days of Poisson(200) calls, of which a share that varies by day (beta, mean 2 %) is abandoned: bound 2 %."""
    random = np.random.default_rng(64)
    above = below = 0
    for _ in range(CHECKS):
        calls = random.poisson(200, 128)
        gone = random.binomial(calls, random.beta(2, 98, 128))
        found = decided(lambda n, level, gone=gone, calls=calls: ratio(gone[:n], calls[:n], level), 1, 0.02)
        above += found is Side.ABOVE
        below += found is Side.BELOW
    assert above <= most(CHECKS)
    assert below <= most(CHECKS)


def test_without_care_for_skewness_checks_would_be_wrong_far_more_often() -> None:
    """What `widened` is for: Student's interval alone, equal parts of the error, exponential replications."""
    random = np.random.default_rng(65)
    level = 1 - 2 * (1 - LEVEL) / len(PLANNED)
    wrong = 0
    for _ in range(300):
        x = random.exponential(size=128) - 1.0
        wrong += any(side(mean(x[:n], level), 0.0) is Side.BELOW for n in PLANNED)
    assert wrong > 300 * 0.04


def checks_of_a_desk(folder: Path, checks: int, at_most: int) -> tuple[int, int]:
    """Return how many checks with fresh seeds are wrong, and how many verdicts there were, of figures on their bounds.

    Calls are Poisson, 30 on average: `<=` and `>=` 30 are met, `<` and `>` 30 missed.
    """
    path = folder / "desk.yaml"
    path.write_text(
        "run: {measure: 30m}\n"
        "callers: {everyone: {calls: {per_hour: 60}, to: main}}\n"
        "queues: {main: {handle_time: exponential mean 1m}}\n"
        "agents: {team: {heads: 3, answers: [main]}}\n"
        "expect: [arrivals <= 30, arrivals >= 30, arrivals < 30, arrivals > 30]\n",
        encoding="utf-8",
    )
    experiment = load_experiment(path)
    right = (Outcome.MET, Outcome.MET, Outcome.MISSED, Outcome.MISSED)
    wrong = verdicts = 0
    for seed in range(checks):
        found = check(experiment, check_settings(experiment, seed=10_000 + seed, at_most=at_most, workers=1))
        outcomes = [verdict.outcome for verdict in found.expectations]
        verdicts += len(outcomes)
        wrong += any(o not in (Outcome.UNDECIDED, r) for o, r in zip(outcomes, right, strict=True))
    return wrong, verdicts


@pytest.mark.slow
def test_checks_of_an_unchanged_scenario_with_fresh_seeds_give_no_false_alarm(tmp_path: Path) -> None:
    """Twenty-five whole checks; a thousand run with the long tests."""
    wrong, verdicts = checks_of_a_desk(tmp_path, 25, 16)
    assert verdicts == 100
    assert wrong <= most(25)

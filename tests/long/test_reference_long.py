"""Every steady-state case again, to within half a percent: `python -m pytest -m long -n 2` (one to two hours).

A pilot (the fast run) says how many independent replications bring the standard error of every figure below 0.5 % of
its value, or 0.002 for a probability; they are other replications than the pilot's, so that the pilot does not bias
them. At least ten run, and at most 6 million calls: a mean wait close to saturation would need hundreds of millions,
and is then judged with the error it has. The main figures must reach the 0.5 %. Verdict as in tests/oracle/judging.py:
z = 5, about 600 figures, hundreds of batches: one false alarm in 3,000 choices of the seeds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.oracle.centres import Trial
from tests.oracle.judging import Verdict, disagreements
from tests.oracle.trials import steady

SHARE_OF_VALUE = 0.005
OF_A_PROBABILITY = 0.002
MARGIN = 1.3
"""More replications than the pilot asks for: its standard errors are themselves uncertain."""
FEWEST_REPLICATIONS = 10
MOST_CALLS = 6_000_000
TRIALS = steady()


def wanted_error(verdict: Verdict) -> float:
    """Return the standard error to reach."""
    least = OF_A_PROBABILITY if verdict.is_share else 0.0
    return max(least, SHARE_OF_VALUE * abs(verdict.known.value))


def replications(trial: Trial, pilot: Sequence[Verdict]) -> int:
    """Return how many replications the figures need."""
    ratios = [each.error / wanted_error(each) for each in pilot if wanted_error(each)]
    needed = math.ceil(MARGIN * max(ratios) ** 2)
    return min(max(FEWEST_REPLICATIONS, needed), max(FEWEST_REPLICATIONS, MOST_CALLS // trial.calls))


@pytest.mark.long
@pytest.mark.parametrize("name", list(TRIALS))
def test_a_long_run_agrees_with_the_reference(name: str, tmp_path: Path) -> None:
    """|simulated - reference| <= 5 standard errors; main figures to within 0.5 %, or 0.002 of a probability."""
    trial = TRIALS[name]
    n = replications(trial, trial.verdicts(tmp_path))
    verdicts = trial.verdicts(tmp_path, range(1, n + 1))
    assert disagreements(verdicts) == []
    vague = [str(each) for each in verdicts if each.name in trial.main and each.error > wanted_error(each)]
    assert not vague, "standard error too large:\n" + "\n".join(vague)

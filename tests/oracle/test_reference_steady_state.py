"""Every steady-state case of the reference files, simulated: all printed figures within 5 of their standard errors.

One fixed-seed run of 30,000 to 50,000 calls a case after a warm-up, in 40 batches; what 5 standard errors mean and how
often a right model would fail is said in `judging.py`. The main figures of each case have standard errors below 2 %,
so that an error of 5 to 10 % in an input is seen (`test_reference_power.py` shows it). `pytest -rP` prints every figure
with its standard error; the long mode of the same cases is in tests/long.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.judging import common, disagreements
from tests.oracle.trials import steady

TRIALS = steady()


@pytest.mark.slow
@pytest.mark.parametrize("name", list(TRIALS))
def test_a_simulated_centre_agrees_with_the_reference(name: str, tmp_path: Path) -> None:
    """|simulated - reference| <= 5 standard errors, for each printed figure; main figures to within 2 %."""
    trial = TRIALS[name]
    assert disagreements(common(trial.verdicts(tmp_path)), trial.main, precision=0.02) == []

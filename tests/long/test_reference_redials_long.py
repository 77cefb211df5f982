"""The redial oracle of the specification (part 3, oracle 3) as it stands there: 30 agents, delays of ten hours.

An independent event simulation of 105,000 minutes gave 30.03 calls a minute, P(abandon) 0.8335, speed of answer 107.46
min and mean wait 50.00 min; with patience as a trait "about 43" minutes, and 67 minutes of hold a case. The
errors of that simulation were not printed: ours, of as many minutes, stands for them. One run of 120,000 minutes after
a warm-up of 20,000, in 12 batches of three times the slowest relaxation (3,300 minutes): a distance of 5 standard
errors has probability 4e-4, so that 8 figures fail by chance once in 300 choices of the seed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.centres import Trial, centre
from tests.oracle.judging import Known, Verdict, disagreements, judge

FIGURES: dict[str, Any] = {
    "offered a minute": lambda s: s.offered / s.window * 60,
    "p_abandon": lambda s: s.abandoned / s.offered,
    "speed of answer [min]": lambda s: s.wait_answered / s.answered / 60,
    "mean wait [min]": lambda s: s.wait / s.offered / 60,
    "hold per fresh call [min]": lambda s: s.wait / s.fresh / 60,
}
SIMULATED = {
    "fresh": {"offered a minute": 30.03, "p_abandon": 0.8335, "speed of answer [min]": 107.46, "mean wait [min]": 50.0},
    "same person": {
        "offered a minute": 30.0,
        "p_abandon": 5 / 6,
        "speed of answer [min]": 43,
        "hold per fresh call [min]": 67,
    },
}
ROUNDED = {"same person": {"speed of answer [min]": 0.5, "hold per fresh call [min]": 0.5}}


@pytest.mark.long
@pytest.mark.parametrize("rule", list(SIMULATED))
def test_ten_hour_delays_agree_with_an_independent_simulation(rule: str, tmp_path: Path) -> None:
    """Both errors count; figures that were printed without decimals may be off by half a unit."""
    callers = (
        f"patience: {{law: exponential mean 60m, rule: {rule}}}, "
        "calls_again: {abandoned: {share: 80%, delay: exponential mean 600m}}"
    )
    text = centre(10 / 60, "exponential mean 6m", 30, callers=callers)
    zero = {name: ("", formula, Known(0.0)) for name, formula in FIGURES.items()}
    trial = Trial(f"redial oracle, {rule}", text, 0.5, 20_000 * 60, zero, calls=3_600_000, batches=12)
    found = {each.name: each for each in judge(trial.run(tmp_path), zero)}
    verdicts = []
    for name, value in SIMULATED[rule].items():
        error = found[name].error + ROUNDED.get(rule, {}).get(name, 0.0)
        verdicts.append(Verdict(name, Known(value, error), found[name].value, found[name].error))
    assert disagreements(verdicts) == []

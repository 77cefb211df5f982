"""Days of 480 minutes from empty, published for ContactCenters' M/M/c examples (1,000 days, 95 % intervals).

Specification, part 3, oracle 1: `doc/examples/MMC.res`, `MMCBlocked.res`, `MMCAb.res`. Both errors count: theirs is the
half width / 1.96, or half a unit of the last printed digit; ours comes from 30 days, of which 5 standard errors have
probability 3e-5.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracle import days
from tests.oracle.judging import Known, disagreements, judge

DAY = """run: {{measure: 480m, interval: 480m, at_end: drain}}
callers: {{everyone: {{calls: {{per_hour: 252}}, to: main{callers}}}}}
queues: {{main: {{handle_time: exponential mean 2m{queue}}}}}
agents: {{team: {{heads: 12, answers: [main]}}}}
"""
CENTRES: dict[str, tuple[dict[str, str], dict[str, tuple[Any, Known]]]] = {
    "nobody hangs up": (
        {},
        {
            "mean wait [min]": (lambda s: s.wait / s.offered / 60, Known(0.099, 0.002 / 1.96)),
            "answered within 20 s": (lambda s: s.answered_within_20 / s.offered, Known(0.902, 0.002 / 1.96)),
        },
    ),
    "five places in the queue": (
        {"queue": ", limit: 5"},
        {"blocked a day": (lambda s: s.blocked / s.days, Known(18.66, 0.61 / 1.96))},
    ),
    "patience of a minute": (
        {"callers": ", patience: exponential mean 1m"},
        {
            "abandoned a day": (lambda s: s.abandoned / s.days, Known(58.61, 0.95 / 1.96)),
            "speed of answer [min]": (lambda s: s.wait_answered / s.answered / 60, Known(0.024, 0.0005)),
            "answered in time / answered": (lambda s: s.answered_within_20 / s.answered, Known(0.975, 0.0005)),
            "short abandons ignored": (
                lambda s: s.answered_within_20 / (s.offered - s.abandoned_within_20),
                Known(0.968, 0.0005),
            ),
        },
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CENTRES))
def test_days_from_empty_agree_with_the_published_ones(name: str, tmp_path: Path) -> None:
    """Two simulations agree if they differ by at most 5 of their joint standard errors."""
    parts, figures = CENTRES[name]
    text = DAY.format(**({"callers": "", "queue": ""} | parts))
    found = days.simulate(tmp_path, text, seed=480, days=30)
    assert (
        disagreements(
            judge({"": found.whole}, {figure: ("", formula, known) for figure, (formula, known) in figures.items()})
        )
        == []
    )

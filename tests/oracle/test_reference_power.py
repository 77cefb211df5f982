"""The judges can fail: a centre that differs a little in one input (mostly by 5 to 10 %), or in one rule, is found out.

Each row breaks a trial of `test_reference_steady_state.py` and must be refused by the same verdict (z = 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.judging import Z, common, disagreements
from tests.oracle.trials import steady

TRIALS = steady()
Break = Callable[[str], str]


def scaled(pattern: str, factor: float) -> Break:
    """Return a change of the first number that follows a pattern."""

    def change(text: str) -> str:
        changed, n = re.subn(rf"({pattern})([\d.]+)", lambda m: f"{m[1]}{float(m[2]) * factor:.9g}", text, count=1)
        assert n == 1, f"{pattern} is not in the centre"
        return changed

    return change


def replaced(old: str, new: str) -> Break:
    """Return a change of one phrase."""

    def change(text: str) -> str:
        assert old in text, f"{old} is not in the centre"
        return text.replace(old, new)

    return change


ERLANG_A = "erlangA-100per30min-aht180-s10-pat120"
BROKEN: list[tuple[str, str, Break]] = [
    ("erlangB-c100-a100", "5 % more calls", scaled("per_hour: ", 1.05)),
    ("erlangB-c10-a10", "one place in the queue", replaced("limit: 0", "limit: 1")),
    ("erlangB-c100-a100", "an agent less in twenty", replaced("heads: 100", "heads: 95")),
    ("erlangC-100per30min-aht180-c14", "5 % more calls", scaled("per_hour: ", 1.05)),
    ("erlangC-100per30min-aht180-c14", "5 % longer calls", scaled("handle_time: exponential mean ", 1.05)),
    (ERLANG_A, "5 % more calls", scaled("per_hour: ", 1.05)),
    (ERLANG_A, "5 % longer calls", scaled("handle_time: exponential mean ", 1.05)),
    (ERLANG_A, "a quarter more patience", scaled("patience: exponential mean ", 1.25)),
    (ERLANG_A, "an agent more", replaced("heads: 10", "heads: 11")),
    ("MMsG-det120", "patience of another law", replaced("patience: constant 120s", "patience: exponential mean 120s")),
    ("MMsG-lnbalk", "nobody without patience", replaced(", hangs_up_at_once: 5%", "")),
    ("PK-M/LN/1-rho0.75-shared", "less variable calls", replaced("cv 1.22474487139159", "cv 0.2")),
    ("wrapup-talk150-wrap30-s11-pat240", "10 % more work", scaled("after_call_work: exponential mean ", 1.1)),
    ("MMsM-priority-s12-shared-180-180", "no priorities", replaced("priority: 1", "priority: 5")),
    ("V-design-shared-levels", "levels the wrong way", replaced("first: {level: 1}", "first: {level: 3}")),
    ("N-design-shared", "the slower pool 8 % faster", replaced("handle_time: 1.25", "handle_time: 1.15")),
    ("transfer-jackson-1", "a fifth fewer transfers", replaced("25%", "20%")),
    ("redial-after-abandon-s11", "a tenth fewer redials", replaced("share: 60%", "share: 54%")),
    ("retrial-MMcc-c5", "a tenth fewer retrials", replaced("share: 100%", "share: 90%")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what", "change"), BROKEN, ids=[f"{name}: {what}" for name, what, _ in BROKEN])
def test_a_centre_that_is_a_little_wrong_is_refused(name: str, what: str, change: Break, tmp_path: Path) -> None:
    """Some figure of the broken centre lies further than 5 standard errors from the reference."""
    trial = TRIALS[name]
    verdicts = common(trial.but(text=change(trial.text)).verdicts(tmp_path))
    assert max(each.distance for each in verdicts) > Z, what
    assert any(line.startswith("further than 5 standard errors") for line in disagreements(verdicts))

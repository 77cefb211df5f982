"""Three kernels, one for each tier of plans: every kernel that can run a plan gives the same log."""

from __future__ import annotations

from collections import Counter

import pytest

from callsim.engines import simpy
from callsim.engines.compiled.engine import run, tier_of
from callsim.engines.compiled.state import EVERYTHING, ONE_QUEUE, SKILLS
from callsim.testing.agreement import first_difference
from callsim.testing.cases import batch
from callsim.testing.drawing.centre import Scope

EACH = 150


@pytest.mark.slow
def test_every_tier_that_can_run_a_plan_gives_the_reference_log() -> None:
    """150 plans of one queue on three tiers, 150 with skills and transfers on two: no cell differs."""
    compared: Counter[tuple[int, int]] = Counter()
    for scope in (Scope.ONE_QUEUE, Scope.SKILLS):
        for case in batch(2, EACH, scope=scope):
            if case.plan is None:
                continue
            expected = simpy.run(case.plan, case.seed, case.replication)
            lowest = tier_of(case.plan)
            for tier in range(lowest, EVERYTHING + 1):
                found = run(case.plan, case.seed, case.replication, tier=tier)
                assert first_difference(case.plan, expected, found) == "", f"case {case.number}, tier {tier}"
                compared[lowest, tier] += 1
    assert compared[ONE_QUEUE, SKILLS] >= 0.95 * EACH
    assert compared[ONE_QUEUE, EVERYTHING] == compared[ONE_QUEUE, SKILLS] == compared[ONE_QUEUE, ONE_QUEUE]
    assert compared[SKILLS, EVERYTHING] == compared[SKILLS, SKILLS] >= 0.9 * EACH

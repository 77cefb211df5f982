"""Planted errors: a suite that does not find them is not good enough."""

from __future__ import annotations

import pytest

from callsim.engines import simpy
from callsim.testing.cases import batch
from callsim.testing.mutations import Mutation, caught_by
from callsim.testing.simpy_mutations import SIMPY_MUTATIONS

ENOUGH = 300
"""Cases of the batch that find every one of them."""


@pytest.mark.slow
def test_every_error_planted_into_the_simpy_engine_is_caught() -> None:
    """At least twenty, one rule each: event order, idle order, overflow, factors, patience, redials, breaks, heads."""
    cases = [case for case in batch(1, ENOUGH) if case.plan is not None]
    expected = [simpy.run(case.plan, case.seed, case.replication) for case in cases if case.plan is not None]
    missed = [mutation.breaks for mutation in SIMPY_MUTATIONS if not caught_by(mutation, cases, expected)]
    assert missed == []
    assert len({mutation.breaks for mutation in SIMPY_MUTATIONS}) >= 20


def test_a_copy_without_an_error_is_not_caught() -> None:
    """The same comparison written the other way round: 30 cases agree."""
    cases = [case for case in batch(1, 30) if case.plan is not None]
    expected = [simpy.run(case.plan, case.seed, case.replication) for case in cases if case.plan is not None]
    old, new = "if best is None or first < best:", "if best is None or best > first:"
    assert caught_by(Mutation("simpy", "center.py", old, new, "nothing"), cases, expected) == 0


def test_a_mutation_whose_text_is_gone_is_an_error() -> None:
    """The list must follow the source: what is to be replaced stands there exactly once."""
    gone = Mutation("simpy", "center.py", "no such line", "another", "nothing")
    with pytest.raises(ValueError, match=r"engines/simpy/center\.py has 0 times what 'nothing' replaces, not once"):
        caught_by(gone, [], [])

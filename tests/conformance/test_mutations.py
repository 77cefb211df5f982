"""Planted errors: a suite that does not find them is not good enough."""

from __future__ import annotations

from functools import cache

import pytest

from callsim.engines import simpy
from callsim.runlog import RunLog
from callsim.testing.cases import Case, batch, case
from callsim.testing.compiled_mutations import COMPILED_MUTATIONS
from callsim.testing.compiled_plain_mutations import PLAIN_MUTATIONS
from callsim.testing.drawing.centre import Scope
from callsim.testing.mutations import Mutation, caught_by
from callsim.testing.simpy_mutations import SIMPY_MUTATIONS

ENOUGH = 300
"""Cases of the batch that find every one of them."""


@pytest.mark.slow
def test_every_error_planted_into_the_simpy_engine_is_caught() -> None:
    """At least forty, one rule each: event order, idle order, overflow, factors, patience, redials, breaks, heads, and
    the rules of cases: owners, notes, anger, promises, hours, escalation, the regulator.
    """
    cases = [one for one in batch(1, ENOUGH) if one.plan is not None]
    expected = [simpy.run(one.plan, one.seed, one.replication) for one in cases if one.plan is not None]
    missed = [mutation.breaks for mutation in SIMPY_MUTATIONS if not caught_by(mutation, cases, expected)]
    assert missed == []
    assert len({mutation.breaks for mutation in SIMPY_MUTATIONS}) >= 40


@pytest.mark.slow
def test_every_error_planted_into_the_compiled_engine_is_caught() -> None:
    """At least forty for whole centres, thirty for the plainer kernels, one rule each. Copies run uncompiled, so each
    is tried first on the case known to show it, and on the first twelve of its scope if that shows it no more.
    """
    planted = COMPILED_MUTATIONS + PLAIN_MUTATIONS
    missed = [mutation.breaks for mutation in planted if not caught_by(mutation, *_to_try(mutation))]
    assert missed == []
    assert len({mutation.breaks for mutation in COMPILED_MUTATIONS}) >= 40
    assert len({mutation.breaks for mutation in PLAIN_MUTATIONS}) >= 30
    kernels = {"one_queue", "positions", "routing_layout", "skills", "skills_calls", "upcoming", "waiting"}
    assert {mutation.file for mutation in PLAIN_MUTATIONS} == {f"{kernel}.py" for kernel in kernels}


def _to_try(mutation: Mutation) -> tuple[list[Case], list[RunLog]]:
    """Return the cases on which an error is tried, and their logs."""
    tried = [_logged(mutation.scope, number) for number in (mutation.shown_by, *range(12))]
    return [one for one, log in tried if log is not None], [log for _, log in tried if log is not None]


@cache
def _logged(scope: Scope, number: int) -> tuple[Case, RunLog | None]:
    found = case(1, number, scope)
    return found, simpy.run(found.plan, found.seed, found.replication) if found.plan is not None else None


def test_a_copy_without_an_error_is_not_caught() -> None:
    """The same comparison written the other way round: 30 cases agree."""
    cases = [one for one in batch(1, 30) if one.plan is not None]
    expected = [simpy.run(one.plan, one.seed, one.replication) for one in cases if one.plan is not None]
    old, new = "if best is None or first < best:", "if best is None or best > first:"
    assert caught_by(Mutation("simpy", "center.py", old, new, "nothing"), cases, expected) == 0


def test_a_mutation_whose_text_is_gone_is_an_error() -> None:
    """The list must follow the source: what is to be replaced stands there exactly once."""
    gone = Mutation("simpy", "center.py", "no such line", "another", "nothing")
    with pytest.raises(ValueError, match=r"engines/simpy/center\.py has 0 times what 'nothing' replaces, not once"):
        caught_by(gone, [], [])

"""The batch of random scenarios that every change runs: all engines agree in every cell, and nothing is left out."""

from __future__ import annotations

import pytest

from callsim.testing.cases import batch, case
from callsim.testing.conformance import Verdict, examine, prefix_complaint
from callsim.testing.reach import NOT_COUNTED, Reach
from callsim.testing.strategy import scenarios
from tests.conformance.engines import others

SEED = 1
SCENARIOS = 2000
REFUSED = 0.02


def report(verdict: Verdict) -> str:
    """Return the findings, the first in its smallest scenario."""
    first, *rest = verdict.disagreements
    run = others().get(first.engine)
    return "\n\n".join(str(found) for found in ((first.small(run) if run else first), *rest))


@pytest.mark.slow
def test_engines_agree_in_every_cell_over_a_batch_that_reaches_everything() -> None:
    """2,000 scenarios of seed 1: no cell differs, every log keeps the rules, and every code, every tie of two ranks,
    every way in which a case can stand at the end, every outcome of the provider's calls and a second value of every
    column of the plan were met, 30 times at least. The table is printed.
    """
    reach = Reach()
    verdict = examine(batch(SEED, SCENARIOS), others(), reach=reach)
    print(f"\n{verdict}\n\n{reach.table()}")
    if verdict.disagreements:
        pytest.fail(report(verdict))
    assert len(verdict.refused) <= REFUSED * SCENARIOS, verdict.refused[:3]
    assert reach.missing() == []
    assert reach.constant_columns() == []


def test_a_code_or_a_column_that_no_scenario_uses_is_told() -> None:
    """After one plain run nearly everything is missing: the codes by name, and the columns without second value."""
    reach = Reach()
    examine([case(SEED, 0)], {}, reach=reach)
    assert "TransferResult VOICEMAIL_TARGET_CLOSED: 0" in reach.missing()
    assert "tie of SIGN_OFF and BREAK_END: 0" in reach.missing()
    assert "clock.drain" in reach.constant_columns()
    assert not set(NOT_COUNTED) & set(reach.constant_columns())


def test_what_happens_until_noon_does_not_depend_on_the_afternoon() -> None:
    """150 random plans on every engine: a run that stops half-way is a prefix of the whole run, redials included."""
    from callsim.engines import simpy

    engines = {"simpy": simpy.run, **others()}
    found = [
        f"{name}, case {one.number}: {text}"
        for one in batch(SEED, 150)
        if one.plan is not None
        for name, run in engines.items()
        if (text := prefix_complaint(one.plan, run, one.seed, one.replication))
    ]
    assert found == []


def test_hypothesis_draws_the_same_kind_of_scenarios() -> None:
    """60 scenarios that hypothesis draws, and shrinks if one fails: no cell differs."""
    from hypothesis import HealthCheck, given, settings

    from callsim.testing.cases import Case
    from callsim.testing.writing import plan_of

    refused = []

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    @given(scenarios())
    def agrees(draft: object) -> None:
        from callsim.errors import ScenarioError
        from callsim.testing.drawing.centre import Draft

        assert isinstance(draft, Draft)
        try:
            plan = plan_of(draft)
        except ScenarioError as error:
            refused.append(str(error))
            return
        verdict = examine([Case(SEED, 0, draft, False, plan)], others())
        assert not verdict.disagreements, str(verdict.disagreements[0])

    agrees()
    assert len(refused) <= 6, refused[:2]

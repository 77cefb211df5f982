"""Cases: numbered random scenarios, the same in every batch of the same seed, as plans ready to run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callsim.errors import ScenarioError
from callsim.plan.plan import Plan
from callsim.testing.choices import SeededChoices
from callsim.testing.drawing.centre import Draft, Scope, draw_scenario
from callsim.testing.perturbing import perturbed
from callsim.testing.writing import plan_of

__all__ = ["Case", "batch", "case"]

_PERTURBED = 4
"""Every fourth plan is changed beyond what the language can say."""


@dataclass(frozen=True)
class Case:
    """One random centre and the key of its draws."""

    batch: int
    number: int
    draft: Draft
    changed: bool
    """The plan was perturbed after it had been resolved."""
    plan: Plan | None
    """None: the language refused the scenario."""
    refusal: str = ""

    @property
    def seed(self) -> int:
        """Seed of its runs."""
        return self.number

    @property
    def replication(self) -> int:
        """Replication that is run."""
        return self.number % 3


def case(seed: int, number: int, scope: Scope = Scope.EVERYTHING) -> Case:
    """Return one case of a batch.

    Parameters
    ----------
    seed : int
        Of the batch.
    number : int
        0, 1, 2, ...
    scope : Scope, optional
        How much of the language it may use; a plain scenario is not perturbed.
    """
    choices = SeededChoices(seed, number)
    draft = draw_scenario(choices, scope)
    changed = scope is Scope.EVERYTHING and number % _PERTURBED == _PERTURBED - 1
    try:
        plan = plan_of(draft)
    except ScenarioError as error:
        return Case(seed, number, draft, changed, None, str(error))
    return Case(seed, number, draft, changed, perturbed(plan, choices) if changed else plan)


def batch(seed: int, scenarios: int, first: int = 0, scope: Scope = Scope.EVERYTHING) -> Iterator[Case]:
    """Yield the cases ``first``, ``first + 1``, ... of a batch."""
    for number in range(first, first + scenarios):
        yield case(seed, number, scope)

"""One scenario, replicated: how long do callers hold, how many give up, how busy are the agents?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from callsim.experiments.estimates import Row, rows
from callsim.experiments.findings import Findings, Shown, case_names, shown
from callsim.experiments.replicate import Replicated, replicate
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from callsim.plan.plan import Plan
from callsim.scenario import resolve

if TYPE_CHECKING:
    from callsim.scenario import Scenario

__all__ = ["Precision", "run", "settings_of", "variant_rows"]


def settings_of(scenario: Scenario, **given: Any) -> Settings:
    """Return the settings that a scenario asks for, with those that were given in their place.

    Parameters
    ----------
    scenario : Scenario
        Says its seed and its number of replications.
    **given
        Fields of `Settings`; ``replications`` may be a plain number. What is None is left to the scenario.

    Raises
    ------
    CallsimError
        If a value makes no sense.
    """
    wanted = {name: value for name, value in given.items() if value is not None}
    replications = wanted.pop("replications", scenario.run.replications)
    said = {"seed": scenario.run.seed, "level": scenario.run.level}
    return Settings(**{**said, **wanted}, replications=_replications(replications))


def _replications(wanted: Any) -> Replications:
    """Return the rule that a number, or what the scenario language says, stands for."""
    if isinstance(wanted, int):
        return Replications.exactly(wanted)
    if isinstance(wanted, Replications):
        return wanted
    return Replications(wanted.at_least, wanted.at_most, dict(wanted.until))


def run(scenario: Scenario, settings: Settings) -> Findings:
    """Replicate one scenario.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    settings : Settings
        How; see `settings_of`.

    Returns
    -------
    Findings
        One row a measure and scope; the same for any number of workers.

    Raises
    ------
    CallsimError
        If the scenario cannot be resolved, or a replication fails.
    """
    plans = {scenario.name: resolve(scenario)}
    replicated = replicate(plans, settings, Precision(plans, settings))
    return Findings(
        name=scenario.name,
        base=scenario.name,
        every_row=variant_rows(replicated, settings) if replicated.n else (),
        replicated=replicated,
        seed=settings.seed,
        level=settings.level,
        measures=settings.measures,
        by=settings.by,
    )


def variant_rows(replicated: Replicated, settings: Settings) -> tuple[Row, ...]:
    """Return the rows of every variant, in the order of the variants."""
    return tuple(
        row
        for name, measures in replicated.measures.items()
        for row in rows(list(measures), variant=name, by=settings.breakdowns, level=settings.level)
    )


class Precision:
    """Whether every half width that the settings ask for has been reached in every variant."""

    def __init__(self, plans: Mapping[str, Plan], settings: Settings) -> None:
        plan = next(iter(plans.values()))
        self._wanted: list[tuple[Shown, float]] = [
            (shown(text, plan.queues.names, case_names(plan)), half_width)
            for text, half_width in settings.replications.until.items()
        ]
        self._level = settings.level

    def __call__(self, measures: Mapping[str, tuple[Measures, ...]]) -> bool:
        """Return whether the replications so far are enough."""
        return all(self._reached(name, column) for name, column in measures.items())

    def _reached(self, variant: str, column: tuple[Measures, ...]) -> bool:
        found = {
            (row.name, tuple(row.scope.items())): row for row in rows(list(column), variant=variant, level=self._level)
        }
        for figure, half_width in self._wanted:
            row = found[figure.name, tuple(figure.scope.items())]
            if row.half_width is None or row.half_width > half_width:
                return False
        return True

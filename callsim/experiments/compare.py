"""Several variants under the same callers: which of them is better, by how much, and how sure is that?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from callsim.errors import CallsimError, Problem, ScenarioError
from callsim.experiments.estimates import Row, difference_rows
from callsim.experiments.expectations import expectations_of
from callsim.experiments.findings import Findings, case_names, shown
from callsim.experiments.replicate import Replicated, replicate
from callsim.experiments.run import Precision, settings_of, variant_rows
from callsim.experiments.settings import Settings
from callsim.plan.plan import Plan
from callsim.scenario import resolve

if TYPE_CHECKING:
    from callsim.scenario import Experiment, Scenario

__all__ = ["Placed", "check_comparable", "check_experiment", "compare", "experiment_settings", "ranking"]

_FEWEST_VARIANTS = 2


def experiment_settings(experiment: Experiment, **given: Any) -> Settings:
    """Return the settings that an experiment asks for, with those that were given in their place."""
    said = {name: getattr(experiment, name, None) for name in ("seed", "replications", "level")}
    said.update({name: value for name, value in given.items() if value is not None})
    return settings_of(experiment.base, **said)


def compare(experiment: Experiment, settings: Settings) -> Findings:
    """Replicate the base and every variant under the same seed and pair them, replication by replication.

    The same seed gives every variant the same callers with the same patience and the same talk times, so
    that the interval of a difference is that of the paired differences: much narrower than the intervals
    of the two figures would suggest.

    Parameters
    ----------
    experiment : Experiment
        A base scenario and its variants.
    settings : Settings
        How; see `experiment_settings`.

    Returns
    -------
    Findings
        The rows of every variant, then the differences variant - base (rows with ``versus``).

    Raises
    ------
    CallsimError
        If a variant cannot be resolved or compared, or a replication fails.
    """
    plans = check_experiment(experiment, expectations=False)
    base = next(iter(plans))
    if len(plans) < _FEWEST_VARIANTS:
        raise CallsimError(f"{base}: there is nothing to compare; add `variants:`, or use `callsim run`")
    cases = case_names(plans[base])
    show = tuple(shown(text, plans[base].queues.names, cases) for text in experiment.show)
    replicated = replicate(plans, settings, Precision(plans, settings))
    rows = (*variant_rows(replicated, settings), *_differences(replicated, base, settings)) if replicated.n else ()
    return Findings(
        name=experiment.name,
        base=base,
        every_row=rows,
        replicated=replicated,
        seed=settings.seed,
        level=settings.level,
        measures=settings.measures,
        by=settings.by,
        show=show,
    )


@dataclass(frozen=True)
class Placed:
    """A variant's place in the order of one measure."""

    variant: str
    place: int
    """1 is the lowest value; 0: there is no value."""
    tied: bool
    """The paired interval of the difference to the variant before it holds zero (or cannot be had)."""


def ranking(findings: Findings, name: str) -> tuple[Placed, ...]:
    """Return the variants in the order of a measure of the whole centre, the lowest value first.

    Variants whose places the evidence does not tell apart are marked; those without a value come last.
    """
    rows = {variant: findings.row(name, {}, variant) for variant in findings.variants}
    values = {variant: row.value for variant, row in rows.items() if row is not None and row.value is not None}
    order = sorted(values, key=lambda variant: values[variant])
    placed = [
        Placed(variant, place, place > 1 and _not_told_apart(findings, variant, order[place - 2], name))
        for place, variant in enumerate(order, start=1)
    ]
    return (*placed, *(Placed(variant, 0, False) for variant in findings.variants if variant not in values))


def _not_told_apart(findings: Findings, variant: str, other: str, name: str) -> bool:
    measures = findings.replicated.measures
    found = difference_rows(
        list(measures[other]), list(measures[variant]), variant=variant, versus=other, level=findings.level
    )
    row = next(row for row in found if row.name == name and not row.scope)
    return row.value is None or row.half_width is None or abs(row.value) <= row.half_width


def check_experiment(experiment: Experiment, expectations: bool = True) -> dict[str, Plan]:
    """Resolve the base and all variants of an experiment; return their plans by name, the base first.

    Parameters
    ----------
    experiment : Experiment
    expectations : bool, optional
        Check what is expected of them, too. Who only compares may have left out variants of which others speak.

    Raises
    ------
    ScenarioError
        With everything that is wrong in any of them.
    CallsimError
        If a variant cannot be compared with the base.
    """
    base = experiment.base
    names = [base.name, *(name for name, _ in experiment.variants)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise CallsimError(f"{twice!r}: two variants (or a variant and the base) have this name; rename one")
    problems: dict[Problem, None] = {}
    plans = _plans(dict(zip(names, (base, *(scenario for _, scenario in experiment.variants)), strict=True)), problems)
    try:
        if expectations:
            expectations_of(experiment)
    except ScenarioError as error:
        problems.update(dict.fromkeys(error.problems))
    if problems:
        raise ScenarioError(list(problems))
    check_comparable(plans)
    return plans


def _plans(scenarios: Mapping[str, Scenario], problems: dict[Problem, None]) -> dict[str, Plan]:
    """Resolve all variants, and gather what is wrong: said once, though it be wrong in several."""
    plans: dict[str, Plan] = {}
    for name, scenario in scenarios.items():
        try:
            plans[name] = resolve(scenario)
        except ScenarioError as error:
            problems.update(dict.fromkeys(error.problems))
    return plans


def check_comparable(plans: Mapping[str, Plan]) -> None:
    """Check that plans are measured over the same time as the first of them.

    Raises
    ------
    CallsimError
        Naming the variant that is not.
    """
    base, *others = plans.items()
    for name, plan in others:
        for what in ("warm_up", "horizon", "window_end", "drain"):
            found, wanted = getattr(plan.clock, what), getattr(base[1].clock, what)
            if found != wanted:
                raise CallsimError(
                    f"variant {name!r}: its {what} differs from that of {base[0]!r}; "
                    "variants are compared over the same time, change `run:` in the base only"
                )


def _differences(replicated: Replicated, base: str, settings: Settings) -> list[Row]:
    measures = replicated.measures
    return [
        row
        for name in list(measures)[1:]
        for row in difference_rows(
            list(measures[base]),
            list(measures[name]),
            variant=name,
            versus=base,
            by=settings.breakdowns,
            level=settings.level,
        )
    ]

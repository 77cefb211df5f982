"""How much of the customers' hours, of abandonment and of lost customers each cause is worth, and where to begin.

Remedies are switched on and off in every combination under the same customers (`callsim.experiments.lattice`). What a
remedy is worth is told in three ways: alone, as the last of all, and as the mean over all orders, its Shapley value;
only the last adds up. All three are taken replication by replication, from the figure of each single replication (a
ratio of sums over replications would not add up), and averaged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError, Problem, ScenarioError
from callsim.experiments.acting import Order, order_by_shapley, order_to_act
from callsim.experiments.compare import experiment_settings
from callsim.experiments.findings import Shown, case_names, shown
from callsim.experiments.lattice import Lattice, Simulated, lattice_of, simulated
from callsim.experiments.settings import Settings
from callsim.measures import Measure, measure_named
from callsim.plan.plan import Plan
from callsim.scenario import resolve
from callsim.scenario.models.experiment import Attribute
from callsim.scenario.reading.source import nearest
from callsim.stats import FEWEST_ORDERS, Estimate, Worth, exact_worth, mean, ratio, sampled_worth

if TYPE_CHECKING:
    from callsim.scenario import Experiment
    from callsim.scenario.reading.remedies import Remedies

__all__ = [
    "SIDE_FIGURES",
    "Attributed",
    "Figure",
    "Question",
    "RemedyWorth",
    "SideEffect",
    "attribute",
    "attribute_settings",
    "check_attribution",
    "more_is_better",
    "question_of",
]

Float = npt.NDArray[np.float64]

_USUAL = ("hold_per_caller", "abandonment_ratio", "share_held_an_hour")
_USUAL_OF_CASES = ("case.time_per_case", "case.hold_per_case", "case.share_given_up")
SIDE_FIGURES = ("offered", "repeats", "handle_time", "staffed_time")
"""What may tell why a remedy makes things worse: calls, repeated calls, the time an answered call takes, people."""
_SIDE_FIGURES_OF_CASES = ("case.calls_per_case", "case.transfers_per_case")
"""And where figures of cases are asked for: the calls that a case takes, and how often its customer is passed on."""
_KINDS = ("count", "time", "ratio")
"""Kinds of measures whose figures of single replications can be averaged."""
_SCOPES = {"": "the whole centre", "queue": "a queue", "callers": "a stream of callers", "agents": "a group of agents",
           "cases": "a type of case", "customers": "a kind of customer"}  # fmt: skip
_MORE_IS_BETTER = re.compile(r"(^|[._])(reach|service_level|answered|solved|kept|met|fcr)(?!_by_regulator)")
_NO_TOTAL = "all remedies together change nothing"


@dataclass(frozen=True)
class Question:
    """What is to be found out."""

    remedies: tuple[str, ...]
    """In the order of writing."""
    figures: tuple[Shown, ...]
    costs: Mapping[str, float] | None
    """Remedy -> amount a week, None: unknown."""
    permutations: int


@dataclass(frozen=True)
class SideEffect:
    """What else a remedy changes when it alone is switched on."""

    name: str
    """A measure of the whole centre: what was looked at because it may tell why."""
    before: float
    after: float
    is_sure: bool
    """The paired interval of the change does not hold zero."""

    @property
    def change(self) -> float:
        """The relative change."""
        return self.after / self.before - 1.0 if self.before else 0.0


@dataclass(frozen=True)
class RemedyWorth:
    """What one remedy takes off a figure, or adds to one of which more is better: a gain is positive."""

    remedy: str
    alone: Estimate
    last_in: Estimate
    shapley: Estimate
    """Where orders were sampled, with their part of the interval."""
    share: Estimate
    """Shapley value by the total, as a ratio of means; without a value if the total is zero."""
    sampling_half_width: float | None
    """The part of the Shapley value's half width that is due to sampled orders; None: every order counts."""
    side_effects: tuple[SideEffect, ...]
    """Of the remedy alone."""

    @property
    def makes_worse(self) -> bool:
        """Whether the remedy alone makes the figure worse, beyond its interval."""
        value, half_width = self.alone.value, self.alone.half_width
        return value is not None and half_width is not None and value < 0 and -value > half_width


@dataclass(frozen=True)
class Figure:
    """One figure, and what each remedy is worth to it."""

    shown: Shown
    measure: Measure
    more_is_better: bool
    base: Estimate
    """Mean over replications without any remedy."""
    together: Estimate
    """With all of them."""
    total: Estimate
    """What all of them together take off (or add)."""
    alone_sum: Estimate
    """What the remedies alone take off, added up."""
    interaction: Estimate
    """The total without that: negative where remedies do the same work, positive where they need each other."""
    remedies: tuple[RemedyWorth, ...]
    """In the order of writing."""
    order: Order
    n: int
    """Replications that have a value in every combination."""


@dataclass(frozen=True)
class Attributed:
    """The answer to `attribute`."""

    name: str
    question: Question
    base: str
    base_plan: Plan
    figures: tuple[Figure, ...]
    """Those that have a value."""
    without_value: tuple[Shown, ...]
    """Figures that were asked for, but have no replication with a value in every combination."""
    sets: int
    """Combinations that were simulated."""
    systems: int
    """Different ones among them."""
    orders: int
    """Sampled orders; 0: every combination was simulated."""
    n: int
    planned: int
    interrupted: bool
    seed: int
    level: float
    digest: str
    """Of the base's plan."""
    logs: str
    """Of all logs."""


def more_is_better(name: str) -> bool:
    """Return whether a higher figure of this measure is the better one.

    Examples
    --------
    >>> more_is_better("service_level"), more_is_better("speed_of_answer")
    (True, False)
    """
    return _MORE_IS_BETTER.search(name) is not None


def attribute_settings(experiment: Experiment, **given: Any) -> Settings:
    """Return the settings that an experiment asks for, with those that were given in their place."""
    return experiment_settings(experiment, **given)


def question_of(
    experiment: Experiment,
    remedies: Sequence[str] = (),
    of: Sequence[str] = (),
    costs: Mapping[str, float] | None = None,
    permutations: int | None = None,
) -> Question:
    """Return what an experiment asks for under ``attribute``, with what is given in its place.

    Parameters
    ----------
    experiment : Experiment
        Loaded from a file.
    remedies : sequence of str
        Names of variants; none: as written, else all that can be combined.
    of : sequence of str
        Measures, such as ``hold_per_caller`` or ``abandonment_ratio(billing)``; none: as written, else the usual.
    costs : mapping of str to float, optional
        Amount a week; None: as written.
    permutations : int, optional
        Orders to sample with more than 8 remedies; None: as written.

    Raises
    ------
    ScenarioError
        If the file asks for a measure that cannot be told so, or says what some remedies cost and not others.
    CallsimError
        If what is given does.
    """
    written = experiment.attribute or Attribute()
    if experiment.remedies is None:
        raise CallsimError(f"{experiment.name}: what remedies are worth is found out of an experiment file; load one")
    chosen = _chosen(experiment.remedies, remedies or written.remedies, experiment.name)
    permutations = written.permutations if permutations is None else permutations
    if permutations < FEWEST_ORDERS or permutations % 2:
        raise CallsimError(f"permutations: found {permutations}; must be even, and {FEWEST_ORDERS} or more")
    if costs is None:
        priced = _written_costs(experiment, chosen) if written.costs else None
    else:
        priced = _given_costs(costs, chosen)
    plan = resolve(experiment.base)
    figures = _given_figures(of, plan) if of else _written_figures(experiment, plan)
    return Question(chosen, figures, priced, permutations)


def check_attribution(experiment: Experiment) -> None:
    """Check what an experiment asks for under ``attribute``; nothing if it asks for nothing.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    if experiment.attribute is None or experiment.remedies is None:
        return
    conflicts = experiment.remedies.conflicts(question_of(experiment).remedies)
    if conflicts:
        raise ScenarioError(conflicts)


def _chosen(remedies: Remedies, wanted: Sequence[str], experiment: str) -> tuple[str, ...]:
    known = remedies.names
    if not known:
        raise CallsimError(f"{experiment}: there is no remedy to weigh; add `variants:` with set, scale, add or remove")
    for name in wanted:
        if name not in known:
            raise CallsimError(f"remedy: found {name!r}; there is no such remedy; {nearest(name, known, 'remedies')}")
    return tuple(name for name in known if not wanted or name in wanted)


def _written_costs(experiment: Experiment, chosen: Sequence[str]) -> dict[str, float]:
    assert experiment.attribute is not None
    costs = experiment.attribute.costs
    lacking = [name for name in chosen if name not in costs]
    if lacking:
        rule = "the order to act goes by the costs of all remedies or of none"
        advice = "add what they cost a week, 0 if nothing, or leave costs out"
        found = f"no cost of {', '.join(map(repr, lacking))}"
        raise ScenarioError([experiment.source.problem(("attribute", "costs"), found, rule, advice, key=True)])
    return {name: costs[name] for name in chosen}


def _given_costs(costs: Mapping[str, float], chosen: Sequence[str]) -> dict[str, float] | None:
    if not costs:
        return None
    for name in chosen:
        if name not in costs:
            raise CallsimError(f"costs: found none of {name!r}; give what each remedy costs a week, or no costs at all")
    for name, cost in costs.items():
        if not 0 <= cost < float("inf"):
            raise CallsimError(f"costs: found {cost} for {name!r}; must be 0 or more")
    return {name: float(costs[name]) for name in chosen}


def _written_figures(experiment: Experiment, plan: Plan) -> tuple[Shown, ...]:
    wanted = experiment.attribute.of if experiment.attribute is not None else ()
    if not wanted:
        return tuple(Shown(name, {}) for name in (*(_USUAL_OF_CASES if plan.cases.n else ()), *_USUAL))
    found: dict[str, Shown] = {}
    problems: list[Problem] = []
    for i, text in enumerate(wanted):
        try:
            figure = _figure_of(text, plan)
        except CallsimError as error:
            rule, advice = "this cannot be told of remedies", str(error)
            problems.append(experiment.source.problem(("attribute", "of", i), repr(text), rule, advice))
        else:
            found.setdefault(str(figure), figure)
    if problems:
        raise ScenarioError(problems)
    return tuple(found.values())


def _given_figures(of: Sequence[str], plan: Plan) -> tuple[Shown, ...]:
    return tuple({str(figure): figure for figure in (_figure_of(text, plan) for text in of)}.values())


def _figure_of(text: str, plan: Plan) -> Shown:
    """Return the figure that a text asks for, if it is one that can be averaged over replications."""
    figure = shown(text, plan.queues.names, case_names(plan))
    measure = measure_named(figure.name)
    kind = next(iter(figure.scope), "")
    if kind not in measure.scopes:
        raise CallsimError(
            f"{text}: {measure.name} is a measure of {' or '.join(_SCOPES.get(one, one) for one in measure.scopes)}"
        )
    if measure.kind not in _KINDS:
        raise CallsimError(f"{text}: a {measure.kind} does not add up over causes; ask for a mean, a share or a count")
    return figure


def attribute(experiment: Experiment, question: Question, settings: Settings) -> Attributed:
    """Simulate the remedies of a question in all combinations and tell what each is worth.

    Parameters
    ----------
    experiment : Experiment
        Loaded from a file.
    question : Question
        See `question_of`.
    settings : Settings
        How; see `attribute_settings`.

    Returns
    -------
    Attributed
        The same for any number of workers and either engine. Without figures if no replication was finished.

    Raises
    ------
    ScenarioError
        If two remedies cannot be combined, or a combination is no sound scenario.
    CallsimError
        If a replication fails, or a combination has no such figure.
    """
    assert experiment.remedies is not None
    lattice = lattice_of(experiment.remedies, question.remedies, question.permutations, settings.seed)
    of_cases = any(measure_named(shown.name).of_cases for shown in question.figures)
    sides = tuple(Shown(name, {}) for name in (*SIDE_FIGURES, *(_SIDE_FIGURES_OF_CASES if of_cases else ())))
    found = simulated(lattice, (*question.figures, *sides), settings)
    figures, without_value = [], []
    for figure in question.figures if found.n else ():
        told = _figure(figure, lattice, question, found, settings.level)
        if told is None:
            without_value.append(figure)
        else:
            figures.append(told)
    return Attributed(
        name=experiment.name,
        question=question,
        base=lattice.base,
        base_plan=lattice.base_plan,
        figures=tuple(figures),
        without_value=tuple(without_value),
        sets=len(lattice.sets),
        systems=len(lattice.plans),
        orders=len(lattice.orders),
        n=found.n,
        planned=found.planned,
        interrupted=found.interrupted,
        seed=settings.seed,
        level=settings.level,
        digest=lattice.digests[0],
        logs=found.logs,
    )


def _figure(figure: Shown, lattice: Lattice, question: Question, found: Simulated, level: float) -> Figure | None:
    """Return what each remedy is worth to one figure; None if no replication has a value everywhere."""
    values = found.values[str(figure)]
    rows = ~np.isnan(values).any(axis=1)
    values = values[rows]
    if not len(values):
        return None
    better = more_is_better(figure.name)
    gains = values - values[:, :1] if better else values[:, :1] - values
    worth = sampled_worth(gains, lattice.sets, lattice.orders) if lattice.orders else exact_worth(gains)
    order = (
        order_by_shapley(worth.shapley, lattice.remedies, question.costs, level)
        if lattice.orders
        else order_to_act(gains, lattice.remedies, question.costs, level)
    )
    return Figure(
        shown=figure,
        measure=measure_named(figure.name),
        more_is_better=better,
        base=mean(values[:, 0], level),
        together=mean(values[:, -1], level),
        total=mean(worth.total, level),
        alone_sum=mean(worth.alone.sum(axis=1), level),
        interaction=mean(worth.interaction, level),
        remedies=tuple(_remedy(i, lattice, worth, found, level) for i in range(len(lattice.remedies))),
        order=order,
        n=len(values),
    )


def _remedy(i: int, lattice: Lattice, worth: Worth, found: Simulated, level: float) -> RemedyWorth:
    share = ratio(worth.shapley[:, i], worth.total, level)
    return RemedyWorth(
        remedy=lattice.remedies[i],
        alone=mean(worth.alone[:, i], level),
        last_in=mean(worth.last_in[:, i], level),
        shapley=worth.estimate(i, level),
        share=share if share.value is not None else replace(share, reason=_NO_TOTAL),
        sampling_half_width=worth.sampling_half_width(i, level),
        side_effects=_side_effects(lattice.sets.index(1 << i), found, level),
    )


def _side_effects(column: int, found: Simulated, level: float) -> tuple[SideEffect, ...]:
    """Return what else the set in a column changes."""
    effects = []
    for name in (name for name in (*SIDE_FIGURES, *_SIDE_FIGURES_OF_CASES) if name in found.values):
        values = found.values[name]
        values = values[~np.isnan(values[:, [0, column]]).any(axis=1)]
        if len(values):
            change = mean(values[:, column] - values[:, 0], level)
            is_sure = change.value is not None and change.half_width is not None
            is_sure = is_sure and abs(change.value or 0.0) > (change.half_width or 0.0)
            effects.append(SideEffect(name, float(values[:, 0].mean()), float(values[:, column].mean()), is_sure))
    return tuple(effects)

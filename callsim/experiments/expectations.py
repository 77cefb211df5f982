"""What a scenario expects, tied to its measures, and the verdict on it: met, missed, or undecided.

The language reads the form of an expectation; here its measure, unit and names are looked up, and whatever does not
exist is a problem with its place. A verdict rests on an interval of the level that the looks and decisions of the
whole file leave for it (`callsim.stats.deciding`). What is compared with another variant is decided on the paired
difference under the same callers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.errors import Problem, ScenarioError
from callsim.experiments.estimates import counted, estimate, estimate_difference
from callsim.measures import EVERY_MEASURE, MEAN_NUMBERS, Measure, Measures, measure_named
from callsim.scenario.language.expectations import Amount, WrittenExpectation
from callsim.scenario.reading.source import nearest
from callsim.scenario.resolving.case_streams import case_kinds
from callsim.stats import Estimate, Side, at_least_this_uncertain, nothing_seen, side, widened

if TYPE_CHECKING:
    from callsim.scenario import Experiment, Scenario

__all__ = ["Expectation", "Outcome", "Verdict", "compared", "decide", "expectations_of"]

_KINDS = {
    "share": ("a share", "write a share such as 5%"),
    "duration": ("a duration", "write a duration such as 90s or 2m"),
    "number": ("a number", "write a number such as 120"),
}
_SCOPES = {
    "queue": "queue",
    "callers": "stream of callers",
    "agents": "group of agents",
    "cases": "type of case",
    "customers": "type of case with a kind of customer",
}
"""Kinds of scope that a name in brackets may be of, in the order in which they are tried, and what they are called."""
_OF_CASES = ("cases", "customers")
_NOT_CALLS = frozenset({"occupancy"})
"""Shares of time: what they are made of was not counted."""
_TOO_FEW = "too few calls to know such a percentile"
_NONE_SEEN = "what was never counted may still happen now and then"


class Outcome(Enum):
    """What has been found of an expectation."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Expectation:
    """One expectation of a variant."""

    variant: str
    text: str
    """As written."""
    measure: Measure
    scope: Mapping[str, str]
    relation: str
    """One of ``<``, ``<=``, ``>``, ``>=``, ``between``."""
    bounds: tuple[float, ...]
    """In the measure's unit; those of a difference are (0,)."""
    versus: str = ""
    """The variant that is subtracted; "" if the figure is compared with bounds."""

    @property
    def decisions(self) -> int:
        """How many one-sided decisions it takes."""
        return len(self.bounds)

    @property
    def is_share(self) -> bool:
        """Whether the measure lies between 0 and 1."""
        return _kind(self.measure) == "share"


@dataclass(frozen=True)
class Verdict:
    """What has been found of an expectation, and on what it rests."""

    expectation: Expectation
    outcome: Outcome
    estimate: Estimate
    """Of the figure, or of its difference to the other variant, at the look that decided: its interval, of the level
    of a single look, lies where the outcome says."""
    reason: str = ""
    """Why nothing could be decided; "" if the interval was merely too wide."""


def expectations_of(experiment: Experiment) -> tuple[Expectation, ...]:
    """Return what the base and the variants of an experiment are expected to do, in the order of the variants.

    Raises
    ------
    ScenarioError
        With every line that speaks of what does not exist, or bounds a measure in another unit.
    """
    scenarios = {experiment.base.name: experiment.base, **dict(experiment.variants)}
    found: list[Expectation] = []
    problems: list[Problem] = []
    for name, scenario in scenarios.items():
        for number, line in enumerate(scenario.expect):
            binder = _Binder(name, scenarios, line, number)
            problems.extend(binder.problems)
            if binder.expectation is not None:
                found.append(binder.expectation)
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


class _Binder:
    """Looks up what one line speaks of."""

    def __init__(self, variant: str, scenarios: Mapping[str, Scenario], line: WrittenExpectation, number: int) -> None:
        self.scenarios, self.variant, self.line = scenarios, variant, line
        self.scenario = scenarios[variant]
        # A single line may stand without a list.
        self._path = ("expect", number) if self.scenario.source.has("expect", number) else ("expect",)
        self.problems: list[Problem] = []
        self.expectation = self._bind()

    def _bind(self) -> Expectation | None:
        names = [measure.name for measure in EVERY_MEASURE]
        if self.line.measure not in names:
            self._complain(repr(self.line.measure), "there is no such measure", nearest(self.line.measure, names))
            return None
        measure = measure_named(self.line.measure)
        if measure.of_cases and not self.scenario.cases:
            self._complain(
                repr(measure.name), "it is a measure of cases, and there are none", "add them under `cases:`"
            )
            return None
        scope = self._scope(measure)
        bounds = self._bounds(measure) if self.line.bounds else (0.0,)
        versus = "" if self.line.bounds else self._versus(measure, scope)
        if self.problems or scope is None:
            return None
        return Expectation(self.variant, self.line.text, measure, scope, self.line.relation, bounds, versus)

    def _complain(self, found: str, rule: str, advice: str = "") -> None:
        self.problems.append(self.scenario.source.problem(self._path, found, rule, advice))

    def _scope(self, measure: Measure) -> dict[str, str] | None:
        """Return what the brackets mean; a word such as ``callers`` before the name says of which kind it is."""
        written = self.line.scope
        if not written:
            if "" in measure.scopes:
                return {}
            whose = " or ".join(f"a {_SCOPES[kind]}" for kind in measure.scopes)
            self._complain(repr(measure.name), f"it is a measure of {whose}", f"write {measure.name}(NAME)")
            return None
        word, _, rest = written.partition(" ")
        kinds = [kind for kind in _SCOPES if (kind in _OF_CASES) == measure.of_cases]
        names = {word: rest.strip()} if word in _SCOPES and rest.strip() else dict.fromkeys(kinds, written)
        members = _members(self.scenario)
        there = [kind for kind, name in names.items() if name in members[kind]]
        found = next((kind for kind in there if kind in measure.scopes), None)
        if found is not None:
            return {found: names[found]}
        fitting = [kind for kind in names if kind in measure.scopes]
        if there or not fitting:
            what = _SCOPES[(there or list(names))[0]]
            is_of = " or a ".join(_SCOPES[kind] for kind in _SCOPES if kind in measure.scopes)
            self._complain(repr(written), f"{measure.name} is no measure of a {what}", f"it is a measure of a {is_of}")
            return None
        known = [name for kind in fitting for name in members[kind]]
        told = " or ".join(_SCOPES[kind] for kind in fitting)
        self._complain(repr(names[fitting[0]]), f"there is no {told} of this name", nearest(names[fitting[0]], known))
        return None

    def _bounds(self, measure: Measure) -> tuple[float, ...]:
        kind = _kind(measure)
        for amount in self.line.bounds:
            self._check_unit(measure, kind, amount)
        values = tuple(amount.value for amount in self.line.bounds)
        if not self.problems and len(values) == 2 and values[0] > values[1]:
            first, second = (amount.text for amount in self.line.bounds)
            self._complain(
                f"between {first} and {second}",
                "the upper bound lies below the lower",
                f"write between {second} and {first}",
            )
        return values

    def _check_unit(self, measure: Measure, kind: str, amount: Amount) -> None:
        rule, advice = f"{measure.name} is {_KINDS[kind][0]}", _KINDS[kind][1]
        if amount.kind != kind and not (amount.kind == "number" and amount.value == 0.0):
            found = repr(amount.text)
            if amount.kind == "number" and kind == "share":
                advice = f"write {amount.value * 100:g}%" if amount.value < 1 else f"write {amount.text}%"
                found = f"{amount.text} without a per cent sign"
            elif amount.kind == "number":
                advice = f"write {amount.text}s, {amount.text}m or {amount.text}h"
                found = f"{amount.text} without a unit"
            self._complain(found, rule, advice)
        elif kind == "share" and amount.value > 1.0:
            self._complain(repr(amount.text), f"{rule}, which lies between 0% and 100%", advice)

    def _versus(self, measure: Measure, scope: Mapping[str, str] | None) -> str:
        """Return the variant that a line compares with: by its name, that of the base's file, or as the base."""
        written = self.line.versus
        base = next(iter(self.scenarios.values()))
        aliases = {"base": base.name, Path(base.source.file).stem: base.name} | {name: name for name in self.scenarios}
        if written not in aliases:
            what, advice = _KINDS[_kind(measure)]
            near = nearest(written, aliases)
            rule = f"this is neither {what} nor the name of a variant"
            self._complain(repr(written), rule, near if near.startswith("did") else advice)
            return ""
        other = aliases[written]
        if other == self.variant:
            self._complain(repr(written), "a variant is not compared with itself", "name another variant")
        for kind, name in (scope or {}).items():
            if name not in _members(self.scenarios[other])[kind]:
                self._complain(repr(name), f"there is no {_SCOPES[kind]} of this name in {other!r}")
        return other


def _kind(measure: Measure) -> str:
    """Return in which way a measure's bounds are written."""
    if measure.unit == "s":
        return "duration"
    return "share" if measure.unit == "1" and measure.name not in MEAN_NUMBERS else "number"


def _members(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the names of each kind; queues of a volumes file may have a stream of their name."""
    customers = tuple(kind.stream for kind in case_kinds(scenario.cases))
    streams = (*scenario.callers, *(scenario.queues if scenario.volumes is not None else ()), *customers)
    return {
        "queue": tuple(scenario.queues),
        "callers": streams,
        "agents": tuple(scenario.agents),
        "cases": tuple(scenario.cases),
        "customers": customers,
    }


def decide(expectation: Expectation, measures: Mapping[str, Sequence[Measures]], level: float) -> Verdict:
    """Return the verdict on an expectation from the replications so far.

    Parameters
    ----------
    expectation : Expectation
        What is expected.
    measures : mapping of str to sequence of Measures
        Variant -> what its replications measured; the same replications of every variant.
    level : float
        Of the interval, from `callsim.stats.levels_of_looks`.
    """
    found = widened(_estimate(expectation, measures, level))
    sides = [side(found, bound) for bound in expectation.bounds]
    outcome = _between(*sides) if expectation.relation == "between" else _one_sided(expectation.relation, sides[0])
    return Verdict(expectation, outcome, found, found.reason if outcome is Outcome.UNDECIDED else "")


def _estimate(expectation: Expectation, measures: Mapping[str, Sequence[Measures]], level: float) -> Estimate:
    name, scope = expectation.measure.name, expectation.scope
    column = measures[expectation.variant]
    if expectation.versus:
        return estimate_difference(measures[expectation.versus], column, name, scope, level)
    return _never_surer_than_the_calls_allow(expectation, column, estimate(column, name, scope, level))


def _never_surer_than_the_calls_allow(
    expectation: Expectation, column: Sequence[Measures], found: Estimate
) -> Estimate:
    """Return the estimate, widened if nothing (or everything) was counted in every replication.

    Then the replications do not differ, and their spread would claim to know the figure exactly.
    """
    measure = expectation.measure
    if found.half_width != 0.0 or measure.kind not in ("count", "ratio", "rank", "percentile"):
        return found
    above, below = counted(column, measure.name, expectation.scope)
    unseen = nothing_seen(below, found.level)
    if measure.kind == "percentile":
        return replace(found, half_width=None, reason=_TOO_FEW) if unseen > 1.0 - measure.share else found
    of_calls = measure.kind == "count" or (_kind(measure) == "share" and measure.name not in _NOT_CALLS)
    everything = measure.kind in ("ratio", "rank") and above == below * (measure.scale if measure.kind == "rank" else 1)
    if of_calls and (not above or everything):
        return replace(at_least_this_uncertain(found, unseen), reason=_NONE_SEEN)
    return found


def _one_sided(relation: str, where: Side) -> Outcome:
    if where is Side.UNDECIDED:
        return Outcome.UNDECIDED
    wanted = Side.BELOW if relation.startswith("<") else Side.ABOVE
    met = where is wanted or (where is Side.AT and relation.endswith("="))
    return Outcome.MET if met else Outcome.MISSED


def _between(low: Side, high: Side) -> Outcome:
    outcomes = {_one_sided(">=", low), _one_sided("<=", high)}
    if Outcome.MISSED in outcomes:
        return Outcome.MISSED
    return Outcome.UNDECIDED if Outcome.UNDECIDED in outcomes else Outcome.MET


def compared(expectations: Sequence[Expectation]) -> list[tuple[frozenset[str], tuple[int, ...]]]:
    """Return the groups of variants that must be run together, because they are compared with one another.

    Returns
    -------
    list of (frozenset of str, tuple of int)
        Names of the variants, and the positions of what is expected of them. No variant is in two groups.
    """
    groups: list[frozenset[str]] = []
    for expectation in expectations:
        names = frozenset({expectation.variant, expectation.versus} - {""})
        groups = [group for group in groups if not group & names] + [names.union(*(g for g in groups if g & names))]
    return [(group, tuple(i for i, one in enumerate(expectations) if one.variant in group)) for group in groups]

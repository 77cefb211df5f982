"""Variants are compared in pairs under the same callers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from callsim.errors import CallsimError, Problem, ScenarioError
from callsim.experiments import compare as module
from callsim.experiments.compare import check_experiment, compare, experiment_settings, ranking
from callsim.experiments.settings import Replications, Settings
from callsim.plan.plan import Plan
from tests.unit.experiments.small_plans import small_plan

PLANS: dict[str, Plan] = {
    "base": small_plan(),
    "three heads": small_plan(heads=3),
    "the same": small_plan(),
    "other hours": dataclasses.replace(
        small_plan(), clock=dataclasses.replace(small_plan().clock, drain=True)
    ),
}  # fmt: skip


class FakeScenario:
    """What compare needs of a scenario: its name and what it says about the run."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.run = self
        self.seed, self.replications, self.level, self.expect = 5, 3, 0.9, ()


class FakeExperiment:
    """What compare needs of an experiment."""

    def __init__(self, *variants: str, **more: Any) -> None:
        self.name = "what would help"
        self.base = FakeScenario("base")
        self.variants = tuple((name, FakeScenario(name)) for name in variants)
        self.show = more.get("show", ())
        self.seed, self.replications, self.level = more.get("seed"), more.get("replications"), None


@pytest.fixture(autouse=True)
def plans_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve a scenario by looking its plan up."""

    def resolve(scenario: FakeScenario) -> Plan:
        if scenario.name not in PLANS:
            raise ScenarioError([Problem("a.yaml", 1, 1, "queues", "nothing", f"must be like {scenario.name[:6]}")])
        return PLANS[scenario.name]

    monkeypatch.setattr(module, "resolve", resolve)


def found(*variants: str, n: int = 6, **more: Any) -> Any:
    """Return the findings of an experiment."""
    return compare(
        FakeExperiment(*variants, **more),  # type: ignore[arg-type]
        Settings(seed=5, replications=Replications.exactly(n)),
    )


def test_a_variant_that_changes_nothing_differs_by_zero_with_no_width() -> None:
    """The same callers with the same patience: nothing is left to chance."""
    rows = [row for row in found("the same").rows if row.versus]
    assert {row.variant for row in rows} == {"the same"}
    assert {(row.value, row.half_width) for row in rows if row.value is not None} == {(0.0, 0.0)}


def test_differences_are_variant_minus_base_of_every_pair() -> None:
    """With their own, narrower interval."""
    findings = found("three heads", n=10)
    base, variant = findings.row("mean_wait", {}), findings.row("mean_wait", {}, "three heads")
    difference = findings.row("mean_wait", {}, "three heads", "base")
    assert difference.value == pytest.approx(variant.value - base.value, abs=1e-9)
    assert difference.value < 0
    assert difference.half_width < base.half_width + variant.half_width


def test_rows_of_all_variants_come_before_the_differences() -> None:
    """In the order of the experiment, the base first."""
    rows = found("three heads", "the same", n=2).rows
    order = list(dict.fromkeys((row.variant, row.versus) for row in rows))
    assert order == [
        ("base", None), ("three heads", None), ("the same", None), ("three heads", "base"), ("the same", "base"),
    ]  # fmt: skip


def test_ranking_puts_the_lowest_first_and_marks_what_is_not_told_apart() -> None:
    """A variant like the base shares its place; three heads are better beyond doubt."""
    placed = ranking(found("the same", "three heads", n=10), "mean_wait")
    assert [(p.variant, p.place, p.tied) for p in placed] == [
        ("three heads", 1, False),
        ("base", 2, False),
        ("the same", 3, True),
    ]


def test_an_experiment_says_its_settings_and_the_command_line_overrules_it() -> None:
    """Command line before experiment before base scenario."""
    plain, own = FakeExperiment("the same"), FakeExperiment("the same", seed=9, replications=7)
    settings: list[Settings] = [
        experiment_settings(plain),  # type: ignore[arg-type]
        experiment_settings(own),  # type: ignore[arg-type]
        experiment_settings(own, seed=11, replications=2, level=None),  # type: ignore[arg-type]
    ]
    assert [(s.seed, s.replications.at_most, s.level) for s in settings] == [(5, 3, 0.9), (9, 7, 0.9), (11, 2, 0.9)]


@pytest.mark.parametrize(
    ("variants", "message"),
    [
        ((), "base: there is nothing to compare; add `variants:`, or use `callsim run`"),
        (("base",), "'base': two variants (or a variant and the base) have this name; rename one"),
        (
            ("other hours",),
            "variant 'other hours': its drain differs from that of 'base'; "
            "variants are compared over the same time, change `run:` in the base only",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(variants: tuple[str, ...], message: str) -> None:
    """Before anything is simulated."""
    with pytest.raises(CallsimError) as caught:
        found(*variants)
    assert str(caught.value) == message


def test_problems_of_all_variants_are_said_at_once_and_each_once() -> None:
    """Two variants with the same fault have one problem, one with another fault a second."""
    with pytest.raises(ScenarioError) as caught:
        check_experiment(FakeExperiment("broken 1", "broken 2", "wrong"))  # type: ignore[arg-type]
    assert [problem.rule for problem in caught.value.problems] == ["must be like broken", "must be like wrong"]


def test_what_is_to_be_shown_must_exist() -> None:
    """A measure, or a measure of a queue."""
    assert [str(s) for s in found("the same", n=2, show=("wait_p90", "service_level(main)")).show] == [
        "wait_p90",
        "service_level(main)",
    ]
    with pytest.raises(CallsimError) as caught:
        found("the same", show=("service_level(billing)",))
    assert str(caught.value) == ("show: found 'service_level(billing)'; there is no queue 'billing'; queues are: main")
    with pytest.raises(CallsimError, match=r"^show: found 'a-b'; write a measure such as wait_p90 or"):
        found("the same", show=("a-b",))


def test_wrong_shows_are_refused_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after an hour."""

    def replicate(plans: Mapping[str, Plan], settings: Settings, precise: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(module, "replicate", replicate)
    with pytest.raises(CallsimError, match="no such measure"):
        found("the same", show=("xyzzy",))

"""Remedies: variants that are switched on and off in every combination, whatever the order."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from callsim.errors import ScenarioError
from callsim.scenario import Experiment, load_experiment, resolve

BASE = """
name: Base
run: {start: 2025-06-02, measure: 1 week}
callers: {everyone: {calls: {per_week: 12000}, to: main, balks: 40%}}
queues: {main: {talk: lognormal mean 6m cv 0.8, open: mon-sat 08:00-20:00}}
agents:
  team: {heads: 10, answers: [main]}
  crew:
    answers: [main]
    breaks: [{length: 15m, between: 2h-3h}]
    shifts: {early: {from: 08:00, for: 8h, heads: 3}}
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Callable[..., Experiment]:
    """Load an experiment on the base above."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")

    def to(text: str, *changes: str) -> Experiment:
        path = tmp_path / "compare.yaml"
        path.write_text("base: base.yaml\n" + textwrap.dedent(text), encoding="utf-8")
        return load_experiment(path, changes)

    return to


def problems(load: Callable[[], object]) -> list[str]:
    """Return what is wrong, as "line path: found; rule; advice"."""
    with pytest.raises(ScenarioError) as raised:
        load()
    return [f"{p.line} {p.path}: {p.found}; {p.rule}; {p.advice}" for p in raised.value.problems]


SEVERAL = """
variants:
  more: {set: {agents.team.heads: 12}}
  longer: {set: {queues.main.open: 24/7}}
  shorter calls: {scale: {queues.main.talk: 0.5}}
  both: {combine: [more, longer]}
  another: {file: base.yaml}
  nothing: {about: nothing}
"""


def test_remedies_are_the_variants_that_change_something_themselves(experiment: Callable[..., Experiment]) -> None:
    """Not those that combine others, are another file, or change nothing."""
    found = experiment(SEVERAL)
    assert found.remedies is not None
    assert found.remedies.names == ("more", "longer", "shorter calls")


def test_set_of_remedies_is_the_base_with_all_their_changes(experiment: Callable[..., Experiment]) -> None:
    """Named after them in the order of writing, whatever order is asked for; none of them is the base."""
    remedies = experiment(SEVERAL, "callers.everyone.balks=10%").remedies
    assert remedies is not None
    both = remedies.scenario(["longer", "more"])
    assert (both.name, both.agents["team"].heads, both.queues["main"].open) == (
        "more + longer", 12, experiment(SEVERAL).remedies.scenario(["longer"]).queues["main"].open,  # type: ignore[union-attr]
    )  # fmt: skip
    assert both.callers["everyone"].balks == 0.1
    assert remedies.scenario([]).name == "Base"
    assert remedies.scenario([]).agents["team"].heads == 10


def test_set_of_remedies_is_what_combine_makes_of_it(experiment: Callable[..., Experiment]) -> None:
    """`combine` applies the same changes in the same order."""
    found = experiment(SEVERAL)
    assert found.remedies is not None
    combined, made = dict(found.variants)["both"], found.remedies.scenario(["more", "longer"])
    assert resolve(made).digest() == resolve(combined).digest() != resolve(found.base).digest()


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (
            "{set: {agents.team.heads: 12}}",
            "{set: {agents.team.heads: 14}}",
            "together they depend on their order: agents.team.heads is 14 or, the other way round, 12",
        ),
        (
            "{add: {agents.crew.shifts.night: {from: 22:00, for: 8h, heads: 4}}}",
            "{scale: {agents.*.shifts.*.heads: 1.5}}",
            "together they depend on their order: agents.crew.shifts.night.heads is 6 or, the other way round, 4",
        ),
        (
            "{remove: [agents.crew]}",
            "{scale: {agents.crew.shifts.early.heads: 2}}",
            "the two cannot be combined: at agents.crew.shifts.early.heads one finds 'crew'",
        ),
        (
            "{set: {queues.main.talk: constant 5m}}",
            "{scale: {queues.main.talk: 0.5}}",
            "together they depend on their order: queues.main.talk is constant 2m30s or, the other way round,"
            " constant 5m",
        ),
    ],
)
def test_two_remedies_that_depend_on_their_order_are_told(
    experiment: Callable[..., Experiment], first: str, second: str, rule: str
) -> None:
    """Both are named, with the place of the second, the path, and what stands there in either order."""
    found = experiment(f"variants:\n  one: {first}\n  two: {second}\n  three: {{set: {{run.seed: 3}}}}\n")
    assert found.remedies is not None
    (problem,) = found.remedies.conflicts(found.remedies.names)
    assert (problem.line, problem.path, problem.found) == (4, "variants.two", "'one' and 'two'")
    assert problem.rule == rule
    assert problem.advice == "let one of the two leave it alone; a star can be written out as names"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{set: {agents.team.heads: 12}}", "{set: {agents.team.heads: 12, queues.main.open: 24/7}}"),
        ("{set: {agents.team.heads: 12}}", "{set: {callers.everyone.balks: 0%}}"),
        ("{scale: {queues.main.talk: 0.5}}", "{scale: {queues.*.talk: 0.8}}"),
        ("{scale: {callers.everyone.calls.per_week: 0.93}}", "{scale: {callers.everyone.calls.per_week: 1.07}}"),
        ("{scale: {callers.everyone.balks: 0.77}}", "{scale: {callers.everyone.balks: 0.33}}"),
        (
            "{add: {agents.night: {heads: 4, answers: [main]}}}",
            "{add: {agents.crew.shifts.late: {from: 14:00, for: 8h, heads: 4}}}",
        ),
    ],
)
def test_two_remedies_that_agree_can_be_combined(
    experiment: Callable[..., Experiment], first: str, second: str
) -> None:
    """The same value, different places, factors on one number whatever its rounding, new names in any order."""
    found = experiment(f"variants:\n  one: {first}\n  two: {second}\n")
    assert found.remedies is not None
    assert found.remedies.conflicts(("one", "two")) == []


def test_only_remedies_that_are_weighed_can_be_in_conflict(experiment: Callable[..., Experiment]) -> None:
    """Others may do what they like."""
    found = experiment("""
    variants:
      one: {set: {agents.team.heads: 12}}
      two: {set: {agents.team.heads: 14}}
    """)
    assert found.remedies is not None
    assert len(found.remedies.conflicts(("one", "two"))) == 1
    assert found.remedies.conflicts(("two",)) == []


def test_what_is_wrong_under_attribute_is_told_at_once(experiment: Callable[..., Experiment]) -> None:
    """Unknown names, combinations, negative costs, an odd number of orders: each with its place."""
    text = SEVERAL + textwrap.dedent("""
    attribute:
      remedies: [more, longr, both]
      costs: {more: -5, shrter calls: 3, another: 1}
      permutations: 7
    """)
    sound = "a remedy is a variant with set, scale, add or remove, and without combine or file"
    assert problems(lambda: experiment(text)) == [
        "12 attribute.remedies.1: 'longr'; there is no variant of this name; did you mean longer?",
        f"12 attribute.remedies.2: 'both'; {sound}; remedies are: more, longer, shorter calls",
        "13 attribute.costs.more: -5; what a remedy costs a week is 0 or more; what costs nothing costs 0",
        "13 attribute.costs.shrter calls: 'shrter calls'; there is no variant of this name;"
        " did you mean shorter calls?",
        f"13 attribute.costs.another: 'another'; {sound}; remedies are: more, longer, shorter calls",
        "14 attribute.permutations: 7; orders are drawn in pairs, and at least 4; write an even number such as 64",
    ]


def test_keys_and_kinds_under_attribute_are_checked(experiment: Callable[..., Experiment]) -> None:
    """As everywhere in the language."""
    assert problems(lambda: experiment(SEVERAL + "attribute: {remedy: [more]}\n")) == [
        "10 attribute.remedy: unknown key 'remedy'; this key has no meaning here; did you mean remedies?"
    ]
    assert problems(lambda: experiment(SEVERAL + "attribute: {costs: {more: a lot}}\n")) == [
        "10 attribute.costs.more: 'a lot'; a number is needed; write digits, such as 120 or 1.5"
    ]

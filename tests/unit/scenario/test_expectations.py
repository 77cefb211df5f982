"""Expectations in files: their form, and of which variant each is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from callsim.scenario import Experiment, load, load_experiment
from callsim.scenario.language.expectations import Amount, read_amount, read_expectations

CENTRE = """\
run: {measure: 8h}
callers: {everyone: {calls: {per_hour: 60}, to: main}}
queues: {main: {handle_time: constant 5m}}
agents: {team: {heads: 6, answers: [main]}}
"""


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5%", Amount("share", 0.05, "5%")),
        ("12.5 %", Amount("share", 0.125, "12.5 %")),
        ("2m30s", Amount("duration", 150.0, "2m30s")),
        ("1.5 h", Amount("duration", 5400.0, "1.5 h")),
        ("2 weeks", Amount("duration", 1209600.0, "2 weeks")),
        ("0", Amount("number", 0.0, "0")),
        ("1200", Amount("number", 1200.0, "1200")),
        ("24/7 as advertised", None),
        ("10 more heads", None),
        ("the base", None),
    ],
)
def test_what_has_the_form_of_a_quantity_is_one(text, amount) -> None:
    """Everything else is the name of a variant, whatever it begins with."""
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    ("line", "measure", "scope", "relation", "bounds", "versus"),
    [
        ("abandonment_ratio <= 5%", "abandonment_ratio", "", "<=", [0.05], ""),
        ("service_level(support)>=80%", "service_level", "support", ">=", [0.8], ""),
        ("mean_wait ( two  words ) < 2m", "mean_wait", "two words", "<", [120.0], ""),
        ("mean_wait ≤ 2m", "mean_wait", "", "<=", [120.0], ""),
        ("arrivals ≥ 100", "arrivals", "", ">=", [100.0], ""),
        ("share_held_an_hour between 20% and 40%", "share_held_an_hour", "", "between", [0.2, 0.4], ""),
        ("wait_p90(billing) < as-it-happened", "wait_p90", "billing", "<", [], "as-it-happened"),
        ("reach > better and worse", "reach", "", ">", [], "better and worse"),
    ],
)
def test_a_line_is_a_measure_a_sign_and_a_bound(line, measure, scope, relation, bounds, versus) -> None:
    """Blanks are free, names in brackets may have several words."""
    (found,) = read_expectations([line])
    assert (found.measure, found.scope, found.relation, found.versus) == (measure, scope, relation, versus)
    assert [bound.value for bound in found.bounds] == bounds


def test_one_line_needs_no_list() -> None:
    """As everywhere in the language."""
    assert read_expectations("blocked <= 3") == read_expectations(["blocked <= 3"])


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Experiment]:
    """Write files and load the last."""

    def write(**files: str) -> Experiment:
        for name, text in files.items():
            path = tmp_path / f"{name}.yaml"
            path.write_text(textwrap.dedent(text).replace("CENTRE\n", CENTRE), encoding="utf-8")
        return load_experiment(path)

    return write


def lines(experiment: Experiment) -> dict[str, list[str]]:
    """Return what is expected of each variant."""
    scenarios = {experiment.base.name: experiment.base, **dict(experiment.variants)}
    return {name: [line.text for line in scenario.expect] for name, scenario in scenarios.items()}


def test_variants_say_their_own_and_do_not_inherit(loaded) -> None:
    """A variant is there to be different from its base; one that combines others takes their changes only."""
    found = loaded(
        desk="""\
        CENTRE
        expect: [blocked <= 1]
        variants:
          more: {set: {agents.team.heads: 8}, expect: [mean_wait < base, blocked <= 2]}
          silent: {set: {agents.team.heads: 7}}
          both: {combine: [more], expect: reach > 90%}
        """
    )
    assert lines(found) == {
        "desk": ["blocked <= 1"],
        "more": ["mean_wait < base", "blocked <= 2"],
        "silent": [],
        "both": ["reach > 90%"],
    }


def test_a_file_that_compares_says_what_it_expects_itself(loaded) -> None:
    """What stands in the files of the base and of a variant is decided when those are checked."""
    found = loaded(
        desk="CENTRE\nname: The desk\nexpect: [blocked <= 1]\ncheck: {level: 90%, at_most: 64}\n",
        other="CENTRE\nexpect: [blocked <= 5]\n",
        compare="""\
        base: desk.yaml
        expect: [mean_wait <= 1m]
        check: {at_most: 32}
        variants:
          file: {file: other.yaml}
          file with more: {file: other.yaml, expect: [mean_wait < base]}
        """,
    )
    assert lines(found) == {"The desk": ["mean_wait <= 1m"], "file": [], "file with more": ["mean_wait < base"]}
    assert (found.base.check.level, found.base.check.at_most) == (0.99, 32)


def test_without_a_word_on_checking_the_base_says_how(loaded) -> None:
    """Its level and its budget."""
    found = loaded(desk="CENTRE\ncheck: {level: 90%, at_most: 64}\n", compare="base: desk.yaml\n")
    assert (found.base.check.level, found.base.check.at_most, found.base.check.at_least) == (0.9, 64, 8)


def test_extending_takes_expectations_over_unless_they_are_taken_away(loaded, tmp_path: Path) -> None:
    """As every other key: lists replace, a tilde removes."""
    loaded(desk="CENTRE\nexpect: [blocked <= 1]\n", same="extends: desk.yaml\n", none="extends: desk.yaml\nexpect: ~\n")
    assert [line.text for line in load(tmp_path / "same.yaml").expect] == ["blocked <= 1"]
    assert load(tmp_path / "none.yaml").expect == ()

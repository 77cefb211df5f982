"""What expectations speak of exists, has the right unit, and is judged by where its interval lies."""

from __future__ import annotations

import dataclasses
import textwrap
from pathlib import Path

import numpy as np
import pytest

import callsim
from callsim.errors import ScenarioError
from callsim.experiments import expectations as module
from callsim.experiments.expectations import Expectation, Outcome, compared, decide, expectations_of
from callsim.measures import measure_named
from callsim.scenario import load_experiment
from callsim.stats import Estimate

CENTRE = """\
name: The desk
run: {measure: 8h}
callers:
  everyone: {calls: {per_hour: 60}, to: main, patience: exponential mean 3m}
  main: {calls: {per_hour: 6}, to: main, patience: exponential mean 3m}
queues: {main: {handle_time: exponential mean 4m}, two words: {handle_time: exponential mean 4m}}
agents: {team: {heads: 7, answers: [main, two words]}}
variants:
  more: {set: {agents.team.heads: 8}}
  closed: {remove: [queues.two words], set: {agents.team.answers: [main]}}
"""


def bound(folder: Path, *lines: str) -> tuple[Expectation, ...]:
    """Return the expectations of the base, tied to what they speak of."""
    path = folder / "desk.yaml"
    path.write_text(CENTRE + "expect:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    return expectations_of(load_experiment(path))


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        ("mean_wait <= 1m", {}),
        ("mean_wait(main) <= 1m", {"queue": "main"}),
        ("mean_wait(callers main) <= 1m", {"callers": "main"}),
        ("calls_per_caller(main) <= 2", {"callers": "main"}),
        ("mean_wait(two words) <= 1m", {"queue": "two words"}),
        ("occupancy(team) <= 90%", {"agents": "team"}),
        ("handle_time(agents team) <= 5m", {"agents": "team"}),
    ],
)
def test_a_name_in_brackets_is_the_first_kind_that_has_the_measure(tmp_path: Path, line: str, scope) -> None:
    """Queues before streams before groups; the kind before the name says which."""
    (found,) = bound(tmp_path, line)
    assert found.scope == scope


@pytest.mark.parametrize("word", ["base", "The desk", "desk"])
def test_the_base_goes_by_its_name_its_file_or_as_the_base(tmp_path: Path, word: str) -> None:
    """So `wait_p90 < as-it-happened` can be written in a file that compares."""
    path = tmp_path / "desk.yaml"
    text = CENTRE.replace("heads: 8}}", f"heads: 8}}, expect: [mean_wait < {word}]}}")
    path.write_text(text, encoding="utf-8")
    (found,) = expectations_of(load_experiment(path))
    assert (found.variant, found.versus, found.bounds) == ("more", "The desk", (0.0,))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mean_wate <= 1m", "found 'mean_wate'; there is no such measure\n  did you mean mean_wait?"),
        (
            "mean_wait(mian) <= 1m",
            "found 'mian'; there is no queue or stream of callers of this name\n  did you mean main?",
        ),
        (
            "occupancy(teem) <= 90%",
            "found 'teem'; there is no group of agents of this name\n  did you mean team?",
        ),
        (
            "occupancy(main) <= 90%",
            "found 'main'; occupancy is no measure of a queue\n  it is a measure of a group of agents",
        ),
        (
            "mean_wait(agents team) <= 1m",
            "found 'agents team'; mean_wait is no measure of a group of agents\n"
            "  it is a measure of a queue or a stream of callers",
        ),
        ("moved <= 3", "found 'moved'; it is a measure of a queue\n  write moved(NAME)"),
        ("mean_wait <= 30", "found 30 without a unit; mean_wait is a duration\n  write 30s, 30m or 30h"),
        ("mean_wait <= 5%", "found '5%'; mean_wait is a duration\n  write a duration such as 90s or 2m"),
        (
            "service_level >= 0.8",
            "found 0.8 without a per cent sign; service_level is a share\n  write 80%",
        ),
        ("service_level >= 80", "found 80 without a per cent sign; service_level is a share\n  write 80%"),
        (
            "service_level >= 120%",
            "found '120%'; service_level is a share, which lies between 0% and 100%\n  write a share such as 5%",
        ),
        ("arrivals <= 5m", "found '5m'; arrivals is a number\n  write a number such as 120"),
        ("calls_per_caller <= 120%", "found '120%'; calls_per_caller is a number\n  write a number such as 120"),
        (
            "mean_wait between 50s and 30s",
            "found between 50s and 30s; the upper bound lies below the lower\n  write between 30s and 50s",
        ),
        (
            "mean_wait < moor",
            "found 'moor'; this is neither a duration nor the name of a variant\n  did you mean more?",
        ),
        (
            "mean_wait < 2 minuets",
            "found '2 minuets'; this is neither a duration nor the name of a variant\n"
            "  write a duration such as 90s or 2m",
        ),
        ("mean_wait < base", "found 'base'; a variant is not compared with itself\n  name another variant"),
        ("mean_wait(two words) < closed", "found 'two words'; there is no queue of this name in 'closed'"),
    ],
)
def test_what_does_not_exist_or_fit_is_told_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    """File, line, column, what was found, what holds, what to write."""
    with pytest.raises(ScenarioError) as caught:
        bound(tmp_path, line)
    head, _, rest = str(caught.value).partition("\n  ")
    assert head.endswith("desk.yaml:12:5  expect.0")
    assert rest == message


def test_validate_reports_what_variants_expect_too(tmp_path: Path) -> None:
    """Beside everything else that is wrong."""
    path = tmp_path / "desk.yaml"
    path.write_text(CENTRE.replace("heads: 8}}", "heads: 8}, expect: [mean_wate < base, reach > 3]}"), encoding="utf-8")
    assert [(problem.line, problem.path, problem.found) for problem in callsim.validate(path)] == [
        (9, "variants.more: expect.0", "'mean_wate'"),
        (9, "variants.more: expect.1", "3 without a per cent sign"),
    ]


def test_who_only_compares_may_leave_out_a_variant_that_others_speak_of(tmp_path: Path) -> None:
    """A comparison decides nothing; a check of the same says what is missing."""
    path = tmp_path / "desk.yaml"
    path.write_text(CENTRE.replace("heads: 8}}", "heads: 8}, expect: [mean_wait < closed]}"), encoding="utf-8")
    whole = load_experiment(path)
    part = dataclasses.replace(whole, variants=whole.variants[:1])
    assert callsim.compare(part, replications=1, workers=1).variants == ("The desk", "more")
    with pytest.raises(ScenarioError, match="'closed'; this is neither a duration nor the name of a variant"):
        callsim.check(part)


def expected(relation: str, *bounds: float, name: str = "mean_wait") -> Expectation:
    """Return an expectation of the only variant."""
    return Expectation("desk", "as written", measure_named(name), {}, relation, bounds)


MET, MISSED, UNDECIDED = Outcome.MET, Outcome.MISSED, Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("relation", "bounds", "value", "half_width", "outcome"),
    [
        ("<=", [5], 4.0, 0.5, MET),
        ("<=", [5], 4.8, 0.5, UNDECIDED),
        ("<=", [5], 6.0, 0.5, MISSED),
        ("<=", [5], 5.0, 0.0, MET),
        ("<", [5], 5.0, 0.0, MISSED),
        ("<", [5], 4.0, 0.5, MET),
        (">=", [5], 6.0, 0.5, MET),
        (">=", [5], 5.0, 0.0, MET),
        (">=", [5], 4.0, 0.5, MISSED),
        (">", [5], 5.0, 0.0, MISSED),
        (">", [5], 5.2, 0.5, UNDECIDED),
        ("between", [3, 5], 4.0, 0.5, MET),
        ("between", [3, 5], 4.0, 1.5, UNDECIDED),
        ("between", [3, 5], 3.2, 0.5, UNDECIDED),
        ("between", [3, 5], 2.0, 0.5, MISSED),
        ("between", [3, 5], 6.0, 0.5, MISSED),
        ("between", [3, 3], 3.0, 0.0, MET),
        ("<=", [5], None, None, UNDECIDED),
        ("<=", [5], 4.0, None, UNDECIDED),
    ],
)
def test_the_verdict_is_where_the_interval_lies(
    monkeypatch: pytest.MonkeyPatch, relation, bounds, value, half_width, outcome
) -> None:
    """Wholly on the right side, wholly on the wrong one, or across the bound; an exact figure may lie on it."""
    monkeypatch.setattr(module, "estimate", lambda *_: Estimate(value, half_width, 0.999, 8))
    monkeypatch.setattr(module, "counted", lambda *_: (80, 160))
    assert decide(expected(relation, *map(float, bounds)), {"desk": ()}, 0.999).outcome is outcome


def test_between_takes_two_decisions_and_a_comparison_one() -> None:
    """Each has a share of the error."""
    assert expected("between", 3.0, 5.0).decisions == 2
    assert expected("<", 0.0).decisions == 1


@pytest.mark.parametrize(
    ("name", "above", "below", "half_width"),
    [
        ("abandonment_ratio", 0, 1000, -np.log(0.0005) / 1000),
        ("service_level", 1000, 1000, -np.log(0.0005) / 1000),
        ("service_level", 999, 1000, 0.0),
        ("blocked", 0, 8, -np.log(0.0005) / 8),
        ("occupancy", 0, 1000, 0.0),
        ("staffed_time", 0, 8, 0.0),
        ("wait_p90", 0, 100, 0.0),
        ("wait_p99", 0, 100, None),
    ],
)
def test_nothing_seen_is_not_nothing_possible(monkeypatch: pytest.MonkeyPatch, name, above, below, half_width) -> None:
    """Where all replications agree because nothing (or everything) was counted, the calls bound the doubt."""
    monkeypatch.setattr(module, "estimate", lambda *_: Estimate(above / below, 0.0, 0.999, 8))
    monkeypatch.setattr(module, "counted", lambda *_: (above, below))
    found = decide(expected("<=", 2.0, name=name), {"desk": ()}, 0.999)
    assert found.estimate.half_width == (half_width if half_width is None else pytest.approx(half_width, rel=1e-9))


def test_skewed_replications_get_a_wider_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that would be decided is not."""
    narrow = Estimate(4.0, 0.9, 0.999, 8)
    monkeypatch.setattr(module, "counted", lambda *_: (80, 160))
    monkeypatch.setattr(module, "estimate", lambda *_: narrow)
    assert decide(expected("<=", 5.0), {"desk": ()}, 0.999).outcome is MET
    monkeypatch.setattr(module, "estimate", lambda *_: Estimate(4.0, 0.9, 0.999, 8, skewness=1.0))
    assert decide(expected("<=", 5.0), {"desk": ()}, 0.999).outcome is UNDECIDED


def test_variants_that_are_compared_run_together_and_no_others() -> None:
    """Whoever is compared with the same variant belongs to one group."""
    speed = measure_named("mean_wait")
    lines = [("a", ""), ("b", "a"), ("c", ""), ("d", "e"), ("e", "b"), ("c", "")]
    found = compared([Expectation(name, "", speed, {}, "<", (0.0,), versus) for name, versus in lines])
    assert sorted((sorted(names), places) for names, places in found) == [
        (["a", "b", "d", "e"], (0, 1, 3, 4)),
        (["c"], (2, 5)),
    ]


def test_lines_of_a_text_block_are_where_they_stand(tmp_path: Path) -> None:
    """A line in a list between brackets is pointed at, too."""
    path = tmp_path / "desk.yaml"
    path.write_text(CENTRE + textwrap.dedent("expect: [blocked <= 3, mean_wate <= 1m]\n"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        expectations_of(load_experiment(path))
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(11, 24)]

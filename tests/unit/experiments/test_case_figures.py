"""Figures of cases in what is shown, expected and reached: names, scopes in brackets, verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim
from callsim.errors import CallsimError, ScenarioError
from callsim.experiments.expectations import expectations_of
from callsim.experiments.findings import Shown, shown
from callsim.experiments.settings import Replications
from callsim.measures import DAYS
from callsim.scenario import load_experiment, resolve

SCENARIO = """
name: Two desks
run: {warm_up: 1 day, measure: 2 days, follow_cases: 2 days, replications: 2}
callers: {everybody: {calls: {per_hour: 10}, to: front, patience: exponential mean 10m}}
cases:
  wrong bill:
    starts: {per_day: 12}
    customers: {firms: {share: 25%}, households: {share: 75%, gives_up: 20%}}
    dials: {front: 100%}
    owner: {share: 40%}
    calls_again: {unsolved: exponential mean 3h, abandoned: {share: 80%, delay: exponential mean 1h}}
    talk: exponential mean 5m
    patience: exponential mean 15m
    documented: {calls: 3, hours_on_the_phone: 0.5}
queues: {front: {talk: exponential mean 4m}}
agents: {desk: {heads: 2, answers: [front]}}
"""
CASES = {"cases": ("wrong bill",), "customers": ("wrong bill: firms", "wrong bill: households")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A scenario with one type of case."""
    file = tmp_path / "desks.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def expecting(path: Path, line: str) -> Path:
    """Return the file with one expectation more."""
    path.write_text(SCENARIO + f'expect: ["{line}"]\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "scope", "bounds"),
    [
        ("case.calls_p50 <= 4", {}, (4.0,)),
        ("case.calls_p50(wrong bill) between 1 and 4", {"cases": "wrong bill"}, (1.0, 4.0)),
        ("case.time_on_phone_p90(wrong bill: firms) <= 2h", {"customers": "wrong bill: firms"}, (7200.0,)),
        ("case.rank_calls(cases wrong bill) between 20% and 90%", {"cases": "wrong bill"}, (0.2, 0.9)),
        ("reach(wrong bill: firms) >= 50%", {"callers": "wrong bill: firms"}, (0.5,)),
    ],
)
def test_expectations_may_speak_of_cases(
    path: Path, line: str, scope: dict[str, str], bounds: tuple[float, ...]
) -> None:
    """Of all of them, of a type, of a type with a kind of customer; those are streams of callers as well."""
    (found,) = expectations_of(load_experiment(expecting(path, line)))
    assert (dict(found.scope), found.bounds) == (scope, bounds)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "case.calls_p50(front) <= 4",
            "found 'front'; there is no type of case or type of case with a kind of customer of this name",
        ),
        ("case.calls_p50 <= 5%", "found '5%'; case.calls_p50 is a number\n  write a number such as 120"),
        ("case.hold_p50 <= 5", "found 5 without a unit; case.hold_p50 is a duration\n  write 5s, 5m or 5h"),
        ("case.call_p50 <= 5", "found 'case.call_p50'; there is no such measure\n  did you mean case.calls_p50?"),
        (
            "mean_wait(cases wrong bill) <= 5m",
            "found 'cases wrong bill'; mean_wait is no measure of a type of case\n"
            "  it is a measure of a queue or a stream of callers",
        ),
    ],
)
def test_what_there_is_not_is_named(path: Path, line: str, message: str) -> None:
    """Full text behind the place."""
    with pytest.raises(ScenarioError) as error:
        expectations_of(load_experiment(expecting(path, line)))
    assert message in str(error.value)


def test_without_cases_nothing_can_be_expected_of_them(tmp_path: Path) -> None:
    """The line is told where it stands."""
    text = SCENARIO[: SCENARIO.index("\ncases:") + 1] + SCENARIO[SCENARIO.index("queues:") :]
    text = text.replace(", follow_cases: 2 days", "")
    file = tmp_path / "plain.yaml"
    file.write_text(text + "expect: [case.calls_p50 <= 4]\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        expectations_of(load_experiment(file))
    assert "found 'case.calls_p50'; it is a measure of cases, and there are none" in str(error.value)


def test_tables_may_show_figures_of_cases() -> None:
    """In brackets a type, or a type with a kind of customer; queues as before."""
    assert shown("case.calls_p50", ("front",), CASES) == Shown("case.calls_p50", {})
    assert shown("case.calls_p50(wrong bill)", ("front",), CASES).scope == {"cases": "wrong bill"}
    assert shown("case.calls_p50(wrong bill: firms)", ("front",), CASES).scope == {"customers": "wrong bill: firms"}
    assert shown("wait_p90(front)", ("front",), CASES).scope == {"queue": "front"}


@pytest.mark.parametrize(
    ("text", "cases", "message"),
    [
        ("case.calls_p50", None, "it is a measure of cases, and the scenario has none"),
        (
            "case.calls_p50(front)",
            CASES,
            "there is no type of case 'front'; types are: wrong bill, wrong bill: firms, wrong bill: households",
        ),
        ("wait_p90(wrong bill)", CASES, "there is no queue 'wrong bill'; queues are: front"),
    ],
)
def test_what_cannot_be_shown_is_refused(text: str, cases: dict[str, tuple[str, ...]] | None, message: str) -> None:
    """Full text."""
    with pytest.raises(CallsimError) as error:
        shown(text, ("front",), cases)
    assert str(error.value) == f"show: found {text!r}; {message}"


def test_a_run_has_the_rows_of_its_cases(path: Path) -> None:
    """The same cases in every scope; a documented figure has a rank, what is not documented has none; SimPy or not."""
    result = callsim.run(path, engine="simpy")
    plan = resolve(load_experiment(path).base)
    assert plan.cases.types == CASES["cases"]
    every = result.value("case.cases")
    assert every == result.value("case.cases", cases="wrong bill")
    assert every == sum(result.value("case.cases", customers=name) or 0 for name in CASES["customers"])
    assert 0.0 <= (result.value("case.rank_calls") or -1.0) <= 1.0
    assert result.value("case.rank_employees") is None
    days = [row.scope["day"] for row in result.rows if row.name == "case.solved_within" and len(row.scope) == 1]
    assert days
    assert set(days) <= set(DAYS)


def test_precision_may_be_asked_of_a_figure_of_cases(path: Path) -> None:
    """More replications until the share solved is known to 20 points."""
    rule = Replications(2, 9, {"case.share_solved(wrong bill)": 0.2})
    result = callsim.run(path, engine="simpy", replications=rule)
    (row,) = [row for row in result.rows if row.name == "case.share_solved" and row.scope == {"cases": "wrong bill"}]
    assert row.half_width is not None
    assert result.n == 9 or row.half_width <= 0.2

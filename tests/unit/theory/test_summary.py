"""The table of all models: which are asked, what they take for granted, what is told when there is no answer."""

from __future__ import annotations

import math

import pytest

from callsim.theory import ASSUMPTIONS, Answer, FixedPatience, erlang_a, erlang_b, predict


def by_model(answers: tuple[Answer, ...]) -> dict[str, Answer]:
    """Return the answers under their short names."""
    return {answer.model: answer for answer in answers}


def figure(answer: Answer, name: str, formula: str = "") -> float | None:
    """Return one figure of an answer; every name stands there once."""
    (row,) = [row for row in answer.predictions if (row.name, row.formula) == (name, formula)]
    return row.value


@pytest.mark.parametrize(
    ("facts", "models"),
    [
        ({}, ["erlang_b", "erlang_c"]),
        ({"patience": 60.0}, ["erlang_b", "erlang_c", "erlang_a"]),
        ({"patience": FixedPatience(60.0)}, ["erlang_b", "erlang_c", "general_patience"]),
        ({"trunk_lines": 20}, ["erlang_b", "erlang_c", "finite_lines"]),
        ({"patience": 60.0, "trunk_lines": 20}, ["erlang_b", "erlang_c", "erlang_a", "finite_lines"]),
        ({"handle_time_cv": 0.5}, ["erlang_b", "erlang_c", "general_handle_time"]),
        ({"patience": 60.0, "n_agents": 9}, ["erlang_b", "erlang_c", "erlang_a", "fluid"]),
    ],
)
def test_facts_choose_the_models(facts: dict[str, float], models: list[str]) -> None:
    """Each fact brings the model that sees it; the textbook's stay for comparison."""
    facts = {"arrival_rate": 100 / 1800, "handle_time": 180.0, "n_agents": 14} | facts
    assert [answer.model for answer in predict(**facts)] == models  # type: ignore[arg-type]


def test_one_agent_brings_pollaczek_and_khinchine() -> None:
    """Constant handle times halve the wait of exponential ones, exactly."""
    answers = by_model(predict(0.5, 1.0, 1, handle_time_cv=0.0))
    assert figure(answers["erlang_c"], "mean_wait") == pytest.approx(1.0, rel=1e-13)
    assert figure(answers["pollaczek_khinchine"], "mean_wait") == 0.5
    assert "approximate" not in answers["pollaczek_khinchine"].assumptions


def test_broken_assumptions_are_named() -> None:
    """What the facts themselves contradict; the scenario's own features are for the doors to add."""
    answers = by_model(predict(100 / 1800, 180.0, 9, handle_time_cv=0.5, patience=60.0, trunk_lines=20))
    assert answers["erlang_b"].broken == ("nobody_waits",)
    assert answers["erlang_c"].broken == ("exponential_handle_time", "nobody_hangs_up", "endless_lines")
    assert answers["erlang_a"].broken == ("exponential_handle_time", "endless_lines")
    assert answers["finite_lines"].broken == ("exponential_handle_time",)
    assert answers["general_handle_time"].broken == ("nobody_hangs_up", "endless_lines")
    assert answers["fluid"].broken == ("endless_lines",)


def test_every_assumption_is_explained_and_used() -> None:
    """A key without words, or words that nobody takes for granted, would be a slip."""
    answers = [
        *predict(1.0, 1.0, 1, handle_time_cv=0.5, patience=60.0, trunk_lines=3),
        *predict(2.0, 1.0, 1, patience=60.0),
        *predict(1.0, 1.0, 2, handle_time_cv=0.5),
    ]
    used = {key for answer in answers for key in answer.assumptions}
    assert used == set(ASSUMPTIONS)


def test_model_without_a_steady_state_says_why() -> None:
    """Overload: Erlang C has no figures but keeps its place, Erlang A and the stream have theirs."""
    answers = by_model(predict(10 / 60, 360.0, 30, patience=3600.0, acceptable_wait=3600.0))
    assert answers["erlang_c"].predictions == ()
    assert answers["erlang_c"].reason == (
        "offered load 60 erlang on 30 agents, and nobody hangs up: the queue grows without end; needs more than 60 "
        "agents, or a patience, or a number of lines"
    )
    assert figure(answers["erlang_a"], "service_level", "negative_abandon") == pytest.approx(0.5, abs=1e-6)
    assert figure(answers["erlang_a"], "service_level", "positive_abandon") == pytest.approx(1.0, abs=5e-4)
    assert figure(answers["fluid"], "speed_of_answer") == pytest.approx(3600 * math.log(2.0), rel=1e-12)
    assert figure(answers["fluid"], "mean_queue") == pytest.approx(10 * 30.0, rel=1e-12)


def test_unstable_approximation_says_why_too() -> None:
    """Both rough models of the handle time rest on a queue that empties."""
    (answer,) = [a for a in predict(2.0, 1.0, 1, handle_time_cv=0.5) if a.model == "pollaczek_khinchine"]
    assert answer.predictions == ()
    assert answer.reason.startswith("offered load 2 erlang on 1 agent, and nobody hangs up")


def test_figures_are_those_of_the_formulas() -> None:
    """The table adds nothing to what the formulas say; the mean of nobody is None."""
    answers = by_model(predict(100 / 1800, 180.0, 14, patience=300.0))
    centre = erlang_a(100 / 1800, 180.0, 14, 300.0)
    for name in ("p_delay", "abandonment_ratio", "mean_wait", "speed_of_answer", "occupancy", "mean_queue"):
        assert figure(answers["erlang_a"], name) == getattr(centre, name)
    assert figure(answers["erlang_a"], "share_held_an_hour") == centre.answered_later(3600.0)
    assert figure(answers["erlang_b"], "p_block") == pytest.approx(erlang_b(14, 10.0), rel=1e-13)
    assert figure(answers["erlang_c"], "mean_wait_abandoned") is None
    levels = [row for row in answers["erlang_a"].predictions if row.name == "service_level"]
    assert [row.formula for row in levels] == [
        "negative_abandon",
        "answered_only",
        "positive_abandon",
        "ignore_short_abandon",
        "exclude_short_abandon",
        "offered_incl_blocked",
    ]
    assert all(row.definition and row.unit == "share" for row in levels)

"""Every refusal of the theory room, in full words."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from callsim.errors import UnstableSystem
from callsim.theory import (
    NeverHangsUp,
    WithZeroMass,
    erlang_a,
    erlang_b,
    erlang_c,
    fluid_overload,
    pollaczek_khinchine,
    predict,
    priority_classes,
    required_agents,
    required_lines,
    scheduled_heads,
    steady_state,
)

CENTRE = steady_state(1.0, 1.0, 2)

WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: steady_state(0.0, 1.0, 1), "arrival_rate: found 0.0; must be a finite number > 0"),
    (lambda: steady_state(1.0, math.nan, 1), "handle_time: found nan; must be a finite number > 0"),
    (lambda: steady_state(1.0, 1.0, 0), "n_agents: found 0; must be a whole number >= 1"),
    (lambda: erlang_c(1.0, 1.0, 2.5), "n_agents: found 2.5; must be a whole number >= 1"),  # type: ignore[arg-type]
    (lambda: erlang_a(1.0, 1.0, 2, 0.0), "mean_patience: found 0.0; must be a finite number > 0"),
    (lambda: erlang_a(1.0, 1.0, 2, 1.0, 0), "trunk_lines: found 0; must be a whole number >= 1"),
    (lambda: erlang_b(-1, 1.0), "n_agents: found -1; must be a whole number >= 0"),
    (lambda: erlang_b(1, -1.0), "offered_load: found -1.0; must be a finite number > 0"),
    (lambda: CENTRE.service_level(-1.0), "acceptable_wait: found -1.0; must be a number >= 0"),
    (lambda: CENTRE.service_level(1.0, short=-1.0), "short: found -1.0; must be a number >= 0"),
    (
        lambda: CENTRE.service_level(1.0, "best"),  # type: ignore[arg-type]
        "formula: found 'best'; must be one of negative_abandon, answered_only, positive_abandon, "
        "ignore_short_abandon, exclude_short_abandon, offered_incl_blocked",
    ),
    (lambda: CENTRE.answered_within(math.nan), "wait: found nan; must be a number >= 0"),
    (lambda: CENTRE.wait_percentile(1.0), "share: found 1.0; must be above 0 and below 1"),
    (lambda: pollaczek_khinchine(0.5, 1.0, -1.0), "handle_time_cv: found -1.0; must be a finite number >= 0"),
    (lambda: priority_classes([1.0, 0.0], 1.0, 2), "arrival_rates: found 0.0; must be a finite number > 0"),
    (
        lambda: priority_classes([1.0], 1.0, 2)[0].service_level(-1.0),
        "acceptable_wait: found -1.0; must be a number >= 0",
    ),
    (lambda: fluid_overload(1.0, 1.0, 1, 1.0, 1.5), "redial_share: found 1.5; must be between 0 and 1"),
    (lambda: scheduled_heads(1, 1.0), "shrinkage: found 1.0; must be at least 0 and less than 1"),
    (lambda: required_agents(1.0, 1.0, 1.0, 20.0), "target: found 1.0; must be above 0 and below 1"),
    (
        lambda: required_agents(1.0, 1.0, 0.8, 20.0, max_occupancy=1.1),
        "max_occupancy: found 1.1; must be above 0 and at most 1",
    ),
    (
        lambda: required_agents(10.0, 1.0, 0.9, 20.0, "offered_incl_blocked", trunk_lines=10),
        "target: found 0.9 with trunk_lines 10; no number of agents meets it, since 0.214582 of the calls find all "
        "lines busy; raise trunk_lines or lower the target",
    ),
    (lambda: required_lines(10.0, 0.0), "max_blocking: found 0.0; must be above 0 and at most 1"),
    (lambda: predict(1.0, 1.0, 2, handle_time_cv=-1.0), "handle_time_cv: found -1.0; must be a finite number >= 0"),
    (lambda: predict(1.0, 1.0, 2, short=math.inf), "short: found inf; must be a finite number >= 0"),
]

UNSTABLE: list[tuple[Callable[[], object], str]] = [
    (
        lambda: erlang_c(10.0, 1.0, 10),
        "offered load 10 erlang on 10 agents, and nobody hangs up: the queue grows without end; needs more than 10 "
        "agents, or a patience, or a number of lines",
    ),
    (
        lambda: pollaczek_khinchine(2.0, 1.0, 0.0),
        "offered load 2 erlang on 1 agent, and nobody hangs up: the queue grows without end; needs an offered load "
        "below 1",
    ),
    (
        lambda: priority_classes([1.0, 1.5], 1.0, 2),
        "offered load 2.5 erlang on 2 agents, and nobody hangs up: the queue grows without end; needs more than 2.5 "
        "agents",
    ),
    (
        lambda: fluid_overload(2.0, 1.0, 1, 60.0, 1.0),
        "load 2 of the capacity, and everybody who hangs up calls again: calls grow without end; needs a redial_share "
        "below 1, or more agents",
    ),
    (
        lambda: fluid_overload(2.0, 1.0, 1, WithZeroMass(0.25, NeverHangsUp())),
        "load 2 of the capacity, and fewer than 0.5 of the callers ever hang up: the queue grows without end; needs "
        "more agents",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG, ids=[message[:50] for _, message in WRONG])
def test_numbers_outside_their_range_are_refused(call: Callable[[], object], message: str) -> None:
    """Name, what was found, what rule holds."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared below
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize(("call", "message"), UNSTABLE, ids=[message[:50] for _, message in UNSTABLE])
def test_no_steady_state_is_said_and_what_would_give_one(call: Callable[[], object], message: str) -> None:
    """The load, what is wrong with it, and what to change; exit code 2."""
    with pytest.raises(UnstableSystem) as caught:
        call()
    assert str(caught.value) == message
    assert caught.value.exit_code == 2

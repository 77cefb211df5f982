"""Patience of any law against the reference values, Whitt's tables and a chain that keeps the order of the queue."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from callsim.theory import (
    FixedPatience,
    GammaPatience,
    LognormalPatience,
    Patience,
    SteadyState,
    WeibullPatience,
    WithZeroMass,
    erlang_a,
    steady_state,
)
from callsim.theory.quadrature import Array
from tests.oracle.birth_death import stationary

_LAWS: dict[str, Patience] = {
    "MMsG-det120": FixedPatience(120.0),
    "MMsG-erl2-180": GammaPatience(180.0, math.sqrt(0.5)),
    "MMsG-lnbalk": WithZeroMass(0.05, LognormalPatience(120.0, math.sqrt(2.0))),
    "MM100G-whitt-LN(1,1)": LognormalPatience(1.0, 1.0),
    "MM100G-whitt-E2_mean_1": GammaPatience(1.0, math.sqrt(0.5)),
}


def _levels(centre: SteadyState, wait: float, suffix: str) -> dict[str, float]:
    """Return the laws at one threshold under the reference's names."""
    return {
        f"sl_offered_{suffix}": centre.service_level(wait, "negative_abandon"),
        f"sl_served_{suffix}": centre.service_level(wait, "answered_only"),
        f"sl_excl_short_{suffix}": centre.service_level(wait, "ignore_short_abandon"),
        f"sl_incl_short_{suffix}": centre.service_level(wait, "positive_abandon"),
        f"p_wait_le_{suffix}_given_abandon": centre.abandoned_within(wait) / centre.abandonment_ratio,
    }


@pytest.mark.reference("general_patience.yaml")
def test_reference_values_are_met_to_their_last_digit(reference_case: dict[str, Any]) -> None:
    """Constant, Erlang-2, lognormal, and one with a share that balks: every value of the file, none left out."""
    given, expected = reference_case["parameters"], dict(reference_case["values"])
    in_seconds = "arrivals_per_h" in given
    rate = given["arrivals_per_h"] / 3600 if in_seconds else given["arrival_rate"]
    handle_time = given["mean_service_s"] if in_seconds else given["mean_service"]
    unit = "s" if in_seconds else "mean_service"
    centre = steady_state(rate, handle_time, given["agents"], _LAWS[reference_case["id"]])
    ours = {
        "p_delay": centre.p_delay,
        "p_abandon": centre.abandonment_ratio,
        f"mean_wait_all_{unit}": centre.mean_wait,
        f"asa_{unit}": centre.speed_of_answer,
        f"mean_wait_abandoned_{unit}": centre.mean_wait_abandoned,
        f"var_wait_served_{unit}2": centre.speed_of_answer_variance,
        "mean_queue": centre.mean_queue,
        "occupancy": centre.occupancy,
        "mean_in_system": centre.mean_in_system,
    }
    for suffix in ("10s", "20s", "60s") if in_seconds else ("0.1", "0.2", "0.4"):
        ours |= _levels(centre, float(suffix.rstrip("s")), suffix)
    assert ours == pytest.approx(expected, rel=6e-12)


_WHITT: dict[str, float | Patience] = {
    "whitt-M-M": 1.0,
    "whitt-M-E2": GammaPatience(1.0, math.sqrt(0.5)),
    "whitt-M-LN11": LognormalPatience(1.0, 1.0),
}


@pytest.mark.reference("published_whitt2005.yaml", starts="whitt-M-")
def test_printed_simulations_lie_about_the_exact_values(reference_case: dict[str, Any]) -> None:
    """Whitt (2005): every printed value is within two of its own half-widths, plus half a unit in its last place.

    About 30 values; were they independent and the intervals exact, one of them would fail in 350 tables.
    """
    given, printed = reference_case["parameters"], reference_case["values"]
    centre = steady_state(given["arrival_rate"], 1.0, given["agents"], _WHITT[reference_case["id"]], 300)
    ours = {
        "p_no_wait": 1.0 - centre.p_delay,
        "p_abandon": centre.abandonment_ratio,
        "mean_queue": centre.mean_queue,
        "mean_in_system": centre.mean_in_system,
        "mean_wait_served": centre.speed_of_answer,
        "var_wait_served": centre.speed_of_answer_variance,
        "mean_wait_abandoned": centre.mean_wait_abandoned,
        "p_wait_le_0.1_given_served": centre.service_level(0.1, "answered_only"),
        "p_wait_le_0.1_given_abandon": centre.abandoned_within(0.1) / centre.abandonment_ratio,
        "p_wait_le_0.2_given_served": centre.service_level(0.2, "answered_only"),
        "p_wait_le_0.2_given_abandon": centre.abandoned_within(0.2) / centre.abandonment_ratio,
    }
    for name, value in ours.items():
        places = len(repr(printed[name]["value"]).partition(".")[2])
        allowed = 2.0 * printed[name]["ci95_halfwidth"] + 0.5 * 10.0**-places
        assert value == pytest.approx(printed[name]["value"], abs=allowed), name
    for name, value in reference_case.get("printed_exact", {}).items():
        if name in ours:
            places = len(repr(value).partition(".")[2])
            assert ours[name] == pytest.approx(value, abs=0.51 * 10.0**-places), name


class _TwoKinds(Patience):
    """Hyperexponential patience: a share of one mean, the rest of another."""

    def __init__(self, share: float, first: float, second: float) -> None:
        self.parts = ((share, first), (1.0 - share, second))

    @property
    def mean(self) -> float:
        """The mean over both kinds."""
        return sum(share * mean for share, mean in self.parts)

    def gone(self, wait: Array) -> Array:
        """The mixed distribution function."""
        return sum((-share * np.expm1(-wait / mean) for share, mean in self.parts), np.zeros_like(wait))

    def left(self, wait: Array) -> Array:
        """The mixed survival function."""
        return sum((share * np.exp(-wait / mean) for share, mean in self.parts), np.zeros_like(wait))

    def lost_time(self, wait: Array) -> Array:
        """The mixed partial mean."""
        held = sum((share * mean * -np.expm1(-wait / mean) for share, mean in self.parts), np.zeros_like(wait))
        return held - wait * self.left(wait)


def _queue_in_order(rate: float, n_agents: int, law: _TwoKinds, places: int) -> tuple[float, float, float, float]:
    """Return p_block, p_delay, the abandonment ratio and the mean queue, by a chain over queues of named kinds."""
    states: list[tuple[int, tuple[int, ...]]] = [(busy, ()) for busy in range(n_agents)]
    states += [(n_agents, queue) for length in range(places + 1) for queue in product((0, 1), repeat=length)]
    number = {state: index for index, state in enumerate(states)}
    generator = np.zeros((len(states), len(states)))
    leaving = np.zeros(len(states))
    for (busy, queue), index in number.items():
        if busy < n_agents:
            generator[index, number[busy + 1, ()]] += rate
        elif len(queue) < places:
            for kind, (share, _) in enumerate(law.parts):
                generator[index, number[busy, (*queue, kind)]] += rate * share
        if queue:
            generator[index, number[busy, queue[1:]]] += n_agents
        elif busy:
            generator[index, number[busy - 1, ()]] += busy
        for place, kind in enumerate(queue):
            generator[index, number[busy, queue[:place] + queue[place + 1 :]]] += 1.0 / law.parts[kind][1]
            leaving[index] += 1.0 / law.parts[kind][1]
    chance = stationary(generator)
    blocked = sum(chance[i] for (busy, queue), i in number.items() if busy == n_agents and len(queue) == places)
    at_once = sum(chance[i] for (busy, _), i in number.items() if busy < n_agents)
    mean_queue = sum(chance[i] * len(queue) for (_, queue), i in number.items())
    offered = 1.0 - blocked
    return blocked, 1.0 - at_once / offered, float(chance @ leaving) / (rate * offered), mean_queue


def test_two_kinds_of_callers_on_few_lines_against_a_chain_that_keeps_their_order() -> None:
    """Two agents, four places, one kind that hangs up soon: the density with lines holds for any patience."""
    law = _TwoKinds(0.4, 0.2, 5.0)
    blocked, p_delay, abandoned, queue = _queue_in_order(3.0, 2, law, 4)
    centre = steady_state(3.0, 1.0, 2, law, 6)
    ours = [centre.p_block, centre.p_delay, centre.abandonment_ratio, centre.mean_queue]
    assert ours == pytest.approx([blocked, p_delay, abandoned, queue], rel=1e-11)


@pytest.mark.parametrize(
    "law", [GammaPatience(120.0, 1.0), WeibullPatience(120.0, 1.0), WithZeroMass(0.0, GammaPatience(120.0, 1.0))]
)
@pytest.mark.parametrize("share", [0.5, 1.0, 1.5])
def test_laws_that_contain_the_exponential_agree_with_it(law: Patience, share: float) -> None:
    """Shape 1 of gamma and Weibull is exponential."""
    general, plain = steady_state(share / 18.0, 180.0, 10, law), erlang_a(share / 18.0, 180.0, 10, 120.0)
    for name in ("p_delay", "abandonment_ratio", "mean_wait", "speed_of_answer", "mean_wait_abandoned"):
        assert getattr(general, name) == pytest.approx(getattr(plain, name), rel=1e-11)
    assert general.service_level(20.0) == pytest.approx(plain.service_level(20.0), rel=1e-12)


def test_sharp_patience_approaches_a_fixed_one() -> None:
    """A coefficient of variation of a ten-thousandth changes the fourth digit at most."""
    sharp, fixed = (
        steady_state(1 / 9.0, 180.0, 20, GammaPatience(120.0, 1e-4)),
        steady_state(1 / 9.0, 180.0, 20, FixedPatience(120.0)),
    )
    assert sharp.abandonment_ratio == pytest.approx(fixed.abandonment_ratio, rel=1e-4)
    assert sharp.mean_wait_abandoned == pytest.approx(120.0, rel=1e-3)

"""One agent with any handle time against the reference values and Erlang C."""

from __future__ import annotations

from typing import Any

import pytest

from callsim.theory import erlang_c, pollaczek_khinchine


@pytest.mark.reference("general_service.yaml", starts="PK-")
def test_reference_values_are_met_to_their_last_digit(reference_case: dict[str, Any]) -> None:
    """Constant, Erlang-2 and lognormal handle times of a minute."""
    given, expected = reference_case["parameters"], reference_case["values"]
    figures = pollaczek_khinchine(expected["occupancy"] / 60.0, 60.0, given["service_scv"] ** 0.5)
    ours = {
        "occupancy": figures.occupancy,
        "p_delay": figures.p_delay,
        "mean_wait_all_s": figures.mean_wait,
        "mean_queue": figures.mean_queue,
    }
    assert ours == pytest.approx(expected, rel=5e-12)


@pytest.mark.reference("general_service.yaml", starts="MDc-c1-")
def test_constant_handle_time_agrees_with_an_embedded_chain(reference_case: dict[str, Any]) -> None:
    """Crommelin's chain for one agent, good to 1e-10."""
    figures = pollaczek_khinchine(0.8 / 180.0, 180.0, 0.0)
    assert figures.mean_wait == pytest.approx(reference_case["values"]["mean_wait_all_s"], rel=1e-10)
    assert figures.mean_queue == pytest.approx(reference_case["values"]["mean_queue"], rel=1e-10)


@pytest.mark.parametrize("load", [0.01, 0.5, 0.99])
def test_exponential_handle_time_is_erlang_c(load: float) -> None:
    """M/M/1 is the common case of both formulas."""
    assert pollaczek_khinchine(load, 1.0, 1.0).mean_wait == pytest.approx(erlang_c(load, 1.0, 1).mean_wait, rel=1e-12)

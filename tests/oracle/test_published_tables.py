"""Values that other people printed: tools' own tests, and the specification's textbook centre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callsim.theory import erlang_a, erlang_b, erlang_c, required_agents, required_lines, steady_state

Lookup = Callable[[str, str], dict[str, Any]]
FILE = "published_tools.yaml"


def _last_place(value: float) -> float:
    """Return half a unit in the last printed place, and a bit."""
    return 0.51 * 10.0 ** -len(repr(value).partition(".")[2])


def test_call_centre_helper_example(reference: Lookup) -> None:
    """100 calls in half an hour of three minutes: 14 agents answer 88.8 % within 20 seconds."""
    case = reference(FILE, "pyworkforce-erlangC")
    for row in case["values"]:
        centre = erlang_c(100 / 30, 3.0, row["agents"])
        allowed = 0.51 * 10.0 ** -row.get("rounding", 12)
        assert centre.occupancy == pytest.approx(row["occupancy"], abs=allowed)
        assert centre.p_delay == pytest.approx(row["p_delay"], abs=allowed)
        # Their 0.333333333333 has 12 digits, a relative error of 1e-12.
        assert centre.service_level(row["awt_min"]) == pytest.approx(row["sl"], abs=max(allowed, 2e-12))


def test_staffing_of_the_call_centre_helper_example(reference: Lookup) -> None:
    """80 % in 20 seconds, occupancy at most 85 %, shrinkage 30 %: 14 agents, 20 heads."""
    given = reference(FILE, "pyworkforce-erlangC")["staffing"]
    needed = required_agents(
        100 / 30,
        3.0,
        given["target_sl"],
        given["awt_min"],
        max_occupancy=given["max_occupancy"],
        shrinkage=given["shrinkage"],
    )
    assert (needed.n_agents, needed.scheduled_heads) == (given["raw_agents"], given["agents_with_shrinkage"])


def test_unit_tests_of_an_erlang_library(reference: Lookup) -> None:
    """Losses, lines, delays, levels and waits to the digits printed there."""
    functions: dict[str, Callable[[dict[str, Any]], float]] = {
        "erlang_b": lambda row: erlang_b(row["c"], row["a"]),
        "required_channels": lambda row: required_lines(row["a"], row["max_block"]),
        "erlang_c": lambda row: erlang_c(row["a"], 1.0, row["c"]).p_delay,
        "sl_20s": lambda row: erlang_c(row["a"] / row["aht_s"], row["aht_s"], row["c"]).service_level(20.0),
        "asa_s": lambda row: erlang_c(row["a"] / row["aht_s"], row["aht_s"], row["c"]).speed_of_answer,
    }
    for row in reference(FILE, "erlanglib-tests")["values"]:
        # One of the printed values (7.83593) is cut, not rounded.
        assert functions[row["fn"]](row) == pytest.approx(row["value"], abs=2.0 * _last_place(row["value"])), row


def test_their_speed_of_answer_is_our_mean_wait_of_all(reference: Lookup) -> None:
    """The Erlang A of pyworkforce divides the queue by all calls; the answered wait less."""
    case = reference(FILE, "pyworkforce-erlangA-c14")
    given, printed = case["parameters"], case["values"]
    centre = erlang_a(100 / 30, given["mean_service_min"], given["agents"], given["mean_patience_min"])
    ours = {
        "p_delay": centre.p_delay,
        "p_abandon": centre.abandonment_ratio,
        "occupancy": centre.occupancy,
        "mean_wait_all_min": centre.mean_wait,
        "sl_offered": centre.service_level(given["awt_min"]),
    }
    for name, value in ours.items():
        assert value == pytest.approx(printed[name], abs=_last_place(printed[name])), name
    assert centre.speed_of_answer == pytest.approx(0.0646413, abs=5e-8)


def test_unit_tests_of_the_callcenter_simulator(reference: Lookup) -> None:
    """13 agents, with and without patience and a hundred lines."""
    case = reference(FILE, "aherzog-erlang-tests-c13")
    given, printed = case["parameters"], case["values"]
    load = given["arrival_rate_per_min"], given["mean_service_min"], given["agents"]
    endless = erlang_c(*load)
    patient = erlang_a(*load, given["mean_patience_min"], given["lines_total"])
    assert 60.0 * endless.mean_wait == pytest.approx(26.556886, abs=5e-7)
    assert 60.0 * endless.mean_wait == pytest.approx(printed["erlangC_mean_wait_s"], abs=5e-3)
    assert 60.0 * patient.mean_wait == pytest.approx(9.9128026, abs=5e-8)
    assert 60.0 * patient.mean_wait == pytest.approx(printed["erlangA_mean_wait_all_s"], abs=5e-3)


def test_exact_waits_beside_a_tutorial(reference: Lookup) -> None:
    """Ciw's bank: the exact waits of three and four agents."""
    exact = reference(FILE, "ciw-MM3-MM4-tutorial")["exact"]
    assert erlang_c(0.2, 10.0, 3).mean_wait == pytest.approx(exact["c3_mean_wait"], rel=5e-12)
    assert erlang_c(0.2, 10.0, 4).mean_wait == pytest.approx(exact["c4_mean_wait"], rel=5e-12)


def test_textbook_centre_with_and_without_a_limit() -> None:
    """M/M/12 at 4.2 calls a minute of two minutes; then with room for five who wait."""
    endless, limited = erlang_c(4.2, 2.0, 12), steady_state(4.2, 2.0, 12, trunk_lines=17)
    figures = [endless.p_delay, endless.mean_wait, endless.service_level(1 / 3), endless.occupancy]
    assert figures == pytest.approx([0.18389, 0.10216, 0.89908, 0.700], abs=5.1e-6)
    assert [limited.p_block, limited.mean_wait, limited.occupancy] == pytest.approx(
        [0.0094769, 0.06112, 0.69337], abs=5.1e-6
    )
    assert 480 * 4.2 * limited.p_block == pytest.approx(19.11, abs=5.1e-3)


def test_hundred_agents_of_the_second_work_item() -> None:
    """95 erlangs on 100 agents, handle time five minutes: mean wait 0.506457 minutes."""
    assert erlang_c(19.0, 5.0, 100).mean_wait == pytest.approx(0.506457, abs=5.1e-7)

"""What growth is held to: statements are made from the points, and can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.growth import Point, statements
from benchmarks.models.growing import AXES
from callsim.scenario import load, resolve


def points(costs: list[float], peaks: list[float]) -> dict[tuple[str, int, str], Point]:
    """Return points of the calls axis with these costs [ns] and peaks of memory [MB]."""
    return {
        ("calls", 10**n, "measure"): Point(calls=10**9, cpu=cost, peak=peak, leg_bytes=0.0, log_bytes=0.0)
        for n, (cost, peak) in enumerate(zip(costs, peaks, strict=True))
    }


def test_costs_within_a_factor_of_two_hold_and_beyond_do_not() -> None:
    """The largest over the smallest, whichever sizes they belong to."""
    assert [holds for _, holds in statements(points([40.0, 30.0, 60.0], [100.0] * 3))] == [True, True]
    assert [holds for _, holds in statements(points([40.0, 29.0, 60.0], [100.0] * 3))] == [False, True]


def test_memory_that_grows_with_calls_is_reported() -> None:
    """Ten times the calls may not take a quarter more memory, without a log."""
    assert [holds for _, holds in statements(points([40.0, 40.0], [100.0, 130.0]))] == [True, False]


def test_a_log_of_more_than_a_hundred_bytes_a_visit_is_reported() -> None:
    """The table of visits counts, spans of agents do not."""
    slim = {("queues", 1, "log"): Point(calls=10, cpu=1.0, peak=1.0, leg_bytes=88.0, log_bytes=160.0)}
    fat = {("queues", 1, "log"): Point(calls=10, cpu=1.0, peak=1.0, leg_bytes=101.0, log_bytes=160.0)}
    assert [holds for _, holds in statements(slim)] == [True]
    assert [holds for _, holds in statements(fat)] == [False]


@pytest.mark.parametrize("axis", list(AXES))
def test_every_axis_begins_with_a_scenario_that_resolves(axis: str, tmp_path: Path) -> None:
    """The smallest centre of each axis is valid, and its quick and log sizes are among its sizes."""
    about = AXES[axis]
    path = tmp_path / "centre.yaml"
    path.write_text(about.text(about.values[0]), encoding="utf-8")
    assert resolve(load(path)).n_queues >= 1
    assert set(about.quick) | set(about.log) <= set(about.values)

"""The stream in overload against the hand-computed hour-long holds and Erlang A of many agents."""

from __future__ import annotations

import math

import pytest

from callsim.theory import FixedPatience, LognormalPatience, WithZeroMass, erlang_a, fluid_overload, steady_state


def test_hour_long_hold() -> None:
    """Twice the capacity, patience an hour: half hang up, the rest hold 60 ln 2 minutes."""
    stream = fluid_overload(10 / 60, 360.0, 30, 3600.0)
    assert stream.hold / 60 == pytest.approx(60 * math.log(2.0), rel=1e-14)
    assert (stream.abandonment_ratio, stream.occupancy) == (0.5, 1.0)
    assert stream.mean_wait / 60 == pytest.approx(30.0, rel=1e-14)


def test_those_who_call_again_with_new_patience() -> None:
    """Redial share 0.8: 30 calls a minute, 60 ln 6 minutes of hold, 150 minutes and three calls a case."""
    stream = fluid_overload(10 / 60, 360.0, 30, 3600.0, redial_share=0.8)
    figures = [stream.offered_rate * 60, stream.abandonment_ratio, stream.hold / 60, stream.mean_wait / 60]
    assert figures == pytest.approx([30.0, 5 / 6, 60 * math.log(6.0), 50.0], rel=1e-13)
    assert [stream.calls_per_case, stream.hold_per_case / 60, stream.answered_cases] == pytest.approx([3.0, 150.0, 0.5])


def test_those_who_call_again_with_the_patience_they_have() -> None:
    """The same calls, but only the impatient repeat: hold 60 ln 2, and 67 minutes a case.

    Half of the callers have patience above the hold and are answered at once; the others make five calls each, of
    60 (1 - ln 2) minutes on average.
    """
    stream = fluid_overload(10 / 60, 360.0, 30, 3600.0, redial_share=0.8, same_person=True)
    assert stream.offered_rate * 60 == pytest.approx(30.0, rel=1e-13)
    assert stream.abandonment_ratio == pytest.approx(5 / 6, rel=1e-13)
    assert stream.hold / 60 == pytest.approx(60 * math.log(2.0), rel=1e-13)
    by_hand = 30 * math.log(2.0) + 2.5 * 60 * (1.0 - math.log(2.0))
    assert stream.hold_per_case / 60 == pytest.approx(by_hand, rel=1e-13)
    assert by_hand == pytest.approx(66.8, abs=0.05)


def test_no_overload_no_hold() -> None:
    """At or below the capacity nobody holds, and nobody has a reason to call again."""
    stream = fluid_overload(5 / 60, 360.0, 30, 3600.0, redial_share=0.8)
    assert (stream.hold, stream.abandonment_ratio, stream.calls_per_case, stream.occupancy) == (0.0, 0.0, 1.0, 1.0)


def test_many_agents_approach_the_stream() -> None:
    """Erlang A with 10,000 agents, half as much again as they can do: within a thousandth."""
    stream, centre = fluid_overload(50.0, 300.0, 10_000, 600.0), erlang_a(50.0, 300.0, 10_000, 600.0)
    assert centre.abandonment_ratio == pytest.approx(stream.abandonment_ratio, rel=1e-6)
    assert centre.speed_of_answer == pytest.approx(stream.hold, rel=1e-3)
    law = LognormalPatience(600.0, 2.0)
    assert steady_state(50.0, 300.0, 10_000, law).mean_wait == pytest.approx(
        fluid_overload(50.0, 300.0, 10_000, law).mean_wait, rel=1e-3
    )


def test_everybody_has_the_same_patience() -> None:
    """The hold is the patience itself; with enough who balk nobody need hold at all."""
    stream = fluid_overload(2.0, 1.0, 1, FixedPatience(30.0))
    assert (stream.hold, stream.abandonment_ratio, stream.mean_wait) == (30.0, 0.5, 30.0)
    assert fluid_overload(2.0, 1.0, 1, WithZeroMass(0.6, FixedPatience(30.0))).hold == 0.0

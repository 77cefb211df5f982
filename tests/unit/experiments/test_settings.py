"""Settings refuse what makes no sense, in words."""

from __future__ import annotations

from typing import Any

import pytest

from callsim.errors import CallsimError
from callsim.experiments.settings import Replications, Settings, check_measure


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": -1}, "seed: found -1; must be from 0 to 4294967295"),
        ({"seed": 1 << 32}, "seed: found 4294967296; must be from 0 to 4294967295"),
        ({"level": 95.0}, "level: found 95.0; must lie between 0 and 1, such as 0.95"),
        ({"workers": 0}, "workers: found 0; must be 1 or more"),
        ({"by": ("week",)}, "by: found 'week'; must be one of interval, hour_of_week"),
        (
            {"measures": ("servicelevel",)},
            "measures: found 'servicelevel'; there is no such measure; did you mean service_level?",
        ),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(given: dict[str, Any], message: str) -> None:
    """The message says what was found and what is allowed."""
    with pytest.raises(CallsimError) as caught:
        Settings(**{"seed": 1, "replications": Replications.exactly(2), **given})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((0, 5), "replications: found at least 0, at most 5; they must be 1 or more, and at_most not below at_least"),
        ((6, 5), "replications: found at least 6, at most 5; they must be 1 or more, and at_most not below at_least"),
        (
            (1, 5, {"wait_p90": 1.0}),
            "replications: a precision can only be judged from 2 replications on; set at_least: 2",
        ),
    ],
)
def test_numbers_of_replications_that_make_no_sense_are_refused(given: tuple[Any, ...], message: str) -> None:
    """At least one, not more at least than at most, and no precision from a single run."""
    with pytest.raises(CallsimError) as caught:
        Replications(*given)
    assert str(caught.value) == message


def test_a_measure_that_resembles_none_gets_the_list() -> None:
    """Nothing is near: all are named."""
    with pytest.raises(CallsimError, match="measures are: arrivals, "):
        check_measure("xyzzy")


def test_by_stands_for_the_centre_and_all_its_parts() -> None:
    """`by interval` gives rows of the whole centre, of queues, of callers and of agents."""
    settings = Settings(seed=1, replications=Replications.exactly(2), by=("interval",))
    assert settings.breakdowns == ("interval", "callers+interval", "queue+interval", "agents+interval")

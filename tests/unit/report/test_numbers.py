"""Figures as text: as many digits as the interval supports, in the forms that planners read."""

from __future__ import annotations

import pytest

from callsim.report.numbers import Form, decimals, figure, form_of, rounded


@pytest.mark.parametrize(
    ("value", "half_width", "form", "text"),
    [
        (0.37214, 0.0091, Form.PER_CENT, "37.2 ± 0.9"),
        (0.37214, 0.0131, Form.PER_CENT, "37.2 ± 1.3"),
        (0.37214, 0.0311, Form.PER_CENT, "37 ± 3"),
        (0.0234, 0.00033, Form.PER_CENT, "2.34 ± 0.03"),
        (1.0, 0.0, Form.PER_CENT, "100 ± 0"),
        (0.125, 0.0, Form.PER_CENT, "12.5 ± 0.0"),
        (125.4, 4.2, Form.CLOCK, "2:05 ± 0:04"),
        (12.44, 0.33, Form.CLOCK, "0:12.4 ± 0:00.3"),
        (119.96, 0.3, Form.CLOCK, "2:00.0 ± 0:00.3"),
        (59.6, 4.0, Form.CLOCK, "1:00 ± 0:04"),
        (3725.0, 61.0, Form.LONG_CLOCK, "1:02:05 ± 1:01"),
        (3725.0, 3661.0, Form.LONG_CLOCK, "1:02:05 ± 1:01:01"),
        (1.53, 0.2, Form.LONG_CLOCK, "0:00:02 ± 0:00"),
        (15368.4, 123.0, Form.COUNT, "15,368 ± 123"),
        (0.3, 0.25, Form.COUNT, "0.3 ± 0.2"),
        (7200.0, 360.0, Form.HOURS, "2.00 ± 0.10"),
    ],
)
def test_decimals_follow_the_half_width(value: float, half_width: float, form: Form, text: str) -> None:
    """The half width keeps one significant digit, two if it begins with 1; the value has as many decimals."""
    assert figure(value, half_width, form) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(0.5, Form.PER_CENT, "50.0"), (40.0, Form.COUNT, "40"), (754.0, Form.CLOCK, "12:34"), (0.0, Form.NUMBER, "0.00")],
)
def test_a_figure_without_an_interval_has_three_digits(value: float, form: Form, text: str) -> None:
    """One replication has no interval: three significant digits, whole counts and whole seconds as they are."""
    assert figure(value, None, form) == text


def test_no_value_is_a_dash() -> None:
    """A figure that does not exist is a dash, never zero and never NaN."""
    assert figure(None, None, Form.CLOCK) == "–"
    assert rounded(None, 1.0, Form.CLOCK) == "–"


@pytest.mark.parametrize(
    ("value", "half_width", "text"),
    [(0.03, 0.004, "+3.0 ± 0.4"), (-0.03, 0.004, "-3.0 ± 0.4"), (0.0, 0.0, "0 ± 0"), (-0.00001, 0.004, "0.0 ± 0.4")],
)
def test_a_difference_shows_its_sign_unless_it_rounds_to_zero(value: float, half_width: float, text: str) -> None:
    """More is +, less is -, and nothing is neither: no -0.0."""
    assert figure(value, half_width, Form.POINTS, signed=True) == text


def test_negative_times_keep_their_sign_before_the_minutes() -> None:
    """Sixteen seconds less is -0:16."""
    assert figure(-16.2, 3.0, Form.CLOCK, signed=True) == "-0:16 ± 0:03"
    assert figure(-0.2, 3.0, Form.CLOCK, signed=True) == "0:00 ± 0:03"


def test_one_value_of_an_hour_gives_the_whole_column_hours() -> None:
    """A column has one form, so that its cells can be compared by eye."""
    assert form_of("s", [12.0, None, 3599.0]) is Form.CLOCK
    assert form_of("s", [12.0, None, 3600.0]) is Form.LONG_CLOCK
    assert form_of("1", [0.5]) is Form.PER_CENT
    assert form_of("1", [0.5], difference=True) is Form.POINTS
    assert form_of("count", [3.0]) is Form.COUNT
    assert form_of("erlang", [3.0]) is Form.NUMBER


def test_a_prediction_has_the_decimals_of_the_estimate_beside_it() -> None:
    """The half width decides, and is not shown."""
    assert rounded(0.3657, 0.0091, Form.PER_CENT) == "36.6"


def test_decimals_are_bounded() -> None:
    """A half width of nearly nothing does not fill the page."""
    assert decimals(1.0, 1e-9) == 4
    assert decimals(1e6, 1e5) == 0

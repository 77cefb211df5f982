"""One figure as text: as many digits as its interval supports, in the form that planners read.

Shares become per cent, waits become ``m:ss`` or ``h:mm:ss``, long times become hours. The unit
stands in the column's header, so that a cell holds digits only: ``37.2 ± 0.9``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum

__all__ = ["NOTHING", "Form", "decimals", "figure", "form_of", "rounded"]

NOTHING = "–"
"""Stands in a cell that has no value (nobody was offered, so nobody was answered)."""
_HOUR = 3600.0
_TWO_DIGITS_BELOW = 2.0


class Form(Enum):
    """How a column writes its figures; the value is the unit that its header names."""

    PER_CENT = "%"
    POINTS = "points"
    CLOCK = "m:ss"
    LONG_CLOCK = "h:mm:ss"
    HOURS = "hours"
    COUNT = "count"
    NUMBER = ""


_SCALES = {Form.PER_CENT: 100.0, Form.POINTS: 100.0, Form.HOURS: 1 / _HOUR}


def form_of(unit: str, values: Iterable[float | None], difference: bool = False) -> Form:
    """Return the form in which a column with this unit and these values is read most easily.

    Parameters
    ----------
    unit : str
        Unit of the rows: ``s``, ``count``, or ``1`` for a share.
    values : iterable of float or None
        The values of the column, in that unit.
    difference : bool
        The values are differences of two figures: differences of shares are points.

    Returns
    -------
    Form
        One form for the whole column, so that its cells can be compared by eye.

    Examples
    --------
    >>> form_of("s", [12.0, 4000.0])
    <Form.LONG_CLOCK: 'h:mm:ss'>
    """
    if unit == "1":
        return Form.POINTS if difference else Form.PER_CENT
    if unit == "s":
        longest = max((abs(value) for value in values if value is not None), default=0.0)
        return Form.LONG_CLOCK if longest >= _HOUR else Form.CLOCK
    return Form.COUNT if unit == "count" else Form.NUMBER


def figure(value: float | None, half_width: float | None, form: Form, signed: bool = False) -> str:
    """Return ``value ± half width`` with as many decimals as the half width supports.

    Parameters
    ----------
    value : float or None
        The estimate in the row's unit (shares in 0 to 1, times in seconds); None gives a dash.
    half_width : float or None
        Half width of its interval; None: there is none, and three significant digits are shown.
    form : Form
        How to write it.
    signed : bool
        Write a plus sign before positive values (differences).

    Examples
    --------
    >>> figure(0.37214, 0.0091, Form.PER_CENT)
    '37.2 ± 0.9'
    >>> figure(125.4, 4.2, Form.CLOCK)
    '2:05 ± 0:04'
    """
    if value is None:
        return NOTHING
    text = rounded(value, half_width, form)
    if signed and not text.startswith("-") and text.strip("0:.,"):
        text = "+" + text
    if half_width is None:
        return text
    scale = _SCALES.get(form, 1.0)
    places = _places(value * scale, half_width * scale, form)
    # Nobody reads 3:23 as hours beside 1:31:44, and columns of hours are wide enough.
    short = Form.CLOCK if form is Form.LONG_CLOCK and half_width < _HOUR else form
    return f"{text} ± {_digits(half_width * scale, places, short)}"


def rounded(value: float | None, half_width: float | None, form: Form) -> str:
    """Return the value alone, with the decimals that the half width supports: a prediction beside an estimate.

    Examples
    --------
    >>> rounded(0.3657, 0.0091, Form.PER_CENT)
    '36.6'
    """
    if value is None:
        return NOTHING
    scale = _SCALES.get(form, 1.0)
    places = _places(value * scale, None if half_width is None else half_width * scale, form)
    return _digits(value * scale, places, form)


def _places(value: float, half_width: float | None, form: Form) -> int:
    if form is Form.COUNT and half_width is None and value == int(value):
        return 0
    return decimals(value, half_width, {Form.CLOCK: 2, Form.LONG_CLOCK: 0}.get(form, 4))


def decimals(value: float, half_width: float | None, at_most: int = 4) -> int:
    """Return the decimals to show: the half width keeps one significant digit, two if it begins with 1.

    Without a half width the value keeps three significant digits; a half width of zero (the same in
    every replication) keeps the value's own decimals, two at the most.
    """
    if half_width is None:
        return _clip(2 - _magnitude(value), at_most)
    if half_width == 0.0:
        return next((places for places in (0, 1) if round(value, places) == value), 2)
    magnitude = _magnitude(half_width)
    first = half_width / 10.0**magnitude
    return _clip(-magnitude + (1 if first < _TWO_DIGITS_BELOW else 0), at_most)


def _clip(places: int, at_most: int) -> int:
    return max(0, min(places, at_most))


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def _digits(value: float, places: int, form: Form) -> str:
    if form in {Form.CLOCK, Form.LONG_CLOCK}:
        return _clock(value, places, form is Form.LONG_CLOCK)
    text = f"{value:,.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def _clock(seconds: float, places: int, with_hours: bool) -> str:
    # Rounded once, as an integer of the last shown digit: 119.96 becomes 2:00.0, never 1:60.0.
    unit = 10**places
    total = round(abs(seconds) * unit)
    whole, fraction = divmod(total, unit)
    minutes, second = divmod(whole, 60)
    tail = f"{second:02d}" + (f".{fraction:0{places}d}" if places else "")
    sign = "-" if seconds < 0 and total else ""
    if with_hours:
        hours, minutes = divmod(minutes, 60)
        return f"{sign}{hours}:{minutes:02d}:{tail}"
    return f"{sign}{minutes}:{tail}"

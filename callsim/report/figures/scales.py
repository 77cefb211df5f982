"""In which unit the values of a figure are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callsim.report.numbers import Form, form_of

__all__ = ["Scale", "scale_of"]

_MINUTE, _HOUR = 60.0, 3600.0
_SECONDS_BELOW = 180.0
_MINUTES_BELOW = 3 * _HOUR


@dataclass(frozen=True)
class Scale:
    """The unit of an axis."""

    unit: str
    """Written on the axis: ``%``, ``points``, ``s``, ``min``, ``h``, or a word such as ``calls``."""
    per: float
    """A value in the row's unit times this is a value on the axis."""
    form: Form
    """How a figure beside the axis is written."""


def scale_of(unit: str, values: Iterable[float | None], difference: bool = False, counted: str = "calls") -> Scale:
    """Return the unit in which values are drawn.

    Parameters
    ----------
    unit : str
        Of the rows: ``s``, ``count``, or ``1`` for a share.
    values : iterable of float or None
        Everything that is drawn on the axis, in that unit.
    difference : bool
        The values are differences: those of shares are points.
    counted : str
        What a count counts.

    Examples
    --------
    >>> scale_of("s", [30.0, 600.0]).unit
    'min'
    """
    known = [value for value in values if value is not None]
    form = form_of(unit, known, difference)
    if unit == "1":
        return Scale("percentage points" if difference else "%", 100.0, form)
    if unit != "s":
        return Scale(counted, 1.0, form)
    longest = max((abs(value) for value in known), default=0.0)
    if longest < _SECONDS_BELOW:
        return Scale("s", 1.0, form)
    if longest < _MINUTES_BELOW:
        return Scale("min", 1 / _MINUTE, form)
    return Scale("h", 1 / _HOUR, form)

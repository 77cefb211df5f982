"""Figures: each is values first, prepared by a pure function, then a drawing that does no arithmetic.

For every figure there is ``name(...)``, which returns a matplotlib figure, ``name_data(...)``, which returns
what is drawn as numbers and texts, and ``draw_name(data, size)``. Sizes are ``phone``, ``page`` (A4) and ``wide``.
matplotlib is imported when something is drawn.
"""

from callsim.report.figures.differences import (
    Differences,
    draw_variant_differences,
    variant_differences,
    variant_differences_data,
)
from callsim.report.figures.hold_by_hour import HoldByHour, draw_hold_by_hour, hold_by_hour, hold_by_hour_data
from callsim.report.figures.style import Size, alt_text, to_svg

__all__ = [
    "Differences",
    "HoldByHour",
    "Size",
    "alt_text",
    "draw_hold_by_hour",
    "draw_variant_differences",
    "hold_by_hour",
    "hold_by_hour_data",
    "to_svg",
    "variant_differences",
    "variant_differences_data",
]

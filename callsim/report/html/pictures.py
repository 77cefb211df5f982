"""The figures of the page: those of the library, as inline SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.report.html.value import Picture

if TYPE_CHECKING:
    from callsim.report.result import Result

__all__ = ["pictures"]


def pictures(result: Result) -> tuple[Picture, ...]:
    """Return the figures that this result has something to say in.

    Parameters
    ----------
    result : Result
        Of a run or a comparison.
    """
    return ()

"""All figures that a result can be drawn as, and their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.report.figures.agents_by_state import agents_by_state
from callsim.report.figures.calls_by_interval import calls_by_interval
from callsim.report.figures.calls_per_case import calls_per_case
from callsim.report.figures.cases_by_age import cases_by_age
from callsim.report.figures.differences import variant_differences
from callsim.report.figures.hold_by_hour import hold_by_hour
from callsim.report.figures.hold_distribution import hold_distribution
from callsim.report.figures.queue_length import queue_length
from callsim.report.figures.shift_plan import shift_plan
from callsim.report.figures.staffing_curve import staffing_curve
from callsim.report.figures.style import Size, to_svg
from callsim.report.output import check_folder, write_all
from callsim.report.result import Comparison, Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KINDS", "check_kind", "every_figure", "figure_bytes", "write_figures"]

KINDS = ("svg", "png", "pdf")
"""Kinds of files."""
_DOTS_PER_INCH = 200
_COMPARED = ("mean_wait", "abandonment_ratio", "service_level")


def every_figure(result: Result, size: Size = "page") -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) of every figure that a result can be drawn as.

    Parameters
    ----------
    result : Result or Comparison
        Figures by interval and by hour of the week need rows by them. Of a comparison, the base is drawn, then
        the differences to it and, if at least three variants differ in their agents, the staffing curve.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.
    """
    findings = result.findings
    draws: dict[str, Callable[[], Figure]] = {}
    if isinstance(result, Comparison):
        for name in _COMPARED:
            draws[f"difference_{name}"] = partial(variant_differences, result, name, size=size)
        draws["staffing_curve"] = partial(staffing_curve, result, size=size)
    of_calls = (hold_by_hour, hold_distribution, calls_by_interval, queue_length, agents_by_state)
    for draw in (*of_calls, cases_by_age, calls_per_case):
        draws[draw.__name__] = partial(draw, result, size=size)
    draws["shift_plan"] = partial(shift_plan, findings.replicated.plans[findings.base], size=size)
    for name, make in draws.items():
        try:
            yield name, make()
        except CallsimError:
            continue  # there is nothing to draw: no such rows, no calls, no variants


def write_figures(result: Result, folder: Path | str, size: Size = "page", kind: str = "svg") -> tuple[Path, ...]:
    """Write every figure of a result to a folder, all or none.

    Parameters
    ----------
    result : Result or Comparison
    folder : path
        Exists.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.
    kind : str
        One of `KINDS`.

    Returns
    -------
    tuple of Path
        The files, named after the figures: ``hold_by_hour.svg``.

    Raises
    ------
    CallsimError
        If the kind is unknown.
    OutputError
        If the folder does not exist or a file cannot be written.
    """
    check_kind(kind)
    check_folder(Path(folder))
    contents = {
        Path(folder) / f"{name}.{kind}": figure_bytes(figure, name, kind) for name, figure in every_figure(result, size)
    }
    write_all(contents)
    return tuple(contents)


def check_kind(kind: str) -> None:
    """Check that files of this kind can be written.

    Raises
    ------
    CallsimError
        If it is none of `KINDS`.
    """
    if kind not in KINDS:
        raise CallsimError(f"kind: found {kind!r}; must be one of {', '.join(KINDS)}")


def figure_bytes(figure: Figure, name: str, kind: str) -> bytes:
    """Return what a file of this kind holds; ``name`` makes the ids of an SVG its own."""
    if kind == "svg":
        return to_svg(figure, name).encode()
    buffer = BytesIO()
    metadata = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata)
    return buffer.getvalue()

"""When do callers hold? The mean wait by hour of the week, as a map of 7 days and 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from callsim.report.figures.scales import scale_of
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import GRID, INK, SOFT, Size, new_figure, styled
from callsim.report.numbers import figure as figure_text
from callsim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["HoldByHour", "draw_hold_by_hour", "hold_by_hour", "hold_by_hour_data"]

Float = npt.NDArray[np.float64]
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TITLE = "When callers hold: mean wait by hour of the week"
_VAGUE_TEXT = "half width above half the mean"
_VAGUE = 0.5
"""A cell is marked if its half width is more than this share of its value."""


@dataclass(frozen=True)
class HoldByHour:
    """The map as values."""

    wait: Float
    """[day, hour] Mean wait of answered and abandoned calls; NaN: nobody. In ``unit``."""
    vague: npt.NDArray[np.bool_]
    """[day, hour] The half width is more than half of the value, or there is none."""
    days: tuple[str, ...]
    hours: tuple[str, ...]
    unit: str
    text: str
    """Of what, from how many replications."""
    alt: str
    """The figure in words."""


def hold_by_hour_data(result: Result, variant: str = "", queue: str = "") -> HoldByHour:
    """Return the mean wait by hour of the week; see `hold_by_hour`."""
    subject = subject_of(result, variant, queue)
    subject.need("hour_of_week", "hold_by_hour")
    rows = [subject.row("mean_wait", hour_of_week=hour) for hour in range(168)]
    scale = scale_of("s", (row.value for row in rows if row is not None))
    wait = np.full(168, np.nan)
    vague = np.zeros(168, np.bool_)
    for hour, row in enumerate(rows):
        if row is not None and row.value is not None:
            wait[hour] = row.value * scale.per
            vague[hour] = row.half_width is None or row.half_width > _VAGUE * row.value
    worst = max((row for row in rows if row is not None), key=lambda row: row.value or 0.0, default=None)
    calendar = bool(subject.plan.clock.start)
    days = _DAYS if calendar else tuple(f"day {day}" for day in range(1, 8))
    said = ""
    if worst is not None and worst.value:
        day, hour = divmod(int(worst.scope["hour_of_week"]), 24)
        form = scale_of("s", [worst.value]).form
        said = (
            f" The longest: {days[day]} {hour:02d}:00, {figure_text(worst.value, worst.half_width, form)} {form.value}."
        )
    present = np.array([row is not None for row in rows]).reshape(7, 24)
    some_days, some_hours = np.flatnonzero(present.any(1)), np.flatnonzero(present.any(0))
    if len(some_hours):
        some_hours = np.arange(some_hours[0], some_hours[-1] + 1)
    cut = np.ix_(some_days, some_hours)
    return HoldByHour(
        wait=wait.reshape(7, 24)[cut],
        vague=vague.reshape(7, 24)[cut],
        days=tuple(days[day] for day in some_days),
        hours=tuple(f"{hour:02d}" for hour in some_hours),
        unit=scale.unit,
        text=subject.text,
        alt=f"{_TITLE}. {subject.text}.{said}",
    )


def hold_by_hour(result: Result, variant: str = "", queue: str = "", size: Size = "page") -> Figure:
    """Draw the mean wait by hour of the week as a heat map; dark is long.

    Parameters
    ----------
    result : Result
        With rows by hour of the week: ``callsim.run(..., by=["hour_of_week"])``.
    variant : str
        The base if empty.
    queue : str
        The whole centre if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        Hours in which no call reached a queue are crossed out; a dot marks hours whose mean is not known well.

    Raises
    ------
    CallsimError
        If the rows are missing, or there is no such variant or queue.
    """
    return draw_hold_by_hour(hold_by_hour_data(result, variant, queue), size)


@styled
def draw_hold_by_hour(data: HoldByHour, size: Size = "page") -> Figure:
    """Draw the values of `hold_by_hour_data`; on a phone the days stand side by side."""
    upright = size == "phone"
    across, down = (data.days, data.hours) if upright else (data.hours, data.days)
    wait, vague = (data.wait.T, data.vague.T) if upright else (data.wait, data.vague)
    figure = new_figure(size, {"phone": 5.6, "page": 3.2, "wide": 3.6}[size], _TITLE, data.text, data.alt)
    axes = figure.subplots()
    image = axes.pcolormesh(np.ma.masked_invalid(wait), cmap="cividis_r", vmin=0.0, edgecolor="white", linewidth=0.6)
    axes.set_facecolor("white")
    _name_cells(axes, across, down, "day of the week" if upright else "hour of the day, from [h]")
    axes.set_ylabel("hour of the day, from [h]" if upright else "")
    kinds: tuple[tuple[npt.NDArray[np.bool_], str, dict[str, Any]], ...] = (
        (np.isnan(wait), "no call reached a queue", {"marker": "x", "s": 14, "color": GRID}),
        (vague, _VAGUE_TEXT, {"s": 9, "color": "white", "edgecolor": INK, "linewidth": 0.6}),
    )
    marks = []
    for where, words, look in kinds:
        rows, columns = np.nonzero(where)
        if len(rows):
            marks.append(axes.scatter(columns + 0.5, rows + 0.5, label=words, **look))
    bar = figure.colorbar(image, ax=axes, orientation="horizontal" if upright else "vertical", pad=0.02, aspect=24)
    bar.set_label(f"mean wait [{data.unit}]")
    bar.outline.set_visible(False)
    if marks:
        figure.legend(handles=marks, loc="outside lower left", ncols=1 if upright else 2, labelcolor=SOFT)
    return figure


def _name_cells(axes: Axes, across: tuple[str, ...], down: tuple[str, ...], label: str) -> None:
    axes.set_xticks(np.arange(len(across)) + 0.5, across)
    axes.set_yticks(np.arange(len(down)) + 0.5, down)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(label)

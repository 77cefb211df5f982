"""What does one agent more buy? Service level and abandonment against the agents there, with the knee."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.plan.plan import SECOND
from callsim.report.figures.selection import Subject, subject_of
from callsim.report.figures.staff import groups_of
from callsim.report.figures.style import DARK, INK, MIDDLE, PALE, SOFT, Size, bare, new_figure, styled
from callsim.report.result import Comparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["StaffingCurve", "draw_staffing_curve", "knee_of", "staffing_curve", "staffing_curve_data"]

Float = npt.NDArray[np.float64]
_TITLE = "What agents buy: service level and abandonment"
_FEWEST = 3


@dataclass(frozen=True)
class StaffingCurve:
    """One point a variant, in ascending order of the agents."""

    variants: tuple[str, ...]
    agents: Float
    """[variant] Mean number there in the measured time, breaks left out."""
    service_level: Float
    """[variant] [%]"""
    service_level_half: Float
    """[variant] Half width, 0 if there is none. [%]"""
    abandoned: Float
    """[variant] Share of the offered calls. [%]"""
    abandoned_half: Float
    target: float | None
    """Of the service level; None: no target, or several. [%]"""
    knee: int | None
    """The variant from which on further agents buy less; None: the curve has no knee that its intervals support."""
    knee_text: str
    text: str
    alt: str


def knee_of(x: Float, y: Float, half_width: Float) -> int | None:
    """Return the point of a rising curve that lies furthest above the straight line between its ends.

    Parameters
    ----------
    x : float64[point]
        Ascending.
    y : float64[point]
    half_width : float64[point]
        Of y: a point counts only if it lies further above the line than that.

    Returns
    -------
    int or None
        None if fewer than three points, or no point lies clearly above the line.

    Notes
    -----
    The knee of [1]_, without its smoothing: both axes are measured in the range of the curve, so it depends on
    where the sweep begins and ends.

    References
    ----------
    .. [1] V. Satopää, J. Albrecht, D. Irwin and B. Raghavan, "Finding a 'Kneedle' in a Haystack: Detecting Knee
       Points in System Behavior", ICDCS Workshops, 2011.

    Examples
    --------
    >>> knee_of(np.arange(5.0), np.array([0.0, 60.0, 90.0, 95.0, 100.0]), np.zeros(5))
    2
    """
    if len(x) < _FEWEST or x[-1] <= x[0] or y[-1] <= y[0]:
        return None
    line = y[0] + (y[-1] - y[0]) * (x - x[0]) / (x[-1] - x[0])
    above = y - line
    best = int(above.argmax())
    return best if above[best] > half_width[best] else None


def staffing_curve_data(comparison: Comparison, queue: str = "") -> StaffingCurve:
    """Return what `staffing_curve` draws."""
    points = []
    for variant in comparison.variants:
        subject = subject_of(comparison, variant, queue)
        level, abandoned = subject.row("service_level"), subject.row("abandonment_ratio")
        if level is not None and abandoned is not None and level.value is not None and abandoned.value is not None:
            figures = [level.value, level.half_width or 0.0, abandoned.value, abandoned.half_width or 0.0]
            points.append((_agents(subject), variant, [100.0 * value for value in figures]))
    # The base of a sweep is often one of its points: the first of equal points stays.
    points = [point for i, point in enumerate(points) if not any(_same(point, other) for other in points[:i])]
    points.sort(key=lambda point: point[0])
    if len({point[0] for point in points}) < _FEWEST:
        raise CallsimError(
            "staffing_curve: fewer than three numbers of agents to draw; compare variants with different heads, "
            "such as `sweep: {heads: {agents.team.heads: [9, 11, 13]}}`"
        )
    agents, columns = np.array([point[0] for point in points]), np.array([point[2] for point in points]).T
    knee = knee_of(agents, columns[0], columns[1])
    text = "" if knee is None else f"knee: {agents[knee]:.4g} agents"
    subject = subject_of(comparison, "", queue)
    name = " · ".join((comparison.findings.name, *subject.text.split(" · ")[1:]))
    said = f" The {text}." if text else ""
    return StaffingCurve(
        variants=tuple(point[1] for point in points),
        agents=agents,
        service_level=columns[0],
        service_level_half=columns[1],
        abandoned=columns[2],
        abandoned_half=columns[3],
        target=_target(subject),
        knee=knee,
        knee_text=text,
        text=name,
        alt=f"{_TITLE}. {name}. From {agents[0]:.4g} to {agents[-1]:.4g} agents the service level goes from "
        f"{columns[0][0]:.0f} to {columns[0][-1]:.0f} %, abandonment from {columns[2][0]:.0f} to "
        f"{columns[2][-1]:.0f} %.{said}",
    )


_Point = tuple[float, str, list[float]]


def _same(point: _Point, other: _Point) -> bool:
    return point[0] == other[0] and point[2] == other[2]


def _agents(subject: Subject) -> float:
    """Return the mean number of agents there who may answer: their staffed time over the measured time."""
    clock = subject.plan.clock
    rows = [
        subject.result.findings.row("staffed_time", {"agents": group}, subject.variant)
        for group in groups_of(subject.plan, subject.queue)
    ]
    total = sum(row.value or 0.0 for row in rows if row is not None)
    return total / ((clock.window_end - clock.warm_up) / SECOND)


def _target(subject: Subject) -> float | None:
    names = subject.plan.queues.names
    shown = [names.index(subject.queue)] if subject.queue else range(len(names))
    targets = {float(subject.plan.queues.target_share[place]) for place in shown}
    return 100.0 * targets.pop() if len(targets) == 1 and not any(math.isnan(target) for target in targets) else None


def staffing_curve(comparison: Comparison, queue: str = "", size: Size = "page") -> Figure:
    """Draw service level and abandonment of the variants of a sweep against the agents there.

    Parameters
    ----------
    comparison : Comparison
        With at least three variants that differ in their agents.
    queue : str
        The whole centre if empty; the agents are then those who may answer the queue.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        The knee is the point furthest above the line between the ends of the service-level curve: it depends
        on the range of the sweep, and it is marked only if the intervals support it.

    Raises
    ------
    CallsimError
        If there are fewer than three different numbers of agents, or there is no such queue.
    """
    return draw_staffing_curve(staffing_curve_data(comparison, queue), size)


@styled
def draw_staffing_curve(data: StaffingCurve, size: Size = "page") -> Figure:
    """Draw the values of `staffing_curve_data`."""
    figure = new_figure(size, 4.2 if size == "phone" else 3.8, _TITLE, data.text, data.alt)
    axes = figure.subplots()
    if data.target is not None:
        axes.axhspan(data.target, 100.0, color=PALE, label=f"target: {data.target:g} % or more")
        axes.axhline(data.target, color=SOFT, linewidth=0.9, linestyle=":")
    axes.errorbar(
        data.agents, data.service_level, yerr=data.service_level_half, color=DARK, marker="o", markersize=4.5,
        linewidth=1.5, capsize=2.5, label="service level",
    )  # fmt: skip
    axes.errorbar(
        data.agents, data.abandoned, yerr=data.abandoned_half, color=MIDDLE, marker="s", markersize=4.5,
        markerfacecolor="white", linewidth=1.5, linestyle=(0, (4, 2)), capsize=2.5, label="abandoned",
    )  # fmt: skip
    if data.knee is not None:
        _mark_knee(axes, data, data.knee)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel("agents there, mean over the measured time")
    axes.set_ylabel("share of calls [%]")
    axes.set_ylim(0.0, 102.0)
    bare(axes)
    figure.legend(loc="outside lower left", ncols=2 if size == "phone" else 4)
    return figure


def _mark_knee(axes: Axes, data: StaffingCurve, knee: int) -> None:
    place = (data.agents[knee], data.service_level[knee])
    look: dict[str, Any] = {"markersize": 12, "markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 1.3}
    axes.plot(*place, "o", linestyle="none", label=data.knee_text, **look)

"""How the queue grows and shrinks: the mean number waiting over time, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.measures.sums import Cells
from callsim.plan.plan import Plan
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import DARK, LIGHT, MIDDLE, Size, bare, new_figure, styled
from callsim.report.figures.time_axis import TimeAxis, show_time, time_axis
from callsim.report.result import Result
from callsim.runlog import RunLog
from callsim.stats import mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["QueueLength", "draw_queue_length", "queue_length", "queue_length_data"]

Float = npt.NDArray[np.float64]
_TITLE = "Callers waiting"
_FINEST = 96
"""Points of a path at the least: reporting intervals are cut into equal parts until there are so many."""


@dataclass(frozen=True)
class QueueLength:
    """The path of the queue length."""

    axis: TimeAxis
    edges: Float
    """[part + 1] The path is constant between two edges. [h]"""
    mean: Float
    """[part] Callers waiting, averaged over the part and over the replications."""
    low: Float
    """[part] Lower end of the interval of this mean; NaN: one replication."""
    high: Float
    """[part] Upper end."""
    one: Float
    """[part] The first replication alone: what a day looks like; empty without logs."""
    text: str
    alt: str


def queue_length_data(result: Result, variant: str = "", queue: str = "") -> QueueLength:
    """Return what `queue_length` draws."""
    subject = subject_of(result, variant, queue)
    logs = result.logs.get(subject.variant, ())
    if logs:
        edges, paths = _paths(subject.plan, logs, queue)
        estimates = [mean(column, result.findings.level) for column in paths.T]
        one = paths[0]
    else:
        subject.need("interval", "queue_length: no logs were kept (keep_logs=True), and")
        edges, one = subject.plan.clock.interval_edges, np.zeros(0)
        rows = [subject.row("mean_queue", interval=label) for label in subject.plan.clock.interval_labels]
        estimates = [row for row in rows if row is not None]  # type: ignore[misc]
    value = np.array([np.nan if found.value is None else found.value for found in estimates])
    half = np.array([np.nan if found.half_width is None else found.half_width for found in estimates])
    most = int(np.nanargmax(value)) if not np.isnan(value).all() else 0
    axis = time_axis(subject.plan.clock)
    hours = (edges - edges[0]) / 3.6e9
    return QueueLength(
        axis=axis,
        edges=hours,
        mean=value,
        low=np.maximum(value - half, 0.0),
        high=value + half,
        one=one,
        text=subject.text,
        alt=f"{_TITLE} over time. {subject.text}. Most on average: {value[most]:.3g}, {hours[most]:.3g} h after the "
        "start of the measured time.",
    )


def _paths(plan: Plan, logs: Sequence[RunLog], queue: str) -> tuple[npt.NDArray[np.int64], Float]:
    """Return the edges of the parts [ticks] and the mean number waiting, float64[replication, part]."""
    coarse = plan.clock.interval_edges
    cuts = -(-_FINEST // (len(coarse) - 1))
    steps = np.arange(cuts) * (np.diff(coarse)[:, np.newaxis] // cuts)
    edges = np.append((coarse[:-1, np.newaxis] + steps).reshape(-1), coarse[-1])
    division = Cells("interval", edges, None, tuple(range(len(edges) - 1)))
    return edges, np.array([_path(plan, log, queue, division) for log in logs])


def _path(plan: Plan, log: RunLog, queue: str, division: Cells) -> Float:
    legs = log.legs
    rows = np.flatnonzero(legs["queue"] == plan.queues.names.index(queue)) if queue else np.arange(len(legs["queue"]))
    left = legs["left"][rows]
    gone = np.where(left < 0, max(log.end, plan.clock.horizon), left)
    waiting = division.time(np.zeros(len(rows), np.int64), legs["entered"][rows], gone, 1)
    path: Float = waiting[0] / np.diff(division.edges)
    return path


def queue_length(result: Result, variant: str = "", queue: str = "", size: Size = "page") -> Figure:
    """Draw the mean number of callers waiting over time with its interval, and one replication beside it.

    Parameters
    ----------
    result : Result
        With logs (``callsim.run(..., keep_logs=True)``) for a fine path; otherwise with rows by interval.
    variant : str
        The base if empty.
    queue : str
        The whole centre if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        The band is the interval of the mean, at each instant for itself; single days vary much more.

    Raises
    ------
    CallsimError
        If the result has neither logs nor rows by interval, or there is no such variant or queue.
    """
    if not result.logs.get(variant or result.findings.base) and "interval" not in result.findings.by:
        raise CallsimError(
            "queue_length: the result has neither logs nor rows by interval; "
            'ask for one: callsim.run(..., keep_logs=True) or callsim.run(..., by=["interval"])'
        )
    return draw_queue_length(queue_length_data(result, variant, queue), size)


@styled
def draw_queue_length(data: QueueLength, size: Size = "page") -> Figure:
    """Draw the values of `queue_length_data`."""
    figure = new_figure(size, 3.6 if size == "phone" else 3.4, _TITLE, data.text, data.alt)
    axes = figure.subplots()
    if not np.isnan(data.high).all():
        axes.stairs(data.high, data.edges, baseline=data.low, color=LIGHT, fill=True, label="interval of the mean")
    if len(data.one):
        axes.stairs(data.one, data.edges, baseline=None, color=MIDDLE, linewidth=0.7, label="one replication")
    axes.stairs(data.mean, data.edges, baseline=None, color=DARK, linewidth=1.5, label="mean")
    axes.set_ylabel("callers waiting")
    axes.set_ylim(bottom=0.0)
    bare(axes)
    show_time(axes, data.axis, size)
    figure.legend(loc="outside lower left", ncols=2 if size == "phone" else 3)
    return figure

"""The day of a centre: calls and what became of them, the agents there and needed, and the service level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.experiments.estimates import Row
from callsim.plan.plan import SECOND
from callsim.report.figures.selection import Subject, subject_of
from callsim.report.figures.staff import groups_of, required, serves_only
from callsim.report.figures.style import DARK, LIGHT, MIDDLE, PALE, SOFT, Size, bare, new_figure, styled
from callsim.report.figures.time_axis import TimeAxis, show_time, time_axis
from callsim.report.numbers import Form
from callsim.report.numbers import figure as figure_text
from callsim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CallsByInterval", "calls_by_interval", "calls_by_interval_data", "draw_calls_by_interval"]

Float = npt.NDArray[np.float64]
_TITLE = "Calls, agents and service level by interval"
_MINUTES = 60.0


@dataclass(frozen=True)
class CallsByInterval:
    """Three panels over the same intervals; NaN where there is no value."""

    axis: TimeAxis
    offered: Float
    """[interval] Calls in the interval, mean over replications."""
    answered: Float
    abandoned: Float
    staffed: Float
    """[interval] Agents there, breaks left out, mean over the interval."""
    required: Float
    """[interval] Agents that the targets take, by Erlang C, queue by queue; NaN: unknown."""
    service_level: Float
    """[interval] [%]"""
    low: Float
    """[interval] Lower end of its interval. [%]"""
    high: Float
    """[interval] Upper end. [%]"""
    target: float | None
    """[%] None: no target, or the queues have different ones."""
    staffed_label: str
    minutes: float
    """Length of an interval. [min]"""
    text: str
    alt: str


def calls_by_interval_data(result: Result, variant: str = "", queue: str = "") -> CallsByInterval:
    """Return what `calls_by_interval` draws."""
    subject = subject_of(result, variant, queue)
    subject.need("interval", "calls_by_interval")
    clock = subject.plan.clock
    lengths = np.diff(clock.interval_edges) / SECOND
    level = [subject.row("service_level", interval=label) for label in clock.interval_labels]
    value = 100.0 * _values(level)
    half = 100.0 * np.array([math.nan if row is None or row.half_width is None else row.half_width for row in level])
    whole = subject.row("service_level")
    said = "" if whole is None else f" Service level {figure_text(whole.value, whole.half_width, Form.PER_CENT)} %."
    shared = "agents there" if serves_only(subject.plan, queue) else "who may answer"
    return CallsByInterval(
        axis=time_axis(clock),
        offered=_measured(subject, "offered"),
        answered=_measured(subject, "answered"),
        abandoned=_measured(subject, "abandoned"),
        staffed=_staffed(subject, lengths),
        required=_required(subject, lengths),
        service_level=value,
        low=np.clip(value - half, 0.0, 100.0),
        high=np.clip(value + half, 0.0, 100.0),
        target=_target(subject),
        staffed_label=shared,
        minutes=float(lengths[0]) / _MINUTES,
        text=subject.text,
        alt=f"{_TITLE}. {subject.text}.{said}",
    )


def _values(rows: Sequence[Row | None]) -> Float:
    return np.array([math.nan if row is None or row.value is None else row.value for row in rows])


def _measured(subject: Subject, name: str) -> Float:
    return _values([subject.row(name, interval=label) for label in subject.plan.clock.interval_labels])


def _staffed(subject: Subject, lengths: Float) -> Float:
    """Return the mean number of agents there: their staffed time over the length of the interval."""
    findings = subject.result.findings
    total = np.zeros(len(lengths))
    for group in groups_of(subject.plan, subject.queue):
        scopes = [{"agents": group, "interval": label} for label in subject.plan.clock.interval_labels]
        total += np.nan_to_num(_values([findings.row("staffed_time", scope, subject.variant) for scope in scopes]))
    found: Float = total / lengths
    return found


def _required(subject: Subject, lengths: Float) -> Float:
    """Return the sum over the queues of what their targets take."""
    findings, plan = subject.result.findings, subject.plan
    total = np.zeros(len(lengths))
    for queue in (subject.queue,) if subject.queue else plan.queues.names:
        usual = _values([findings.row("handle_time", {"queue": queue}, subject.variant)])[0]
        for place, label in enumerate(plan.clock.interval_labels):
            scope = {"queue": queue, "interval": label}
            rows = [findings.row(name, scope, subject.variant) for name in ("offered", "handle_time")]
            calls, handle_time = _values(rows)
            work = usual if math.isnan(handle_time) else handle_time
            total[place] += required(plan, queue, calls, float(np.nan_to_num(work)), float(lengths[place]))
    return total


def _target(subject: Subject) -> float | None:
    """Return the target in per cent, if all queues that are shown share it."""
    names = subject.plan.queues.names
    shown = [names.index(subject.queue)] if subject.queue else range(len(names))
    targets = {float(subject.plan.queues.target_share[place]) for place in shown}
    return 100.0 * targets.pop() if len(targets) == 1 and not any(math.isnan(target) for target in targets) else None


def calls_by_interval(result: Result, variant: str = "", queue: str = "", size: Size = "page") -> Figure:
    """Draw calls offered, answered and abandoned, agents there against needed, and the service level by interval.

    Parameters
    ----------
    result : Result
        With rows by interval: ``callsim.run(..., by=["interval"])``.
    variant : str
        The base if empty.
    queue : str
        The whole centre if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        The agents needed are the smallest number with which Erlang C meets the target of each queue alone,
        given the calls that were offered in the interval (repeated ones too) and their mean handle time.

    Raises
    ------
    CallsimError
        If the rows are missing, or there is no such variant or queue.
    """
    return draw_calls_by_interval(calls_by_interval_data(result, variant, queue), size)


@styled
def draw_calls_by_interval(data: CallsByInterval, size: Size = "page") -> Figure:
    """Draw the values of `calls_by_interval_data`."""
    figure = new_figure(size, 7.4 if size == "phone" else 6.6, _TITLE, data.text, data.alt)
    calls, agents, level = figure.subplots(3, 1, sharex=True, height_ratios=(1.2, 1.0, 1.0))
    _draw_calls(calls, data)
    _draw_agents(agents, data)
    _draw_level(level, data)
    for axes in (calls, agents, level):
        bare(axes)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2 if size == "phone" else 3, borderaxespad=0.1)
    show_time(level, data.axis, size)
    return figure


def _draw_calls(axes: Axes, data: CallsByInterval) -> None:
    edges = data.axis.edges
    axes.stairs(data.offered, edges, color=LIGHT, fill=True, label="offered")
    axes.stairs(data.answered, edges, baseline=None, color=DARK, linewidth=1.5, label="answered")
    axes.stairs(data.abandoned, edges, baseline=None, color=MIDDLE, linewidth=1.5, linestyle=(0, (3, 1)))
    axes.plot([], [], color=MIDDLE, linewidth=1.5, linestyle=(0, (3, 1)), label="abandoned")
    axes.set_ylabel(f"calls in {data.minutes:g} min")
    axes.set_ylim(bottom=0.0)


def _draw_agents(axes: Axes, data: CallsByInterval) -> None:
    edges = data.axis.edges
    axes.stairs(data.staffed, edges, color=LIGHT, fill=True, label=data.staffed_label)
    if not np.isnan(data.required).all():
        axes.stairs(data.required, edges, baseline=None, color=DARK, linewidth=1.5, label="needed (Erlang C)")
    axes.set_ylabel("agents")
    axes.set_ylim(bottom=0.0)


def _draw_level(axes: Axes, data: CallsByInterval) -> None:
    edges = data.axis.edges
    if data.target is not None:
        axes.axhspan(data.target, 100.0, color=PALE, label=f"target: {data.target:g} % or more")
        axes.axhline(data.target, color=SOFT, linewidth=0.9, linestyle=":")
    if not np.isnan(data.low).all():
        axes.stairs(data.high, edges, baseline=data.low, color=LIGHT, fill=True, label="its interval")
    axes.stairs(data.service_level, edges, baseline=None, color=DARK, linewidth=1.5, label="service level")
    axes.set_ylabel("service level [%]")
    axes.set_ylim(0.0, 100.0)

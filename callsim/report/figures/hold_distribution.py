"""How long do callers hold? The distribution of waits, answered and abandoned apart, with the hour marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.measures import UPPER_EDGES, Measures
from callsim.report.figures.selection import Subject, subject_of
from callsim.report.figures.staff import groups_of, serves_only
from callsim.report.figures.style import DARK, INK, MIDDLE, SOFT, Size, bare, new_figure, styled
from callsim.report.numbers import Form
from callsim.report.numbers import figure as figure_text
from callsim.report.result import Result
from callsim.stats import ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["HOUR_AT", "HoldDistribution", "draw_hold_distribution", "hold_distribution", "hold_distribution_data"]

Float = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
_TITLE = "How long callers hold"
_EDGES = np.array([0.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14400.0, np.inf])
"""[class] Upper edge of each class of waits, included; every one is an edge of the bins as well. [s]"""
_NAMES = (
    "at once", "0 – 20 s", "20 s – 1 min", "1 – 2 min", "2 – 5 min", "5 – 10 min", "10 – 20 min", "20 – 30 min",
    "30 min – 1 h", "1 – 2 h", "2 – 4 h", "over 4 h",
)  # fmt: skip
HOUR_AT = 9
"""The first class of waits above an hour."""


@dataclass(frozen=True)
class HoldDistribution:
    """Shares of all visits to queues by class of wait."""

    classes: tuple[str, ...]
    answered: Float
    """[class] Share of the visits that were answered after such a wait. [%]"""
    abandoned: Float
    """[class] Share of the visits that were abandoned after such a wait. [%]"""
    answered_half: Float
    """[class] Half width; 0 if there is none. [%]"""
    abandoned_half: Float
    hour_at: int
    """Number of classes below one hour."""
    hour_text: str
    """Share of the visits that waited more than an hour."""
    text: str
    alt: str


def hold_distribution_data(result: Result, variant: str = "", queue: str = "") -> HoldDistribution:
    """Return what `hold_distribution` draws."""
    subject = subject_of(result, variant, queue)
    if not serves_only(subject.plan, queue):
        raise CallsimError(
            f"hold_distribution: the agents of {queue!r} answer other queues too, so that its answered and abandoned "
            "waits are not kept apart; leave the queue out to see the whole centre"
        )
    pairs = [_counts(subject, measures) for measures in result.measures[subject.variant]]
    answered, waited = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    if not waited.any():
        raise CallsimError("hold_distribution: nobody was answered or hung up, so there are no waits to draw")
    level = result.findings.level
    kinds = (answered, waited - answered)
    shares = [_shares(kind, waited, level) for kind in kinds]
    held = ratio(waited[:, HOUR_AT:].sum(1), waited.sum(1), level)
    hour_text = f"{figure_text(held.value, held.half_width, Form.PER_CENT)} % more than an hour"
    last = max(HOUR_AT, int(np.flatnonzero(waited.any(0))[-1])) + 1
    return HoldDistribution(
        classes=_NAMES[:last],
        answered=shares[0][0][:last],
        abandoned=shares[1][0][:last],
        answered_half=shares[0][1][:last],
        abandoned_half=shares[1][1][:last],
        hour_at=HOUR_AT,
        hour_text=hour_text,
        text=subject.text,
        alt=f"{_TITLE}: {hour_text}. Share of all visits to queues by wait. {subject.text}.",
    )


def _counts(subject: Subject, measures: Measures) -> tuple[Int64, Int64]:
    """Return (answered, answered or abandoned) of one replication, int64[class] each."""
    queues = (subject.queue,) if subject.queue else subject.plan.queues.names
    groups = groups_of(subject.plan, subject.queue)
    return _classes(measures, "agents", groups), _classes(measures, "queue", queues)


def _classes(measures: Measures, scope: str, names: Sequence[str]) -> Int64:
    """Return the waits of some members of a kind of scope by class."""
    counts = np.zeros(len(_NAMES), np.int64)
    for name in names:
        bins, found = measures.parts[scope].waits.of(measures.members[scope].index(name), 0)
        np.add.at(counts, np.searchsorted(_EDGES, UPPER_EDGES[bins]), found)
    return counts


def _shares(counts: Int64, waited: Int64, level: float) -> tuple[Float, Float]:
    """Return (share, half width) by class of the visits of all replications. [%]"""
    estimates = [ratio(column, waited.sum(1), level) for column in counts.T]
    shares = [estimate.value or 0.0 for estimate in estimates]
    return 100.0 * np.array(shares), 100.0 * np.array([estimate.half_width or 0.0 for estimate in estimates])


def hold_distribution(result: Result, variant: str = "", queue: str = "", size: Size = "page") -> Figure:
    """Draw which share of the visits to queues ended after which wait, answered and abandoned apart.

    Parameters
    ----------
    result : Result
        From `callsim.run` or `callsim.compare`.
    variant : str
        The base if empty.
    queue : str
        The whole centre if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        All bars together are 100 %; whiskers are the intervals.

    Raises
    ------
    CallsimError
        If there is no such variant or queue, or the agents of the queue answer others as well: the histograms
        of waits are kept by queue and by group of agents, not by both.
    """
    return draw_hold_distribution(hold_distribution_data(result, variant, queue), size)


@styled
def draw_hold_distribution(data: HoldDistribution, size: Size = "page") -> Figure:
    """Draw the values of `hold_distribution_data`."""
    figure = new_figure(size, 4.9 if size == "phone" else 4.4, f"{_TITLE}: {data.hour_text}", data.text, data.alt)
    axes = figure.subplots()
    _bars(axes, data.answered, data.answered_half, -0.2, {"color": DARK, "label": "answered"})
    look = {"facecolor": "white", "edgecolor": MIDDLE, "hatch": "/////", "label": "abandoned"}
    _bars(axes, data.abandoned, data.abandoned_half, 0.2, look)
    axes.set_yticks(range(len(data.classes)), data.classes)
    axes.set_ylim(len(data.classes) - 0.4, -0.6)
    axes.axhline(data.hour_at - 0.5, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    axes.text(
        1.01, data.hour_at - 0.5, "1 h", transform=axes.get_yaxis_transform(), va="center", color=INK, fontweight="bold"
    )
    axes.set_xlabel("share of all visits to queues [%]")
    axes.set_xlim(left=0.0)
    axes.set_ylabel("wait")
    bare(axes, "x")
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside lower left", ncols=2, labelcolor=SOFT)
    return figure


def _bars(axes: Axes, share: Float, half: Float, offset: float, look: dict[str, str]) -> None:
    whiskers = {"ecolor": "#7d7d7d", "elinewidth": 1.1, "capsize": 2.0}
    places = np.arange(len(share)) + offset
    axes.barh(places, share, height=0.38, xerr=half if half.any() else None, error_kw=whiskers, **look)  # type: ignore[arg-type]

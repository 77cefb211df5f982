"""What the paid time of agents goes into: calls, waiting for calls, breaks, absence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from callsim.errors import CallsimError
from callsim.report.figures.selection import subject_of
from callsim.report.figures.style import DARK, INK, LIGHT, MIDDLE, SOFT, Size, bare, new_figure, styled
from callsim.report.numbers import Form, rounded
from callsim.report.result import Result
from callsim.stats import Estimate, ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["STATES", "AgentsByState", "agents_by_state", "agents_by_state_data", "draw_agents_by_state"]

Float = npt.NDArray[np.float64]
_TITLE = "What the paid time of agents goes into"
STATES = ("busy", "idle", "break", "absent")
"""Together they are the paid time: signed on, overrun, and planned shifts that nobody came to."""
_WORDS = {
    "busy": "talk and after-call work", "idle": "waiting for a call", "break": "break", "absent": "did not come",
}  # fmt: skip
_FINEST = 0.002
"""Half width below which more digits would only be noise to a reader."""
_ROOM_FOR_TEXT: dict[str, float] = {"phone": 14.0, "page": 8.0, "wide": 5.0}
"""[%] The narrowest segment that has room for its figure."""


@dataclass(frozen=True)
class AgentsByState:
    """Shares of the paid time by group and state."""

    groups: tuple[str, ...]
    """With the paid hours."""
    states: tuple[str, ...]
    """Those that occur."""
    share: Float
    """[state, group] [%]"""
    left: Float
    """[state, group] Where the segment begins. [%]"""
    middle: Float
    """[state, group] Where its figure stands. [%]"""
    cells: tuple[tuple[str, ...], ...]
    """[state, group] The share as text, with the digits that its interval supports."""
    text: str
    alt: str


def agents_by_state_data(result: Result, variant: str = "") -> AgentsByState:
    """Return what `agents_by_state` draws."""
    subject = subject_of(result, variant)
    measures = result.measures[subject.variant]
    parts = [each.parts["agents"] for each in measures]
    paid = np.array([part.sum_of("paid_time")[:, 0] for part in parts])
    groups = [place for place in range(subject.plan.n_groups) if paid[:, place].any()]
    if not groups:
        raise CallsimError("agents_by_state: no agent was paid in the measured time, so there is nothing to draw")
    found = {
        state: [
            ratio(np.array([part.sum_of(f"{state}_time")[place, 0] for part in parts]), paid[:, place])
            for place in groups
        ]
        for state in STATES
    }
    states = tuple(state for state in STATES if any(estimate.value for estimate in found[state]))
    share = np.array([[100.0 * (estimate.value or 0.0) for estimate in found[state]] for state in states])
    cells = tuple(tuple(_cell(estimate) for estimate in found[state]) for state in states)
    names = [subject.plan.agents.groups[place] for place in groups]
    said = "; ".join(
        f"{name}: " + ", ".join(f"{_WORDS[state]} {cells[i][j]} %" for i, state in enumerate(states))
        for j, name in enumerate(names)
    )
    left = np.cumsum(share, axis=0) - share
    return AgentsByState(
        groups=tuple(f"{name}\n{_hours(paid[:, place])} h paid" for name, place in zip(names, groups, strict=True)),
        states=tuple(_WORDS[state] for state in states),
        share=share,
        left=left,
        middle=left + share / 2,
        cells=cells,
        text=subject.text,
        alt=f"{_TITLE}. {subject.text}. {said}.",
    )


def _cell(estimate: Estimate) -> str:
    """Return a share in per cent, with the digits that its interval supports, one decimal at the most."""
    half_width = None if estimate.half_width is None else max(estimate.half_width, _FINEST)
    return rounded(estimate.value, half_width, Form.PER_CENT)


def _hours(paid: npt.NDArray[np.int64]) -> str:
    return f"{float(paid.mean()) / 3.6e9:,.0f}"


def agents_by_state(result: Result, variant: str = "", size: Size = "page") -> Figure:
    """Draw how the paid time of each group of agents divides into calls, waiting, breaks and absence.

    Parameters
    ----------
    result : Result
        From `callsim.run` or `callsim.compare`.
    variant : str
        The base if empty.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        One bar a group, its parts together 100 % of its paid time.

    Raises
    ------
    CallsimError
        If there is no such variant, or nobody was paid.
    """
    return draw_agents_by_state(agents_by_state_data(result, variant), size)


@styled
def draw_agents_by_state(data: AgentsByState, size: Size = "page") -> Figure:
    """Draw the values of `agents_by_state_data`."""
    looks = {
        _WORDS["busy"]: {"facecolor": DARK},
        _WORDS["idle"]: {"facecolor": LIGHT},
        _WORDS["break"]: {"facecolor": "white", "hatch": ".."},  # each dot is a path of its own in an SVG
        _WORDS["absent"]: {"facecolor": "white", "hatch": "/////"},
    }
    figure = new_figure(size, (1.9 if size == "phone" else 1.5) + 0.55 * len(data.groups), _TITLE, data.text, data.alt)
    axes = figure.subplots()
    rows = range(len(data.groups))
    for state, share, left, middle, cells in zip(
        data.states, data.share, data.left, data.middle, data.cells, strict=True
    ):
        edge = MIDDLE if "hatch" in looks[state] else "white"
        axes.barh(rows, share, left=left, height=0.62, label=state, edgecolor=edge, linewidth=0.8, **looks[state])  # type: ignore[arg-type]
        for row in rows:
            if share[row] >= _ROOM_FOR_TEXT[size]:
                ink = "white" if state == _WORDS["busy"] else INK
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0} if "hatch" in looks[state] else None
                axes.text(middle[row], row, cells[row], color=ink, ha="center", va="center", bbox=box)
    axes.set_yticks(rows, data.groups)
    axes.invert_yaxis()
    axes.set_xlim(0.0, 100.0)
    axes.set_xlabel("share of paid time [%]")
    bare(axes, "x")
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside lower left", ncols=2 if size == "phone" else 4, labelcolor=SOFT)
    return figure

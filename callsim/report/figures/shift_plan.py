"""The shift plan: how many agents of each group are planned in each interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from callsim.codes import StaffingKind
from callsim.measures.sums import cells
from callsim.plan.plan import Plan
from callsim.report.figures.style import DARK, INK, LIGHT, MIDDLE, SOFT, Size, bare, new_figure, styled
from callsim.report.figures.time_axis import TimeAxis, show_time, time_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ShiftPlan", "draw_shift_plan", "shift_plan", "shift_plan_data"]

Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]
_TITLE = "Agents planned by interval"


@dataclass(frozen=True)
class ShiftPlan:
    """The planned heads of each group."""

    axis: TimeAxis
    groups: tuple[str, ...]
    heads: Float
    """[group, interval] Mean number planned to be there, breaks left out."""
    top: Float
    """[group, interval] The heads of this group and of those before it: the upper edge of its bar."""
    text: str
    alt: str


def shift_plan_data(plan: Plan) -> ShiftPlan:
    """Return what `shift_plan` draws: planned time by group and interval over the interval's length."""
    clock = plan.clock
    division = cells(clock, "interval")
    group, start, end = _presence(plan)
    pause_group, pause_start, pause_end = _breaks(plan)
    planned = division.time(group, start, end, plan.n_groups)
    planned = planned - division.time(pause_group, pause_start, pause_end, plan.n_groups)
    heads = planned / division.lengths()
    total = heads.sum(0)
    most = int(total.argmax())
    return ShiftPlan(
        axis=time_axis(clock),
        groups=plan.agents.groups,
        heads=heads,
        top=np.cumsum(heads, axis=0),
        text=f"{plan.name} · breaks left out, before no-shows and overrun",
        alt=f"{_TITLE} of {plan.name}. At most {total[most]:.3g}, in the interval from {clock.interval_labels[most]}.",
    )


def _presence(plan: Plan) -> tuple[Int64, Int64, Int64]:
    """Return (group, start, end) of every planned presence: one row a duty, and one a head and step. [ticks]"""
    agents, horizon = plan.agents, plan.clock.horizon
    group = agents.group[agents.duty_agent].astype(np.int64)
    parts = [(group, agents.duty_start, agents.duty_end)]
    for place in np.flatnonzero(agents.kind == StaffingKind.HEADS):
        rows = np.flatnonzero(agents.heads_group == place)
        starts = agents.heads_time[rows]
        ends = np.append(starts[1:], horizon)
        heads = agents.heads_count[rows]
        parts.append((np.full(int(heads.sum()), place, np.int64), np.repeat(starts, heads), np.repeat(ends, heads)))
    group, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    return group, start, end


def _breaks(plan: Plan) -> tuple[Int64, Int64, Int64]:
    agents = plan.agents
    duty = np.repeat(np.arange(len(agents.duty_agent)), np.diff(agents.break_offset))
    group = agents.group[agents.duty_agent[duty]].astype(np.int64)
    return group, agents.break_start, agents.break_start + agents.break_length


def shift_plan(plan: Plan, size: Size = "page") -> Figure:
    """Draw how many agents are planned in each reporting interval, the groups on top of each other.

    Parameters
    ----------
    plan : Plan
        From `callsim.resolve`, or ``result.findings.replicated.plans[variant]``.
    size : Size
        ``phone``, ``page`` (A4) or ``wide``.

    Returns
    -------
    matplotlib.figure.Figure
        Heads as planned: breaks are left out, no-shows and overrun are not known yet.
    """
    return draw_shift_plan(shift_plan_data(plan), size)


@styled
def draw_shift_plan(data: ShiftPlan, size: Size = "page") -> Figure:
    """Draw the values of `shift_plan_data`."""
    looks = (
        {"facecolor": DARK},
        {"facecolor": LIGHT},
        {"facecolor": "white", "hatch": "/////"},
        {"facecolor": MIDDLE},
        {"facecolor": "white", "hatch": "....."},
        {"facecolor": "white", "hatch": "xxxxx"},
        {"facecolor": SOFT},
        {"facecolor": "white", "hatch": "-----"},
    )
    figure = new_figure(size, 3.8 if size == "phone" else 3.6, _TITLE, data.text, data.alt)
    axes = figure.subplots()
    base = np.zeros(len(data.axis.edges) - 1)
    for place, (group, top) in enumerate(zip(data.groups, data.top, strict=True)):
        look: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.3, **looks[place % len(looks)]}
        axes.stairs(top, data.axis.edges, baseline=base, fill=True, label=group, **look)
        base = top
    axes.set_ylabel("agents planned")
    axes.set_ylim(bottom=0.0)
    bare(axes)
    show_time(axes, data.axis, size)
    figure.legend(loc="outside lower left", ncols=2 if size == "phone" else 4, labelcolor=SOFT)
    return figure

"""The same plan with one more agent of a group in some hours of the week: the others keep their draws and duties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from callsim.codes import StaffingKind
from callsim.errors import CallsimError
from callsim.plan.plan import NEVER, Agents, Plan
from callsim.scenario.reading.source import nearest
from callsim.scenario.resolving.calendar import Span, merge
from callsim.scenario.resolving.context import Context
from callsim.units import UnitError, weekly_hours

if TYPE_CHECKING:
    from callsim.scenario import Scenario

__all__ = ["OneMore", "read_one_more", "with_one_more"]


@dataclass(frozen=True)
class OneMore:
    """One more agent: of which group, and when."""

    text: str
    group: int
    spans: tuple[Span, ...]
    """(start, end), sorted, apart from each other; the first may begin before 0. [ticks]"""


def read_one_more(scenario: Scenario, text: str) -> OneMore:
    """Return what ``GROUP@HOURS`` asks for; ``GROUP`` alone means all the time.

    Raises
    ------
    CallsimError
        If there is no such group, or the hours cannot be read or need a calendar.
    """
    name, at, written = (part.strip() for part in text.partition("@"))
    groups = list(scenario.agents)
    if name not in groups:
        raise CallsimError(
            f"one more: found {name!r} in {text!r}; there is no group of this name; {nearest(name, groups, 'groups')}"
        )
    try:
        hours = weekly_hours(written if at else "24/7")
    except UnitError as error:
        raise CallsimError(f"one more: found {error.found} in {text!r}; {error.rule}; {error.advice}") from None
    if hours.always:
        return OneMore(text, groups.index(name), ((0, NEVER),))
    context = Context.of(scenario)
    if not context.timeline.has_calendar:
        raise CallsimError(
            f"one more: found {text!r}, but `run` has no `start`; a clock without a calendar knows no weekdays; "
            f"write the group alone, {name!r}, for the whole time"
        )
    return OneMore(text, groups.index(name), tuple(merge(context.weekly_spans(hours))))


def with_one_more(plan: Plan, more: OneMore) -> Plan:
    """Return the plan with one more agent; he takes no breaks and never fails to come.

    Parameters
    ----------
    plan : Plan
    more : OneMore

    Returns
    -------
    Plan
    """
    agents = plan.agents
    place = int(np.searchsorted(agents.group, more.group, side="right"))
    names = (*agents.names[:place], f"{agents.groups[more.group]}, one more", *agents.names[place:])
    wider = replace(agents, names=names, group=np.insert(agents.group, place, np.int32(more.group)))
    if agents.kind[more.group] == StaffingKind.HEADS:
        wider = _with_head(wider, more)
    duty_agent = np.where(wider.duty_agent >= place, wider.duty_agent + 1, wider.duty_agent).astype(np.int32)
    wider = replace(wider, duty_agent=duty_agent)
    if agents.kind[more.group] == StaffingKind.SHIFTS:
        wider = _with_duties(wider, more, place)
    found = replace(plan, agents=wider)
    found.check()
    return found


def _with_head(agents: Agents, more: OneMore) -> Agents:
    """Return agents with a head more in the group while the spans last."""
    own = agents.heads_group == more.group
    time, count = agents.heads_time[own], agents.heads_count[own]
    edges = [max(0, edge) for span in more.spans for edge in span if edge < NEVER]
    new_time = np.unique(np.concatenate((time, np.array([0, *edges], np.int64))))
    before = np.searchsorted(time, new_time, side="right") - 1
    heads = np.where(before >= 0, count[before], 0)
    for start, end in more.spans:
        heads = heads + ((new_time >= start) & (new_time < end))
    times = np.concatenate((agents.heads_time[~own], new_time))
    groups = np.concatenate((agents.heads_group[~own], np.full(len(new_time), more.group)))
    counts = np.concatenate((agents.heads_count[~own], heads))
    order = np.lexsort((groups, times))
    return replace(
        agents,
        heads_time=times[order],
        heads_group=groups[order].astype(np.int32),
        heads_count=counts[order].astype(np.int32),
    )


def _with_duties(agents: Agents, more: OneMore, place: int) -> Agents:
    """Return agents with duties of the one at ``place``; breaks go with their duties."""
    n = len(more.spans)
    added: dict[str, list[int]] = {
        "duty_agent": [place] * n,
        "duty_start": [start for start, _ in more.spans],
        "duty_end": [end for _, end in more.spans],
        "duty_hash": [0] * n,
        "duty_day": [0] * n,
        "duty_position": [0] * n,
        "duty_no_show": [0] * n,
    }
    columns: dict[str, Any] = {}
    for name, values in added.items():
        column = getattr(agents, name)
        columns[name] = np.concatenate((column, np.array(values, column.dtype)))
    breaks = np.concatenate((np.diff(agents.break_offset), np.zeros(n, np.int64)))
    first = np.concatenate((agents.break_offset[:-1], np.full(n, agents.break_offset[-1])))
    order = np.lexsort((columns["duty_agent"], columns["duty_start"]))
    rows = [np.arange(first[i], first[i] + breaks[i]) for i in order.tolist()]
    which = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    return replace(
        agents,
        **{name: column[order] for name, column in columns.items()},
        break_offset=np.concatenate((np.zeros(1, np.int64), np.cumsum(breaks[order]))),
        break_start=agents.break_start[which],
        break_length=agents.break_length[which],
    )

"""What of a plan the Erlang formulas cannot see: the reasons why they differ from the simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from callsim.codes import StaffingKind
from callsim.plan.plan import NEVER, ONE, Plan

__all__ = ["BlindSpot", "blind_spots"]

_ALIKE = 1e-6
_THOUSAND = 1000


@dataclass(frozen=True)
class BlindSpot:
    """One feature that breaks an assumption of the formulas."""

    assumption: str
    """Key of `callsim.theory.ASSUMPTIONS`."""
    text: str
    """What this scenario has instead."""


def blind_spots(plan: Plan) -> tuple[BlindSpot, ...]:
    """Return every feature of a plan that Erlang B, C and A take no notice of.

    Parameters
    ----------
    plan : Plan
        A resolved scenario.

    Returns
    -------
    tuple of BlindSpot
        In the order of the formulas' assumptions; empty for a textbook centre.
    """
    return tuple(spot for find in _FINDERS for spot in find(plan))


def _demand(plan: Plan) -> Iterator[BlindSpot]:
    streams = plan.streams
    varying = [
        name
        for i, name in enumerate(streams.names)
        if _varies(streams, slice(int(streams.block_offset[i]), int(streams.block_offset[i + 1])), plan.clock.horizon)
    ]
    if varying:
        yield BlindSpot("steady_demand", f"the rate of calls changes with time ({_some(varying)})")
    factors = [name for name, law in zip(streams.names, streams.day_factor_law, strict=True) if law >= 0]
    if factors:
        yield BlindSpot("steady_demand", f"busy and quiet days: a random day factor ({_some(factors)})")
    if len(streams.recorded):
        yield BlindSpot("steady_demand", "recorded calls are replayed")


def _varies(streams: object, rows: slice, horizon: int) -> bool:
    start, end = streams.block_start[rows], streams.block_end[rows]  # type: ignore[attr-defined]
    if not len(start):
        return False
    rates = streams.block_mean[rows] / (end - start)  # type: ignore[attr-defined]
    gaps = bool(np.any(start[1:] > end[:-1])) or start[0] > 0 or end[-1] < horizon
    return gaps or bool(np.ptp(rates) > _ALIKE * np.max(rates))


def _staffing(plan: Plan) -> Iterator[BlindSpot]:
    agents = plan.agents
    changing = [
        name
        for i, name in enumerate(agents.groups)
        if agents.kind[i] == StaffingKind.SHIFTS or len(set(agents.heads_count[agents.heads_group == i].tolist())) > 1
    ]
    if changing:
        yield BlindSpot("long_run", f"the number of agents changes with time ({_some(changing)})")
    if len(agents.break_start):
        yield BlindSpot("like_agents", "agents take breaks")
    if np.any(agents.duty_no_show > 0):
        yield BlindSpot("like_agents", "agents stay away without notice")
    if np.any((agents.factor != ONE) & (agents.level > 0)):
        yield BlindSpot("like_agents", "some agents are slower or faster than others")


def _queues(plan: Plan) -> Iterator[BlindSpot]:
    agents, streams, queues = plan.agents, plan.streams, plan.queues
    shared = [name for i, name in enumerate(agents.groups) if np.count_nonzero(agents.level[i]) > 1]
    if shared:
        yield BlindSpot("one_queue", f"agents answer several queues ({_some(shared)})")
    if np.any((agents.after > 0) & (agents.level > 0)):
        yield BlindSpot("one_queue", "calls overflow to further agents after a time")
    if len(set(streams.priority.tolist())) > 1 or np.any(streams.credit > 0):
        yield BlindSpot("one_queue", "some callers are served before others")
    if np.any(queues.slope != _THOUSAND):
        yield BlindSpot("one_queue", "a second of waiting weighs more in some queues than in others")
    limited = [name for name, limit in zip(queues.names, queues.limit, strict=True) if limit < NEVER]
    if limited or plan.lines < NEVER:
        yield BlindSpot("endless_lines", "callers meet a busy tone when lines or places are taken")
    part_time = [
        name
        for i, name in enumerate(queues.names)
        if not _always_open(plan, slice(int(queues.open_offset[i]), int(queues.open_offset[i + 1])))
    ]
    if part_time:
        yield BlindSpot("always_open", f"opening hours ({_some(part_time)})")


def _always_open(plan: Plan, rows: slice) -> bool:
    start, end = plan.queues.open_start[rows], plan.queues.open_end[rows]
    return len(start) == 1 and int(start[0]) <= 0 and int(end[0]) >= plan.clock.horizon


def _callers(plan: Plan) -> Iterator[BlindSpot]:
    streams = plan.streams
    again = [
        name for i, name in enumerate(streams.names) if streams.max_contacts[i] > 1 and streams.redial_share[i].any()
    ]
    if again:
        yield BlindSpot("no_redials", f"callers call again ({_some(again)})")
    if len(plan.transfers.share):
        yield BlindSpot("no_transfers", "calls are passed on, and wait again")
    if np.any(streams.balk > 0):
        yield BlindSpot("nobody_hangs_up", "callers hang up on hearing that they would have to wait")


def _laws(plan: Plan) -> Iterator[BlindSpot]:
    queues, laws = plan.queues, plan.laws
    talks = _not_exponential(plan, {int(law) for law in queues.talk_law.flat if law >= 0})
    if talks:
        yield BlindSpot("exponential_handle_time", f"talk is {_some(talks)}")
    if np.any(queues.after_call_law >= 0):
        yield BlindSpot("exponential_handle_time", "after-call work follows the talk")
    if np.any(queues.scale_row >= 0):
        yield BlindSpot("exponential_handle_time", "the mean handle time changes with time")
    waits = _not_exponential(plan, {int(law) for law in plan.streams.patience_law if law >= 0})
    if waits:
        yield BlindSpot("exponential_patience", f"patience is {_some(waits)}")
    if any(laws.zero[law] for law in plan.streams.patience_law if law >= 0):
        yield BlindSpot("exponential_patience", "some callers hang up at once")


def _not_exponential(plan: Plan, used: set[int]) -> list[str]:
    return [plan.laws.text[law] for law in sorted(used) if not plan.laws.text[law].startswith("exponential")]


def _some(names: list[str], most: int = 3) -> str:
    """Return the first few names and how many more there are."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


_FINDERS: tuple[Callable[[Plan], Iterator[BlindSpot]], ...] = (_demand, _staffing, _queues, _callers, _laws)

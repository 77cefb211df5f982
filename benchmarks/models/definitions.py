"""The three work items as plain numbers, in minutes: the one source of the hand-written models and of the scenarios.

W1 and W2 are one queue, one team, exponential everything: Erlang A and Erlang C. W3 is a day of three call types
and four teams with overlapping skills. A call type's load comes in two humps (half past ten, half past four) on a
small base; each team is sized every two hours to 98 % of the largest half-hourly load that it is meant to carry.
`benchmarks/write_scenarios.py` writes ``scenarios/benchmark/*.yaml`` from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["DAY_MINUTES", "W1", "W2", "W3", "WARM_UP_MINUTES", "Day", "OneQueue"]

WARM_UP_MINUTES = 120.0
"""W1 and W2 start empty; from here on calls are counted. [min]"""
DAY_MINUTES = 1440.0


@dataclass(frozen=True)
class OneQueue:
    """One queue, one team: Poisson calls, exponential handle time and patience."""

    calls_per_minute: float
    handle_time: float
    """Mean. [min]"""
    patience: float
    """Mean; ``inf``: nobody hangs up. [min]"""
    agents: int


@dataclass(frozen=True)
class Day:
    """Three call types, four teams, 24 hours; times in minutes, all durations exponential."""

    slot: float
    """Length of an interval of constant rate. [min]"""
    rates: tuple[tuple[float, ...], ...]
    """[slot, type] Poisson rate of fresh calls. [1/min]"""
    heads: tuple[tuple[int, ...], ...]
    """[slot, team] Head-count. When it falls, idle agents leave at once, the rest go as they finish."""
    handle_time: tuple[float, ...]
    """[type] Mean. [min]"""
    patience: tuple[float, ...]
    """[type] Mean, drawn anew for each queue visit. [min]"""
    route: tuple[tuple[int, ...], ...]
    """[type] Teams in the order in which an arriving call looks for an idle agent."""
    serves: tuple[tuple[int, ...], ...]
    """[team] Call types in the order in which a free agent looks for a waiting call."""
    transfer: float
    """Share of first talks after which the caller is passed on to the next type, at the back, once."""


W1 = OneQueue(calls_per_minute=21.0, handle_time=5.0, patience=10.0, agents=100)
W2 = OneQueue(calls_per_minute=19.0, handle_time=5.0, patience=math.inf, agents=100)

_SLOTS = 48
_SLOT = 30.0
_CALLS_A_DAY = (6000.0, 5000.0, 3000.0)
_HANDLE_TIME = (5.0, 6.0, 4.0)
_TRANSFER = 0.1
_SLOTS_A_SHIFT = 4
_MEANT_TO_CARRY = (
    (0.60, 0.00, 0.00),
    (0.25, 0.35, 0.00),
    (0.00, 0.45, 0.60),
    (0.15, 0.20, 0.40),
)
"""[team, type] Share of the type's load for which the team is sized."""


def _rates() -> tuple[tuple[float, ...], ...]:
    weights = []
    for slot in range(_SLOTS):
        hour = (slot + 0.5) / 2.0
        morning = math.exp(-(((hour - 10.5) / 2.6) ** 2))
        afternoon = 0.8 * math.exp(-(((hour - 16.5) / 3.2) ** 2))
        weights.append(0.12 + morning + afternoon)
    total = sum(weights)
    return tuple(tuple(calls * (weight / total) / _SLOT for calls in _CALLS_A_DAY) for weight in weights)


def _heads(rates: tuple[tuple[float, ...], ...]) -> tuple[tuple[int, ...], ...]:
    types = range(len(_HANDLE_TIME))
    rows: list[tuple[int, ...]] = []
    for first in range(0, _SLOTS, _SLOTS_A_SHIFT):
        peak = [0.0] * len(_MEANT_TO_CARRY)
        for rate in rates[first : first + _SLOTS_A_SHIFT]:
            load = [(rate[kind] + _TRANSFER * rate[kind - 1]) * _HANDLE_TIME[kind] for kind in types]
            for team, shares in enumerate(_MEANT_TO_CARRY):
                carried = sum(share * erlangs for share, erlangs in zip(shares, load, strict=True))
                peak[team] = max(peak[team], carried)
        rows += [tuple(max(1, math.ceil(0.98 * erlangs)) for erlangs in peak)] * _SLOTS_A_SHIFT
    return tuple(rows)


W3 = Day(
    slot=_SLOT,
    rates=_rates(),
    heads=_heads(_rates()),
    handle_time=_HANDLE_TIME,
    patience=(5.0, 4.0, 6.0),
    route=((0, 1, 3), (2, 1, 3), (2, 3)),
    serves=((0,), (1, 0), (2, 1), (2, 1, 0)),
    transfer=_TRANSFER,
)

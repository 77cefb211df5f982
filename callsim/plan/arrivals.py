"""Fresh calls of one stream and day: who calls when. Both engines read it, so it is tested on its own.

A caller is (stream, arrival block, n). The number of callers in a block is Poisson with the block's
mean times the day's factor, found by inversion, so that a larger mean adds callers and leaves the
others where they were; instants are uniform in the block and then sorted; n is the draw's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Purpose
from callsim.plan.draws import check_key, draw, duration, sample
from callsim.plan.plan import SECOND, Plan
from callsim.plan.portable import poisson_count

__all__ = ["Day", "days_of_calls", "law_values"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
_DAY_FACTOR_UNIT = 1e-9
_LOW26 = (1 << 26) - 1


@dataclass(frozen=True)
class Day:
    """The fresh callers of one stream on one local day, in order of their instants."""

    at: Int64
    """[caller] Instant of the call. [ticks]"""
    block: Int64
    """[caller] Row of the plan's block table; -1 if replayed."""
    block_key: UInt64
    """[caller] Start of the block in whole seconds: its identity in the draw's key."""
    n: UInt64
    """[caller] Ordinal of the draw in the block."""
    first: int
    """Callers of the stream on earlier days: caller i of this day is the stream's ``first + i``-th."""


def law_values(plan: Plan, law: int, u: npt.NDArray[np.int64]) -> Int64:
    """Return the law's values at 53-bit draws, point mass at zero not applied. [ticks]"""
    laws = plan.laws
    knots = laws.knots[laws.offset[law] : laws.offset[law + 1]]
    found: Int64 = duration(knots, u) if laws.kind[law] == 0 else sample(knots, u)
    return found


def days_of_calls(plan: Plan, seed: int, replication: int, stream: int) -> Iterator[Day]:
    """Yield the fresh callers of a stream day by day, those at or beyond the horizon left out.

    Parameters
    ----------
    plan : Plan
    seed, replication : int
    stream : int
        Index of the stream.

    Yields
    ------
    Day
        Only days on which somebody calls, in order.

    Raises
    ------
    PlanError
        If a block has more callers than a key can number.
    """
    streams = plan.streams
    first = 0
    if streams.recorded_offset[stream + 1] > streams.recorded_offset[stream]:
        yield _recorded(plan, stream)
        return
    rows = np.arange(streams.block_offset[stream], streams.block_offset[stream + 1])
    rows = rows[streams.block_start[rows] < plan.clock.horizon]
    edges = np.flatnonzero(np.diff(streams.block_day[rows])) + 1
    for blocks in np.split(rows, edges):
        if len(blocks):
            day = _drawn(plan, seed, replication, stream, blocks, first)
            first += len(day.at)
            if len(day.at):
                yield day


def _recorded(plan: Plan, stream: int) -> Day:
    streams = plan.streams
    at = streams.recorded[streams.recorded_offset[stream] : streams.recorded_offset[stream + 1]]
    at = at[at < plan.clock.horizon]
    if len(at):
        check_key(n=len(at) - 1)
    n = np.arange(len(at), dtype=np.uint64)
    return Day(at, np.full(len(at), -1, dtype=np.int64), np.zeros(len(at), dtype=np.uint64), n, 0)


def _day_factor(plan: Plan, seed: int, replication: int, stream: int, day: int) -> float:
    law = int(plan.streams.day_factor_law[stream])
    if law < 0:
        return 1.0
    name = int(plan.streams.day_factor_hash[stream])
    u = draw(seed, replication, name, day, 0, 0, 0, Purpose.DAY_FACTOR)
    return float(law_values(plan, law, np.array([u], dtype=np.int64))[0]) * _DAY_FACTOR_UNIT


def _drawn(plan: Plan, seed: int, replication: int, stream: int, blocks: Int64, first: int) -> Day:
    streams = plan.streams
    name = int(streams.hashes[stream])
    factor = _day_factor(plan, seed, replication, stream, int(streams.block_day[blocks[0]]))
    keys = streams.block_start[blocks] // SECOND
    draws = draw(seed, replication, name, keys.astype(np.uint64), np.zeros_like(keys, np.uint64), 0, 0, Purpose.COUNT)
    means = (streams.block_mean[blocks] * factor).tolist()
    counts = [poisson_count(u, mean) if mean > 0.0 else 0 for u, mean in zip(draws.tolist(), means, strict=True)]
    check_key(n=max(counts))
    block = np.repeat(blocks, counts)
    block_key = np.repeat(keys, counts).astype(np.uint64)
    n = np.concatenate([np.arange(count, dtype=np.uint64) for count in counts])
    at = _instants(plan, draw(seed, replication, name, block_key, n, 0, 0, Purpose.INSTANT), block)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < plan.clock.horizon]
    return Day(at[order], block[order], block_key[order], n[order], first)


def _instants(plan: Plan, u: UInt64, block: Int64) -> Int64:
    """Place draws in their blocks: start + floor(u * length / 2^53), in two steps that fit 64 bits."""
    start = plan.streams.block_start[block]
    length = (plan.streams.block_end[block] - start).astype(np.uint64)
    within = ((u >> 26) * length + (((u & _LOW26) * length) >> 26)) >> 27
    return start + within.astype(np.int64)

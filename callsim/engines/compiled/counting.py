"""Replications that keep no log: the rows that the kernel hands over are counted at once.

Room for states and tallies is kept for as long as a thread runs replications of the same plan.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled import state as st
from callsim.engines.compiled.engine import Prepared, Room, prepare
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.programs import COUNTING
from callsim.engines.compiled.tally import Tally, new_tally, reset, roomier
from callsim.engines.compiled.tally_bins import fold_bins
from callsim.engines.compiled.tally_sums import sums_of
from callsim.plan.draws import check_key
from callsim.plan.plan import Plan
from callsim.runlog.sums import RunSums

__all__ = ["Counter", "Facts", "Folding", "Moving", "Times", "counter", "counting_tables", "tally_run"]

Int64 = npt.NDArray[np.int64]
_KEPT = 4
_ROWS = 1 << 12
_rooms = threading.local()


class Moving(NamedTuple):
    """What `callsim.engines.compiled.tally_rows.move_bins` is given."""

    bins: Int64
    places: Int64
    filled: Int64
    larger: Int64
    further: Int64


class Facts(NamedTuple):
    """What `callsim.engines.compiled.tally_sums.facts` writes."""

    contacts: Int64
    visits: Int64
    answers: Int64
    contact_waits: Int64
    visit_waits: Int64


class Times(NamedTuple):
    """What `callsim.engines.compiled.tally_sums.times` writes."""

    stream_waiting: Int64
    queue_waiting: Int64
    handling: Int64
    span_time: Int64


class Folding(NamedTuple):
    """What `callsim.engines.compiled.tally_bins.fold` is given."""

    position: Int64
    amount: Int64
    target: Int64
    waited: Int64
    ends: Int64
    counts: Int64
    ordered: Int64
    found: Int64


def _empty(*dimensions: int) -> Iterator[Int64]:
    return (np.zeros((1,) * ndim, np.int64) for ndim in dimensions)


def _passing() -> dict[str, Any]:
    """Return tables like those that single calls bring with them."""
    return {
        "moving": Moving(*_empty(2, 1, 1, 2, 1)),
        "facts": Facts(*_empty(3, 3, 3, 2, 2)),
        "times": Times(*_empty(2, 2, 2, 2)),
        "folding": Folding(*_empty(1, 1, 1, 1, 1, 1, 2, 2)),
    }


class Counter(Room):
    """Room in which one thread runs and counts replications of a plan, one after the other.

    Parameters
    ----------
    prepared : Prepared
        The plan.
    by : tuple of str
        Breakdowns that the measures will have.
    """

    def __init__(self, prepared: Prepared, by: tuple[str, ...]) -> None:
        self._by = by
        self._tally = _tally_for(prepared.plan, by, st.new_state(prepared.tables, rows=_ROWS))
        super().__init__(prepared, COUNTING[prepared.tier], _ROWS)

    def tables(self) -> dict[str, Any]:
        """Return all tables that compiled functions are given."""
        return {**super().tables(), "tally": self._tally, **_PASSING}

    def hand_over(self) -> None:
        """Count the rows that wait."""
        while self.functions.call("count"):
            rows = max(int(self.state.clock[row]) for row in (st.CONTACT_ROWS, st.LEG_ROWS))
            self._tally = roomier(self._tally, rows, self._move)
            self.bind()

    def _move(self, bins: Int64, places: Int64, filled: int, larger: Int64, further: Int64) -> None:
        self.functions.call("move", moving=Moving(bins, places, np.array([filled], np.int64), larger, further))

    def run(self, seed: int, replication: int) -> RunSums:
        """Run one replication and return what it came to."""
        check_key(seed=seed, replication=replication)
        reset(self._tally)
        end = self.replicate(seed, replication)
        state, plan = self.state, self.prepared.plan
        queue_time, busy_time = state.queue[:, st.QUEUE_TIME].copy(), state.group[:, st.BUSY_TIME].copy()
        return sums_of(
            self._tally, plan, self._by, end, seed, replication, queue_time, busy_time,
            write_facts=lambda _, *arrays: self.functions.call("facts", facts=Facts(*arrays)),
            write_times=lambda _, *arrays: self.functions.call("times", times=Times(*arrays)),
        )  # fmt: skip

    def fold(self, waits: tuple[Int64, Int64], target: Int64, waited: Int64) -> tuple[Int64, Int64]:
        """Do what `callsim.engines.compiled.tally_bins.fold_bins` does, compiled."""
        return fold_bins(waits, target, waited, lambda *arrays: self.functions.call("fold", folding=Folding(*arrays)))


_PASSING = _passing()


def _tally_for(plan: Plan, by: tuple[str, ...], state: st.State) -> Tally:
    """Return an empty tally with room for all the rows that a state can hold."""
    return roomier(new_tally(plan, by), max(len(state.contact_rows), len(state.leg_rows)))


def counting_tables(plan: Plan, by: Iterable[str] = ()) -> tuple[Library, dict[str, Any]]:
    """Return the program that counts runs of a plan, and tables like those that it will be given."""
    prepared = prepare(plan)
    state = st.new_state(prepared.tables, rows=_ROWS)
    tables = {"plan": prepared.tables, "state": state, "tally": new_tally(plan, by), **_PASSING}
    return COUNTING[prepared.tier], tables


def tally_run(plan: Plan, seed: int, replication: int, by: Iterable[str] = ()) -> RunSums:
    """Run one replication of a plan without a log.

    Parameters
    ----------
    plan : Plan
        What is run. It is not changed.
    seed, replication : int
        0 to 2^32 - 1.
    by : iterable of str
        Breakdowns that the measures will have, of `callsim.measures.BREAKDOWNS`.

    Returns
    -------
    RunSums
        From which `callsim.measures.from_sums` makes what `callsim.measures.measure` makes of the log.

    Raises
    ------
    PlanError
        If a seed, a replication or a caller's number does not fit the key of a draw.
    EngineError
        If something is to happen later than the engine can tell.
    """
    return counter(plan, by).run(seed, replication)


def counter(plan: Plan, by: Iterable[str] = ()) -> Counter:
    """Return this thread's room for runs of a plan, made when it is first asked for."""
    wanted = tuple(by)
    kept: OrderedDict[tuple[str, tuple[str, ...]], Counter] = _rooms.__dict__.setdefault("kept", OrderedDict())
    key = (plan.digest(), wanted)
    if key not in kept:
        kept[key] = Counter(prepare(plan), wanted)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]

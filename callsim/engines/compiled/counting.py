"""Replications that keep no log: the rows that the kernel hands over are counted at once. Cases are not counted.

Room for states and tallies is kept for as long as a thread runs replications of the same plan.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled import state as st
from callsim.engines.compiled.engine import Prepared, Room, prepare
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.programs import COUNTING
from callsim.engines.compiled.tables import Lent
from callsim.engines.compiled.tally import Tally, new_tally, reset, roomier
from callsim.engines.compiled.tally_giving import Giver
from callsim.engines.compiled.tally_sums import new_results, with_room
from callsim.errors import EngineError
from callsim.plan.draws import check_key
from callsim.plan.plan import Plan
from callsim.runlog.sums import NOTHING, RunSums, Wanted

__all__ = ["Counter", "Moving", "counting_tables", "tally_run"]

Int64 = npt.NDArray[np.int64]
_KEPT = 8
_LENT = 4
"""Arrays of results that are kept for when nobody holds them any more."""
_ROWS = 1 << 8
"""Rows that are counted at a time: they are to be at hand still."""


class _Rooms(threading.local):
    """What each thread keeps."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, int], Counter] = OrderedDict()


_rooms = _Rooms()


class Moving(NamedTuple):
    """What `callsim.engines.compiled.tally_waits.move_bins` is given."""

    bins: Int64
    places: Int64
    filled: Int64
    larger: Int64
    further: Int64


def _moving() -> Moving:
    """Return a table like those that bins are moved with."""
    bins, places = np.zeros((1, 2), np.int64), np.zeros(1, np.int64)
    return Moving(bins, places, places, bins, places)


class Counter(Room):
    """Room in which one thread runs and counts replications of a plan, one after the other.

    Parameters
    ----------
    prepared : Prepared
        The plan.
    wanted : Wanted
        What is to be made of the facts that are counted.

    Raises
    ------
    EngineError
        If the plan has cases.
    """

    def __init__(self, prepared: Prepared, wanted: Wanted) -> None:
        if prepared.plan.cases.n:
            raise EngineError("a plan with cases is measured from a log; run it with one")
        # Whether the tally holds rows: a run that failed leaves some.
        self._under_way = False
        self._tally = _tally_for(prepared.plan, wanted.by, st.new_state(prepared.tables, rows=_ROWS))
        self._results = new_results(self._tally, prepared.plan, wanted)
        self._giver = Giver(self._tally, prepared.plan, wanted, self._results)
        self._given = Lent(len(self._results.given))
        self._lent = deque([self._given], _LENT)
        super().__init__(prepared, COUNTING[prepared.tier], _ROWS)

    def tables(self) -> dict[str, Any]:
        """Return all tables that compiled functions are given."""
        return {**super().tables(), "tally": self._tally, "results": self._results, "moving": _moving()}

    def hand_over(self) -> None:
        """Make room for the bins of the rows that wait to be counted."""
        n = max(int(self.state.clock[row]) for row in (st.SINGLE_ROWS, st.CONTACT_ROWS, st.LEG_ROWS))
        self._tally = roomier(self._tally, n, self._move)
        self._results = with_room(self._results, self._tally)
        self.bind()

    def bind(self) -> None:
        """Tell compiled functions where the tables lie, and where to write what is given out."""
        super().bind()
        self.functions.put("results", "given", self._given.cells)

    def finish(self) -> int:
        """Return the end of the run: all that was left to do is done."""
        return int(self.state.clock[st.RUN_END])

    def _move(self, bins: Int64, places: Int64, filled: int, larger: Int64, further: Int64) -> None:
        self.functions.call("move", moving=Moving(bins, places, np.array([filled], np.int64), larger, further))

    def run(self, seed: int, replication: int) -> RunSums:
        """Run one replication and return what it came to."""
        check_key(seed=seed, replication=replication)
        if self._under_way:
            reset(self._tally)
        self._under_way = True
        if self._given.is_held():
            self._lend()
        end = self.replicate(seed, replication)
        self._under_way = False
        return self._giver.sums(self._results, self._given, end, seed, replication)

    def _lend(self) -> None:
        """Have results written where nobody holds any."""
        for lent in self._lent:
            if not lent.is_held():
                self._given = lent
                break
        else:
            self._given = Lent(len(self._results.given))
            self._lent.append(self._given)
        self.functions.put("results", "given", self._given.cells)


def _tally_for(plan: Plan, by: tuple[str, ...], state: st.State) -> Tally:
    """Return an empty tally with room for all the rows that a state can hold."""
    return roomier(new_tally(plan, by), max(len(state.contact_rows), len(state.leg_rows), state.single_rows.shape[1]))


def counting_tables(plan: Plan) -> tuple[Library, dict[str, Any]]:
    """Return the program that counts runs of a plan, and tables like those that it will be given."""
    prepared = prepare(plan)
    state = st.new_state(prepared.tables, rows=_ROWS)
    tally = new_tally(plan)
    results = new_results(tally, plan, NOTHING)
    tables = {"plan": prepared.tables, "state": state, "tally": tally, "results": results, "moving": _moving()}
    return COUNTING[prepared.tier], tables


def tally_run(plan: Plan, seed: int, replication: int, wanted: Wanted = NOTHING) -> RunSums:
    """Run one replication of a plan without a log.

    Parameters
    ----------
    plan : Plan
        What is run. It is not changed.
    seed, replication : int
        0 to 2^32 - 1.
    wanted : Wanted
        What is to be made of the facts that are counted: that of a `callsim.measures.SumsReader`.

    Returns
    -------
    RunSums
        From which the reader makes what `callsim.measures.measure` makes of the log.

    Raises
    ------
    PlanError
        If a seed, a replication or a caller's number does not fit the key of a draw.
    EngineError
        If the plan has cases, or something is to happen later than the engine can tell.
    """
    kept = _rooms.kept
    # A room keeps what is wanted, so that no other takes its place in memory.
    key = (plan.digest(), id(wanted))
    if key not in kept:
        kept[key] = Counter(prepare(plan), wanted)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key].run(seed, replication)

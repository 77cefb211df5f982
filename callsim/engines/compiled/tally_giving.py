"""From the results of a tally to the `RunSums` that are given out: windows of one array, and copies of what waits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.tables import Lent
from callsim.engines.compiled.tally import Tally
from callsim.engines.compiled.tally_sums import Results
from callsim.plan.plan import Plan
from callsim.runlog.sums import RunSums, Wanted, whole_run

__all__ = ["Giver"]

Int64 = npt.NDArray[np.int64]


class Giver:
    """Gives out the results of replications of a plan; what they share is made once.

    Parameters
    ----------
    t : Tally
    plan : Plan
    wanted : Wanted
    results : Results
        Room for the results of the tally.
    """

    def __init__(self, t: Tally, plan: Plan, wanted: Wanted, results: Results) -> None:
        self._plan_digest, self._wanted = plan.digest(), wanted
        n, n_columns, n_made = len(results.whole), len(results.longest), results.made.size
        self._shape = results.made.shape
        self._whole, self._longest = slice(n), slice(n, n + n_columns)
        self._made = slice(n + n_columns, n + n_columns + n_made)
        self._waitless = slice(self._made.stop, self._made.stop + len(t.contacts) + len(t.legs))
        self._places = whole_run(plan.n_queues, plan.n_groups)

    def sums(self, results: Results, lent: Lent, end: int, seed: int, replication: int) -> RunSums:
        """Return what a replication has come to.

        Parameters
        ----------
        results : Results
            As `gather` has left them.
        lent : Lent
            What stands in place of its `given`. The sums hold windows of it.
        end : int
            End of the run. [ticks]
        seed, replication : int
        """
        given, by, bounds = lent.cells, self._wanted.by, results.bounds.tolist()
        n_entries, n_counted = results.n_entries.tolist() if by else (0, 0)
        return RunSums(
            end=end,
            replication=replication,
            seed=seed,
            plan_digest=self._plan_digest,
            by=by,
            places=self._places,
            whole=given[self._whole],
            made=given[self._made].reshape(self._shape),
            longest=given[self._longest],
            bins=results.found[: bounds[-1]].copy(),
            bounds=tuple(bounds),
            waits=results.entries[:n_entries].copy(),
            calls=results.calls[:n_counted].copy(),
            waitless=given[self._waitless],
        )

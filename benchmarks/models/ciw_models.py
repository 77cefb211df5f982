"""W1 and W2 in Ciw: one node, customers who renege. Ciw has no overlapping skills, so that W3 has no form in it."""

from __future__ import annotations

import math
from collections.abc import Callable

import ciw

from benchmarks.models.definitions import DAY_MINUTES, W1, W2, WARM_UP_MINUTES, OneQueue
from benchmarks.models.tally import Tally

__all__ = ["MODELS"]

_UNTIL_SERVED = 120.0
"""Ciw tells of customers who have left; so long after the day everybody has who came in it. [min]"""


def _one_queue(centre: OneQueue, seed: int) -> Tally:
    end = WARM_UP_MINUTES + DAY_MINUTES
    reneging = {}
    if centre.patience < math.inf:
        reneging = {"reneging_time_distributions": [ciw.dists.Exponential(rate=1.0 / centre.patience)]}
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=centre.calls_per_minute)],
        service_distributions=[ciw.dists.Exponential(rate=1.0 / centre.handle_time)],
        number_of_servers=[centre.agents],
        **reneging,
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(end + _UNTIL_SERVED)
    records = simulation.get_all_records()
    tally = Tally(simulated=len(records))
    for record in records:
        if WARM_UP_MINUTES <= record.arrival_date < end:
            abandoned = record.record_type == "renege"
            left = record.exit_date if abandoned else record.service_start_date
            tally.count(abandoned, left - record.arrival_date)
    return tally


MODELS: dict[str, Callable[[int], Tally]] = {
    "w1": lambda seed: _one_queue(W1, seed),
    "w2": lambda seed: _one_queue(W2, seed),
}
"""Work item -> one replication with this seed."""

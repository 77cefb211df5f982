"""Queues solved as Markov chains, state by state: slow, dense, and independent of the package's formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

Matrix = NDArray[np.float64]


def stationary(generator: Matrix) -> Matrix:
    """Return the stationary probabilities of a generator whose diagonal is ignored."""
    rates = generator.copy()
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(axis=1))
    equations = np.vstack([rates.T, np.ones(len(rates))])
    target = np.zeros(len(rates) + 1)
    target[-1] = 1.0
    return np.linalg.lstsq(equations, target, rcond=None)[0]


class BirthDeath:
    """M/M/n/K+M by the balance equations, and the fate of a tagged caller by a matrix exponential."""

    def __init__(self, arrival_rate: float, service_rate: float, n_agents: int, hang_up: float, lines: int) -> None:
        self.capacity, self.hang_up, self.places = n_agents * service_rate, hang_up, lines - n_agents
        generator = np.zeros((lines + 1, lines + 1))
        for state in range(lines):
            generator[state, state + 1] = arrival_rate
            waiting = max(0, state + 1 - n_agents)
            generator[state + 1, state] = min(state + 1, n_agents) * service_rate + waiting * hang_up
        probability = stationary(generator)
        states = np.arange(lines + 1)
        self.p_block = float(probability[-1])
        offered = 1.0 - self.p_block
        self.found = probability[n_agents:-1] / offered
        self.p_delay = float(self.found.sum())
        self.mean_queue = float(probability @ np.maximum(0, states - n_agents))
        self.mean_wait = self.mean_queue / (arrival_rate * offered)
        self.abandonment_ratio = hang_up * self.mean_wait
        self.occupancy = float(probability @ np.minimum(states, n_agents)) / n_agents
        self.mean_in_system = float(probability @ states)

    def fates(self, wait: float) -> tuple[float, float]:
        """Return the shares of offered calls answered, and abandoned, within ``wait``."""
        size = self.places + 2
        answered, abandoned = size - 2, size - 1
        generator = np.zeros((size, size))
        for ahead in range(self.places):
            generator[ahead, ahead - 1 if ahead else answered] += self.capacity + ahead * self.hang_up
            generator[ahead, abandoned] += self.hang_up
        np.fill_diagonal(generator, -generator.sum(axis=1))
        reached = np.concatenate([self.found, [0.0, 0.0]]) @ expm(generator * wait)
        return 1.0 - self.p_delay + float(reached[answered]), float(reached[abandoned])

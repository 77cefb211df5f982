r"""Classes of callers, higher ones first, an answered call never interrupted: Cobham's means and Davis's laws.

With s_k the load of classes 1 to k on n agents, as a share of their capacity (class 1 is served first),

.. math:: E[W_k] = \frac{C / (n \mu)}{(1 - s_{k-1}) (1 - s_k)}, \qquad
          E[e^{-s W_k} \mid W_k > 0] = \frac{A}{A + z(s)}, \quad A = n \mu (1 - s_k)

where z(s) = s + L (1 - b(s)), L the rate of the classes above k and b the busy period of M/M/1 that they make on
a server of rate n mu. All classes have the same exponential handle time; nobody hangs up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from callsim.errors import UnstableSystem
from callsim.theory.poisson import log_inverse_loss
from callsim.theory.steady_state import check_agents, check_positive

__all__ = ["PriorityClass", "priority_classes"]


@dataclass(frozen=True)
class PriorityClass:
    """The long-run figures of one class; made by `priority_classes`.

    Attributes
    ----------
    p_delay : float
        Calls that find no free agent / all; the same for every class.
    mean_wait : float
        Mean wait of all calls of the class, zeros included; also their speed of answer. [s]
    mean_queue : float
        Time average of the callers of the class who wait. [count]
    """

    p_delay: float
    mean_wait: float
    mean_queue: float
    _capacity: float = field(repr=False)
    _rate_above: float = field(repr=False)
    _room: float = field(repr=False)

    def service_level(self, acceptable_wait: float) -> float:
        """Return the share of the class's calls answered after at most ``acceptable_wait`` >= 0 [s].

        Every formula of the service level gives this value, since nobody hangs up. Without a class above it is
        exact, else good to 1e-12: the transform of Davis (1966) is inverted along a cotangent contour of 24 points
        (Weideman 2006).
        """
        if not acceptable_wait >= 0.0:
            raise ValueError(f"acceptable_wait: found {acceptable_wait!r}; must be a number >= 0")
        if acceptable_wait == 0.0:
            return 1.0 - self.p_delay
        if self._rate_above == 0.0:
            return 1.0 - self.p_delay * math.exp(-self._capacity * self._room * acceptable_wait)
        return min(1.0, 1.0 - self.p_delay * self._tail(acceptable_wait))

    def _tail(self, wait: float) -> float:
        """Return P(W > wait) of a caller who has to wait."""
        points = 24
        angle = (2.0 * np.arange(points) + 1.0 - points) * np.pi / points
        stretched = 0.6407 * angle
        contour = points * (0.5017 * angle / np.tan(stretched) - 0.6122 + 0.2645j * angle)
        slope = points * (0.5017 / np.tan(stretched) - 0.5017 * stretched / np.sin(stretched) ** 2 + 0.2645j)
        point = contour / wait
        mean, spread = self._rate_above + self._capacity, 2.0 * math.sqrt(self._rate_above * self._capacity)
        # The product of two roots has its cut where the transform has it; one root of the product has not.
        root = np.sqrt(point + mean - spread) * np.sqrt(point + mean + spread)
        slowed = 2.0 * self._capacity / (root - point - self._rate_above + self._capacity)
        transform = slowed / (self._capacity * self._room + slowed * point)
        total = np.sum(np.exp(contour) * transform * slope) / (1j * points * wait)
        return max(0.0, float(total.real))


def priority_classes(arrival_rates: Sequence[float], handle_time: float, n_agents: int) -> tuple[PriorityClass, ...]:
    """Return the long-run figures of each class of an M/M/n queue with non-preemptive priorities.

    Parameters
    ----------
    arrival_rates : sequence of float
        Poisson intensity of each class, > 0; the first class is served first. [1/s]
    handle_time : float
        Mean of the exponential handle time of all classes, > 0. [s]
    n_agents : int
        Agents, more than the offered load of all classes. [count]

    Returns
    -------
    tuple of PriorityClass
        One for each class, in the same order.

    Raises
    ------
    UnstableSystem
        If the offered load of all classes is at least ``n_agents``.
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> high, low = priority_classes([0.2, 0.6], handle_time=1.0, n_agents=1)
    >>> round(high.mean_wait, 9), round(low.mean_wait, 9), round(low.service_level(5.0), 9)
    (1.0, 5.0, 0.649413476)

    References
    ----------
    .. [1] A. Cobham, "Priority assignment in waiting line problems," Operations Research 2(1), pp. 70-76, 1954.
    .. [2] R. H. Davis, "Waiting-time distribution of a multi-server, priority queuing system," Operations Research
       14(1), pp. 133-136, 1966.
    .. [3] J. A. C. Weideman, "Optimizing Talbot's contours for the inversion of the Laplace transform," SIAM
       Journal on Numerical Analysis 44(6), pp. 2342-2362, 2006.
    """
    for rate in arrival_rates:
        check_positive("arrival_rates", rate)
    check_positive("handle_time", handle_time)
    check_agents("n_agents", n_agents)
    load = math.fsum(arrival_rates) * handle_time
    if load >= n_agents:
        raise UnstableSystem(
            f"offered load {load:.6g} erlang on {n_agents} agents, and nobody hangs up: the queue grows without end; "
            f"needs more than {load:.6g} agents"
        )
    capacity = n_agents / handle_time
    share = load / n_agents
    p_delay = 1.0 / (share + (1.0 - share) * math.exp(log_inverse_loss(n_agents, load)))
    classes = []
    above = 0.0
    for rate in arrival_rates:
        room_above, room = 1.0 - above / capacity, 1.0 - (above + rate) / capacity
        wait = p_delay / (capacity * room_above * room)
        classes.append(PriorityClass(p_delay, wait, rate * wait, capacity, above, room))
        above += rate
    return tuple(classes)

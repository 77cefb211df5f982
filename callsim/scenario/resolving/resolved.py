"""A plan beside what it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import Plan
from callsim.scenario.resolving.agents import GroupPlan
from callsim.scenario.resolving.context import Context

__all__ = ["Resolved"]


@dataclass(frozen=True)
class Resolved:
    """A plan, and what it was made from: for `explain` and `coverage`."""

    plan: Plan
    context: Context
    groups: list[GroupPlan]
    comes: npt.NDArray[np.bool_]
    """[stream, queue] Whether callers of the stream can come to the queue, by any road."""

"""HOW SURE WE ARE: estimates with intervals from replications. Arrays in, estimates out; knows no call centre.

What estimating one system or a difference does not need is imported on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsim.on_use import on_use
from callsim.stats.equivalence import (
    Equivalence,
    at_level,
    equivalence,
    independent_difference,
    standard_error,
)
from callsim.stats.estimate import Estimate
from callsim.stats.replications import (
    mean,
    mean_difference,
    percentile,
    percentile_difference,
    ratio,
    ratio_difference,
)
from callsim.stats.student import student_quantile

if TYPE_CHECKING:
    from callsim.stats.competing import Incidence, cumulative_incidence, naive_incidence
    from callsim.stats.deciding import (
        Side,
        at_least_this_uncertain,
        level_of_each_look,
        levels_of_looks,
        looks,
        nothing_seen,
        side,
        widened,
    )
    from callsim.stats.shapley import (
        FEWEST_ORDERS,
        Worth,
        every_set,
        exact_worth,
        sampled_orders,
        sampled_worth,
        sets_of,
    )

__all__ = [
    "FEWEST_ORDERS",
    "Equivalence",
    "Estimate",
    "Incidence",
    "Side",
    "Worth",
    "at_least_this_uncertain",
    "at_level",
    "cumulative_incidence",
    "equivalence",
    "every_set",
    "exact_worth",
    "independent_difference",
    "level_of_each_look",
    "levels_of_looks",
    "looks",
    "mean",
    "mean_difference",
    "naive_incidence",
    "nothing_seen",
    "percentile",
    "percentile_difference",
    "ratio",
    "ratio_difference",
    "sampled_orders",
    "sampled_worth",
    "sets_of",
    "side",
    "standard_error",
    "student_quantile",
    "widened",
]

__getattr__ = on_use(
    __name__,
    {
        "competing": ("Incidence", "cumulative_incidence", "naive_incidence"),
        "deciding": (
            "Side", "at_least_this_uncertain", "level_of_each_look", "levels_of_looks", "looks", "nothing_seen",
            "side", "widened",
        ),
        "shapley": (
            "FEWEST_ORDERS", "Worth", "every_set", "exact_worth", "sampled_orders", "sampled_worth", "sets_of",
        ),
    },
)  # fmt: skip

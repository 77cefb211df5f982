"""HOW SURE WE ARE: estimates with intervals from replications. Arrays in, estimates out; knows no call centre."""

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

__all__ = [
    "Estimate",
    "mean",
    "mean_difference",
    "percentile",
    "percentile_difference",
    "ratio",
    "ratio_difference",
    "student_quantile",
]

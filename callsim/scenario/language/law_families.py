"""The families of laws that users can write, and a law as it was written.

`FAMILIES` says which parameters each family takes; the readers, the messages and the reference page loop over it.
A `WrittenLaw` builds its law of `callsim.plan.laws` only when asked, so that checking a scenario needs no
numerical library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsim.plan.laws import Law

__all__ = ["FAMILIES", "Family", "WrittenLaw"]


@dataclass(frozen=True)
class Family:
    """One family of laws: the class that it becomes, the ways to give its parameters, an example."""

    law: str
    """Name of the class in `callsim.plan.laws`."""
    ways: tuple[tuple[str, ...], ...]
    """Each way is a set of parameters that defines the law; the first is the usual one."""
    example: str
    meaning: str


FAMILIES: dict[str, Family] = {
    "constant": Family("Constant", (("value",),), "constant 5m", "always the same"),
    "exponential": Family("Exponential", (("mean",),), "exponential mean 10m", "no memory; cv is 1"),
    "lognormal": Family(
        "Lognormal", (("mean", "cv"), ("median", "sigma")), "lognormal mean 6m cv 0.8", "the usual shape of talk times"
    ),
    "gamma": Family("Gamma", (("mean", "cv"), ("shape", "scale")), "gamma mean 6m cv 0.5", "a lighter tail"),
    "erlang": Family("Erlang", (("mean", "phases"),), "erlang mean 6m phases 3", "a sum of exponential phases"),
    "weibull": Family(
        "Weibull", (("mean", "shape"), ("scale", "shape"), ("mean", "cv")), "weibull mean 4m shape 0.8",
        "hazard that falls (shape below 1) or grows",
    ),
    "uniform": Family("Uniform", (("low", "high"),), "uniform 0m to 2h", "all values between two bounds alike"),
    "triangular": Family("Triangular", (("low", "mode", "high"),), "triangular 1m 2m 5m", "least, likeliest, most"),
    "hyperexponential": Family(
        "Hyperexponential", (("shares", "means"), ("mean", "cv")), "hyperexponential 30% mean 1m, 70% mean 5m",
        "exponentials mixed; cv of at least 1 (mean and cv alone: balanced means)",
    ),
    "samples": Family("Empirical", (("values",), ("file",)), "samples 10s 20s 30s", "one of the given values"),
    "mixture": Family(
        "Mixture", (("parts",),), "mixture 30% constant 1m, 70% lognormal mean 6m cv 0.8", "one of several laws"
    ),
}  # fmt: skip
"""Every family by the name that users write."""


@dataclass(frozen=True)
class WrittenLaw:
    """A law of random durations as written: family and parameters in seconds, point mass at zero, its text."""

    family: str
    """One of `FAMILIES`."""
    parameters: tuple[tuple[str, Any], ...]
    """Arguments of the class in `callsim.plan.laws`; durations in seconds; no ``mean`` if it comes from volumes."""
    text: str
    """As written; a mapping is put into the words of a text."""
    zero: float = 0.0
    """Share of durations that are zero, apart from the law."""
    shift: float = 0.0
    """Added to every duration that is not zero. [s]"""
    from_volumes: bool = False
    """The mean is the interval file's (`with_mean` puts it in)."""

    @property
    def law(self) -> Law:
        """The law, without its point mass at zero; of mean 1 s (and the shift) if the mean comes from volumes."""
        return self.with_mean(1.0) if self.from_volumes else self._build(dict(self.parameters))

    def with_mean(self, mean: float) -> Law:
        """Return the law with another mean of its unshifted part [s]; only for families that have one."""
        name = "value" if self.family == "constant" else "mean"
        parameters = dict(self.parameters)
        if self.family == "hyperexponential" and "means" in parameters:
            old = sum(p * m for p, m in zip(parameters["shares"], parameters["means"], strict=True))
            parameters["means"] = tuple(m * mean / old for m in parameters["means"])
        else:
            parameters[name] = mean
        return self._build(parameters)

    def _build(self, parameters: dict[str, Any]) -> Law:
        from callsim.plan import laws

        if self.family == "mixture":
            parameters["laws"] = tuple(part.law for part in parameters["laws"])
        law: Law = getattr(laws, FAMILIES[self.family].law)(**parameters)
        return laws.Shifted(law, self.shift) if self.shift else law

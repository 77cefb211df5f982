"""A record as a value: what a scenario came to, once, with everything that tells what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callsim.errors import CallsimError
from callsim.measures import EVERY_MEASURE, Measure
from callsim.stats import Estimate

__all__ = ["FORMAT", "HOUR_COLUMNS", "RESULTS", "Figure", "Hour", "Margin", "Record", "Recorded", "record_path"]

FORMAT = 1
"""Version of the record's text."""
RESULTS = 1
"""How often callsim's results have changed under the same scenario, seed and random scheme, the first included.

It is raised by whoever changes a simulated figure, together with a line *Results-change* in CHANGELOG.md, and a
record says under which it was made.
"""
HOUR_COLUMNS = ("arrivals", "answered", "abandoned", "mean_wait")
"""What a record keeps for each hour of the day."""
_SUFFIX = ".record.txt"
_MEASURES = {measure.name: measure for measure in EVERY_MEASURE}


@dataclass(frozen=True)
class Margin:
    """The largest difference of a figure that does not matter."""

    amount: float
    unit: str
    """``%`` of the figure, ``points`` of a share, or the figure's own unit: ``s`` or ``""``."""

    def of(self, value: float) -> float:
        """Return the margin in the unit of the figure."""
        if self.unit == "%":
            return abs(value) * self.amount / 100
        return self.amount / 100 if self.unit == "points" else self.amount


@dataclass(frozen=True)
class Figure:
    """One recorded figure."""

    name: str
    """Of `callsim.measures.EVERY_MEASURE`."""
    kind: str
    """Kind of scope: "" the whole centre, "callers", "queue", "agents"."""
    member: str
    value: float | None
    half_width: float | None
    """None: there is only one replication, or no value."""
    exact: str
    """Numerator and denominator added up over the replications, ``12/345``; of a percentile the bin's edge. [s]"""
    margin: Margin | None = None
    """Set if the record is precise enough that a later version is judged by it."""

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return _MEASURES[self.name]

    @property
    def key(self) -> tuple[str, str, str]:
        """What the figure is about."""
        return self.kind, self.member, self.name

    @property
    def exact_value(self) -> float | None:
        """The value, not rounded as in the record's text."""
        top, _, bottom = self.exact.partition("/")
        if self.value is None or not bottom or not int(bottom):
            return self.value
        return int(top) / int(bottom) / self.measure.scale

    def __str__(self) -> str:
        """Return it as it is written in scenarios: ``wait_p90(support)``."""
        return f"{self.name}({self.member})" if self.kind else self.name

    def estimate(self, level: float, n: int) -> Estimate:
        """Return it as an estimate from ``n`` replications."""
        return Estimate(self.value, self.half_width, level, n)


@dataclass(frozen=True)
class Hour:
    """What happened between two full hours of the day, over all days and replications."""

    hour: int
    """0 to 23, local; without a calendar the hours since the start, modulo 24."""
    counts: tuple[int, int, int]
    """Calls that arrived in it: all, answered, abandoned."""
    mean_wait: float | None
    """Of those answered and abandoned, to the millisecond. [s]"""

    def cells(self) -> tuple[str, ...]:
        """Return the figures as texts, in the order of `HOUR_COLUMNS`."""
        return (*map(str, self.counts), "–" if self.mean_wait is None else f"{self.mean_wait:.3f}")


@dataclass(frozen=True)
class Recorded:
    """What one variant came to."""

    name: str
    plan: str
    """Digest of its plan."""
    logs: tuple[str, ...]
    """Digest of the log of each replication."""
    figures: tuple[Figure, ...]
    hours: tuple[Hour, ...]
    """Of the base only."""

    def figure(self, key: tuple[str, str, str]) -> Figure | None:
        """Return a figure; None if it is not in the record."""
        return next((figure for figure in self.figures if figure.key == key), None)


@dataclass(frozen=True)
class Record:
    """A scenario's record."""

    scenario: str
    """Name of the file."""
    version: str
    """Of callsim."""
    results: int
    """`RESULTS` when it was made."""
    random_scheme: int
    log_format: int
    seed: int
    replications: int
    level: float
    """Confidence level of the half widths."""
    digest: str
    """Of what the scenario says: values and named files, not its layout and comments."""
    variants: tuple[Recorded, ...]
    """The base first."""

    def variant(self, name: str) -> Recorded | None:
        """Return what a variant came to; None if it is not in the record."""
        return next((variant for variant in self.variants if variant.name == name), None)

    def figures(self) -> Iterator[tuple[Recorded, Figure]]:
        """Yield every figure with its variant."""
        return ((variant, figure) for variant in self.variants for figure in variant.figures)

    def title(self, variant: Recorded, figure: Figure) -> str:
        """Return a figure's name, with its variant if that is not the base."""
        return str(figure) if variant.name == self.variants[0].name else f"{variant.name}: {figure}"


def record_path(scenario: str | Path) -> Path:
    """Return where the record of a scenario stands: beside it, ``office.record.txt``.

    Raises
    ------
    CallsimError
        If the scenario's name is that of a record.

    Examples
    --------
    >>> record_path("plans/office.yaml").name
    'office.record.txt'
    """
    path = Path(scenario)
    if path.name.endswith(_SUFFIX):
        raise CallsimError(f"{path}: is a record; name the scenario that it belongs to")
    return path.with_name(path.stem + _SUFFIX)

"""How an experiment is run: seed, how many replications, with what help, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.experiments.engines import AUTO, check_engine
from callsim.measures.catalogue import BREAKDOWNS, CATALOGUE, EVERY_MEASURE

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["CELLS", "Progress", "Replications", "Settings", "check_measure"]

CELLS = tuple(dict.fromkeys(name.split("+")[-1] for name in BREAKDOWNS))
"""What rows can be split by on request."""

Progress = Callable[[int, int], None]
"""Called with (jobs finished, jobs in all at the most) after each job."""

_FEWEST_FOR_AN_INTERVAL = 2
_SEEDS = 1 << 32


@dataclass(frozen=True)
class Replications:
    """How many replications: a number, or as many as a precision needs.

    The sequential rule looks after each replication from ``at_least`` on whether every half width in
    ``until`` has been reached in every variant, and stops at the first. A moment chosen by the data is
    more often one at which the spread looks small by chance, so that the intervals cover a little less
    than their level; the larger ``at_least``, the smaller this bias.
    """

    at_least: int
    at_most: int
    until: Mapping[str, float] = field(default_factory=dict)
    """Measure of the whole centre (or ``measure(queue)``) -> half width to reach, in the measure's unit."""
    looks: tuple[int, ...] = ()
    """Numbers of replications after which it is asked whether they are enough; empty: with a precision to reach
    after each from ``at_least`` on, else never."""

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if not 1 <= self.at_least <= self.at_most:
            raise CallsimError(
                f"replications: found at least {self.at_least}, at most {self.at_most}; "
                "they must be 1 or more, and at_most not below at_least"
            )
        if self.until and self.at_least < _FEWEST_FOR_AN_INTERVAL:
            raise CallsimError("replications: a precision can only be judged from 2 replications on; set at_least: 2")

    def asks_after(self, n: int) -> bool:
        """Return whether it is asked after ``n`` replications if they are enough."""
        return n in self.looks if self.looks else bool(self.until) and n >= self.at_least

    @classmethod
    def exactly(cls, n: int) -> Replications:
        """Return the plan to run ``n`` replications."""
        return cls(n, n)


@dataclass(frozen=True)
class Settings:
    """Everything about a run besides what is simulated. None stands for what the scenario says."""

    seed: int
    replications: Replications
    level: float = 0.95
    """Confidence level of the intervals."""
    by: tuple[str, ...] = ()
    """Rows also by ``interval`` or by ``hour_of_week``, for the whole centre and each queue, stream and group."""
    measures: tuple[str, ...] = ()
    """Names of the measures that are wanted; none: all."""
    workers: int | None = None
    """Worker processes, or threads of the compiled engine; None: one for each core, none at all for a small job."""
    executor: Executor | None = None
    """Where the replications run instead of in worker processes of our own."""
    engine: str = AUTO
    """``auto``, ``simpy`` or ``compiled``: a matter of time, not of results."""
    keep_logs: bool = False
    save_logs: Path | None = None
    keep_on_interrupt: bool = False
    """Ctrl-C ends the run with what is finished instead of raising KeyboardInterrupt."""
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if not 0 <= self.seed < _SEEDS:
            raise CallsimError(f"seed: found {self.seed}; must be from 0 to {_SEEDS - 1}")
        if not 0.0 < self.level < 1.0:
            raise CallsimError(f"level: found {self.level}; must lie between 0 and 1, such as 0.95")
        if self.workers is not None and self.workers < 1:
            raise CallsimError(f"workers: found {self.workers}; must be 1 or more")
        check_engine(self.engine)
        for cell in self.by:
            if cell not in CELLS:
                raise CallsimError(f"by: found {cell!r}; must be one of {', '.join(CELLS)}")
        for name in self.measures:
            check_measure(name)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The breakdowns that ``by`` asks for, in the order of the catalogue."""
        return tuple(name for name in BREAKDOWNS if name.split("+")[-1] in self.by)


def check_measure(name: str) -> None:
    """Check that a measure exists.

    Raises
    ------
    CallsimError
        Naming the nearest measures that do.
    """
    known = [measure.name for measure in EVERY_MEASURE]
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, n=3)
        usual = ", ".join(measure.name for measure in CATALOGUE)
        advice = f"did you mean {' or '.join(near)}?" if near else f"measures are: {usual}"
        raise CallsimError(f"measures: found {name!r}; there is no such measure; {advice}")

"""What a figure is of: which variant, which queue, and the line that says so."""

from __future__ import annotations

from collections.abc import Mapping

from callsim.errors import CallsimError
from callsim.experiments.estimates import Row
from callsim.plan.plan import Plan
from callsim.report.result import Result

__all__ = ["Subject", "subject_of"]


class Subject:
    """One variant of a result, and one of its queues or the whole centre; made by `subject_of`."""

    def __init__(self, result: Result, variant: str, queue: str) -> None:
        self.result = result
        self.variant = variant
        self.queue = queue
        self.plan: Plan = result.findings.replicated.plans[variant]
        self.scope: Mapping[str, str] = {"queue": queue} if queue else {}

    @property
    def text(self) -> str:
        """The line below a title: scenario, queue, replications and level."""
        findings = self.result.findings
        n = findings.replicated.n
        runs = f"{n} replications, {100 * findings.level:g} % intervals" if n > 1 else "1 replication, no intervals"
        return " · ".join(filter(None, (self.variant, self.queue, runs)))

    def row(self, name: str, **cell: str | int) -> Row | None:
        """Return the row of a measure, in a cell of time if one is given; None if there is none."""
        return self.result.findings.row(name, {**self.scope, **cell}, self.variant)

    def need(self, cell: str, what: str) -> None:
        """Check that the result has rows by interval or by hour of the week.

        Raises
        ------
        CallsimError
            Saying how to ask for them.
        """
        if cell not in self.result.findings.by:
            raise CallsimError(
                f"{what}: the result has no rows by {cell.replace('_', ' ')}; "
                f'ask for them: callsim.run(..., by=["{cell}"])'
            )


def subject_of(result: Result, variant: str = "", queue: str = "") -> Subject:
    """Return what a figure is of.

    Parameters
    ----------
    result : Result
        From `callsim.run` or `callsim.compare`.
    variant : str
        Name of the variant; the base if empty.
    queue : str
        Name of the queue; the whole centre if empty.

    Raises
    ------
    CallsimError
        If there is no such variant or queue, or no replication was finished.
    """
    findings = result.findings
    name = variant or findings.base
    if name not in findings.replicated.plans:
        raise CallsimError(f"variant: found {variant!r}; variants are: {', '.join(findings.variants)}")
    queues = findings.replicated.plans[name].queues.names
    if queue and queue not in queues:
        raise CallsimError(f"queue: found {queue!r}; queues are: {', '.join(queues)}")
    if not findings.replicated.n:
        raise CallsimError(f"{findings.name}: no replication was finished, so there is nothing to draw")
    return Subject(result, name, queue)

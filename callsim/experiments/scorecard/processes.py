"""The processes of a scenario as opportunities and defects, and what that is in sigma.

With p the share of opportunities that are defects, the sigma level is how many standard deviations of a normal
distribution lie between its mean and a limit that it exceeds, on one side, with probability p [1]_::

    z = Phi^-1(1 - p)

Convention adds 1.5 to it, for a process whose mean wanders in the long run, and quotes 3.4 defects per million as
"6 sigma" [2]_. Both are given, since they are often confused: without the shift "6 sigma" is one in a thousand million.

References
----------
.. [1] ISO 13053-1:2011, Quantitative methods in process improvement, Six Sigma, part 1.
.. [2] M. J. Harry, The Nature of Six Sigma Quality, Motorola University Press, 1988.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Outcome, TransferResult
from callsim.experiments.scorecard.customers import ContactFacts, Customers
from callsim.plan.plan import Plan
from callsim.runlog import RunLog

__all__ = ["PROCESSES", "SHIFT", "Process", "count_processes", "sigma_level", "sigma_slope"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
SHIFT = 1.5
"""What convention adds to the sigma level."""
_NORMAL = NormalDist()
_TRIED = (
    TransferResult.TRANSFERRED,
    TransferResult.DROPPED_TARGET_CLOSED,
    TransferResult.RETURNED_TARGET_CLOSED,
    TransferResult.VOICEMAIL_TARGET_CLOSED,
    TransferResult.HELD_TARGET_CLOSED,
)


@dataclass(frozen=True)
class Process:
    """Something that can go right or wrong each time."""

    name: str
    scope: str
    """Kind of scope by which it is told apart, "" for the whole centre."""
    opportunity: str
    defect: str
    needs_cases: bool = False


PROCESSES = (
    Process("answered in time", "queue", "a caller's visit to the queue that ended there",
        "not answered within the time of its target"),
    Process("let in", "", "a call made", "a busy tone, a closed announcement or a voice box"),
    Process(
        "solved first time", "", "a customer who called and of whom it can be told",
        "not solved, or not answered, in the first call, or called again",
    ),
    Process("passed on and answered", "", "a call passed on", "not answered where it was passed on to"),
    Process("not cut off by agents", "agents", "a call answered", "the agent cut the caller off"),
    Process(
        "told only once", "", "an answer by an employee in a case", "the customer had to tell what he had told before",
        needs_cases=True,
    ),
    Process("promises kept", "", "a promise that fell due", "broken, or kept late", needs_cases=True),
    Process("no complaint", "", "a case whose customer called", "a complaint to the regulator", needs_cases=True),
)  # fmt: skip
"""Every process, in the order of the report."""


def sigma_level(share: float) -> float | None:
    """Return the sigma level of a share of defects, without the conventional shift; None for a share of 0 or 1.

    Examples
    --------
    >>> round(sigma_level(3.4e-6) + SHIFT, 2)
    6.0
    >>> round(sigma_level(0.308538) + SHIFT, 2)
    2.0
    """
    return _NORMAL.inv_cdf(1.0 - share) if 0.0 < share < 1.0 else None


def sigma_slope(share: float) -> float:
    """Return how fast the sigma level falls with the share: 1 / phi(z), for a share inside (0, 1)."""
    return 1.0 / _NORMAL.pdf(_NORMAL.inv_cdf(1.0 - share))


def count_processes(
    plan: Plan, log: RunLog, customers: Customers, facts: ContactFacts
) -> Iterator[tuple[str, tuple[str, str], int, int]]:
    """Yield (process, (kind of scope, member), opportunities, defects) of one replication."""
    inside = _inside(plan, log.contacts["arrived"])
    outcome, inbound = log.contacts["outcome"], inside & ~facts.outbound
    yield from _in_time(plan, log, inbound)
    visited = np.bincount(log.legs["contact"], minlength=len(outcome)) > 0
    turned_away = np.isin(outcome, (Outcome.BLOCKED, Outcome.CLOSED, Outcome.VOICEMAIL)) & ~visited
    yield "let in", ("", ""), int(inbound.sum()), int((inbound & turned_away).sum())
    yield (
        "solved first time", ("", ""), int(customers.decided.sum()),
        int((customers.decided & ~customers.first_time).sum()),
    )  # fmt: skip
    yield from _passed_on(log, inside)
    yield from _cut_off(plan, log, inside)
    if plan.cases.n:
        yield from _of_cases(log, customers, facts)


def _inside(plan: Plan, at: Int64) -> Bool:
    return (at >= plan.clock.warm_up) & (at < plan.clock.window_end)


def _in_time(plan: Plan, log: RunLog, inbound: Bool) -> Iterator[tuple[str, tuple[str, str], int, int]]:
    legs = log.legs
    ended = inbound[legs["contact"]] & ~np.isin(legs["outcome"], (Outcome.MOVED, Outcome.UNFINISHED))
    limit = plan.queues.acceptable_wait[legs["queue"]]
    in_time = (legs["outcome"] == Outcome.ANSWERED) & (legs["left"] - legs["entered"] <= limit)
    for q, name in enumerate(plan.queues.names):
        here = ended & (legs["queue"] == q)
        yield "answered in time", ("queue", name), int(here.sum()), int((here & ~in_time).sum())


def _passed_on(log: RunLog, inside: Bool) -> Iterator[tuple[str, tuple[str, str], int, int]]:
    """Look at the leg that a transfer leads to, the next of the contact; calls under way at the end do not count."""
    legs = log.legs
    rows = np.flatnonzero(inside[legs["contact"]] & np.isin(legs["transfer"], _TRIED))
    following = rows + 1
    has_next = following < len(legs["contact"])
    has_next[has_next] = legs["contact"][following[has_next]] == legs["contact"][rows[has_next]]
    outcome = np.full(len(rows), -1, np.int64)
    outcome[has_next] = legs["outcome"][following[has_next]]
    goes_on = np.isin(legs["transfer"][rows], (TransferResult.TRANSFERRED, TransferResult.HELD_TARGET_CLOSED))
    over = log.contacts["ended"][legs["contact"][rows]] >= 0
    known = (has_next & (outcome != Outcome.UNFINISHED)) | (~has_next & over) | ~goes_on
    # A call that is moved at closing on the way counts by where it ends up, which is the contact's end.
    moved = log.contacts["outcome"][legs["contact"][rows]] == Outcome.ANSWERED
    answered = goes_on & ((outcome == Outcome.ANSWERED) | ((outcome == Outcome.MOVED) & moved))
    yield "passed on and answered", ("", ""), int(known.sum()), int((known & ~answered).sum())


def _cut_off(plan: Plan, log: RunLog, inside: Bool) -> Iterator[tuple[str, tuple[str, str], int, int]]:
    legs = log.legs
    answered = inside[legs["contact"]] & (legs["outcome"] == Outcome.ANSWERED)
    ends = log.contacts["outcome"][legs["contact"]]
    dropped = (legs["transfer"] == TransferResult.DROPPED_TARGET_CLOSED) & (ends == Outcome.DROPPED_BY_TRANSFER)
    group = np.where(legs["agent"] >= 0, plan.agents.group[legs["agent"]], -1)
    for g, name in enumerate(plan.agents.groups):
        here = answered & (group == g)
        yield "not cut off by agents", ("agents", name), int(here.sum()), int((here & dropped).sum())


def _of_cases(
    log: RunLog, customers: Customers, facts: ContactFacts
) -> Iterator[tuple[str, tuple[str, str], int, int]]:
    """Of the cases that began in the window, with all that followed."""
    events = log.case_events
    called = customers.is_case & (customers.calls > 0)
    again = events["contact"][(events["event"] == CaseEvent.EXPLAINED) & (events["value"] > 0)]
    answers = int(facts.answers[facts.of_case & ~facts.outbound].sum())
    yield "told only once", ("", ""), answers, int(facts.of_case[again].sum())
    yield "promises kept", ("", ""), int(customers.promises.sum()), int(customers.promises_missed.sum())
    yield "no complaint", ("", ""), int(called.sum()), int((called & customers.complained).sum())

"""The balanced scorecard of a scenario: books of every replication, and figures with intervals from them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from callsim.errors import CallsimError
from callsim.experiments.execution import results
from callsim.experiments.interrupts import Interrupts
from callsim.experiments.jobs import Task
from callsim.experiments.scorecard.ledger import Ledger, keep_books
from callsim.experiments.scorecard.lines import Line, card_lines, one_more_lines
from callsim.experiments.scorecard.missing import Missing, what_is_missing
from callsim.experiments.scorecard.one_more import read_one_more, with_one_more
from callsim.experiments.settings import Settings
from callsim.plan.plan import Plan
from callsim.scenario import resolve
from callsim.scenario.resolving.money import money_of

if TYPE_CHECKING:
    from callsim.scenario import Scenario

__all__ = ["Findings", "find"]

BASE = ""
"""The plan as it is, among those with one more agent."""


@dataclass(frozen=True)
class Findings:
    """What the replications left of a scorecard."""

    name: str
    plan: Plan
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    ledgers: Mapping[str, tuple[Ledger, ...]]
    """"" and each ``GROUP@HOURS`` -> books, in the order of the replications."""
    log_digests: tuple[str, ...]
    """Of the plan as it is."""
    currency: str
    seed: int
    level: float
    n: int
    planned: int
    interrupted: bool


def find(scenario: Scenario, settings: Settings, one_more: Sequence[str] = ()) -> Findings:
    """Replicate a scenario, keep its books and estimate every figure of its scorecard.

    Parameters
    ----------
    scenario : Scenario
    settings : Settings
        How; a precision to reach is not looked at: as many replications are run as are allowed at the most.
    one_more : sequence of str
        ``GROUP@HOURS``: what one more agent there earns, under the same customers.

    Returns
    -------
    Findings

    Raises
    ------
    CallsimError
        If the scenario cannot be resolved, ``one_more`` speaks of what is not there, or a replication fails.
    """
    if len(set(one_more)) < len(one_more):
        twice = next(text for text in one_more if one_more.count(text) > 1)
        raise CallsimError(f"one more: found {twice!r} twice; name each group and its hours once")
    base = resolve(scenario)
    plans = {BASE: base}
    plans |= {text: with_one_more(base, read_one_more(scenario, text)) for text in one_more}
    ledgers, digests, interrupted = _books(plans, settings)
    n = min(len(column) for column in ledgers.values())
    kept = {name: tuple(column[:n]) for name, column in ledgers.items()}
    money = money_of(base)
    currency = money.terms.currency if money is not None else ""
    lines: tuple[Line, ...] = ()
    if n:
        lines = card_lines(base, kept[BASE], settings.level)
        for text in one_more:
            lines += one_more_lines(base, text, kept[BASE], kept[text], settings.level)
    return Findings(
        name=scenario.name,
        plan=base,
        lines=lines,
        missing=what_is_missing(base),
        ledgers=kept,
        log_digests=tuple(digests[:n]),
        currency=currency,
        seed=settings.seed,
        level=settings.level,
        n=n,
        planned=settings.replications.at_most,
        interrupted=interrupted,
    )


def _books(plans: Mapping[str, Plan], settings: Settings) -> tuple[dict[str, list[Ledger]], list[str], bool]:
    """Run every plan; each log is dropped as soon as its books are kept."""
    settings = replace(settings, keep_logs=True)
    digests = {name: plan.digest() for name, plan in plans.items()}
    by_digest = {digests[name]: plan for name, plan in plans.items()}
    ledgers: dict[str, list[Ledger]] = {name: [] for name in plans}
    log_digests: list[str] = []
    jobs = settings.replications.at_most * len(plans)
    interrupted = False
    try:
        with Interrupts(), contextlib.closing(results(_tasks(digests, settings), by_digest, settings, jobs)) as found:
            for count, finished in enumerate(found, start=1):
                name = finished.task.variant
                if finished.log is not None:
                    ledgers[name].append(keep_books(plans[name], finished.log))
                if name == BASE:
                    log_digests.append(finished.measures.log_digest)
                if settings.progress is not None:
                    settings.progress(count, jobs)
    except KeyboardInterrupt:
        if not settings.keep_on_interrupt:
            raise
        interrupted = True
    return ledgers, log_digests, interrupted


def _tasks(digests: Mapping[str, str], settings: Settings) -> Iterator[Task]:
    for replication in range(settings.replications.at_most):
        for name, digest in digests.items():
            yield Task(digest=digest, variant=name, seed=settings.seed, replication=replication, keep_log=True)

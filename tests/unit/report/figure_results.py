"""Results put together from plans and logs that were written by hand, for the tests of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsim.experiments.estimates import difference_rows, rows
from callsim.experiments.findings import Findings
from callsim.experiments.replicate import Replicated
from callsim.measures import BREAKDOWNS, measure
from callsim.plan.plan import Plan
from callsim.report.result import Comparison
from callsim.runlog import RunLog
from tests.small_logs import Contact, small_log

BY = ("interval", "hour_of_week")


def compared(
    plans: Mapping[str, Plan], logs: Mapping[str, Sequence[RunLog]], by: Sequence[str] = BY, keep_logs: bool = True
) -> Comparison:
    """Return what these logs come to; the first plan is the base."""
    wanted = [name for name in BREAKDOWNS if name.split("+")[-1] in by]
    measures = {name: tuple(measure(plans[name], log, wanted) for log in logs[name]) for name in plans}
    base = next(iter(plans))
    found = [row for name in plans for row in rows(measures[name], variant=name, by=wanted)]
    for name in list(plans)[1:]:
        found += difference_rows(measures[base], measures[name], variant=name, versus=base, by=wanted)
    n = len(logs[base])
    replicated = Replicated(
        plans=plans,
        digests={name: plan.digest() for name, plan in plans.items()},
        measures=measures,
        logs={name: tuple(logs[name]) if keep_logs else () for name in plans},
        n=n,
        planned=n,
        interrupted=False,
    )
    return Comparison(Findings("a desk", base, tuple(found), replicated, 1, 0.95, by=tuple(by)))


def one_plan(plan: Plan, *replications: Sequence[Contact], **more: Any) -> Comparison:
    """Return what replications of one plan come to, each given by its contacts."""
    logs = [small_log(plan, contacts, replication=n) for n, contacts in enumerate(replications)]
    return compared({"base": plan}, {"base": logs}, **more)

"""The reference page of the measures, made from the catalogue.

``python -m callsim.measures.reference > docs/reference/measures.md`` writes it; a test compares it with the
committed page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from callsim.codes import ServiceLevelFormula
from callsim.measures.case_catalogue import CASE_CATALOGUE, CURVES, DAYS
from callsim.measures.catalogue import BREAKDOWNS, CATALOGUE, SCOPES, Measure
from callsim.measures.service_level import FORMULAS

__all__ = ["measures_page"]

_HEAD = """\
# Measures

Made from the catalogue by `python -m callsim.measures.reference > docs/reference/measures.md`; do not edit.

A figure has a **name** and a **scope**: `{}` is the whole centre, `{"callers": "NAME"}` one stream of callers,
`{"queue": "NAME"}` one department, `{"agents": "NAME"}` one group. Two bases must not be mixed:

- `{}` and `callers` count **contacts**: one call from dialling to hanging up has one outcome, that of its last
  visit to a queue, and its wait is the sum of the waits of its visits (dialling between departments left out).
- `queue` and `agents` count **visits** (legs): a caller who is passed on visits two queues.

**Which calls count**: those whose contact arrives in the measured window [warm_up, warm_up + measure). What they do
later counts with them. **Which time counts**: the window itself, whoever fills it.

**On request** figures are split in time, by {breakdowns}.
A contact belongs to the interval of its arrival, a visit to that of its entry into the queue; intervals are
half-open, labelled in local time. Time is split at the edges. What begins after the horizon of a drained run is in
the total and in no interval. `hour_of_week` runs from 0 (Monday 00:00) to 167 and adds up the same hour of all weeks.

**Units**: times are in seconds, shares from 0 to 1. Wait thresholds are inclusive and compare unrounded times.

**Estimates**: counts and times are means over the replications, with Student's interval. Ratios and means divide the
sum over all replications by the sum over all replications (never a mean of ratios), percentiles are read
from the bins added up over replications; their intervals are by leave-one-out jackknife. No interval of a percentile is
narrower than its bin. Differences between variants are paired by replication. Where there is no value, or
no interval, there is null and a reason: never NaN, and never 100 % of nothing.
"""

_KINDS = {
    "count": ("Counts", "Mean number in a run."),
    "ratio": ("Shares and means", "Formed from sums over all replications."),
    "percentile": ("Percentiles of the wait", ""),
    "maximum": ("Longest wait", ""),
    "time": ("Agents' time", "Mean total of a run, in seconds; of all agents of the group together."),
}


def measures_page() -> str:
    """Return the page as Markdown."""
    head = _HEAD.replace("{breakdowns}", ", ".join(f"`{name}`" for name in BREAKDOWNS))
    return "\n".join([head, *_tables(), *_service_levels(), *_cases(), ""])


def _tables() -> Iterator[str]:
    for kind, (title, text) in _KINDS.items():
        yield f"## {title}\n"
        if text:
            yield f"{text}\n"
        yield "| name | unit | scopes | definition |"
        yield "| --- | --- | --- | --- |"
        yield from (_line(measure) for measure in CATALOGUE if measure.kind == kind)
        yield ""


def _line(measure: Measure) -> str:
    scopes = ", ".join(f"`{scope or '{}'}`" for scope in (*SCOPES, "cases", "customers") if scope in measure.scopes)
    definition = measure.definition.replace("|", "\\|")
    return f"| `{measure.name}` | {measure.unit} | {scopes} | {definition} |"


def _service_levels() -> Iterator[str]:
    yield "## Formulas of the service level\n"
    yield (
        "A queue names its formula; the definition beside each figure repeats it with its threshold. T is the\n"
        "acceptable wait of the queue, t the limit of a short abandon.\n"
    )
    yield "| formula | definition |"
    yield "| --- | --- |"
    for formula in ServiceLevelFormula:
        yield f"| `{formula.name.lower()}` | {FORMULAS[formula].format(wait='T', short='t')} |"


_CASES = """\

## Cases

Only scenarios with cases have these. A **case** is one problem of one customer over all his contacts; the cohort are
the problems that began in the measured window, followed to the end of the run. The scope `{}` is all cases,
`{"cases": "TYPE"}` a type of case, `{"customers": "TYPE: KIND"}` a type with one kind of customer (its stream).
**Finished** cases were solved or given up; who never tried is not among them. Failure demand is of all contacts that
arrive in the measured window. What the words mean, and what becomes of figures if cases are open when the run ends:
[cases](../explanation/cases.md).

Ranks are means of the replications' shares, with Student's interval; numbers of calls and employees have a bin each.
"""
_CURVE_DAYS = """\

By age there are these shares, with a scope key `day` beside the others ({days} days after the problem began, as
far as any case was followed); with several replications the interval is by jackknife, with one by the estimator's
own variance.
"""


def _cases() -> Iterator[str]:
    yield _CASES
    yield "| name | unit | scopes | definition |"
    yield "| --- | --- | --- | --- |"
    yield from (_line(measure) for measure in CASE_CATALOGUE)
    yield _CURVE_DAYS.replace("{days}", ", ".join(map(str, DAYS)))
    yield "| name | unit | definition |"
    yield "| --- | --- | --- |"
    yield from (f"| `{name}` | 1 | {definition} |" for name, (_, definition) in CURVES.items())


if __name__ == "__main__":
    sys.stdout.write(measures_page())

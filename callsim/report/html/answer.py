"""The answer in two sentences, each computed from the rows, so that it can only say what they show.

A variant *helps* if the paired interval of its difference to the base lies wholly below zero. It is said to beat
another only if their own paired difference shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from callsim.experiments.compare import ranking
from callsim.experiments.estimates import Row, difference_rows
from callsim.experiments.findings import Findings
from callsim.report.html.cells import holds_zero, spelled
from callsim.report.texts import Texts

__all__ = ["HOLD_AND_ABANDONMENT", "answer"]

HOLD_AND_ABANDONMENT = ("mean_wait", "abandonment_ratio")
"""What a comparison is judged by; less is better."""


def answer(findings: Findings, texts: Texts) -> tuple[str, str]:
    """Return the two sentences at the top of the report.

    Parameters
    ----------
    findings : Findings
        Of a run or of an experiment.
    texts : Texts
        The language.
    """
    if len(findings.variants) == 1:
        return _wait(findings, texts), _abandoned(findings, texts)
    first, second = (_compared(findings, name, texts) for name in HOLD_AND_ABANDONMENT)
    return first, second


def _wait(findings: Findings, texts: Texts) -> str:
    mean, p90 = findings.row("mean_wait", {}), findings.row("wait_p90", {})
    if mean is None or mean.value is None or p90 is None:
        return texts.run_no_wait.format(reason=_reason(mean, texts))
    return texts.run_wait.format(mean=spelled(mean, texts), p90=spelled(p90, texts))


def _abandoned(findings: Findings, texts: Texts) -> str:
    abandoned, held = findings.row("abandonment_ratio", {}), findings.row("share_held_an_hour", {})
    if abandoned is None or abandoned.value is None:
        return texts.run_no_calls.format(reason=_reason(abandoned, texts))
    busy = findings.row("occupancy", {})
    return texts.run_abandoned.format(
        abandoned=spelled(abandoned, texts),
        held=texts.held.format(share=spelled(held, texts)) if held is not None and held.value else "",
        busy=texts.busy.format(share=spelled(busy, texts)) if busy is not None and busy.value is not None else "",
    )


def _reason(row: Row | None, texts: Texts) -> str:
    return (row.reason if row is not None else "") or texts.unknown_reason


@dataclass(frozen=True)
class _Verdicts:
    """The variants of an experiment by what their difference to the base shows, in the order of the measure."""

    better: list[str]
    worse: list[str]
    unclear: list[str]

    @property
    def n(self) -> int:
        return len(self.better) + len(self.worse) + len(self.unclear)


def _verdicts(findings: Findings, name: str) -> _Verdicts:
    found = _Verdicts([], [], [])
    for placed in ranking(findings, name):
        if placed.variant == findings.base:
            continue
        row = findings.row(name, {}, placed.variant, findings.base)
        if row is None or row.value is None or holds_zero(row):
            found.unclear.append(placed.variant)
        else:
            (found.better if row.value < 0 else found.worse).append(placed.variant)
    return found


def _compared(findings: Findings, name: str, texts: Texts) -> str:
    base = findings.row(name, {})
    if base is None or base.value is None:
        return texts.no_figure[name].format(reason=_reason(base, texts))
    before = spelled(base, texts)
    if base.half_width is None:
        return texts.no_intervals[name].format(base=findings.base, before=before)
    found = _verdicts(findings, name)
    worse = texts.worse[name].format(count=len(found.worse), all=found.n) if found.worse else ""
    if not found.better:
        unclear = texts.unclear.format(count=len(found.unclear), all=found.n) if found.unclear else ""
        return texts.none_better[name].format(base=findings.base, before=before, unclear=unclear, worse=worse)
    best = found.better[0]
    difference, after = findings.row(name, {}, best, findings.base), findings.row(name, {}, best)
    assert difference is not None
    assert after is not None
    return texts.better[name].format(
        best=best,
        by=spelled(difference, texts, difference=True),
        before=before,
        after=spelled(after, texts),
        rivals=_rivals(findings, name, best, texts),
        worse=worse,
    )


def _rivals(findings: Findings, name: str, best: str, texts: Texts) -> str:
    """Return how the best stands to the other variants: it beats them all, or some are not told apart from it."""
    others = [variant for variant in findings.variants if variant not in (best, findings.base)]
    if not others:
        return ""
    rows = {other: _between(findings, name, best, other) for other in others}
    equal = [other for other in others if holds_zero(rows[other])]
    if equal:
        return texts.rivals.format(names=texts.listing(equal))
    # Another may be lower and still not be told apart from the base: then the best beats only the others.
    return texts.beats_all if all((row.value or 0.0) < 0 for row in rows.values()) else ""


def _between(findings: Findings, name: str, variant: str, other: str) -> Row:
    """Return the paired difference of two variants, variant - other."""
    measures = findings.replicated.measures
    rows = difference_rows(
        list(measures[other]), list(measures[variant]), variant=variant, versus=other, level=findings.level
    )
    return next(row for row in rows if row.name == name and not row.scope)

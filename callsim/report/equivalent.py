"""Are two results the same, give or take a margin? For tests that hold one scenario against another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callsim.errors import CallsimError
from callsim.experiments.estimates import Row, difference_rows, rows
from callsim.experiments.records.margins import allowed, default_margin, is_share
from callsim.experiments.records.text import number, value_text
from callsim.experiments.records.value import Margin
from callsim.experiments.settings import check_measure
from callsim.measures import Measure, measure_named
from callsim.report.result import Result
from callsim.stats import Equivalence, Estimate, equivalence, independent_difference

__all__ = ["not_equivalent"]


def not_equivalent(
    base: Result,
    other: Result,
    measures: Sequence[str],
    *,
    margin: float | None = None,
    level: float = 0.95,
    **scope: str,
) -> tuple[str, ...]:
    """Return why two results cannot be called the same, a line for each figure; empty if they are.

    Under the same seed the replications are compared pair by pair, which tells much smaller differences apart;
    otherwise as independent runs. A figure for which the replications do not suffice is not called the same either.

    Parameters
    ----------
    base, other : Result
        Of `callsim.run`; of a comparison the base variant counts.
    measures : sequence of str
        What is compared, such as ``service_level``; at least one.
    margin : float, optional
        The largest difference that does not matter, in the unit of the measures (0.01: one point of a share); default:
        that of a record.
    level : float
        1 - alpha: two results that differ by more than the margin pass with probability alpha at the most.
    **scope
        Such as ``queue="billing"``; none: the whole centre.

    Raises
    ------
    CallsimError
        If there is no such measure or scope, or none is named.
    """
    if not measures:
        raise CallsimError("equivalence: found no measures; name what is to be the same, such as service_level")
    for name in measures:
        check_measure(name)
    return tuple(_said(base, other, measures, margin, level, scope))


def _said(
    base: Result, other: Result, measures: Sequence[str], margin: float | None, level: float, scope: dict[str, str]
) -> Iterator[str]:
    two_sided = 1.0 - 2.0 * (1.0 - level)
    columns = [result.measures[result.findings.base] for result in (base, other)]
    paired = base.findings.seed == other.findings.seed
    before, after = (
        {row.name: row for row in rows(column, level=two_sided) if row.scope == scope} for column in columns
    )
    between = difference_rows(*columns, level=two_sided) if paired else []
    pairs = {row.name: row for row in between if row.scope == scope}
    for name in measures:
        if name not in before or name not in after:
            raise CallsimError(f"equivalence: there is no figure {name!r} in the scope {scope or 'whole centre'}")
        first, second = _estimate(before[name]), _estimate(after[name])
        difference = _estimate(pairs[name]) if paired else independent_difference(first, second, two_sided)
        room = _room(measure_named(name), margin, first.value)
        verdict = equivalence(difference, room)
        if verdict is not Equivalence.WITHIN:
            yield _line(name, (first, second), difference, room, verdict)


def _here(found: list[Row], scope: dict[str, str]) -> dict[str, Row]:
    return {row.name: row for row in found if row.scope == scope}


def _estimate(row: Row) -> Estimate:
    return Estimate(row.value, row.half_width, row.level, row.n, row.reason)


def _room(measure: Measure, margin: float | None, value: float | None) -> float:
    if margin is not None:
        return margin
    usual = default_margin(measure)
    if usual is None:
        raise CallsimError(f"equivalence: {measure.name} has no usual margin; give one")
    return allowed(measure, Margin(usual.amount, usual.unit), value or 0.0)


def _line(name: str, pair: tuple[Estimate, Estimate], difference: Estimate, room: float, verdict: Equivalence) -> str:
    first, second = (value_text(name, each.value, each.half_width) for each in pair)
    found = "no value" if difference.value is None else value_text(name, difference.value, difference.half_width, "+")
    measure = measure_named(name)
    if is_share(measure):
        found = found.replace("%", "points")
    unit = "points" if is_share(measure) else measure.unit if measure.unit == "s" else ""
    text = number(room * (100.0 if unit == "points" else 1.0), None)
    verdicts = {
        Equivalence.BEYOND: "beyond the margin",
        Equivalence.UNDECIDED: "perhaps beyond the margin; more replications may tell",
    }
    return f"{name}: {first} -> {second}: the difference {found} is {verdicts[verdict]} ({text} {unit}".rstrip() + ")"

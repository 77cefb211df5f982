"""Two records of one scenario, the old and the new: what moved, by how much, when, and what brought it about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from callsim.experiments.records.margins import allowed, default_margin, is_share, noise
from callsim.experiments.records.text import margin_text, number, value_text
from callsim.experiments.records.value import Figure, Hour, Margin, Record, Recorded
from callsim.stats import (
    Equivalence,
    Estimate,
    at_least_this_uncertain,
    equivalence,
    independent_difference,
    level_of_each_look,
    student_quantile,
)

__all__ = ["Moved", "MovedHour", "Verdict", "culprits", "is_comparable", "moved_exactly", "moved_hours", "verdicts"]

_EQUIVALENCE_LEVEL = 0.95
"""An unequal figure passes for equal with probability 5 % at the most."""
_ALARM_LEVEL = 0.99
"""That any unequal figure of the whole record is announced where there is none: 1 % at the most."""
_DEVIATIONS = 4.0


class Verdict(Enum):
    """What was found of one figure."""

    SAME = "the same"
    MOVED = "moved"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Moved:
    """A figure of the record and what it is now."""

    title: str
    """As in a scenario: ``wait_p90(support)``."""
    before: str
    after: str
    change: str
    verdict: Verdict = Verdict.MOVED
    margin: str = ""
    """How much it may move; "" if it was compared exactly."""


@dataclass(frozen=True)
class MovedHour:
    """An hour of the day in which something else happens than is recorded."""

    hour: int
    changes: tuple[tuple[str, str, str], ...]
    """Name, before, after."""


def culprits(old: Record, new: Record) -> tuple[str, ...]:
    """Return what brought a difference about: the scenario, its resolving, the engine, or the measuring.

    The scenario makes the plan, the plan the logs, the logs the figures: whatever comes out differently although
    what went in is the same, has changed.
    """
    found = []
    if old.digest != new.digest:
        found.append("the scenario")
    pairs = _pairs(old, new)
    if len(pairs) < max(len(old.variants), len(new.variants)):
        found.append("the list of variants")
    plans = [before.plan == after.plan for before, after in pairs]
    if not all(plans) and old.digest == new.digest:
        found.append("how callsim (or its time zones) makes the plan of an unchanged scenario")
    if (old.random_scheme, old.seed) != (new.random_scheme, new.seed):
        found.append("the random numbers")
    same_draws = (old.random_scheme, old.seed) == (new.random_scheme, new.seed)
    logs = [_same_logs(before, after) for before, after in pairs]
    if same_draws and any(plan and not log for plan, log in zip(plans, logs, strict=True)):
        found.append("the engine: an unchanged plan runs differently")
    figures = [_same_figures(before, after) for before, after in pairs]
    if same_draws and any(log and not same for log, same in zip(logs, figures, strict=True)):
        found.append("the measuring: an unchanged log gives other figures")
    return tuple(found)


def _pairs(old: Record, new: Record) -> list[tuple[Recorded, Recorded]]:
    found = [(before, new.variant(before.name)) for before in old.variants]
    return [(before, after) for before, after in found if after is not None]


def _same_logs(before: Recorded, after: Recorded) -> bool:
    return before.logs == after.logs


def _same_figures(before: Recorded, after: Recorded) -> bool:
    return before.hours == after.hours and {figure.key: figure.exact for figure in before.figures} == {
        figure.key: figure.exact for figure in after.figures
    }


def is_comparable(old: Record, new: Record) -> bool:
    """Return whether two records must be equal to the last digit: one version, one random scheme, the same draws."""
    return (old.version, old.random_scheme, old.log_format, old.seed, old.replications) == (
        new.version, new.random_scheme, new.log_format, new.seed, new.replications
    )  # fmt: skip


def moved_exactly(old: Record, new: Record) -> tuple[Moved, ...]:
    """Return every figure that is not the same number as in the record; a variant that is only in one is one too."""
    found = []
    for before in old.variants:
        after = new.variant(before.name)
        if after is None:
            found.append(Moved(f"variant {before.name!r}", "there", "gone", ""))
            continue
        for first, second in _figures(before, after):
            here = first or second
            assert here is not None
            if not _is_same(first, second, before.logs == after.logs):
                found.append(_moved(old.title(before, here), first, second))
    known = {variant.name for variant in old.variants}
    found += [
        Moved(f"variant {each.name!r}", "not there", "new", "") for each in new.variants if each.name not in known
    ]
    return tuple(found)


def _figures(before: Recorded, after: Recorded) -> Iterator[tuple[Figure | None, Figure | None]]:
    """Yield each figure of the two, None where one has it not: a count of nothing is left out."""
    yield from ((figure, after.figure(figure.key)) for figure in before.figures)
    yield from ((None, figure) for figure in after.figures if before.figure(figure.key) is None)


def _is_same(first: Figure | None, second: Figure | None, same_logs: bool) -> bool:
    """Return whether a figure is the same; of other logs 0 of 8 and 0 of 9 are, of the same log they are a mistake."""
    if first is None or second is None:
        return False
    return first.exact == second.exact or (not same_logs and first.exact_value == second.exact_value)


def _moved(title: str, first: Figure | None, second: Figure | None) -> Moved:
    here = first or second
    assert here is not None
    absent = 0.0 if here.measure.kind in ("count", "time") else None
    before, after = (absent if figure is None else figure.exact_value for figure in (first, second))
    change = "" if before is None or after is None else value_text(here.name, after - before, None, "+")
    if is_share(here.measure):
        change = change.replace("%", "points")
    if change and before:
        change += f" ({100 * ((after or 0.0) - before) / before:+.3g} %)"
    texts = [value_text(here.name, value, None) for value in (before, after)]
    if texts[0] == texts[1]:
        texts = [figure.exact if figure else "0" for figure in (first, second)]
    return Moved(title, texts[0], texts[1], change)


def moved_hours(old: Record, new: Record, beyond_chance: bool = False) -> tuple[MovedHour, ...]:
    """Return the hours of the day of the base that differ, in order.

    Parameters
    ----------
    old, new : Record
    beyond_chance : bool
        Leave out hours in which each count lies within four standard deviations of a Poisson number. A hint where
        to look, no test: the counts of callers who call again vary more.
    """
    before = {hour.hour: hour for hour in old.variants[0].hours}
    after = {hour.hour: hour for hour in new.variants[0].hours}
    n = (old.replications, new.replications)
    found = []
    for hour in sorted(before.keys() | after.keys()):
        pair = (before.get(hour), after.get(hour))
        changes = tuple(_changes(*pair, *n))
        if changes and not (beyond_chance and _is_chance(*pair, *n)):
            found.append(MovedHour(hour, changes))
    return tuple(found)


def _is_chance(first: Hour | None, second: Hour | None, n_old: int, n_new: int) -> bool:
    for at in range(3):
        old, new = (0 if hour is None else hour.counts[at] for hour in (first, second))
        if (old / n_old - new / n_new) ** 2 > _DEVIATIONS**2 * (old / n_old**2 + new / n_new**2):
            return False
    return True


def _changes(first: Hour | None, second: Hour | None, n_old: int, n_new: int) -> Iterator[tuple[str, str, str]]:
    """Yield what differs; counts are those of one replication, since the numbers of replications may differ."""
    for at, name in enumerate(("arrivals", "answered", "abandoned")):
        old, new = (0 if hour is None else hour.counts[at] for hour in (first, second))
        if old * n_new != new * n_old:
            yield name, number(old / n_old, None), number(new / n_new, None)
    waits = [None if hour is None else hour.mean_wait for hour in (first, second)]
    if waits[0] != waits[1]:
        texts = ["–" if wait is None else f"{wait:.1f} s" for wait in waits]
        yield "mean wait", texts[0], texts[1]


def verdicts(old: Record, new: Record, n_looks: int) -> tuple[Moved, ...]:
    """Judge a record by a run of another version, or with other draws: two one-sided tests with a margin.

    Parameters
    ----------
    old : Record
        The record.
    new : Record
        What comes out now, perhaps with more replications.
    n_looks : int
        How often is looked, this time included, before the budget ends.

    Returns
    -------
    tuple of Moved
        One a figure that has a margin in the record, or has moved beyond the usual margin of its kind for certain.
        Figures that the record knows too little about and that have not moved for certain are left out.
    """
    compared = [
        (old.title(before, first), first, second)
        for before, after in _pairs(old, new)
        for first, second in _figures(before, after)
        if first is not None
    ]
    alarm = level_of_each_look(_ALARM_LEVEL, n_looks, 2 * max(1, len(compared)))
    usual = level_of_each_look(_EQUIVALENCE_LEVEL, n_looks, 1)
    found = []
    for title, first, second in compared:
        margin = first.margin or default_margin(first.measure)
        if margin is None or first.value is None:
            continue
        now = second or Figure(first.name, first.kind, first.member, 0.0, 0.0, f"0/{new.replications}")
        estimates = (_uncertain(first, old), _uncertain(now, new))
        verdict = _verdict(
            estimates, allowed(first.measure, margin, first.value), first.margin is not None, (alarm, usual)
        )
        if verdict is not None:
            found.append(_judged(title, first, now, margin, verdict))
    return tuple(found)


def _uncertain(figure: Figure, record: Record) -> Estimate:
    """Return a figure with the spread that it has at the least."""
    estimate = figure.estimate(record.level, record.replications)
    if record.replications == 1:
        return estimate
    least = noise(figure.measure, figure.exact, record.replications)
    return at_least_this_uncertain(estimate, least * student_quantile(record.replications - 1, record.level))


def _verdict(
    estimates: tuple[Estimate, Estimate], margin: float, judged: bool, levels: tuple[float, float]
) -> Verdict | None:
    """Judge one figure; None: it is known too imprecisely to be judged, and has not moved for certain."""
    alarm, usual = (independent_difference(*estimates, level) for level in levels)
    if equivalence(alarm, margin) is Equivalence.BEYOND:
        return Verdict.MOVED
    if not judged:
        return None
    found = equivalence(usual, margin)
    if found is Equivalence.UNDECIDED:
        return Verdict.UNDECIDED
    return Verdict.SAME if found is Equivalence.WITHIN else Verdict.MOVED


def _judged(title: str, before: Figure, after: Figure, margin: Margin, verdict: Verdict) -> Moved:
    moved = _moved(title, before, after)
    texts = [value_text(figure.name, figure.value, figure.half_width) for figure in (before, after)]
    return Moved(title, texts[0], texts[1], moved.change, verdict, margin_text(margin))

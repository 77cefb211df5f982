"""From finished replications to a record: which figures are kept, and what they are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim.experiments.estimates import Row, rows
from callsim.experiments.records.margins import default_margin, is_judged, noise
from callsim.experiments.records.value import RESULTS, Figure, Hour, Margin, Record, Recorded
from callsim.experiments.settings import Settings
from callsim.measures import Measures, Part, measure_named
from callsim.runlog import FORMAT as LOG_FORMAT
from callsim.scenario.reading.source import Node, WrittenText, plain
from callsim.stats import Estimate

if TYPE_CHECKING:
    from callsim.scenario import Experiment

__all__ = ["BREAKDOWN", "made", "scenario_digest"]

BREAKDOWN = "hour_of_week"
"""The breakdown that a record needs to be measured."""
KEPT = {
    "": (
        "arrivals", "offered", "answered", "abandoned", "blocked", "balked", "closed", "voicemail",
        "dropped_by_transfer", "dropped_at_closing", "transferred", "unfinished", "abandonment_ratio", "reach",
        "reach_per_caller", "service_level", "share_held_an_hour", "occupancy", "speed_of_answer", "mean_wait",
        "wait_p50", "wait_p90", "wait_p99", "wait_max", "hold_per_caller", "calls_per_caller", "mean_queue",
        "handle_time", "staffed_time", "busy_time", "overrun_time", "paid_time",
    ),
    "callers": ("arrivals", "reach", "abandonment_ratio", "hold_per_caller"),
    "queue": (
        "offered", "answered", "abandoned", "abandonment_ratio", "service_level", "share_held_an_hour",
        "speed_of_answer", "wait_p90", "mean_queue", "handle_time",
    ),
    "agents": ("answered", "occupancy", "handle_time", "staffed_time", "overrun_time"),
}  # fmt: skip
"""Kind of scope -> the measures that a record keeps; of variants beside the base only those of the whole centre."""
_TICKS_IN_A_SECOND = 1_000_000
_HOURS = 24


def made(
    experiment: Experiment,
    measures: Mapping[str, Sequence[Measures]],
    settings: Settings,
    random_scheme: int,
    margins: Mapping[tuple[str, ...], Margin] | None = None,
) -> Record:
    """Return the record of what was simulated.

    Parameters
    ----------
    experiment : Experiment
        The scenario and its variants.
    measures : mapping of str to sequence of Measures
        Variant -> one a replication, measured by `BREAKDOWN`; the base first.
    settings : Settings
        Of the runs.
    random_scheme : int
        Of the plans.
    margins : mapping, optional
        (variant, kind of scope, member, measure) -> the margin instead of the usual one.
    """
    base = next(iter(measures))
    return Record(
        scenario=Path(experiment.source.file).name,
        version=version("callsim"),
        results=RESULTS,
        random_scheme=random_scheme,
        log_format=LOG_FORMAT,
        seed=settings.seed,
        replications=len(measures[base]),
        level=settings.level,
        digest=scenario_digest(experiment),
        variants=tuple(
            Recorded(
                name=name,
                plan=column[0].plan_digest,
                logs=tuple(each.log_digest for each in column),
                figures=tuple(_figures(name, column, name == base, settings.level, margins or {})),
                hours=tuple(_hours([each.parts[BREAKDOWN] for each in column])) if name == base else (),
            )
            for name, column in measures.items()
        ),
    )


def _figures(
    variant: str,
    measures: Sequence[Measures],
    whole: bool,
    level: float,
    margins: Mapping[tuple[str, ...], Margin],
) -> Iterator[Figure]:
    for row in rows(measures, level=level):
        kind, member = next(((str(k), str(m)) for k, m in row.scope.items()), ("", ""))
        if row.name in KEPT.get(kind, ()) and (whole or not kind):
            exact = _exact(row, kind, member, measures)
            # A count of nothing is not worth a line: what is not in the record is zero.
            if measure_named(row.name).kind not in ("count", "time") or not exact.startswith("0/"):
                yield _figure(row, (kind, member), exact, margins.get((variant, kind, member, row.name)))


def _figure(row: Row, scope: tuple[str, str], exact: str, wanted: Margin | None) -> Figure:
    measure = measure_named(row.name)
    margin = wanted or default_margin(measure)
    estimate = Estimate(row.value, row.half_width, row.level, row.n)
    judged = wanted is not None or is_judged(measure, estimate, margin, noise(measure, exact, row.n))
    return Figure(row.name, *scope, row.value, row.half_width, exact, margin if judged else None)


def _exact(row: Row, kind: str, member: str, measures: Sequence[Measures]) -> str:
    """Return the integers that a figure is made of, added up over the replications."""
    measure = measure_named(row.name)
    if measure.kind == "percentile":
        return "–" if row.value is None else f"{row.value:.10g}"
    at = measures[0].members[kind].index(member)
    parts = [each.parts[kind] for each in measures]
    if measure.kind == "maximum":
        longest = [int(part.maxima[at, 0]) for part in parts]
        return f"{sum(wait for wait in longest if wait >= 0)}/{sum(wait >= 0 for wait in longest)}"
    top = _total(parts, measure.numerator, at)
    return f"{top}/{_total(parts, measure.denominator, at) if measure.denominator else len(parts)}"


def _total(parts: Sequence[Part], name: str, member: int) -> int:
    return sum(int(part.sum_of(name)[member, 0]) for part in parts)


def _hours(parts: Sequence[Part]) -> Iterator[Hour]:
    """Yield what happened in each hour of the day in which anything did: all days and replications together."""
    totals = {
        name: [sum(int(part.sum_of(name)[0, hour::_HOURS].sum()) for part in parts) for hour in range(_HOURS)]
        for name in ("arrivals", "answered", "abandoned", "wait", "waited")
    }
    for hour in range(_HOURS):
        counts = (totals["arrivals"][hour], totals["answered"][hour], totals["abandoned"][hour])
        if any(counts):
            waited = totals["waited"][hour]
            mean = round(totals["wait"][hour] / waited / _TICKS_IN_A_SECOND, 3) if waited else None
            yield Hour(hour, counts, mean)


def scenario_digest(experiment: Experiment) -> str:
    """Return a SHA-256 over what a scenario and its variants say, as 64 hexadecimal digits.

    Covered are all values, wherever they were written, and the files that they name. Comments, layout, line ends,
    ``about`` and ``expect`` are not: they cannot alter a figure.
    """
    scenarios = [(experiment.base.name, experiment.base), *experiment.variants]
    said = [
        (name, _without_words(plain(scenario.source.root)), _files(scenario.source.root))
        for name, scenario in scenarios
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _without_words(tree: Any) -> Any:
    return {key: value for key, value in tree.items() if key not in ("about", "expect")}


def _files(root: Node) -> dict[str, str]:
    """Return name -> digest of every file that the values of a tree name."""
    found: dict[str, str] = {}
    for text in _texts(plain(root)):
        path = text.folder / text
        if "." in text and "\n" not in text and _is_file(path):
            found[str(text)] = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return found


def _texts(value: Any) -> Iterator[WrittenText]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, WrittenText):
        yield value


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text that no file can be called
        return False

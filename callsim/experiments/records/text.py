"""A record as text, made to be read in a diff: one figure a line, no column that moves when another line changes.

Cells are divided by two blanks or more. Figures come with as many digits as their half width supports; what has to be
exact stands beside them as whole numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from callsim.errors import CallsimError
from callsim.experiments.records.margins import is_share
from callsim.experiments.records.value import FORMAT, HOUR_COLUMNS, Figure, Hour, Margin, Record, Recorded
from callsim.measures import EVERY_MEASURE

__all__ = ["margin_text", "number", "read", "record_text", "value_text"]

_HEAD = {
    "record format": "format", "callsim": "version", "results": "results", "random scheme": "random_scheme",
    "log format": "log_format", "seed": "seed", "replications": "replications", "level": "level", "scenario": "digest",
}  # fmt: skip
_KINDS = {"": "whole centre", "callers": "callers", "queue": "queue", "agents": "agents"}
_UNITS = {measure.name: "%" if is_share(measure) else "s" if measure.unit == "s" else "" for measure in EVERY_MEASURE}
_NOTHING = "–"
_SIGNIFICANT = 6


def record_text(record: Record) -> str:
    """Return the record as the text of its file."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    yield f"What {record.scenario} came to. Write it anew with: callsim check --update {record.scenario}"
    yield ""
    for title, name in _HEAD.items():
        yield f"{title:<16}{FORMAT if name == 'format' else getattr(record, name)}"
    for variant in record.variants:
        yield ""
        yield f"== {_quoted(variant.name)}"
        yield f"{'plan':<16}{variant.plan}"
        for number, digest in enumerate(variant.logs):
            yield f"{f'log {number}':<16}{digest}"
        scope: tuple[str, str] | None = None
        for figure in variant.figures:
            if (figure.kind, figure.member) != scope:
                scope = (figure.kind, figure.member)
                yield ""
                yield f"-- {_KINDS[figure.kind]} {_quoted(figure.member) if figure.kind else ''}".rstrip()
            yield _figure_line(figure)
        if variant.hours:
            yield ""
            yield "-- by hour of the day: " + ", ".join(HOUR_COLUMNS)
            yield from (
                f"  {hour.hour:02d}:00  " + "".join(f"{cell:>12}" for cell in hour.cells()) for hour in variant.hours
            )


def _figure_line(figure: Figure) -> str:
    shown = value_text(figure.name, figure.value, figure.half_width)
    margin = f"  margin {margin_text(figure.margin)}" if figure.margin is not None else ""
    return f"  {figure.name:<22}{shown:<28}  {figure.exact:<28}{margin}".rstrip()


def value_text(name: str, value: float | None, half_width: float | None, sign: str = "") -> str:
    """Return a figure with its half width, in the unit in which the measure is read.

    Examples
    --------
    >>> value_text("reach", 0.61051, 0.00351), value_text("handle_time", 312.43218, 1.2)
    ('61.051 ± 0.351 %', '312.43 ± 1.20 s')
    """
    if value is None:
        return _NOTHING
    unit = _UNITS[name]
    factor = 100.0 if unit == "%" else 1.0
    text = number(value * factor, None if half_width is None else half_width * factor, sign)
    return f"{text} {unit}".rstrip()


def number(value: float, half_width: float | None, sign: str = "") -> str:
    """Return ``value ± half width``: the half width with three digits, the value with as many decimals."""
    if half_width is None:
        return f"{value:{sign}.{_SIGNIFICANT}g}" if abs(value) < 10**_SIGNIFICANT else f"{value:{sign}.0f}"
    if half_width == 0.0:
        return f"{value:{sign}.{10}g} ± 0"
    magnitude = int(f"{half_width:.2e}".split("e")[1])
    places = max(0, 2 - magnitude)
    return f"{value:{sign}.{places}f} ± {half_width:.{places}f}"


def margin_text(margin: Margin) -> str:
    """Return a margin as it is written: ``2 %``, ``1 points``, ``5 s``."""
    return f"{margin.amount:g} {margin.unit}".rstrip()


def _quoted(name: str) -> str:
    """Return a name as it stands in a line; one that could be misread, between quotation marks."""
    plain = name.isprintable() and name == name.strip() and not name.startswith('"') and name
    return name if plain else json.dumps(name, ensure_ascii=True)


def _unquoted(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text


def read(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    CallsimError
        If the file cannot be read or is no record.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise CallsimError(f"{path}: there is no such record; make it with `callsim check --update`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CallsimError(f"{path}: this record cannot be read: {error}") from None
    reader = _Reader(path)
    for at, line in enumerate(lines, start=1):
        try:
            reader.take(line)
        except (ValueError, KeyError, IndexError):
            advice = "undo the change, or make the record anew with `callsim check --update`"
            raise CallsimError(f"{path}:{at}: found {line.strip()!r}, which is no line of a record; {advice}") from None
    return reader.record()


class _Reader:
    """Takes a record's lines one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scenario = ""
        self.head: dict[str, str] = {}
        self.variants: list[tuple[str, dict[str, str], list[Figure], list[Hour]]] = []
        self.scope = ("", "")

    def take(self, line: str) -> None:
        if not line.strip():
            return
        if not self.scenario:
            first = re.fullmatch(r"What (.+) came to\. .*", line)
            if first is None:
                raise ValueError(line)
            self.scenario = first[1]
        elif line.startswith("== "):
            self.variants.append((_unquoted(line[3:]), {}, [], []))
        elif line.startswith("-- "):
            self._heading(line[3:])
        elif line.startswith("  "):
            self._row(re.split(r"\s{2,}", line.strip()))
        else:
            title, value = re.split(r"\s{2,}", line.strip(), maxsplit=1)
            (self.variants[-1][1] if self.variants else self.head)[title] = value

    def _heading(self, text: str) -> None:
        kind = next(kind for kind, title in _KINDS.items() if text.startswith(title) or text.startswith("by hour"))
        self.scope = (kind, _unquoted(text[len(_KINDS[kind]) :].strip()) if kind else "")

    def _row(self, cells: list[str]) -> None:
        _, _, figures, hours = self.variants[-1]
        if re.fullmatch(r"\d\d:00", cells[0]):
            arrivals, answered, abandoned = map(int, cells[1:4])
            wait = None if cells[4] == _NOTHING else float(cells[4])
            hours.append(Hour(int(cells[0][:2]), (arrivals, answered, abandoned), wait))
            return
        name, shown, exact, *margin = cells
        figures.append(Figure(name, *self.scope, *_value(name, shown), exact, _margin(margin)))

    def record(self) -> Record:
        """Return the record that the lines make.

        Raises
        ------
        CallsimError
            If something is missing, or the format is another.
        """
        missing = [title for title in _HEAD if title not in self.head]
        if missing or not self.variants or any("plan" not in marks for _, marks, _, _ in self.variants):
            lacks = ", ".join(missing) or "variants or plans"
            raise CallsimError(
                f"{self.path}: is no whole record (it lacks: {lacks}); make it with `callsim check --update`"
            )
        found = {name: self.head[title] for title, name in _HEAD.items()}
        if found.pop("format") != str(FORMAT):
            raise CallsimError(
                f"{self.path}: its record format is not {FORMAT}; make it anew with `callsim check --update`"
            )
        try:
            whole = {
                name: int(found[name]) for name in ("results", "random_scheme", "log_format", "seed", "replications")
            }
            level = float(found["level"])
        except ValueError as error:
            raise CallsimError(f"{self.path}: {error}; make it anew with `callsim check --update`") from None
        return Record(
            scenario=self.scenario,
            version=found["version"],
            digest=found["digest"],
            level=level,
            variants=tuple(_recorded(*variant) for variant in self.variants),
            **whole,
        )


def _recorded(name: str, marks: dict[str, str], figures: Iterable[Figure], hours: Iterable[Hour]) -> Recorded:
    logs = tuple(digest for title, digest in marks.items() if title.startswith("log "))
    return Recorded(name, marks["plan"], logs, tuple(figures), tuple(hours))


def _value(name: str, shown: str) -> tuple[float | None, float | None]:
    if shown == _NOTHING:
        return None, None
    factor = 0.01 if _UNITS[name] == "%" else 1.0
    value, _, half_width = shown.removesuffix(_UNITS[name]).strip().partition(" ± ")
    return float(value) * factor, float(half_width) * factor if half_width else None


def _margin(cells: list[str]) -> Margin | None:
    if not cells:
        return None
    found = re.fullmatch(r"margin (\d+(?:\.\d+)?)(?: (%|points|s))?", cells[0])
    if found is None or len(cells) > 1:
        raise ValueError(cells)
    return Margin(float(found[1]), found[2] or "")

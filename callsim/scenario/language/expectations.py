"""Expectations as they are written: ``service_level(support) >= 80%``, ``mean_wait between 30s and 50s``.

Only the form is read here. Which measures there are, in which unit, and whether the names in brackets and behind the
sign exist, `callsim.experiments.expectations` knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from callsim import units
from callsim.scenario.language.faults import Collector
from callsim.units import UNIT_NAMES, UnitError, show

__all__ = ["EXPECTATION_PATTERN", "Amount", "WrittenExpectation", "read_expectations"]

EXPECTATION_PATTERN = r"^\s*[\w.]+\s*(\([^()]*\))?\s*(<=|>=|<|>|≤|≥|between\b).*\S\s*$"
"""What editors are told."""

_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_LINE = re.compile(
    r"(?P<measure>[\w.\-]+)\s*(?:\((?P<scope>[^()]*)\))?\s*"
    r"(?P<sign><=|>=|=<|=>|==|!=|<|>|=|≤|≥|between\b)\s*(?P<rest>.*)",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DURATION = re.compile(
    rf"-?(?:\d+(?:\.\d+)?\s*(?:{'|'.join(UNIT_NAMES)})\b\s*|\d+(?:\.\d+)?(?:{'|'.join(UNIT_NAMES)}))+"
)
_EXAMPLE = "write it like abandonment_ratio <= 5%, or mean_wait between 30s and 50s"


@dataclass(frozen=True)
class Amount:
    """A bound: a share, a duration in seconds, or a plain number, by the way it is written."""

    kind: str
    """``share``, ``duration`` or ``number``."""
    value: float
    """Shares from 0 to 1, durations in seconds."""
    text: str


@dataclass(frozen=True)
class WrittenExpectation:
    """One line of `expect`."""

    text: str
    measure: str
    scope: str
    """What stands in brackets; "" for the whole centre."""
    relation: str
    """One of ``<``, ``<=``, ``>``, ``>=``, ``between``."""
    bounds: tuple[Amount, ...] = ()
    """One, or two for ``between``; none where a variant is compared with."""
    versus: str = ""
    """Name of the variant to compare with."""


def read_expectations(value: object) -> tuple[WrittenExpectation, ...]:
    """Return the expectations of a list of lines, or of one line.

    Raises
    ------
    UnitError
        If it is no list of lines.
    Faults
        With every line that cannot be read.
    """
    if isinstance(value, str):
        return (_read(value),)
    if not isinstance(value, list | tuple):
        raise UnitError(show(value), "expectations are a list of lines", _EXAMPLE)
    collector = Collector()
    found = tuple(collector.read((i,), _read, item) for i, item in enumerate(value))
    collector.finish()
    return found


def _read(value: Any) -> WrittenExpectation:
    if not isinstance(value, str):
        colon = "put the line in quotes if a name in it holds a colon; " if isinstance(value, Mapping) else ""
        raise UnitError(show(value), "an expectation is a line of text", f"{colon}{_EXAMPLE}")
    text = " ".join(value.split())
    line = _LINE.fullmatch(text)
    if line is None:
        raise UnitError(show(text), "an expectation is a measure, a sign such as <= and a bound", _EXAMPLE)
    sign, rest = line["sign"], line["rest"].strip()
    scope = (line["scope"] or "").strip()
    if line["scope"] is not None and not scope:
        raise UnitError(show(text), "there is nothing between the brackets", "name a queue there, or leave them out")
    if sign in {"=", "==", "!="}:
        rule = "a simulated figure is never exactly a value"
        raise UnitError(show(text), rule, f"write bounds, such as {line['measure']} between ... and ...")
    if not rest:
        raise UnitError(show(text), f"there is nothing behind {sign}", _EXAMPLE)
    if sign == "between":
        return WrittenExpectation(text, line["measure"], scope, sign, _between(text, rest))
    amount = read_amount(rest)
    if amount is None:
        return WrittenExpectation(text, line["measure"], scope, _SIGNS[sign], versus=rest)
    return WrittenExpectation(text, line["measure"], scope, _SIGNS[sign], (amount,))


def _between(text: str, rest: str) -> tuple[Amount, ...]:
    words = [part.strip() for part in rest.split(" and ")]
    amounts = [read_amount(part) for part in words]
    if len(amounts) != 2 or None in amounts:
        rule = "between needs two bounds with `and` between them"
        raise UnitError(show(text), rule, "write it like mean_wait between 30s and 50s")
    return tuple(amount for amount in amounts if amount is not None)


def read_amount(text: str) -> Amount | None:
    """Return a bound, None if the text has not the form of one.

    Raises
    ------
    UnitError
        If it has the form and cannot be: -5%, 30m1h.

    Examples
    --------
    >>> read_amount("2m30s").value, read_amount("12%").value, read_amount("the base")
    (150.0, 0.12, None)
    """
    if text.endswith("%") and _NUMBER.fullmatch(number := text.removesuffix("%").strip()):
        return Amount("share", float(Fraction(_not_negative(number, text)) / 100), text)
    if _NUMBER.fullmatch(text):
        return Amount("number", float(_not_negative(text, text)), text)
    if _DURATION.fullmatch(text):
        return Amount("duration", units.seconds(units.duration(text)), text)
    return None


def _not_negative(number: str, text: str) -> str:
    if number.startswith("-"):
        raise UnitError(show(text), "no measure is ever negative", "write a bound of 0 or more")
    return number

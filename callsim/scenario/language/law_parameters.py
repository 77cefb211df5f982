"""Parameters of laws: checked, turned into seconds, and put into the form that `callsim.plan.laws` takes."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callsim import units
from callsim.scenario.language.law_families import FAMILIES, WrittenLaw
from callsim.units import UnitError, show

__all__ = ["FROM_VOLUMES", "Draft", "finish_law"]

FROM_VOLUMES = "from volumes"
"""Stands for a mean that the interval file gives."""
_DURATIONS = frozenset({"value", "mean", "median", "scale", "low", "mode", "high"})
_MAY_BE_ZERO = frozenset({"value", "low", "mode"})
_LISTS = frozenset({"values", "file", "shares", "means", "parts"})
_LONGEST = 50 * units.DAY
"""Tables of durations hold no longer ones."""
_BOUNDS = {
    ("lognormal", "cv"): (0.001, 10.0),
    ("lognormal", "sigma"): (0.001, 2.1),
    ("gamma", "cv"): (0.001, 30.0),
    ("gamma", "shape"): (0.002, 1e6),
    ("weibull", "shape"): (0.15, 1000.0),
    ("weibull", "cv"): (0.002, 30.0),
    ("erlang", "phases"): (1.0, 1e6),
    ("hyperexponential", "cv"): (1.0, 30.0),
}
"""Within these bounds the tables of durations are exact enough."""


@dataclass(frozen=True)
class Draft:
    """A law on the way: its family, and parameters as written."""

    family: str
    given: dict[str, Any] = field(default_factory=dict)
    zero: object = 0


def finish_law(draft: Draft, text: str, shift: float, folder: Path | None) -> WrittenLaw:
    """Check the parameters of a law and return it.

    Parameters
    ----------
    draft : Draft
        Family and parameters as written; parts of a mixture as (share, law).
    text : str
        The whole law as written, for messages.
    shift : float
        Added to every duration. [s]
    folder : Path or None
        Where a file of samples is looked for.

    Raises
    ------
    UnitError
        If a parameter is missing, has no unit, or lies outside its bounds.
    """
    family, given = draft.family, draft.given
    way = _way(family, given, text)
    from_volumes = FROM_VOLUMES in (given.get("mean"), given.get("value"))
    values = {
        name: item if name in _LISTS else _parameter(name, "1s" if item == FROM_VOLUMES else item, family, text)
        for name, item in given.items()
    }
    if (family, way) in _OWN:
        values = _OWN[family, way](values, text, folder)
    _check_together(family, values, text)
    if from_volumes:
        values = {name: item for name, item in values.items() if name not in {"mean", "value"}}
    zero = units.share(draft.zero)
    if zero == 1:
        raise UnitError(show(text), "a share of 100% at zero leaves nothing to the law", "write constant 0s")
    return WrittenLaw(family, tuple(values.items()), text, zero, shift, from_volumes)


def _way(family: str, given: dict[str, Any], text: str) -> tuple[str, ...]:
    """Return the set of parameters that is given, which must define the law."""
    ways = FAMILIES[family].ways
    for way in ways:
        if set(way) == set(given):
            return way
    needs = ", or ".join(" and ".join(way) for way in ways)
    raise UnitError(show(text), f"the {family} law needs {needs}", _like(family))


def _like(family: str) -> str:
    return f"write it like: {FAMILIES[family].example}"


def _parameter(name: str, value: object, family: str, text: str) -> float:
    """Return a parameter as a number: durations in seconds, phases whole."""
    if name in _DURATIONS:
        return _seconds(value, name, family, text)
    try:
        number = units.number(value)
    except UnitError as error:
        raise UnitError(error.found, f"{name} of the {family} law is a number without a unit", _like(family)) from None
    low, high = _BOUNDS[family, name]
    if name == "phases" and not number.is_integer():
        raise UnitError(show(value), "phases must be a whole number", _like(family))
    if not low <= number <= high:
        bounds = f"{units.format_number(low)} to {units.format_number(high)}"
        advice = "write constant for what never varies" if name in {"cv", "sigma"} else ""
        raise UnitError(f"{name} {show(value)}", f"{name} of the {family} law lies in {bounds}", advice)
    return int(number) if name == "phases" else number


def _seconds(value: object, name: str, family: str, text: str) -> float:
    ticks = units.duration(value)
    if ticks == 0 and name not in _MAY_BE_ZERO:
        raise UnitError(show(text), f"{name} must be above 0", _like(family))
    if ticks > _LONGEST:
        raise UnitError(show(text), "durations in laws are at most 50 days", "shorten it")
    return units.seconds(ticks)


def _check_together(family: str, values: dict[str, Any], text: str) -> None:
    """Check what the family asks of its parameters together."""
    if family == "uniform" and not values["low"] < values["high"]:
        raise UnitError(show(text), "the lower bound must lie below the upper", _like(family))
    if family == "triangular":
        low, mode, high = (values[name] for name in ("low", "mode", "high"))
        if not (low <= mode <= high and low < high):
            raise UnitError(show(text), "the three durations must rise", _like(family))


def _shares(values: object, text: str) -> tuple[float, ...]:
    shares = tuple(units.share(value) for value in values) if isinstance(values, list | tuple) else ()
    total = math.fsum(shares)
    if abs(total - 1) > 1e-9 or 0 in shares:
        rule = f"the shares of a law are above 0% and add up to 100%, not to {units.format_share(total)}"
        raise UnitError(show(text), rule, "correct the shares")
    return tuple(share / total for share in shares)


def _phases(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    means = values["means"] if isinstance(values["means"], list | tuple) else [values["means"]]
    shares = _shares(values["shares"], text)
    if len(shares) != len(means):
        raise UnitError(show(text), "each share needs a mean", _like("hyperexponential"))
    return {"shares": shares, "means": tuple(_seconds(mean, "mean", "hyperexponential", text) for mean in means)}


def _balanced_phases(values: dict[str, Any], _: str, __: Path | None) -> dict[str, Any]:
    """Two phases of balanced means: each carries half of the mean."""
    mean, cv = values["mean"], values["cv"]
    first = (1 + math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2
    return {"shares": (first, 1 - first), "means": (mean / (2 * first), mean / (2 * (1 - first)))}


def _samples(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    items = values["values"] if isinstance(values["values"], list | tuple) else [values["values"]]
    if not items:
        raise UnitError(show(text), "it has no values", _like("samples"))
    return {"values": tuple(_seconds(item, "value", "samples", text) for item in items)}


def _sample_file(values: dict[str, Any], _: str, folder: Path | None) -> dict[str, Any]:
    """Read one duration a line: seconds as a number, or with a unit; a first line that is neither is a heading."""
    name = str(values["file"])
    lines = _lines(name, (folder or Path()) / name)
    samples: list[float] = []
    for i, line in enumerate(lines):
        try:
            text = f"{line}s" if re.fullmatch(r"\d+(\.\d+)?", line) else line
            samples.append(_seconds(text, "value", "samples", line))
        except UnitError as error:
            if i:
                raise UnitError(f"{error.found} in {name}", error.rule, "write seconds, or 1m30s, one a line") from None
    if not samples:
        raise UnitError(show(name), "the file has no values", "write one duration a line")
    return {"values": tuple(samples)}


def _lines(name: str, path: Path) -> list[str]:
    """Return the first cell of each line of a file."""
    try:
        rows = csv.reader(path.read_text("utf-8-sig").splitlines())
        return [row[0].strip() for row in rows if row and row[0].strip()]
    except UnicodeDecodeError:
        raise UnitError(show(name), "the file is not UTF-8 text", "save it as UTF-8") from None
    except (OSError, csv.Error) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
        advice = "write the path from the folder of the scenario file that names it"
        raise UnitError(show(name), reason, advice) from None


def _mixture(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    shares = _shares([share for share, _ in values["parts"]], text)
    laws: tuple[WrittenLaw, ...] = tuple(law for _, law in values["parts"])
    for law in laws:
        if law.zero or law.from_volumes:
            rule = "a part of a mixture has no zero share and no mean from volumes"
            raise UnitError(show(law.text), rule, "give the zero share to the whole mixture")
    return {"shares": shares, "laws": laws}


def _weibull_shape(cv: float) -> float:
    """Return the shape of a Weibull law with this cv, by bisection on a logarithmic scale."""
    low, high = 0.1, 2000.0
    for _ in range(100):
        middle = math.sqrt(low * high)
        squared = math.expm1(math.lgamma(1 + 2 / middle) - 2 * math.lgamma(1 + 1 / middle))
        low, high = (middle, high) if squared > cv * cv else (low, middle)
    return low


_OWN: dict[tuple[str, tuple[str, ...]], Callable[[dict[str, Any], str, Path | None], dict[str, Any]]] = {
    ("lognormal", ("median", "sigma")): lambda v, _, __: {
        "mean": v["median"] * math.exp(v["sigma"] ** 2 / 2),
        "cv": math.sqrt(math.expm1(v["sigma"] ** 2)),
    },
    ("gamma", ("shape", "scale")): lambda v, _, __: {"mean": v["shape"] * v["scale"], "cv": 1 / math.sqrt(v["shape"])},
    ("weibull", ("scale", "shape")): lambda v, _, __: {
        "mean": v["scale"] * math.gamma(1 + 1 / v["shape"]),
        "shape": v["shape"],
    },
    ("weibull", ("mean", "cv")): lambda v, _, __: {"mean": v["mean"], "shape": _weibull_shape(v["cv"])},
    ("hyperexponential", ("shares", "means")): _phases,
    ("hyperexponential", ("mean", "cv")): _balanced_phases,
    ("samples", ("values",)): _samples,
    ("samples", ("file",)): _sample_file,
    ("mixture", ("parts",)): _mixture,
}
"""Ways to give parameters that are not the law's own, and lists."""

"""Texts that become laws of random durations: ``lognormal mean 6m cv 0.8, zero 5%`` or a mapping of the same words.

One table, `FAMILIES`, says which parameters each family takes; the parser, the messages and the reference page
loop over it. A `WrittenLaw` builds its law of `callsim.plan.laws` only when asked, so that checking a scenario
needs no numerical library.
"""

from __future__ import annotations

import csv
import dataclasses
import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim import units
from callsim.units import UnitError, show

if TYPE_CHECKING:
    from callsim.plan.laws import Law

__all__ = ["FAMILIES", "Family", "WrittenLaw", "is_law_text", "written_law"]


@dataclass(frozen=True)
class Family:
    """One family of laws: the class that it becomes, the ways to give its parameters, an example."""

    law: str
    """Name of the class in `callsim.plan.laws`."""
    ways: tuple[tuple[str, ...], ...]
    """Each way is a set of parameters that defines the law; the first is the usual one."""
    example: str
    meaning: str


FAMILIES: dict[str, Family] = {
    "constant": Family("Constant", (("value",),), "constant 5m", "always the same"),
    "exponential": Family("Exponential", (("mean",),), "exponential mean 10m", "no memory; cv is 1"),
    "lognormal": Family(
        "Lognormal", (("mean", "cv"), ("median", "sigma")), "lognormal mean 6m cv 0.8", "the usual shape of talk times"
    ),
    "gamma": Family("Gamma", (("mean", "cv"), ("shape", "scale")), "gamma mean 6m cv 0.5", "a lighter tail"),
    "erlang": Family("Erlang", (("mean", "phases"),), "erlang mean 6m phases 3", "a sum of exponential phases"),
    "weibull": Family(
        "Weibull", (("mean", "shape"), ("scale", "shape"), ("mean", "cv")), "weibull mean 4m shape 0.8",
        "hazard that falls (shape below 1) or grows",
    ),
    "uniform": Family("Uniform", (("low", "high"),), "uniform 0m to 2h", "all values between two bounds alike"),
    "triangular": Family("Triangular", (("low", "mode", "high"),), "triangular 1m 2m 5m", "least, likeliest, most"),
    "hyperexponential": Family(
        "Hyperexponential", (("shares", "means"), ("mean", "cv")), "hyperexponential 30% mean 1m, 70% mean 5m",
        "exponentials mixed; cv of at least 1 (mean and cv alone: balanced means)",
    ),
    "samples": Family("Empirical", (("values",), ("file",)), "samples 10s 20s 30s", "one of the given values, all alike"),
    "mixture": Family(
        "Mixture", (("parts",),), "mixture 30% constant 1m, 70% lognormal mean 6m cv 0.8", "one of several laws, by share"
    ),
}  # fmt: skip
"""Every family by the name that users write."""

_DURATIONS = frozenset({"value", "mean", "median", "scale", "low", "mode", "high"})
_FROM_VOLUMES = frozenset({"constant", "exponential", "lognormal", "gamma", "erlang", "weibull", "hyperexponential"})
_ADVICE = "write a law such as lognormal mean 6m cv 0.8, exponential mean 10m or constant 5m"


@dataclass(frozen=True)
class WrittenLaw:
    """A law of random durations as written: family and parameters in seconds, point mass at zero, its text."""

    family: str
    """One of `FAMILIES`."""
    parameters: tuple[tuple[str, Any], ...]
    """Arguments of the class in `callsim.plan.laws`; durations in seconds. Without ``mean`` if it comes from volumes."""
    text: str
    """As written; a mapping is put into the words of a text."""
    zero: float = 0.0
    """Share of durations that are zero, apart from the law."""
    shift: float = 0.0
    """Added to every duration that is not zero. [s]"""
    from_volumes: bool = False
    """The mean is the interval file's (`with_mean` puts it in)."""

    @property
    def law(self) -> Law:
        """The law, without its point mass at zero; of mean 1 s (and the shift) if the mean comes from volumes."""
        return self.with_mean(1.0) if self.from_volumes else self._build(dict(self.parameters))

    def with_mean(self, mean: float) -> Law:
        """Return the law with another mean of its unshifted part [s]; only for families that have one."""
        name = "value" if self.family == "constant" else "mean"
        parameters = dict(self.parameters)
        if self.family == "hyperexponential" and "means" in parameters:
            old = sum(p * m for p, m in zip(parameters["shares"], parameters["means"], strict=True))
            parameters["means"] = tuple(m * mean / old for m in parameters["means"])
        else:
            parameters[name] = mean
        return self._build(parameters)

    def _build(self, parameters: dict[str, Any]) -> Law:
        from callsim.plan import laws  # noqa: PLC0415  numpy is not needed to check a scenario

        if self.family == "mixture":
            parameters["laws"] = tuple(part.law for part in parameters["laws"])
        law: Law = getattr(laws, FAMILIES[self.family].law)(**parameters)
        return laws.Shifted(law, self.shift) if self.shift else law


@dataclass(frozen=True)
class _Draft:
    """Parameters on the way from text to law, still as written."""

    family: str
    given: dict[str, Any] = field(default_factory=dict)
    zero: object = 0


def is_law_text(value: object) -> bool:
    """Tell whether a text names a family of laws somewhere."""
    return isinstance(value, str) and any(word in FAMILIES for word in re.findall(r"[a-z]+", value.lower()))


def written_law(value: object, folder: Path | None = None) -> WrittenLaw:
    """Return the law of a text or a mapping.

    Parameters
    ----------
    value : object
        ``"lognormal mean 6m cv 0.8, zero 5%"`` or ``{"law": "lognormal", "mean": "6m", "cv": 0.8, "zero": "5%"}``.
    folder : Path, optional
        Where ``samples from FILE`` looks; the current directory by default.

    Raises
    ------
    UnitError
        If the family, a parameter or a value is wrong.
    """
    if isinstance(value, Mapping):
        return _from_mapping(value, folder)
    _refuse_bare_value(value)
    text = str(value).strip()
    body, shift = _split_shift(text)
    body, zero = _split_zero(body)
    draft = dataclasses.replace(_read_text(body, text), zero=zero)
    return _finish(draft, text, shift, folder)


def _refuse_bare_value(value: object) -> None:
    if isinstance(value, str) and value.strip():
        try:
            units.duration(value)
        except UnitError:
            return
        advice = f"write constant {value.strip()} if it never varies, or exponential mean {value.strip()}"
        raise UnitError(f"{show(value)}, a bare duration", "its law is needed", advice)
    raise UnitError(show(value), "a law is needed", _ADVICE)


def _split_shift(text: str) -> tuple[str, float]:
    """Split ``30s + lognormal ...`` into the law and the shift in seconds."""
    head, plus, rest = text.partition("+")
    if not plus or any(word in FAMILIES for word in head.lower().split()):
        return text, 0.0
    return rest.strip(), units.seconds(units.duration(head.strip()))


def _split_zero(text: str) -> tuple[str, object]:
    """Split ``..., zero 5%`` into the law and the text of the share."""
    match = re.fullmatch(r"(.*?)\s*,\s*zero\s+(\S+)", text, re.IGNORECASE)
    return (match[1], match[2]) if match else (text, 0)


def _family(word: str, text: object) -> str:
    name = {"log-normal": "lognormal", "hyper-exponential": "hyperexponential"}.get(word.lower(), word.lower())
    if name in FAMILIES:
        return name
    near = difflib.get_close_matches(name, FAMILIES, n=1)
    rule = f"{word!r} is not a law" if word else "a law is needed"
    advice = f"did you mean {near[0]}?" if near else f"the laws are {', '.join(FAMILIES)}"
    raise UnitError(show(text), rule, advice)


def _read_text(body: str, text: str) -> _Draft:
    word, _, rest = body.partition(" ")
    family = _family(word, text)
    reader = _READERS.get(family)
    if reader is not None and (family != "hyperexponential" or "%" in rest):
        return _Draft(family, reader(rest.strip(), family, text))
    return _Draft(family, _named_parameters(rest, family, text))


def _named_parameters(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``mean 6m cv 0.8`` as parameters by name."""
    known = sorted({name for way in FAMILIES[family].ways for name in way})
    rest = re.sub(r"\bmean\s+from\s+volumes\b", "mean volumes", rest.strip(), flags=re.IGNORECASE)
    given: dict[str, Any] = {}
    tokens = re.findall(r"[^\s,]+", rest)
    while tokens:
        name = tokens.pop(0).lower()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"write it like: {FAMILIES[family].example}"
            raise UnitError(show(text), f"{name!r} is not a parameter of the {family} law", hint)
        if name in given:
            raise UnitError(show(text), f"{name} comes twice", f"write it like: {FAMILIES[family].example}")
        words = []
        while tokens and (tokens[0].lower() not in known):
            words.append(tokens.pop(0))
        if not words:
            raise UnitError(show(text), f"{name} has no value", f"write it like: {FAMILIES[family].example}")
        given[name] = _scalar(" ".join(words))
    return given


def _scalar(text: str) -> object:
    """Return a number for digits, else the text."""
    try:
        return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text
    except ValueError:  # pragma: no cover - the pattern admits numbers only
        return text


def _read_constant(rest: str, family: str, text: str) -> dict[str, Any]:
    if rest.lower() == "from volumes":
        return {"value": "volumes"}
    if not rest:
        raise UnitError(show(text), "its value is missing", f"write it like: {FAMILIES[family].example}")
    return {"value": _scalar(re.sub(r"^(value|mean)\s+", "", rest))}


def _read_bounds(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``0m to 2h`` and ``1m 2m 5m``, or the same with the names low, mode and high."""
    names = FAMILIES[family].ways[0]
    if any(name in rest.split() for name in names):
        return _named_parameters(rest, family, text)
    words = [word for word in re.split(r"[\s,]+", rest) if word and word.lower() != "to"]
    if len(words) != len(names):
        rule = f"the {family} law needs {len(names)} durations: {', '.join(names)}"
        raise UnitError(show(text), rule, f"write it like: {FAMILIES[family].example}")
    return dict(zip(names, (_scalar(word) for word in words), strict=True))


def _read_samples(rest: str, family: str, text: str) -> dict[str, Any]:
    if match := re.fullmatch(r"from\s+(.+)", rest, re.IGNORECASE):
        return {"file": match[1].strip()}
    words = [word for word in re.split(r"[\s,]+", rest) if word]
    if not words:
        raise UnitError(show(text), "it has no values", f"write it like: {FAMILIES[family].example}")
    return {"values": [_scalar(word) for word in words]}


def _read_phases(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``30% mean 1m, 70% mean 5m``."""
    shares, means = [], []
    for part in rest.split(","):
        match = re.fullmatch(r"\s*(\S+%)\s+mean\s+(\S.*?)\s*", part, re.IGNORECASE)
        if match is None:
            raise UnitError(show(text), "each part is a share and a mean", f"write it like: {FAMILIES[family].example}")
        shares.append(match[1])
        means.append(_scalar(match[2]))
    return {"shares": shares, "means": means}


def _read_parts(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``30% constant 1m, 70% lognormal mean 6m cv 0.8``."""
    parts: list[dict[str, str]] = []
    for piece in rest.split(","):
        match = re.fullmatch(r"\s*(\S+%)\s+(?:of\s+)?([a-z].*?)\s*", piece, re.IGNORECASE)
        if match is None:
            raise UnitError(show(text), "each part is a share and a law", f"write it like: {FAMILIES[family].example}")
        parts.append({"share": match[1], "law": match[2]})
    return {"parts": parts}


_READERS: dict[str, Callable[[str, str, str], dict[str, Any]]] = {
    "constant": _read_constant,
    "uniform": _read_bounds,
    "triangular": _read_bounds,
    "samples": _read_samples,
    "hyperexponential": _read_phases,
    "mixture": _read_parts,
}


def _from_mapping(value: Mapping[str, Any], folder: Path | None) -> WrittenLaw:
    rest = dict(value)
    if "law" not in rest:
        near = difflib.get_close_matches("law", [str(key) for key in rest], n=1)
        found = f"a mapping with {', '.join(map(str, rest)) or 'no keys'}"
        raise UnitError(found, "a law is needed", f"did you mean law instead of {near[0]}?" if near else _ADVICE)
    name, zero = rest.pop("law"), rest.pop("zero", 0)
    plus = rest.pop("plus", 0)
    if isinstance(name, str) and len(name.split()) > 1:
        if rest or zero:
            words = ", ".join([*rest, *(["zero"] if zero else [])])
            rule = f"the law is written as a text and {words} beside it: two ways to say the same"
            raise UnitError(show(name), rule, "put all of it into the text, or only the family's name under law")
        return written_law(name, folder)
    family = _family(str(name), name)
    known = {parameter for way in FAMILIES[family].ways for parameter in way}
    for key in rest:
        if key not in known:
            near = difflib.get_close_matches(str(key), sorted(known), n=1)
            hint = (
                f"did you mean {near[0]}?" if near else f"it takes {' or '.join(map(', '.join, FAMILIES[family].ways))}"
            )
            raise UnitError(f"unknown key {str(key)!r}", f"it is not a parameter of the {family} law", hint)
    given = {key: "volumes" if item == "from volumes" else item for key, item in rest.items()}
    words = " ".join(f"{key} {_words(item)}" for key, item in rest.items())
    text = f"{family} {words}" + (f", zero {zero}" if zero else "")
    shift = units.seconds(units.duration(plus))
    return _finish(_Draft(family, given, zero), f"{plus} + {text}" if shift else text, shift, folder)


def _words(value: object) -> str:
    """Put a parameter of a mapping into words, for display."""
    if isinstance(value, float | int):
        return units.format_number(value)
    if isinstance(value, list | tuple):
        return " ".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(_words(item) for item in value.values())
    return str(value)


def _finish(draft: _Draft, text: str, shift: float, folder: Path | None) -> WrittenLaw:
    """Check the parameters, turn durations into seconds, and other parameters into the law's own."""
    family, given = draft.family, dict(draft.given)
    way = _way(family, given, text)
    from_volumes = any(given.get(name) == "volumes" for name in ("mean", "value"))
    if from_volumes:
        if family not in _FROM_VOLUMES or way not in {
            ("mean",),
            ("value",),
            ("mean", "cv"),
            ("mean", "shape"),
            ("mean", "phases"),
        }:
            raise UnitError(show(text), f"the {family} law cannot take its mean from volumes")
        given = {name: "1s" if item == "volumes" else item for name, item in given.items()}
    values = {name: _parameter(name, item, family, text) for name, item in given.items() if name not in _STRUCTURED}
    values |= {name: item for name, item in given.items() if name in _STRUCTURED}
    parameters = _OWN[family, way](values, text, folder) if (family, way) in _OWN else values
    _check_own(family, parameters, text)
    if from_volumes:
        parameters = {name: item for name, item in parameters.items() if name not in {"mean", "value"}}
    zero = units.share(draft.zero)
    if zero == 1:
        raise UnitError(show(text), "a share of 100% at zero leaves nothing to the law", "write constant 0s")
    return WrittenLaw(family, tuple(parameters.items()), text, zero, shift, from_volumes)


_STRUCTURED = frozenset({"values", "file", "shares", "means", "parts"})


def _way(family: str, given: dict[str, Any], text: str) -> tuple[str, ...]:
    ways = FAMILIES[family].ways
    for way in ways:
        if set(way) == set(given):
            return way
    needs = " or ".join(" and ".join(way) for way in ways)
    rule = f"the {family} law needs {needs}"
    raise UnitError(show(text), rule, f"write it like: {FAMILIES[family].example}")


def _parameter(name: str, value: object, family: str, text: str) -> float:
    """Return a parameter as a number: durations in seconds, phases whole, shapes positive."""
    if name in _DURATIONS:
        ticks = units.duration(value)
        if ticks == 0 and name not in {"low", "mode", "value"}:
            raise UnitError(show(text), f"{name} must be above 0", f"write it like: {FAMILIES[family].example}")
        return units.seconds(ticks)
    number = units.number(value, f"{name} of the {family} law: a number")
    if not 0 < number <= 1000:
        raise UnitError(
            show(text), f"{name} must be above 0 and at most 1000", f"write it like: {FAMILIES[family].example}"
        )
    if name == "cv" and not 0.001 <= number <= 50:
        raise UnitError(show(text), "cv must lie between 0.001 and 50", "write constant for a law that never varies")
    if name == "phases" and not number.is_integer():
        raise UnitError(show(text), "phases must be a whole number", f"write it like: {FAMILIES[family].example}")
    return int(number) if name == "phases" else number


def _check_own(family: str, parameters: dict[str, Any], text: str) -> None:
    """Check what the family asks of its parameters together."""
    if family == "uniform" and not parameters["low"] < parameters["high"]:
        raise UnitError(show(text), "the lower bound must lie below the upper", "write it like: uniform 0m to 2h")
    if family == "triangular":
        low, mode, high = (parameters[name] for name in ("low", "mode", "high"))
        if not (low <= mode <= high and low < high):
            raise UnitError(show(text), "the three durations must rise", "write it like: triangular 1m 2m 5m")


def _shares(values: object, text: str) -> tuple[float, ...]:
    shares = tuple(units.share(value) for value in values) if isinstance(values, list | tuple) else ()
    if abs(sum(shares) - 1) > 1e-9:
        total = units.format_share(sum(shares))
        raise UnitError(show(text), f"the shares of a law add up to 100%, not to {total}", "correct the shares")
    return tuple(share / sum(shares) for share in shares)


def _own_hyperexponential(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    means = values["means"] if isinstance(values["means"], list | tuple) else [values["means"]]
    shares = _shares(values["shares"], text)
    if len(shares) != len(means):
        raise UnitError(
            show(text), "each share needs a mean", "write it like: hyperexponential 30% mean 1m, 70% mean 5m"
        )
    return {"shares": shares, "means": tuple(_parameter("mean", mean, "hyperexponential", text) for mean in means)}


def _own_balanced(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    """Two phases of balanced means: each carries half of the mean."""
    mean, cv = values["mean"], values["cv"]
    if cv < 1:
        raise UnitError(show(text), "a hyperexponential law has a cv of at least 1", "write gamma or erlang for less")
    first = (1 + math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2
    return {"shares": (first, 1 - first), "means": (mean / (2 * first), mean / (2 * (1 - first)))}


def _own_samples(values: dict[str, Any], text: str, _: Path | None) -> dict[str, Any]:
    items = values["values"] if isinstance(values["values"], list | tuple) else [values["values"]]
    if not items:
        raise UnitError(show(text), "it has no values", "write it like: samples 10s 20s 30s")
    return {"samples": tuple(units.seconds(units.duration(item)) for item in items)}


def _own_sample_file(values: dict[str, Any], _: str, folder: Path | None) -> dict[str, Any]:
    """Read one duration a line: seconds as a number, or with a unit; a first line that is neither is a heading."""
    name = str(values["file"])
    path = (folder or Path()) / name
    try:
        lines = [
            row[0].strip() for row in csv.reader(path.read_text("utf-8-sig").splitlines()) if row and row[0].strip()
        ]
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
        raise UnitError(show(name), reason, "write the path from the scenario's own folder") from None
    except UnicodeDecodeError:
        raise UnitError(show(name), "the file is not UTF-8 text", "save it as UTF-8") from None
    samples: list[float] = []
    for i, line in enumerate(lines):
        try:
            samples.append(float(line) if re.fullmatch(r"\d+(\.\d+)?", line) else units.seconds(units.duration(line)))
        except UnitError:
            if i:
                raise UnitError(
                    f"{show(line)} in {name}", "each line is a duration", "write seconds, or 1m30s"
                ) from None
    if not samples:
        raise UnitError(show(name), "the file has no values", "write one duration a line")
    return {"samples": tuple(samples)}


def _own_mixture(values: dict[str, Any], text: str, folder: Path | None) -> dict[str, Any]:
    parts = values["parts"]
    if not isinstance(parts, list | tuple) or not all(
        isinstance(p, Mapping) and {"share", "law"} <= set(p) for p in parts
    ):
        raise UnitError(show(text), "each part is a share and a law", f"write it like: {FAMILIES['mixture'].example}")
    shares = _shares([part["share"] for part in parts], text)
    laws = []
    for part in parts:
        rest = {key: item for key, item in part.items() if key != "share"}
        law = written_law(rest if len(rest) > 1 else rest["law"], folder)
        if law.zero or law.from_volumes:
            rule = "a part of a mixture has no zero share and no mean from volumes"
            raise UnitError(show(law.text), rule, "give the zero share to the whole mixture")
        laws.append(law)
    return {"shares": shares, "laws": tuple(laws)}


def _weibull_shape(cv: float) -> float:
    """Return the shape of a Weibull law with this cv, by bisection."""
    low, high = 0.05, 1000.0
    for _ in range(200):
        middle = math.sqrt(low * high)
        squared = math.exp(math.lgamma(1 + 2 / middle) - 2 * math.lgamma(1 + 1 / middle)) - 1
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
    ("hyperexponential", ("shares", "means")): _own_hyperexponential,
    ("hyperexponential", ("mean", "cv")): _own_balanced,
    ("samples", ("values",)): _own_samples,
    ("samples", ("file",)): _own_sample_file,
    ("mixture", ("parts",)): _own_mixture,
}

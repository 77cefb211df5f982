"""Texts that become laws of random durations: ``lognormal mean 6m cv 0.8, zero 5%`` or a mapping of the same words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callsim import units
from callsim.scenario.language.law_families import FAMILIES, WrittenLaw
from callsim.scenario.language.law_parameters import FROM_VOLUMES, Draft, finish_law
from callsim.units import UnitError, show

__all__ = ["is_law_text", "written_law"]

_ADVICE = "write a law such as lognormal mean 6m cv 0.8, exponential mean 10m or constant 5m"
_ALSO = {"log-normal": "lognormal", "hyper-exponential": "hyperexponential", "empirical": "samples"}


def is_law_text(value: object) -> bool:
    """Tell whether a text names a family of laws."""
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

    Examples
    --------
    >>> written_law("exponential mean 10m, zero 2%").parameters
    (('mean', 600.0),)
    """
    if isinstance(value, Mapping):
        return _from_mapping(value, folder)
    _refuse_bare_value(value)
    text = str(value).strip()
    body, shift = _split_shift(text)
    body, zero = _split_zero(body)
    family, given = _read_body(body, text, folder)
    return finish_law(Draft(family, given, zero), text, shift, folder)


def _refuse_bare_value(value: object) -> None:
    """Ask for the law of a bare duration or number."""
    if not isinstance(value, str) or not value.strip():
        found = f"{show(value)}, a bare number" if type(value) in {int, float} else show(value)
        raise UnitError(found, "a law is needed", _ADVICE)
    try:
        units.duration(value)
    except UnitError as error:
        if "without a unit" in error.found:
            raise UnitError(show(value), "a law is needed", _ADVICE) from None
        return
    text = value.strip()
    advice = f"write constant {text} if it never varies, or exponential mean {text}"
    raise UnitError(f"{show(value)}, a bare duration", "its law is needed", advice)


def _split_shift(text: str) -> tuple[str, float]:
    """Split ``30s + lognormal ...`` into the law and the shift in seconds."""
    head, plus, rest = text.partition("+")
    if not plus or is_law_text(head):
        return text, 0.0
    return rest.strip(), units.seconds(units.duration(head.strip()))


def _split_zero(text: str) -> tuple[str, object]:
    """Split ``..., zero 5%`` into the law and the text of the share."""
    match = re.fullmatch(r"(.*?)\s*,?\s+zero\s+(\S+)", text, re.IGNORECASE)
    return (match[1], match[2]) if match else (text, 0)


def _family(word: str, text: object) -> str:
    name = _ALSO.get(word.lower(), word.lower())
    if name in FAMILIES:
        return name
    near = difflib.get_close_matches(name, FAMILIES, n=1)
    advice = f"did you mean {near[0]}?" if near else f"the laws are {', '.join(FAMILIES)}"
    raise UnitError(show(text), f"{word!r} is not a law" if word else "a law is needed", advice)


def _like(family: str) -> str:
    return f"write it like: {FAMILIES[family].example}"


def _read_body(body: str, text: str, folder: Path | None) -> tuple[str, dict[str, Any]]:
    """Return the family and the parameters as written."""
    word, _, rest = body.partition(" ")
    family = _family(word, text)
    if family == "mixture":
        return family, {"parts": _read_parts(rest, text, folder)}
    if family not in _READERS or (family == "hyperexponential" and "%" not in rest):
        return family, _read_named(rest, family, text)
    return family, _READERS[family](rest.strip(), family, text)


def _read_named(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``mean 6m cv 0.8`` as parameters by name."""
    known = sorted({name for way in FAMILIES[family].ways for name in way})
    tokens = re.findall(r"[^\s,]+", rest)
    given: dict[str, Any] = {}
    while tokens:
        name = tokens.pop(0).lower()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean {near[0]}?" if near else _like(family)
            raise UnitError(show(text), f"{name!r} is not a parameter of the {family} law", advice)
        words: list[str] = []
        while tokens and tokens[0].lower() not in known and (not words or _joins(words[-1], tokens[0])):
            words.append(tokens.pop(0))
        if name in given or not words:
            rule = f"{name} comes twice" if name in given else f"{name} has no value"
            raise UnitError(show(text), rule, _like(family))
        given[name] = _scalar(" ".join(words))
    return given


def _joins(one: str, other: str) -> bool:
    """Tell whether two words make one value: a number and its unit (``6 m``), or the words ``from volumes``."""
    return re.fullmatch(r"[\d.]+", one) is not None or (one, other) == ("from", "volumes")


def _scalar(text: str) -> object:
    """Return a number for digits, else the text."""
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text


def _read_constant(rest: str, family: str, text: str) -> dict[str, Any]:
    if not rest:
        raise UnitError(show(text), "its value is missing", _like(family))
    words = re.sub(r"^(value|mean)\s+", "", rest)
    return {"value": FROM_VOLUMES if words.split() == FROM_VOLUMES.split() else _scalar(words)}


def _read_bounds(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``0m to 2h`` and ``1m 2m 5m``, or the same with the names low, mode and high."""
    names = FAMILIES[family].ways[0]
    if any(name in rest.split() for name in names):
        return _read_named(rest, family, text)
    words = [word for word in re.split(r"[\s,]+|-", rest) if word and word.lower() != "to"]
    if len(words) != len(names):
        rule = f"the {family} law needs {len(names)} durations: {', '.join(names)}"
        raise UnitError(show(text), rule, _like(family))
    return dict(zip(names, (_scalar(word) for word in words), strict=True))


def _read_samples(rest: str, family: str, text: str) -> dict[str, Any]:
    if match := re.fullmatch(r"from\s+(.+)", rest, re.IGNORECASE):
        return {"file": match[1].strip()}
    words = [word for word in re.split(r"[\s,]+", rest) if word]
    if not words:
        raise UnitError(show(text), "it has no values", _like(family))
    return {"values": [_scalar(word) for word in words]}


def _read_phases(rest: str, family: str, text: str) -> dict[str, Any]:
    """Read ``30% mean 1m, 70% mean 5m``."""
    shares, means = [], []
    for part in rest.split(","):
        match = re.fullmatch(r"\s*(\S+%)\s+mean\s+(\S.*?)\s*", part, re.IGNORECASE)
        if match is None:
            raise UnitError(show(text), "each part is a share and a mean", _like(family))
        shares.append(match[1])
        means.append(_scalar(match[2]))
    return {"shares": shares, "means": means}


def _read_parts(rest: str, text: str, folder: Path | None) -> list[tuple[object, WrittenLaw]]:
    """Read ``30% constant 1m, 70% lognormal mean 6m cv 0.8``."""
    parts: list[tuple[object, WrittenLaw]] = []
    for piece in re.split(r",\s*(?=\d+(?:\.\d+)?%)", rest):
        match = re.fullmatch(r"\s*(\S+%)\s+(?:of\s+)?([a-z0-9].*?)\s*", piece, re.IGNORECASE)
        if match is None:
            raise UnitError(show(text), "each part is a share and a law", _like("mixture"))
        parts.append((match[1], written_law(match[2], folder)))
    return parts


_READERS: dict[str, Callable[[str, str, str], dict[str, Any]]] = {
    "constant": _read_constant,
    "uniform": _read_bounds,
    "triangular": _read_bounds,
    "samples": _read_samples,
    "hyperexponential": _read_phases,
}


def _from_mapping(value: Mapping[str, Any], folder: Path | None) -> WrittenLaw:
    """Return the law of a mapping with the key ``law``."""
    given = dict(value)
    if "law" not in given:
        near = difflib.get_close_matches("law", [str(key) for key in given], n=1)
        found = f"a mapping with {', '.join(map(str, given)) or 'no keys'}"
        raise UnitError(found, "a law is needed", f"write law instead of {near[0]}" if near else _ADVICE)
    name, zero, plus = given.pop("law"), given.pop("zero", 0), given.pop("plus", 0)
    if isinstance(name, str) and len(name.split()) > 1:
        beside = [*given, *(["zero"] if zero else []), *(["plus"] if plus else [])]
        if beside:
            rule = f"the law is a whole text, and {', '.join(beside)} beside it would say it twice"
            raise UnitError(show(name), rule, "put everything into the text, or only the family's name under law")
        return written_law(name, folder)
    if not isinstance(name, str):
        raise UnitError(show(name), "the name of a law is needed", _ADVICE)
    family = _family(name, name)
    _refuse_unknown_parameters(given, family)
    text = _in_words(family, given, zero, plus)
    if family == "mixture":
        given["parts"] = _mapped_parts(given.get("parts"), text, folder)
    return finish_law(Draft(family, given, zero), text, units.seconds(units.duration(plus)), folder)


def _refuse_unknown_parameters(given: dict[str, Any], family: str) -> None:
    known = sorted({parameter for way in FAMILIES[family].ways for parameter in way})
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            advice = f"did you mean {near[0]}?" if near else _like(family)
            raise UnitError(f"the key {str(key)!r}", f"it is not a parameter of the {family} law", advice)


def _mapped_parts(parts: object, text: str, folder: Path | None) -> list[tuple[object, WrittenLaw]]:
    """Return the parts of a mixture that is written as a mapping: ``parts: [{share: 30%, law: constant 1m}, ...]``."""
    whole = isinstance(parts, list | tuple) and all(
        isinstance(p, Mapping) and {"share", "law"} <= set(p) for p in parts
    )
    if not whole:
        raise UnitError(show(text), "each part is a share and a law", _like("mixture"))
    found: list[tuple[object, WrittenLaw]] = []
    for part in parts if isinstance(parts, list | tuple) else ():
        rest = {key: item for key, item in part.items() if key != "share"}
        found.append((part["share"], written_law(rest if len(rest) > 1 else rest["law"], folder)))
    return found


def _in_words(family: str, given: Mapping[str, Any], zero: object, plus: object) -> str:
    """Put a mapping into the words of a text, for messages and explanations."""
    words = " ".join(f"{key} {_word(item)}" for key, item in given.items())
    text = f"{family} {words}".strip() + (f", zero {zero}" if zero else "")
    return f"{plus} + {text}" if plus else text


def _word(value: object) -> str:
    if isinstance(value, float | int):
        return units.format_number(value)
    if isinstance(value, list | tuple):
        return " ".join(_word(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(_word(item) for item in value.values())
    return str(value)

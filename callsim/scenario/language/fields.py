"""The kinds of value in the scenario language: a type, its reader, and what editors are told about it."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from callsim import units
from callsim.codes import IfClosed, Place, TransferPatience
from callsim.scenario.language import amounts, case_readers, readers, rules
from callsim.scenario.language.expectations import EXPECTATION_PATTERN, WrittenExpectation, read_expectations
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.language.read_by import ReadBy
from callsim.scenario.language.values import (
    AbandonedRule,
    Amounts,
    ClosedRule,
    ClosingRule,
    DayCounts,
    Delay,
    WrittenFile,
)
from callsim.units import WeeklyHours


def _phrases(table: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a phrase out of a table; a phrase that ends in "to" is followed by a queue."""
    fixed: list[dict[str, Any]] = [{"enum": [phrase for phrase in table if not phrase.endswith(" to")]}]
    return {"anyOf": fixed + [{"type": "string", "pattern": f"^{p} "} for p in table if p.endswith(" to")]}


def _schema(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema)


_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*(\d+(\.\d+)?\s*[A-Za-z]+\s*)+$",
    "examples": ["20s", "5m", "1h30m", "2 weeks"],
}
SHARE_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$", "examples": ["12%"]}, {"const": 0}]
}
_HOURS_SCHEMA = {
    "anyOf": [
        {"type": "string", "examples": ["24/7", "mon-fri 08:00-18:00"]},
        {"type": "array", "items": {"type": "string"}},
    ]
}
LAW_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "examples": ["lognormal mean 6m cv 0.8", "exponential mean 10m", "constant 5m"]},
        {"type": "object", "required": ["law"], "properties": {"law": {"type": "string"}}},
    ]
}
HOURS_WORDS = r"\d:\d\d|24/7"
"""What every text of hours holds."""
_COUNT_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+ [a-z]+$"}]}
_NAMES_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_NUMBERS_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "array", "items": {"type": "number", "minimum": 0}},
        {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    ]
}
_FACTOR_SCHEMA = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^[+-]\d+(\.\d+)?\s*%$"}]
}


Duration = Annotated[int, ReadBy(units.duration), _schema(**_DURATION_SCHEMA)]
"""A duration in ticks, written ``20s``, ``5m``, ``1h30m``, ``2 weeks``."""
Share = Annotated[float, ReadBy(units.share), _schema(**SHARE_SCHEMA)]
"""A share from 0 to 1, written ``12%``."""
Percentage = Annotated[float, ReadBy(units.percentage), _schema(**SHARE_SCHEMA)]
"""A percentage that may exceed 100 %, as a number."""
Factor = Annotated[float, ReadBy(units.factor), _schema(**_FACTOR_SCHEMA)]
"""A factor, written ``1.15`` or ``+15%``."""
Number = Annotated[float, ReadBy(units.number), _schema(type="number")]
Text = Annotated[str, ReadBy(readers.read_text), _schema(type="string")]
Name = Annotated[str, ReadBy(readers.read_name), _schema(type="string")]
"""The name of something that is defined elsewhere."""
Names = Annotated[tuple[str, ...], ReadBy(readers.read_names), _schema(**_NAMES_SCHEMA)]
Yes = Annotated[bool, ReadBy(readers.read_yes), _schema(anyOf=[{"type": "boolean"}, {"enum": ["yes", "no"]}])]
File = Annotated[WrittenFile, ReadBy(readers.read_file), _schema(type="string")]
"""A file, written as a path from the folder of the scenario file."""
Law = Annotated[WrittenLaw, ReadBy(readers.read_law), _schema(**LAW_SCHEMA)]
"""A law of random durations, written ``lognormal mean 6m cv 0.8``."""
LawsByQueue = Annotated[
    dict[str, WrittenLaw],
    ReadBy(readers.read_laws_by_queue),
    _schema(anyOf=[*LAW_SCHEMA["anyOf"], {"type": "object", "additionalProperties": LAW_SCHEMA}]),
]
"""Laws by queue; one law for all queues stands under ``*``."""
DelayLaw = Annotated[
    Delay,
    ReadBy(readers.read_delay),
    _schema(anyOf=[{"type": "string", "examples": ["until open + uniform 0m to 2h"]}, LAW_SCHEMA["anyOf"][1]]),
]
Hours = Annotated[WeeklyHours, ReadBy(units.weekly_hours), _schema(**_HOURS_SCHEMA)]
"""Hours of the week, written ``mon-fri 08:00-18:00`` or ``24/7``."""
Days = Annotated[tuple[int, ...], ReadBy(units.days), _schema(**_NAMES_SCHEMA)]
"""Weekdays, 0 = Monday, written ``mon-fri`` or ``daily``."""
ClockTime = Annotated[int, ReadBy(units.clock_time), _schema(type="string", pattern=r"^\d{1,2}:\d{2}$")]
"""Minutes since midnight, written ``08:30``."""
ClockSpan = Annotated[tuple[int, int], ReadBy(units.clock_span), _schema(type="string", examples=["10:00-12:00"])]
"""(first minute of the day, length in minutes), written ``10:00-12:00``."""
Start = Annotated[
    datetime.datetime,
    ReadBy(units.instant),
    _schema(type="string", examples=["2025-06-02", "2025-06-02 08:00"]),
]
Dates = Annotated[tuple[datetime.date, ...], ReadBy(readers.read_dates), _schema(**_NAMES_SCHEMA)]
SpecialDays = Annotated[
    dict[datetime.date, tuple[tuple[int, int], ...]],
    ReadBy(readers.read_special_days),
    _schema(type="object", additionalProperties={"type": "string"}),
]
Zone = Annotated[str, ReadBy(readers.read_zone), _schema(type="string", examples=["Europe/Berlin"])]
Count = Annotated[int, ReadBy(units.count), _schema(type="integer", minimum=0)]
CallCount = Annotated[int, ReadBy(readers.read_call_count), _schema(**_COUNT_SCHEMA)]
TransferCount = Annotated[int, ReadBy(readers.read_transfer_count), _schema(**_COUNT_SCHEMA)]
Priority = Annotated[int, ReadBy(readers.read_priority), _schema(type="integer", minimum=1, maximum=9)]
Level = Annotated[int, ReadBy(readers.read_level), _schema(type="integer", minimum=1, maximum=99)]
Slope = Annotated[float, ReadBy(readers.read_slope), _schema(type="number", minimum=0)]
Separator = Annotated[str, ReadBy(readers.read_separator), _schema(type="string")]
DateFormat = Annotated[str, ReadBy(readers.read_date_format), _schema(type="string", examples=["DD.MM.YYYY"])]
AmountsField = Annotated[Amounts, ReadBy(amounts.read_amounts), _schema(**_NUMBERS_SCHEMA)]
Heads = Annotated[int, ReadBy(amounts.read_heads), _schema(**_COUNT_SCHEMA)]
HeadsByDay = Annotated[
    DayCounts,
    ReadBy(amounts.read_day_counts),
    _schema(anyOf=[{"type": "integer", "minimum": 0}, {"type": "object", "additionalProperties": {"type": "integer"}}]),
]
HeadsOrVolumes = Annotated[
    int | Literal["from volumes"],
    ReadBy(amounts.read_heads_or_volumes),
    _schema(anyOf=[{"type": "integer", "minimum": 0}, {"const": "from volumes"}]),
]
HeadsList = Annotated[
    tuple[int, ...],
    ReadBy(amounts.read_heads_list),
    _schema(type="array", items={"type": "integer", "minimum": 0}),
]
HeadsByHours = Annotated[
    tuple[tuple[WeeklyHours, int], ...],
    ReadBy(amounts.read_heads_by_hours),
    _schema(type="object", additionalProperties={"type": "integer", "minimum": 0}),
]
ProfileField = Annotated[
    WrittenFile | Amounts,
    ReadBy(amounts.read_profile),
    _schema(anyOf=[{"type": "string"}, *_NUMBERS_SCHEMA["anyOf"][1:]]),
]
ShareOrNone = Annotated[
    float, ReadBy(readers.read_share_or_none), _schema(anyOf=[*SHARE_SCHEMA["anyOf"], {"const": "none"}])
]
TransferShares = Annotated[
    dict[str, dict[str, float]],
    ReadBy(readers.read_transfer_shares),
    _schema(type="object", additionalProperties={"type": "object", "additionalProperties": SHARE_SCHEMA}),
]
Persons = Annotated[
    int | tuple[str, ...],
    ReadBy(readers.read_persons),
    _schema(anyOf=[{"type": "integer", "minimum": 1}, {"type": "array", "items": {"type": "string"}}]),
]
Between = Annotated[tuple[int, int], ReadBy(readers.read_between), _schema(type="string", examples=["2h-4h"])]
"""(earliest, latest) start of a break since the start of the shift. [ticks]"""
SharesField = Annotated[
    tuple[float, ...],
    ReadBy(readers.read_shares),
    _schema(anyOf=[*SHARE_SCHEMA["anyOf"], {"type": "array", "items": SHARE_SCHEMA}]),
]
Factors = Annotated[tuple[float, ...], ReadBy(readers.read_factors), _schema(type="array", items=_FACTOR_SCHEMA)]
OnPurpose = Annotated[bool, ReadBy(readers.read_on_purpose), _schema(const="on purpose")]
WhenClosedRule = Annotated[ClosedRule, ReadBy(rules.read_when_closed), _schema(**_phrases(rules.WHEN_CLOSED))]
AtClosingRule = Annotated[ClosingRule, ReadBy(rules.read_at_closing), _schema(**_phrases(rules.AT_CLOSING))]
IfClosedRule = Annotated[IfClosed, ReadBy(rules.read_if_closed), _schema(**_phrases(rules.IF_CLOSED))]
PlaceRule = Annotated[Place, ReadBy(rules.read_place), _schema(**_phrases(rules.PLACES))]
TransferPatienceRule = Annotated[
    TransferPatience | WrittenLaw,
    ReadBy(readers.read_transfer_patience),
    _schema(anyOf=[*_phrases(rules.TRANSFER_PATIENCE)["anyOf"], *LAW_SCHEMA["anyOf"]]),
]
Abandoned = Annotated[
    AbandonedRule,
    ReadBy(rules.read_abandoned),
    _schema(anyOf=[{"enum": list(rules.ABANDONED)}, {"type": "string", "pattern": "^leave out below "}]),
]
_EXPECTATION_SCHEMA = {
    "type": "string",
    "pattern": EXPECTATION_PATTERN,
    "examples": ["service_level(support) >= 80%", "abandonment_ratio <= 5%", "mean_wait between 30s and 50s"],
}
Expectations = Annotated[
    tuple[WrittenExpectation, ...],
    ReadBy(read_expectations),
    _schema(anyOf=[_EXPECTATION_SCHEMA, {"type": "array", "items": _EXPECTATION_SCHEMA}]),
]
"""Expectations, written ``abandonment_ratio <= 5%``: a list of lines, or one."""

_SHARES_BY_NAME = {"type": "object", "additionalProperties": SHARE_SCHEMA}
StartsAt = Annotated[
    WeeklyHours | WrittenFile | Amounts,
    ReadBy(case_readers.read_starts_at),
    _schema(anyOf=[{"type": "string"}, {"type": "array"}, _NUMBERS_SCHEMA["anyOf"][2]]),
]
"""Hours of the week in which problems begin, or a profile."""
Pieces = Annotated[
    tuple[str, ...],
    ReadBy(case_readers.read_pieces),
    _schema(anyOf=[*_NAMES_SCHEMA["anyOf"], {"type": "integer", "minimum": 1}]),
]
"""Names of the pieces of work that a case needs, or their number."""
DoneBy = Annotated[
    dict[str, tuple[str, ...]],
    ReadBy(case_readers.read_done_by),
    _schema(anyOf=[*_NAMES_SCHEMA["anyOf"], {"type": "object", "additionalProperties": _NAMES_SCHEMA}]),
]
"""Queues by piece; one list for all pieces stands under ``*``."""
Dials = Annotated[
    dict[str, dict[str, float]],
    ReadBy(case_readers.read_dials),
    _schema(
        anyOf=[
            {"type": "string"},
            {
                "type": "object",
                "additionalProperties": {"anyOf": [{"type": "string"}, *SHARE_SCHEMA["anyOf"], _SHARES_BY_NAME]},
            },
        ]
    ),
]
"""Shares of queues by piece; what holds for all pieces stands under ``*``."""
OwnerShares = Annotated[
    dict[str, float],
    ReadBy(case_readers.read_owner_shares),
    _schema(anyOf=[*SHARE_SCHEMA["anyOf"], _SHARES_BY_NAME]),
]
"""Shares by agent group; one share for all stands under ``*``."""
_YES_SCHEMA: list[dict[str, Any]] = [{"type": "boolean"}, {"enum": ["yes", "no"]}]
Carried = Annotated[float, ReadBy(case_readers.read_carried), _schema(anyOf=[*SHARE_SCHEMA["anyOf"], *_YES_SCHEMA])]
"""A share, or yes or no."""
Ticket = Annotated[
    float,
    ReadBy(case_readers.read_ticket),
    _schema(
        anyOf=[
            *_YES_SCHEMA,
            {"type": "object", "properties": {"notes_lost": SHARE_SCHEMA}, "additionalProperties": False},
        ]
    ),
]
"""The share of employees who see the notes: `yes`, `no`, or `{notes_lost: 10%}`."""
GivesUp = Annotated[
    tuple[float, ...],
    ReadBy(case_readers.read_gives_up),
    _schema(anyOf=[{"const": "never"}, *SHARE_SCHEMA["anyOf"], {"type": "array", "items": SHARE_SCHEMA}]),
]
CaseDelay = Annotated[WrittenLaw, ReadBy(case_readers.read_case_delay), _schema(**LAW_SCHEMA)]
Points = Annotated[int, ReadBy(case_readers.read_points), _schema(**_COUNT_SCHEMA)]
PointFactors = Annotated[
    tuple[float, ...],
    ReadBy(case_readers.read_point_factors),
    _schema(
        anyOf=[
            {"type": "array", "items": _FACTOR_SCHEMA},
            {"type": "object", "additionalProperties": _FACTOR_SCHEMA},
        ]
    ),
]
"""Factors by points of anger, from 0 on; the last holds for all higher points."""

Model = TypeVar("Model")
PatienceOrNever = Annotated[Model | None, BeforeValidator(readers.read_never)]
"""The model of a patience, or None for `never hangs up`."""
Skills = Annotated[dict[str, Model], BeforeValidator(readers.read_skills)]
"""Skills by queue; a list of queues gives each the default skill."""

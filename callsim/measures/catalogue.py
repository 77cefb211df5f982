"""Every measure, declared once: name, unit, kind, definition, and the sums it is made of.

The reduction of a log, the estimates, the result files and the reference page loop over `CATALOGUE`.
A measure is a *count* or a *time* (mean of the replications' totals), a *ratio* of two sums (formed
after adding them up over replications), a *percentile* of the summed bins, or a *maximum*.
"""

from __future__ import annotations

from callsim.measures.case_catalogue import CASE_CATALOGUE, CASE_MEAN_NUMBERS, CASE_SCOPES
from callsim.measures.declaration import Measure

__all__ = [
    "BREAKDOWNS", "CASE_CATALOGUE", "CASE_SCOPES", "CATALOGUE", "EVERY_MEASURE", "MEAN_NUMBERS", "PARTS", "SCOPES",
    "SUMS", "Measure", "measure_named",
]  # fmt: skip

SCOPES = ("", "callers", "queue", "agents")
"""Kinds of scope: "" is the whole centre."""
BREAKDOWNS = tuple("+".join(filter(None, (scope, cell))) for cell in ("interval", "hour_of_week") for scope in SCOPES)
"""What figures can be split by on request, e.g. "interval", "queue+hour_of_week"."""
PARTS = {scope: (scope, "") for scope in SCOPES} | {
    name: (name.rpartition("+")[0], name.rpartition("+")[2]) for name in BREAKDOWNS
}
"""Name of a scope or breakdown -> (kind of scope, kind of cell)."""

MEAN_NUMBERS = frozenset({"calls_per_caller", "mean_queue"}) | CASE_MEAN_NUMBERS
"""Measures of unit "1" that are mean numbers; the others are shares."""

_CALLS = ("", "callers", "queue")
_CONTACTS = ("", "callers")
_AGENTS = ("", "agents")
_TICKS_IN_A_SECOND = 1_000_000


def _count(name: str, definition: str, scopes: tuple[str, ...] = _CALLS) -> Measure:
    return Measure(name, "count", "count", definition, scopes, name)


def _time(name: str, definition: str) -> Measure:
    return Measure(name, "s", "time", definition, _AGENTS, name, scale=_TICKS_IN_A_SECOND)


def _percentile(percent: int) -> Measure:
    return Measure(
        f"wait_p{percent}",
        "s",
        "percentile",
        f"wait that {percent} % of the answered and abandoned calls did not exceed: the upper edge of the bin"
        " (1 s wide up to 128 s, 1/128 of the wait above) that holds this call; at {agents}, of the calls that"
        " the group answered",
        SCOPES,
        "",
        share=percent / 100,
        empty="no call was answered or abandoned",
    )


_COUNTS = (
    _count("arrivals", "calls made: offered + blocked + closed + balked + voicemail_on_arrival"),
    _count("fresh", "arrivals that are a caller's first call (at {queue}: by the queue that was called)"),
    _count("repeats", "arrivals that are a caller's second or later call (at {queue}: by the queue that was called)"),
    _count("offered", "calls that entered a queue or were answered at once; at {queue}: visits to the queue"),
    _count(
        "answered",
        "calls whose last visit to a queue was answered, unless a transfer then cut the caller off or sent him to"
        " voicemail; at {queue} and {agents}: visits that were answered there",
        SCOPES,
    ),
    _count("abandoned", "calls whose caller hung up while waiting; with zero patience, with a wait of 0"),
    _count("blocked", "calls that met the busy tone: no line was free, the queue was full, or busy tone when closed"),
    _count("balked", "callers who hung up on hearing that they would have to wait, before queueing"),
    _count("closed", "calls that met the closed announcement"),
    _count(
        "voicemail",
        "calls that ended with a message because the department was closed, on arrival or after a transfer (at"
        " {queue}: on arrival there, or after an answer there)",
    ),
    _count("voicemail_on_arrival", "calls that ended with a message without having entered a queue"),
    _count(
        "dropped_by_transfer",
        "calls that were cut off by a transfer into a closed department (at {queue}: by a transfer out of it)",
    ),
    _count("dropped_at_closing", "calls that were waiting when the department closed, and were cut off"),
    _count("moved", "visits that ended by a move to another queue at closing", ("queue",)),
    _count(
        "transferred",
        "calls that an agent passed on at least once, whatever became of them (at {queue} and {agents}: answered"
        " visits after which the caller was passed on)",
        SCOPES,
    ),
    _count("unfinished", "calls that still waited, or were on the way to another department, when the run ended"),
    _count("callers", "callers who made their first call in the measured window", _CONTACTS),
    _count("callers_answered", "callers who made their first call in the window and were answered at last", _CONTACTS),
)

_SHARES = (
    Measure(
        "abandonment_ratio",
        "1",
        "ratio",
        "abandoned / offered",
        _CALLS,
        "abandoned",
        "offered",
        empty="no call was offered",
    ),
    Measure(
        "blocked_ratio",
        "1",
        "ratio",
        "blocked / (offered + blocked)",
        _CALLS,
        "blocked",
        "offered_or_blocked",
        empty="no call was offered or blocked",
    ),
    Measure("reach", "1", "ratio", "answered / arrivals", _CALLS, "answered", "arrivals", empty="nobody called"),
    Measure(
        "reach_per_caller",
        "1",
        "ratio",
        "callers_answered / callers: the share of people who were answered at last, however often they called",
        _CONTACTS,
        "callers_answered",
        "callers",
        empty="nobody made a first call",
    ),
    Measure(
        "service_level",
        "1",
        "ratio",
        "share of calls answered within the acceptable wait of the queue (inclusive, unrounded), by the queue's"
        " formula; at {} and {callers}: by the queue that was called",
        _CALLS,
        "level_met",
        "level_counted",
        empty="no call counts by the formula",
    ),
    Measure(
        "share_held_an_hour",
        "1",
        "ratio",
        "share of answered calls whose wait was one hour or more",
        SCOPES,
        "held_an_hour",
        "answered",
        empty="no call was answered",
    ),
    Measure(
        "occupancy",
        "1",
        "ratio",
        "busy_time / staffed_time",
        _AGENTS,
        "busy_time",
        "staffed_time",
        empty="nobody was signed on",
    ),
)


def _mean(name: str, definition: str, scopes: tuple[str, ...], sums: tuple[str, str], empty: str) -> Measure:
    return Measure(name, "s", "ratio", definition, scopes, *sums, scale=_TICKS_IN_A_SECOND, empty=empty)


_NOT_ANSWERED = "no call was answered"
_WAITS = (
    _mean(
        "speed_of_answer",
        "mean wait of answered calls; at {} and {callers} a call's wait is the sum over its visits to queues",
        SCOPES,
        ("wait_answered", "answered"),
        _NOT_ANSWERED,
    ),
    _mean(
        "mean_wait",
        "mean wait of answered and abandoned calls",
        _CALLS,
        ("wait", "waited"),
        "no call was answered or abandoned",
    ),
    _mean(
        "mean_wait_abandoned",
        "mean wait of abandoned calls",
        _CALLS,
        ("wait_abandoned", "abandoned"),
        "no call was abandoned",
    ),
    *(_percentile(percent) for percent in (50, 80, 90, 95, 99)),
    Measure(
        "wait_max",
        "s",
        "maximum",
        "longest wait of the answered and abandoned calls of a run, exact; over replications the mean of these; at"
        " {agents}, of the calls that the group answered",
        SCOPES,
        "",
        scale=_TICKS_IN_A_SECOND,
        empty="no call was answered or abandoned",
    ),
    _mean(
        "hold_per_caller",
        "mean over callers of the time they waited in all their calls together, up to the end of the run",
        _CONTACTS,
        ("hold_of_callers", "callers"),
        "nobody made a first call",
    ),
    Measure(
        "calls_per_caller",
        "1",
        "ratio",
        "mean number of calls of a caller, up to the end of the run",
        _CONTACTS,
        "calls_of_callers",
        "callers",
        empty="nobody made a first call",
    ),
    Measure(
        "mean_queue",
        "1",
        "ratio",
        "mean number of callers who wait, averaged over time",
        _CALLS,
        "queue_time",
        "window",
        empty="the interval has no length",
    ),
)

_HANDLING = (
    _mean(
        "handle_time",
        "mean of talk and after-call work per answered call; at {} and {callers} the sum over its answered visits",
        SCOPES,
        ("handle", "answered"),
        _NOT_ANSWERED,
    ),
    _mean("talk_time", "the talk in handle_time", SCOPES, ("talk", "answered"), _NOT_ANSWERED),
    _mean(
        "after_call_work", "the after-call work in handle_time", SCOPES, ("after_call_work", "answered"), _NOT_ANSWERED
    ),
)

_STAFF = (
    _time("signed_on_time", "time agents were present as planned, breaks included"),
    _time("overrun_time", "time agents stayed after their planned end to finish a call"),
    _time("break_time", "time agents were on a break"),
    _time("staffed_time", "signed_on_time + overrun_time - break_time"),
    _time("busy_time", "time agents talked or did after-call work"),
    _time("idle_time", "staffed_time - busy_time"),
    _time("absent_time", "planned time of shifts that nobody came to"),
    _time("paid_time", "signed_on_time + overrun_time + absent_time"),
)

CATALOGUE: tuple[Measure, ...] = _COUNTS + _SHARES + _WAITS + _HANDLING + _STAFF
"""Every measure of calls, callers and agents, in the order of the reports."""
EVERY_MEASURE = CATALOGUE + CASE_CATALOGUE
"""These, and those of cases, which only exist where a scenario has cases."""


def _sums() -> tuple[str, ...]:
    named = [name for measure in CATALOGUE for name in (measure.numerator, measure.denominator) if name]
    return tuple(dict.fromkeys(named))


SUMS: tuple[str, ...] = _sums()
"""Names of the sums that a replication keeps."""


def measure_named(name: str) -> Measure:
    """Return the measure with this name.

    Raises
    ------
    KeyError
        If there is none.

    Examples
    --------
    >>> measure_named("abandonment_ratio").definition
    'abandoned / offered'
    """
    return _BY_NAME[name]


_BY_NAME = {measure.name: measure for measure in EVERY_MEASURE}

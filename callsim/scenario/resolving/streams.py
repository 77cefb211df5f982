"""Streams of callers become the plan's streams: arrival blocks, patience, priorities, repeated calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from callsim.codes import Cause, PatienceRule
from callsim.plan.draws import name_hash
from callsim.plan.laws import Constant, Gamma
from callsim.plan.plan import ONE, Streams
from callsim.scenario.language.readers import Amounts, WrittenFile
from callsim.scenario.models import Callers, Calls, Redial
from callsim.scenario.resolving.calendar import on_weekdays
from callsim.scenario.resolving.context import LONGEST_PATIENCE, Context, Repeat, Stream, Way, as_factor, as_share
from callsim.scenario.resolving.demand import (
    Blocks,
    Segment,
    WeightedHours,
    at_rates,
    cut_at_midnights,
    listed_profile,
    of_totals,
    split_days,
)
from callsim.units import DAY, HOUR, WEEK

__all__ = ["resolve_streams"]

_FACTOR_UNIT = 1_000_000_000
"""Ticks of a day factor of 1."""
_REDIALS = (
    (Cause.REDIAL_AFTER_ABANDONED, "abandoned"),
    (Cause.REDIAL_AFTER_BLOCKED, "busy"),
    (Cause.REDIAL_AFTER_BALKED, "balked"),
    (Cause.REDIAL_AFTER_CLOSED, "closed"),
    (Cause.REDIAL_AFTER_DROPPED, "cut_off"),
    (Cause.REPEAT_UNSOLVED, "unsolved"),
)
_MOST_CALLS = 255


@dataclass
class _Arrivals:
    """Arrivals of one stream: blocks or recorded instants."""

    blocks: Blocks
    recorded: list[int]


def resolve_streams(context: Context) -> Streams:
    """Return the plan's streams; problems are noted in the context."""
    streams = context.streams
    arrivals = [_arrivals(context, stream) for stream in streams]
    _check_names(context)
    queues = context.queues
    patience = [_patience(context, stream) for stream in streams]
    scales = [_patience_scale(stream.callers) for stream in streams]
    redials = [_redials(context, stream) for stream in streams]
    blocks = [one.blocks for one in arrivals]
    factors = [_day_factor(context, stream) for stream in streams]
    return Streams(
        names=tuple(stream.name for stream in streams),
        hashes=np.array([name_hash(f"callers:{stream.name}") for stream in streams], dtype=np.uint32),
        queue=np.array(
            [queues.index(stream.callers.to) if stream.callers.to in queues else -1 for stream in streams],
            dtype=np.int32,
        ),
        priority=np.array([stream.callers.priority for stream in streams], dtype=np.int32),
        credit=np.array([stream.callers.credit for stream in streams], dtype=np.int64),
        balk=np.array([as_share(stream.callers.balks) for stream in streams], dtype=np.int64),
        patience_law=np.array(patience, dtype=np.int32),
        patience_rule=np.array([_rule(stream.callers) for stream in streams], dtype=np.int8),
        patience_scale=_padded(scales, ONE),
        max_contacts=np.array(
            [min(max(stream.callers.calls_again.at_most, 1), _MOST_CALLS) for stream in streams], dtype=np.int32
        ),
        redial_share=_stacked([one.shares for one in redials]),
        redial_delay=np.array([one.delays for one in redials], dtype=np.int32).reshape(-1, len(Cause)),
        redial_until_open=np.array([one.until_open for one in redials], dtype=np.bool_).reshape(-1, len(Cause)),
        block_offset=np.cumsum([0, *(len(one.start) for one in blocks)]).astype(np.int64),
        block_start=_joined([one.start for one in blocks], np.int64),
        block_end=_joined([one.end for one in blocks], np.int64),
        block_mean=_joined([one.mean for one in blocks], np.float64),
        block_day=_joined([one.day for one in blocks], np.int32),
        day_factor_law=np.array([law for law, _ in factors], dtype=np.int32),
        day_factor_hash=np.array([name for _, name in factors], dtype=np.uint32),
        recorded_offset=np.cumsum([0, *(len(one.recorded) for one in arrivals)]).astype(np.int64),
        recorded=np.array([tick for one in arrivals for tick in one.recorded], dtype=np.int64),
    )


def _joined(arrays: Sequence[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=dtype), *arrays]).astype(dtype)


def _padded(rows: Sequence[Sequence[int]], fill: int) -> np.ndarray:
    """Return int64[row, column]: shorter rows go on with their last value."""
    width = max(map(len, rows), default=1)
    return np.array([[*row, *[row[-1] if row else fill] * (width - len(row))] for row in rows], dtype=np.int64).reshape(
        len(rows), width
    )


def _stacked(tables: Sequence[Sequence[Sequence[int]]]) -> np.ndarray:
    """Return int64[stream, cause, contact]."""
    width = max((len(row) for table in tables for row in table), default=1)
    padded = [[[*row, *[row[-1]] * (width - len(row))] for row in table] for table in tables]
    return np.array(padded, dtype=np.int64).reshape(len(tables), len(Cause), width)


def _check_names(context: Context) -> None:
    """Check that every stream calls a queue and that no two names share a hash."""
    seen: dict[int, str] = {}
    for stream in context.streams:
        if stream.callers.to not in context.scenario.queues:
            context.problem(stream.way_to("to"), repr(stream.callers.to), "there is no such queue")
        known = name_hash(f"callers:{stream.name}") in seen
        other = seen.setdefault(name_hash(f"callers:{stream.name}"), stream.name)
        if known:
            context.problem(
                stream.way,
                repr(stream.name),
                f"its draws would be those of {other!r}",
                "rename one of the two",
                key=True,
            )


def _patience(context: Context, stream: Stream) -> int:
    callers, way = stream.callers, stream.way_to("patience")
    if callers.patience is None:
        if not callers.hangs_up_at_once:
            return -1
        return context.law(way, LONGEST_PATIENCE, "never hangs up", callers.hangs_up_at_once)
    written = callers.patience.law
    if written.from_volumes:
        context.problem(way, written.text, "a patience has no mean in the volumes file")
        return -1
    zero = 1 - (1 - written.zero) * (1 - callers.hangs_up_at_once)
    try:
        law = written.law
    except ValueError as error:
        found, _, rule = str(error).removeprefix("found ").partition("; ")
        context.problem(way, f"{written.text}: {found}", rule)
        return -1
    return context.law(way, law, written.text, zero)


def _rule(callers: Callers) -> PatienceRule:
    patience = callers.patience
    return PatienceRule.SAME_PERSON if patience and patience.rule == "same person" else PatienceRule.FRESH


def _patience_scale(callers: Callers) -> list[int]:
    patience = callers.patience
    if patience is None or patience.rule != "multiplied by attempt":
        return [ONE]
    return [as_factor(factor) for factor in patience.factors] or [ONE]


@dataclass
class _Redials:
    shares: list[list[int]]
    delays: list[int]
    until_open: list[bool]


def _redials(context: Context, stream: Stream) -> _Redials:
    """Return the shares by attempt, the delay laws and where they count from, one entry a cause."""
    found = _Redials([[0] for _ in Cause], [-1 for _ in Cause], [False for _ in Cause])
    for repeat in _written_repeats(stream) if stream.repeats is None else stream.repeats:
        found.shares[repeat.cause] = [as_share(share) for share in repeat.shares]
        found.until_open[repeat.cause] = repeat.delay.until_open
        if repeat.delay.law is None:
            found.delays[repeat.cause] = context.law(repeat.way, Constant(0.0), repeat.delay.text)
        else:
            found.delays[repeat.cause] = context.written_law(repeat.way, repeat.delay.law)
    return found


def _written_repeats(stream: Stream) -> Iterator[Repeat]:
    """Yield who calls again as ordinary callers say it."""
    for cause, name in _REDIALS:
        redial: Redial | None = getattr(stream.callers.calls_again, name)
        if redial is not None:
            way = (*stream.way, "calls_again", "cut off" if name == "cut_off" else name, "delay")
            yield Repeat(cause, redial.share, redial.delay, way)


def _day_factor(context: Context, stream: Stream) -> tuple[int, int]:
    """Return the law of the day factor and the hash of whoever shares it."""
    factor, way = stream.callers.day_factor, (*stream.way, *(("starts",) if stream.kind else ()), "day_factor")
    volumes = context.scenario.volumes
    if factor is None and stream.table is not None and volumes is not None:
        factor, way = volumes.day_factor, ("volumes", "day_factor")
    if factor is None or factor.cv == 0:
        return -1, 0
    name = name_hash(f"day factor:{factor.shared_by or (stream.kind.type if stream.kind else stream.name)}")
    text = f"gamma mean 1 cv {factor.cv:g}"
    try:
        law = Gamma(1.0, factor.cv)
    except ValueError as error:
        found, _, rule = str(error).removeprefix("found ").partition("; ")
        context.problem((*way, "cv"), found, rule)
        return -1, 0
    return context.law(way, law, text, ticks_per_unit=_FACTOR_UNIT), name


def _arrivals(context: Context, stream: Stream) -> _Arrivals:
    calls, way, horizon = stream.callers.calls, stream.way_to("calls"), context.horizon
    segments: list[Segment] = []
    recorded: list[int] = []
    if calls.recorded is not None:
        recorded = _recorded(context, stream, calls.recorded)
    elif calls.from_volumes is not None:
        if stream.table in context.tables:
            table = context.tables[stream.table]
            rows = zip(table.start.tolist(), table.end.tolist(), table.calls.tolist(), strict=True)
            segments = [row for row in rows if row[2] > 0]
    else:
        segments = _written_segments(context, calls, way, (*way, "profile" if stream.kind is None else "at"))
    times = stream.callers.times
    if recorded and times != 1:
        context.problem(
            (*stream.way, "times"), f"{times:g}", "recorded calls are replayed as they were, without a factor"
        )
    segments = [(start, end, calls_in * times) for start, end, calls_in in segments if calls_in > 0]
    blocks = cut_at_midnights(context.timeline, segments, horizon)
    if not recorded and not context.problems and not len(blocks.mean):
        what, whose = ("calls", "a stream") if stream.kind is None else ("problems", "a type of case")
        context.problem(
            way, f"no {what} inside the run", f"{whose} has {what}", "remove it, or check its hours", key=True
        )
    return _Arrivals(blocks, recorded)


def _recorded(context: Context, stream: Stream, file: WrittenFile) -> list[int]:
    from callsim.scenario.resolving.profiles import read_instants
    from callsim.scenario.resolving.volumes import FileDefects

    way = (*stream.way, "calls", "recorded")
    try:
        instants = read_instants(file.path, context.timeline)
    except FileDefects as defects:
        context.defects(way, defects)
        return []
    inside = [tick for tick in instants if 0 <= tick < context.horizon]
    if not inside:
        context.problem(
            way, f"{file.name}, with none of its {len(instants)} calls inside the run", "a stream has calls"
        )
    return inside


def _written_segments(context: Context, calls: Calls, way: Way, profile_way: Way) -> list[Segment]:
    """Return the segments of calls that are given as a rate or a total."""
    units = {"per_hour": HOUR, "per_day": DAY, "per_week": WEEK}
    name = next((name for name in units if getattr(calls, name) is not None), "")
    if not name:
        return []
    amounts: Amounts = getattr(calls, name)
    unit, own = units[name], (*way, name)
    if amounts.listed and calls.every is None:
        context.problem(own, "a list", "a list needs `every`, the length of its steps", "write every: 30m beside it")
        return []
    if (amounts.by_hours or amounts.by_day) and not context.needs_calendar(own, "hours of the week or weekdays"):
        return []
    if name == "per_hour" or amounts.listed:
        if calls.profile is not None and not (name != "per_hour" and amounts.constant is not None):
            context.problem(profile_way, f"a profile beside {name}", "a profile spreads per_day or per_week")
        return at_rates(context.timeline, amounts, unit, calls.every or 0, calls.repeat, context.horizon)
    if amounts.by_hours or (amounts.by_day and name == "per_week"):
        context.problem(own, "hours or weekdays", f"{name} is one total", "spread it with `profile`")
        return []
    profile = _profile(context, calls, profile_way)
    totals = [amounts.constant or 0.0] * 7
    for weekdays, amount in amounts.by_day:
        for weekday in weekdays:
            totals[weekday] = amount
    if profile == []:
        return []
    return of_totals(context.timeline, totals, profile, name == "per_week", context.horizon)


def _profile(context: Context, calls: Calls, own: Way) -> list[WeightedHours] | None:
    """Return a profile as weighted hours within days; empty if there is a problem, ``None`` if none is written."""
    written = calls.profile
    if written is None:
        return None
    if isinstance(written, WrittenFile):
        return _profile_of_file(context, written, own)
    if written.listed:
        if calls.every is None:
            context.problem(
                own, "a list", "a list needs `every`, the length of its steps", "write every: 30m beside it"
            )
            return []
        try:
            rows = listed_profile(written.listed, calls.every)
        except ValueError:
            found = f"{len(written.listed)} weights, one every {calls.every // 1_000_000} s"
            context.problem(own, found, "a list of weights fills a day or a week")
            return []
    elif context.needs_calendar(own, "hours of the week"):
        rows = split_days([(spans, weight) for hours, weight in written.by_hours for spans in on_weekdays(hours)])
    else:
        return []
    if sum(weight for _, weight in rows) <= 0:
        context.problem(own, "no weight above 0", "at least one interval must have calls")
        return []
    return rows


def _profile_of_file(context: Context, file: WrittenFile, own: Way) -> list[WeightedHours]:
    from callsim.scenario.resolving.profiles import read_profile
    from callsim.scenario.resolving.volumes import FileDefects

    if not context.needs_calendar(own, "hours of the week"):
        return []
    try:
        return split_days(read_profile(file.path))
    except FileDefects as defects:
        context.defects(own, defects)
        return []

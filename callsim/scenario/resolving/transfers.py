"""Reasons for passing calls on become the plan's rows of transfers; those by which cases are escalated come last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import TransferPatience
from callsim.plan.plan import Transfers
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.models import TransferReason, TransferRule
from callsim.scenario.resolving.calendar import Span
from callsim.scenario.resolving.context import ESCALATION, NO_LIMIT, Context, Stream, as_share

__all__ = ["happens", "named_streams", "resolve_transfers"]


@dataclass(frozen=True)
class _Row:
    """One row on its way into the plan."""

    reason: str
    source: str
    target: str
    share: float
    streams: tuple[bool, ...]
    rule: TransferRule
    is_escalation: bool = False


def happens(context: Context, transfers: Transfers) -> npt.NDArray[np.bool_]:
    """Return bool[row]: whether calls can be passed on by a row; those of escalations have no share, and can."""
    mask: npt.NDArray[np.bool_] = transfers.share > 0
    mask[len(mask) - len(context.escalations) :] = True
    return mask


def named_streams(stream: Stream, names: Sequence[str]) -> bool:
    """Tell whether a list of callers names a stream: by its name, or by its type of case."""
    return stream.name in names or (stream.kind is not None and stream.kind.type in names)


def resolve_transfers(context: Context) -> Transfers:
    """Return the plan's transfers, in the order of writing; problems are noted in the context.

    The rows of escalations stand behind the written ones, and in ``context.escalations``.
    """
    written = context.scenario.transfers
    queues, reasons = context.queues, list(written.reasons)
    rows = list(_written_rows(context))
    escalations = list(_escalation_rows(context))
    context.escalations = [(name, row.source) for name, row in escalations]
    rows += [row for _, row in escalations]
    if escalations:
        reasons.append(ESCALATION)
    rules = [row.rule for row in rows]
    windows = [_windows(context, row) for row in rows]
    explain = [
        -1 if row.rule.explain is None else context.written_law(("transfers", row.reason, "explain"), row.rule.explain)
        for row in rows
    ]
    patience = [
        context.written_law(("transfers", row.reason, "patience"), row.rule.patience)
        if isinstance(row.rule.patience, WrittenLaw)
        else -1
        for row in rows
    ]
    _check_callers(context)
    return Transfers(
        reasons=tuple(reasons),
        reason=np.array([reasons.index(row.reason) for row in rows], dtype=np.int32),
        source=np.array([queues.index(row.source) for row in rows], dtype=np.int32),
        target=np.array([queues.index(row.target) for row in rows], dtype=np.int32),
        share=np.array([as_share(row.share) for row in rows], dtype=np.int64),
        streams=np.array([row.streams for row in rows], dtype=np.bool_).reshape(len(rows), len(context.streams)),
        groups=_groups(context, rows),
        during_offset=np.cumsum([0, *map(len, windows)]).astype(np.int64),
        during_start=np.array([start for spans in windows for start, _ in spans], dtype=np.int64),
        during_end=np.array([end for spans in windows for _, end in spans], dtype=np.int64),
        at_most=np.array([NO_LIMIT if rule.at_most is None else rule.at_most for rule in rules], dtype=np.int32),
        dialling=np.array([rule.dialling for rule in rules], dtype=np.int64),
        explain_law=np.array(explain, dtype=np.int32),
        place=np.array([rule.queue for rule in rules], dtype=np.int8),
        priority=np.array([-1 if rule.priority is None else rule.priority for rule in rules], dtype=np.int32),
        patience=np.array([_patience_rule(rule) for rule in rules], dtype=np.int8),
        patience_law=np.array(patience, dtype=np.int32),
        if_closed=np.array([rule.if_closed for rule in rules], dtype=np.int8),
        mistaken=np.array([as_share(rule.mistaken or 0.0) for rule in rules], dtype=np.int64),
    )


def _written_rows(context: Context) -> Iterator[_Row]:
    """Yield the rows of the reasons; one that `passed_on` scales differently for some callers becomes several."""
    written = context.scenario.transfers
    for name, reason in written.reasons.items():
        parts = _parts(context, reason)
        for source, targets in reason.shares.items():
            for target, share in targets.items():
                if not _known(context, name, source, target):
                    continue
                for (scale, at_most), streams in parts.items():
                    rule = written.rule(name, target)
                    if at_most is not None:
                        most = at_most if rule.at_most is None else min(at_most, rule.at_most)
                        rule = rule.model_copy(update={"at_most": most})
                    yield _Row(name, source, target, share * scale, tuple(streams), rule)


def _parts(context: Context, reason: TransferReason) -> dict[tuple[float, int | None], list[bool]]:
    """Return the streams of a reason by how `passed_on` of their type of case scales and limits it."""
    found: dict[tuple[float, int | None], list[bool]] = {}
    for s, stream in enumerate(context.streams):
        if reason.callers and not named_streams(stream, reason.callers):
            continue
        passed_on = stream.kind.case.passed_on if stream.kind is not None and reason.callers else None
        part = (1.0, None) if passed_on is None else (passed_on.share, passed_on.at_most)
        found.setdefault(part, [False] * len(context.streams))[s] = True
    return found or {(1.0, None): [False] * len(context.streams)}


def _escalation_rows(context: Context) -> Iterator[tuple[str, _Row]]:
    """Yield the rows by which cases are escalated, with their types, for each queue where customers ask for it."""
    for name, case in context.scenario.cases.items():
        escalation = case.escalation
        if escalation is None:
            continue
        sources = escalation.sources or [queue for queue in context.queues if queue != escalation.to]
        streams = tuple(stream.kind is not None and stream.kind.type == name for stream in context.streams)
        rule = context.scenario.transfers.rule_to(escalation.to).model_copy(update={"explain": None})
        for source in sources:
            yield name, _Row(ESCALATION, source, escalation.to, 0.0, streams, rule, is_escalation=True)


def _patience_rule(rule: TransferRule) -> TransferPatience:
    """Return the code of a rule's patience; a law of its own is drawn afresh."""
    return rule.patience if isinstance(rule.patience, TransferPatience) else TransferPatience.FRESH


def _known(context: Context, reason: str, source: str, target: str) -> bool:
    for name in (source, target):
        if name not in context.scenario.queues:
            context.problem(("transfers", reason, source), repr(name), "there is no such queue", key=True)
            return False
    return True


def _windows(context: Context, row: _Row) -> list[Span]:
    """Return the hours in which a row applies; none means always."""
    hours = None if row.is_escalation else context.scenario.transfers.reasons[row.reason].during
    if hours is None or hours.always:
        return []
    if not context.needs_calendar(("transfers", row.reason, "during"), f"hours of the week ({hours.text})"):
        return []
    spans = [span for span in context.weekly_spans(hours) if span[0] < context.horizon]
    return spans or [(-1, 0)]  # a window that nothing meets, since no window at all would mean always


def _check_callers(context: Context) -> None:
    """Check that reasons name callers and groups that there are."""
    callers = {stream.name for stream in context.streams} | set(context.scenario.cases)
    for name, reason in context.scenario.transfers.reasons.items():
        for part, names, known in (("callers", reason.callers, callers), ("by", reason.by, set(context.groups))):
            for i, wanted in enumerate(names):
                if wanted not in known:
                    context.problem(
                        ("transfers", name, part, i), repr(wanted), f"{part} must name one of those defined"
                    )


def _groups(context: Context, rows: Sequence[_Row]) -> npt.NDArray[np.bool_]:
    """Return bool[row, group]: whether a row's reason names the group, or names nobody and so means all."""
    mask = np.ones((len(rows), len(context.groups)), dtype=np.bool_)
    for i, row in enumerate(rows):
        by = () if row.is_escalation else context.scenario.transfers.reasons[row.reason].by
        mask[i] = [not by or group in by for group in context.groups]
    return mask

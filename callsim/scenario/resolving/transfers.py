"""Reasons for passing calls on become the plan's rows of transfers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from callsim.codes import TransferPatience
from callsim.plan.plan import Transfers
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.models import TransferReason, TransferRule
from callsim.scenario.resolving.calendar import Span
from callsim.scenario.resolving.context import NO_LIMIT, Context, as_share

__all__ = ["resolve_transfers"]


def resolve_transfers(context: Context) -> Transfers:
    """Return the plan's transfers, in the order of writing; problems are noted in the context."""
    written = context.scenario.transfers
    queues, reasons = context.queues, list(written.reasons)
    rows = [
        (number, name, source, target, share)
        for number, name in enumerate(reasons)
        for source, targets in written.reasons[name].shares.items()
        for target, share in targets.items()
        if _known(context, name, source, target)
    ]
    rules = [written.rule(name, target) for _, name, _, target, _ in rows]
    windows = [_windows(context, name) for _, name, _, _, _ in rows]
    explain = [
        -1 if rule.explain is None else context.written_law(("transfers", row[1], "explain"), rule.explain)
        for row, rule in zip(rows, rules, strict=True)
    ]
    patience = [
        context.written_law(("transfers", row[1], "patience"), rule.patience)
        if isinstance(rule.patience, WrittenLaw)
        else -1
        for row, rule in zip(rows, rules, strict=True)
    ]
    return Transfers(
        reasons=tuple(reasons),
        reason=np.array([row[0] for row in rows], dtype=np.int32),
        source=np.array([queues.index(row[2]) for row in rows], dtype=np.int32),
        target=np.array([queues.index(row[3]) for row in rows], dtype=np.int32),
        share=np.array([as_share(row[4]) for row in rows], dtype=np.int64),
        streams=_mask(context, [row[1] for row in rows], "callers", [stream.name for stream in context.streams]),
        groups=_mask(context, [row[1] for row in rows], "by", context.groups),
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
    )


def _patience_rule(rule: TransferRule) -> TransferPatience:
    """Return the code of a rule's patience; a law of its own is drawn afresh."""
    return rule.patience if isinstance(rule.patience, TransferPatience) else TransferPatience.FRESH


def _known(context: Context, reason: str, source: str, target: str) -> bool:
    for name in (source, target):
        if name not in context.scenario.queues:
            context.problem(("transfers", reason, source), repr(name), "there is no such queue", key=True)
            return False
    return True


def _windows(context: Context, reason: str) -> list[Span]:
    """Return the hours in which a reason applies; none means always."""
    hours = context.scenario.transfers.reasons[reason].during
    if hours is None or hours.always:
        return []
    if not context.needs_calendar(("transfers", reason, "during"), f"hours of the week ({hours.text})"):
        return []
    spans = [span for span in context.weekly_spans(hours) if span[0] < context.horizon]
    return spans or [(-1, 0)]  # a window that nothing meets, since no window at all would mean always


def _mask(context: Context, reasons: Sequence[str], part: str, known: list[str]) -> np.ndarray:
    """Return bool[row, name]: whether a row's reason names it, or names nobody and so means all."""
    mask = np.zeros((len(reasons), len(known)), dtype=np.bool_)
    for row, reason in enumerate(reasons):
        written: TransferReason = context.scenario.transfers.reasons[reason]
        names: tuple[str, ...] = getattr(written, part)
        for i, name in enumerate(names):
            if name not in known:
                context.problem(("transfers", reason, part, i), repr(name), f"{part} must name one of those defined")
        mask[row] = [not names or name in names for name in known]
    return mask

"""What only the whole scenario can tell of cases: work that nobody can own, doors that never open for a customer."""

from __future__ import annotations

import numpy as np

from callsim.codes import IfClosed
from callsim.scenario.language.case_readers import EVERYTHING
from callsim.scenario.resolving.calendar import Span, cut
from callsim.scenario.resolving.context import CaseKind
from callsim.scenario.resolving.presence import both, openings_of, transfer_hours
from callsim.scenario.resolving.resolved import Resolved

__all__ = ["check_cases"]


def check_cases(resolved: Resolved) -> None:
    """Note what is wrong with the cases of a whole scenario in the context of ``resolved``."""
    for row, kind in enumerate(kind for stream in resolved.context.streams if (kind := stream.kind) is not None):
        _check_owned(resolved, row, kind)
        _check_callable(resolved, row, kind)
    _check_escalations(resolved)


def _check_owned(resolved: Resolved, row: int, kind: CaseKind) -> None:
    """Check that each piece can be owned where customers come, unless the provider may solve it otherwise."""
    context, cases, levels = resolved.context, resolved.plan.cases, resolved.plan.agents.level
    kept = min(cases.promise_share[row], cases.promise_kept[row]) > 0
    if kept or cases.complaint_share[row] > 0:
        return
    comes = resolved.comes[int(cases.stream[row])]
    by_group = EVERYTHING not in kind.case.owner.share
    willing = cases.owner_share[row] > 0 if by_group else np.ones(len(context.groups), dtype=bool)
    able = comes & (levels[willing] > 0).any(axis=0)
    for number, piece in enumerate(kind.case.needs):
        if (able & cases.can_do[row, number]).any():
            continue
        where = [context.queues[q] for q in np.flatnonzero(comes).tolist()]
        context.problem(
            (*kind.way, "done_by" if kind.case.done_by else "owner"),
            f"nobody who can own {piece!r}",
            f"these customers come to {', '.join(where)}, and there somebody must be able to own it",
            "change done_by, dials or the shares of the owners",
        )


def _check_callable(resolved: Resolved, row: int, kind: CaseKind) -> None:
    """Check that some queue that he dials is open, as far as he may know, while he is awake."""
    context, cases = resolved.context, resolved.plan.cases
    awake = _windows(cases.awake_offset, cases.awake_start, cases.awake_end, row) or [(0, context.horizon)]
    for number, piece in enumerate(kind.case.needs):
        dialled = np.flatnonzero(cases.dial_share[row, number]).tolist()
        spans: list[Span] = []
        for q in dialled:
            spans += openings_of(resolved, q)
            spans += _windows(cases.believed_offset, cases.believed_start, cases.believed_end, q)
        if any(both(awake, cut([span], 0, context.horizon)) for span in spans):
            continue
        names = ", ".join(context.queues[q] for q in dialled)
        context.problem(
            kind.side("dials")[1] if kind.side("dials")[0] else kind.way,
            f"{names}, never open while these customers are awake",
            f"they must be able to call for {piece!r}",
            "change the opening hours, or awake",
        )


def _windows(offset: np.ndarray, start: np.ndarray, end: np.ndarray, row: int) -> list[Span]:
    rows = slice(int(offset[row]), int(offset[row + 1]))
    return list(zip(start[rows].tolist(), end[rows].tolist(), strict=True))


def _check_escalations(resolved: Resolved) -> None:
    """Check that somebody comes to where escalations begin, and that the door to which they lead opens at times."""
    context, rows = resolved.context, resolved.plan.transfers
    first = len(rows.share) - len(context.escalations)
    for i, (name, source) in enumerate(context.escalations):
        row, way = first + i, ("cases", name, "escalation")
        written = context.scenario.cases[name].escalation
        assert written is not None
        if not resolved.comes[rows.streams[row], int(rows.source[row])].any():
            if source in written.sources:
                context.problem(
                    (*way, "from", written.sources.index(source)),
                    repr(source),
                    f"customers of {name!r} never come to it",
                    "leave it out",
                )
            continue
        hours = transfer_hours(resolved, row)
        if IfClosed(int(rows.if_closed[row])) in (IfClosed.HOLD, IfClosed.VOICEMAIL) or not hours:
            continue
        if not both(hours, openings_of(resolved, int(rows.target[row]))):
            context.problem(
                (*way, "to"),
                f"{written.to!r}, which is never open when {source!r} answers",
                "an escalation must meet an open door at some time",
                f"change the hours, leave {source} out, or write if_closed under transfers.to {written.to}",
            )

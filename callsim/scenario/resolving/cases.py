"""Types of case with their kinds of customers become the plan's cases, one row for each of their streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.codes import AngerCause
from callsim.plan.cases import Cases, no_cases
from callsim.plan.plan import NEVER, SURE, Queues, Transfers
from callsim.scenario.language.case_readers import EVERYTHING, OTHERS
from callsim.scenario.language.law_families import WrittenLaw
from callsim.scenario.models import Anger, Documented, Escalation, Promises, Regulator
from callsim.scenario.resolving.calendar import Span
from callsim.scenario.resolving.case_streams import dial_shares
from callsim.scenario.resolving.context import CaseKind, Context, Way, as_factor, as_share
from callsim.units import WeeklyHours

__all__ = ["documented_figures", "resolve_cases"]

NEVER_ASKS = (1 << 31) - 1
"""Contacts, or points of anger, that nobody reaches."""
_ANGER = {
    AngerCause.UNSOLVED: "unsolved",
    AngerCause.ABANDONED: "abandoned",
    AngerCause.TURNED_AWAY: "turned_away",
    AngerCause.CUT_OFF: "cut_off",
    AngerCause.BROKEN_PROMISE: "broken_promise",
    AngerCause.HOUR_ON_HOLD: "hour_on_hold",
}


def resolve_cases(context: Context, transfers: Transfers, queues: Queues) -> Cases:
    """Return the plan's cases; problems are noted in the context.

    Parameters
    ----------
    context : Context
        With its streams; those of case kinds know them.
    transfers : Transfers
        With the rows of escalations.
    queues : Queues
        Whose openings those believe in who know of no advertised hours.
    """
    places = [(s, stream.kind) for s, stream in enumerate(context.streams) if stream.kind is not None]
    if not places:
        return no_cases()
    table = _Table(context, [kind for _, kind in places])
    return Cases(
        types=tuple(context.scenario.cases),
        type=table.int32([list(context.scenario.cases).index(kind.type) for kind in table.kinds]),
        customers=tuple(kind.customer for kind in table.kinds),
        stream=table.int32([s for s, _ in places]),
        **table.work(),
        **table.telling(),
        **table.customer(queues),
        **table.anger(),
        **table.promises(),
        **table.escalation(transfers),
        **table.regulator(),
    )


def documented_figures(context: Context) -> dict[str, dict[str, dict[str, float]]]:
    """Return the figures of documented cases by type of case under "documented"; nothing if none is written."""
    found: dict[str, dict[str, float]] = {}
    for name, case in context.scenario.cases.items():
        if case.documented is not None:
            figures = {key: getattr(case.documented, key) for key in Documented.model_fields}
            found[name] = {key: float(figure) for key, figure in figures.items() if figure is not None}
    return {"documented": found} if found else {}


class _Table:
    """The columns of `Cases`, one entry a kind, part by part."""

    def __init__(self, context: Context, kinds: Sequence[CaseKind]) -> None:
        self.context = context
        self.kinds = kinds
        self.queues = context.queues
        self.most_pieces = max(len(kind.case.needs) for kind in kinds)

    def int32(self, values: Sequence[int]) -> npt.NDArray[np.int32]:
        return np.array(values, dtype=np.int32)

    def int64(self, values: Sequence[int]) -> npt.NDArray[np.int64]:
        return np.array(values, dtype=np.int64)

    def law(self, way: Way, written: WrittenLaw | None) -> int:
        """Enter a law of cases; -1 stands for none."""
        return -1 if written is None else self.context.written_law(way, written)

    def laws(self, *keys: str) -> npt.NDArray[np.int32]:
        """Enter what is written of each type under a path of keys, such as ``"owner", "takes"``."""
        found = []
        for kind in self.kinds:
            value: Any = kind.case
            for key in keys:
                value = getattr(value, key) if value is not None else None
            found.append(self.law((*kind.way, *keys), value))
        return self.int32(found)

    def shares(self, values: Sequence[float]) -> npt.NDArray[np.int64]:
        return self.int64([as_share(value) for value in values])

    def parts(self, key: str, default: Any) -> list[Any]:
        """Return a part of each type, or what stands for a part that is not written."""
        return [getattr(kind.case, key) or default for kind in self.kinds]

    # --- what is to be done ---------------------------------------------------------------------

    def work(self) -> dict[str, Any]:
        cases = [kind.case for kind in self.kinds]
        return {
            "pieces": self.int32([len(case.needs) for case in cases]),
            "can_do": np.array([self._can_do(kind) for kind in self.kinds], dtype=np.bool_),
            "owner_share": np.array([self._owner_shares(kind) for kind in self.kinds], dtype=np.int64),
            "carried_share": self.shares([case.owner.carries_over for case in cases]),
            "owner_does_rest": np.array([case.owner.does == "the rest" for case in cases], dtype=np.bool_),
            "owner_law": self.laws("owner", "takes"),
            "works_law": self.laws("works_after_last_piece"),
            "returns": self.shares([case.returns.share if case.returns is not None else 0.0 for case in cases]),
            "deadline": self.int64([NEVER if case.deadline is None else case.deadline for case in cases]),
        }

    def _can_do(self, kind: CaseKind) -> list[list[bool]]:
        """Return [piece, queue]; pieces that the case does not have stay out of reach."""
        case = kind.case
        by_piece = [case.done_by.get(piece, case.done_by.get(EVERYTHING, tuple(self.queues))) for piece in case.needs]
        by_piece += [()] * (self.most_pieces - len(by_piece))
        return [[queue in names for queue in self.queues] for names in by_piece]

    def _owner_shares(self, kind: CaseKind) -> list[int]:
        shares, groups = kind.case.owner.share, self.context.groups
        rest = shares.get(EVERYTHING, shares.get(OTHERS, 0.0))
        return [as_share(shares.get(group, rest)) for group in groups]

    # --- telling it again -----------------------------------------------------------------------

    def telling(self) -> dict[str, Any]:
        return {
            "identify_law": self.laws("identify"),
            "explain_law": self.laws("explain", "time"),
            "notes_law": self.laws("explain", "with_notes"),
            "notes_seen": self.shares([kind.case.shared_ticket for kind in self.kinds]),
        }

    # --- the customer ---------------------------------------------------------------------------

    def customer(self, queues: Queues) -> dict[str, Any]:
        beliefs = [kind.side("believes_open")[0] for kind in self.kinds]
        awake = [self._hours(kind.side("awake")[0]) for kind in self.kinds]
        believed = [self._believed(q, queues) for q in range(len(self.queues))]
        return {
            "never_tries": self.shares([kind.side("never_tries")[0] for kind in self.kinds]),
            "noticed_law": self.laws("starts", "noticed_after"),
            "dial_share": np.array([self._dials(kind) for kind in self.kinds], dtype=np.int64),
            **_windows("awake", awake),
            "knows_hours": self.shares([1.0 if belief is None else belief.knows for belief in beliefs]),
            "learns_hours": self.shares([0.0 if belief is None else belief.learns for belief in beliefs]),
            **_windows("believed", believed),
            "waits_on_law": self.int32([self.law(way, law) for law, way in self._sides("waits_on")]),
        }

    def _sides(self, key: str) -> list[tuple[Any, Way]]:
        return [kind.side(key) for kind in self.kinds]

    def _dials(self, kind: CaseKind) -> list[list[int]]:
        """Return [piece, queue]: shares whose thresholds add up to that of certainty."""
        rows = []
        for shares in dial_shares(kind, self.queues).values():
            row, whole = [0] * len(self.queues), 0.0
            for q, queue in enumerate(self.queues):
                before = as_share(whole)
                whole += shares.get(queue, 0.0)
                row[q] = as_share(min(whole, 1.0)) - before if shares.get(queue, 0.0) else 0
            last = max((q for q, share in enumerate(row) if share), default=0)
            row[last] += SURE - sum(row)
            rows.append(row)
        return rows + [[0] * len(self.queues)] * (self.most_pieces - len(rows))

    def _hours(self, hours: WeeklyHours | None) -> list[Span]:
        """Return hours of the week as windows; none means always."""
        if hours is None or hours.always:
            return []
        spans = [span for span in self.context.weekly_spans(hours) if span[0] < self.context.horizon]
        return spans or [(-1, 0)]  # a window that nothing meets, since no window at all would mean always

    def _believed(self, q: int, queues: Queues) -> list[Span]:
        """Return the hours that who does not know better believes in: the advertised ones, else those that are."""
        advertised = self.context.scenario.queues[self.queues[q]].advertised
        if advertised is None:
            rows = slice(int(queues.open_offset[q]), int(queues.open_offset[q + 1]))
            spans = zip(queues.open_start[rows].tolist(), queues.admit_end[rows].tolist(), strict=True)
            return [span for span in spans if span[0] < span[1]]
        if advertised.always:
            return [(0, NEVER)]
        return [span for span in self.context.weekly_spans(advertised) if span[0] < self.context.horizon]

    # --- anger ----------------------------------------------------------------------------------

    def anger(self) -> dict[str, Any]:
        angers: list[Anger | None] = [kind.side("anger")[0] for kind in self.kinds]
        points = [[0 if one is None else getattr(one.points, _ANGER[cause]) for cause in AngerCause] for one in angers]
        factors = {
            f"anger_{key}": _factors([(1.0,) if one is None else getattr(one, key) for one in angers])
            for key in ("patience", "delay", "talk")
        }
        return {"anger": np.array(points, dtype=np.int64), **factors}

    # --- promises and closing -------------------------------------------------------------------

    def promises(self) -> dict[str, Any]:
        parts: list[Promises | None] = self.parts("promises", None)
        return {
            "promise_share": self.shares([0.0 if part is None else part.share for part in parts]),
            "promise_due_law": self.laws("promises", "due"),
            "promise_kept": self.shares([0.0 if part is None else part.kept for part in parts]),
            "promise_queue": self._called_back_by("promises"),
            "promise_lead": self.int64([0 if part is None else part.lead for part in parts]),
            "promise_priority": self._priorities(parts),
            "closes_unsolved": self.shares([kind.case.closes_unsolved for kind in self.kinds]),
        }

    def _called_back_by(self, key: str) -> npt.NDArray[np.int32]:
        names = [None if part is None else part.called_back_by for part in self.parts(key, None)]
        return self.int32([-1 if name is None else self.queues.index(name) for name in names])

    def _priorities(self, parts: Sequence[Promises | Regulator | None]) -> npt.NDArray[np.int32]:
        """Return the priority of the provider's call: the customer's own if none is written."""
        own = [kind.side("priority")[0] for kind in self.kinds]
        given = [None if part is None else part.priority for part in parts]
        return self.int32([mine if other is None else other for mine, other in zip(own, given, strict=True)])

    # --- escalation -----------------------------------------------------------------------------

    def escalation(self, transfers: Transfers) -> dict[str, Any]:
        parts: list[Escalation | None] = self.parts("escalation", None)
        after = [None if part is None else part.after for part in parts]
        rows = np.full((len(self.kinds), len(self.queues)), -1, dtype=np.int32)
        first = len(transfers.share) - len(self.context.escalations)
        for i, (name, source) in enumerate(self.context.escalations):
            rows[[kind.type == name for kind in self.kinds], self.queues.index(source)] = first + i

        def limits(key: str, none: int) -> list[int]:
            given = [None if one is None else getattr(one, key) for one in after]
            return [none if limit is None else limit for limit in given]

        return {
            "escalation_row": rows,
            "escalation_contacts": self.int32(limits("calls", NEVER_ASKS)),
            "escalation_age": self.int64(limits("age", NEVER)),
            "escalation_hold": self.int64(limits("hold", NEVER)),
            "escalation_anger": self.int32(limits("anger", NEVER_ASKS)),
            "escalation_granted": self.shares([0.0 if part is None else part.granted for part in parts]),
        }

    # --- the regulator --------------------------------------------------------------------------

    def regulator(self) -> dict[str, Any]:
        parts: list[Regulator | None] = self.parts("regulator", None)
        office = [self._hours(None if part is None else part.at) for part in parts]
        return {
            "complaint_share": self.shares([0.0 if part is None else part.complains for part in parts]),
            "complaint_age": self.int64([0 if part is None else part.after.age for part in parts]),
            "complaint_contacts": self.int32([0 if part is None else part.after.calls for part in parts]),
            **_windows("office", office),
            "regulator_law": self.laws("regulator", "acts_in"),
            "regulator_queue": self._called_back_by("regulator"),
            "regulator_priority": self._priorities(parts),
        }


def _windows(name: str, rows: Sequence[Sequence[Span]]) -> dict[str, npt.NDArray[np.int64]]:
    """Return windows one behind the other, with where the rows of each begin."""
    return {
        f"{name}_offset": np.cumsum([0, *map(len, rows)]).astype(np.int64),
        f"{name}_start": np.array([start for spans in rows for start, _ in spans], dtype=np.int64),
        f"{name}_end": np.array([end for spans in rows for _, end in spans], dtype=np.int64),
    }


def _factors(rows: Sequence[Sequence[float]]) -> npt.NDArray[np.int64]:
    """Return int64[kind, points]; shorter rows go on with their last factor."""
    width = max(map(len, rows))
    whole = [[*row, *[row[-1]] * (width - len(row))] for row in rows]
    return np.array([[as_factor(factor) for factor in row] for row in whole], dtype=np.int64)

"""Who is passed on where: the rows of the plan's transfer table that apply to a leg, and the one that was drawn."""

from __future__ import annotations

from dataclasses import dataclass

from callsim.codes import IfClosed
from callsim.plan.plan import Plan

__all__ = ["PassingTable", "Row", "Rows"]


@dataclass(frozen=True)
class Row:
    """One row of `callsim.plan.plan.Transfers`, as Python numbers."""

    index: int
    target: int
    share: int
    at_most: int
    dialling: int
    explain_law: int
    place: int
    priority: int
    patience: int
    if_closed: IfClosed
    windows: tuple[tuple[int, int], ...]

    def applies_at(self, now: int) -> bool:
        """Tell whether the row holds for talks that end now."""
        return not self.windows or any(start <= now < end for start, end in self.windows)


class Rows:
    """The rows that apply to one kind of leg, in order."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.total = sum(row.share for row in rows)
        """A draw at or above it passes nobody on."""

    def __bool__(self) -> bool:
        return bool(self.rows)

    def drawn(self, u: int, now: int) -> Row | None:
        """Return the first row whose cumulative share exceeds the draw, None if the caller is not passed on."""
        total = 0
        for row in self.rows:
            if row.applies_at(now):
                total += row.share
                if u < total:
                    return row
        return None


class PassingTable:
    """The transfer rows by (stream, queue, group)."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = [self._row(index) for index in range(len(plan.transfers.share))]
        self.sources = frozenset(plan.transfers.source.tolist())
        self.found: dict[tuple[int, int, int], Rows] = {}

    def _row(self, index: int) -> Row:
        t = self.plan.transfers
        windows = slice(int(t.during_offset[index]), int(t.during_offset[index + 1]))
        return Row(
            index=index,
            target=int(t.target[index]),
            share=int(t.share[index]),
            at_most=int(t.at_most[index]),
            dialling=int(t.dialling[index]),
            explain_law=int(t.explain_law[index]),
            place=int(t.place[index]),
            priority=int(t.priority[index]),
            patience=int(t.patience[index]),
            if_closed=IfClosed(int(t.if_closed[index])),
            windows=tuple(zip(t.during_start[windows].tolist(), t.during_end[windows].tolist(), strict=True)),
        )

    def applicable(self, stream: int, queue: int, group: int) -> Rows:
        """Return the rows for a stream's legs that this group answers at this queue."""
        key = (stream, queue, group)
        rows = self.found.get(key)
        if rows is None:
            t = self.plan.transfers
            here = [row for row in self.rows if t.source[row.index] == queue]
            rows = Rows([row for row in here if t.streams[row.index, stream] and t.groups[row.index, group]])
            self.found[key] = rows
        return rows

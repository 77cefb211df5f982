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
    patience_law: int
    if_closed: IfClosed
    mistaken: int
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
    """The transfer rows, read once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = [self._row(index) for index in range(len(plan.transfers.share))]

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
            patience_law=int(t.patience_law[index]),
            if_closed=IfClosed(int(t.if_closed[index])),
            mistaken=int(t.mistaken[index]),
            windows=tuple(zip(t.during_start[windows].tolist(), t.during_end[windows].tolist(), strict=True)),
        )

    def of_group(self, group: int) -> dict[tuple[int, int], Rows]:
        """Return the rows for legs that this group answers, by (stream, queue); no entry where there are none."""
        t = self.plan.transfers
        found: dict[tuple[int, int], list[Row]] = {}
        for row in self.rows:
            if t.groups[row.index, group]:
                for stream in t.streams[row.index].nonzero()[0].tolist():
                    found.setdefault((stream, int(t.source[row.index])), []).append(row)
        return {key: Rows(rows) for key, rows in found.items()}

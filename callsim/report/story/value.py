"""The story of one caller: a value whose ``str`` is the text."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from callsim.plan.plan import Plan
from callsim.report.figures.style import Size
from callsim.report.story.entries import Entry, Promise, Totals
from callsim.report.story.sentences import Words
from callsim.runlog import RunLog

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Story"]

_NARROWEST = 40
_INDENT = "  "


@dataclass(frozen=True)
class Story:
    """What one caller went through, entry by entry; ``str`` of it is the text. Times are ticks."""

    id: str
    """``stream/block/n``: who he is, in every variant and replication."""
    case_type: str
    """"" for an ordinary caller."""
    customers: str
    """Kind of customer; "" for an ordinary caller."""
    entries: tuple[Entry, ...] = field(repr=False)
    promises: tuple[Promise, ...]
    """The ledger of the promises made to him."""
    pieces: int
    """Of work that the case needs; 0 without a case."""
    choice: str
    """``worst``, ``median``, ``like`` or ``named``."""
    wanted: str
    """The numbers that it is near to, if it was chosen by them."""
    pool: int
    """Among how many cases it was chosen."""
    plan: Plan = field(repr=False)
    log: RunLog = field(repr=False)
    """Of the replication in which it happened."""

    @property
    def totals(self) -> Totals:
        """What it came to."""
        return self.entries[-1].totals

    @property
    def end(self) -> str:
        """How it ended: ``solved``, ``gave_up``, ``never_tried`` or ``open``; ``called`` of an ordinary caller."""
        if not self.case_type:
            return "called"
        return self.entries[-1].kind

    @property
    def begun(self) -> int:
        """When the problem began; without a case, the first call. [ticks]"""
        return self.entries[0].at - self.entries[0].age

    @property
    def closed(self) -> int:
        """When it ended: solved, given up, the last hanging-up of an ordinary caller, or the end of the run. [ticks]"""
        last = self.entries[-1]
        return last.at if last.call is None else last.call.ended

    @property
    def words(self) -> Words:
        """Says its sentences."""
        return Words(self.plan.clock, self.pieces)

    def heading(self) -> tuple[str, ...]:
        """Return the lines above the sentences: which case, how it ended, what it came to, how it was chosen."""
        words = self.words
        head = words.texts.heading
        if self.case_type:
            last = self.entries[-1]
            end = "solved_regulator" if last.kind == "solved" and last.value else last.kind
            first = str(head["case"]).format(id=self.id, end=str(head[end]).format(age=words.age(last.age)))
        else:
            first = str(head["caller"]).format(id=self.id)
        chosen = str(head[self.choice]).format(wanted=self.wanted)
        if self.choice != "named":
            among = "callers" if not self.case_type else "solved_pool" if "outage" in self.wanted else "pool"
            pool = words.texts.counted(head[among], self.pool)
            chosen = str(head["chosen"]).format(choice=chosen, pool=pool + str(head["window"]))
        else:
            chosen += "."
        origin = str(head["origin"]).format(
            scenario=self.plan.name, replication=self.log.replication, seed=self.log.seed
        )
        total = words.totals(self.totals)
        return first, total[0].upper() + total[1:] + ".", chosen, origin

    def text(self, width: int = 80) -> str:
        """Return the story as text no wider than ``width``; below 40 it is taken as 40."""
        width = max(width, _NARROWEST)
        words = self.words
        lines = [textwrap.fill(line, width, subsequent_indent=_INDENT) for line in self.heading()]
        before = None
        for entry in self.entries:
            if words.timeline.day_at(entry.at) != before:
                lines.append("")
            before = words.timeline.day_at(entry.at)
            lines.append(textwrap.fill(entry.text, width, subsequent_indent=_INDENT))
            if entry.call is not None:
                so_far = words.so_far(entry.totals)
                lines.append(textwrap.fill(so_far, width, initial_indent=_INDENT, subsequent_indent=_INDENT))
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        """Return the text, 80 characters wide."""
        return self.text().rstrip("\n")

    def to_record(self) -> dict[str, Any]:
        """Return the story as plain values for JSON: each sentence with its facts, times in seconds, never NaN."""
        from callsim.report.story.records import story_record

        return story_record(self)

    def figure(self, size: Size = "page") -> Figure:
        """Draw the story as a time line by day; see `callsim.report.story.picture`."""
        from callsim.report.story.picture import story_picture

        return story_picture(self, size)

"""The columns of the reports: which measures, under which short titles, and in which form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callsim.experiments.estimates import Row
from callsim.measures.catalogue import MEAN_NUMBERS, measure_named
from callsim.measures.declaration import CASE_PREFIX
from callsim.report.numbers import NOTHING, Form, figure, form_of
from callsim.report.table import Column

__all__ = ["AGENTS", "CALLS", "COMPARED", "Figures", "column", "title"]

CALLS = (
    "offered",
    "abandonment_ratio",
    "service_level",
    "speed_of_answer",
    "mean_wait",
    "wait_p90",
    "wait_max",
    "share_held_an_hour",
)
"""What a run shows of the centre, of each queue and of each stream of callers."""
AGENTS = ("answered", "occupancy", "handle_time", "staffed_time", "overrun_time")
"""What a run shows of each group of agents."""
COMPARED = ("mean_wait", "abandonment_ratio", "wait_p90", "share_held_an_hour", "service_level", "occupancy")
"""What a comparison shows of each variant; the first two decide the order."""

_TITLES = {
    "abandonment_ratio": "abandoned",
    "service_level": "service\nlevel",
    "speed_of_answer": "speed of\nanswer",
    "mean_wait": "mean wait",
    "wait_max": "longest\nwait",
    "share_held_an_hour": "held an\nhour",
    "handle_time": "handle\ntime",
    "staffed_time": "staffed",
    "overrun_time": "overrun",
    "blocked_ratio": "blocked",
    "case.cases": "cases",
    "case.share_solved_by_provider": "solved",
    "case.share_solved_by_regulator": "solved by\nregulator",
    "case.share_given_up": "gave up",
    "case.share_never_tried": "never\ntried",
    "case.share_open": "open",
    "case.fcr_gross": "first\ncontact",
    "case.fcr_net": "net",
    "case.fcr_seven_days": "7 days\nquiet",
    "case.promise_kept_rate": "promises\nkept",
    "case.promise_late_rate": "kept late",
    "case.promise_never_rate": "never\nkept",
    "case.cut_offs_per_case": "cut off\nper case",
    "case.explanations_per_case": "explained\nper case",
    "case.reopen_rate": "opened\nagain",
    "case.escalation_rate": "escalated",
    "case.complaint_rate": "to the\nregulator",
    "case.deadline_met": "deadline\nmet",
}
_COUNTED = {"employees": "employees", "promises": "promises", "calls": "calls", "cut_offs": "calls"}
"""Word in the name of a measure of cases -> what is counted; else cases are."""


@dataclass(frozen=True)
class Figures:
    """One column of figures: its header and how its cells are written."""

    header: Column
    form: Form
    signed: bool

    def cell(self, row: Row | None) -> str:
        """Return the text of a row; a dash where there is none."""
        return NOTHING if row is None else figure(row.value, row.half_width, self.form, self.signed)


def title(name: str) -> str:
    """Return a measure's short title: ``P90 wait`` for ``wait_p90``."""
    if name.startswith("wait_p"):
        return f"{name.removeprefix('wait_').upper()} wait"
    if name.startswith(CASE_PREFIX) and name not in _TITLES:
        name = name.removeprefix(CASE_PREFIX)
        what, _, percent = name.rpartition("_p")
        if percent.isdigit():
            return f"{what.replace('_', ' ')}\n{'median' if percent == '50' else f'P{percent}'}"
    return _TITLES.get(name, name.replace("_", " "))


def column(name: str, rows: Iterable[Row | None], inside: str = "", difference: bool = False) -> Figures:
    """Return the column of a measure, in a form that suits all its rows.

    Parameters
    ----------
    name : str
        Name of the measure.
    rows : iterable of Row or None
        The rows of the column.
    inside : str
        The queue that the figure is of, added to the header.
    difference : bool
        The rows are paired differences.
    """
    measure = measure_named(name)
    if measure.kind == "time" or "age_at_solution" in name:
        form = Form.HOURS
    elif measure.unit == "1" and name in MEAN_NUMBERS:
        form = Form.NUMBER
    else:
        form = form_of(measure.unit, (row.value for row in rows if row is not None), difference)
    unit = _counted(name) if form is Form.COUNT else form.value
    return Figures(Column(f"{title(name)}\n{inside}" if inside else title(name), unit), form, difference)


def _counted(name: str) -> str:
    """Return what a count counts."""
    if not name.startswith(CASE_PREFIX):
        return "calls"
    return next((what for word, what in _COUNTED.items() if word in name), "cases")

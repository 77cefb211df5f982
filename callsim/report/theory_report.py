"""What `callsim theory` shows: for each queue the simulated figures beside the formulas', and what these cannot see."""

from __future__ import annotations

from callsim.experiments.findings import Findings
from callsim.experiments.theory_check import QueueCheck, TheoryFindings
from callsim.measures.catalogue import measure_named
from callsim.report.columns import title
from callsim.report.numbers import NOTHING, Form, figure, form_of, rounded
from callsim.report.run_report import done_lines
from callsim.report.table import Column, Report, Table, draw_report
from callsim.theory import ASSUMPTIONS, Answer

__all__ = ["TheoryCheck", "theory_report"]

_SHOWN = (
    "blocked_ratio",
    "abandonment_ratio",
    "service_level",
    "mean_wait",
    "speed_of_answer",
    "share_held_an_hour",
    "mean_queue",
)
_NAMES_IN_THEORY = {"blocked_ratio": "p_block"}
_NOTHING = 1e-4
"""A row of which every figure is below this says nothing: nobody held an hour, nobody was blocked."""
_SHORT = {
    "erlang_b": "Erlang B",
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "finite_lines": "with lines",
    "fluid": "fluid",
}


class TheoryCheck:
    """What the formulas answer beside what is simulated; made by `callsim.check_against_theory`.

    Parameters
    ----------
    found : TheoryFindings
        The answers by queue.
    """

    def __init__(self, found: TheoryFindings) -> None:
        self.found = found

    @property
    def queues(self) -> tuple[QueueCheck, ...]:
        """What went into the formulas and what came out, by queue."""
        return self.found.queues

    @property
    def blind_spots(self) -> tuple[str, ...]:
        """The features of the scenario that the formulas cannot see, in words."""
        return tuple(spot.text for spot in self.found.blind_spots)

    def table(self, width: int = 80) -> str:
        """Return what is shown, as text no wider than ``width``."""
        return draw_report(theory_report(self.found), width)

    def __str__(self) -> str:
        """Return the table at 80 columns."""
        return self.table()


def theory_report(found: TheoryFindings) -> Report:
    """Return what `callsim theory` shows, as a value."""
    findings = found.findings
    return Report(
        heading=f"{findings.name}: theory beside simulation",
        done=done_lines(findings),
        tables=(*(_queue_table(findings, queue) for queue in found.queues), _blind_table(found)),
        notes=(
            "The formulas were given the simulated averages: calls per open hour, mean handle time, mean number of "
            "agents in open hours (agents of several queues shared out by the work they find there).",
        ),
    )


def _queue_table(findings: Findings, queue: QueueCheck) -> Table:
    rows = []
    for name in _SHOWN:
        row = findings.row(name, {"queue": queue.queue})
        values = [_predicted(answer, name, queue.formula) for answer in queue.answers]
        if row is None or all(value is None or value < _NOTHING for value in (row.value, *values)):
            continue
        # A half width of zero (nobody held an hour in any run) says nothing about the digits of a prediction.
        half_width = row.half_width or None
        form = _form(name, [row.value, *values])
        label = f"{title(name).replace(chr(10), ' ')} [{form.value}]" if form.value else title(name)
        rows.append(
            (label, figure(row.value, row.half_width, form), *(rounded(value, half_width, form) for value in values))
        )
    patience = "nobody hangs up" if queue.patience is None else f"patience {queue.patience:.0f} s"
    load = queue.arrival_rate * queue.handle_time
    return Table(
        f"{queue.queue}: {queue.arrival_rate * 3600:.5g} calls an hour of {queue.handle_time:.4g} s = {load:.4g} "
        f"erlangs for {queue.n_agents} agents, {patience}",
        (Column("figure"), Column("simulated"), *(Column(_SHORT.get(a.model, a.title)) for a in queue.answers)),
        tuple(rows),
        tuple(
            f"{_SHORT.get(answer.model, answer.title)}: {answer.reason}" for answer in queue.answers if answer.reason
        ),
    )


def _predicted(answer: Answer, name: str, formula: str) -> float | None:
    for prediction in answer.predictions:
        if prediction.name == _NAMES_IN_THEORY.get(name, name) and prediction.formula in ("", formula):
            return prediction.value
    return None


def _form(name: str, values: list[float | None]) -> Form:
    return Form.NUMBER if name == "mean_queue" else form_of(measure_named(name).unit, values)


def _blind_table(found: TheoryFindings) -> Table:
    rows = tuple((spot.text, ASSUMPTIONS[spot.assumption]) for spot in found.blind_spots)
    if not rows:
        rows = (("nothing: the formulas' assumptions hold", NOTHING),)
    return Table("What the formulas cannot see", (Column("this scenario"), Column("they assume", words=True)), rows)

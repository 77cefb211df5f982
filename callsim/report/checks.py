"""What `callsim check` shows: each expectation with its figure and verdict, and one line for logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from callsim.experiments.check import Check
from callsim.experiments.expectations import Expectation, Outcome, Verdict, expectations_of
from callsim.report.numbers import NOTHING, Form, figure, form_of
from callsim.report.record_checks import record_check_json
from callsim.report.run_report import span_text
from callsim.report.table import Column, Report, Table, draw_report

if TYPE_CHECKING:
    from callsim.scenario import Experiment

__all__ = ["CheckResult", "check_report", "expected", "found_text", "summary", "verdict_text"]

_TIMES = (Form.CLOCK, Form.LONG_CLOCK)


class CheckResult:
    """What was found of a scenario's expectations; made by `callsim.check`. Printing it shows its table.

    Parameters
    ----------
    found : Check
        The verdicts and the evidence behind them.
    """

    def __init__(self, found: Check) -> None:
        self.found = found

    @property
    def outcome(self) -> str:
        """``met``, ``missed`` or ``undecided``: of all that is expected together."""
        return self.found.outcome.value

    @property
    def met(self) -> bool:
        """Whether everything that is expected is met."""
        return self.found.outcome is Outcome.MET

    @property
    def expectations(self) -> tuple[Verdict, ...]:
        """The verdict on each line, in the order of the variants."""
        return self.found.expectations

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came before the end."""
        return self.found.interrupted

    def report(self) -> Report:
        """Return what is shown, as a value."""
        return check_report(self.found)

    def table(self, width: int = 80) -> str:
        """Return what is shown, as text no wider than ``width``."""
        return draw_report(self.report(), width)

    def summary(self) -> str:
        """Return the verdict in one line, for logs."""
        return summary(self.found)

    def to_record(self) -> dict[str, Any]:
        """Return everything as a mapping, as it stands in the JSON file."""
        return _record(self.found)

    def __str__(self) -> str:
        """Return the table at 80 columns."""
        return self.table()

    def __repr__(self) -> str:
        """Return what it is in one line."""
        return f"<CheckResult {self.summary()}>"


def check_report(found: Check) -> Report:
    """Return what `callsim check` shows of one file."""
    variants = list(dict.fromkeys(verdict.expectation.variant for verdict in found.expectations))
    titles = {name: name for name in variants} | {found.base: f"{found.base} (base)"}
    if variants == [found.base]:
        titles = {found.base: "Expectations"}
    tables = tuple(
        _table(titles[name], [verdict for verdict in found.expectations if verdict.expectation.variant == name])
        for name in variants
    )
    return Report(heading=found.name, done=_done(found), tables=tables, notes=(_provenance(found),))


def summary(found: Check) -> str:
    """Return the verdict in one line: of what, how it came out, from how many replications.

    Examples
    --------
    A line reads ``desk.yaml: missed (3 expectations: 2 met, 1 missed; 16 replications, seed 1)``.
    """
    counts = Counter(verdict.outcome for verdict in found.expectations)
    n = len(found.expectations)
    told = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome])
    expected = f"{n} expectation{'' if n == 1 else 's'}" + (f": {told}" if told else "")
    runs = max((run.n for run in found.runs), default=0)
    stopped = ", stopped" if found.interrupted else ""
    replications = f"{runs} replication{'' if runs == 1 else 's'}"
    return f"{found.file}: {found.outcome.value} ({expected}; {replications}, seed {found.seed}{stopped})"


def _done(found: Check) -> tuple[str, ...]:
    if not found.runs:
        return ()
    clock = next(iter(found.runs[0].plans.values())).clock
    warm_up = f" after {span_text(clock.warm_up)} of warm-up" if clock.warm_up else ""
    *first, last = (str(n) for n in found.looks)
    looked = f"{', '.join(first)} and at most {last}" if first else last
    return (
        f"{looked} replications of {span_text(clock.window_end - clock.warm_up)}{warm_up}, seed {found.seed}",
        f"with a probability of at least {100 * found.level:.6g} % no verdict below is wrong, all looks counted",
    )


def _table(title: str, verdicts: Sequence[Verdict]) -> Table:
    return Table(
        title,
        (Column("expected"), Column("found"), Column("replications"), Column("verdict", words=True)),
        tuple(
            (verdict.expectation.text, found_text(verdict), str(verdict.estimate.n), verdict.outcome.value)
            for verdict in verdicts
        ),
        tuple(f"{verdict.expectation.text}: {verdict.reason}" for verdict in verdicts if verdict.reason),
    )


def expected(experiment: Experiment) -> tuple[Expectation, ...]:
    """Return what is expected of the base and the variants, in the order in which `CheckResult.expectations` answers.

    Raises
    ------
    ScenarioError
        With every line that speaks of what does not exist.
    """
    return expectations_of(experiment)


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict in one line.

    Examples
    --------
    A line reads ``abandonment_ratio <= 5%: missed: 7.3 ± 0.4 % after 16 replications``.
    """
    n = verdict.estimate.n
    why = f"; {verdict.reason}" if verdict.reason else ""
    found = f"{found_text(verdict)} after {n} replication{'' if n == 1 else 's'}"
    return f"{verdict.expectation.text}: {verdict.outcome.value}: {found}{why}"


def found_text(verdict: Verdict) -> str:
    """Return the figure with its interval and its unit; of a comparison, the difference."""
    expectation, estimate = verdict.expectation, verdict.estimate
    measure, signed = expectation.measure, bool(expectation.versus)
    form = form_of(measure.unit, [estimate.value], signed)
    if expectation.measure.unit == "1" and not expectation.is_share:
        form = Form.NUMBER
    text = figure(estimate.value, estimate.half_width, form, signed)
    unit = "" if form in _TIMES or form is Form.COUNT or text == NOTHING else form.value
    return f"{text} {unit}".rstrip()


def _provenance(found: Check) -> str:
    digests = dict.fromkeys(digest[:16] for run in found.runs for digest in run.digests.values())
    plans = f"plan{'' if len(digests) == 1 else 's'} {', '.join(digests)}, " if digests else ""
    return f"{plans}callsim {version('callsim')}"


def _record(found: Check) -> dict[str, Any]:
    return {
        "file": found.file,
        "name": found.name,
        "outcome": found.outcome.value,
        "level": found.level,
        "looks": list(found.looks),
        "seed": found.seed,
        "interrupted": found.interrupted,
        "callsim": version("callsim"),
        "plans": {name: digest for run in found.runs for name, digest in run.digests.items()},
        "expectations": [_verdict_record(verdict) for verdict in found.expectations],
        "record": None if found.record is None else record_check_json(found.record),
    }


def _verdict_record(verdict: Verdict) -> dict[str, Any]:
    expectation, estimate = verdict.expectation, verdict.estimate
    out: dict[str, Any] = {
        "variant": expectation.variant,
        "expected": expectation.text,
        "outcome": verdict.outcome.value,
        "name": expectation.measure.name,
        "scope": dict(expectation.scope),
        "relation": expectation.relation,
        "bounds": list(expectation.bounds),
        "value": estimate.value,
        "half_width": estimate.half_width,
        "level": estimate.level,
        "n": estimate.n,
        "unit": expectation.measure.unit,
    }
    if expectation.versus:
        out["versus"] = expectation.versus
    if verdict.reason:
        out["reason"] = verdict.reason
    return out

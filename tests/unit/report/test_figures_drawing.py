"""How figures are drawn: inside their edges, with units, apart in grey, and as SVG that can stand in a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from callsim.errors import CallsimError, OutputError
from callsim.report import figures
from callsim.report.figures.style import DARK, LIGHT, MIDDLE, WIDTHS
from callsim.report.figures.time_axis import time_axis
from callsim.report.result import Comparison, Result
from tests.small_logs import answered, contact, ints, lost, small_log, small_plan, times, with_part
from tests.unit.report.figure_results import compared

LONG_NAME = "the same people, but with breaks spread over the afternoon and the early evening"


def result() -> Comparison:
    """Return a comparison of four numbers of agents over three hours of a Monday, with two replications each."""
    plans, logs = {}, {}
    for heads, name in enumerate(
        ("As it happened in the spring", r"two heads at $\frac$", LONG_NAME, "four heads"), start=1
    ):
        plan = small_plan(groups={"team": heads, "desk of the night": 1}, horizon=10800.0)
        labels = tuple(f"2025-03-03T{8 + i // 2:02d}:{30 * (i % 2):02d}:00+01:00" for i in range(6))
        hours = ints([8, 9, 10], np.int32)
        place = {"start": "2025-03-03T08:00:00+01:00", "time_zone": "Europe/Berlin", "interval_labels": labels}
        plan = with_part(plan, "clock", hour_of_week=hours, **place)
        plan = with_part(plan, "queues", target_share=np.array([0.8]), acceptable_wait=times([300.0]))
        plans[name] = plan
        logs[name] = [small_log(plan, _calls(heads, n), replication=n) for n in range(2)]
    return compared(plans, logs)


def _calls(heads: int, n: int) -> list[Any]:
    waits = [(300.0 * i, 4000.0 / heads**2 * (1 + 0.1 * ((i + n) % 3))) for i in range(20)]
    calls = [contact(answered(at, at + wait, 200.0, 30.0)) for at, wait in waits]
    return [*calls, *(contact(lost(at, at + 60.0 * (i + 1))) for i, (at, _) in enumerate(waits[::3]))]


SHOWN = result()
PLAN = SHOWN.findings.replicated.plans[SHOWN.findings.base]
DRAWN: dict[str, Callable[..., Figure]] = {
    "hold_by_hour": lambda size: figures.hold_by_hour(SHOWN, size=size),
    "hold_distribution": lambda size: figures.hold_distribution(SHOWN, size=size),
    "calls_by_interval": lambda size: figures.calls_by_interval(SHOWN, size=size),
    "queue_length": lambda size: figures.queue_length(SHOWN, size=size),
    "variant_differences": lambda size: figures.variant_differences(SHOWN, size=size),
    "staffing_curve": lambda size: figures.staffing_curve(SHOWN, size=size),
    "shift_plan": lambda size: figures.shift_plan(PLAN, size=size),
    "agents_by_state": lambda size: figures.agents_by_state(SHOWN, size=size),
}


@pytest.mark.slow
@pytest.mark.parametrize("size", ["phone", "page"])
@pytest.mark.parametrize("name", DRAWN)
def test_every_text_lies_within_its_figure_and_every_axis_has_a_name(name: str, size: str) -> None:
    """No text is cut off at an edge, on a phone neither; an axis with numbers says what they are."""
    figure = DRAWN[name](size)
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    assert figure.get_figwidth() == WIDTHS[size]
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            if text in _ticks_out_of_sight(figure):
                continue
            assert -1 <= box.x0 <= box.x1 <= width + 1, text
            assert -1 <= box.y0 <= box.y1 <= height + 1, text
    for axes in figure.axes:
        shown = any(label.get_text() for label in axes.get_xticklabels())
        assert axes.get_xlabel() or axes.get_ylabel() or not shown
    assert figures.alt_text(figure)


def _ticks_out_of_sight(figure: Figure) -> set[Text]:
    """Return the labels of ticks that matplotlib keeps but does not draw, outside the limits."""
    found = set()
    for axes in figure.axes:
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            drawn = {tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high}
            found |= {label for tick in axis.get_major_ticks() for label in (tick.label1, tick.label2)} - drawn
    return found


def test_inks_stay_apart_in_grey() -> None:
    """Every two of the inks and white paper differ by at least 15 % of lightness."""
    grey = sorted(float(np.dot(to_rgb(ink), (0.299, 0.587, 0.114))) for ink in (DARK, MIDDLE, LIGHT, "white"))
    assert min(np.diff(grey)) > 0.15


def test_svg_is_the_same_each_time_and_refers_to_nothing_outside() -> None:
    """One element with its own ids, its alternative text as label, no style for the whole page, no address."""
    first, again = (figures.to_svg(figures.hold_distribution(SHOWN), "one") for _ in range(2))
    other = figures.to_svg(figures.hold_distribution(SHOWN), "two")
    assert first == again
    root = ElementTree.fromstring(first)
    ids = {element.get("id") for element in root.iter()} - {None}
    assert ids
    assert not ids & {element.get("id") for element in ElementTree.fromstring(other).iter()}
    assert root.get("role") == "img"
    assert root.get("aria-label", "").startswith("How long callers hold: ")
    assert "<style" not in first
    assert "<metadata" not in first
    assert {part.split('"')[0] for part in first.split("http://")[1:]} == {
        "www.w3.org/2000/svg",
        "www.w3.org/1999/xlink",
    }


def test_three_panels_are_laid_out_alike_each_time() -> None:
    """The solver of the layout is not the same to the last digit; the places of the panels are."""
    assert len({figures.to_svg(figures.calls_by_interval(SHOWN), "panels") for _ in range(5)}) == 1


def test_names_in_a_label_are_escaped() -> None:
    """A scenario's name with a bracket or a quotation mark does not break the page."""
    figure = Figure()
    figure.set_label('a < b & "c"')
    assert ElementTree.fromstring(figures.to_svg(figure, "x")).get("aria-label") == 'a < b & "c"'


def test_time_axis_names_hours_of_a_day_and_days_of_a_week() -> None:
    """Three hours are named by the hour; a week by its midnights, fewer on a phone; the year stands below."""
    day = time_axis(PLAN.clock)
    assert day.ticks("page") == ((0.0, "08:00"), (1.0, "09:00"), (2.0, "10:00"))
    assert day.label == "Mon 3 Mar 2025, time [h:mm] in Europe/Berlin"
    labels = tuple(f"2025-03-{3 + i // 24:02d}T{i % 24:02d}:00:00+01:00" for i in range(168))
    plan = with_part(small_plan(horizon=604800.0, interval=3600.0), "clock", start=labels[0], interval_labels=labels)
    week = time_axis(plan.clock)
    assert week.marks[1] == (24.0, "Tue 4")
    assert (len(week.ticks("page")), len(week.ticks("phone"))) == (7, 4)
    assert week.label.startswith("3 Mar – 9 Mar 2025, days")


def test_time_axis_without_a_calendar_counts_hours_from_the_start_of_the_run() -> None:
    """Half an hour of warm-up: the first full hour stands at 0.5."""
    assert time_axis(small_plan(horizon=7200.0, warm_up=1800.0).clock).marks == ((0.5, "1:00"), (1.5, "2:00"))


def test_files_of_a_run_are_those_figures_that_have_something_to_draw(tmp_path: Path) -> None:
    """Without rows by interval or hour of the week, and without logs, four figures are left out."""
    plan = small_plan()
    bare = compared({"base": plan}, {"base": [small_log(plan, _calls(1, 0)[:2])]}, by=(), keep_logs=False)
    written = figures.write_figures(Result(bare.findings), tmp_path)
    assert [path.name for path in written] == ["hold_distribution.svg", "agents_by_state.svg", "shift_plan.svg"]
    assert all(path.read_text(encoding="utf-8").startswith("<svg ") for path in written)


def test_files_of_another_kind_or_in_a_folder_that_is_not_there_are_refused(tmp_path: Path) -> None:
    """Before anything is drawn."""
    with pytest.raises(CallsimError, match="one of svg, png, pdf"):
        figures.write_figures(SHOWN, tmp_path, kind="gif")
    with pytest.raises(OutputError):
        figures.write_figures(SHOWN, tmp_path / "nowhere")

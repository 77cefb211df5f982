"""What is said of remedies: the sentence that fits the evidence, and no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callsim.experiments.acting import order_to_act
from callsim.experiments.attribute import Figure, RemedyWorth, SideEffect
from callsim.experiments.findings import Shown
from callsim.measures import measure_named
from callsim.report.attribution_report import by_worth, words, worth_sentence
from callsim.stats import Estimate


def sure(value: float, half_width: float = 1.0) -> Estimate:
    """Return an estimate."""
    return Estimate(value, half_width, 0.95, 8)


def remedy(
    alone: Estimate, last_in: Estimate, shapley: Estimate, *effects: SideEffect, name: str = "it"
) -> RemedyWorth:
    """Return what a remedy is worth."""
    return RemedyWorth(name, alone, last_in, shapley, sure(0.5, 0.1), None, effects)


def figure(*remedies: RemedyWorth, name: str = "mean_wait", queue: str = "", more_is_better: bool = False) -> Figure:
    """Return a figure that is 100 seconds as it is (or 100 of what it counts)."""
    return Figure(
        shown=Shown(name, {"queue": queue} if queue else {}),
        measure=measure_named(name),
        more_is_better=more_is_better,
        base=sure(100.0, 2.0),
        together=sure(60.0, 2.0),
        total=sure(40.0, 3.0),
        alone_sum=sure(50.0, 3.0),
        interaction=sure(-10.0, 3.0),
        remedies=remedies,
        order=order_to_act(np.array([[0.0, 40.0], [0.0, 41.0]]), ("it",), None),
        n=8,
    )


@pytest.mark.parametrize(
    ("alone", "last_in", "shapley", "said"),
    [
        (20, 20, 20, "it: worth 0:20.0 ± 0:01.0 of 1:40 (20 %)"),
        (20, 9, 14, "it: worth 0:14.0 ± 0:01.0 of 1:40 (14 %); the others do more than half of its work: see last in"),
        (20, 31, 25, "it: worth 0:25.0 ± 0:01.0 of 1:40 (25 %); it is worth more once the others are there"),
        (20, 0.5, 9, "it: worth 0:09.0 ± 0:01.0 of 1:40 (9 %); last in it shows no effect: the others do its work"),
        (0.5, 20, 9, "it: worth 0:09.0 ± 0:01.0 of 1:40 (9 %); alone it shows no effect: it needs the others"
         " (0:20.0 ± 0:01.0 last in)"),
        (20, -4, 9, "it: worth 0:09.0 ± 0:01.0 of 1:40 (9 %); last in it makes things worse"),
        (0.5, 0.4, 0.3, "it: no worth is shown (0:00.3 ± 0:01.0)"),
        (-5, -3, -4, "it: worse by 0:04.0 on the mean over all orders; alone it makes mean wait worse by 0:05.0:"
         " neither calls, repeated calls, handle time nor staffed hours tell why"),
    ],
)  # fmt: skip
def test_sentence_says_what_the_intervals_show(alone: float, last_in: float, shapley: float, said: str) -> None:
    """Each half width is one second."""
    one = remedy(sure(alone), sure(last_in), sure(shapley))
    assert worth_sentence(figure(one), one) == said


@pytest.mark.parametrize(
    ("effects", "why"),
    [
        (
            [SideEffect("offered", 1000, 1120, True), SideEffect("staffed_time", 5000, 5000, False)],
            "12.0 % more calls reach a queue, and nobody more answers them",
        ),
        (
            [SideEffect("offered", 1000, 1120, True), SideEffect("staffed_time", 5000, 5200, True)],
            "12.0 % more calls reach a queue, and there are 4.0 % more staffed hours",
        ),
        ([SideEffect("staffed_time", 5000, 4500, True)], "there are 10.0 % fewer staffed hours"),
        (
            [SideEffect("repeats", 100, 150, True), SideEffect("handle_time", 300, 330, True)],
            "50.0 % more calls are repeated ones; an answered call takes 10.0 % more time",
        ),
        (
            [SideEffect("offered", 1000, 1120, False), SideEffect("repeats", 100000, 100001, True)],
            "neither calls, repeated calls, handle time nor staffed hours tell why",
        ),
        (
            [SideEffect("case.calls_per_case", 20, 25, True), SideEffect("case.transfers_per_case", 10, 4, True)],
            "a case takes 25.0 % more calls; its customer is passed on 60.0 % less, so a call meets fewer employees",
        ),
        (
            [SideEffect("case.calls_per_case", 20, 19, True), SideEffect("case.transfers_per_case", 10, 4, True)],
            "neither calls, repeated calls, handle time nor staffed hours tell why",
        ),
        (
            [SideEffect("offered", 1000, 900, True)],
            "neither calls, repeated calls, handle time nor staffed hours tell why",
        ),
    ],
)
def test_what_makes_it_worse_is_explained_as_far_as_the_figures_tell(effects: list[SideEffect], why: str) -> None:
    """Only by changes that are shown, and not tiny."""
    one = remedy(sure(-5), sure(3), sure(2), *effects)
    assert worth_sentence(figure(one), one).endswith(f"alone it makes mean wait worse by 0:05.0: {why}")


def test_without_intervals_the_values_speak_and_nothing_is_called_worse() -> None:
    """One replication."""
    none = Estimate(-5.0, None, 0.95, 1)
    one = remedy(none, none, none)
    assert not one.makes_worse
    assert "alone it makes" not in worth_sentence(figure(one), one)


def test_gain_of_a_figure_of_which_more_is_better_has_no_share_of_it() -> None:
    """A reach of 61 % is not made of what remedies add to it."""
    one = remedy(sure(0.05, 0.01), sure(0.05, 0.01), sure(0.05, 0.01))
    told = replace(figure(one, name="reach", more_is_better=True), base=sure(0.6, 0.01), together=sure(0.65, 0.01))
    assert worth_sentence(told, one) == "it: worth 5.0 ± 1.0 points"


def test_remedies_stand_in_the_order_of_their_worth() -> None:
    """The largest first; of equals the one written first."""
    few, many, same = (
        remedy(sure(1), sure(1), sure(value), name=name) for name, value in (("a", 1), ("b", 2), ("c", 1))
    )
    assert [each.remedy for each in by_worth(figure(few, many, same))] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("name", "queue", "said"),
    [
        ("abandonment_ratio", "billing", "share abandoned in billing"),
        ("hold_per_caller", "", "hold per caller"),
        ("case.share_given_up", "", "share of cases given up"),
        ("case.hold_per_case", "", "hold per case"),
        ("case.promise_kept_rate", "", "promises kept"),
    ],
)
def test_figures_are_told_in_words(name: str, queue: str, said: str) -> None:
    """Not in the names of the catalogue."""
    assert words(figure(name=name, queue=queue)) == said

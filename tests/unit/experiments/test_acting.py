"""In which order to act, on games small enough to be done in one's head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from callsim.experiments.acting import Order, order_by_shapley, order_to_act

REMEDIES = ("a", "b", "c")


def gains(*of_sets: float, noise: Sequence[float] = (0.0, 0.0)) -> npt.NDArray[np.float64]:
    """Return the gains of all sets, in replications that differ by a factor for everything."""
    return np.array([[value * (1.0 + each) for value in of_sets] for each in noise])


def steps(order: Order) -> list[tuple[tuple[str, ...], float | None, float | None]]:
    """Return (remedies, gain, gain so far) of each step."""
    return [(step.remedies, step.gain.value, step.gain_so_far.value) for step in order.steps]


def test_each_step_gains_most_by_cost_given_those_before() -> None:
    """A gains 10 for 10, b 6 for 2, c 5 for 2, but b leaves only 1 of c: after b comes a."""
    # sets: -, a, b, ab, c, ac, bc, abc
    order = order_to_act(gains(0, 10, 6, 16, 5, 15, 7, 16.5), REMEDIES, {"a": 10.0, "b": 2.0, "c": 2.0})
    assert steps(order) == [(("b",), 6, 6), (("a",), 10, 16), (("c",), 0.5, 16.5)]
    assert [(step.cost, step.cost_so_far) for step in order.steps] == [(2, 2), (10, 12), (2, 14)]
    assert not order.idle
    assert not order.never
    assert not order.by_shapley


def test_without_costs_the_gain_decides() -> None:
    """All count the same, and no cost is told."""
    order = order_to_act(gains(0, 10, 6, 16, 5, 15, 7, 16.5), REMEDIES, None)
    assert [step.remedies for step in order.steps] == [("a",), ("b",), ("c",)]
    assert {(step.cost, step.cost_so_far) for step in order.steps} == {(None, None)}


def test_what_costs_nothing_comes_first_if_it_helps() -> None:
    """Whatever the others gain."""
    order = order_to_act(gains(0, 10, 6, 16, 0.1, 10.1, 6.1, 16.1), REMEDIES, {"a": 10.0, "b": 2.0, "c": 0.0})
    assert [step.remedies for step in order.steps] == [("c",), ("b",), ("a",)]


def test_remedies_that_help_only_together_are_one_step() -> None:
    """Hours alone make it worse, people alone do nothing, both gain 8 for 4; a comes first and is cheap."""
    order = order_to_act(gains(0, 3, -2, 1, 0, 3, 8, 11), REMEDIES, {"a": 1.0, "b": 1.0, "c": 3.0})
    assert steps(order) == [(("a",), 3, 3), (("b", "c"), 8, 11)]
    assert order.steps[1].cost == 4
    assert order.steps[1].cost_so_far == 5


def test_remedies_that_gain_nothing_more_are_told_from_those_that_never_do() -> None:
    """B does the work of a, less well; c does nothing at all."""
    order = order_to_act(gains(0, 3, 2, 3, 0, 3, 2, 3), REMEDIES, None)
    assert steps(order) == [(("a",), 3, 3)]
    assert order.idle == ("b", "c")
    assert order.never == ("c",)


def test_nothing_to_do_where_nothing_helps() -> None:
    """No step, and all of them never help."""
    order = order_to_act(gains(0, -1, 0, -1, -2, -3, -2, -3), REMEDIES, None)
    assert not order.steps
    assert order.idle == order.never == REMEDIES


def test_tie_is_what_the_intervals_do_not_tell_apart() -> None:
    """A gains 5 by 1 on average and b 4.5, but in every other replication b gains more; c is far behind."""
    first, second = (0, 6, 4, 10, 1, 7, 5, 11), (0, 4, 5, 9, 1, 5, 6, 10)
    order = order_to_act(np.array([first, second] * 3, np.float64), REMEDIES, {"a": 1.0, "b": 1.0, "c": 1.0})
    assert [(step.remedies, step.tied) for step in order.steps] == [(("a",), ("b",)), (("b",), ()), (("c",), ())]


def test_gain_is_sure_if_its_interval_lies_above_zero() -> None:
    """The factor of the replications is 0.5 and 1.5 here: wide, with one degree of freedom."""
    some = order_to_act(gains(0, 1, noise=(-0.5, 0.5)), ("a",), None)
    same = order_to_act(gains(0, 1), ("a",), None)
    assert [step.is_sure for step in (*some.steps, *same.steps)] == [False, True]


def test_by_shapley_values_the_order_adds_them_up() -> None:
    """The value by the cost decides; what is worth less than nothing is idle."""
    shapley = np.array([[4.0, 3.0, -1.0], [6.0, 3.0, -1.0]])
    order = order_by_shapley(shapley, REMEDIES, {"a": 5.0, "b": 1.0, "c": 1.0})
    assert steps(order) == [(("b",), 3, 3), (("a",), 5, 8)]
    assert order.idle == ("c",)
    assert order.by_shapley

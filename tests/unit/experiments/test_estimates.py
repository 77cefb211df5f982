"""From measures of replications to tidy rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callsim.errors import ScenarioError
from callsim.experiments.estimates import Row, difference_rows, rows
from callsim.measures import CATALOGUE, Measures, measure
from tests.small_logs import answered, contact, lost, small_log, small_plan


def replication(number: int, waits: tuple[float, ...], lost_calls: int = 0, seed: int = 1) -> Measures:
    """Return the measures of a replication with these waits of answered calls, and callers who hang up at once."""
    plan = small_plan()
    calls = [contact(answered(10 * i, 10 * i + wait, 5)) for i, wait in enumerate(waits)]
    calls += [contact(lost(2000 + i, 2000 + i)) for i in range(lost_calls)]
    return measure(plan, small_log(plan, calls, replication=number, seed=seed), ("interval",))


def row(found: list[Row], name: str, **scope: str | int) -> Row:
    """Return one row."""
    return next(row for row in found if row.name == name and row.scope == scope)


BASE = [replication(0, (10.0, 30.0), 2), replication(1, (20.0,), 1), replication(2, (0.0, 60.0), 0)]
OTHER = [replication(0, (5.0, 25.0), 2), replication(1, (15.0,), 1), replication(2, (0.0, 50.0), 0)]


def test_counts_are_means_and_ratios_are_ratios_of_sums() -> None:
    """Answered 2, 1, 2; abandoned 2, 1, 0 of offered 4, 2, 2; waits of 120 s over 5 answered."""
    found = rows(BASE, variant="as it is")
    assert row(found, "answered").value == 5 / 3
    assert row(found, "abandonment_ratio").value == 3 / 8
    assert row(found, "speed_of_answer").value == 24.0
    assert row(found, "wait_max").value == 110 / 3
    assert row(found, "wait_p80").value == 30.0
    assert {each.variant for each in found} == {"as it is"}
    assert row(found, "offered", queue="desk").n == 3


def test_rows_carry_unit_definition_and_level_of_the_catalogue() -> None:
    """What stands in the results can be read without the manual."""
    found = row(rows(BASE, level=0.9), "abandonment_ratio")
    assert (found.unit, found.definition, found.level, found.versus) == ("1", "abandoned / offered", 0.9, None)
    assert found.variant == "small"


def test_every_measure_appears_once_in_every_scope_that_has_it() -> None:
    """The whole centre, callers, queues and agents, and nothing else without breakdowns."""
    found = rows(BASE)
    for kind, scope in (("", {}), ("callers", {"callers": "callers"}), ("queue", {"queue": "desk"}),
                        ("agents", {"agents": "team"})):  # fmt: skip
        names = [each.name for each in found if each.scope == scope]
        assert names == [measure.name for measure in CATALOGUE if kind in measure.scopes]
    assert len(found) == sum(len(measure.scopes) for measure in CATALOGUE)


def test_the_order_of_replications_leaves_no_trace() -> None:
    """Workers finish in any order."""
    assert rows(BASE) == rows(reversed(BASE))
    assert difference_rows(BASE, OTHER) == difference_rows(reversed(BASE), OTHER)


def test_one_replication_has_no_interval_but_the_reason() -> None:
    """JSON has no infinity."""
    found = row(rows(BASE[:1]), "answered")
    assert (found.value, found.half_width, found.reason) == (2.0, None, "one replication gives no interval")


def test_what_nobody_did_has_no_value_and_says_why() -> None:
    """The reason is in the language of call centres."""
    found = row(rows([replication(0, ()), replication(1, ())]), "speed_of_answer")
    assert (found.value, found.half_width, found.reason) == (None, None, "no call was answered")


def test_breakdowns_follow_the_totals() -> None:
    """Two half-hours of the whole centre: the callers who hang up come in the second."""
    found = rows(BASE, by=("interval",))
    assert row(found, "abandoned", interval="0:00").value == 0
    assert row(found, "abandoned", interval="0:30").value == 1
    assert [each for each in found if "interval" not in each.scope] == rows(BASE)


def test_differences_are_other_minus_base_paired_by_replication() -> None:
    """Waits fall by 5, 5, 5, 0, 10: the mean speed of answer from 24 to 19 s."""
    found = difference_rows(BASE, OTHER, variant="faster", versus="as it is")
    speed = row(found, "speed_of_answer")
    assert (speed.value, speed.variant, speed.versus, speed.n) == (-5.0, "faster", "as it is", 3)
    assert speed.definition.startswith("faster - as it is: mean wait of answered calls")
    assert row(found, "offered") == Row(
        "faster", "offered", {}, 0.0, 0.0, 0.95, 3, "count", row(found, "offered").definition, "as it is", ""
    )
    assert row(found, "wait_max").value == -20 / 3


def test_a_replication_that_only_one_side_has_is_left_out() -> None:
    """After Ctrl-C one variant has finished more: only pairs are compared."""
    found = difference_rows(BASE, OTHER[:2])
    assert row(found, "answered").n == 2
    assert difference_rows(BASE, []) == []
    assert difference_rows(BASE, [replace(each, seed=2) for each in OTHER]) == []


def test_scopes_that_only_one_variant_has_have_no_difference() -> None:
    """A variant that adds a queue is compared where both have figures."""
    plan = small_plan(queues=("desk", "new"))
    wider = [measure(plan, small_log(plan, [], replication=n)) for n in range(3)]
    scopes = {tuple(each.scope.items()) for each in difference_rows(BASE, wider)}
    assert (("queue", "desk"),) in scopes
    assert (("queue", "new"),) not in scopes


def test_the_longest_wait_is_averaged_over_replications_in_which_somebody_waited() -> None:
    """One replication without any call: the mean over the other two."""
    found = row(rows([replication(0, (10.0,)), replication(1, (30.0,)), replication(2, ())]), "wait_max")
    assert (found.value, found.n) == (20.0, 2)


def test_an_unknown_breakdown_is_refused() -> None:
    """Also by the estimates, before anything is computed."""
    with pytest.raises(ScenarioError, match="a breakdown is one of interval"):
        rows(BASE, by=("weekday",))


def test_no_replications_give_no_rows() -> None:
    """Ctrl-C before the first one was finished."""
    assert rows([]) == []

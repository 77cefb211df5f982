"""Cases in a plan: what has the wrong shape is found before an engine runs it."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from callsim.errors import PlanError
from callsim.plan.cases import Cases, case_faults, no_cases
from tests.small_cases import case_plan

ARRAYS = [column.name for column in fields(Cases) if column.name not in ("types", "customers")]


def test_a_plan_without_cases_and_one_with_them_are_sound() -> None:
    """Nothing to complain of."""
    plan = case_plan()
    plan.check()
    assert list(case_faults(no_cases(), 1, 1, 1)) == []
    assert plan.cases.n >= 1


@pytest.mark.parametrize("name", ARRAYS)
def test_a_column_of_the_wrong_length_is_named(name: str) -> None:
    """Each column in turn has one row too many."""
    plan = case_plan()
    column = getattr(plan.cases, name)
    longer = np.concatenate([column, column[-1:] if len(column) else np.zeros(1, column.dtype)])
    with pytest.raises(PlanError, match=r"cases\.|does not fit"):
        replace(plan, cases=replace(plan.cases, **{name: longer})).check()


def test_streams_of_kinds_are_sorted_and_there() -> None:
    """A kind of a stream beyond the last, and two kinds of one stream."""
    plan = case_plan()
    for stream in (plan.cases.stream + plan.n_streams, np.zeros_like(plan.cases.stream) - 1):
        with pytest.raises(PlanError, match=r"cases\.stream"):
            replace(plan, cases=replace(plan.cases, stream=stream)).check()

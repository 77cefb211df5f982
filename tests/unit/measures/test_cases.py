"""What a log says about each case, worked out by hand; the cases A to I are in ``tests/small_case_logs.py``."""

from __future__ import annotations

import numpy as np
import pytest

from callsim.measures.cases import CaseFacts, CaseState, facts_of_cases, leg_times
from callsim.plan.plan import SECOND
from tests.small_case_logs import HEIRS, OTHERS, PERSISTENT, H, case_log, case_plan, case_week, event, ticks
from tests.small_logs import answered, contact

NAMES = ("A", "B", "C", "D", "E", "F", "G")
BY_HAND: dict[str, list[float]] = {
    #                       A     B     C  D    E     F     G
    "kind":                [0,    0,    1, 1,   2,    2,    2],
    "stream":              [1,    1,    2, 2,   3,    3,    3],
    "n":                   [0,    1,    0, 1,   0,    1,    2],
    "state":               [2,    1,    3, 4,   1,    1,    0],
    "calls":               [5,    2,    1, 0,   1,    2,    1],
    "provider_calls":      [1,    0,    0, 0,   0,    1,    0],
    "legs":                [6,    2,    1, 0,   1,    3,    1],
    "employees":           [5,    2,    0, 0,   1,    3,    1],
    "different_employees": [3,    2,    0, 0,   1,    2,    1],
    "transfers":           [2,    0,    0, 0,   0,    0,    0],
    "explanations":        [4,    2,    0, 0,   1,    2,    1],
    "calls_in_vain":       [1,    0,    0, 0,   0,    0,    0],
    "cut_offs":            [1,    0,    0, 0,   0,    0,    0],
    "promises":            [1,    0,    0, 0,   0,    1,    1],
    "promises_in_time":    [0,    0,    0, 0,   0,    0,    0],
    "promises_late":       [0,    0,    0, 0,   0,    1,    0],
    "promises_broken":     [1,    0,    0, 0,   0,    0,    0],
    "promises_overdue":    [0,    0,    0, 0,   0,    0,    0],
    "escalated":           [0,    0,    0, 0,   0,    0,    0],
    "refused":             [1,    0,    0, 0,   0,    0,    0],
    "complained":          [1,    0,    0, 0,   0,    0,    0],
    "closings":            [1,    1,    0, 0,   1,    2,    0],
    "reopened":            [0,    0,    0, 0,   0,    1,    0],
    "answered":            [1,    1,    0, 0,   1,    1,    1],
    "first_contact":       [0,    0,    0, 0,   1,    0,    0],
    "one_can_do":          [0,    0,    0, 0,   1,    1,    1],
    "watched":             [1,    1,    0, 0,   1,    1,    1],
    "quiet":               [0,    0,    0, 0,   1,    0,    1],
}  # fmt: skip
# A holds 600 + 30 + 1200 + 30, 1000, 0, 0 and 3600 s; the 100 s that the provider's call waited are nobody's hold.
HOLD = [6460, 60, 300, 0, 120, 200, 30]
TALK = [300 + 400 + 500 + 600 + 200, 900, 0, 0, 240, 300 + 100 + 120, 100]
AGE = [44 * H, 10 * H, H + 300, 0, H + 360, 13 * H + 120, 170 * H]


@pytest.fixture(scope="module")
def facts() -> CaseFacts:
    """The facts of the cohort."""
    plan = case_plan()
    return facts_of_cases(plan, case_week(plan))


@pytest.mark.parametrize("name", BY_HAND)
def test_every_number_of_a_case_is_the_one_worked_out_by_hand(facts: CaseFacts, name: str) -> None:
    """Cases A to G; H and I began outside the window and are not there."""
    assert getattr(facts, name).tolist() == BY_HAND[name]


@pytest.mark.parametrize(("name", "seconds"), [("hold", HOLD), ("talk", TALK), ("age", AGE)])
def test_times_of_a_case_are_exact(facts: CaseFacts, name: str, seconds: list[float]) -> None:
    """Waits and dialling of the customer's own calls, abandoned ones included; talk with everybody."""
    assert getattr(facts, name).tolist() == [ticks(value) for value in seconds]


def test_time_on_the_phone_is_from_calling_to_hanging_up(facts: CaseFacts) -> None:
    """Hold and talk of A's five calls, and the talk of the call that the provider made."""
    calls = 2560 + 1000 + 0 + 500 + 4200
    assert int(facts.phone[0]) == (calls + 200) * SECOND


def test_every_case_of_the_run_is_there_on_request() -> None:
    """Two more began before and behind the window: H is open, I has given up."""
    plan = case_plan()
    every = facts_of_cases(plan, case_week(plan), everyone=True)
    assert every.n_cases == 9
    assert every.state[[2, 5]].tolist() == [CaseState.OPEN, CaseState.GAVE_UP]
    assert every.stream.tolist() == [PERSISTENT] * 3 + [OTHERS] * 3 + [HEIRS] * 3


def test_finished_cases_are_solved_or_given_up(facts: CaseFacts) -> None:
    """Who never tried has not finished anything, and an open case has not either."""
    finished = [name for name, is_over in zip(NAMES, facts.finished, strict=True) if is_over]
    assert finished == ["A", "B", "C", "E", "F"]
    assert [name for name, is_solved in zip(NAMES, facts.solved, strict=True) if is_solved] == ["A", "B", "E", "F"]


def test_what_lasts_at_the_end_of_the_run_counts_up_to_there() -> None:
    """Three cases in their first call when the run ends at 240 h: waiting, talking, being passed on."""
    from callsim.codes import CaseEvent, Outcome, TransferResult

    plan = case_plan()
    way = {"transfer": TransferResult.TRANSFERRED, "transfer_row": 0}
    waiting = {"entered": 240 * H - 90, "left": -1, "outcome": Outcome.UNFINISHED}
    calls = {
        "waits": contact(waiting, stream=1, n=0),
        "talks": contact(answered(240 * H - 50, 240 * H - 40, 900, transfer=TransferResult.UNFINISHED), stream=1, n=1),
        "moves": contact(answered(240 * H - 60, 240 * H - 55, 35, agent=1, **way), stream=1, n=2,
                         outcome=Outcome.UNFINISHED, ended=-1),
    }  # fmt: skip
    cases = {(1, n): [event(30 * H, CaseEvent.BORN)] for n in range(3)}
    found = facts_of_cases(plan, case_log(plan, calls, cases))
    assert (found.hold // SECOND).tolist() == [90, 10, 5 + 20]
    assert (found.talk // SECOND).tolist() == [0, 40, 35]
    assert found.state.tolist() == [CaseState.OPEN] * 3
    assert found.answered.tolist() == [0, 1, 0]
    assert found.watched.tolist() == [0, 0, 0]


def test_a_promise_without_word_is_overdue_once_its_deadline_has_come() -> None:
    """Two promises are open when the run ends; the deadline of one has passed."""
    from callsim.codes import CaseEvent

    plan = case_plan()
    calls = {f"{n}": contact(answered(30 * H + 100 * n, 30 * H + 100 * n, 60), stream=1, n=n) for n in range(2)}
    cases = {
        (1, n): [
            event(29 * H, CaseEvent.BORN),
            event(30 * H + 100 * n + 60, CaseEvent.PROMISED, str(n), value=due),
        ]
        for n, due in enumerate((239 * H, 241 * H))
    }
    found = facts_of_cases(plan, case_log(plan, calls, cases))
    assert found.promises.tolist() == [1, 1]
    assert found.promises_overdue.tolist() == [1, 0]


def test_a_log_without_cases_has_no_facts() -> None:
    """Nobody had a problem."""
    plan = case_plan()
    found = facts_of_cases(plan, case_log(plan, {"x": contact(answered(30 * H, 30 * H, 60))}, {}))
    assert found.n_cases == 0


def test_waits_talks_and_dialling_make_up_every_call() -> None:
    """From arrival to hanging up, whoever called."""
    log = case_week(case_plan())
    times = leg_times(log)
    total = np.zeros(len(log.contacts["arrived"]), np.int64)
    np.add.at(total, log.legs["contact"], times.wait + times.talk + times.dialling)
    assert total.tolist() == (log.contacts["ended"] - log.contacts["arrived"]).tolist()

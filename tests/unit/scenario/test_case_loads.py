"""What cases ask of a centre as far as it is known before a run, by hand; and what `explain` and `coverage` say."""

import math

import pytest

from callsim.scenario.resolving.case_loads import case_loads
from callsim.scenario.resolving.loads import pools
from callsim.scenario.resolving.resolve import resolve_fully
from callsim.scenario.telling.coverage import coverage
from callsim.scenario.telling.explain import explain
from tests.small_cases import case_scenario
from tests.small_scenarios import written

ONE_DESK = """
    run: {measure: 1 week}
    callers: {}
    queues: {main: {talk: constant 5m, after_call_work: constant 1m}}
    agents: {team: {heads: 2, answers: [main]}}
    cases: {fault: {starts: {per_week: 70}, calls_again: {unsolved: constant 2h}, MORE}}
"""
TWO_DESKS = """
    run: {measure: 1 week}
    callers: {}
    queues: {orders: {talk: constant 6m}, support: {talk: constant 3m}}
    agents: {clerks: {heads: 2, answers: [orders]}, technicians: {heads: 2, answers: [support]}}
    cases:
      fault: {starts: {per_week: 70}, dials: orders, calls_again: {unsolved: constant 2h}, MORE}
    transfers: {round: {callers: [fault], orders: {support: 50%}}}
"""


def load_of(folder, text, more):
    (load,) = case_loads(resolve_fully(written(folder, text.replace("MORE", more))))
    return load


def test_employees_until_a_case_is_solved_are_pieces_by_share(tmp_path):
    """Two pieces at 4 % an employee take 50 of them, each with 6 minutes, of whom two own a piece for 10 more."""
    load = load_of(tmp_path, ONE_DESK, "needs: 2 pieces, owner: {share: 4%, takes: constant 10m}")
    assert (load.employees, load.legs) == pytest.approx((50, 1))
    assert load.work == pytest.approx([50 * 0.1 + 2 / 6])


def test_owner_who_does_the_rest_is_needed_once(tmp_path):
    """25 employees instead of 50, and one owner."""
    load = load_of(tmp_path, ONE_DESK, "needs: 2 pieces, owner: {share: 4%, does: the rest, takes: constant 10m}")
    assert load.employees == pytest.approx(25)
    assert load.work == pytest.approx([25 * 0.1 + 1 / 6])


def test_every_employee_is_told_and_notes_shorten_it(tmp_path):
    """30 s of identity, and 2 m for the quarter without notes, 20 s for the others: 75 s more for each of ten."""
    more = (
        "owner: 10%, identify: constant 30s, shared_ticket: {notes_lost: 25%}, "
        "explain: {time: constant 2m, with_notes: constant 20s}"
    )
    load = load_of(tmp_path, ONE_DESK, more)
    assert load.work == pytest.approx([10 * (6 * 60 + 30 + 0.25 * 120 + 0.75 * 20) / 3600])


def test_who_never_tries_asks_for_nothing(tmp_path):
    """A fifth of the cases that begin."""
    assert load_of(tmp_path, ONE_DESK, "never_tries: 20%").work == pytest.approx([0.8 * 0.1])


def test_employees_of_a_call_follow_from_its_transfers(tmp_path):
    """Half of those whom orders does not own come to support: 1 + 0.9 / 2 legs a call, of which 0.1 and 0.45 times 0.4
    end with an owner; legs of a case are 1.45 / 0.28.
    """
    load = load_of(tmp_path, TWO_DESKS, "owner: {share: {clerks: 10%, technicians: 40%}}")
    assert load.legs == pytest.approx(1.45)
    assert load.employees == pytest.approx(1.45 / 0.28)
    assert load.work == pytest.approx([0.1 / 0.28, 0.05 * 0.45 / 0.28])


def test_only_who_can_do_a_piece_owns_it(tmp_path):
    """Clerks own nothing, so half of the calls come to support, where 40 % end: 1.5 legs for 0.2."""
    load = load_of(tmp_path, TWO_DESKS, "owner: 40%, done_by: [support]")
    assert load.employees == pytest.approx(1.5 / 0.2)


def test_a_case_that_only_promises_solve_has_no_number_of_employees(tmp_path):
    """Nobody owns it by chance."""
    load = load_of(tmp_path, ONE_DESK, "owner: 0%, promises: {share: 10%, due: constant 9h}")
    assert math.isinf(load.employees)
    assert load.work.tolist() == [0]
    assert load.deferred


def test_work_of_cases_is_in_the_load_of_their_pool(tmp_path):
    """70 cases of ten employees with 6 minutes each are 70 hours, of 2 times 168 hours of heads."""
    (pool,) = pools(resolve_fully(written(tmp_path, ONE_DESK.replace("MORE", "owner: 10%"))))
    assert (pool.work, pool.case_work, pool.heads) == pytest.approx((70, 70, 336))
    assert pool.rho == pytest.approx(70 / 336)
    assert pool.amplification == 1


def test_unsolved_calls_amplify_the_load(tmp_path):
    """A fifth calls again after the first answered call, a tenth after later ones: 1 + 0.2 (1 + 0.1 + 0.01 + ...)."""
    again = "calls_again: {unsolved: {share: [20%, 10%], delay: constant 2h}}"
    text = f"callers: {{all: {{calls: {{per_hour: 12}}, to: main, {again}}}}}"
    (pool,) = pools(resolve_fully(written(tmp_path, text)))
    assert pool.amplification == pytest.approx(1 + 0.2 / 0.9)


def test_amplification_ends_with_the_last_call_of_a_caller(tmp_path):
    """Three calls at the most: 1 + 0.2 + 0.2 times 0.1."""
    again = "calls_again: {unsolved: {share: [20%, 10%], delay: constant 2h}, at_most: 3 calls}"
    text = f"callers: {{all: {{calls: {{per_hour: 12}}, to: main, {again}}}}}"
    (pool,) = pools(resolve_fully(written(tmp_path, text)))
    assert pool.amplification == pytest.approx(1.22)


def test_every_default_of_a_plain_case_is_said(tmp_path):
    """The whole section."""
    text = explain(written(tmp_path, ONE_DESK.replace(", MORE", "")))
    section = text[text.index("Cases\n") : text.index("\n\nQueues")]
    assert section == (
        """Cases
  fault
    needs: one piece of owned work: the solution  (default)
    done by: every queue  (default)
    owner: 100% of who answers and can do it  (default)
    an owner does: one piece  (default)
    an owner takes: no time besides the talk  (default)
    carries over: 0% of who sees that it had an owner  (default)
    works after the last piece: at once  (default)
    comes back: 0% of solved cases  (default)
    deadline: none  (default)
    service: as the queues say  (default)
    identify: no time  (default)
    explain: no time of its own  (default)
    shared ticket: 0% of employees see their colleagues' notes  (default)
    passed on: as the transfers say, of answered calls that nobody owned  (default)
    promises: none  (default)
    closes unsolved: 0% of answered calls that did not solve it  (default)
    escalation: nobody asks for it  (default)
    regulator: nobody complains  (default)
    customers: 70 cases begin while measured, 70 a week
      noticed after: at once  (default)
      never try: 0%  (default)
      priority: 5 (1 is served first)  (default)
      credit: 0s  (default)
      patience: never hangs up  (default)
      hangs up at once: 0%  (default)
      balks: 0%  (default)
      dials for: the solution: main 100%  (default)
      awake: 24/7  (default)
      believes open: everybody knows the hours  (default)
      waits on: no time, calls on the dot  (default)
      after an unsolved call: 100% call again after constant 2h
      after hanging up in the queue: 100% call again after constant 2h  (default: as after an unsolved call)
      after a busy tone: 100% call again after constant 2h  (default: as after an unsolved call)
      after hanging up on hearing of a wait: 100% call again after constant 2h  (default: as after an unsolved call)
      after the closed announcement: 100% call again after constant 2h  (default: as after an unsolved call)
      after being cut off: 100% call again after constant 2h  (default: as after an unsolved call)
      after a broken promise: 100% call again after constant 2h  (default: as after an unsolved call)
      after a case that is there again: 100% call again after constant 2h  (default: as after an unsolved call)
      at most: 255 calls  (default)
      anger: nothing makes them angry  (default)
      calls until it is solved: no closed form, since holds, closed doors and anger decide; what is known:
        employees until it is solved, if nobody gives up: 1 on average, one piece at a time
        employees in an answered call: 1 on average
        work in a case whose customer tries: 6m"""
    )


@pytest.mark.parametrize(
    "line",
    [
        "owner: 15% of generalists, 40% of the other groups of who answers and can do it",
        "promises: 25% of answered calls that did not solve it, due after uniform 3h to 20h (mean 11h30m), 40% kept, "
        "by a call from escalations, queued 1h before the deadline, priority 3",
        "escalation: to escalations from orders, support, asked for from call 4 on or at an age of 30h or after 1h30m "
        "on hold in all or at 8 points of anger; 60% granted",
        "documented: 22 calls, 50 employees, 12 hours on the phone, 112 hours to solution, 3 promises",
        "customers persistent, 60% of them: 24 cases begin while measured, 24 a week",
        "after an unsolved call: 98%, then 94%, then 90% call again after lognormal mean 2h30m cv 1",
        "talk 1, from 6 points on 1.2",
        "promises that are kept, or the regulator, end some earlier",
        "orders to escalations (escalation): who asks for it and is heard",
        "orders to support (handed round): 49% of answered calls that nobody owned",
        "cases followed for 4 days longer",
    ],
)
def test_what_is_written_of_a_case_is_said(line):
    """In the words of the trade."""
    assert line in explain(case_scenario())


def test_coverage_lists_doors_of_escalations_and_of_cases():
    """A transfer without a share is one all the same if customers ask for it; each door is named once."""
    doors = [(door.reason, door.source, door.target) for door in coverage(case_scenario()).closed_doors]
    assert ("escalation", "support", "escalations") in doors
    assert ("handed round", "orders", "billing") in doors
    assert len(doors) == len(set(doors)) == 6


def test_door_that_nobody_comes_to_is_not_listed():
    """Without escalations nobody is escalated, and no case comes to the desk but by promises."""
    doors = [door.reason for door in coverage(case_scenario("cases.order error.escalation=~")).closed_doors]
    assert "escalation" not in doors


def test_case_that_nobody_owns_by_chance_is_explained_without_a_number(tmp_path):
    """It is solved by promises, or never."""
    text = explain(written(tmp_path, ONE_DESK.replace("MORE", "owner: 0%, promises: {share: 10%, due: constant 9h}")))
    assert "nobody who answers by chance owns it: it is solved by promises or the regulator, or never" in text

"""What can be wrong with cases, and what is said about it: place, what was found, the rule, what to do."""

import pytest

from callsim.errors import ScenarioError
from callsim.scenario.reading.load import load
from callsim.scenario.resolving.resolve import resolve
from tests.small_scenarios import written

TWO_DESKS = """
    queues: {orders: {talk: constant 5m}, billing: {talk: constant 5m, open: mon-fri 09:00-17:00}}
    agents:
      clerks: {heads: 6, answers: [orders]}
      desk: {staffing: {mon-fri 09:00-17:00: 1}, answers: [billing]}
    callers: {all: {calls: {per_hour: 60}, to: orders}}
"""
WELL = "starts: {per_week: 60}, dials: orders, calls_again: {unsolved: exponential mean 2h}"


def said(folder, text):
    """Return the problems of a scenario as "path: found; rule; advice"."""
    with pytest.raises(ScenarioError) as raised:
        resolve(written(folder, text))
    return [f"{one.path}: {one.found}; {one.rule}; {one.advice}" for one in raised.value.problems]


def of_case(folder, case, more=""):
    """Return what is said about a type of case `fault` in a centre with two desks."""
    return said(folder, f"{TWO_DESKS}    cases: {{fault: {{{case}}}}}\n    {more}")


def test_well_written_case_has_no_problem(tmp_path):
    """What the tests below begin with."""
    plan = resolve(written(tmp_path, f"{TWO_DESKS}    cases: {{fault: {{{WELL}}}}}"))
    assert plan.cases.types == ("fault",)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (
            "starts: {}, dials: orders, calls_again: {unsolved: never}",
            "cases.fault.starts: no number of cases; beginnings are given in one way; add per_day or per_week: 60",
        ),
        (
            "starts: {per_week: 60, per_day: 9}, dials: orders, calls_again: {unsolved: never}",
            "cases.fault.starts.per_week: per_week beside per_day; beginnings are given in one way; keep one",
        ),
        (
            "starts: {per_hour: {mon 08:00-09:00: 3}, at: mon 08:00-12:00}, dials: orders, "
            "calls_again: {unsolved: never}",
            "cases.fault.starts.at: at beside numbers by hours; numbers by hours say themselves when they hold; "
            "keep one of the two",
        ),
        (
            "starts: {per_hour: 3, at: {mon 08:00-12:00: 2}}, dials: orders, calls_again: {unsolved: never}",
            "cases.fault.starts.at: at beside per_hour; a profile spreads the total of a day or a week; "
            "write per_day or per_week",
        ),
        (
            "starts: {per_week: 60}, calls_again: {unsolved: never}",
            "cases.fault: no dials; it must be said where these customers call; add dials, such as dials: orders",
        ),
        (
            "starts: {per_week: 60}, dials: orders",
            "cases.fault: no calls_again.unsolved; it must be said when they call again after a call that did not "
            "solve it; add calls_again: {unsolved: lognormal mean 4h cv 1}, or unsolved: never",
        ),
        (
            "starts: {per_week: 60}, dials: orders, gives_up: 5%, "
            "calls_again: {unsolved: {share: 95%, delay: constant 1h}}",
            "cases.fault.gives_up: gives_up beside unsolved; who does not call again gives up: two ways to say the "
            "same; keep gives_up, and write the law of the delay alone under unsolved",
        ),
        (
            "starts: {per_week: 60}, dials: orders, calls_again: {unsolved: {share: 95%}}",
            "cases.fault.calls_again.unsolved: no delay; who calls again does so after some time; "
            "add delay, such as delay: exponential mean 2h",
        ),
        (
            "starts: {per_week: 60}, dials: orders, calls_again: {unsolved: until open + constant 1h}",
            "cases.fault.calls_again.unsolved: 'until open + constant 1h'; customers with a case wait for the opening "
            "by themselves, as far as they know the hours; write the law alone, and waits_on for how long after the "
            "opening they call",
        ),
    ],
)
def test_beginning_and_calling_of_a_case_are_checked(tmp_path, case, problem):
    """How many begin and when, where customers call, and when they call again."""
    assert of_case(tmp_path, case) == [problem]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            "customers: {some: {share: 50%}, others: {share: 40%}}",
            "cases.fault.customers: 90% in all; the shares of the kinds of customers add up to 100%; "
            "correct the shares",
        ),
        (
            "returns: {share: 5%, delay: constant 9h}, closes_unsolved: 4%",
            "cases.fault.returns.delay: delay beside closes_unsolved; one delay holds for cases that come back and for "
            "those that are closed unsolved; write it as calls_again: {reopened: ...}",
        ),
        (
            "owner: {share: 4%, carries_over: yes}",
            "cases.fault.owner.carries_over: carries_over without a shared ticket; who takes over from a colleague has "
            "read it in the notes; add shared_ticket: yes, or leave it out",
        ),
        (
            "explain: {time: constant 2m, with_notes: constant 20s}, shared_ticket: no",
            "cases.fault.explain.with_notes: with_notes without a shared ticket; without a shared ticket nobody sees "
            "notes; add shared_ticket: yes, or leave it out",
        ),
        (
            "promises: {share: 9%, due: constant 4h, lead: 1h}",
            "cases.fault.promises.lead: lead without called_back_by; lead is that of a call to the customer; "
            "add called_back_by, with the name of a queue, or leave it out",
        ),
        (
            "promises: {share: 9%, kept: 50%}",
            "cases.fault.promises: no due; due is required; add due, such as due: uniform 3h to 20h",
        ),
        (
            "promises: {share: 9%, due: constant 4h, called_back_by: bills}",
            "cases.fault.promises.called_back_by: 'bills'; there is no queue of this name; did you mean billing?",
        ),
        (
            "regulator: {complains: 9%, acts_in: constant 4h, priority: 1}",
            "cases.fault.regulator.priority: priority without called_back_by; priority is that of a call to the "
            "customer; add called_back_by, with the name of a queue, or leave it out",
        ),
        (
            "escalation: {to: billing, from: [billing], after: {calls: 3 calls}}",
            "cases.fault.escalation.from.0: 'billing'; it leads to another queue; leave it out",
        ),
        (
            "escalation: {to: billing, after: {}}",
            "cases.fault.escalation.after: nothing; it must be said when they ask for it; "
            "add calls: 4 calls, age, hold or anger",
        ),
        (
            "escalation: {to: billing, after: {anger: 3 points}}",
            "cases.fault.escalation.after.anger: anger without points; nothing makes these customers angry; "
            "add anger: {points: {unsolved: 1}}, or leave it out",
        ),
        (
            "escalation: {to: chief, after: {calls: 3 calls}}",
            "cases.fault.escalation.to: 'chief'; there is no queue of this name; queues: billing, orders",
        ),
        (
            "needs: [mend], done_by: {mend: [order], ship: [orders]}",
            "cases.fault.done_by.mend.0: 'order'; there is no queue of this name; did you mean orders?",
        ),
        (
            "owner: {share: {clerk: 4%, others: 2%}}",
            "cases.fault.owner.share.clerk: 'clerk'; there is no group of this name; did you mean clerks?",
        ),
        (
            "talk: {order: constant 5m}",
            "cases.fault.talk.order: 'order'; there is no queue of this name; did you mean orders?",
        ),
        (
            "talk: constant 5m, handle_time: constant 6m",
            "cases.fault.talk: talk beside handle_time; handle_time holds talk already: two ways to say the same; "
            "keep handle_time, or talk with after_call_work",
        ),
        (
            "passed_on: {share: 70%}",
            "cases.fault.passed_on: passed_on without a reason that names this type of case; a reason under transfers "
            "says whither these calls are passed on; add transfers: {handed round: {callers: [fault], ...}}, with "
            "shares of 100% from each queue",
        ),
        (
            "owner: {share: {desk: 50%}}",
            "cases.fault.owner: nobody who can own 'the solution'; these customers come to orders, and there somebody "
            "must be able to own it; change done_by, dials or the shares of the owners",
        ),
        (
            "done_by: [billing]",
            "cases.fault.done_by: nobody who can own 'the solution'; these customers come to orders, and there "
            "somebody must be able to own it; change done_by, dials or the shares of the owners",
        ),
        (
            "escalation: {to: orders, from: [billing], after: {calls: 3 calls}}",
            "cases.fault.escalation.from.0: 'billing'; customers of 'fault' never come to it; leave it out",
        ),
        (
            "identify: lognormal mean from volumes cv 1",
            "cases.fault.identify: lognormal mean from volumes cv 1; the volumes file has no mean for it; "
            "write the mean itself",
        ),
    ],
)
def test_what_contradicts_itself_in_a_case_is_told(tmp_path, more, problem):
    """Two ways to say the same, what lacks its other half, and names that lead nowhere."""
    found = of_case(tmp_path, f"{WELL}, {more}")
    assert problem in found
    assert len(found) == (2 if "ship" in more else 1)


@pytest.mark.parametrize(
    ("dials", "problem"),
    [
        (
            "{mend: orders}",
            "cases.fault.dials: no queue for 'ship'; it must be said where they call for each piece of work; "
            "add ship, with the queue that they call for it",
        ),
        (
            "{mend: orders, ship: {orders: 60%, bill: 40%}}",
            "cases.fault.dials.ship.bill: 'bill'; there is no queue of this name; did you mean billing?",
        ),
        (
            "{mend: orders, ship: {orders: 60%, billing: 30%}}",
            "cases.fault.dials.ship: 90% in all; the shares of the queues add up to 100%; correct the shares",
        ),
        (
            "{mend: orders, ship: orders, paint: billing}",
            "cases.fault.dials.paint: 'paint'; there is no piece of work of this name; pieces of work: mend, ship",
        ),
        ("ordres", "cases.fault.dials: 'ordres'; there is no queue of this name; did you mean orders?"),
        (
            "{orders: 70%}",
            "cases.fault.dials: 70% in all; the shares of the queues add up to 100%; correct the shares",
        ),
    ],
)
def test_dialling_leads_to_queues_for_each_piece(tmp_path, dials, problem):
    """Every piece that the case needs has its queues, and their shares are all of the calls."""
    case = f"starts: {{per_week: 9}}, needs: [mend, ship], dials: {dials}, calls_again: {{unsolved: never}}"
    assert of_case(tmp_path, case) == [problem]


def test_customers_must_be_awake_while_somebody_answers(tmp_path):
    """Who sleeps while the only queue that he calls is open never calls."""
    case = "starts: {per_week: 9}, dials: billing, awake: daily 18:00-24:00, calls_again: {unsolved: never}"
    assert of_case(tmp_path, case) == [
        "cases.fault.dials: billing, never open while these customers are awake; they must be able to call for "
        "'the solution'; change the opening hours, or awake"
    ]


def test_two_delays_of_what_comes_back_say_the_same(tmp_path):
    """Of `returns` and of `reopened` one is enough."""
    case = (
        "starts: {per_week: 60}, dials: orders, returns: {share: 5%, delay: constant 9h}, "
        "calls_again: {unsolved: constant 2h, reopened: constant 9h}"
    )
    assert of_case(tmp_path, case) == [
        "cases.fault.returns.delay: delay beside reopened; both say when customers call because the problem is there "
        "again: two ways to say the same; keep calls_again: {reopened: ...}"
    ]


def test_nothing_is_followed_without_cases(tmp_path):
    """The run would only be longer."""
    assert said(tmp_path, "run: {start: 2025-03-03, measure: 1 week, follow_cases: 1 week}") == [
        "run.follow_cases: follow_cases without cases; there are no cases that could be followed; "
        "remove it, or write cases"
    ]


def test_hours_of_cases_need_a_calendar(tmp_path):
    """Hours of the week, wherever a case has them."""
    problems = said(
        tmp_path,
        """
        run: {measure: 1 week}
        cases:
          fault:
            starts: {per_week: 9, at: mon 08:00-12:00}
            awake: daily 08:00-20:00
            calls_again: {unsolved: never}
            regulator: {complains: 5%, acts_in: constant 9h, at: mon-fri 09:00-17:00}
        """,
    )
    places = ["cases.fault.awake", "cases.fault.regulator.at", "cases.fault.starts.at"]
    rule = "hours of the week; hours of the week and dates need a calendar, and run has no start"
    assert sorted(problem.split("; add")[0] for problem in problems) == [f"{place}: {rule}" for place in places]


PASSED_ON = """
    cases:
      fault: {starts: {per_week: 9}, dials: orders, passed_on: {share: 50%}, calls_again: {unsolved: never}}
"""


def test_reason_of_a_type_of_case_says_whither_in_full(tmp_path):
    """`passed_on` says how many; shares that do not add up to 100 % would say it a second time."""
    reason = "    transfers: {round: {callers: [fault], orders: {billing: 80%}}}"
    assert said(tmp_path, f"{TWO_DESKS}{PASSED_ON}{reason}") == [
        "transfers.round.orders: 80% from orders; passed_on of 'fault' says how many, and these shares say whither: "
        "they add up to 100%; correct the shares, or leave passed_on.share out"
    ]


def test_shares_of_all_reasons_that_a_case_meets_are_added(tmp_path):
    """Half of the calls by the reason that names it, 60 % by one for everybody: 110 %."""
    reasons = "    transfers: {round: {callers: [fault], orders: {billing: 100%}}, all: {orders: {billing: 60%}}}"
    assert said(tmp_path, f"{TWO_DESKS}{PASSED_ON}{reasons}") == [
        "transfers.all.orders: 110% in all; the shares that leave orders add up to at most 100%; lower the shares"
    ]


def test_reason_that_names_only_cases_explains_nothing(tmp_path):
    """Their type of case says what it takes."""
    reason = "    transfers: {round: {callers: [fault], explain: constant 1m, orders: {billing: 100%}}}"
    assert said(tmp_path, f"{TWO_DESKS}{PASSED_ON}{reason}") == [
        "transfers.round.explain: explain; customers with a case explain it as their type of case says; "
        "write explain under cases, beside shared_ticket"
    ]


def test_escalation_must_not_lead_to_a_door_that_is_always_closed(tmp_path):
    """Orders are answered on Sundays only, billing from Monday to Friday."""
    text = """
        queues:
          orders: {talk: constant 5m, open: sun 09:00-17:00}
          billing: {talk: constant 5m, open: mon-fri 09:00-17:00}
        agents: {clerks: {heads: 6, answers: [orders, billing]}}
        callers: {all: {calls: {per_hour: 60}, to: orders}}
        cases:
          fault:
            {starts: {per_week: 9}, dials: orders, calls_again: {unsolved: never},
             escalation: {to: billing, after: {calls: 2 calls}}}
        """
    assert said(tmp_path, text) == [
        "cases.fault.escalation.to: 'billing', which is never open when 'orders' answers; an escalation must meet an "
        "open door at some time; change the hours, leave orders out, or write if_closed under transfers.to billing"
    ]


def test_queue_that_only_escalations_reach_must_be_served(tmp_path):
    """As any queue to which callers come."""
    text = """
        queues: {main: {talk: constant 5m}, chief: {talk: constant 5m}}
        callers: {all: {calls: {per_hour: 60}, to: main}}
        cases:
          fault:
            {starts: {per_week: 9}, dials: main, calls_again: {unsolved: never},
             escalation: {to: chief, after: {calls: 2 calls}}}
        """
    assert said(tmp_path, text) == [
        "queues.chief: a queue that nobody answers; callers can come to 'chief', so a group must answer it; "
        "write it under `answers` of one of team"
    ]


def test_word_that_names_escalated_calls_is_no_reason(tmp_path):
    """A reason of this name would be counted with them."""
    case = f"{WELL}, escalation: {{to: billing, after: {{calls: 3 calls}}}}"
    assert of_case(tmp_path, case, "transfers: {escalation: {orders: {billing: 5%}}}") == [
        "transfers.escalation: the name 'escalation'; this word names the calls that cases escalate; "
        "choose another name"
    ]


def test_type_of_case_and_stream_of_callers_have_different_names(tmp_path):
    """One name, one stream; a kind of customers is one, too."""
    case = "starts: {per_week: 9}, dials: main, calls_again: {unsolved: never}"
    text = f"""
        cases: {{all: {{{case}}}, fault: {{{case}, customers: {{heirs: {{share: 100%}}}}}}}}
        callers: {{all: {{calls: {{per_hour: 1}}}}, "fault: heirs": {{calls: {{per_hour: 1}}}}}}
        """
    assert sorted(said(tmp_path, text)) == [
        "callers.fault: heirs: the name 'fault: heirs'; this is the name of one kind of customers of a type of case; "
        "choose another name",
        "cases.all: the name 'all'; callers of this name are there already; choose another name",
    ]


def test_unknown_kind_of_customers_in_a_change_is_told(tmp_path):
    """Names must exist, other keys may be new."""
    written(tmp_path, "cases: {fault: {starts: {per_week: 9}, calls_again: {unsolved: never}}}")
    with pytest.raises(ScenarioError) as raised:
        load(tmp_path / "centre.yaml", ["cases.fault.customers.heirs.share=10%", "cases.fraud.gives_up=never"])
    assert [f"{one.found}; {one.rule}; {one.advice}" for one in raised.value.problems] == [
        "'heirs'; there is no kind of customers of this name; ",
        "'fraud'; there is no type of case of this name; did you mean fault?",
    ]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("owner: often", "cases.fault.owner: 'often'; a share is needed; write a share such as 12%"),
        ("owner: {carries_over: now}", "cases.fault.owner.carries_over: 'now'; a share, yes or no is needed; "
         "write yes, no, or a share such as 40%"),
        ("explain: 2m", "cases.fault.explain: '2m', a bare duration; its law is needed; "
         "write constant 2m if it never varies, or exponential mean 2m"),
        ("shared_ticket: maybe", "cases.fault.shared_ticket: 'maybe'; yes, no or the share of lost notes is needed; "
         "write {notes_lost: 10%}"),
        ("shared_ticket: {lost: 3%}", "cases.fault.shared_ticket: a mapping with lost; a shared ticket loses notes, "
         "or none; write {notes_lost: 10%}"),
        ("needs: []", "cases.fault.needs: a list; a case needs from 1 to 50 pieces of work; name at least one"),
        ("needs: 51 pieces", "cases.fault.needs: '51 pieces'; a case needs from 1 to 50 pieces of work; "),
        ("needs: [a, a]", "cases.fault.needs.1: 'a'; it is named twice; name it once"),
        ("gives_up: always", "cases.fault.gives_up: 'always'; a share is needed; "
         "write a share such as 6%, a list of shares, or never"),
        ("anger: {points: {unsolved: 201}}", "cases.fault.anger.points.unsolved: 201; "
         "at most 200 points can be given at a time; "),
        ("anger: {points: {}, patience: {x: 1}}", "cases.fault.anger.patience.x: 'x'; points of anger from 0 to 200 "
         "are needed; write it like {3: 0.8, 6: 0.5}"),
        ("anger: {points: {}, delay: []}", "cases.fault.anger.delay: an empty list; at least one factor is needed; "
         "write it like {3: 0.8, 6: 0.5}"),
        ("anger: {points: {}, talk: {}}", "cases.fault.anger.talk: an empty mapping; at least one factor is needed; "
         "write it like {3: 0.8, 6: 0.5}"),
        ("promises: 20%", "cases.fault.promises: '20%'; a mapping is needed; "
         "write it like promises: {share: 18%, due: uniform 3h to 20h, kept: 0%}"),
        ("waits_on: until open", "cases.fault.waits_on: 'until open'; customers with a case wait for the opening by "
         "themselves, as far as they know the hours; write the law alone, and waits_on for how long after the opening "
         "they call"),
        ("regulator: {complains: 1%}", "cases.fault.regulator: no acts_in; acts_in is required; "
         "add acts_in, such as acts_in: lognormal mean 24h cv 0.5"),
    ],
)  # fmt: skip
def test_value_that_cannot_be_read_is_told_with_what_to_write(tmp_path, more, problem):
    """Once, at its place, in the words of the language."""
    assert of_case(tmp_path, f"{WELL}, {more}") == [problem]


@pytest.mark.parametrize(
    ("dials", "problem"),
    [
        ("60%", "'60%'; the queue that they call is needed; write one queue, or shares such as {orders: 60%, "
         "support: 40%}"),
        ("[orders]", "a list; the queue that they call is needed; write one queue, or shares such as {orders: 60%, "
         "support: 40%}"),
        ("{}", "an empty mapping; at least one queue is needed; write it like {orders: 60%, support: 40%}"),
    ],
)  # fmt: skip
def test_dials_that_cannot_be_read_are_told_once(tmp_path, dials, problem):
    """Not a second time as a queue that there is not."""
    case = f"starts: {{per_week: 9}}, dials: {dials}, calls_again: {{unsolved: never}}"
    assert of_case(tmp_path, case) == [f"cases.fault.dials: {problem}"]


def test_hours_in_which_problems_begin_are_hours_or_a_file(tmp_path):
    """A word is neither."""
    case = "starts: {per_week: 9, at: monday}, dials: orders, calls_again: {unsolved: never}"
    assert of_case(tmp_path, case) == [
        "cases.fault.starts.at: 'monday'; hours of the week or a profile are needed; "
        "write hours such as mon-fri 08:00-18:00, or the name of a CSV file"
    ]


def test_type_of_case_without_problems_inside_the_run_is_told(tmp_path):
    """The week that is simulated has no such hour."""
    case = "starts: {per_week: 9, at: mon 08:00-10:00}, dials: orders, calls_again: {unsolved: never}"
    run = "run: {start: 2025-03-04, measure: 3 days}"
    assert of_case(tmp_path, case, run) == [
        "cases.fault.starts: no problems inside the run; a type of case has problems; remove it, or check its hours"
    ]


def test_names_of_customers_and_pieces_fit_into_paths(tmp_path):
    """A dot divides the parts of a path, a star stands for every name."""
    case = f"{WELL}, needs: [mend.order], customers: {{some*: {{share: 100%}}}}"
    rule = "a name holds no {!r}, which has a meaning of its own in paths"
    assert sorted(of_case(tmp_path, case)) == [
        f"cases.fault.customers.some*: the name 'some*'; {rule.format('*')}; write 'some'",
        f"cases.fault.needs.0: the name 'mend.order'; {rule.format('.')}; write 'mend order'",
    ]

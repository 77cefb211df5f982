"""Types of case become the plan's cases: what is written lands in its cell."""

import dataclasses

import numpy as np
import pytest

from callsim.codes import AngerCause, Cause, IfClosed, Place, TransferPatience
from callsim.plan.cases import no_cases
from callsim.plan.plan import NEVER, ONE, SURE
from callsim.scenario.resolving.context import NO_LIMIT
from callsim.units import DAY, HOUR, MINUTE
from tests.small_cases import case_plan
from tests.small_scenarios import plan_of, written

PERSISTENT, OTHERS, BILL = range(3)
"""Case kinds of the small centre: two kinds of customers of its first type, and its second type."""
ORDERS, SUPPORT, ESCALATIONS, BILLING = range(4)
PLAN = case_plan()
CASES = PLAN.cases


def threshold(share: float) -> int:
    return round(share * SURE)


def law(number: int) -> str:
    return "" if number < 0 else PLAN.laws.text[int(number)]


def windows(name: str, row: int) -> list[tuple[int, int]]:
    """Return the windows of one row of the columns NAME_offset, NAME_start, NAME_end."""
    offset, start, end = (getattr(CASES, f"{name}_{part}") for part in ("offset", "start", "end"))
    rows = slice(int(offset[row]), int(offset[row + 1]))
    return list(zip(start[rows].tolist(), end[rows].tolist(), strict=True))


def test_kinds_are_streams_behind_the_ordinary_ones():
    """One for each type and kind of customers, in the order of writing."""
    assert PLAN.streams.names[2:] == ("order error: persistent", "order error: others", "wrong name on the bill")
    assert CASES.types == ("order error", "wrong name on the bill")
    assert CASES.type.tolist() == [0, 0, 1]
    assert CASES.customers == ("persistent", "others", "wrong name on the bill")
    assert CASES.stream.tolist() == [2, 3, 4]


def test_columns_have_the_shapes_of_the_contract():
    """[kind], [kind, piece, queue], [kind, group], [kind, points]; types as in a plan without cases."""
    kinds, pieces, queues, groups = 3, 2, 4, 3
    shapes = {
        "can_do": (kinds, pieces, queues),
        "dial_share": (kinds, pieces, queues),
        "owner_share": (kinds, groups),
        "escalation_row": (kinds, queues),
        "anger": (kinds, len(AngerCause)),
        "anger_patience": (kinds, 9),
        "anger_delay": (kinds, 9),
        "anger_talk": (kinds, 7),
        "awake_offset": (kinds + 1,),
        "believed_offset": (queues + 1,),
        "office_offset": (kinds + 1,),
    }
    for field in dataclasses.fields(CASES):
        value, empty = getattr(CASES, field.name), getattr(no_cases(), field.name)
        if isinstance(value, tuple):
            continue
        assert value.dtype == empty.dtype, field.name
        if not field.name.endswith(("_start", "_end")):
            assert value.shape == shapes.get(field.name, (kinds,)), field.name


def test_problems_begin_in_their_hours_by_the_shares_of_the_customers():
    """40 a week from Monday to Friday, 60 % of them persistent: 24 a week, 4.8 on each of nine weekdays until the end
    of the run on Sunday, its thirteenth day; all between noon and eight.
    """
    streams = PLAN.streams
    rows = slice(int(streams.block_offset[2]), int(streams.block_offset[3]))
    assert streams.block_mean[rows] == pytest.approx([4.8] * 10)
    assert streams.block_start[rows][0] == 12 * HOUR
    assert (streams.block_end[rows] - streams.block_start[rows] == 8 * HOUR).all()
    others = slice(int(streams.block_offset[3]), int(streams.block_offset[4]))
    assert streams.block_mean[others] == pytest.approx([3.2] * 10)


def test_pieces_of_work_have_their_owners():
    """Pieces, who can own them where, how likely, and what it takes."""
    assert CASES.pieces.tolist() == [2, 2, 1]
    assert CASES.can_do[PERSISTENT].tolist() == [[True, False, True, False], [False, True, True, False]]
    assert CASES.can_do[BILL].tolist() == [[True, False, False, True], [False] * 4]
    assert CASES.owner_share[PERSISTENT].tolist() == [threshold(0.15), threshold(0.4), threshold(0.4)]
    assert CASES.owner_share[BILL].tolist() == [threshold(0.3)] * 3
    assert CASES.owner_does_rest.tolist() == [False, False, True]
    assert CASES.carried_share.tolist() == [threshold(0.3), threshold(0.3), 0]
    assert [law(n) for n in CASES.owner_law] == ["constant 8m", "constant 8m", ""]
    assert [law(n) for n in CASES.works_law] == ["lognormal mean 3h cv 0.5", "lognormal mean 3h cv 0.5", ""]
    assert CASES.returns.tolist() == [threshold(0.1), threshold(0.1), threshold(0.2)]
    assert CASES.deadline.tolist() == [DAY, DAY, NEVER]


def test_telling_it_again_takes_time_without_notes():
    """40 % of the notes are lost, so 60 % of the employees see them."""
    assert [law(n) for n in CASES.identify_law] == ["constant 20s", "constant 20s", ""]
    assert law(CASES.explain_law[OTHERS]) == "lognormal mean 2m30s cv 0.4"
    assert law(CASES.notes_law[OTHERS]) == "constant 20s"
    assert (CASES.explain_law[BILL], CASES.notes_law[BILL]) == (-1, -1)
    assert CASES.notes_seen.tolist() == [threshold(0.6), threshold(0.6), 0]


def test_where_customers_call():
    """Shares by piece, in the order of the queues; thresholds of a piece add up to certainty."""
    assert CASES.dial_share[PERSISTENT].tolist() == [
        [threshold(0.6), SURE - threshold(0.6), 0, 0],
        [threshold(0.25), SURE - threshold(0.25), 0, 0],
    ]
    assert CASES.dial_share[BILL].tolist() == [[threshold(0.2), 0, 0, SURE - threshold(0.2)], [0] * 4]
    assert PLAN.streams.queue[2:].tolist() == [ORDERS, ORDERS, BILLING]


def test_what_customers_know_of_hours():
    """Awake from 7:00 to 23:30; the advertised hours of support are believed, the open ones of the others."""
    first = (7 * HOUR, 23 * HOUR + 30 * MINUTE)
    assert windows("awake", PERSISTENT)[0] == windows("awake", OTHERS)[0] == first
    assert windows("awake", BILL) == []
    assert windows("believed", SUPPORT) == [(0, NEVER)]
    assert windows("believed", BILLING)[0] == (9 * HOUR, 17 * HOUR)
    assert windows("believed", ORDERS)[0] == (8 * HOUR, 20 * HOUR)
    assert CASES.knows_hours.tolist() == [threshold(0.2), threshold(0.2), SURE]
    assert CASES.learns_hours.tolist() == [threshold(0.9), threshold(0.9), 0]
    assert [law(n) for n in CASES.waits_on_law] == ["exponential mean 15m"] * 2 + [""]
    assert [law(n) for n in CASES.noticed_law] == ["exponential mean 1h"] * 2 + [""]


def test_open_hours_are_believed_up_to_the_last_admission(tmp_path):
    """Without advertised hours: what who knows the hours knows."""
    cases = plan_of(
        tmp_path,
        """
        queues: {main: {handle_time: constant 5m, open: daily 08:00-18:00, last_admission: 15m, unstaffed: on purpose}}
        cases: {fault: {starts: {per_week: 9}, calls_again: {unsolved: never}, believes_open: {knows: 10%}}}
        """,
    ).cases
    assert (cases.believed_end - cases.believed_start == 9 * HOUR + 45 * MINUTE).all()
    assert cases.learns_hours.tolist() == [SURE]


def test_traits_of_a_kind_of_customers_stand_before_those_of_the_type():
    """Persistent customers say their patience themselves; who never tries is said of the others only."""
    assert [law(n) for n in PLAN.streams.patience_law[2:]] == [
        "lognormal mean 60m cv 0.6",
        "lognormal mean 40m cv 0.6",
        "exponential mean 20m",
    ]
    assert CASES.never_tries.tolist() == [0, threshold(0.1), 0]


def test_who_calls_again_by_cause():
    """Giving up is the complement of calling again; what is not written is as after an unsolved call."""
    share, delay = PLAN.streams.redial_share, PLAN.streams.redial_delay
    assert share[3, Cause.REPEAT_UNSOLVED].tolist() == [threshold(0.98), threshold(0.94), threshold(0.9)]
    assert (share[2, Cause.REPEAT_UNSOLVED] == SURE).all()
    assert (share[3, Cause.REDIAL_AFTER_ABANDONED] == SURE).all()
    assert (share[3, Cause.REPEAT_REOPENED] == threshold(0.9)).all()
    assert share[3, Cause.REDIAL_AFTER_BLOCKED].tolist() == share[3, Cause.REPEAT_UNSOLVED].tolist()
    assert {cause.name: law(delay[3, cause]) for cause in Cause if delay[3, cause] >= 0} == {
        "REDIAL_AFTER_ABANDONED": "lognormal mean 45m cv 1",
        "REDIAL_AFTER_BLOCKED": "lognormal mean 2h30m cv 1",
        "REDIAL_AFTER_BALKED": "lognormal mean 2h30m cv 1",
        "REDIAL_AFTER_CLOSED": "exponential mean 40m",
        "REDIAL_AFTER_DROPPED": "exponential mean 5m",
        "REPEAT_UNSOLVED": "lognormal mean 2h30m cv 1",
        "REPEAT_BROKEN_PROMISE": "exponential mean 1h",
        "REPEAT_REOPENED": "lognormal mean 10h cv 1",
    }
    assert PLAN.streams.max_contacts.tolist() == [6, 6, 60, 60, 255]


def test_never_and_the_delay_of_what_comes_back():
    """`busy: never`: nobody; `returns: {delay: ...}`: all of them, so long after it was solved."""
    share, delay = PLAN.streams.redial_share[4], PLAN.streams.redial_delay[4]
    assert (share[Cause.REDIAL_AFTER_BLOCKED] == 0).all()
    assert (share[Cause.REPEAT_REOPENED] == SURE).all()
    assert law(delay[Cause.REPEAT_REOPENED]) == "lognormal mean 20h cv 0.5"
    assert share[Cause.REPEAT_BROKEN_PROMISE].tolist()[:2] == [threshold(0.9), threshold(0.8)]


def test_ordinary_callers_repeat_unsolved_calls():
    """Share by answered calls, and a delay; the causes of cases stay empty."""
    share, delay = PLAN.streams.redial_share[0], PLAN.streams.redial_delay[0]
    assert share[Cause.REPEAT_UNSOLVED].tolist() == [threshold(0.16), threshold(0.08), threshold(0.08)]
    assert law(delay[Cause.REPEAT_UNSOLVED]) == "lognormal mean 10h cv 1"
    assert not share[[Cause.REPEAT_BROKEN_PROMISE, Cause.REPEAT_REOPENED, Cause.CALL_BACK, Cause.REGULATOR]].any()


def test_repeats_of_ordinary_callers_may_count_from_the_opening(tmp_path):
    """As after any other call."""
    again = "calls_again: {unsolved: {share: 5%, delay: until open + constant 1h}}"
    streams = plan_of(tmp_path, f"callers: {{all: {{calls: {{per_hour: 60}}, to: main, {again}}}}}").streams
    assert streams.redial_until_open[0].tolist() == [cause == Cause.REPEAT_UNSOLVED for cause in Cause]


def test_anger_has_points_and_effects():
    """Points by cause; factors from so many points on, 1 below."""
    assert CASES.anger.tolist() == [[1, 1, 1, 3, 3, 2], [1, 1, 1, 3, 3, 2], [0] * 6]
    assert (CASES.anger_patience[OTHERS] / ONE).round(3).tolist() == [1, 1, 1, 1, 0.9, 0.9, 0.9, 0.9, 0.7]
    assert (CASES.anger_delay[OTHERS] / ONE).round(3).tolist() == [1, 1, 1, 1, 0.8, 0.8, 0.8, 0.8, 0.5]
    assert (CASES.anger_talk[OTHERS] / ONE).round(3).tolist() == [1, 1, 1, 1, 1, 1, 1.2]
    assert (CASES.anger_talk[BILL] == ONE).all()


def test_promises_are_made_due_and_kept():
    """Made, due, kept, and where a kept one becomes work."""
    assert CASES.promise_share.tolist() == [threshold(0.25), threshold(0.25), threshold(0.3)]
    assert [law(n) for n in CASES.promise_due_law] == ["uniform 3h to 20h"] * 2 + ["constant 8h"]
    assert CASES.promise_kept.tolist() == [threshold(0.4), threshold(0.4), threshold(0.5)]
    assert CASES.promise_queue.tolist() == [ESCALATIONS, ESCALATIONS, -1]
    assert CASES.promise_lead.tolist() == [HOUR, HOUR, 0]
    assert CASES.promise_priority.tolist() == [3, 3, 5]
    assert CASES.closes_unsolved.tolist() == [threshold(0.04), threshold(0.04), 0]


def test_escalation_goes_by_rows_of_transfers_without_a_share():
    """One for each queue where it is asked for, behind the written rows, with the rules of the target."""
    rows = PLAN.transfers
    assert CASES.escalation_row.tolist() == [[9, 10, -1, -1], [9, 10, -1, -1], [-1] * 4]
    assert (rows.reasons[-1], rows.reason[9:].tolist()) == ("escalation", [2, 2])
    assert rows.source[9:].tolist() == [ORDERS, SUPPORT]
    assert rows.target[9:].tolist() == [ESCALATIONS, ESCALATIONS]
    assert rows.share[9:].tolist() == [0, 0]
    assert rows.streams[9:].tolist() == [[False, False, True, True, False]] * 2
    assert rows.groups[9:].all()
    assert rows.dialling[9:].tolist() == [30_000_000] * 2
    assert (rows.place[9], rows.patience[9], rows.priority[9]) == (Place.AHEAD, TransferPatience.FRESH, -1)
    assert (rows.at_most[9], rows.explain_law[9], rows.if_closed[9]) == (NO_LIMIT, -1, IfClosed.KEEP)
    assert (CASES.escalation_contacts[0], CASES.escalation_anger[0]) == (4, 8)
    assert (CASES.escalation_age[0], CASES.escalation_hold[0]) == (30 * HOUR, 90 * MINUTE)
    assert CASES.escalation_granted.tolist() == [threshold(0.6), threshold(0.6), 0]


def test_what_is_not_asked_for_is_out_of_reach(tmp_path):
    """A condition that is not written is never met; without `from` every other queue is a source."""
    plan = plan_of(
        tmp_path,
        """
        queues: {main: {handle_time: constant 5m}, shop: {handle_time: constant 5m}, chief: {handle_time: constant 9m}}
        agents: {team: {heads: 6, answers: [main, shop, chief]}}
        callers: {all: {calls: {per_hour: 60}, to: main}}
        cases:
          fault:
            starts: {per_week: 9}
            dials: main
            calls_again: {unsolved: constant 2h}
            escalation: {to: chief, after: {hold: 1h}}
        transfers:
          to chief: {dialling: 10s, at_most: 2 transfers, if_closed: hold until open, explain: constant 1m}
        """,
    )
    assert plan.cases.escalation_row.tolist() == [[0, 1, -1]]
    assert plan.cases.escalation_contacts[0] == plan.cases.escalation_anger[0] == (1 << 31) - 1
    assert (plan.cases.escalation_age[0], plan.cases.escalation_hold[0]) == (NEVER, HOUR)
    assert plan.cases.escalation_granted.tolist() == [SURE]
    rows = plan.transfers
    assert (rows.dialling[0], rows.at_most[0], rows.if_closed[0]) == (10_000_000, 2, IfClosed.HOLD)
    assert rows.explain_law.tolist() == [-1, -1]
    assert plan.queues.talk_law[1, 2] >= 0


def test_regulator_takes_complaints_in_its_hours():
    """Who complains, from when on, in which hours, and how it ends."""
    assert CASES.complaint_share.tolist() == [threshold(0.15), threshold(0.15), threshold(0.05)]
    assert CASES.complaint_age.tolist() == [36 * HOUR, 36 * HOUR, 0]
    assert CASES.complaint_contacts.tolist() == [5, 5, 1]
    assert windows("office", PERSISTENT)[0] == (9 * HOUR, 17 * HOUR)
    assert windows("office", BILL) == []
    assert [law(n) for n in CASES.regulator_law] == ["lognormal mean 12h cv 0.5"] * 2 + ["exponential mean 20h"]
    assert CASES.regulator_queue.tolist() == [ESCALATIONS, ESCALATIONS, -1]
    assert CASES.regulator_priority.tolist() == [1, 1, 5]


def test_figures_of_a_documented_case_stay_in_the_notes():
    """For reports; no engine sees them."""
    figures = {"calls": 22, "employees": 50, "hours_on_the_phone": 12, "hours_to_solution": 112, "promises": 3}
    assert PLAN.notes["documented"] == {"order error": figures}


def test_passed_on_scales_the_reason_that_names_the_type():
    """70 % of 70 %, at most four times; the reason for others stays as it is."""
    rows = PLAN.transfers
    first = [(int(rows.share[row]), int(rows.at_most[row])) for row in (0, 1, 7)]
    assert first == [(threshold(0.7 * 0.7), 4), (threshold(0.3 * 0.7), 4), (threshold(0.06), NO_LIMIT)]
    assert rows.streams[0].tolist() == [False, False, True, True, False]
    assert rows.streams[7].tolist() == [True, True, False, False, False]


def test_reason_of_two_types_becomes_a_row_for_each_scale(tmp_path):
    """Half of one type's calls, a fifth of the other's; what names nobody is scaled for nobody, and holds for all."""
    case = "starts: {per_week: 9}, dials: main, calls_again: {unsolved: constant 2h}"
    rows = plan_of(
        tmp_path,
        f"""
        queues: {{main: {{handle_time: constant 5m}}, desk: {{handle_time: constant 5m}}}}
        agents: {{team: {{heads: 6, answers: [main, desk]}}}}
        cases:
          slow: {{{case}, passed_on: {{share: 50%, at_most: 3 transfers}}}}
          quick: {{{case}, passed_on: {{share: 20%}}}}
        transfers:
          defaults: {{at_most: 5 transfers}}
          round: {{callers: [slow, quick], main: {{desk: 100%}}}}
          lost: {{main: {{desk: 10%}}}}
        """,
    ).transfers
    assert rows.share.tolist() == [threshold(0.5), threshold(0.2), threshold(0.1)]
    assert rows.at_most.tolist() == [3, 5, 5]
    assert rows.streams.tolist() == [[False, True, False], [False, False, True], [True, True, True]]


def test_customers_come_to_every_queue_that_their_case_leads_to():
    """By dialling, being passed on, escalating, being called back: there they need laws of their talk."""
    talks = PLAN.queues.talk_law >= 0
    assert talks[2].tolist() == talks[3].tolist() == [True] * 4
    assert talks[4].tolist() == [True, False, False, True]
    assert talks[0].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "law_of"),
    [("talk: constant 3m", "constant 3m"), ("talk: {main: constant 4m}", "constant 4m"), ("", "constant 5m")],
)
def test_talk_of_a_case_is_its_own_or_that_of_the_queue(tmp_path, text, law_of):
    """The most specific law holds."""
    case = f"starts: {{per_week: 9}}, calls_again: {{unsolved: never}}{', ' + text if text else ''}"
    plan = plan_of(tmp_path, f"queues: {{main: {{talk: constant 5m}}}}\ncases: {{fault: {{{case}}}}}")
    assert plan.laws.text[plan.queues.talk_law[1, 0]] == law_of


def test_defaults_of_cases_hold_for_every_type(tmp_path):
    """A key that is written replaces the default's; so may a kind of customers."""
    cases = plan_of(
        tmp_path,
        """
        cases:
          defaults: {starts: {per_week: 9}, calls_again: {unsolved: never}, closes_unsolved: 5%, needs: 3 pieces}
          fault: {closes_unsolved: 7%}
          bill:
            needs: 1
        """,
    ).cases
    assert cases.closes_unsolved.tolist() == [threshold(0.07), threshold(0.05)]
    assert cases.pieces.tolist() == [3, 1]


def test_what_a_plain_case_does_not_say_has_an_obvious_value(tmp_path):
    """Everybody owns it, nobody gives notes, promises, closes, complains; the only queue is called at any time."""
    plan = plan_of(tmp_path, "cases: {fault: {starts: {per_day: 24}, calls_again: {unsolved: never}}}")
    cases = plan.cases
    assert plan.streams.names[1] == cases.customers[0] == "fault"
    assert cases.owner_share.tolist() == [[SURE]]
    assert cases.can_do.tolist() == [[[True]]]
    assert cases.dial_share.tolist() == [[[SURE]]]
    assert cases.knows_hours.tolist() == [SURE]
    zero = ["carried_share", "notes_seen", "never_tries", "returns", "promise_share", "closes_unsolved"]
    zero += ["complaint_share", "escalation_granted"]
    assert all(getattr(cases, name).tolist() == [0] for name in zero)
    laws = [field.name for field in dataclasses.fields(cases) if field.name.endswith("_law")]
    assert len(laws) == 9
    assert all(getattr(cases, name).tolist() == [-1] for name in laws)
    assert plan.streams.block_mean[plan.streams.block_offset[1] :] == pytest.approx([24] * 7)
    assert np.array_equal(plan.transfers.share, np.zeros(0))
    assert plan.streams.priority[1] == 5


def test_starts_take_a_profile_as_calls_do(tmp_path):
    """A weight of 3 in the morning against 1 in the afternoon, as many hours each."""
    starts = "{per_day: {mon: 8}, at: {mon 08:00-12:00: 3, mon 12:00-16:00: 1}}"
    plan = plan_of(tmp_path, f"cases: {{fault: {{starts: {starts}, calls_again: {{unsolved: never}}}}}}")
    blocks = slice(int(plan.streams.block_offset[1]), int(plan.streams.block_offset[2]))
    assert plan.streams.block_mean[blocks] == pytest.approx([6, 2])


def test_a_rate_holds_in_the_hours_beside_it(tmp_path):
    """Two an hour from eight to ten."""
    starts = "{per_hour: 2, at: mon 08:00-10:00}"
    plan = plan_of(tmp_path, f"cases: {{fault: {{starts: {starts}, calls_again: {{unsolved: never}}}}}}")
    blocks = slice(int(plan.streams.block_offset[1]), int(plan.streams.block_offset[2]))
    assert plan.streams.block_mean[blocks] == pytest.approx([4])
    assert plan.streams.block_start[blocks].tolist() == [8 * HOUR]


def test_kinds_of_customers_share_the_day_factor_of_their_type(tmp_path):
    """A bad day brings more problems of both."""
    customers = "{heirs: {share: 30%}, others: {share: 70%}}"
    starts = "{per_week: 9, day_factor: {cv: 20%}}"
    case = f"starts: {starts}, customers: {customers}, calls_again: {{unsolved: never}}"
    streams = plan_of(tmp_path, f"cases: {{fault: {{{case}}}}}").streams
    assert streams.day_factor_hash[1] == streams.day_factor_hash[2] != 0
    assert streams.day_factor_law[0] == -1


def test_changes_reach_into_cases():
    """As `--set` does, and as variants and sweeps do."""
    plan = case_plan("cases.order error.customers.persistent.share=75%", "cases.order error.customers.others.share=25%")
    first = int(plan.streams.block_offset[2])
    assert plan.streams.block_mean[first] == pytest.approx(6.0)
    assert case_plan("cases.order error.owner.does=the rest").cases.owner_does_rest.tolist() == [True, True, True]


def test_a_scenario_may_have_cases_alone(tmp_path):
    """Somebody calls."""
    plan = plan_of(tmp_path, "callers: {}\ncases: {fault: {starts: {per_week: 9}, calls_again: {unsolved: never}}}")
    assert plan.streams.names == ("fault",)


def test_cases_are_followed_after_the_measured_window():
    """The run goes on, and so do the beginnings of further problems; what is reported ends with the window."""
    clock = PLAN.clock
    assert (clock.warm_up, clock.window_end) == (2 * DAY, 9 * DAY - HOUR)  # the clocks go forward on Sunday
    assert clock.horizon == 13 * DAY - HOUR
    assert clock.interval_edges[-1] == clock.window_end
    assert PLAN.streams.block_start[PLAN.streams.block_offset[3] - 1] > clock.window_end


def test_kind_of_customers_says_single_delays_and_shares_itself(tmp_path):
    """Its `calls_again` is laid over that of the type key by key; other traits replace the type's whole value."""
    plan = plan_of(
        tmp_path,
        """
        queues: {main: {handle_time: constant 5m}, shop: {handle_time: constant 5m}}
        agents: {team: {heads: 6, answers: [main, shop]}}
        callers: {all: {calls: {per_hour: 60}, to: main}}
        cases:
          fault:
            starts: {per_week: 9}
            dials: main
            believes_open: {knows: 20%}
            anger: {points: {unsolved: 1}}
            calls_again: {unsolved: constant 2h, abandoned: constant 1h, at_most: 9 calls}
            customers:
              heirs:
                share: 40%
                dials: shop
                believes_open: {learns: 50%}
                anger: {points: {abandoned: 2}}
                calls_again: {abandoned: constant 3h, at_most: 4 calls}
              others: {share: 60%, calls_again: {busy: never}}
        """,
    )
    cases, streams = plan.cases, plan.streams
    assert streams.max_contacts.tolist()[1:] == [4, 9]
    abandoned, unsolved = Cause.REDIAL_AFTER_ABANDONED, Cause.REPEAT_UNSOLVED
    assert [plan.laws.text[n] for n in streams.redial_delay[1:, abandoned]] == ["constant 3h", "constant 1h"]
    assert [plan.laws.text[n] for n in streams.redial_delay[1:, unsolved]] == ["constant 2h", "constant 2h"]
    assert streams.redial_share[1:, Cause.REDIAL_AFTER_BLOCKED, 0].tolist() == [SURE, 0]
    assert cases.dial_share[:, 0].tolist() == [[0, SURE], [SURE, 0]]
    assert cases.knows_hours.tolist() == [0, threshold(0.2)]
    assert cases.learns_hours.tolist() == [threshold(0.5), SURE]
    assert cases.anger[:, :2].tolist() == [[0, 2], [1, 0]]


def test_starts_take_a_profile_from_a_file(tmp_path):
    """As calls do: three quarters of a week's problems on Monday, the rest on Tuesday."""
    (tmp_path / "week.csv").write_text("hours,weight\nmon 08:00-12:00,3\ntue 08:00-12:00,1\n")
    case = "starts: {per_week: 8, at: week.csv}, calls_again: {unsolved: never}"
    streams = plan_of(tmp_path, f"cases: {{fault: {{{case}}}}}").streams
    assert streams.block_mean[streams.block_offset[1] :] == pytest.approx([6, 2])


def test_expectations_name_kinds_of_customers(tmp_path):
    """By the name of their stream."""
    scenario = written(
        tmp_path,
        """
        cases:
          fault:
            {starts: {per_week: 9}, calls_again: {unsolved: never}, customers: {heirs: {share: 100%}}}
        expect: ["mean_wait(callers fault: heirs) <= 5m"]
        """,
    )
    assert [line.text for line in scenario.expect] == ["mean_wait(callers fault: heirs) <= 5m"]


def test_advertised_hours_are_believed_week_by_week(tmp_path):
    """They need not be those in which the queue is open."""
    cases = plan_of(
        tmp_path,
        """
        queues: {main: {handle_time: constant 5m, open: mon-fri 09:00-17:00, advertised: mon-sat 08:00-20:00}}
        cases: {fault: {starts: {per_week: 9, at: 24/7}, calls_again: {unsolved: never}, believes_open: {}}}
        """,
    ).cases
    assert cases.believed_start[:2].tolist() == [8 * HOUR, 32 * HOUR]
    assert cases.believed_end[5] == 5 * DAY + 20 * HOUR
    assert (cases.knows_hours.tolist(), cases.learns_hours.tolist()) == ([0], [SURE])


def test_hours_that_no_run_meets_are_not_taken_for_always(tmp_path):
    """A complaint on a Saturday, in a run that ends on Wednesday: one window that nothing meets."""
    cases = plan_of(
        tmp_path,
        """
        run: {start: 2025-03-03, measure: 3 days}
        cases:
          fault:
            starts: {per_week: 9}
            calls_again: {unsolved: never}
            regulator: {complains: 5%, acts_in: constant 9h, at: sat 09:00-12:00}
        """,
    ).cases
    assert (cases.office_start.tolist(), cases.office_end.tolist()) == ([-1], [0])


def test_factors_of_anger_may_be_a_list(tmp_path):
    """From no points on; the last holds for all more."""
    case = "starts: {per_week: 9}, calls_again: {unsolved: never}, anger: {points: {}, talk: [1, 1.5, 2]}"
    cases = plan_of(tmp_path, f"cases: {{fault: {{{case}}}}}").cases
    assert cases.anger_talk.tolist() == [[ONE, round(1.5 * ONE), 2 * ONE]]

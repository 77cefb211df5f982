"""A scenario becomes a plan: small ones by hand, column by column."""

import math
import subprocess
import sys

import numpy as np
import pytest

from callsim.codes import AtClosing, Cause, IfClosed, PatienceRule, Place, StaffingKind, WhenClosed
from callsim.plan.draws import name_hash
from callsim.plan.plan import NEVER, ONE, SURE
from callsim.units import DAY, HOUR, MINUTE, SECOND
from tests.small_scenarios import plan_of, problems_of

ERLANG_A = """
    name: Erlang A
    run: {warm_up: 1 day, measure: 2 days, interval: 12h}
    callers: {everyone: {calls: {per_hour: 1260}, to: main, patience: exponential mean 10m}}
    queues: {main: {handle_time: exponential mean 5m, target: {share: 80%, within: 30s}}}
    agents: {team: {heads: 100, answers: [main]}}
"""


def test_erlang_a_is_resolved_column_by_column(tmp_path):
    """The text-book centre on a clock without a calendar."""
    plan = plan_of(tmp_path, ERLANG_A)
    assert (plan.name, plan.lines, plan.agent_by_level) == ("Erlang A", NEVER, True)
    assert (plan.clock.warm_up, plan.clock.horizon, plan.clock.drain) == (DAY, 3 * DAY, False)
    assert (plan.clock.interval_edges // HOUR).tolist() == [24, 36, 48, 60, 72]
    assert plan.clock.interval_labels == ("24:00", "36:00", "48:00", "60:00")
    assert plan.clock.hour_of_week[[0, 47]].tolist() == [24, 71]
    assert (plan.clock.start, plan.clock.time_zone) == ("", "")
    assert plan.streams.hashes.tolist() == [name_hash("callers:everyone")]
    assert (plan.streams.block_start // DAY).tolist() == [0, 1, 2]
    assert plan.streams.block_mean.tolist() == pytest.approx([30240] * 3, rel=1e-12)
    assert (plan.queues.open_start.tolist(), plan.queues.open_end.tolist()) == ([0], [NEVER])
    assert plan.queues.admit_end.tolist() == [NEVER]
    assert (plan.queues.acceptable_wait.tolist(), plan.queues.target_share.tolist()) == ([30 * SECOND], [0.8])
    assert plan.laws.mean[plan.queues.talk_law[0, 0]] == 300
    assert plan.laws.mean[plan.streams.patience_law[0]] == 600
    assert plan.queues.after_call_law.tolist() == [[-1]]
    assert (plan.agents.kind.tolist(), plan.agents.heads_count.tolist()) == ([StaffingKind.HEADS], [100])
    assert (plan.agents.names[0], plan.agents.names[-1], plan.n_agents) == ("team 1", "team 100", 100)


def test_the_same_scenario_gives_the_same_digest_and_another_name_of_the_law_too(tmp_path):
    """What the digest covers is what an engine can see."""
    same = ERLANG_A.replace("exponential mean 5m", "exponential mean 300s")
    other = ERLANG_A.replace("exponential mean 5m", "exponential mean 301s")
    assert plan_of(tmp_path, ERLANG_A).digest() == plan_of(tmp_path, same).digest()
    assert plan_of(tmp_path, ERLANG_A).digest() != plan_of(tmp_path, other).digest()


def test_openings_come_from_hours_special_days_and_the_last_admission(tmp_path):
    """Monday to Wednesday, closed on Tuesday, other hours on Wednesday; last admission ten minutes before."""
    plan = plan_of(
        tmp_path,
        """
        queues:
          main:
            handle_time: constant 5m
            open: mon-wed 08:00-18:00
            closed_on: [2025-03-04]
            special_days: {2025-03-05: 10:00-12:00}
            last_admission: 10m
        """,
    )
    assert (plan.queues.open_start / HOUR).tolist() == [8, 58]
    assert (plan.queues.open_end / HOUR).tolist() == [18, 60]
    assert (plan.queues.open_end - plan.queues.admit_end).tolist() == [10 * MINUTE] * 2


def test_an_opening_over_midnight_before_the_start_is_open_at_the_start(tmp_path):
    """Sunday 22:00 to 06:00 has begun two hours before Monday 00:00."""
    plan = plan_of(tmp_path, "queues: {main: {handle_time: constant 5m, open: daily 22:00-06:00}}")
    assert plan.queues.open_start[0] == -2 * HOUR
    assert plan.queues.open_end[0] == 6 * HOUR
    assert plan.queues.open_start[-1] < plan.clock.horizon < plan.queues.open_end[-1]


def test_round_the_clock_with_a_holiday_is_open_to_the_end_of_time_after_it(tmp_path):
    """The last opening never ends: the run's end is no closing."""
    plan = plan_of(tmp_path, "queues: {main: {handle_time: constant 5m, closed_on: [2025-03-05]}}")
    assert (plan.queues.open_end[0] // HOUR, plan.queues.open_end[-1]) == (48, NEVER)
    assert plan.queues.admit_end[-1] == NEVER


def test_rules_at_closed_doors_become_codes_and_targets(tmp_path):
    """Overflow on arrival, move at closing."""
    plan = plan_of(
        tmp_path,
        """
        callers: {all: {calls: {per_hour: 60}, to: day}}
        queues:
          day:
            {handle_time: constant 5m, open: mon 08:00-18:00, when_closed: overflow to night, at_closing: move to night}
          night: {handle_time: constant 6m}
        agents: {team: {heads: 9, answers: [day, night]}}
        """,
    )
    assert plan.queues.when_closed.tolist() == [WhenClosed.OVERFLOW, WhenClosed.ANNOUNCE]
    assert plan.queues.when_closed_to.tolist() == [1, -1]
    assert plan.queues.at_closing.tolist() == [AtClosing.MOVE, AtClosing.SERVE]
    assert plan.queues.at_closing_to.tolist() == [1, -1]
    assert plan.laws.mean[plan.queues.talk_law[0]].tolist() == [300, 360]


def test_rings_of_overflow_and_of_moves_are_refused(tmp_path):
    """A caller would go round for ever."""
    text = """
        callers: {all: {calls: {per_hour: 60}, to: a}}
        queues:
          a: {handle_time: constant 5m, RULE b}
          b: {handle_time: constant 5m, RULE a}
        agents: {team: {heads: 9, answers: [a, b]}}
    """
    for rule, key in (("when_closed: overflow to", "when_closed"), ("at_closing: move to", "at_closing")):
        assert problems_of(tmp_path, text.replace("RULE", rule)) == [
            f"3 queues.a.{key}: a ring: a to b to a; a caller would go round for ever"
        ]


def test_patience_redials_and_priorities_of_a_stream(tmp_path):
    """Shares by attempt, causes in their rows, zero mass, factors by attempt."""
    plan = plan_of(
        tmp_path,
        """
        callers:
          all:
            calls: {per_hour: 60}
            to: main
            priority: 2
            credit: 90s
            balks: 25%
            patience: {law: "exponential mean 4m, zero 60%", rule: multiplied by attempt, factors: [1, 0.5]}
            calls_again:
              abandoned: {share: [70%, 50%], delay: exponential mean 30m}
              closed: {share: 60%, delay: until open}
              at_most: 3 calls
        """,
    )
    streams = plan.streams
    assert (streams.priority.tolist(), streams.credit.tolist()) == ([2], [90 * SECOND])
    assert streams.balk.tolist() == [SURE // 4]
    assert plan.laws.zero[streams.patience_law[0]] == round(0.6 * SURE)
    assert streams.patience_rule.tolist() == [PatienceRule.FRESH]
    assert streams.patience_scale.tolist() == [[ONE, ONE // 2]]
    assert streams.redial_share[0, Cause.REDIAL_AFTER_ABANDONED].tolist() == [round(0.7 * SURE), SURE // 2]
    assert streams.redial_share[0, Cause.REDIAL_AFTER_CLOSED].tolist() == [round(0.6 * SURE)] * 2
    assert streams.redial_share[0, Cause.REDIAL_AFTER_BLOCKED].tolist() == [0, 0]
    assert streams.redial_until_open[0].tolist() == [cause == Cause.REDIAL_AFTER_CLOSED for cause in Cause]
    assert plan.laws.mean[streams.redial_delay[0, Cause.REDIAL_AFTER_CLOSED]] == 0
    assert streams.redial_delay[0, Cause.REDIAL_AFTER_BLOCKED] == -1
    assert streams.max_contacts.tolist() == [3]


def test_never_hanging_up_needs_no_law_unless_some_hang_up_at_once(tmp_path):
    """Then the law only carries the zeros."""
    plain = plan_of(tmp_path, "callers: {all: {calls: {per_hour: 60}, to: main}}")
    some = plan_of(tmp_path, "callers: {all: {calls: {per_hour: 60}, to: main, hangs_up_at_once: 25%}}")
    assert plain.streams.patience_law.tolist() == [-1]
    assert some.laws.zero[some.streams.patience_law[0]] == SURE // 4
    assert some.laws.knots[some.laws.offset[some.streams.patience_law[0]]] == 20 * 365 * DAY


def test_day_factors_are_shared_by_name(tmp_path):
    """Two streams share theirs, the third has its own, the fourth none."""
    plan = plan_of(
        tmp_path,
        """
        callers:
          a: {calls: {per_hour: 6}, to: main, day_factor: {cv: 8%, shared_by: all}}
          b: {calls: {per_hour: 6}, to: main, day_factor: {cv: 8%, shared_by: all}}
          c: {calls: {per_hour: 6}, to: main, day_factor: {cv: 10%}}
          d: {calls: {per_hour: 6}, to: main}
        """,
    )
    laws, hashes = plan.streams.day_factor_law, plan.streams.day_factor_hash
    assert laws[0] == laws[1] != laws[2]
    assert laws[3] == -1
    assert hashes[:3].tolist() == [name_hash(f"day factor:{name}") for name in ("all", "all", "c")]
    knots = plan.laws.knots[plan.laws.offset[laws[0]] : plan.laws.offset[laws[0] + 1]]
    assert knots[-1] == pytest.approx(1e9, rel=0.01)


def test_times_multiplies_the_volume(tmp_path):
    """Only the means change: the blocks keep their place."""
    one = plan_of(tmp_path, "callers: {all: {calls: {per_day: {mon-fri: 100}}, to: main}}")
    more = plan_of(tmp_path, "callers: {all: {calls: {per_day: {mon-fri: 100}}, to: main, times: +10%}}")
    assert more.streams.block_start.tolist() == one.streams.block_start.tolist()
    assert more.streams.block_mean.tolist() == pytest.approx((one.streams.block_mean * 1.1).tolist(), rel=1e-12)


def test_recorded_calls_are_replayed_inside_the_run(tmp_path):
    """Sorted; calls before the start and after the end are left out."""
    (tmp_path / "calls.csv").write_text(
        "time\n2025-03-03 09:00\n2025-03-02 23:59\n2025-03-03 08:00:00.5\n2025-03-10 00:00\n"
    )
    plan = plan_of(tmp_path, "callers: {all: {calls: {recorded: calls.csv}, to: main}}")
    assert plan.streams.recorded.tolist() == [8 * HOUR + SECOND // 2, 9 * HOUR]
    assert plan.streams.block_offset.tolist() == [0, 0]


def test_talk_and_after_call_work_by_caller_win_over_the_queue(tmp_path):
    """The caller's law at a queue, then the caller's, then the queue's."""
    plan = plan_of(
        tmp_path,
        """
        callers:
          plain:  {calls: {per_hour: 6}, to: main}
          slow:   {calls: {per_hour: 6}, to: main, talk: constant 9m, after_call_work: constant 2m}
          mixed:  {calls: {per_hour: 6}, to: main, talk: {main: constant 7m}}
          whole:  {calls: {per_hour: 6}, to: main, handle_time: constant 8m}
        queues: {main: {talk: constant 5m, after_call_work: constant 1m}}
        agents: {team: {heads: 9, answers: [main]}}
        """,
    )
    means = np.append(plan.laws.mean, math.nan)
    assert means[plan.queues.talk_law[:, 0]].tolist() == [300, 540, 420, 480]
    assert means[plan.queues.after_call_law[:, 0]].tolist()[:3] == [60, 120, 60]
    assert plan.queues.after_call_law[3, 0] == -1


def test_skills_have_levels_overflow_times_and_factors(tmp_path):
    """0 means: cannot answer."""
    plan = plan_of(
        tmp_path,
        """
        callers: {all: {calls: {per_hour: 6}, to: a}}
        queues: {a: {handle_time: constant 5m}, b: {handle_time: constant 5m}}
        agents:
          first:  {heads: 2, answers: [a]}
          second: {heads: 2, answers: {b: {level: 1}, a: {level: 2, after: 40s, handle_time: +15%}}}
        """,
    )
    assert plan.agents.level.tolist() == [[1, 0], [2, 1]]
    assert plan.agents.after.tolist() == [[0, 0], [40 * SECOND, 0]]
    assert plan.agents.factor.tolist() == [[ONE, ONE], [round(1.15 * ONE), ONE]]


def test_staffing_by_list_stays_or_repeats_and_positions_are_the_most_heads(tmp_path):
    """Equal neighbours are one row; the last number stays; shrinkage rounds to the nearest."""
    text = """
        run: {measure: 8h}
        agents: {team: {answers: [main], staffing: {every: 2h, heads: [5, 7, 7]REPEAT}}}
    """
    stays = plan_of(tmp_path, text.replace("REPEAT", ""))
    again = plan_of(tmp_path, text.replace("REPEAT", ", repeat: yes"))
    assert ((stays.agents.heads_time // HOUR).tolist(), stays.agents.heads_count.tolist()) == ([0, 2], [5, 7])
    assert ((again.agents.heads_time // HOUR).tolist(), again.agents.heads_count.tolist()) == ([0, 2, 6], [5, 7, 5])
    assert stays.n_agents == 7


def test_staffing_by_hours_of_the_week_adds_up_over_midnight(tmp_path):
    """Nobody at other times; the night before the start is on at the start; 30 % shrinkage of 10 is 7."""
    plan = plan_of(
        tmp_path,
        """
        run: {start: 2025-03-03, measure: 1 day}
        queues: {main: {handle_time: constant 5m, unstaffed: on purpose}}
        agents: {team: {answers: [main], shrinkage: 30%, staffing: {daily 22:00-06:00: 10, daily 06:00-08:00: 4}}}
        """,
    )
    assert (plan.agents.heads_time // HOUR).tolist() == [0, 6, 8, 22]
    assert plan.agents.heads_count.tolist() == [7, 3, 0, 7]


def test_shifts_become_duties_of_people_in_turn(tmp_path):
    """Two heads a day, three people; identity for the no-show draw is shift, day and position."""
    plan = plan_of(
        tmp_path,
        """
        run: {start: 2025-03-03, measure: 2 days}
        queues: {main: {handle_time: constant 5m, open: daily 08:00-16:00}}
        agents:
          team:
            answers: [main]
            persons: [Ann, Bob, Cem]
            no_show: 12.5%
            late_break: keeps its end
            breaks: [{length: 30m, between: 2h-3h}]
            shifts: {early: {from: 08:00, for: 8h, heads: 2}}
        """,
    )
    agents = plan.agents
    assert (agents.names, agents.kind.tolist()) == (("Ann", "Bob", "Cem"), [StaffingKind.SHIFTS])
    assert [sorted(agents.duty_agent[i : i + 2].tolist()) for i in (0, 2)] == [[0, 1], [0, 2]]
    assert (agents.duty_start // HOUR).tolist() == [8, 8, 32, 32]
    assert sorted(zip(agents.duty_day.tolist(), agents.duty_position.tolist(), strict=True)) == [
        (0, 0), (0, 1), (1, 0), (1, 1),
    ]  # fmt: skip
    assert set(agents.duty_hash.tolist()) == {name_hash("agents:team/early")}
    assert agents.duty_no_show.tolist() == [SURE // 8] * 4
    assert sorted(((agents.break_start % DAY) // MINUTE).tolist()) == [600, 600, 630, 630]
    assert agents.break_length.tolist() == [30 * MINUTE] * 4
    assert agents.break_keeps_end.tolist() == [True]
    assert agents.heads_time.tolist() == []


def test_too_few_persons_and_breaks_beyond_the_shift_are_told_together(tmp_path):
    """Each at its place."""
    found = problems_of(
        tmp_path,
        """
        queues: {main: {handle_time: constant 5m, open: daily 08:00-16:00}}
        agents:
          team:
            answers: [main]
            persons: 3
            breaks: [{length: 30m, between: 2h-8h}]
            shifts:
              early: {from: 08:00, for: 8h, heads: 2}
              late: {from: 10:00, for: 6h, heads: 2}
        """,
    )
    assert found == [
        "5 agents.team.persons: 3 persons, and 4 on duty at once (mon 2025-03-03 10:00); "
        "nobody can work two shifts at a time",
        "6 agents.team.breaks.0.between: a break that may end 8h30m into 'early', which lasts 8h00m; "
        "a break lies inside its shift",
        "6 agents.team.breaks.0.between: a break that may end 8h30m into 'late', which lasts 6h00m; "
        "a break lies inside its shift",
    ]


def test_transfers_are_rows_with_the_most_special_rule(tmp_path):
    """The reason's rule, then the target's, then the defaults."""
    plan = plan_of(
        tmp_path,
        """
        callers: {x: {calls: {per_hour: 6}, to: a}, y: {calls: {per_hour: 6}, to: b}}
        queues: {a: {handle_time: constant 5m}, b: {handle_time: constant 5m}}
        agents: {one: {heads: 9, answers: [a]}, two: {heads: 9, answers: [a, b]}}
        transfers:
          defaults: {dialling: 30s, queue: ahead of new calls, at_most: 3 transfers, explain: constant 2m}
          to b: {if_closed: cut off, dialling: 10s}
          wrong desk: {callers: [x], by: [two], during: mon 08:00-09:00, a: {b: 6%}, priority: 1}
          other: {b: {a: 25%}}
        """,
    )
    rows = plan.transfers
    assert rows.reasons == ("wrong desk", "other")
    assert (rows.source.tolist(), rows.target.tolist()) == ([0, 1], [1, 0])
    assert rows.share.tolist() == [round(0.06 * SURE), SURE // 4]
    assert (rows.streams.tolist(), rows.groups.tolist()) == (
        [[True, False], [True, True]],
        [[False, True], [True, True]],
    )
    assert rows.dialling.tolist() == [10 * SECOND, 30 * SECOND]
    assert rows.if_closed.tolist() == [IfClosed.DROP, IfClosed.KEEP]
    assert rows.place.tolist() == [Place.AHEAD] * 2
    assert rows.priority.tolist() == [1, -1]
    assert rows.at_most.tolist() == [3, 3]
    assert plan.laws.mean[rows.explain_law].tolist() == [120, 120]
    assert rows.during_offset.tolist() == [0, 1, 1]
    assert (rows.during_start.tolist(), rows.during_end.tolist()) == ([8 * HOUR], [9 * HOUR])


def test_laws_exist_only_where_callers_can_come(tmp_path):
    """Stream x reaches b by transfer, stream y never reaches a."""
    plan = plan_of(
        tmp_path,
        """
        callers: {x: {calls: {per_hour: 6}, to: a}, y: {calls: {per_hour: 6}, to: b}}
        queues: {a: {handle_time: constant 5m}, b: {handle_time: constant 6m}}
        agents: {team: {heads: 9, answers: [a, b]}}
        transfers: {wrong desk: {a: {b: 6%}}}
        """,
    )
    assert (plan.queues.talk_law >= 0).tolist() == [[True, True], [False, True]]


VOLUMES = """
    run: {start: 2025-06-02, time_zone: Europe/Berlin, measure: 1 day}
    volumes:
      file: day.csv
      reads: {separator: ;, decimal: ",", date: DD.MM.YYYY, interval: 30m}
      columns: {date: Datum, time: Zeit, queue: Skill, calls: Calls, handle_time_seconds: AHT, staffed: Agents}
    queues:
      retail: {open: mon-fri 08:00-09:30, handle_time: lognormal mean from volumes cv 0.9}
    agents:
      team: {answers: [retail], heads: from volumes}
"""
DAY_CSV = """Datum;Zeit;Skill;Calls;AHT;Agents
02.06.2025;08:00;retail;40;300,0;9
02.06.2025;08:30;retail;20;240,0;7
02.06.2025;09:00;retail;0;;7
"""


def test_volumes_give_calls_handle_times_and_heads(tmp_path):
    """The law has the mean of the day, the factors that of the interval; heads leave with the last line."""
    (tmp_path / "day.csv").write_text(DAY_CSV)
    plan = plan_of(tmp_path, VOLUMES + "    callers: {}\n")
    assert plan.streams.names == ("retail",)
    assert (plan.streams.block_start / HOUR).tolist() == [8, 8.5]
    assert plan.streams.block_mean.tolist() == [40, 20]
    assert plan.laws.mean[plan.queues.talk_law[0, 0]] == 280
    assert plan.queues.scale_row.tolist() == [[0]]
    assert (plan.queues.scale_start / HOUR).tolist() == [8, 8.5, 9]
    assert plan.queues.scale_factor.tolist() == [round(300 / 280 * ONE), round(240 / 280 * ONE), ONE]
    assert (plan.agents.heads_time / HOUR).tolist() == [0, 8, 8.5, 9.5]
    assert plan.agents.heads_count.tolist() == [0, 9, 7, 0]


def test_a_hole_in_the_volumes_is_told_with_its_time(tmp_path):
    """A line that is missing between the first and the last of its day."""
    (tmp_path / "day.csv").write_text("".join(DAY_CSV.splitlines(keepends=True)[i] for i in (0, 1, 3)))
    (found,) = problems_of(tmp_path, VOLUMES + "    callers: {}\n")
    assert found == (
        "0 volumes.file: no line of 'retail' for mon 2025-06-02 08:30 to 09:00; "
        "a day's lines must follow each other without a hole"
    )


def test_days_without_any_line_are_told_if_the_queue_is_open(tmp_path):
    """The file ends on Monday, the run on Wednesday; a holiday needs no lines."""
    (tmp_path / "day.csv").write_text(DAY_CSV)
    text = VOLUMES.replace("measure: 1 day", "measure: 3 days")
    text = text.replace("cv 0.9}", "cv 0.9, closed_on: [2025-06-03], unstaffed: on purpose}")
    assert problems_of(tmp_path, text + "    callers: {}\n") == [
        "3 volumes.file: no line of 'retail' on wed 2025-06-04; 'retail' is open on every such day"
    ]


def test_a_hole_may_mean_no_calls(tmp_path):
    """With missing_line: zero. Nobody is staffed in the hole either, so the queue says so."""
    (tmp_path / "day.csv").write_text("".join(DAY_CSV.splitlines(keepends=True)[i] for i in (0, 1, 3)))
    text = VOLUMES.replace("interval: 30m}", "interval: 30m, missing_line: zero}").replace(
        "cv 0.9}", "cv 0.9, unstaffed: on purpose}"
    )
    assert plan_of(tmp_path, text + "    callers: {}\n").streams.block_mean.tolist() == [40]


def test_defects_of_the_volumes_point_into_the_file(tmp_path):
    """File, line, and what is wrong."""
    (tmp_path / "day.csv").write_text(DAY_CSV.replace("20;240,0", "-20;240,0"))
    assert problems_of(tmp_path, VOLUMES + "    callers: {}\n") == [
        "3 volumes.file: -20 calls; it must not be negative"
    ]


def test_a_run_outside_the_volumes_is_told(tmp_path):
    """The year is wrong."""
    (tmp_path / "day.csv").write_text(DAY_CSV)
    (found,) = problems_of(tmp_path, VOLUMES.replace("start: 2025-06-02", "start: 2024-06-03") + "    callers: {}\n")
    assert found == "3 volumes.file: day.csv; none of its intervals lies inside the run from mon 2024-06-03 00:00"


def test_offered_volumes_lose_their_repeats_by_the_fluid_relation(tmp_path):
    """1,200 offered calls of 5 minutes an hour on 50 heads: half of them abandon, half of those call again without end.

    1 - 1/rho = 1/2 with rho = 2, A = 1 / (1 - 1/4): three quarters of the offered calls are fresh.
    """
    lines = "".join(f"2025-06-02,{hour:02d}:00,1200\n" for hour in range(24))
    (tmp_path / "day.csv").write_text("date,time,calls\n" + lines)
    text = """
        run: {start: 2025-06-02, measure: 1 day}
        volumes: {file: day.csv, reads: {interval: 1h}, columns: {date: date, time: time, calls: calls}, counts: COUNTS}
        callers:
          all:
            calls: from volumes
            to: main
            patience: exponential mean 10m
            calls_again: {abandoned: {share: 50%, delay: exponential mean 30m}}
        queues: {main: {handle_time: constant 5m}}
        agents: {team: {heads: 50, answers: [main]}}
    """
    fresh = plan_of(tmp_path, text.replace("COUNTS", "fresh demand"))
    offered = plan_of(tmp_path, text.replace("COUNTS", "offered"))
    assert fresh.streams.block_mean.tolist() == [1200] * 24
    assert offered.streams.block_mean.tolist() == pytest.approx([900] * 24, rel=1e-9)
    assert offered.notes["fresh_share"] == {"all": pytest.approx(0.75, rel=1e-9)}


def test_streams_whose_calls_lie_outside_the_run_are_told(tmp_path):
    """Sunday's calls in a run from Monday to Friday."""
    (found,) = problems_of(
        tmp_path,
        """
        run: {start: 2025-03-03, measure: 5 days}
        callers: {all: {calls: {per_hour: {sun 08:00-12:00: 60}}, to: main}}
        """,
    )
    assert found == "2 callers.all.calls: no calls inside the run; a stream has calls"


def test_a_law_that_no_table_can_hold_is_told_at_its_place(tmp_path):
    """A tail beyond 35 years, for talk times and for patience."""
    law = "weibull mean 40 days shape 0.15"
    (found,) = problems_of(tmp_path, f"queues: {{main: {{handle_time: {law}}}}}")
    assert found.startswith(
        f"1 queues.main.handle_time: {law}: law weibull of mean 3.456e+06 and cv 47.0366, whose tail"
    )
    (found,) = problems_of(tmp_path, f"callers: {{all: {{calls: {{per_hour: 6}}, to: main, patience: {law}}}}}")
    assert found.startswith(f"1 callers.all.patience: {law}: law weibull")


def test_resolving_loads_no_heavy_library():
    """Neither scipy nor simpy nor matplotlib."""
    code = "import sys, callsim.scenario.resolving.resolve, callsim.scenario.telling.explain\n"
    code += "print({'scipy', 'simpy', 'matplotlib'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"

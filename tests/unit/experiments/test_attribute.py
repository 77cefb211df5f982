"""What remedies are worth: the figures behind it, what may be asked, and what is told."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import callsim
from callsim.errors import CallsimError, ScenarioError
from callsim.experiments.attribute import more_is_better
from callsim.report.attribution_report import worth_sentence

SMALL = Path(__file__).parent.parent / "cli" / "small_remedies.yaml"
REMEDIES = ("one clerk more", "everybody helps", "shorter calls")
EPSILON = 2.0**-52


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Write an experiment on the small desk."""
    (tmp_path / "small.yaml").write_text((SMALL.parent / "small.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    def to(text: str) -> Path:
        path = tmp_path / "ideas.yaml"
        path.write_text("base: small.yaml\n" + textwrap.dedent(text), encoding="utf-8")
        return path

    return to


def numbers(attribution: callsim.Attribution) -> dict[str, Any]:
    """Return all that was found besides how many replications were asked for."""
    record = attribution.to_record()
    del record["interrupted"]
    return record


def test_worth_alone_and_together_is_the_difference_that_a_comparison_finds() -> None:
    """In one replication a mean of ratios is the ratio: to the last digit what `compare` subtracts."""
    found = callsim.attribute(SMALL, replications=1)
    compared = callsim.compare(SMALL, replications=1)
    for told in found.figures:
        for remedy in (*REMEDIES, "all of them"):
            row = compared.findings.row(told.shown.name, {}, remedy, compared.findings.base)
            assert row is not None
            worth = told.total if remedy == "all of them" else found.worth(remedy, str(told.shown)).alone
            assert worth.value == pytest.approx(-(row.value or 0.0), abs=1e-14)


def test_shapley_values_add_up_to_the_total_effect() -> None:
    """Means of three replications: but for rounding, 4 k 2^-52 of the largest figure and as much for the means."""
    for told in callsim.attribute(SMALL, replications=3).figures:
        added = sum(each.shapley.value or 0.0 for each in told.remedies)
        largest = max(told.base.value or 0.0, told.together.value or 0.0, 1e-300)
        assert abs(added - (told.total.value or 0.0)) <= 8 * len(told.remedies) * EPSILON * 10 * largest
        assert told.interaction.value == pytest.approx(
            (told.total.value or 0) - sum(each.alone.value or 0 for each in told.remedies), abs=1e-12
        )


def test_last_in_is_what_is_missing_without_the_remedy(written: Callable[[str], Path]) -> None:
    """A comparison of all remedies with all but one."""
    path = written("""
    variants:
      one: {set: {agents.clerks.heads: 4}}
      two: {scale: {queues.*.handle_time: 0.9}}
      both: {combine: [one, two]}
    """)
    compared = callsim.compare(path, replications=1)
    found = callsim.attribute(path, replications=1, of=["mean_wait(orders)"])

    def wait(variant: str) -> float:
        return compared.value("mean_wait", variant, queue="orders") or 0.0

    assert found.worth("one").last_in.value == pytest.approx(wait("two") - wait("both"), abs=1e-12)
    assert found.worth("two").last_in.value == pytest.approx(wait("one") - wait("both"), abs=1e-12)


def test_more_of_a_good_figure_is_a_gain() -> None:
    """The reach rises with a clerk more; of figures that should be low, the fall counts."""
    found = callsim.attribute(SMALL, replications=2, of=["reach", "abandoned"])
    reach, abandoned = found.figures
    assert (reach.more_is_better, abandoned.more_is_better) == (True, False)
    assert (reach.together.value or 0) > (reach.base.value or 0)
    assert (abandoned.together.value or 0) < (abandoned.base.value or 0)
    assert (reach.total.value or 0) > 0 < (abandoned.total.value or 0)


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("answered", True), ("callers_answered", True), ("reach_per_caller", True), ("service_level", True),
        ("case.share_solved", True), ("case.promise_kept_rate", True), ("case.fcr_net", True),
        ("case.deadline_met", True),
        ("case.share_solved_by_regulator", False), ("case.age_at_solution_mean", False),
        ("speed_of_answer", False), ("hold_per_caller", False),
        ("mean_wait_abandoned", False), ("case.hold_per_case", False),
    ],
)  # fmt: skip
def test_direction_of_a_figure_is_known_by_its_name(name: str, better: bool) -> None:
    """What is good to have more of."""
    assert more_is_better(name) is better


def test_remedy_that_changes_nothing_is_simulated_once_and_worth_nothing(written: Callable[[str], Path]) -> None:
    """Four combinations, two systems, and exactly zero."""
    path = written("""
    variants:
      idle: {set: {queues.orders.handle_time: exponential mean 180s}}
      more: {set: {agents.clerks.heads: 4}}
    """)
    found = callsim.attribute(path, replications=2)
    assert (found.found.sets, found.found.systems) == (4, 2)
    worth = found.worth("idle")
    assert worth.alone.value == worth.last_in.value == worth.shapley.value == 0.0
    assert found.figure().order.never == ("idle",)
    assert "2 remedies in all 4 combinations, 2 of them different" in found.table(200)


def test_remedies_figures_and_costs_that_are_given_stand_in_place_of_those_written() -> None:
    """In the order of the file, each figure once."""
    found = callsim.attribute(
        SMALL, replications=1, remedies=["shorter calls", "one clerk more"],
        of=["mean_wait(billing)", "answered", "mean_wait( billing )"], costs={},
    )  # fmt: skip
    assert found.remedies == ("one clerk more", "shorter calls")
    assert [str(each.shown) for each in found.figures] == ["mean_wait(billing)", "answered"]
    assert found.found.question.costs is None
    assert "gains most (no costs are given)" in found.table(200)


def test_interrupted_work_keeps_whole_replications() -> None:
    """Ctrl-C in the third replication leaves what asking for two would have given."""

    def press(finished: int, _: int) -> None:
        if finished == 2 * 8 + 3:
            raise KeyboardInterrupt

    stopped = callsim.attribute(SMALL, replications=5, progress=press, keep_on_interrupt=True)
    assert (stopped.n, stopped.interrupted, stopped.found.planned) == (2, True, 5)
    assert numbers(stopped) == numbers(callsim.attribute(SMALL, replications=2))


def test_progress_counts_every_system() -> None:
    """Eight systems, two replications."""
    seen: list[tuple[int, int]] = []
    callsim.attribute(SMALL, replications=2, progress=lambda *counts: seen.append(counts))
    assert seen == [(i, 16) for i in range(1, 17)]


def test_precision_is_that_of_the_base_and_of_all_remedies() -> None:
    """A wide interval is reached at once, so that the fewest replications do."""
    wanted = callsim.Replications(3, 9, {"abandonment_ratio": 0.5})
    assert callsim.attribute(SMALL, replications=wanted).n == 3


def test_nine_remedies_are_weighed_by_sampled_orders(written: Callable[[str], Path]) -> None:
    """Fewer combinations than 512; values still add up, and the report says what it did."""
    names = [f"idea {i}" for i in range(9)]
    lines = [
        f"  {name}: {{scale: {{callers.*.calls.per_hour: {1 - 0.01 * (i + 1):.2f}}}}}" for i, name in enumerate(names)
    ]
    path = written("\n".join(["attribute: {of: abandonment_ratio, permutations: 4}", "variants:", *lines, ""]))
    found = callsim.attribute(path, replications=2)
    told = found.figure()
    assert found.found.orders == 4
    assert 2 * 9 + 2 <= found.found.sets < 60
    assert sum(each.shapley.value or 0 for each in told.remedies) == pytest.approx(told.total.value, abs=1e-14)
    assert all(each.sampling_half_width is not None for each in told.remedies)
    assert told.order.by_shapley
    text = " ".join(found.table().split())
    assert f"9 remedies: of their 512 combinations {found.found.sets} were simulated" in text
    assert "along 4 sampled orders (each with its reverse); intervals of Shapley values hold the error" in text
    assert "ordered by Shapley value (no costs are given), since not every combination was simulated" in text


HOURS = """
name: A desk by day
run: {start: 2025-06-02, measure: 2 days, seed: 3, replications: 6}
callers:
  everyone:
    calls: {per_hour: 40}
    to: main
    patience: exponential mean 10m
    calls_again: {abandoned: {share: 60%, delay: constant 30m}, at_most: 3 calls}
queues: {main: {handle_time: exponential mean 5m, open: daily 08:00-18:00, unstaffed: on purpose}}
agents: {team: {answers: [main], shifts: {day: {days: daily, from: 08:00, for: 10h, heads: 3}}}}
variants:
  open around the clock: {set: {queues.main.open: 24/7}}
  people at night:
    add: {agents.night: {answers: [main], shifts: {night: {days: daily, from: 18:00, for: 14h, heads: 4}}}}
"""


def test_hours_without_people_make_it_worse_and_the_report_says_why(tmp_path: Path) -> None:
    """Callers who used to find the door closed now wait in vain; with people the same hours help."""
    path = tmp_path / "hours.yaml"
    path.write_text(HOURS, encoding="utf-8")
    found = callsim.attribute(path, of=["abandoned"])
    worth = found.worth("open around the clock")
    assert worth.makes_worse
    said = worth_sentence(found.figure(), worth)
    assert "; alone it makes abandoned worse by " in said
    assert " % more calls reach a queue, and nobody more answers them" in said
    assert (worth.last_in.value or 0) < 0 or (worth.last_in.value or 0) > (worth.alone.value or 0)


CASES = """
name: Problems
run: {start: 2025-06-02, measure: 3 days, follow_cases: 3 days, seed: 3, replications: 2}
callers: {bill: {calls: {per_hour: 20}, to: main, patience: exponential mean 10m}}
cases:
  fault:
    starts: {per_week: 150}
    customers: {all: {share: 100%, gives_up: 10%}}
    needs: [mend]
    owner: {share: 30%, takes: constant 5m}
    dials: main
    talk: constant 4m
    explain: constant 3m
    patience: exponential mean 20m
    calls_again: {unsolved: constant 2h, abandoned: constant 30m, closed: constant 1h, cut off: constant 5m}
queues: {main: {handle_time: exponential mean 5m}}
agents: {team: {answers: [main], heads: 3}}
variants:
  shared ticket: {set: {cases.fault.shared_ticket: yes}}
  owners: {set: {cases.fault.owner.share: 60%}}
"""


def test_cases_are_attributed_by_their_hours_and_by_those_given_up(tmp_path: Path) -> None:
    """The usual figures of a scenario with cases: time on the phone and hold per case, share given up."""
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    found = callsim.attribute(path)
    names = [str(each.shown) for each in found.figures]
    assert names[:3] == ["case.time_per_case", "case.hold_per_case", "case.share_given_up"]
    base = callsim.run(path, replications=1)
    hours, cases = base.value("case.customer_time"), base.value("case.cases")
    one = callsim.attribute(path, replications=1, of=["case.time_per_case", "case.time_per_case(fault)"])
    assert [each.base.value for each in one.figures] == pytest.approx([(hours or 0) / (cases or 1)] * 2)
    assert (found.worth("owners").shapley.value or 0) > 0
    assert "What each remedy takes off: time on the phone per case\n" in found.table()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"remedies": ["one clerc more"]}, "remedy: found 'one clerc more'; there is no such remedy;"
         " did you mean one clerk more?"),
        ({"remedies": ["all of them"]}, "remedy: found 'all of them'; there is no such remedy; "
         "remedies: everybody helps, one clerk more, shorter calls"),
        ({"of": ["wait_p90"]}, "wait_p90: a percentile does not add up over causes;"
         " ask for a mean, a share or a count"),
        ({"of": ["wait_max(orders)"]}, "wait_max(orders): a maximum does not add up over causes; "
         "ask for a mean, a share or a count"),
        ({"of": ["paid_time(orders)"]}, "paid_time(orders): paid_time is a measure of the whole centre"
         " or a group of agents"),
        ({"of": ["mean_wat"]}, "measures: found 'mean_wat'; there is no such measure; did you mean mean_wait"),
        ({"permutations": 3}, "permutations: found 3; must be even, and 4 or more"),
        ({"costs": {"one clerk more": 3}}, "costs: found none of 'everybody helps'; give what each remedy costs a week,"
         " or no costs at all"),
        ({"costs": dict.fromkeys(REMEDIES, -1.0)}, "costs: found -1.0 for 'one clerk more'; must be 0 or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(given: dict[str, Any], message: str) -> None:
    """Before anything is simulated, with what would do instead."""
    with pytest.raises(CallsimError) as raised:
        callsim.attribute(SMALL, **given)
    assert str(raised.value).startswith(message)


def test_file_that_prices_only_some_remedies_is_refused(written: Callable[[str], Path]) -> None:
    """With the place of costs; `validate` tells it too."""
    path = written("""
    attribute: {costs: {one: 5}}
    variants:
      one: {set: {agents.clerks.heads: 4}}
      two: {scale: {queues.*.handle_time: 0.9}}
    """)
    (problem,) = callsim.validate(path)
    assert (problem.line, problem.path, problem.found) == (3, "attribute.costs", "no cost of 'two'")
    with pytest.raises(ScenarioError, match="the order to act goes by the costs of all remedies or of none"):
        callsim.attribute(path)


def test_file_that_asks_for_what_does_not_add_up_is_refused(written: Callable[[str], Path]) -> None:
    """Each with its place in the list."""
    path = written("""
    attribute: {of: [mean_wait, wait_p90, mean_wait(bilings)]}
    variants: {one: {set: {agents.clerks.heads: 4}}}
    """)
    found = callsim.validate(path)
    assert [(each.line, each.path, each.found) for each in found] == [
        (3, "attribute.of.1", "'wait_p90'"),
        (3, "attribute.of.2", "'mean_wait(bilings)'"),
    ]


def test_remedies_that_depend_on_their_order_are_refused(written: Callable[[str], Path]) -> None:
    """Both names stand in the message; with an `attribute` block `validate` tells it."""
    text = """
    variants:
      four: {set: {agents.clerks.heads: 4}}
      a third more: {scale: {agents.clerks.heads: 1.34}}
    """
    with pytest.raises(ScenarioError, match="found 'four' and 'a third more'; together they depend on their order"):
        callsim.attribute(written(text))
    assert callsim.validate(written(text)) == ()
    assert len(callsim.validate(written(text + "attribute: {of: mean_wait}\n"))) == 1


def test_experiment_without_remedies_is_refused(written: Callable[[str], Path]) -> None:
    """Nothing can be switched on."""
    with pytest.raises(CallsimError, match=r"^A small desk: there is no remedy to weigh; add `variants:`"):
        callsim.attribute(written("variants: {}\n"))


def test_combination_over_another_time_is_refused(written: Callable[[str], Path]) -> None:
    """As in a comparison."""
    with pytest.raises(CallsimError, match=r"^variant 'longer': its horizon differs from that of 'A small desk'"):
        callsim.attribute(written("variants: {longer: {set: {run.measure: 3h}}}\n"))


def test_what_is_wrong_with_a_remedy_is_told_once(written: Callable[[str], Path]) -> None:
    """Not for every combination that holds it: a queue that nobody can answer."""
    path = written("""
    variants:
      nobody: {set: {agents.accountants.answers: [orders]}}
      more: {set: {agents.clerks.heads: 4}}
      shorter: {scale: {queues.*.handle_time: 0.9}}
    """)
    with pytest.raises(ScenarioError) as raised:
        callsim.attribute(path)
    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].path.startswith("variants.nobody: ")

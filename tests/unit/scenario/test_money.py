"""`money`: what may be written, what it becomes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import callsim
from callsim.errors import ScenarioError
from callsim.scenario.resolving.money import GroupWage, ResolvedMoney, money_of
from callsim.units import HOUR

DESK = """\
run: {start: 2025-06-02, measure: 1 week}
callers: {everyone: {calls: {per_hour: 30}, to: main}}
queues: {main: {handle_time: exponential mean 5m}}
agents:
  clerks: {heads: 4, answers: [main]}
  others: {heads: 2, answers: [main], shrinkage: 20%}
"""


def _money(tmp_path: Path, text: str) -> ResolvedMoney | None:
    (tmp_path / "desk.yaml").write_text(DESK + text)
    return money_of(callsim.resolve(callsim.load(tmp_path / "desk.yaml")))


def _problems(tmp_path: Path, text: str) -> list[tuple[str, str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        _money(tmp_path, text)
    return [(problem.path, problem.found, problem.rule, problem.advice) for problem in caught.value.problems]


def test_who_says_nothing_of_money_has_none(tmp_path: Path) -> None:
    """No amounts are made up."""
    assert _money(tmp_path, "") is None


def test_one_wage_serves_all_groups(tmp_path: Path) -> None:
    """A number, or a number with its premium; hours paid behind shrinkage are known."""
    money = _money(tmp_path, "money: {wages: 24}")
    assert money is not None
    assert money.wages == (GroupWage(24.0, ()),) * 2
    assert money.paid == (1.0, 1.25)
    again = _money(tmp_path, "money: {wages: {per_hour: 24, premium: {mon 20:00-22:00: +25%}}}")
    assert again is not None
    assert again.wages[1] == GroupWage(24.0, ((20 * HOUR, 22 * HOUR, 0.25), (188 * HOUR, 190 * HOUR, 0.25)))


def test_wages_and_training_by_group_stand_beside_their_groups(tmp_path: Path) -> None:
    """A group that is not named has none."""
    money = _money(tmp_path, "money: {wages: {others: 30}, training: {clerks: {weeks: 6, per_week: 900}}}")
    assert money is not None
    assert money.wages == (None, GroupWage(30.0, ()))
    assert [part and part.weeks for part in money.training] == [6.0, None]


def test_money_is_no_part_of_what_engines_see(tmp_path: Path) -> None:
    """The digest of the plan, and so every draw and every result, is the same without it."""
    digests = set()
    for text in ("", "money: {wages: 24}"):
        (tmp_path / "desk.yaml").write_text(DESK + text)
        digests.add(callsim.resolve(callsim.load(tmp_path / "desk.yaml")).digest())
    assert len(digests) == 1


def test_explain_says_every_amount_and_what_is_not_said(tmp_path: Path) -> None:
    """Groups that are alike share a line."""
    (tmp_path / "desk.yaml").write_text(
        DESK
        + """\
money:
  currency: EUR
  wages: {clerks: {per_hour: 24, premium: {sun 00:00-24:00: +50%}}}
  contact: 0.3
  churn: {nothing bad: 1%, told it often: {share: 8%, more_than: 3}, gave up: 60%}
  training: {weeks: 6, per_week: 900, works_for: 4 weeks}
"""
    )
    said = callsim.explain(callsim.load(tmp_path / "desk.yaml")).split("\nMoney\n")[1].split("\n\n")[0]
    assert said.splitlines() == [
        "  wages of clerks: 24 EUR an hour, sun 00:00-24:00 times 1.5",
        "  wages of others: not said  (default)",
        "  a minute of a line: not said  (default)",
        "  a call: 0.3 EUR",
        "  a call that is passed on: not said  (default)",
        "  a complaint to the regulator: not said  (default)",
        "  a customer who leaves: not said  (default)",
        "  a customer who gives up or never tries, at once: not said  (default)",
        "  an hour of a customer's life on hold: not said  (default)",
        "  who leaves, by the worst that happened: nothing bad 1%, told it more than 3 times 8%, gave up 60%",
        "  word of mouth: none  (default)",
        "  training: 6 weeks of 900 EUR, to work for 4 weeks",
        "  a full-time agent: 40h a week  (default)",
        "  turnover: not said  (default)",
    ]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """With the place, what was found, the rule and what to do."""
    text = """\
money:
  wages: {clerks: 24 EUR, others: {per_hour: 20, premium: {mon-fri 20:00-22:00: +25%, fri 21:00-23:00: +50%}}}
  contact: -1
  churn: {gave up: 0.6}
  training: {weeks: 2000, per_week: 900}
  word_of_mouth: {tells: nine, share: 2%}
"""
    assert _problems(tmp_path, text) == [
        (
            "money.wages.clerks", "'24 EUR'", "an amount is a number",
            "write the number alone, and the currency once: currency: EUR",
        ),
        (
            "money.wages.others.premium.fri 21:00-23:00", "'fri 21:00-23:00'", "it overlaps 'mon-fri 20:00-22:00'",
            "name each hour once",
        ),
        ("money.contact", "-1", "an amount is 0 or more, and at most a million millions", "write 0 or more"),
        ("money.churn.gave up", "0.6 without a per cent sign", "a share needs one", "write 60%"),
        (
            "money.training.weeks", "2000", "weeks of training are 0 or more, and at most 1040",
            "write a number such as 6",
        ),
        (
            "money.word_of_mouth.tells", "'nine'", "an amount is a number",
            "write the number alone, and the currency once: currency: EUR",
        ),
    ]  # fmt: skip


def test_premium_without_hours_is_refused(tmp_path: Path) -> None:
    """A share alone does not say when."""
    assert _problems(tmp_path, "money: {wages: {per_hour: 20, premium: +25%}}")[0][1:] == (
        "'+25%'", "hours with their extra pay are needed", "write it like {sun 00:00-24:00: +50%}",
    )  # fmt: skip


def test_a_wage_for_nobody_is_refused(tmp_path: Path) -> None:
    """The nearest group is named."""
    assert _problems(tmp_path, "money: {wages: {clrks: 24}}") == [
        ("money.wages.clrks", "'clrks'", "there is no group of this name", "did you mean clerks?")
    ]


def test_premium_needs_a_calendar(tmp_path: Path) -> None:
    """Without a start nobody knows when Sunday is."""
    (tmp_path / "desk.yaml").write_text(
        DESK.replace("start: 2025-06-02, ", "") + "money: {wages: {per_hour: 20, premium: {sun 00:00-24:00: +50%}}}"
    )
    with pytest.raises(ScenarioError) as caught:
        callsim.resolve(callsim.load(tmp_path / "desk.yaml"))
    assert [problem.path for problem in caught.value.problems] == ["money.wages.premium"]
    assert caught.value.problems[0].found == "extra pay by hours of the week, but `run` has no `start`"

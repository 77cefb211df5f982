"""The scorecard as people see it: text, JSON, CSV, HTML, and the command."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import callsim
from callsim.cli import main
from callsim.errors import CallsimError

DESK = """
name: A desk <b>
run: {start: 2025-06-02, measure: 1 week, time_zone: Europe/Berlin, replications: 3, seed: 5}
callers:
  everyone:
    calls: {per_hour: {mon-fri 09:00-12:00: 30}}
    to: main
    patience: exponential mean 3m
    calls_again: {abandoned: {share: 50%, delay: exponential mean 10m}}
queues: {main: {handle_time: exponential mean 5m, open: mon-fri 09:00-12:00, target: {share: 80%, within: 20s}}}
agents: {team: {staffing: {mon-fri 09:00-12:00: 2}, answers: [main]}}
"""
MONEY = """
money:
  currency: EUR
  wages: {per_hour: 24, premium: {fri 09:00-12:00: +50%}}
  contact: 0.5
  customer: 800
  churn: {nothing bad: 1%, gave up: 60%}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that speaks of money."""
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(DESK + MONEY)
    return path


@pytest.fixture(scope="module")
def card(desk: Path) -> callsim.Scorecard:
    """Its scorecard, with one more agent on Mondays."""
    return callsim.scorecard(desk, one_more=["team@mon 09:00-12:00"], workers=1, engine="simpy")


def test_parts_of_the_cost_add_up(card: callsim.Scorecard) -> None:
    """Wages and calls are all that is said; every amount has an interval."""
    wages, calls, cost = (card.line(name) for name in ("wages", "call_cost", "cost"))
    assert cost.value == pytest.approx((wages.value or 0) + (calls.value or 0))
    assert cost.unit == "EUR"
    assert all(line.half_width is not None for line in (wages, calls, cost))
    assert (card.line("cost_and_lost").value or 0) == pytest.approx(cost.value + (card.line("lost").value or 0))


def test_ratios_are_those_of_the_sums(card: callsim.Scorecard) -> None:
    """Cost per call: sum of costs over replications / sum of calls."""
    books = card.found.ledgers[""]
    expected = sum(book.get("cost") for book in books) / sum(book.get("calls") for book in books)
    assert card.line("cost_per_call").value == pytest.approx(expected)


def test_worth_of_one_more_is_the_paired_difference_of_the_books(card: callsim.Scorecard) -> None:
    """What is not lost any more, less his pay and what else he costs."""
    text = "team@mon 09:00-12:00"
    pairs = list(zip(card.found.ledgers[""], card.found.ledgers[text], strict=True))
    net = sum(one.get("cost and lost") - more.get("cost and lost") for one, more in pairs) / len(pairs)
    assert card.line("net", one_more=text).value == pytest.approx(net)
    hours = sum(more.get("paid hours") - one.get("paid hours") for one, more in pairs) / len(pairs)
    pay = card.line("pay", one_more=text)
    assert card.line("worth_per_hour", one_more=text).value == pytest.approx((net + (pay.value or 0)) / hours)
    assert card.line("pay_per_hour", one_more=text).value == pytest.approx(24.0, rel=0.02)


def test_figures_that_the_scenario_says_nothing_about_are_missing_with_the_line_to_write(
    card: callsim.Scorecard,
) -> None:
    """And they are not zero."""
    told = {missing.what: missing.write for missing in card.missing}
    assert told["training"] == "money: {training: {weeks: 6, per_week: 900}}"
    assert "wages" not in told
    names = {line.name for line in card.lines}
    assert not names & {"line_cost", "training_cost", "turnover", "lost_with_given_up", "promises", "complained"}
    with pytest.raises(CallsimError, match="there is no figure 'line_cost' in the scope whole centre"):
        card.line("line_cost")


def test_what_is_missing_can_be_written_as_it_is_told(card: callsim.Scorecard, desk: Path, tmp_path: Path) -> None:
    """Each line is YAML that the scenario language takes."""
    for i, missing in enumerate(card.missing):
        if missing.write.startswith("money:"):
            path = tmp_path / f"desk{i}.yaml"
            path.write_text(desk.read_text().replace(MONEY, "\n") + missing.write + "\n")
            assert callsim.validate(path) == ()


def test_scenario_without_money_has_a_scorecard_too(tmp_path: Path) -> None:
    """Customers, processes and occupancy need none."""
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    card = callsim.scorecard(path, one_more=["team"], workers=1, engine="simpy", replications=2)
    assert {line.perspective for line in card.lines} == {
        "customer", "internal process", "learning and growth", "one more agent",
    }  # fmt: skip
    assert card.line("hold_saved", one_more="team").value is not None
    assert "Not said in the scenario" in str(card)


def test_text_fits_the_page(card: callsim.Scorecard) -> None:
    """At 80 columns and at 60."""
    for width in (80, 60):
        assert max(map(len, card.table(width).splitlines())) <= width


def test_one_replication_has_figures_and_no_intervals(desk: Path) -> None:
    """And says so."""
    card = callsim.scorecard(desk, replications=1, workers=1, engine="simpy")
    assert card.line("cost").half_width is None
    assert "one replication has no interval" in str(card)


def test_results_do_not_depend_on_the_number_of_workers(card: callsim.Scorecard, desk: Path) -> None:
    """The same books, replication by replication."""
    again = callsim.scorecard(desk, one_more=["team@mon 09:00-12:00"], workers=2, engine="simpy")
    assert again.lines == card.lines
    assert again.table() == card.table()


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_command_writes_the_same_lines_as_json_csv_and_html(desk: Path, tmp_path: Path) -> None:
    """No NaN, well-formed, and no name of a scenario becomes a tag."""
    files = {kind: tmp_path / f"card.{kind}" for kind in ("json", "csv", "html")}
    words = [word for kind, place in files.items() for word in (f"--{kind}", str(place))]
    done = CliRunner().invoke(main, ["scorecard", str(desk), "--quiet", "--engine", "simpy", "--workers", "1", *words])
    assert (done.exit_code, done.output) == (0, "")
    records = json.loads(files["json"].read_text(encoding="utf-8"))
    lines = [record for record in records if "name" in record]
    rows = list(csv.DictReader(files["csv"].read_text(encoding="utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == [line["name"] for line in lines]
    assert [record["write"] for record in records if "missing" in record]
    tags = _Tags(files["html"].read_text(encoding="utf-8"))
    assert not tags.open
    assert "b" not in tags.seen
    assert {"section", "table"} <= set(tags.seen)


def test_command_prints_the_tables(desk: Path) -> None:
    """Eighty columns where there is no terminal."""
    done = CliRunner(env={"COLUMNS": "80"}).invoke(
        main, ["scorecard", str(desk), "--engine", "simpy", "--workers", "1", "--one-more", "team@mon 09:00-12:00"]
    )
    assert done.exit_code == 0, done.output
    for title in ("Financial [EUR]", "Internal process", "What one more agent earns [EUR]"):
        assert title in done.stdout


def test_command_refuses_what_is_asked_for_twice(desk: Path) -> None:
    """One more agent of the same group and hours."""
    done = CliRunner().invoke(main, ["scorecard", str(desk), "--one-more", "team", "--one-more", "team"])
    assert done.exit_code == 2
    assert "one more: found 'team' twice; name each group and its hours once" in done.output


def test_what_is_finished_before_an_interruption_counts(card: callsim.Scorecard, desk: Path) -> None:
    """As if so many replications had been asked for; a replication without its partner does not count."""

    def stop(finished: int, planned: int) -> None:
        assert planned == 6
        if finished == 3:
            raise KeyboardInterrupt

    text = "team@mon 09:00-12:00"
    settings = {"one_more": [text], "workers": 1, "engine": "simpy"}
    stopped = callsim.scorecard(desk, progress=stop, keep_on_interrupt=True, **settings)
    assert (stopped.n, stopped.interrupted) == (1, True)
    assert stopped.lines == callsim.scorecard(desk, replications=1, **settings).lines
    with pytest.raises(KeyboardInterrupt):
        callsim.scorecard(desk, progress=stop, **settings)
    assert card.n == 3


def test_changes_need_a_path(desk: Path) -> None:
    """A scenario that is loaded cannot be changed."""
    with pytest.raises(CallsimError) as caught:
        callsim.scorecard(callsim.load(desk), changes=["agents.team.heads=12"])
    assert str(caught.value) == ("changes: they are applied to a file; give them to `load` together with its path")

"""What reports say of cases, from the week worked out by hand in ``tests/small_case_logs.py``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callsim.experiments.estimates import rows
from callsim.experiments.findings import Findings
from callsim.experiments.replicate import Replicated
from callsim.measures import measure
from callsim.plan.plan import Plan
from callsim.report.case_section import bias_of_censoring, case_scopes, case_tables
from callsim.report.html.case_tables import case_grids
from callsim.report.row_files import COLUMNS, columns_of, csv_text, flat, records
from callsim.report.table import Table, draw
from callsim.report.texts import texts_in
from tests.small_case_logs import case_plan, case_week


def found(plan: Plan, measures: tuple[str, ...] = ()) -> Findings:
    """Return the findings of one replication, the week."""
    log = case_week(plan)
    each = measure(plan, log)
    return Findings(
        name="week",
        base="week",
        every_row=tuple(rows([each], variant="week")),
        replicated=Replicated(
            plans={"week": plan}, digests={"week": plan.digest()}, measures={"week": (each,)},
            logs={"week": ()}, n=1, planned=1, interrupted=False,
        ),
        seed=1,
        level=0.95,
        measures=measures,
    )  # fmt: skip


@pytest.fixture(scope="module")
def week() -> Findings:
    """The findings of the week."""
    return found(case_plan())


def table(findings: Findings, title: str) -> Table:
    """Return the table with this title."""
    return next(each for each in case_tables(findings) if each.title == title)


def column_of(shown: Table, title: str) -> list[str]:
    """Return the cells of a column by its title in one line."""
    at = [each.title.replace("\n", " ") for each in shown.columns].index(title)
    return [row[at] for row in shown.rows]


def test_rows_are_all_cases_then_each_type_with_its_kinds_of_customers() -> None:
    """A type with one kind of customer has one row; a single type needs no row of all cases."""
    labels = [label for label, _ in case_scopes(case_plan())]
    assert labels == ["all cases", "order error", "order error, persistent", "order error, others", "name change"]


def test_the_first_table_says_how_cases_end(week: Findings) -> None:
    """Of seven three were solved by the provider, one by the regulator; one each was given up, never tried, is open."""
    ends = table(week, "Cases")
    assert column_of(ends, "cases") == ["7", "4", "2", "2", "3"]
    assert column_of(ends, "solved")[:2] == ["42.9", "25.0"]
    assert column_of(ends, "solved by regulator")[0] == column_of(ends, "never tried")[0] == "14.3"
    assert column_of(ends, "open") == ["14.3", "0.00", "0.00", "0.00", "33.3"]


def test_costs_to_customers_stand_in_numbers_and_hours(week: Findings) -> None:
    """Medians and ninetieth percentiles."""
    costs = table(week, "What a case costs its customer")
    assert column_of(costs, "calls median")[0] == "2"
    assert column_of(costs, "time on phone P90")[0] == "2:21:52"
    assert column_of(costs, "age at solution P90")[0] == "44.1"
    assert column_of(costs, "calls median")[3] == "1"


def test_failure_demand_is_split_by_what_failed_and_leaves_out_what_never_did(week: Findings) -> None:
    """9 of 17 contacts of the centre, 8 of 14 of the cases; nobody was blocked."""
    demand = table(week, "Contacts that an earlier failure caused")
    assert [row[0] for row in demand.rows] == [
        "all of it", "abandoned", "closed", "cut off", "unsolved", "broken promise", "reopened", "call back",
        "regulator",
    ]  # fmt: skip
    assert demand.rows[0] == ("all of it", "52.9", "57.1", "66.7", "40.0")


def test_the_documented_case_stands_beside_the_simulated_with_its_percentiles(week: Findings) -> None:
    """Among the order errors 5 calls lie at 5/6; 112 h are written as hours; no such table for name changes."""
    titles = [each.title for each in case_tables(week) if "documented" in each.title]
    assert titles == [
        "The documented case among: order error",
        "The documented case among: order error, persistent",
        "The documented case among: order error, others",
    ]
    among = table(week, titles[0])
    assert among.rows[0] == ("calls", "5", "2", "83.3", "–")
    assert among.rows[3] == ("time on phone", "2:00:00", "0:16:00", "66.7", "50.0")
    assert among.rows[4] == ("age at solution (hours)", "40.0", "10.0", "50.0", "50.0")
    assert among.rows[5] == ("promises", "1", "–", "83.3", "75.0")


def test_the_bias_of_leaving_out_open_cases_is_said_in_words(week: Findings) -> None:
    """4 of 7 are solved within two days; of the 6 cases that are over it would be 4."""
    bias = bias_of_censoring(week)
    assert (bias.open, bias.day) == ("14.3", 2)
    assert (bias.true, bias.naive) == pytest.approx((4 / 7, 4 / 6))
    (note,) = table(week, "Cases not solved after").notes
    assert note == (
        "14.3 % of the cases were open when the run ended; they count up to there (Aalen-Johansen estimates); the cases"
        " that are over alone would say that 66.7 % are solved within 2 days instead of 57.1 %, because long cases are"
        " missing from them"
    )


def test_cases_that_were_all_followed_have_plain_shares(week: Findings) -> None:
    """And a difference of less than half a point is not made a fuss of."""
    followed = [replace(row, value=0.0) if row.name == "case.share_open" else row for row in week.every_row]
    (note,) = table(replace(week, every_row=tuple(followed)), "Cases not solved after").notes
    assert note == "every case was followed to its end, so that these are plain shares"
    alike = [replace(row, value=0.5) if row.name.startswith("case.solved_within") else row for row in week.every_row]
    (note,) = table(replace(week, every_row=tuple(alike)), "Cases not solved after").notes
    assert note.endswith("without them the shares would be too good, here by less than half a point")


def test_measures_that_were_asked_for_make_one_table() -> None:
    """Of cases those that are of cases; none if none was asked for."""
    assert [each.title for each in case_tables(found(case_plan(), ("case.calls_p50", "offered")))] == ["Cases"]
    assert case_tables(found(case_plan(), ("offered",))) == []


def test_tables_of_cases_fit_on_the_page(week: Findings) -> None:
    """80 columns, like all others."""
    text = draw(tuple(case_tables(week)), 80)
    assert max(map(len, text.splitlines())) <= 80


def test_the_page_has_the_same_tables_as_the_text(week: Findings) -> None:
    """The same numbers; every measured column is defined."""
    texts = texts_in()
    grids = case_grids(week, "week", "run", texts)
    tables = case_tables(week)
    assert [grid.title for grid in grids] == [each.title for each in tables]
    assert len({grid.key for grid in grids}) == len(grids)
    for grid, each in zip(grids, tables, strict=True):
        numbers = [[cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in line.cells] for line in grid.lines]
        assert numbers == [list(row[1:]) for row in each.rows]
    assert all(grid.terms for grid in grids[:3])
    assert "long cases are missing" in grids[-1].notes[0]


def test_files_have_columns_of_cases_only_if_there_are_cases(week: Findings) -> None:
    """Type, kind of customer and day stand behind the other scopes; other files stay as they were."""
    rows_of_cases = records(week.every_row)
    added = [name for name in columns_of(rows_of_cases) if name not in COLUMNS]
    assert added == ["cases", "customers", "day"]
    assert list(columns_of(rows_of_cases)).index("day") + 1 == list(columns_of(rows_of_cases)).index("value")
    without = [row for row in rows_of_cases if not {"cases", "customers", "day"} & set(row["scope"])]
    assert columns_of(without) == COLUMNS
    assert csv_text(without).splitlines()[0].lstrip("\ufeff") == ",".join(COLUMNS)
    one = next(row for row in rows_of_cases if row["scope"] == {"cases": "order error", "day": 2})
    flattened = flat(one, columns_of(rows_of_cases))
    assert (flattened["cases"], flattened["customers"], flattened["day"]) == ("order error", None, 2)

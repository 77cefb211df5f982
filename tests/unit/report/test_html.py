"""The HTML report: what its two sentences say, that it carries everything, and that nothing in a name can break it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import callsim
from callsim.experiments.estimates import Row
from callsim.report.columns import column
from callsim.report.html import html_text, splits
from callsim.report.html.answer import answer
from callsim.report.html.cells import cell, spelled
from callsim.report.html.origin import files_of
from callsim.report.html.page import _is_sweep
from callsim.report.html.tables import MOST_COLUMNS, folded
from callsim.report.html.value import Cell, Grid, Head, Line
from callsim.report.texts import texts_in

DESK = Path(__file__).parent.parent / "cli"
WORDS = texts_in()
HOSTILE = "<script>'\"&amp; <img onerror=x> {{ 7 }} $\\frac$"


class Reader(HTMLParser):
    """Collects the elements and attributes of a page, as a browser would."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def experiment() -> callsim.Experiment:
    """A small desk and two variants of it."""
    return callsim.load_experiment(DESK / "small_experiment.yaml")


@pytest.fixture(scope="module")
def compared(experiment: callsim.Experiment) -> callsim.Comparison:
    """Its comparison."""
    return callsim.compare(experiment, workers=1)


@pytest.fixture(scope="module")
def compared_page(compared: callsim.Comparison, experiment: callsim.Experiment) -> str:
    """The report of the comparison."""
    return html_text(compared, experiment, DESK / "small_experiment.yaml")


def row_of(value: float | None, half_width: float | None, name: str = "mean_wait", versus: str = "") -> Row:
    """Return a row of the whole centre."""
    definition = f"b - {versus}: how long" if versus else "how long"
    return Row("b", name, {}, value, half_width, 0.95, 5, "s", definition, versus or None, "nobody waited")


@pytest.mark.slow
def test_same_inputs_give_the_same_bytes(
    compared: callsim.Comparison, experiment: callsim.Experiment, compared_page: str
) -> None:
    """No date, no random id, no order that depends on a hash."""
    assert html_text(compared, experiment, DESK / "small_experiment.yaml") == compared_page


def test_page_refers_to_nothing_outside_itself(compared_page: str) -> None:
    """No script, no link but to its own parts, no style or picture from elsewhere; a policy forbids them besides."""
    page = Reader(compared_page)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "xlink:href", "action", "data"):
            target = attributes.get(name)
            assert target is None or target.startswith(("#", "data:image/png;")), (tag, target)
    assert not re.findall(r"url\((?!#)|@import", compared_page)
    policy = next(a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")


def test_ids_are_unique_and_links_lead_somewhere(compared_page: str) -> None:
    """Several inline figures do not borrow each other's clips, and the contents lead to the parts."""
    page = Reader(compared_page)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {a["href"] for tag, a in page.tags if tag == "a"}
    assert {str(link).removeprefix("#") for link in links} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", compared_page)) <= set(ids)


def test_every_number_in_a_table_says_what_it_is(compared_page: str) -> None:
    """Each cell of digits has a definition on hover, and the definitions are written out for paper."""
    numbers = [a for tag, a in Reader(compared_page).tags if tag == "td"]
    digests = [a for a in numbers if "digest" in str(a["data-head"]) or a["data-head"] in ("plan", WORDS.logs_digest)]
    assert len(numbers) > 50
    assert [a for a in numbers if "title" not in a and a not in digests] == []
    assert compared_page.count("<dl>") > 3


def test_a_number_says_its_unit_interval_and_definition() -> None:
    """On hover, in words; the ends of the interval have the digits of the number."""
    row = row_of(125.4, 4.2)
    found = cell(row, column("mean_wait", [row]), "retail", WORDS)
    assert found.text == "2:05 ±\N{NO-BREAK SPACE}0:04"
    assert found.hover == (
        "mean wait, retail: 2:05 ± 0:04 minutes. 95 % interval from 2:01 to 2:10, 5 replications. how long."
    )


def test_a_difference_that_is_not_told_apart_is_marked() -> None:
    """Its interval holds zero; one that does not, or is no difference, has no mark."""
    rows = [row_of(-3.0, 4.0, versus="a"), row_of(-5.0, 4.0, versus="a"), row_of(3.0, 4.0)]
    assert [cell(row, column("mean_wait", [row]), "b", WORDS).same for row in rows] == [True, False, False]


def test_a_number_without_value_or_interval_says_why() -> None:
    """The reason of the row, where the digits would be."""
    nothing, alone = row_of(None, None), row_of(3.0, None)
    assert cell(nothing, column("mean_wait", [nothing]), "b", WORDS).hover == (
        "mean wait, b: no value, nobody waited. how long."
    )
    assert "No interval: nobody waited." in cell(alone, column("mean_wait", [alone]), "b", WORDS).hover


def test_figures_in_a_sentence_name_their_unit() -> None:
    """A difference stands without its sign: "shortens it by"."""
    assert spelled(row_of(-15.2, 3.0), WORDS, difference=True) == "0:15 ± 0:03 minutes"
    assert spelled(replace(row_of(-0.09, 0.05, "abandonment_ratio"), unit="1"), WORDS, difference=True) == (
        "9 ± 5 percentage points"
    )


def test_the_answer_names_the_variant_that_helps_most(compared: callsim.Comparison) -> None:
    """One clerk more is told apart from the base in both figures, and from the other variant."""
    first, second = answer(compared.findings, WORDS)
    difference = compared.findings.row("mean_wait", {}, "one clerk more", "A small desk")
    assert difference is not None
    assert first.startswith(f"“one clerk more” shortens the mean wait by {spelled(difference, WORDS, True)}, from ")
    assert second.startswith("“one clerk more” lowers the share of abandoned calls by 9 ± 5 percentage points")
    assert first.endswith(".")


def changed(findings: object, differences: dict[str, tuple[float, float]]) -> object:
    """Return the findings with other differences to the base, by variant."""
    rows = tuple(
        replace(row, value=differences[row.variant][0], half_width=differences[row.variant][1]) if row.versus else row
        for row in findings.every_row  # type: ignore[attr-defined]
    )
    return replace(findings, every_row=rows)  # type: ignore[type-var]


def test_no_variant_is_praised_whose_interval_holds_zero(compared: callsim.Comparison) -> None:
    """However large the difference looks."""
    found = changed(compared.findings, {"one clerk more": (-90.0, 91.0), "everybody helps": (-1.0, 2.0)})
    first, second = answer(found, WORDS)  # type: ignore[arg-type]
    assert first.startswith("No variant is shown to shorten the mean wait of “A small desk”, which is ")
    assert first.endswith("; 2 of 2 are not told apart from it.")
    assert second.startswith("No variant is shown to lower the share of abandoned calls")


def test_variants_that_make_it_worse_are_counted(compared: callsim.Comparison) -> None:
    """Beside the best, or where there is none."""
    found = changed(compared.findings, {"one clerk more": (-9.0, 1.0), "everybody helps": (5.0, 2.0)})
    assert answer(found, WORDS)[0].endswith("; 1 of 2 variants lengthen it.")  # type: ignore[arg-type]
    found = changed(compared.findings, {"one clerk more": (9.0, 1.0), "everybody helps": (5.0, 2.0)})
    assert answer(found, WORDS)[1].endswith("; 2 of 2 variants raise it.")  # type: ignore[arg-type]
    assert "not told apart" not in answer(found, WORDS)[1]  # type: ignore[arg-type]


def test_equals_of_the_best_are_named(experiment: callsim.Experiment) -> None:
    """Two variants that are the same system help equally: neither is said to help more than any other."""
    twin = replace(experiment, variants=(*experiment.variants, ("another clerk", experiment.variants[0][1])))
    first, _ = answer(callsim.compare(twin, workers=1).findings, WORDS)
    assert (
        ", and is not told apart from “another clerk”." in first
        or ", and is not told apart from “one clerk more”." in first
    )
    assert "more than any other" not in first


def test_one_replication_tells_nothing_apart(experiment: callsim.Experiment) -> None:
    """The sentences say so."""
    first, second = answer(callsim.compare(experiment, workers=1, replications=1).findings, WORDS)
    assert "one replication gives no interval" in first
    assert "run more replications" in second


def test_a_run_answers_with_wait_and_abandonment() -> None:
    """Two sentences; nobody held an hour, so that is not said."""
    found = callsim.run(DESK / "small.yaml", workers=1)
    first, second = answer(found.findings, WORDS)
    mean, p90 = found.findings.row("mean_wait", {}), found.findings.row("wait_p90", {})
    assert mean is not None
    assert p90 is not None
    assert first == (
        f"Callers wait {spelled(mean, WORDS)} on average, and nine calls in ten wait no longer than "
        f"{spelled(p90, WORDS)}."
    )
    assert "hour" not in second


def test_nobody_calling_is_said_and_not_computed() -> None:
    """There is a page all the same, and figures that have nothing to draw are left out."""
    quiet = callsim.load_experiment(DESK / "small.yaml", ["callers.*.calls.per_hour=0.001"])
    found = callsim.run(quiet.base, workers=1, by=splits(quiet))
    assert answer(found.findings, WORDS)[0] == (
        "There is no waiting time to report: no call was answered or abandoned."
    )
    assert "There is no share of abandoned calls to report" in html_text(found, quiet, DESK / "small.yaml")


@pytest.mark.slow
def test_names_from_a_scenario_cannot_become_markup(tmp_path: Path) -> None:
    """Names of scenario, queue, callers, group and variant stand as they were written, and do nothing."""
    text = (DESK / "small.yaml").read_text(encoding="utf-8")
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    text = text.replace("A small desk", quoted).replace("clerks", quoted).replace("billing", quoted)
    text += f"variants:\n  {quoted}: {{set: {{lines: 3}}}}\n".replace(HOSTILE.replace("'", "''"), "<b>three</b> lines")
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    experiment = callsim.load_experiment(path)
    page = html_text(callsim.compare(experiment, workers=1), experiment, path)
    reader = Reader(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "img", "b"}
    assert "<script" not in page
    assert HOSTILE in "".join(reader.words)
    assert "<b>three</b> lines" in "".join(reader.words)


def test_page_ends_with_what_is_needed_to_repeat_it(
    compared: callsim.Comparison, experiment: callsim.Experiment, compared_page: str
) -> None:
    """The command, both files letter by letter, the digests, the versions; no folder of a machine."""
    words = "".join(Reader(compared_page).words)
    assert (
        "callsim report small_experiment.yaml --seed 7 --replications 3 --level 0.95 -o small_experiment.html" in words
    )
    assert files_of(experiment, DESK / "small_experiment.yaml") == (
        DESK / "small_experiment.yaml", DESK / "small.yaml",
    )  # fmt: skip
    for name in ("small_experiment.yaml", "small.yaml"):
        assert (DESK / name).read_text(encoding="utf-8") in words
    for digest in compared.findings.replicated.digests.values():
        assert digest in words
    assert f"callsim {callsim.__version__}, Python " in words
    assert str(DESK.resolve()) not in compared_page


def test_a_curve_is_drawn_through_the_steps_of_a_sweep_only(compared_page: str, tmp_path: Path) -> None:
    """Variants that differ in kind, and sweeps along two axes, are no curve."""
    assert "figure-staffing" not in compared_page
    for name, sweep, expected in (
        ("one", "{heads: {agents.clerks.heads: [3, 4, 5]}}", True),
        ("two", "{heads: {agents.clerks.heads: [3, 4]}, lines: {lines: [9, 10]}}", False),
    ):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"base: {(DESK / 'small.yaml').as_posix()}\nsweep: {sweep}\n", encoding="utf-8")
        assert _is_sweep(callsim.load_experiment(path)) is expected


def test_wide_tables_are_folded_with_the_names_repeated() -> None:
    """More columns than fit on paper go into a further table, none is lost."""
    n = MOST_COLUMNS + 2
    heads = tuple(Head(f"h{at}", "", f"d{at}") for at in range(n))
    grid = Grid("g", "Waits", "queue", heads, (Line("main", tuple(Cell(str(at)) for at in range(n))),), ("note",))
    first, second = folded(grid, WORDS)
    assert [cell.text for part in (first, second) for cell in part.lines[0].cells] == [str(at) for at in range(n)]
    assert (second.title, second.lines[0].label, second.notes) == ("Waits (continued)", "main", ())
    assert first.key != second.key


def test_page_is_small_enough_to_mail(compared_page: str) -> None:
    """Under 3 MB with all its figures."""
    assert len(compared_page.encode()) < 3_000_000


def test_every_text_is_used_and_none_is_missing(root: Path) -> None:
    """The file of a language has the texts of `Texts`, no more and no fewer; another language is another file."""
    code = "".join(path.read_text(encoding="utf-8") for path in (root / "callsim" / "report" / "html").glob("*.*"))
    code += (root / "callsim" / "report" / "texts.py").read_text(encoding="utf-8")
    assert [name for name in vars(WORDS) if not re.search(rf"(texts|self)\.{name}\b", code)] == []
    with pytest.raises(FileNotFoundError):
        texts_in("no such language")

"""The shipped scenarios are listed and copied out with the files that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsim.errors import CallsimError, OutputError
from callsim.report import shipped as module
from callsim.report.shipped import copy_out, folder, shipped, shipped_table


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for the shipped scenarios."""
    top = tmp_path / "shipped"
    (top / "case" / "counts").mkdir(parents=True)
    (top / "case" / "compare.yaml").write_text("name: What helps\nbase: base.yaml\n")
    (top / "case" / "base.yaml").write_text("# A desk\ncalls: counts/week.csv  # not other.yaml\n")
    (top / "case" / "counts" / "week.csv").write_text("1,2\n")
    (top / "case" / "unrelated.csv").write_text("3\n")
    monkeypatch.setattr(module, "folder", lambda: top)
    return top


def test_every_shipped_scenario_is_listed_with_its_name(shop: Path) -> None:
    """The name it gives itself, or its first line of comment."""
    assert list(shipped()) == ["case/base", "case/compare"]
    assert shipped_table().rows == (("case/base", "A desk"), ("case/compare", "What helps"))


@pytest.mark.parametrize("name", ["case/compare", "case/compare.yaml", "scenarios/case/compare.yaml"])
def test_a_scenario_is_copied_with_the_files_that_it_names(shop: Path, tmp_path: Path, name: str) -> None:
    """And the files that these name, and no others."""
    (tmp_path / "mine").mkdir()
    copies = copy_out(name, tmp_path / "mine")
    assert [str(path.relative_to(tmp_path / "mine")) for path in copies] == [
        "compare.yaml", "base.yaml", "counts/week.csv",
    ]  # fmt: skip
    assert (tmp_path / "mine" / "counts" / "week.csv").read_text() == "1,2\n"


def test_a_file_that_is_there_is_not_replaced_unasked(shop: Path, tmp_path: Path) -> None:
    """Somebody's changes would be lost; and nothing else is copied either."""
    place = tmp_path / "mine" / "base.yaml"
    place.parent.mkdir()
    place.write_text("mine")
    with pytest.raises(OutputError) as caught:
        copy_out("case/compare", place.parent)
    assert str(caught.value) == f"{place}: is there already; --force replaces it, --to chooses another folder"
    assert [path.name for path in place.parent.iterdir()] == ["base.yaml"]
    copy_out("case/compare", place.parent, force=True)
    assert place.read_text() == (shop / "case" / "base.yaml").read_text()


def test_an_unknown_name_gets_the_nearest(shop: Path, tmp_path: Path) -> None:
    """Or the way to the list."""
    with pytest.raises(CallsimError) as caught:
        copy_out("compare", tmp_path)
    assert str(caught.value) == "there is no shipped scenario 'compare'; did you mean case/compare?"
    with pytest.raises(CallsimError, match=r"`callsim scenarios` lists them$"):
        copy_out("xyzzy", tmp_path)


def test_this_checkout_has_scenarios() -> None:
    """They are found wherever callsim is installed."""
    assert any(folder().rglob("*.yaml"))

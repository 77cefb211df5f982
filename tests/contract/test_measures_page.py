"""The reference page of the measures is the catalogue, word for word."""

from __future__ import annotations

from pathlib import Path

from callsim.codes import ServiceLevelFormula
from callsim.measures import CURVES, EVERY_MEASURE
from callsim.measures.reference import measures_page


def test_the_committed_page_is_the_one_made_from_the_catalogue(root: Path) -> None:
    """To renew: python -m callsim.measures.reference > docs/reference/measures.md"""
    assert (root / "docs" / "reference" / "measures.md").read_text(encoding="utf-8") == measures_page()


def test_the_page_names_every_measure_and_every_formula_once() -> None:
    """A measure or formula that is not on the page does not exist for a reader."""
    page = measures_page()
    for name in (*(measure.name for measure in EVERY_MEASURE), *CURVES):
        assert page.count(f"| `{name}` |") == 1
    for formula in ServiceLevelFormula:
        assert page.count(f"| `{formula.name.lower()}` |") == 1

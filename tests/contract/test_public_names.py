"""The public names: what a script may import. Taking one away breaks scripts, so the list is written down here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import callsim

NAMES = [
    "CATALOGUE",
    "Attribution",
    "CallsimError",
    "CheckResult",
    "Comparison",
    "CoverageCosts",
    "EngineError",
    "Experiment",
    "InvariantBroken",
    "LogFormatError",
    "Measures",
    "OutputError",
    "Plan",
    "PlanError",
    "Problem",
    "RecordCheck",
    "Replications",
    "Rerun",
    "Result",
    "Row",
    "RunLog",
    "Scenario",
    "ScenarioError",
    "Scorecard",
    "Story",
    "TheoryCheck",
    "UnstableSystem",
    "UnsupportedFeature",
    "VariantError",
    "__version__",
    "attribute",
    "check",
    "check_against_theory",
    "check_record",
    "compare",
    "coverage",
    "coverage_costs",
    "explain",
    "load",
    "load_experiment",
    "record_path",
    "reference_page",
    "rerun",
    "resolve",
    "run",
    "schema",
    "scorecard",
    "story",
    "update_record",
    "validate",
]


def test_public_names_are_these() -> None:
    """A new name is added here with intent, and an old one is never lost by accident."""
    assert callsim.__all__ == NAMES


def test_every_public_name_can_be_had_and_is_described() -> None:
    """Each class and function has a docstring."""
    silent = [name for name in NAMES if name != "__version__" and not (getattr(callsim, name).__doc__ or "").strip()]
    assert silent == []


def test_star_import_gives_them_all(root: Path) -> None:
    """`from callsim import *` in a notebook works, lazy names included."""
    code = f"from callsim import *\nprint([n for n in {NAMES!r} if n not in globals()])"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=root, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_version_is_that_of_the_package(root: Path) -> None:
    """Written in two places, since the metadata take 20 ms to read."""
    found = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert callsim.__version__ == found[1]


def test_import_loads_no_numbers_until_they_are_needed(root: Path) -> None:
    """`import callsim` costs milliseconds."""
    code = "import sys, callsim; print([m for m in ('numpy', 'pydantic', 'yaml', 'click', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=root, capture_output=True, text=True)
    assert done.stdout == "[]\n"

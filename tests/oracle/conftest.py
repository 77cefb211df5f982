"""Reference values from outside the repository: where they are, and how a test asks for them.

``../shared/reference/*.yaml`` holds exact and published values; it is found by walking up from the repository, or at
``$CALLSIM_SHARED/reference``. Without it the tests that need it skip, and say so.

Two ways to ask::

    @pytest.mark.reference("erlang_a.yaml", starts="erlangA-")     # one test for each case, by the start of its id
    def test_something(reference_case: dict[str, Any]) -> None: ...

    def test_something_else(reference: Callable[[str, str], dict[str, Any]]) -> None:
        case = reference("redials.yaml", "redial-after-abandon-s11")
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
ABSENT = "needs the reference values of ../shared/reference (or $CALLSIM_SHARED/reference), which are not here"


def reference_folder() -> Path | None:
    """Return the folder of reference values, or None where there is none."""
    named = os.environ.get("CALLSIM_SHARED")
    places = [Path(named)] if named else [parent / "shared" for parent in ROOT.parents]
    return next((place / "reference" for place in places if (place / "reference").is_dir()), None)


@cache
def cases(file: str) -> tuple[dict[str, Any], ...]:
    """Return all cases of one file; none where the folder is absent."""
    folder = reference_folder()
    if folder is None:
        return ()
    return tuple(yaml.safe_load((folder / file).read_text(encoding="utf-8"))["cases"])


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "reference(file, starts=''): run once for each case of a reference file")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give ``reference_case`` its cases."""
    if "reference_case" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("reference")
    assert marker is not None, f"{metafunc.definition.nodeid} wants reference_case but has no reference marker"
    file, start = marker.args[0], marker.kwargs.get("starts", "")
    if reference_folder() is None:
        params = [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=ABSENT))]
    else:
        params = [pytest.param(case, id=case["id"]) for case in cases(file) if case["id"].startswith(start)]
        assert params, f"{file} has no case that starts with {start!r}"
    metafunc.parametrize("reference_case", params)


@pytest.fixture(scope="session")
def reference() -> Callable[[str, str], dict[str, Any]]:
    """Look one case up by file and id; skip where the folder is absent."""

    def look_up(file: str, identity: str) -> dict[str, Any]:
        if reference_folder() is None:
            pytest.skip(ABSENT)
        return next(case for case in cases(file) if case["id"] == identity)

    return look_up

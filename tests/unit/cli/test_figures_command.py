"""``callsim figures`` from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callsim.cli import main

HERE = Path(__file__).parent
SCENARIO, EXPERIMENT = str(HERE / "small.yaml"), str(HERE / "small_experiment.yaml")
OF_A_RUN = {"hold_by_hour", "hold_distribution", "calls_by_interval", "queue_length", "agents_by_state", "shift_plan"}


def callsim_says(*words: str) -> Result:
    """Return what a command did."""
    return CliRunner().invoke(main, list(words))


@pytest.mark.slow
def test_figures_of_a_scenario_are_all_those_of_one_centre(tmp_path: Path) -> None:
    """Each file is named on standard output; with --quiet none is; both times the files are the same."""
    done = callsim_says("figures", SCENARIO, "--to", str(tmp_path), "--size", "phone")
    assert done.exit_code == 0, done.output
    assert {path.stem for path in tmp_path.iterdir()} == OF_A_RUN
    assert {Path(line).stem for line in done.stdout.splitlines()} == OF_A_RUN
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert callsim_says("figures", SCENARIO, "--to", str(tmp_path), "--size", "phone", "--quiet").output == ""
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.slow
def test_figures_of_an_experiment_hold_the_differences_too(tmp_path: Path) -> None:
    """And those of the base over time, of a run of its own."""
    folder = tmp_path / "made on the way"
    done = callsim_says("figures", EXPERIMENT, "--to", str(folder), "--kind", "png")
    assert done.exit_code == 0, done.output
    names = {path.stem for path in folder.iterdir()}
    assert names >= OF_A_RUN | {"difference_mean_wait", "difference_abandonment_ratio", "difference_service_level"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.iterdir())


def test_a_folder_that_is_not_there_is_said_before_the_simulation(tmp_path: Path) -> None:
    """Exit code 2, and what to do."""
    done = callsim_says("figures", SCENARIO, "--to", str(tmp_path / "no" / "where"))
    assert done.exit_code == 2
    assert "create it first" in done.output

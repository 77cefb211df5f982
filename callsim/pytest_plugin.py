"""Scenario files as tests: one for each line of ``expect``, one for the record.

Files are collected only if the option ``callsim_scenarios`` in pytest's configuration names them; a plugin is loaded
in every project of an environment, and must not touch files that are none of its business. For the same reason this
module imports nothing of callsim before it collects a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import callsim
    from callsim import CheckResult

__all__ = ["ExpectationItem", "RecordItem", "ScenarioFile", "assert_equivalent", "callsim_run"]

_INI = "callsim_scenarios"
_SECTION = "callsim record"
_NAMED = pytest.StashKey[frozenset[Path]]()


class NotAsWanted(Exception):
    """A test of a scenario fails; the text says it all, a traceback would add nothing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names scenario files, and the one that writes records."""
    parser.addini(
        _INI,
        "scenario files that are tests: patterns such as scenarios/*.yaml, from the folder of the configuration",
        type="args",
        default=[],
    )
    parser.getgroup("callsim").addoption(
        "--callsim-update",
        action="store_true",
        help="write the records of collected scenarios, compare nothing",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find the files that the option names; a pattern without a file is a mistake that would test nothing."""
    patterns = config.getini(_INI)
    found: set[Path] = set()
    for pattern in patterns:
        files = {path.resolve() for path in config.rootpath.glob(pattern)}
        if not files:
            raise pytest.UsageError(f"{_INI}: found {pattern!r}, which no file in {config.rootpath} is called")
        found |= files
    config.stash[_NAMED] = frozenset(found)
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        _check_all_are_reached(config, found)


def _check_all_are_reached(config: pytest.Config, files: set[Path]) -> None:
    """Refuse test paths that leave out a named file: it would never be collected, and nobody would notice."""
    tops = [(config.rootpath / argument.split("::")[0]).resolve() for argument in config.args]
    left_out = sorted(file for file in files if not any(file.is_relative_to(top) for top in tops))
    if left_out:
        shown = left_out[0].relative_to(config.rootpath.resolve())
        raise pytest.UsageError(
            f"{_INI}: found {shown.as_posix()}, which lies in none of the testpaths and would never be collected; "
            f"add {shown.parts[0]!r} to testpaths"
        )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file that the option names."""
    if file_path.resolve() not in parent.config.stash[_NAMED]:
        return None
    file: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return file


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which records were written."""
    if config.getoption("--callsim-update"):
        for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
            terminalreporter.ensure_newline()
            for title, text in report.sections:
                if title == f"Captured {_SECTION} call":
                    terminalreporter.line(text)


class ScenarioFile(pytest.File):
    """A scenario or an experiment: its expectations and its record."""

    _found: CheckResult | Exception | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each line of ``expect`` of each variant, and one for the record."""
        import callsim
        from callsim.report.checks import expected

        try:
            experiment = callsim.load_experiment(self.path)
            lines = expected(experiment)
        except callsim.CallsimError as error:
            raise self.CollectError(str(error)) from None
        for at, line in enumerate(lines):
            prefix = "" if line.variant == experiment.base.name else f"{line.variant}: "
            yield ExpectationItem.from_parent(self, name=f"{prefix}{line.text}", at=at)
        yield RecordItem.from_parent(self, name="record")

    def checked(self) -> CheckResult:
        """Return what was found of the expectations; all tests of the file share one simulation."""
        import callsim

        if self._found is None:
            try:
                self._found = callsim.check(callsim.load_experiment(self.path), workers=_workers())
            except callsim.CallsimError as error:
                self._found = error
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


def _workers() -> int | None:
    """Return the worker processes of a simulation: none besides those of pytest-xdist."""
    return 1 if "PYTEST_XDIST_WORKER" in os.environ else None


class _Item(pytest.Item):
    """A test of a scenario."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the text of a failure; a traceback only for a bug of callsim."""
        from callsim.errors import CallsimError

        error = excinfo.value
        if isinstance(error, NotAsWanted) or (isinstance(error, CallsimError) and error.exit_code != _BUG):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the test is written and what it is called."""
        return self.path, 0, f"{self.path.name}: {self.name}"


_BUG = 3
"""Exit code of errors that are callsim's."""


class ExpectationItem(_Item):
    """One line of ``expect``."""

    def __init__(self, *, at: int, **rest: Any) -> None:
        super().__init__(**rest)
        self._at = at

    def runtest(self) -> None:
        """Fail unless the expectation is met."""
        from callsim.report.checks import verdict_text

        assert isinstance(self.parent, ScenarioFile)
        verdict = self.parent.checked().expectations[self._at]
        if verdict.outcome.value != "met":
            raise NotAsWanted(f"{self.path.name}: {verdict_text(verdict)}")


class RecordItem(_Item):
    """The record beside a scenario."""

    def runtest(self) -> None:
        """Fail unless the scenario comes to what is recorded; with ``--callsim-update`` record it."""
        import callsim
        from callsim.report.record_checks import record_check_text

        if self.config.getoption("--callsim-update"):
            is_new = callsim.update_record(self.path, workers=_workers())
            written = f"{self.path.name}: {'recorded' if is_new else 'as recorded, nothing written'}"
            self.add_report_section("call", _SECTION, written)
            return
        place = callsim.record_path(self.path)
        if not place.exists():
            advice = "make it with `pytest --callsim-update`, read it, and keep it under version control"
            raise NotAsWanted(f"{self.path.name}: has no record ({place.name}); {advice}")
        found = callsim.check_record(self.path, workers=_workers())
        if not found.ok:
            raise NotAsWanted(record_check_text(found))


@pytest.fixture(scope="session")
def callsim_run() -> Callable[..., callsim.Result]:
    """`callsim.run` for tests: whoever asks for the same file and settings again gets the same result, run once.

    >>> def test_few_callers_give_up(callsim_run):  # doctest: +SKIP
    ...     assert callsim_run("plans/office.yaml", replications=20).value("abandonment_ratio") < 0.1
    """
    import callsim

    results: dict[tuple[Any, ...], callsim.Result] = {}

    def run(scenario: str | Path, **settings: Any) -> callsim.Result:
        key = (Path(scenario).resolve(), repr(sorted(settings.items())))
        if key not in results:
            results[key] = callsim.run(scenario, **{"workers": _workers(), **settings})
        return results[key]

    return run


@pytest.fixture(scope="session")
def assert_equivalent() -> Callable[..., None]:
    """Return a function that fails unless two results are the same, give or take a margin.

    Its arguments are those of `callsim.report.equivalent.not_equivalent`.

    >>> def test_the_desk_is_as_good_as_the_old_one(callsim_run, assert_equivalent):  # doctest: +SKIP
    ...     before, after = (callsim_run(f"plans/{name}.yaml", replications=40) for name in ("old", "new"))
    ...     assert_equivalent(before, after, "service_level", margin=0.02)
    """

    def check(base: callsim.Result, other: callsim.Result, *measures: str, **how: Any) -> None:
        __tracebackhide__ = True
        from callsim.report.equivalent import not_equivalent

        said = not_equivalent(base, other, measures, **how)
        if said:
            pytest.fail("\n".join(said), pytrace=False)

    return check

"""Progress: nothing for a short run, a line now and then in a log file, a bar on a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from callsim.cli import progress
from callsim.cli.progress import Watch, time_left


class Clock:
    """A clock that is put forward by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time. [s]"""
        return self.now


@pytest.mark.parametrize(
    ("seconds", "finished", "in_all", "text"),
    [(60.0, 10, 40, "3:00"), (3600.0, 1, 3, "2:00:00"), (5.0, 0, 10, "0:50"), (9.0, 9, 9, "0:00")],
)
def test_time_left_goes_on_at_the_pace_so_far(seconds: float, finished: int, in_all: int, text: str) -> None:
    """Ten jobs in a minute leave three minutes for thirty."""
    assert time_left(seconds, finished, in_all) == text


def test_a_short_run_says_nothing_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A script's log is not cluttered."""
    clock = Clock()
    with Watch(clock=clock) as watch:
        clock.now = 29.0
        watch(1, 40)
    assert capsys.readouterr().err == ""


def test_a_long_run_says_a_line_each_half_minute_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """With how many are done and how long it will take; not after the last."""
    clock = Clock()
    with Watch(clock=clock) as watch:
        for clock.now, finished in ((30.0, 10), (31.0, 11), (61.0, 20), (99.0, 40)):
            watch(finished, 40)
    assert capsys.readouterr().err == (
        "10 of 40 replications, about 1:30 left\n20 of 40 replications, about 1:02 left\n"
    )


def test_a_line_goes_by_the_pace_since_the_line_before(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten slow ones in half a minute, then 300 in as long: the last 90 take nine seconds, not a quarter of a minute."""
    clock = Clock()
    with Watch(clock=clock) as watch:
        for clock.now, finished in ((30.0, 10), (60.0, 310)):
            watch(finished, 400)
    assert capsys.readouterr().err == (
        "10 of 400 replications, about 19:30 left\n310 of 400 replications, about 0:09 left\n"
    )


def test_quiet_says_nothing_however_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet means it."""
    clock = Clock()
    with Watch(quiet=True, clock=clock) as watch:
        clock.now = 1000.0
        watch(10, 40)
    assert capsys.readouterr().err == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_appears_on_a_terminal_once_the_run_has_lasted_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is put away at the end."""
    monkeypatch.setattr(sys, "stderr", _Terminal())
    drawn: list[int] = []
    monkeypatch.setattr(progress, "_bar", lambda in_all: (_Bar(drawn), 0))
    clock = Clock()
    with Watch(clock=clock) as watch:
        for clock.now, finished in ((1.0, 1), (2.0, 2), (3.0, 3)):
            watch(finished, 40)
    assert drawn == [2, 3, -1]


class _Bar:
    def __init__(self, drawn: list[int]) -> None:
        self.drawn = drawn

    def update(self, task: int, completed: int, total: int) -> None:
        self.drawn.append(completed)

    def stop(self) -> None:
        self.drawn.append(-1)


def test_the_real_bar_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows the count and goes to standard error."""
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    clock = Clock()
    with Watch(clock=clock) as watch:
        clock.now = 5.0
        watch(7, 40)
    assert "7/40" in terminal.getvalue()

"""What the README shows is executed: its scenario resolves, its Python runs, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def blocks(root: Path, language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_scenarios_in_the_readme_resolve(root: Path, tmp_path: Path) -> None:
    """A reader who copies a scenario can run it."""
    from callsim.scenario import load, resolve

    shown = blocks(root, "yaml")
    assert shown
    for text in shown:
        path = tmp_path / "shown.yaml"
        path.write_text(text, encoding="utf-8")
        resolve(load(path)).check()


@pytest.mark.slow
def test_python_in_the_readme_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader who copies the Python sees a table, and the block's own assertion holds."""
    monkeypatch.chdir(root)
    (shown,) = blocks(root, "python")
    exec(compile(shown, "README.md", "exec"), {"__name__": "readme"})
    assert "answered" in capsys.readouterr().out


def test_commands_in_the_readme_exist(root: Path) -> None:
    """Every `callsim <command>` of the table is one of the program's commands, with the options shown."""
    import click

    from callsim.cli import main

    assert isinstance(main, click.Group)
    shown = re.findall(r"`callsim ([a-z]+)([^`]*)`", (root / "README.md").read_text(encoding="utf-8"))
    assert shown
    context = click.Context(main)
    for name, rest in shown:
        command = main.get_command(context, name)
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options

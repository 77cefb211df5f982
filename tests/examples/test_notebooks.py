"""The notebooks: they run from the first cell to the last, use the public names only, and are kept without outputs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import callsim
import callsim.codes
import callsim.report.figures

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = tuple(path.name for path in sorted(FOLDER.glob("*.ipynb")))
PUBLIC: dict[str, Any] = {
    "callsim": callsim.__all__,
    "callsim.codes": callsim.codes.__all__,
    "callsim.report.figures": callsim.report.figures.__all__,
}
"""What a notebook may use of callsim: module -> its public names."""
LIBRARIES = sys.stdlib_module_names | {"numpy"}

# Runs a notebook's cells as a kernel would: one namespace, and the last expression of a cell is shown.
KERNEL = """
import ast, json, sys
for library in ("pandas", "polars", "IPython"):
    sys.modules[library] = None  # notebooks must do without
names = {"__name__": "__main__"}
with open(sys.argv[1], encoding="utf-8") as file:
    cells = json.load(file)["cells"]
for number, cell in enumerate(cells, 1):
    if cell["cell_type"] != "code":
        continue
    tree = ast.parse("".join(cell["source"]))
    shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    place = f"{sys.argv[1]}, cell {number}"
    exec(compile(tree, place, "exec"), names)
    if shown is not None:
        value = eval(compile(ast.Expression(shown.value), place, "eval"), names)
        picture = getattr(value, "_repr_svg_", None)
        print("" if value is None else picture()[:40] if picture else repr(value))
"""


def read(name: str) -> dict[str, Any]:
    """Return a notebook of the repository."""
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def source(notebook: dict[str, Any], kind: str) -> list[str]:
    """Return the texts of the cells of one kind."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def traces_of_a_run(notebook: dict[str, Any]) -> list[str]:
    """Return what an execution left behind."""
    found = [f"metadata {key}" for key in notebook["metadata"] if key not in {"kernelspec", "language_info"}]
    if set(notebook["metadata"].get("language_info", {})) - {"name"}:
        found.append("the version of an interpreter")
    for number, cell in enumerate(notebook["cells"], 1):
        found += [f"cell {number}: {key}" for key in ("outputs", "execution_count", "metadata") if cell.get(key)]
    return found


def ends_with_an_assertion(notebook: dict[str, Any]) -> bool:
    """Return whether the last cell is code and its last statement an assertion."""
    cell = notebook["cells"][-1]
    return cell["cell_type"] == "code" and isinstance(ast.parse("".join(cell["source"])).body[-1], ast.Assert)


def strangers(code: str) -> list[str]:
    """Return the imports and names in a notebook's code that are not public, or of a library that may be missing."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name not in LIBRARIES | {"callsim"}]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            allowed = PUBLIC.get(module)
            if allowed is None:
                found += [module] if module.split(".")[0] not in LIBRARIES else []
            else:
                found += [f"{module}.{alias.name}" for alias in node.names if alias.name not in allowed]
        elif isinstance(node, ast.Attribute):
            of_callsim = isinstance(node.value, ast.Name) and node.value.id == "callsim"
            if node.attr.startswith("_") or (of_callsim and node.attr not in PUBLIC["callsim"]):
                found.append(f"{ast.unparse(node)}")
    return found


def loose_answers(notebook: dict[str, Any]) -> list[str]:
    """Return what is wrong with questions and answers: none asked, or an answer that is not folded away."""
    text = "\n".join(source(notebook, "markdown"))
    found = [] if "**Question 1.**" in text else ["no question"]
    opened = text.count("<details><summary>")
    if opened != text.count("</details>") or opened < text.count("**Question "):
        found.append("an answer that is not folded")
    return found


def test_there_are_six_notebooks_and_the_readme_lists_them() -> None:
    """A reader finds every notebook in the list, and every one in the list exists."""
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(NOTEBOOKS) == 6
    assert [name for name in NOTEBOOKS if f"({name})" not in listed] == []
    assert listed.count(".ipynb)") == len(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_kept_without_traces_of_a_run(name: str) -> None:
    """Outputs, counters and the interpreter's version would change with every reader."""
    assert traces_of_a_run(read(name)) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_ends_with_an_assertion(name: str) -> None:
    """A notebook that only shows something cannot fail."""
    assert ends_with_an_assertion(read(name))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_asks_and_folds_its_answers(name: str) -> None:
    """A student thinks before he reads the answer."""
    assert loose_answers(read(name)) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_states_its_quick_mode(name: str) -> None:
    """The first text says what CALLSIM_QUICK changes, and the code obeys it."""
    notebook = read(name)
    assert "CALLSIM_QUICK=1" in source(notebook, "markdown")[0]
    assert 'os.environ.get("CALLSIM_QUICK") == "1"' in source(notebook, "code")[0]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_uses_public_names_only(name: str) -> None:
    """What a student copies keeps working, and needs no library besides callsim's own."""
    assert strangers("\n".join(source(read(name), "code"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_from_the_first_cell_to_the_last(name: str, tmp_path: Path) -> None:
    """In a fresh process, in its own folder, without warnings, without pandas or Jupyter; its assertions hold."""
    root = FOLDER.parent
    surroundings = os.environ | {"CALLSIM_QUICK": "1", "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    surroundings |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", KERNEL, name],
        cwd=FOLDER, env=surroundings, capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]


def notebook_of(*cells: tuple[str, str], **extra: Any) -> dict[str, Any]:
    """Return a small notebook."""
    return {"metadata": {}, "cells": [{"cell_type": kind, "source": [text], **extra} for kind, text in cells]}


def test_reader_finds_outputs_and_counters() -> None:
    """Each trace is named with its cell."""
    guilty = notebook_of(("code", "1"), outputs=[{}], execution_count=3)
    assert traces_of_a_run(guilty) == ["cell 1: outputs", "cell 1: execution_count"]


def test_reader_finds_a_notebook_that_cannot_fail() -> None:
    """An assertion must be the last statement of the last cell."""
    assert not ends_with_an_assertion(notebook_of(("code", "assert True\nprint(1)")))
    assert not ends_with_an_assertion(notebook_of(("code", "assert True"), ("markdown", "the end")))


@pytest.mark.parametrize(
    "line",
    ["import pandas", "from callsim.plan import plan", "callsim.scenario", "result._rows", "import seaborn as s"],
)
def test_reader_finds_names_that_are_not_public(line: str) -> None:
    """Rooms, private names and other libraries are found."""
    assert len(strangers(line)) == 1


def test_reader_finds_open_answers_and_missing_questions() -> None:
    """A question needs a folded answer."""
    assert loose_answers(notebook_of(("markdown", "text"))) == ["no question"]
    assert loose_answers(notebook_of(("markdown", "**Question 1.** Why?"))) == ["an answer that is not folded"]

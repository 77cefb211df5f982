"""The floors of the house: who may import whom, and where the heavy libraries may be used."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "callsim"


@dataclass(frozen=True)
class Room:
    """What one room may import. A room is a module or a folder of the package."""

    floor: int
    rooms: frozenset[str]
    """Rooms of callsim, besides itself."""
    libraries: frozenset[str] = frozenset()
    """Libraries besides the standard one and numpy."""
    on_use: frozenset[str] = frozenset()
    """Libraries that only a function body may import."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


GROUND = "errors units codes on_use"
FIRST = f"{GROUND} plan runlog"
SECOND = f"{FIRST} scenario engines.simpy engines.compiled measures stats theory"
THIRD = f"{SECOND} experiments"

HOUSE = {
    "errors": Room(0, _names("")),
    "units": Room(0, _names("errors")),
    "codes": Room(0, _names("")),
    "on_use": Room(0, _names("")),
    "plan": Room(1, _names(GROUND)),
    "runlog": Room(1, _names(GROUND), on_use=_names("duckdb")),
    "scenario": Room(2, _names(FIRST), libraries=_names("pydantic pydantic_core yaml yamlcore")),
    "engines": Room(2, _names("")),
    "engines.simpy": Room(2, _names(FIRST), libraries=_names("simpy")),
    "engines.compiled": Room(2, _names(FIRST), libraries=_names("numba llvmlite")),
    "measures": Room(2, _names(FIRST)),
    "stats": Room(2, _names(GROUND), libraries=_names("scipy")),
    "theory": Room(2, _names(GROUND), libraries=_names("scipy")),
    "experiments": Room(3, _names(SECOND), on_use=_names("scipy duckdb")),
    "report": Room(4, _names(THIRD), on_use=_names("matplotlib jinja2 rich duckdb pandas polars")),
    "testing": Room(4, _names(THIRD), on_use=_names("hypothesis")),
    "cli": Room(5, _names("errors report callsim"), libraries=_names("click"), on_use=_names("rich")),
    "pytest_plugin": Room(5, _names("errors report callsim"), libraries=_names("pytest")),
    "callsim": Room(5, _names(f"{THIRD} report"), on_use=_names("")),
    "__main__": Room(5, _names("cli")),
}
"""The table of the architecture page. "callsim" is the package's own `__init__`: the public names."""


@dataclass(frozen=True)
class Import:
    """One import statement."""

    module: str
    line: int
    inside: bool
    """In a function body or behind TYPE_CHECKING: not paid when the module is imported."""


def room_of(module: str) -> str:
    """Return the room that a dotted module of the package belongs to."""
    parts = module.split(".")
    if parts == ["callsim"]:
        return "callsim"
    if parts[1] == "engines":
        return ".".join(parts[1:3])
    return parts[1]


def imports(path: Path) -> list[Import]:
    """Return every import of a file, relative ones made absolute."""
    package = ("callsim", *path.relative_to(PACKAGE).parent.parts)
    found: list[Import] = []

    def visit(node: ast.AST, inside: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, node.lineno, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (origin, node.module) if part)
            if _is_bare(module):
                found.extend(Import(f"{module}.{alias.name}", node.lineno, inside) for alias in node.names)
            else:
                found.append(Import(module, node.lineno, inside))
        deeper = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _is_typing(node)
        for child in ast.iter_child_nodes(node):
            visit(child, deeper)

    visit(ast.parse(path.read_text(encoding="utf-8")), inside=False)
    return found


def _is_bare(module: str) -> bool:
    """`from callsim import errors` names a room in what is imported, not in where it comes from."""
    return module in ("callsim", "callsim.engines")


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _target(module: str) -> str:
    """Room that an import leads to; a public name taken from the package itself leads to "callsim"."""
    parts = module.split(".")
    if len(parts) == 1 or room_of(module) in HOUSE:
        return room_of(module)
    return "callsim"


def complaints(path: Path) -> list[str]:
    """Return what a file imports against the table."""
    here = path.relative_to(PACKAGE.parent)
    module = ".".join(here.with_suffix("").parts).removesuffix(".__init__")
    name = room_of(module)
    if name not in HOUSE:
        return [f"{here}: {name} is not a room of the house; draw it into the table first"]
    room = HOUSE[name]
    said = []
    for found in imports(path):
        top = found.module.split(".")[0]
        if top == "callsim":
            target = _target(found.module)
            if target != name and target not in room.rooms:
                said.append(f"{here}:{found.line}: {name} must not import {target}")
        elif top not in sys.stdlib_module_names and top != "numpy":
            if top not in room.libraries | room.on_use:
                said.append(f"{here}:{found.line}: {top} has no place in {name}")
            elif top in room.on_use and not found.inside:
                said.append(f"{here}:{found.line}: {name} imports {top} on use only, inside the function that needs it")
    return said


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_what_its_floor_allows(path: Path) -> None:
    """Lower floors never import higher ones, rooms of one floor do not talk, heavy libraries stay where they belong."""
    assert complaints(path) == []


def test_table_itself_has_no_import_upwards_or_sideways() -> None:
    """What the table allows is below the room it is allowed to; the doors may use the public names."""
    wrong = [
        f"{name} -> {other}"
        for name, room in HOUSE.items()
        for other in room.rooms
        if other != "callsim" and not HOUSE[other].floor < room.floor and (name, other) not in SAME_FLOOR
    ]
    assert wrong == []


SAME_FLOOR = {("units", "errors"), ("__main__", "cli")}
"""On the ground floor text that cannot be read becomes an error; `python -m callsim` opens the door."""


def test_relative_and_nested_imports_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader finds a forbidden import however it is written."""
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "callsim")
    guilty = tmp_path / "callsim" / "stats" / "intervals.py"
    guilty.parent.mkdir(parents=True)
    guilty.write_text(
        "from ..measures import catalogue\nfrom callsim import plan\nimport matplotlib.pyplot\n"
        "def draw():\n    import callsim.theory.erlang\n    from scipy import special\n"
    )
    assert [line.split(": ", 1)[1] for line in complaints(guilty)] == [
        "stats must not import measures",
        "stats must not import plan",
        "matplotlib has no place in stats",
        "stats must not import theory",
    ]

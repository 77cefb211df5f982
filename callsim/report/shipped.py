"""The scenarios that come with callsim: their list, and copies to work on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from callsim.errors import CallsimError, OutputError
from callsim.report.output import check_folder, write_all
from callsim.report.table import Column, Table

__all__ = ["copy_out", "folder", "shipped", "shipped_table"]

_HEAD = re.compile(r"^(?:#\s*(?!yaml-language-server)|(?:name|about):\s*)(?P<text>\S.*)$", re.MULTILINE)
_WORD = re.compile(r"[\w./-]+\.(?:ya?ml|csv)\b")


def folder() -> Path:
    """Return the folder of the shipped scenarios.

    Raises
    ------
    CallsimError
        If this installation has none.
    """
    package = Path(__file__).resolve().parent.parent
    # An installed package carries them inside; in a clone they stand at the top, where people look.
    for place in (package / "scenarios", package.parent / "scenarios"):
        if place.is_dir():
            return place
    raise CallsimError("this installation has no shipped scenarios; install callsim from its wheel or from a clone")


def shipped() -> dict[str, Path]:
    """Return name -> file of every shipped scenario and experiment; the name is its path without ``.yaml``."""
    top = folder()
    return {path.relative_to(top).with_suffix("").as_posix(): path for path in sorted(top.rglob("*.yaml"))}


def shipped_table() -> Table:
    """Return the list of the shipped scenarios with their names in words."""
    rows = tuple((name, _heading(path)) for name, path in shipped().items())
    return Table("Scenarios", (Column("name"), Column("what it is", words=True)), rows, (f"They are in {folder()}",))


def copy_out(name: str, to: Path, force: bool = False) -> tuple[Path, ...]:
    """Copy a shipped scenario and the files that it names; return where the copies are.

    Parameters
    ----------
    name : str
        As in the list; ``.yaml`` may be there or not.
    to : Path
        A folder that exists.
    force : bool
        Replace files that are there.

    Raises
    ------
    CallsimError
        If there is no such scenario.
    OutputError
        If a file is there already or cannot be written; then none is copied.
    """
    known = shipped()
    wanted = name.removesuffix(".yaml").removeprefix("scenarios/")
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=1) or [key for key in known if key.endswith(f"/{wanted}")]
        advice = f"did you mean {near[0]}?" if near else "`callsim scenarios` lists them"
        raise CallsimError(f"there is no shipped scenario {name!r}; {advice}")
    check_folder(to)
    start = known[wanted]
    places = {path: (to / path.relative_to(start.parent)) for path in _with_companions(start)}
    there = [str(place) for place in places.values() if place.exists()]
    if there and not force:
        raise OutputError(f"{', '.join(there)}: is there already; --force replaces it, --to chooses another folder")
    for place in places.values():
        place.parent.mkdir(parents=True, exist_ok=True)
    write_all({place: path.read_bytes() for path, place in places.items()})
    return tuple(places.values())


def _with_companions(start: Path) -> Iterator[Path]:
    """Yield a file and, again and again, the files in its folder that it names."""
    seen: dict[Path, None] = {start: None}
    line = [start]
    while line:
        path = line.pop(0)
        yield path
        if path.suffix != ".yaml":
            continue
        for word in _WORD.findall(path.read_text(encoding="utf-8")):
            other = (path.parent / word).resolve()
            if other.is_file() and other.is_relative_to(start.parent.resolve()) and other not in seen:
                seen[other] = None
                line.append(start.parent / other.relative_to(start.parent.resolve()))


def _heading(path: Path) -> str:
    """Return what a file calls itself."""
    text = path.read_text(encoding="utf-8")
    named = re.search(r"^name:\s*(.+?)\s*(?:#.*)?$", text, re.MULTILINE)
    if named:
        return named[1].strip("\"'")
    found = _HEAD.search(text)
    return found["text"] if found else ""

"""Object code on disk: where it is kept, under which key, and when it is no longer good.

A file says what it was made of: its key (functions, tables, versions, processor, place of the
sources) stands in its name and again inside, with the SHA-256 of every source file that had a part in it and of
the code itself. What does not hold to the letter is compiled anew. Files are written beside their place and
moved there whole, so that any number of processes may do so at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from callsim.engines.compiled.tables import Recipe

__all__ = ["FORMAT", "KEPT", "find", "folder", "is_empty", "keep", "key"]

FORMAT = "callsim object code 1"
"""First line of a file; the number grows when what follows, or how code is called, changes its meaning."""
KEPT = 24
"""Files that are left when one is added, the last used ones."""
_STRAY_AFTER = 3600.0
"""Seconds after which a file that was never finished is litter."""
_OWNER_ONLY = 0o700


def folder() -> Path | None:
    """Return the folder for object code, made if need be; None if no place is ours to write to.

    Tried are ``CALLSIM_CACHE_DIR``, ``XDG_CACHE_HOME``, ``~/.cache`` and a private folder among the temporary files.
    Code is only taken from a folder that belongs to us and that nobody else may write to.
    """
    return next((place for root in _roots() if (place := _private(root / "callsim" / "compiled"))), None)


def is_empty() -> bool:
    """Return whether there is no object code at all; much cheaper to find out than whether some is good."""
    place = folder()
    return place is None or next(place.glob("*.o"), None) is None


def _roots() -> Iterator[Path]:
    for name in ("CALLSIM_CACHE_DIR", "XDG_CACHE_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    with contextlib.suppress(RuntimeError):
        yield Path.home() / ".cache"
    owner = _owner()
    yield Path(tempfile.gettempdir()) / f"callsim-{'user' if owner is None else owner}"


def _owner() -> int | None:
    return os.getuid() if hasattr(os, "getuid") else None


def _private(place: Path) -> Path | None:
    """Make a folder; return it if it is ours alone to write to."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        for each in (place.parent, place):
            found = each.lstat()
            if not stat.S_ISDIR(found.st_mode):
                return None
            if _owner() is not None and (found.st_uid != _owner() or found.st_mode & 0o022):
                return None
        return place if os.access(place, os.W_OK | os.X_OK) else None
    except OSError:
        return None


def key(recipe: Recipe) -> str:
    """Return what has to be the same for object code to be good, its sources aside, as 32 hexadecimal digits."""
    from callsim.engines.compiled.machine import processor, triple

    homes = tuple(str(_home(function.source)) for function in recipe.functions)
    parts = (FORMAT, recipe, _versions(), processor(), triple(), homes)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@cache
def _versions() -> tuple[str, ...]:
    libraries = tuple(version(library) for library in ("numba", "llvmlite", "numpy"))
    return (*libraries, sys.version, sys.implementation.cache_tag or "")


@cache
def _home(name: str) -> Path | None:
    """Return the folder in which the top-level package of a module lies; None if it has no files."""
    found = find_spec(name.partition(":")[0].partition(".")[0])
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).resolve()
    return path.parent.parent if path.name == "__init__.py" else path.parent


def find(recipe: Recipe) -> bytes | None:
    """Return the object code that is kept for functions, None if there is none that is good."""
    place = folder()
    if place is None:
        return None
    wanted = key(recipe)
    path = _path(place, recipe, wanted)
    try:
        content = path.read_bytes()
        code = _good(content, wanted)
        if code is not None:
            os.utime(path)  # the last used ones are kept
    except OSError:
        return None
    return code


def _path(place: Path, recipe: Recipe, wanted: str) -> Path:
    return place / f"{recipe.functions[0].name}-{wanted}.o"


def _good(content: bytes, wanted: str) -> bytes | None:
    """Return the code of a file if all that the file says of itself is true."""
    first, _, rest = content.partition(b"\n")
    line, _, code = rest.partition(b"\n")
    if first != FORMAT.encode():
        return None
    try:
        head = json.loads(line)
        true = head["key"] == wanted and head["sha256"] == hashlib.sha256(code).hexdigest()
        return code if true and all(_unchanged(*source) for source in head["sources"]) else None
    except (ValueError, LookupError, TypeError):
        return None


def _unchanged(top: str, inside: str, digest: str) -> bool:
    home = _home(top)
    try:
        return home is not None and hashlib.sha256((home / inside).read_bytes()).hexdigest() == digest
    except OSError:
        return False


def keep(recipe: Recipe, code: bytes, sources: Sequence[Sequence[str]]) -> bool:
    """Keep object code for other processes and later ones.

    Parameters
    ----------
    recipe : Recipe
        What it was made from, sources and machine aside.
    code : bytes
        The object file.
    sources : sequence of (top, path, SHA-256)
        The files it was made from.

    Returns
    -------
    bool
        False if no place could be written to.
    """
    place = folder()
    if place is None:
        return False
    wanted = key(recipe)
    head = {"key": wanted, "sha256": hashlib.sha256(code).hexdigest(), "sources": [list(source) for source in sources]}
    try:
        number, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=place)
    except OSError:
        return False
    try:
        with open(number, "wb") as file:
            file.write(FORMAT.encode() + b"\n" + json.dumps(head).encode() + b"\n" + code)
        os.replace(name, _path(place, recipe, wanted))
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)
    _prune(place)
    return True


def _prune(place: Path) -> None:
    """Delete what has long not been used, and what was never finished."""
    with contextlib.suppress(OSError):
        used = sorted(((path.stat().st_mtime, path) for path in place.glob("*.o")), reverse=True)
        stray = [path for path in place.glob(".*.tmp") if path.stat().st_mtime < time.time() - _STRAY_AFTER]
        for path in [path for _, path in used[KEPT:]] + stray:
            path.unlink(missing_ok=True)

"""Object code on disk: only what holds to the letter is good; anything else is compiled anew."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callsim.engines.compiled import cache, machine
from callsim.engines.compiled.building import Source
from callsim.engines.compiled.tables import Field, Function, Recipe

RECIPE = Recipe(
    (Function("add", "standin_kernel.kernel:add", ("rows",)),),
    (("rows", (Field("value", "int64", 1),)),),
)
CODE = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep object code in a folder of the test."""
    monkeypatch.setenv("CALLSIM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "callsim" / "compiled"


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source file of a kernel, in a package of its own."""
    folder = tmp_path / "kernel_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "helper.py").write_text("FACTOR = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    cache._home.cache_clear()
    return folder / "helper.py"


def sources_of(helper: Path) -> list[Source]:
    """Return what a compiler's process says of a source file."""
    from hashlib import sha256

    return [("kernel_of_a_test", "kernel_of_a_test/helper.py", sha256(helper.read_bytes()).hexdigest())]


def the_file(place: Path) -> Path:
    """Return the only file that is kept."""
    (found,) = place.glob("*")
    return found


def test_what_is_kept_is_found(place: Path) -> None:
    """And stands in a file and a folder that nobody else can write to."""
    assert cache.is_empty()
    assert cache.find(RECIPE) is None
    assert cache.keep(RECIPE, CODE, [])
    assert cache.find(RECIPE) == CODE
    assert not cache.is_empty()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(place).stat().st_mode) == 0o600


def test_an_edited_helper_in_another_file_is_noticed(helper: Path) -> None:
    """The stale-cache trap: a cache that looks at the outer function's file only gives the old answer."""
    assert cache.keep(RECIPE, CODE, sources_of(helper))
    assert cache.find(RECIPE) == CODE
    helper.write_text("FACTOR = 3\n")
    assert cache.find(RECIPE) is None
    helper.write_text("FACTOR = 2\n")
    assert cache.find(RECIPE) == CODE
    helper.unlink()
    assert cache.find(RECIPE) is None


@pytest.mark.parametrize("n", [0, 5, 30, 200, len(CODE) - 1])
def test_a_truncated_file_is_not_taken(place: Path, n: int) -> None:
    """Wherever it ends."""
    assert cache.keep(RECIPE, CODE, [])
    the_file(place).write_bytes(the_file(place).read_bytes()[:n])
    assert cache.find(RECIPE) is None
    assert cache.keep(RECIPE, CODE, [])
    assert cache.find(RECIPE) == CODE


def test_no_bit_of_a_file_may_change(place: Path) -> None:
    """Neither of the code nor of what the file says of itself."""
    assert cache.keep(RECIPE, CODE, [])
    good = the_file(place).read_bytes()
    for at in [*range(0, len(good) - len(CODE), 7), len(good) - len(CODE), len(good) - 1]:
        the_file(place).write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert cache.find(RECIPE) in (None, CODE)
        if at >= len(good) - len(CODE):
            assert cache.find(RECIPE) is None


@pytest.mark.parametrize("head", [b"[]", b"{}", b"null", b'{"key": 1, "sha256": 2, "sources": 3}', b"\xff\xfe"])
def test_a_foreign_file_is_not_taken(place: Path, head: bytes) -> None:
    """Nor does it raise anything."""
    assert cache.keep(RECIPE, CODE, [])
    the_file(place).write_bytes(cache.FORMAT.encode() + b"\n" + head + b"\n" + CODE)
    assert cache.find(RECIPE) is None


def test_a_file_under_another_name_is_not_taken(place: Path) -> None:
    """What a file is for stands inside."""
    other = RECIPE._replace(tables=(("rows", (Field("value", "float64", 1),)),))
    assert cache.keep(other, CODE, [])
    the_file(place).rename(cache._path(place, RECIPE, cache.key(RECIPE)))
    assert cache.find(RECIPE) is None


def test_code_for_another_processor_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder may be shared by machines of several kinds."""
    assert cache.keep(RECIPE, CODE, [])
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    machine.processor.cache_clear()
    try:
        assert machine.processor() == ("generic", "")
        assert cache.find(RECIPE) is None
        assert cache.keep(RECIPE, CODE[::-1], [])
        assert cache.find(RECIPE) == CODE[::-1]
    finally:
        monkeypatch.undo()
        machine.processor.cache_clear()


def test_versions_are_part_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another numba makes other code."""
    before = cache.key(RECIPE)
    monkeypatch.setattr(cache, "_versions", lambda: ("0.0",))
    assert cache.key(RECIPE) != before


def test_the_first_place_that_is_ours_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that is named, then the user's caches, then a private folder among the temporary files."""
    blocked = tmp_path / "a file"
    blocked.write_text("")
    named, caches, home, spare = (tmp_path / name for name in ("named", "caches", "home", "spare"))
    spare.mkdir()
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(spare))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
    monkeypatch.setenv("CALLSIM_CACHE_DIR", str(named))
    end = Path("callsim/compiled")
    assert cache.folder() == named / end
    monkeypatch.setenv("CALLSIM_CACHE_DIR", str(blocked))
    assert cache.folder() == caches / end
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert cache.folder() == home / ".cache" / end
    monkeypatch.setenv("HOME", str(blocked))
    found = cache.folder()
    assert found is not None
    assert found.is_relative_to(spare)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(blocked))
    assert cache.folder() is None
    assert cache.find(RECIPE) is None
    assert not cache.keep(RECIPE, CODE, [])
    assert cache.is_empty()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_a_folder_that_others_can_write_to_is_not_taken(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code is run as it is found: nobody else may put it there."""
    assert cache.folder() == place
    place.chmod(0o770)
    assert cache.folder() != place
    place.chmod(0o700)
    place.parent.chmod(0o777)
    assert cache.folder() != place
    place.parent.chmod(0o700)
    assert cache.folder() == place
    monkeypatch.setattr(cache, "_owner", lambda: os.getuid() + 1)
    assert cache.folder() != place


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no symbolic links")
def test_a_link_that_leads_elsewhere_is_not_taken(place: Path, tmp_path: Path) -> None:
    """Somebody else may have laid it among the temporary files."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    place.parent.mkdir(parents=True, mode=0o700)
    place.symlink_to(elsewhere)
    assert cache.folder() != place


def test_what_was_long_not_used_is_deleted(place: Path) -> None:
    """So is what was never finished; what another process is writing is left."""
    assert cache.keep(RECIPE, CODE, [])
    kept = the_file(place)
    old = time.time() - 100_000.0
    for i in range(cache.KEPT + 3):
        (place / f"old-{i}.o").write_bytes(b"")
        os.utime(place / f"old-{i}.o", (old + i, old + i))
    (place / ".stray.tmp").write_bytes(b"")
    os.utime(place / ".stray.tmp", (old, old))
    (place / ".fresh.tmp").write_bytes(b"")
    assert cache.keep(RECIPE, CODE, [])
    left = {path.name for path in place.iterdir()}
    assert left == {kept.name, ".fresh.tmp", *(f"old-{i}.o" for i in range(4, cache.KEPT + 3))}


KEEP_AND_FIND = """
from callsim.engines.compiled import cache
from callsim.engines.compiled.tables import Field, Function, Recipe
recipe, code = {recipe!r}, {code!r}
for _ in range(40):
    assert cache.keep(recipe, code, [])
    assert cache.find(recipe) == code
"""


@pytest.mark.slow
def test_six_processes_may_keep_the_same_code_at_once(place: Path, root: Path) -> None:
    """On an empty cache: none sees half a file, none leaves anything behind."""
    script = KEEP_AND_FIND.format(recipe=RECIPE, code=CODE)
    running = [subprocess.Popen([sys.executable, "-c", script], cwd=root) for _ in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert the_file(place).suffix == ".o"

"""A kernel's functions through the library: compiled, kept, loaded and interpreted, with the same results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from standin_kernel.kernel import Rows, Sums, tables

from callsim.engines.compiled import cache, library
from callsim.engines.compiled.compiler_process import Compilation
from callsim.engines.compiled.library import Interpreted, Library, accept
from callsim.engines.compiled.tables import Function, Lent, address, cells_of, fields_of, table_of, windows_in
from callsim.errors import EngineError

HOME = "standin_kernel.kernel"
STANDIN = Library(
    Function("add", f"{HOME}:add", ("rows", "sums")),
    Function("cube", f"{HOME}:sum_of_cube", ("rows",)),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache in which the stand-in is kept; compiled once for all tests."""
    place = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLSIM_CACHE_DIR", str(place))
        patch.delenv("CALLSIM_JIT", raising=False)
        rows, sums = tables()
        accept(Compilation(STANDIN.recipe(rows=rows, sums=sums)))
        yield place


def run() -> tuple[int, int, Sums]:
    """Run the stand-in on fresh tables."""
    rows, sums = tables()
    functions = STANDIN.bind(rows=rows, sums=sums)
    return functions.call("add"), functions.call("cube"), sums


def same(one: tuple[int, int, Sums], other: tuple[int, int, Sums]) -> bool:
    """Return whether two runs gave the same."""
    return one[:2] == other[:2] and all(np.array_equal(a, b) for a, b in zip(one[2], other[2], strict=True))


@pytest.fixture
def in_python(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, Sums]:
    """What the stand-in gives as plain Python."""
    with monkeypatch.context() as patch:
        patch.setenv("CALLSIM_JIT", "off")
        return run()


@pytest.mark.slow
def test_compiled_functions_do_what_the_python_functions_do(kept: Path, in_python: tuple[int, int, Sums]) -> None:
    """All kinds of elements, one to three dimensions, functions of two files."""
    assert same(run(), in_python)
    assert in_python[1] == 276


@pytest.mark.slow
@pytest.mark.parametrize("jit", ["on", "off"])
def test_functions_write_where_another_array_was_put(kept: Path, jit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the place of the whole and of its windows: what is there is counted on, and the first is left alone."""
    if jit == "off":
        monkeypatch.setenv("CALLSIM_JIT", "off")
    rows, plain = tables()
    whole = np.zeros(plain.total.size + plain.table.size + 3, np.int64)
    sums = Sums(whole[: plain.total.size], whole[plain.total.size : -3].reshape(plain.table.shape))
    functions = STANDIN.bind(rows=rows, sums=sums)
    functions.call("add")
    first, other = whole.copy(), np.full(len(whole), 100)
    assert first.any()
    assert not first[-3:].any()
    # The total stands first, so that its window is as long as it: the table's is none of that.
    functions.put("sums", "total", other[: plain.total.size])
    functions.call("add")
    assert other[: plain.total.size].tolist() == (100 + first[: plain.total.size]).tolist()
    assert whole[plain.total.size :].tolist() == (2 * first[plain.total.size :]).tolist()
    assert whole[: plain.total.size].tolist() == first[: plain.total.size].tolist()


def test_windows_of_an_array_are_found_by_where_they_lie() -> None:
    """The whole, one inside it, none of another array. Their addresses stand behind the lengths of those before."""
    whole = np.arange(12)
    arrays = Whole(whole[2:], np.arange(3), whole[5:11].reshape(2, 3))
    assert windows_in(arrays, "first") == {"first": 0, "last": 3}
    assert cells_of(arrays) == {"first": 0, "other": 2, "last": 4}
    assert table_of(arrays)[[0, 2, 4]].tolist() == [address(array) for array in arrays]


class Whole(NamedTuple):
    """An array, another one, and a window of the first."""

    first: Any
    other: Any
    last: Any


def test_what_is_lent_is_held_as_long_as_a_window_of_it() -> None:
    """Of whatever shape, also a window of a window, and one of the same cells as numbers without a sign."""
    lent = Lent(10)
    assert not lent.is_held()
    assert lent.cells.tolist() == [0] * 10
    unsigned = lent.cells.view(np.uint64)
    assert lent.is_held()
    del unsigned
    for window in (lambda: lent.cells[2:6].reshape(2, 2), lambda: lent.cells[:3][1:], lambda: lent.cells[4:4]):
        held: Any = window()
        assert lent.is_held()
        del held
        assert not lent.is_held()


ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from standin_kernel.kernel import tables
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.tables import Function
rows, sums = tables()
functions = Library(
    Function("add", "standin_kernel.kernel:add", ("rows", "sums")),
    Function("cube", "standin_kernel.kernel:sum_of_cube", ("rows",)),
).bind(rows=rows, sums=sums)
print(functions.call("add"), functions.call("cube"), int(sums.total[0]), "numba" in sys.modules)
"""
HERE = str(Path(__file__).parent)


@pytest.mark.slow
def test_the_next_process_loads_what_is_kept_without_numba(
    kept: Path, root: Path, in_python: tuple[int, int, Sums]
) -> None:
    """And compiles nothing: the folder is as it was."""
    before = sorted((path.name, path.stat().st_ino) for path in kept.rglob("*.o"))
    said = subprocess.run(
        [sys.executable, "-c", ASK, HERE], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    assert said.split() == [str(in_python[0]), str(in_python[1]), str(int(in_python[2].total[0])), "False"]
    assert sorted((path.name, path.stat().st_ino) for path in kept.rglob("*.o")) == before


@pytest.mark.slow
def test_the_file_names_every_source_that_had_a_part(kept: Path) -> None:
    """The helper in the other file, too, and the decorators."""
    (file,) = kept.rglob("*.o")
    said = {inside for _, inside, _ in json.loads(file.read_bytes().split(b"\n")[1])["sources"]}
    assert {"standin_kernel/kernel.py", "standin_kernel/steps.py", "callsim/engines/compiled/jit.py"} <= said


@pytest.mark.slow
def test_without_a_folder_it_is_compiled_in_memory_and_says_so_once(
    kept: Path, monkeypatch: pytest.MonkeyPatch, in_python: tuple[int, int, Sums]
) -> None:
    """Every process compiles, none fails."""
    rows, sums = tables()
    recipe = STANDIN.recipe(rows=rows, sums=sums)
    code = cache.find(recipe)
    assert code is not None

    class Done:
        """A compilation that is over."""

        def __init__(self, recipe: Any) -> None:
            self.recipe = recipe

        def result(self) -> tuple[bytes, list[list[str]]]:
            return code, []

    said: list[str] = []
    library._say_once.cache_clear()
    monkeypatch.setattr(library, "say", said.append)
    monkeypatch.setattr(library, "Compilation", Done)
    monkeypatch.setattr(cache, "folder", lambda: None)
    monkeypatch.setattr(library, "_loaded", {})
    assert same(run(), in_python)
    library._loaded.clear()
    assert same(run(), in_python)
    compiling, unkept, *again = said
    assert "once on this machine" in compiling
    assert "CALLSIM_CACHE_DIR" in unkept
    assert again == [compiling]


@pytest.mark.slow
def test_a_single_call_may_bring_its_own_tables(kept: Path) -> None:
    """They are checked: compiled code would read past the end of what it was not compiled for."""
    rows, sums = tables()
    functions = STANDIN.bind(rows=rows, sums=sums)
    assert functions.call("cube", rows=rows._replace(cube=np.ones((2, 2, 2), np.int64))) == 8
    with pytest.raises(EngineError, match="other arrays"):
        functions.call("cube", rows=rows._replace(cube=np.ones((2, 2, 2), np.int32)))


@pytest.mark.slow
def test_what_makes_an_array_cannot_be_compiled() -> None:
    """Object code has no part of numba's run-time library to make it with."""
    rows, _ = tables()
    allocating = Library(Function("makes", f"{HOME}:makes_an_array", ("rows",)))
    with pytest.raises(EngineError, match="cannot be compiled"):
        Compilation(allocating.recipe(rows=rows)).result()


def test_a_cancelled_compilation_is_over_at_once() -> None:
    """Ctrl-C leaves no process and no file behind."""
    rows, sums = tables()
    compilation = Compilation(STANDIN.recipe(rows=rows, sums=sums))
    compilation.cancel()
    assert compilation.done()
    with pytest.raises(EngineError, match="without an answer"):
        compilation.result()
    compilation.cancel()


def test_with_jit_off_python_runs_and_nothing_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """`CALLSIM_JIT=off` opens the engine to a debugger."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    monkeypatch.setattr(cache, "find", None)
    rows, sums = tables()
    assert isinstance(STANDIN.bind(rows=rows, sums=sums), Interpreted)
    assert STANDIN.ready(rows=rows, sums=sums)
    assert run()[1] == 276


def test_a_table_tells_addresses_and_lengths() -> None:
    """One cell for the address, one for each length; the layout that compiled code reads."""
    rows, _ = tables()
    cells = table_of(rows).tolist()
    assert cells[0] == rows.value.ctypes.data
    assert cells[1] == 100
    assert cells[2:5] == [rows.weight.ctypes.data, 100, 2]
    assert cells[-4:] == [rows.cube.ctypes.data, 2, 3, 4]


@pytest.mark.parametrize(
    "array",
    [np.zeros((2, 3)).T, np.zeros(4)[::2], np.zeros(3, np.complex128), np.zeros(()), [1, 2], np.zeros(2, ">i8")],
    ids=["transposed", "strided", "complex", "no dimension", "a list", "other byte order"],
)
def test_an_array_that_compiled_code_cannot_take_is_refused_by_name(array: Any) -> None:
    """Before its memory is taken for something else."""
    rows, _ = tables()
    with pytest.raises(EngineError, match=r"Rows\.weight"):
        fields_of(rows._replace(weight=array))


def test_fields_say_what_must_be_known_before_compiling() -> None:
    """Names, elements, dimensions; not lengths, unless they never differ."""
    rows, _ = tables()
    assert [tuple(field) for field in fields_of(rows)] == [
        ("value", "int64", 1, 0),
        ("weight", "int64", 2, 0),
        ("share", "float64", 1, 0),
        ("mask", "uint64", 1, 0),
        ("cube", "int64", 3, 0),
    ]
    assert fields_of(rows) == fields_of(Rows(*(array[:1] for array in rows)))


def test_a_table_with_other_columns_than_it_says_is_refused() -> None:
    """Compiled code does not look up how many there are."""

    class Wide(Rows):
        @staticmethod
        def widths() -> dict[str, int]:
            return {"weight": 7}

    rows, _ = tables()
    with pytest.raises(EngineError, match=rf"Wide\.weight has {rows.weight.shape[1]} columns, not 7"):
        fields_of(Wide(*rows))
    assert fields_of(Wide(*rows)._replace(weight=np.zeros((3, 7), np.int64)))[1].width == 7


@pytest.mark.long
def test_six_processes_on_an_empty_cache_all_get_their_answer(tmp_path: Path, root: Path) -> None:
    """Each compiles, one file is left."""
    environment = {**os.environ, "CALLSIM_CACHE_DIR": str(tmp_path)}
    running = [subprocess.Popen([sys.executable, "-c", ASK, HERE], cwd=root, env=environment) for _ in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert len(list((tmp_path / "callsim" / "compiled").iterdir())) == 1

"""How a NamedTuple of arrays is handed to compiled code: as the address of a table of addresses and lengths.

A field of dimension d takes 1 + d cells of int64, one field behind the other: the address of its first
element, then its lengths. Compiled code reads an array's cells where it uses the array (`views`), so that
a function with a hundred arrays at its disposal has one argument, and calling it costs next to nothing.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from callsim.errors import EngineError

__all__ = [
    "DTYPES", "Field", "Fields", "Function", "Lent", "Recipe", "address", "fields_of", "room_for", "table_of",
    "windows", "windows_in", "zeros",
]  # fmt: skip

Int64 = npt.NDArray[np.int64]
_LINE = 8
DTYPES = ("int64", "uint64", "float64", "int32", "uint32", "int8", "uint8", "bool")
"""What the elements of an array may be."""


class Field(NamedTuple):
    """What compiled code must know of one array before it is compiled."""

    name: str
    dtype: str
    """One of `DTYPES`."""
    ndim: int
    """1, 2 or 3."""
    width: int = 0
    """Length of the last axis if it is the same in every table, as where it is columns; 0: any."""


Fields: TypeAlias = tuple[Field, ...]
"""Of a table: one for each of its arrays."""


class Function(NamedTuple):
    """A function of a kernel that Python calls; it returns an integer."""

    name: str
    """By which it is called."""
    source: str
    """``module:function``."""
    tables: tuple[str, ...]
    """Names of the tables that it is given, in order."""


class Recipe(NamedTuple):
    """All that object code is made from, sources and machine aside."""

    functions: tuple[Function, ...]
    tables: tuple[tuple[str, Fields], ...]
    """Name of a table, and its arrays."""


def fields_of(arrays: Any) -> Fields:
    """Return name, type of element and dimension of every array.

    Parameters
    ----------
    arrays : NamedTuple
        Its fields are C-contiguous arrays of one to three dimensions. If it has a method ``widths``, that tells the
        lengths of last axes that never differ, by field: compiled code need not look them up.

    Raises
    ------
    EngineError
        Naming a field that is something else.
    """
    fields = []
    widths: dict[str, int] = arrays.widths() if hasattr(arrays, "widths") else {}
    for name, array in zip(type(arrays)._fields, arrays, strict=True):
        if not isinstance(array, np.ndarray) or array.ndim not in (1, 2, 3) or array.dtype.name not in DTYPES:
            raise EngineError(f"{type(arrays).__name__}.{name} is no array that compiled code can take: {array!r:.80}")
        if not (array.flags.c_contiguous and array.dtype.isnative):
            raise EngineError(f"{type(arrays).__name__}.{name} is not C-contiguous in the byte order of this machine")
        if array.shape[-1] != widths.get(name, array.shape[-1]):
            raise EngineError(f"{type(arrays).__name__}.{name} has {array.shape[-1]} columns, not {widths[name]}")
        fields.append(Field(name, array.dtype.name, array.ndim, widths.get(name, 0)))
    return tuple(fields)


def table_of(arrays: Any) -> npt.NDArray[np.int64]:
    """Return the table of addresses and lengths. It is good for as long as the arrays are kept and not resized."""
    cells: list[int] = []
    for array in arrays:
        cells.append(address(array))
        cells.extend(array.shape)
    return np.array(cells or [0], dtype=np.int64)


def room_for(shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Return how many cells arrays of these shapes take, each beginning with a cache line."""
    return sum(_lines(math.prod(shape)) for shape in shapes.values())


def zeros(*shape: int) -> Int64:
    """Return an array of zeros that begins with a cache line: vectors are read and written without crossing one.

    Parameters
    ----------
    shape : int

    Returns
    -------
    int64[shape]
    """
    n = math.prod(shape)
    return _from_line(np.zeros(n + _LINE, np.int64), n).reshape(shape)


class Lent:
    """An array of which windows are given out; it may be written again as soon as nobody holds one of them.

    Parameters
    ----------
    n : int
        Its length. It begins with a cache line, and holds zeros.
    """

    def __init__(self, n: int) -> None:
        self._owner = np.zeros(n + _LINE, np.int64)
        self.cells = _from_line(self._owner, n)
        """int64[n]"""
        self._mine = sys.getrefcount(self._owner)

    def is_held(self) -> bool:
        """Tell whether somebody holds a window of it: each refers to the array that owns the memory."""
        return sys.getrefcount(self._owner) > self._mine


def _from_line(cells: Int64, n: int) -> Int64:
    """Return `n` cells from the beginning of a cache line on."""
    first = -(address(cells) // cells.itemsize) % _LINE
    return cells[first : first + n]


def address(array: npt.NDArray[Any]) -> int:
    """Return where an array begins in memory."""
    found: int = array.__array_interface__["data"][0]
    return found


def windows(block: Int64, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Int64]:
    """Return windows of these shapes in an array of `room_for` them: what is emptied or copied in one step.

    Parameters
    ----------
    block : int64[cell]
    shapes : mapping of str to tuple of int
    """
    found, first = {}, 0
    for name, shape in shapes.items():
        n = math.prod(shape)
        found[name] = block[first : first + n].reshape(shape)
        first += _lines(n)
    return found


def windows_in(arrays: Any, field: str) -> dict[str, int]:
    """Return which arrays of a table are windows of one of them, itself among them, and where they begin in it.

    Parameters
    ----------
    arrays : NamedTuple
    field : str
        Of the array whose windows are meant.

    Returns
    -------
    dict of str to int
        Field -> first element.
    """
    whole, found = getattr(arrays, field), {}
    for name, array in zip(type(arrays)._fields, arrays, strict=True):
        start = address(array) - address(whole)
        if 0 <= start < whole.nbytes:
            found[name] = start // whole.itemsize
    return found


def cells_of(arrays: Any) -> dict[str, int]:
    """Return in which cell of their table each array's address stands."""
    ends = np.cumsum([1 + array.ndim for array in arrays])
    return dict(zip(type(arrays)._fields, [0, *ends[:-1].tolist()], strict=True))


def _lines(n: int) -> int:
    """Return the number of cells up to the end of a cache line."""
    return -(-n // _LINE) * _LINE

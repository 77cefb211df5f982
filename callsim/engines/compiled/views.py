"""The type that compiled code gives to a table of arrays: one pointer, whose attributes are the arrays.

In Python a kernel's arguments are NamedTuples of arrays. Were they that in compiled code too, each call of a
function would pass seven numbers an array, and with 120 arrays and twenty functions both compiling and running took
many times as long. Here ``state.heads`` loads address and lengths from
the table; the loads are marked as invariant, so that the optimiser takes them out of loops.

Imported only where something is compiled: it imports numba.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from callsim.engines.compiled.tables import Fields

__all__ = ["TableType", "opener"]

_WORD = ir.IntType(64)


class TableType(types.Type):
    """A table whose attributes are arrays."""

    def __init__(self, fields: Fields) -> None:
        self.columns: dict[str, tuple[types.Array, int, int]] = {}
        """Name -> the array's type, the cell in which its address stands, and its width if that is known."""
        cell = 0
        for field in fields:
            array = types.Array(from_dtype(np.dtype(field.dtype)), field.ndim, "C")
            self.columns[field.name] = (array, cell, field.width)
            cell += 1 + field.ndim
        # The name goes into the symbol of every function that takes a table: a short one keeps the code short.
        super().__init__(name=f"Table{hashlib.blake2s(repr(fields).encode(), digest_size=6).hexdigest()}")


@register_model(TableType)
class _TableModel(models.PrimitiveModel):
    """In machine code a table is its address."""

    def __init__(self, manager: Any, table: TableType) -> None:
        super().__init__(manager, table, _WORD.as_pointer())


@infer_getattr
class _TableAttributes(AttributeTemplate):
    key = TableType

    def generic_resolve(self, table: Any, name: Any) -> Any:
        """Return the type of one attribute."""
        return table.columns[name][0] if name in table.columns else None


@lower_getattr_generic(TableType)  # type: ignore[untyped-decorator]
def _array_of(context: Any, builder: Any, table: TableType, address: Any, name: str) -> Any:
    """Build the array that stands in a table's cells."""
    array_type, cell, width = table.columns[name]
    nothing = builder.module.add_metadata([])

    def load(at: int) -> Any:
        word = builder.load(builder.gep(address, [ir.Constant(_WORD, at)]))
        word.set_metadata("invariant.load", nothing)
        return word

    element = context.get_data_type(array_type.dtype)
    size = ir.Constant(_WORD, context.get_abi_sizeof(element))
    shape = [load(cell + 1 + axis) for axis in range(array_type.ndim)]
    if width:
        shape[-1] = ir.Constant(_WORD, width)
    strides = [size]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(array_type)(context, builder)
    populate_array(
        array,
        data=builder.inttoptr(load(cell), element.as_pointer()),
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()


def opener(fields: Fields) -> Any:
    """Return a compiled function that makes a table of an address given as an int64."""
    table = TableType(fields)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], _WORD.as_pointer())

    def open_table(typing_context: Any, address: Any) -> Any:
        return table(types.int64), build

    return intrinsic(open_table)

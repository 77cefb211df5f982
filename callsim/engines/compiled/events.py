"""What happens next: a winner tree for agents and for streams, and a heap for what cannot be planned.

A tree holds one key for each agent, the instant of his next event with his number in the low bits, so that the
smallest key names its owner and ties go to the lower number. Changing a key is one walk to the root, without a
branch that depends on the data.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, inlined

__all__ = ["pop_event", "push_event", "put_event", "put_key", "set_key"]


@inlined
def set_key(tree: Any, leaf: Any, key: Any) -> None:
    """Change the key of a leaf, and the winners on its way to the root, which is ``tree[1]``."""
    put_key(tree, 0, leaf + (tree.shape[0] >> 1), key)


@inlined
def put_key(trees: Any, base: Any, node: Any, key: Any) -> Any:
    """Do this for a leaf of the tree that begins at `base`, given as a node; return the winner of the tree."""
    trees[base + node] = key
    # Each tree has two leaves at least. A node and the one beside it have the same above them, and beside the root
    # there would be nought: so few instructions lead from one to the next. Written as node ^ 1 the compiler would see
    # the walk along the nodes in it, which takes more, and make that.
    beside = node + 1 - 2 * (node & 1)
    while True:
        key = min(key, trees[base + beside])
        above = beside >> 1
        trees[base + above] = key
        beside = above ^ 1
        if beside == 0:
            return key


@inlined
def _before(event: Any, i: Any, order: Any, number: Any) -> Any:
    """Tell whether the heap's i-th event comes before (order, number)."""
    at = event[i, st.EVENT_ORDER]
    if at == order:
        return event[i, st.EVENT_NUMBER] < number
    return at < order


@inlined
def _put(event: Any, i: Any, order: Any, number: Any, caller: Any, stamp: Any) -> None:
    event[i, st.EVENT_ORDER] = order
    event[i, st.EVENT_NUMBER] = number
    event[i, st.EVENT_CALLER] = caller
    event[i, st.EVENT_STAMP] = stamp


@inlined
def _move(event: Any, i: Any, to: Any) -> None:
    """Copy an event to another place: read before it is written, which is one vector instruction each."""
    caller, stamp = event[i, st.EVENT_CALLER], event[i, st.EVENT_STAMP]
    _put(event, to, event[i, st.EVENT_ORDER], event[i, st.EVENT_NUMBER], caller, stamp)


@apart
def push_event(s: Any, order: Any, number: Any, c: Any, stamp: Any) -> None:
    """Put an event of a caller on the heap; ``order``: its instant * 16 + rank."""
    put_event(s, order, number, c, stamp)


@inlined
def put_event(s: Any, order: Any, number: Any, c: Any, stamp: Any) -> None:
    """Do what `push_event` does, where it is done most often."""
    event, i = s.event, s.clock[st.N_EVENTS]
    s.clock[st.N_EVENTS] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if _before(event, above, order, number):
            break
        _move(event, above, i)
        i = above
    _put(event, i, order, number, c, stamp)


@inlined
def pop_event(s: Any) -> None:
    """Take the first event off the heap."""
    event, n = s.event, s.clock[st.N_EVENTS] - 1
    s.clock[st.N_EVENTS] = n
    order, number = event[n, st.EVENT_ORDER], event[n, st.EVENT_NUMBER]
    caller, stamp = event[n, st.EVENT_CALLER], event[n, st.EVENT_STAMP]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= n:
            break
        # Where there is no second, the event that is to be put somewhere stands in its place.
        below += _before(event, below + 1, event[below, st.EVENT_ORDER], event[below, st.EVENT_NUMBER])
        if not _before(event, below, order, number):
            break
        _move(event, below, i)
        i = below
    _put(event, i, order, number, caller, stamp)
    event[n, st.EVENT_ORDER] = st.LAST_ORDER

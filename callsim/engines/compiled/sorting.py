"""Sorting the instants of the callers in a block: nearly in order by their buckets already, as they are uniform."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import apart, inlined, jit

__all__ = ["in_lanes", "sort_instants"]

_LANES = 8
"""Numbers that one vector instruction takes at the most."""
_FEW, _TOO_MANY = 16, 1 << 15
"""Up to how many numbers insertion alone is quickest; up to how many the caches hold the buckets."""
_PART_BITS = 31
_PART = 12


@inlined
def in_lanes(n: Any) -> Any:
    """Return n rounded up, so that vector instructions leave no rest that would be done one by one.

    Rows of instants have room for it. A loop of eights is unrolled, too, where there are no such instructions.
    """
    return (n + _LANES - 1) & -_LANES


@jit
def sort_instants(scratch: Any, out: Any, row_: Any, n: Any, length: Any) -> None:
    """Sort n numbers whose high parts are uniform below `length` into a row: by bucket, pairs, then by insertion.

    Parameters
    ----------
    scratch : int64[3, at least n]
        The numbers are in its first row; the others are room. All rows have room for whole eights.
    out, row_ : int64[rows, at least n], int
        Up to seven more cells than n are written.
    n : int
    length : int
        A number's high part, above 24 bits, is below this. [ticks]
    """
    if n <= _FEW:
        for i in range(n):
            out[row_, i] = scratch[0, i]
    else:
        if n > _TOO_MANY:
            _by_parts(scratch, out, row_, n, length)
        else:
            _by_bucket(scratch, out, row_, n, length)
        for _ in range(2):
            _order_pairs(out, row_, 0, n)
            _order_pairs(out, row_, 1, n)
        if _in_order(out, row_, n):
            return
    for i in range(1, n):
        value = out[row_, i]
        if out[row_, i - 1] > value:
            j = i
            while j > 0 and out[row_, j - 1] > value:
                out[row_, j] = out[row_, j - 1]
                j -= 1
            out[row_, j] = value


@inlined
def _bucket_rule(n: Any, length: Any) -> Any:
    """Return (shift, factor): a number's bucket of n is ((number >> shift) * factor) >> 31.

    That is floor(part * n / (largest part + 1)), where part is what of its time fits into 31 bits.
    """
    shift = 0
    while length >> (shift + _PART_BITS) > 0:
        shift += 1
    return shift + 24, (n << _PART_BITS) // ((length >> shift) + 1)


@inlined
def _to_places(counts: Any, line: Any, n: Any) -> None:
    """Turn the sizes of buckets into their first places."""
    total = 0
    for bucket in range(n):
        there = counts[line, bucket]
        counts[line, bucket] = total
        total += there


@inlined
def _by_bucket(scratch: Any, out: Any, row_: Any, n: Any, length: Any) -> None:
    """Put n numbers into a row in the order of their buckets, of which there are n.

    Up to seven more are put behind them: they are the last in the last bucket.
    """
    shift, factor = _bucket_rule(n, length)
    m = in_lanes(n)
    for bucket in range(m):
        scratch[1, bucket] = 0
    for i in range(m):
        bucket = ((scratch[0, i] >> shift) * factor) >> _PART_BITS
        scratch[2, i] = bucket if i < n else n - 1
    for i in range(m):
        scratch[1, scratch[2, i]] += 1
    _to_places(scratch, 1, m)
    for i in range(m):
        bucket = scratch[2, i]
        place = scratch[1, bucket]
        scratch[1, bucket] = place + 1
        out[row_, place] = scratch[0, i]


@apart
def _by_parts(scratch: Any, out: Any, row_: Any, n: Any, length: Any) -> None:
    """Do the same in two passes: first by 4096 neighbouring buckets together, then within each such part.

    Writing to millions of buckets here and there would miss the caches each time.
    """
    shift, factor = _bucket_rule(n, length)
    parts = (n >> _PART) + 1
    for part in range(parts):
        scratch[2, part] = 0
    for i in range(n):
        scratch[2, ((scratch[0, i] >> shift) * factor) >> (_PART_BITS + _PART)] += 1
    _to_places(scratch, 2, parts)
    for i in range(n):
        value = scratch[0, i]
        part = ((value >> shift) * factor) >> (_PART_BITS + _PART)
        place = scratch[2, part]
        scratch[2, part] = place + 1
        out[row_, place] = value
    first = 0
    for part in range(parts):
        # Filling a part has moved its beginning up to its end.
        end = scratch[2, part]
        for bucket in range(1 << _PART):
            scratch[1, bucket] = 0
        for i in range(first, end):
            scratch[0, i] = out[row_, i]
        for i in range(first, end):
            scratch[1, (((scratch[0, i] >> shift) * factor) >> _PART_BITS) & ((1 << _PART) - 1)] += 1
        _to_places(scratch, 1, 1 << _PART)
        for i in range(first, end):
            bucket = (((scratch[0, i] >> shift) * factor) >> _PART_BITS) & ((1 << _PART) - 1)
            out[row_, first + scratch[1, bucket]] = scratch[0, i]
            scratch[1, bucket] += 1
        first = end


@inlined
def _order_pairs(out: Any, row_: Any, first: Any, n: Any) -> None:
    """Order each pair of neighbours in a row, the first pair at `first`: without a branch, many at a time.

    Two rounds from 0 and two from 1 seldom leave anything to insertion, whose branches nobody can foresee.
    """
    for i in range((n - first) >> 1):
        one, other = out[row_, first + 2 * i], out[row_, first + 2 * i + 1]
        out[row_, first + 2 * i] = min(one, other)
        out[row_, first + 2 * i + 1] = max(one, other)


@inlined
def _in_order(out: Any, row_: Any, n: Any) -> Any:
    """Tell whether a row is in order: without stopping where it is not, many at a time."""
    wrong = 0
    for i in range(1, n):
        wrong += out[row_, i - 1] > out[row_, i]
    return wrong == 0

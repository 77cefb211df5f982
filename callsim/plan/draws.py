"""Keyed draws: a draw is a pure function of seed, replication, purpose and key; an engine looks it up, never makes it.

The generator is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3" (SC 2011): 128 bits of counter, 64 bits of key, ten rounds. Random scheme 1 spends them so::

    key      seed (32) | replication (32)
    counter  name hash (32) | block (32) | n (24) contact (8) | leg (16) purpose / 2 (16)

The two 64-bit halves of the answer belong to the even and the odd purpose. A draw is 53 bits.
`build` makes the functions for Python integers and numpy arrays, or through ``numba.njit`` for
compiled code: one source, the same bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from callsim.codes import Purpose
from callsim.errors import PlanError

__all__ = [
    "DAY_ZERO",
    "SIDE",
    "Draws",
    "build",
    "check_key",
    "draw",
    "draw_pair",
    "duration",
    "duration_of_one",
    "name_hash",
    "philox",
    "pick",
    "sample",
]

SIDE = 53 * 256 + 1
"""Knots of one side (lower or upper half) of a quantile table."""
_FIRST_INDEX = 1023 << 8
DAY_ZERO = 1 << 16
"""Added to a duty's day number in its key, because a duty may begin on the day before the start."""
_LIMITS = {"seed": 32, "replication": 32, "block": 32, "n": 24, "contact": 8, "leg": 16}


def name_hash(text: str) -> int:
    """Return the 32-bit identity of a name: the first four bytes of its BLAKE2s digest, big-endian.

    Examples
    --------
    >>> name_hash("callers:orders") == name_hash("callers:orders")
    True
    """
    return int.from_bytes(hashlib.blake2s(text.encode(), digest_size=4).digest(), "big")


def check_key(**parts: int) -> None:
    """Check that the parts of a key fit their bits.

    Raises
    ------
    PlanError
        If ``seed``, ``replication``, ``block``, ``n``, ``contact`` or ``leg`` does not fit.
    """
    for name, value in parts.items():
        if not 0 <= value < 1 << _LIMITS[name]:
            raise PlanError(f"{name} is {value}; a draw's key has room for 0 to {(1 << _LIMITS[name]) - 1}")


def _identity(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


class Draws(NamedTuple):
    """The functions that both engines share, built for one kind of number."""

    philox: Callable[..., Any]
    draw: Callable[..., Any]
    position: Callable[..., Any]
    """``position(first, u)``: where a draw lies in a quantile table, in steps of 2^-20 knots. All but the lookup."""
    between: Callable[..., Any]
    """``between(low, high, where)``: the value there, given the knots around it."""
    interpolate: Callable[..., Any]
    """``interpolate(knots, where)``: the value there. With `position` it makes `duration`."""
    duration: Callable[..., Any]
    sample: Callable[..., Any]
    pick: Callable[..., Any]


def build(jit: Callable[..., Any] = _identity, word: Callable[[int], Any] = int) -> Draws:
    """Build the draw functions.

    Parameters
    ----------
    jit : callable, optional
        Wraps each function; ``numba.njit`` for compiled code.
    word : callable, optional
        Makes the constants: ``int`` for Python integers and uint64 arrays, ``numpy.uint64`` for compiled code.

    Returns
    -------
    Draws
        See the module-level functions of the same names, which are ``build()``; here tables may stand one behind the
        other in ``knots``, from ``first`` on.
    """
    m0, m1, w0, w1 = word(0xD2511F53), word(0xCD9E8D57), word(0x9E3779B9), word(0xBB67AE85)
    mask, shift32, shift11, shift8, shift16 = word(0xFFFFFFFF), word(32), word(11), word(8), word(16)

    @jit
    def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
        for _ in range(10):
            # Masked where they are multiplied: a product of 32-bit numbers is one vector instruction.
            p0 = m0 * (c0 & mask)
            p1 = m1 * (c2 & mask)
            c0, c1, c2, c3 = (p1 >> shift32) ^ c1 ^ k0, p1, (p0 >> shift32) ^ c3 ^ k1, p0
            k0 = (k0 + w0) & mask
            k1 = (k1 + w1) & mask
        return c0 & mask, c1 & mask, c2 & mask, c3 & mask

    @jit
    def draw(seed: Any, replication: Any, name: Any, block: Any, n: Any, contact: Any, leg: Any, pair: Any) -> Any:
        c0, c1, c2, c3 = philox(name, block, (n << shift8) | contact, (leg << shift16) | pair, seed, replication)
        return ((c0 << shift32) | c1) >> shift11, ((c2 << shift32) | c3) >> shift11

    @jit
    def position(first: Any, u: Any) -> Any:
        upper = u >> 52
        w = 2 * ((u & 0xFFFFFFFFFFFFF) ^ (0xFFFFFFFFFFFFF * upper)) + 1
        return (np.float64(w).view(np.int64) >> 24) + ((upper * SIDE + (first - _FIRST_INDEX)) << 20)

    @jit
    def between(low: Any, high: Any, where: Any) -> Any:
        return low + (((high - low) * (where & 0xFFFFF)) >> 20)

    @jit
    def interpolate(knots: Any, where: Any) -> Any:
        return between(knots[where >> 20], knots[(where >> 20) + 1], where)

    @jit
    def duration(knots: Any, first: Any, u: Any) -> Any:
        return interpolate(knots, position(first, u))

    @jit
    def sample(knots: Any, first: Any, size: Any, u: Any) -> Any:
        return knots[first + (((u >> 21) * size) >> 32)]

    @jit
    def pick(u: Any, n: Any) -> Any:
        return ((u >> 21) * n) >> 32

    return Draws(philox, draw, position, between, interpolate, duration, sample, pick)


_PLAIN = build()


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return the four 32-bit words of Philox4x32-10 at counter (c0, c1, c2, c3) under key (k0, k1).

    Takes Python integers or uint64 arrays of one shape, each value below 2^32.

    Examples
    --------
    >>> [hex(word) for word in philox(0, 0, 0, 0, 0, 0)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    return _PLAIN.philox(c0, c1, c2, c3, k0, k1)


def draw(seed: int, replication: int, name: Any, block: Any, n: Any, contact: int, leg: int, purpose: int) -> Any:
    """Return the 53-bit draw of one purpose under one key.

    Parameters
    ----------
    seed, replication : int
        Of the run; 32 bits each.
    name : int or uint64 array
        `name_hash` of the stream, shift or day factor.
    block : int or uint64 array
        For callers the start of the arrival block in whole seconds; 32 bits.
    n : int or uint64 array
        Ordinal within the block; 24 bits.
    contact, leg : int
        Ordinal of the caller's contact (8 bits) and of its leg (16 bits).
    purpose : int
        `Purpose`, plus ``Purpose.ZERO_MASS`` for the companion draw.

    Returns
    -------
    int or uint64 array
        In [0, 2^53).
    """
    return draw_pair(seed, replication, name, block, n, contact, leg, purpose >> 1)[purpose & 1]


def draw_pair(seed: int, replication: int, name: Any, block: Any, n: Any, contact: int, leg: int, pair: int) -> Any:
    """Return the draws of purposes ``2 * pair`` and ``2 * pair + 1``, which one Philox block holds; see `draw`."""
    return _PLAIN.draw(seed, replication, name, block, n, contact, leg, pair)


def duration(knots: Any, u: Any) -> Any:
    """Return the value of a quantile table at draw ``u``, interpolated in integers; see `callsim.plan.laws`.

    Parameters
    ----------
    knots : int64[2 * SIDE]
        Lower side, then upper side. [ticks]
    u : int or int64 array
        53-bit draws.

    Returns
    -------
    int64 or int64 array
        [ticks]
    """
    return _PLAIN.duration(knots, 0, u)


def duration_of_one(knots: Sequence[int], u: int) -> int:
    """Return what `duration` returns, for one draw and in Python integers only: numpy is slow with single numbers."""
    upper = u >> 52
    w = 2 * ((u & 0xFFFFFFFFFFFFF) ^ (0xFFFFFFFFFFFFF * upper)) + 1
    octave = w.bit_length() - 1
    mantissa = w << (52 - octave)
    i = (octave << 8) + ((mantissa >> 44) & 0xFF) + upper * SIDE
    return knots[i] + (((knots[i + 1] - knots[i]) * ((mantissa >> 24) & 0xFFFFF)) >> 20)


def sample(knots: Any, u: Any) -> Any:
    """Return one of equally likely values: ``knots[floor(u / 2^53 * size)]``, to 32 bits of the draw."""
    return _PLAIN.sample(knots, 0, len(knots), u)


def pick(u: Any, n: Any) -> Any:
    """Return an index in [0, n), equally likely, to 32 bits of the draw."""
    return _PLAIN.pick(u, n)


assert Purpose.ZERO_MASS % 2 == 0, "a companion draw keeps the parity of its purpose"

"""Elementary functions that give the same bits on every machine.

Mathematical libraries differ in the last bits of exp, log and pow; a duration table or an arrival count
made with them would differ between machines. Here everything is built from ``+ - * /``, square root and
exact scaling by powers of two (``frexp``, ``ldexp``), which IEEE 754 fixes. No sum here depends on the
order in which a vector unit adds. ``poisson_count`` is written as plain loops over scalars, so that a
compiler for Python can take it as it is; the other functions work element by element on arrays.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = [
    "count_poisson",
    "exp",
    "expm1",
    "log",
    "log1p",
    "normal_quantile",
    "poisson_count",
    "poisson_start",
]

Float = npt.NDArray[np.float64]

# ln 2 in two parts: the first has trailing zeros, so that k * LN2_HIGH is exact for |k| < 2^20.
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
INVERSE_LN2 = 1.44269504088896338700
SQRT_HALF = 0.70710678118654752440
TWO_PI = 6.28318530717958647693
SMALLEST_EXPONENT = -750.0
LARGEST_EXPONENT = 709.0

# 1/2!, 1/3!, ..., 1/14!: factorials up to 18! are exact in float64.
_EXP_SERIES = tuple(1.0 / math.factorial(n) for n in range(2, 15))
# log((1 + s) / (1 - s)) = 2 s (1 + s^2/3 + s^4/5 + ...), |s| <= 0.1716.
_LOG_SERIES = tuple(1.0 / (2 * n + 1) for n in range(1, 13))


def _reduced_expm1(r: Float) -> Float:
    """Return exp(r) - 1 for |r| <= 0.35 by Taylor's series."""
    total = np.full_like(r, _EXP_SERIES[-1])
    for coefficient in _EXP_SERIES[-2::-1]:
        total = total * r + coefficient
    return r + r * r * total


def exp(x: Float | float) -> Float:
    """Return the exponential function, within 2 units in the last place.

    Parameters
    ----------
    x : float64 array or float
        Any values; below -750 the result is 0, above 709 it stays at exp(709) instead of overflowing.

    Returns
    -------
    float64 array
        exp(x), of the same shape.
    """
    bounded = np.minimum(np.maximum(np.asarray(x, dtype=np.float64), SMALLEST_EXPONENT), LARGEST_EXPONENT)
    k = np.rint(bounded * INVERSE_LN2)
    r = (bounded - k * LN2_HIGH) - k * LN2_LOW
    return np.asarray(np.ldexp(1.0 + _reduced_expm1(r), k.astype(np.int64)), dtype=np.float64)


def expm1(x: Float | float) -> Float:
    """Return exp(x) - 1 without cancellation near 0; bounds as in `exp`."""
    values = np.asarray(x, dtype=np.float64)
    small = np.abs(values) < 0.35
    return np.where(small, _reduced_expm1(np.where(small, values, 0.0)), exp(values) - 1.0)


def log(x: Float | float) -> Float:
    """Return the natural logarithm, within 2 units in the last place.

    Parameters
    ----------
    x : float64 array or float
        Values > 0.

    Returns
    -------
    float64 array
        log(x), of the same shape.
    """
    mantissa, exponent = np.frexp(np.asarray(x, dtype=np.float64))
    low = mantissa < SQRT_HALF
    mantissa = np.where(low, 2.0 * mantissa, mantissa)
    k = (exponent - low).astype(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    total = np.full_like(s, _LOG_SERIES[-1])
    for coefficient in _LOG_SERIES[-2::-1]:
        total = total * square + coefficient
    tail = 2.0 * s * square * total + k * LN2_LOW
    return np.asarray(k * LN2_HIGH + (2.0 * s + tail), dtype=np.float64)


def log1p(x: Float | float) -> Float:
    """Return log(1 + x) without cancellation near 0, for x > -1."""
    values = np.asarray(x, dtype=np.float64)
    total = 1.0 + values
    # What rounding took from 1 + x comes back to first order.
    return np.asarray(log(total) + (values - (total - 1.0)) / total, dtype=np.float64)


_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def _ratio(r: Float, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Float:
    above, below = (np.full_like(r, side[0]) for side in coefficients)
    for a, b in zip(coefficients[0][1:], coefficients[1][1:], strict=True):
        above = above * r + a
        below = below * r + b
    return above / below


def normal_quantile(p: Float | float) -> Float:
    """Return the lower quantile of the standard normal law.

    Parameters
    ----------
    p : float64 array or float
        Tail probability, in (0, 1/2]; the upper quantile is minus the lower one.

    Returns
    -------
    float64 array
        z <= 0 with P(Z <= z) = p; relative error about 1e-15.

    References
    ----------
    .. [1] M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution,"
       Applied Statistics 37 (1988), 477-484 (routine PPND16).
    """
    tail = np.asarray(p, dtype=np.float64)
    q = tail - 0.5
    r = np.sqrt(-log(tail))
    centre = q * _ratio(0.180625 - q * q, _CENTRE)
    outer = np.where(r <= 5.0, _ratio(r - 1.6, _TAIL), _ratio(r - 5.0, _FAR_TAIL))
    return np.where(np.abs(q) <= 0.425, centre, -outer)


# Ramanujan's theta: P(N < m) = 1/2 - theta(m) P(N = m) for a Poisson law of whole mean m.
_THETA = (
    1.0 / 3.0,
    4.0 / 135.0,
    -8.0 / 2835.0,
    -16.0 / 8505.0,
    8992.0 / 12629925.0,
    334144.0 / 492567075.0,
    -698752.0 / 1477701225.0,
)
FROM_MODE = 64.0
"""From this mean on the search starts at the mode instead of at 0."""
RARE = 2.0**-20
"""Below this tail probability the terms are summed from the far end, smallest first."""
LARGEST_POISSON_MEAN = 1e9


def _exp_of(x: float) -> float:
    """Return exp(x) of one number in [-700, 1]."""
    k = math.floor(x * INVERSE_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = 0.0
    for n in range(14, 0, -1):
        total = (total + 1.0) * r / n
    # 2^k from its bits: exact, and nothing that compiled code would have to ask a library for.
    return float((1.0 + total) * np.int64((k + 1023) << 52).view(np.float64))


def _poisson_at_mode(mode: int, mean: float) -> tuple[float, float]:
    """Return P(N = mode) and P(N <= mode) - 1/2 for mode = floor(mean) >= 64, to about 1e-16.

    At a whole mean they come from Stirling's series and Ramanujan's theta; from there
    dP(N <= m)/dmean = -P(N = m), and g(s) = P(N = m; m + s) / P(N = m; m) solves (m + s) g' = -s g.
    """
    m = float(mode)
    step = mean - m
    theta = 0.0
    for i in range(7):
        theta = theta / m + _THETA[6 - i]
    stirling = (1.0 - (1.0 - (2.0 / 7.0 - 3.0 / (14.0 * m * m)) / (m * m)) / (30.0 * m * m)) / (12.0 * m)
    at_whole = _exp_of(-stirling) / np.sqrt(TWO_PI * m)
    before, now, power = 0.0, 1.0, 1.0
    ratio, area = 1.0, step
    for k in range(16):
        before, now = now, -(k * now + before) / (m * (k + 1))
        power *= step
        ratio += now * power
        area += now * power * step / (k + 2)
    return at_whole * ratio, at_whole * (1.0 - theta - area)


def _rare_poisson_count(tail: float, upper: bool, mean: float, start: int, probability: float) -> int:
    """Return the count whose tail probability is rare: walk out to where terms vanish, then sum inwards."""
    n, p = start, probability
    total = 0.0
    if upper:
        while p > tail * 2.0**-64 or n < mean:
            n += 1
            p *= mean / n
        while total < tail:
            total += p
            p *= n / mean
            n -= 1
        return n + 1
    while n > 0 and p > tail * 2.0**-64:
        p *= n / mean
        n -= 1
    total = p
    while total <= tail:
        n += 1
        p *= mean / n
        total += p
    return n


def poisson_count(u53: int, mean: float) -> int:
    """Return a Poisson count by inversion: the smallest n with P(N <= n) > u, u = (u53 + 1/2) / 2^53.

    For one draw a larger mean never gives a smaller count, so that more volume adds callers and takes none
    away (up to rounding, about 1e-15 in probability). The search starts at the mode: some
    0.8 * sqrt(mean) steps.

    Parameters
    ----------
    u53 : int
        Draw, in [0, 2^53).
    mean : float
        Mean, in [0, 1e9]. [count]

    Returns
    -------
    int
        Count, >= 0.

    Raises
    ------
    ValueError
        If the mean is not in [0, 1e9].
    """
    if not 0.0 <= mean <= LARGEST_POISSON_MEAN:
        raise ValueError("the mean of a Poisson count must be in [0, 1e9]")
    return count_poisson(u53, mean, *poisson_start(mean))


def poisson_start(mean: float) -> tuple[int, float, float]:
    """Return where the search for a Poisson count starts: a number n, P(N = n) > 0 and P(N <= n) - 1/2."""
    if mean < FROM_MODE:
        p = _exp_of(-mean)
        return 0, p, p - 0.5
    n = math.floor(mean)
    p, ahead = _poisson_at_mode(n, mean)
    return n, p, ahead


def count_poisson(u53: int, mean: float, n: int, p: float, ahead: float) -> int:
    """Return what `poisson_count` returns, from what `poisson_start` says of the mean: nothing here raises an error."""
    centred = (2 * u53 + 1 - (1 << 53)) * 2.0**-54  # u - 1/2, exact
    tail = 0.5 - abs(centred)
    if tail < RARE and mean > 0.0:
        return _rare_poisson_count(tail, centred > 0.0, mean, n, p)
    ahead -= centred  # P(N <= n) - u
    while ahead > p and n > 0:
        ahead -= p
        p *= n / mean
        n -= 1
    while ahead <= 0.0 and p > 0.0:
        n += 1
        p *= mean / n
        ahead += p
    return n

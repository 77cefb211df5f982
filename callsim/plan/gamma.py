"""The gamma law: log-gamma function, tail probabilities and quantiles, with the same bits on every machine.

With x = k exp(s) the term D(s) = x^k e^-x / Gamma(k + 1) is C exp(-k (e^s - 1 - s)), which keeps its digits
for shapes k from 0.001 to a million. The lower tail is D times a power series, the upper tail D times a
continued fraction. Quantiles are Newton's method for log(tail probability) as a function of s: both logarithms
are concave, so it converges from any start. The normal tails are the case k = 1/2.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from callsim.plan.portable import TWO_PI, exp, expm1, log, normal_quantile

__all__ = ["gamma_quantiles", "gamma_tails", "log_gamma", "normal_tails"]

Float = npt.NDArray[np.float64]

# Stirling's series: B_2n / (2n (2n - 1)), n = 1, 2, ...
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
STIRLING_FROM = 16.0
ROUNDING = 2.0**-54
MANY = 2000
"""So many quantiles are worth a first pass on a coarse grid."""
COARSE = 16
"""Points of the coarse grid in a factor 2 of probability."""
TINY = 1e-300


def _stirling_error(x: float) -> float:
    total = 0.0
    for coefficient in _STIRLING[::-1]:
        total = total / (x * x) + coefficient
    return total / x


def log_gamma(x: float) -> float:
    """Return log(Gamma(x)) for x > 0, to about 1e-15 relative or absolute."""
    product = 1.0
    while x < STIRLING_FROM:
        product *= x
        x += 1.0
    main = (x - 0.5) * float(log(x)) - x + 0.5 * float(log(TWO_PI))
    return main + _stirling_error(x) - float(log(product))


def _log_scale(shape: float) -> float:
    """Return log C: the logarithm of D(0) = k^k e^-k / Gamma(k + 1)."""
    if shape < STIRLING_FROM:
        return shape * float(log(shape)) - shape - log_gamma(shape + 1.0)
    return -_stirling_error(shape) - 0.5 * float(log(TWO_PI * shape))


def _log_term(shape: float, s: Float) -> Float:
    """Return log D(s)."""
    return _log_scale(shape) - shape * (expm1(s) - s)


def _series(shape: float, x: Float) -> Float:
    """Return the lower tail probability over D: 1 + x/(k+1) + x^2/((k+1)(k+2)) + ..."""
    term = np.ones_like(x)
    total = np.ones_like(x)
    n = 0
    while x.size:
        n += 1
        term = term * (x / (shape + n))
        total = total + term
        if not np.any(term > ROUNDING * total):
            break
    return total


def _fraction(shape: float, x: Float) -> Float:
    """Return the upper tail probability over k D, by Lentz's method for Legendre's continued fraction; x >= 1."""
    b = x + (1.0 - shape)
    d = 1.0 / b
    c = np.full_like(x, 1.0 / TINY)
    total = d
    n = 0
    while x.size:
        n += 1
        a = -n * (n - shape)
        b = b + 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        change = c * d
        total = total * change
        if not np.any(np.abs(change - 1.0) > 16 * ROUNDING):
            break
    return total


def gamma_tails(shape: float, x: Float) -> tuple[Float, Float]:
    """Return P(X <= x) and P(X > x) of a gamma law of scale 1, each without cancellation.

    Parameters
    ----------
    shape : float
        Shape k, 0.001 to 1e6.
    x : float64[point]
        Values >= 0, in units of the scale.

    Returns
    -------
    tuple of two float64[point]
        Lower and upper tail probability.
    """
    s = log(np.maximum(x, TINY) / shape)
    term = exp(_log_term(shape, s))
    inner = x < shape + 1.0
    lower = np.zeros_like(x)
    upper = np.zeros_like(x)
    lower[inner] = term[inner] * _series(shape, x[inner])
    upper[~inner] = shape * term[~inner] * _fraction(shape, x[~inner])
    lower[x <= 0.0] = 0.0
    return np.where(inner, lower, 1.0 - upper), np.where(inner, 1.0 - lower, upper)


def normal_tails(z: Float) -> tuple[Float, Float]:
    """Return P(Z <= z) and P(Z > z) of the standard normal law, each without cancellation."""
    outer = 0.5 * gamma_tails(0.5, 0.5 * z * z)[1]
    return np.where(z < 0.0, outer, 1.0 - outer), np.where(z < 0.0, 1.0 - outer, outer)


def _newton_step(shape: float, s: Float, target: Float, upper: bool) -> Float:
    """Return one step of Newton's method for log(tail probability) = target."""
    x = shape * exp(s)
    inner = np.ones(x.shape, dtype=bool) if not upper else x < shape + 1.0
    log_term = _log_term(shape, s)
    step = np.empty_like(s)
    series = _series(shape, x[inner])
    below = log_term[inner]
    if not upper:
        return (target - (below + log(series))) * series / shape
    rest = np.maximum(1.0 - exp(below) * series, TINY)
    step[inner] = (log(rest) - target[inner]) * rest / (shape * np.maximum(exp(below), TINY))
    fraction = _fraction(shape, x[~inner])
    step[~inner] = (log_term[~inner] + log(shape * fraction) - target[~inner]) * fraction
    return step


def _start(shape: float, p: Float, upper: bool) -> Float:
    """Return a first guess of s: Wilson and Hilferty's cube root, or a bound where that fails."""
    log_p = log(p)
    if upper and shape <= 1.0:
        return log(-log_p / shape)  # the law lies below the exponential law of the same scale
    z = normal_quantile(p)
    root = 1.0 - 1.0 / (9.0 * shape) + (-z if upper else z) / (3.0 * math.sqrt(shape))
    guess = 3.0 * log(np.maximum(root, 0.05))
    if upper:
        return guess
    power = (log_p + log_gamma(shape + 1.0)) / shape - float(log(shape))  # from P <= x^k / Gamma(k + 1)
    return np.where(root > 0.3, np.maximum(guess, power), power)


def _solve(shape: float, p: Float, upper: bool) -> Float:
    """Return s where the tail probability is p, to rounding."""
    target = log(p)
    s = _start(shape, p, upper)
    for _ in range(200):
        step = _newton_step(shape, s, target, upper)
        s = s + step
        if not np.any(np.abs(step) > 1e-13 * (1.0 + np.abs(s))):
            break
    return s


def gamma_quantiles(shape: float, p: Float, upper: bool) -> Float:
    """Return quantiles of a gamma law of scale 1 counted from one tail.

    Parameters
    ----------
    shape : float
        Shape k, 0.001 to 1e6.
    p : float64[point]
        Tail probabilities, in (0, 1/2].
    upper : bool
        False: Q(p); True: Q(1 - p).

    Returns
    -------
    float64[point]
        Values in units of the scale; relative error about 1e-13 (for shapes below 0.1: of the p that
        belongs to the value).
    """
    if p.size < MANY:
        return shape * exp(_solve(shape, p, upper))
    log_p = log(p)
    lowest = float(np.min(log_p))
    spacing = float(log(2.0)) / COARSE
    cells = math.ceil((float(np.max(log_p)) - lowest) / spacing)
    grid = np.array([lowest + spacing * i for i in range(cells + 1)])
    coarse = _solve(shape, np.minimum(exp(grid), 0.5), upper)
    place = (log_p - lowest) / spacing
    index = np.minimum(np.maximum(np.floor(place), 0.0), cells - 1.0).astype(np.int64)
    s = coarse[index] + (coarse[index + 1] - coarse[index]) * (place - index)
    # The interpolated guess is good to about 1e-4; two quadratic steps bring it to rounding.
    for _ in range(2):
        s = s + _newton_step(shape, s, log_p, upper)
    return shape * exp(s)

"""Laws of patience: their four functions hang together, and wrong parameters are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callsim.theory import (
    ExponentialPatience,
    FixedPatience,
    GammaPatience,
    LognormalPatience,
    NeverHangsUp,
    Patience,
    WeibullPatience,
    WithZeroMass,
)
from callsim.theory.patience import as_patience

LAWS: list[Patience] = [
    ExponentialPatience(120.0),
    GammaPatience(120.0, 0.5),
    GammaPatience(120.0, 2.0),
    LognormalPatience(120.0, 0.3),
    LognormalPatience(120.0, 3.0),
    WeibullPatience(120.0, 0.7),
    WeibullPatience(120.0, 2.0),
    WithZeroMass(0.1, LognormalPatience(120.0, 1.0)),
    WithZeroMass(0.4, ExponentialPatience(120.0)),
]


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_hold_and_lost_time_are_the_integrals_of_the_survival(law: Patience) -> None:
    """H(w) = int_0^w S, and L(w) = H(w) - w S(w), by the trapezoid rule on a fine grid."""
    grid = np.concatenate(([0.0], np.geomspace(1e-9, 600.0, 20_001)))
    survival = law.left(grid)
    hold = np.concatenate(([0.0], np.cumsum(0.5 * (survival[1:] + survival[:-1]) * np.diff(grid))))
    np.testing.assert_allclose(law.held(grid), hold, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(law.lost_time(grid), hold - grid * survival, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(law.gone(grid) + survival, 1.0, atol=1e-14)


@pytest.mark.parametrize("law", [*LAWS, FixedPatience(120.0)], ids=repr)
def test_hold_of_a_caller_never_answered_is_the_mean_patience(law: Patience) -> None:
    """H grows to E[R]."""
    assert law.held(np.array([1e9]))[0] == pytest.approx(law.mean, rel=1e-9)
    assert law.lost_time(np.array([1e9]))[0] == pytest.approx(law.mean, rel=1e-9)


@pytest.mark.parametrize("law", [*LAWS, FixedPatience(120.0), NeverHangsUp()], ids=repr)
def test_hold_between_two_waits_is_the_difference(law: Patience) -> None:
    """Also back in time."""
    waits = np.array([0.0, 10.0, 119.0, 121.0, 500.0])
    difference = law.held(waits) - law.held(np.array([100.0]))[0]
    assert law.held_between(100.0, waits) == pytest.approx(difference, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize("share", [1e-3, 0.2, 0.5, 0.999])
def test_quantile_turns_the_law_round(law: Patience, share: float) -> None:
    """F(F^-1(p)) = p; below the mass at zero it is 0."""
    wait = law.quantile(share)
    gone = float(law.gone(np.array([wait]))[0])
    assert gone >= share
    assert wait == 0.0 or gone == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(
    "law",
    [ExponentialPatience(120.0), GammaPatience(120.0, 0.5), LognormalPatience(120.0, 1.0), WeibullPatience(120.0, 2.0)],
    ids=repr,
)
def test_coefficient_of_variation_is_what_was_asked_for(law: Patience) -> None:
    """E[R^2] = 2 int w S(w) dw."""
    grid = np.geomspace(1e-9, 3e5, 40_001)
    second = 2.0 * float(np.trapezoid(grid * law.left(grid), grid))
    expected = {"WeibullPatience": math.sqrt(4.0 / math.pi - 1.0), "ExponentialPatience": 1.0}
    cv = expected.get(type(law).__name__, getattr(law, "cv", None))
    assert math.sqrt(second / 120.0**2 - 1.0) == pytest.approx(cv, rel=1e-6)


def test_fixed_patience_is_answered_at_its_very_end() -> None:
    """Gone at the length itself, since the offered wait has no atom there."""
    waits = np.array([119.0, 120.0, 121.0])
    law = FixedPatience(120.0)
    assert law.gone(waits).tolist() == [0.0, 1.0, 1.0]
    assert law.held(waits).tolist() == [119.0, 120.0, 120.0]
    assert law.quantile(0.5) == pytest.approx(120.0, rel=1e-15)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, NeverHangsUp()),
        (math.inf, NeverHangsUp()),
        (60, ExponentialPatience(60.0)),
        (FixedPatience(9.0), FixedPatience(9.0)),
    ],
)
def test_plain_numbers_become_laws(given: float | Patience | None, expected: Patience) -> None:
    """None and infinity hang up never; a number is an exponential mean; a law stays."""
    assert as_patience(given) == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ExponentialPatience(0.0), "mean_patience: found 0.0; must be a finite number > 0"),
        (lambda: as_patience(-5), "mean_patience: found -5.0; must be a finite number > 0"),
        (lambda: FixedPatience(math.nan), "length: found nan; must be a finite number > 0"),
        (lambda: GammaPatience(60.0, 0.0), "cv: found 0.0; must be a finite number > 0"),
        (lambda: LognormalPatience(60.0, math.inf), "cv: found inf; must be a finite number > 0"),
        (lambda: WeibullPatience(60.0, -1.0), "shape: found -1.0; must be a finite number > 0"),
        (lambda: WithZeroMass(1.0, NeverHangsUp()), "zero: found 1.0; must be at least 0 and less than 1"),
        (lambda: NeverHangsUp().quantile(0.5), "share: found 0.5; not so many callers ever hang up"),
    ],
)
def test_wrong_parameters_are_refused_in_full_words(make: object, message: str) -> None:
    """What was found, and what rule holds."""
    assert callable(make)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared below
        make()
    assert str(caught.value) == message

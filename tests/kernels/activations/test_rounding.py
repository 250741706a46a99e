"""The rounding of every closed form: never beyond its bound, and near it somewhere."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb

from kernels import GELU, Cosine, Erf, Exponential, Polynomial, ReLU, Sine
from kernels.activations.base import Activation
from kernels.estimates.balls import precision

Covariances = tuple[np.ndarray, np.ndarray, np.ndarray]


def covariances(scale: float, correlation: float, count: int = 300) -> Covariances:
    """Variances of up to that scale, and covariances of about that correlation."""
    rng = np.random.default_rng(5)
    xx, yy = scale * rng.uniform(0.5, 1.0, (2, count))
    if abs(correlation) == 1.0:
        return xx, correlation * xx, xx
    return xx, correlation * np.sqrt(xx * yy) * rng.uniform(0.9, 1.0, count), yy


def off(activation: Activation, given: Covariances) -> tuple[np.ndarray, np.ndarray]:
    """What the floats are off by, against the same formula in balls of 300 bits; the bounds."""
    found = activation.dual(*given)
    with precision(300):
        entries = zip(*(part.tolist() for part in given), found.values.tolist(), strict=True)
        gaps = []
        for xx, xy, yy, value in entries:
            ball = activation.enclosure(arb(xx), arb(xy), arb(yy))
            assert ball is not None
            gaps.append(float(abs(ball - arb(value))))
    return np.array(gaps), found.errors


ATTAINED = [
    # with what is large there, and the factor that covers other libraries' exp, cos and arctan
    (Cosine(1.5, 0.4), 1e4, 0.99, 1.5, "the sum of variances"),
    (Cosine(1.002, 0.4), 300.0, 0.5, 1.3, "the exponent itself, and the square of the frequency"),
    (Sine(0.5, 0.0), 1e4, -0.99, 1.5, "the sum of variances"),
    (Cosine(1.5, 0.4), 1e-2, 0.5, 8.0, "all but the exponent"),
    (Exponential(0.5), 1e4, -0.99, 1.5, "the sum of variances"),
    (Exponential(1.002), 100.0, 0.5, 1.4, "the exponent itself, and the square of the scale"),
    (Exponential(0.5), 1e-6, 0.5, 6.0, "all but the exponent"),
    (GELU(), 1e-6, 0.99, 1.5, "the linear part"),
    (GELU(), 1.0, 0.99, 3.5, "the turn"),
    (GELU(), 1e-6, 0.0, 6.0, "the rest"),
    (Erf(), 1e-6, 0.5, 3.0, "the arctangent"),
    (Erf(), 1e4, 0.99, 4.0, "the determinant"),
    (ReLU(), 1.0, 0.99, 4.0, "the product"),
    (Polynomial((0.5, -1.0, 0.25, 0.125)), 1e-2, 0.99, 16.0, "twelve terms"),
]


@pytest.mark.parametrize(("activation", "scale", "correlation", "factor", "_large"), ATTAINED)
def test_the_bound_is_attained(
    activation: Activation, scale: float, correlation: float, factor: float, _large: str
) -> None:
    """Of some hundred draws the worst is within the factor of its bound."""
    gaps, errors = off(activation, covariances(scale, correlation))
    assert (gaps <= errors).all()
    assert (gaps * factor >= errors).any()


@pytest.mark.parametrize("activation", list({repr(row[0]): row[0] for row in ATTAINED}.values()))
@pytest.mark.parametrize("correlation", [0.0, 0.5, -0.5, 0.99, -0.99, 1.0, -1.0])
def test_no_rounding_is_beyond_its_bound(activation: Activation, correlation: float) -> None:
    """From variances whose product is below the float64 range to large ones."""
    for scale in (1e-200, 1e-3, 1.0, 30.0, 300.0):
        gaps, errors = off(activation, covariances(scale, correlation, count=30))
        assert (gaps <= errors).all()


EXPONENTIALS = [
    (Cosine(1.0, 0.0), 1.0),
    (Cosine(1.0, 0.0), -1.0),
    (Sine(1.0, 0.0), 1.0),
    (Exponential(1.0), -1.0),  # elsewhere it overflows
]


@pytest.mark.parametrize(("activation", "sign"), EXPONENTIALS)
def test_exponents_that_are_rounding_alone(activation: Activation, sign: float) -> None:
    """The variances are so large, and so nearly equal, that their sum is off by some units."""
    for scale in (1e15, 1e16, 1e17):
        xx = np.full(40, scale)
        yy = xx + np.spacing(xx) * np.arange(40)
        gaps, errors = off(activation, (xx, sign * xx, yy))
        assert (gaps <= errors).all()
        assert (gaps > 0.01).any()


@pytest.mark.parametrize("activation", [Cosine(1.0, 0.0), Sine(1.0, 0.0)])
def test_a_large_exponent_leaves_nothing(activation: Activation) -> None:
    """However far off it is: the bound is that of the underflow."""
    xx, xy = np.array(1e17), np.array(1e16)
    assert activation.dual(xx, xy, xx).errors < 1e-300

"""The hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.quadrature import dual_by_quadrature
from kernels.activations.form import IntegrableDerivative
from kernels.activations.proved.analytic import Analytic, FloatSums, dual_in_balls
from kernels.estimates import EstimateArray
from kernels.estimates.rules.rounding import UNIT

_TOLERANCE = 1e-13
_EFFORT = 1 << 24
"""Enough for the tolerance while the variances are below 1000: the poles of tanh at
``pi i / 2`` lie within ``pi / (2 sqrt(xx))`` standard deviations of the real axis."""

_FARTHEST = 150.0
"""Of the terms of a sum, so that no exponential leaves the range of floats."""


def _at_sums(first: list[arb], second: list[arb]) -> FloatSums | None:
    """``tanh(x + y) = 1 - 2 / (exp(2 x) exp(2 y) + 1)``, from exponentials in balls.

    An exponential is off by u of itself, a product by 3 u, the denominator by 4 u, the quotient,
    which is at most 2, by 5 u; the difference rounds once more: 11 u, products of u apart.
    """
    if not all(abs(term) < _FARTHEST for term in (*first, *second)):
        return None
    left, right = (np.array([float((2 * t).exp()) for t in part]) for part in (first, second))
    return 1.0 - 2.0 / (left[:, None] * right + 1.0), 12.0 * UNIT


_ANALYTIC = Analytic(arb.tanh, strip=1.5, bound=14.2, on_line=(1.0, 1.0, 0.77), sums=_at_sums)
"""``|tanh(x + i y)| <= max(1, tan |y|)``, and ``|tanh''| <= 4 / (3 sqrt 3)``."""


@dataclass(frozen=True)
class Tanh(Activation):
    """``phi(t) = tanh(t)``; no closed form of its dual is known, so it is integrated.

    >>> Tanh().dual(1.0, 0.5, 1.0).item().value
    0.18632...
    """

    name: ClassVar[str] = "tanh"

    @property
    def form(self) -> IntegrableDerivative:
        """The derivative, ``1 / cosh(t)^2``, has integral 2."""
        return IntegrableDerivative(1)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``tanh(t)``."""
        return np.tanh(t)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The trapezoidal rule, to 1e-13."""
        return dual_by_quadrature(np.tanh, xx, xy, yy, tolerance=_TOLERANCE, effort=_EFFORT)

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb | None:
        """The trapezoidal rule in balls; see `Activation.enclosure`."""
        return dual_in_balls(_ANALYTIC, xx, xy, yy)

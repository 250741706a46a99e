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
from kernels.activations.proved.analytic import Analytic, dual_in_balls
from kernels.estimates import EstimateArray

_TOLERANCE = 1e-13
_EFFORT = 1 << 24
"""Enough for the tolerance while the variances are below 1000: the poles of tanh at
``pi i / 2`` lie within ``pi / (2 sqrt(xx))`` standard deviations of the real axis."""

_ANALYTIC = Analytic(arb.tanh, strip=1.5, bound=14.2, on_line=(1.0, 1.0, 0.77))
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

"""The error function."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.special import erf

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, determinant, result
from kernels.activations.form import IntegrableDerivative
from kernels.activations.proved.covariance import determinant as determinant_ball
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Erf(Activation):
    """``phi(t) = erf(t)``, with the arc-sine kernel as its dual.

        dual = (2 / pi) arcsin(2 xy / sqrt((1 + 2 xx) (1 + 2 yy)))

    Source: Williams, Computing with infinite networks, 1997.

    >>> Erf().dual(0.5, 0.5, 0.5).item().value  # (2 / pi) arcsin(1 / 2)
    0.33333...
    """

    name: ClassVar[str] = "erf"

    @property
    def form(self) -> IntegrableDerivative:
        """The derivative is a Gaussian density, times 2."""
        return IntegrableDerivative(1)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``erf(t)``."""
        return np.asarray(erf(t), dtype=np.float64)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The arc-sine kernel, with a bound on its rounding."""
        xx, xy, yy = checked(xx, xy, yy)
        # arcsin(a) = arctan2(a, sqrt(1 - a^2)), with 1 - a^2 written as a sum of positive terms,
        # loses nothing where arcsin is steep.
        rest = 1.0 + 2.0 * xx + 2.0 * yy + 4.0 * determinant(xx, xy, yy)
        values = (2.0 / math.pi) * np.arctan2(2.0 * xy, np.sqrt(rest))
        # Three sums, and the rounding of the determinant; d/da arctan2(xy, a) = -xy / (xy^2 + a^2).
        uncertain = EPS * (1.5 * rest + 8.0 * xx * yy)
        product = (1.0 + 2.0 * xx) * (1.0 + 2.0 * yy)
        moved = 2.0 / math.pi * np.abs(xy) * uncertain / (product * np.sqrt(rest))
        errors = 2.5 * EPS * np.abs(values) + moved
        return result(values, errors, "closed form (arc-sine)")

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The arc-sine kernel in balls; see `Activation.enclosure`."""
        # The last term is at least 0, but its ball is symmetric: the sum keeps away from 0.
        rest = 1 + (2 * xx + 2 * yy + 4 * determinant_ball(xx, xy, yy))
        return 2 * (2 * xy / rest.sqrt()).atan() / arb.pi()

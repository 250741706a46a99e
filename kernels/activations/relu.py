"""The rectifier."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, determinant, result
from kernels.activations.form import IntegrableDerivative
from kernels.activations.proved.covariance import Centre, root
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class ReLU(Activation):
    """``phi(t) = max(t, 0)``, with the arc-cosine kernel of order 1 as its dual.

        dual = (s + xy (pi - theta)) / (2 pi),   s = sqrt(xx yy - xy^2),   tan(theta) = s / xy

    Source: Cho and Saul, Kernel methods for deep learning, 2009 (half of their kernel).

    >>> ReLU().dual(2.0, 2.0, 2.0).item().value  # E[max(u, 0)^2]
    1.0
    """

    name: ClassVar[str] = "relu"

    @property
    def form(self) -> IntegrableDerivative:
        """The second derivative is a point mass."""
        return IntegrableDerivative(2)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``max(t, 0)``."""
        return np.maximum(t, 0.0)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The arc-cosine kernel, with a bound on its rounding."""
        xx, xy, yy = checked(xx, xy, yy)
        # In units of powers of 2 near the standard deviations, so that no product underflows.
        first, second = (np.frexp(variance)[1] // 2 for variance in (xx, yy))
        units = (-2 * first, -first - second, -2 * second)
        entries = [np.asarray(np.ldexp(*one)) for one in zip((xx, xy, yy), units, strict=True)]
        root, scaled = np.sqrt(determinant(*entries)), entries[1]
        values = (root + scaled * np.arctan2(root, -scaled)) / (2.0 * math.pi)
        values = np.ldexp(values, first + second)
        # Near |xy| = sqrt(xx yy) the root keeps half its digits, yet the sum keeps them all: its
        # derivative in the root, s^2 / (s^2 + xy^2) / (2 pi), vanishes as s^2.
        return result(values, 2.0 * EPS * np.sqrt(xx) * np.sqrt(yy), "closed form (arc-cosine)")

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The arc-cosine kernel in the middle, and what its slopes make of the distances from it.

        The slopes are ``P(u > 0, v > 0) = 1/4 + arctan(xy / s) / (2 pi)`` in ``xy`` and
        ``s / (4 pi xx)`` in ``xx``. In plain balls the root s alone would lose half of all digits
        near ``xy^2 = xx yy``; see `Activation.enclosure`.
        """
        centre = Centre.of(xx, xy, yy)
        if centre is None:  # between 0 and sqrt(E u^2 E v^2) / 2, by symmetry
            return arb(0).union(root(xx * yy) / 2)
        between = xy.union(centre.xy)
        square = xx * yy - between * between
        positive = arb(0.5)
        if square > 0:
            positive = arb(0.25) + (between / square.sqrt()).atan() / (2 * arb.pi())
        largest = root(square) / (4 * arb.pi())
        moved = positive * centre.by_xy + largest * (centre.by_xx / xx + centre.by_yy / yy)
        return _arc_cosine(centre.xx, centre.xy, centre.yy) + arb(0, moved.upper())


def _arc_cosine(xx: arb, xy: arb, yy: arb) -> arb:
    """The dual in balls of a few roundings."""
    side = root(xx * yy - xy * xy)
    if xy > 0:
        angle = arb.pi() - arb.atan2(side, xy)
    elif xy < 0:
        angle = arb.atan2(side, -xy)
    else:
        angle = arb.pi() / 2
    return (side + xy * angle) / (2 * arb.pi())

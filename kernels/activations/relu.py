"""The rectifier."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, determinant, result
from kernels.activations.form import IntegrableDerivative
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
        root = np.sqrt(determinant(xx, xy, yy))
        values = (root + xy * np.arctan2(root, -xy)) / (2.0 * math.pi)
        # Near |xy| = sqrt(xx yy) the root keeps half its digits, yet the sum keeps them all: its
        # derivative in the root, s^2 / (s^2 + xy^2) / (2 pi), vanishes as s^2.
        return result(values, 4.0 * EPS * np.sqrt(xx) * np.sqrt(yy), "closed form (arc-cosine)")

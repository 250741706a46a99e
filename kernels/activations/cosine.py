"""The shifted cosine, the activation of Theorem 4.4."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.sinusoid import Sinusoid
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Cosine(Sinusoid):
    """``phi(t) = cos(b1 t + b2)``, with the dual of Claim E.2.

        dual = 1/2 exp(-b1^2 (xx + yy - 2 xy) / 2) + 1/2 cos(2 b2) exp(-b1^2 (xx + yy + 2 xy) / 2)

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.

    >>> Cosine(1.5, 0.4).dual(1.0, 0.5, 1.0).item().value
    0.17424...
    """

    name: ClassVar[str] = "cos"

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``cos(b1 t + b2)``."""
        return np.cos(self.b1 * t + self.b2)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """Claim E.2, with a bound on its rounding."""
        return self._dual(math.cos(2.0 * self.b2), xx, xy, yy, "closed form (E.2)")

"""The shifted sine."""

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
class Sine(Sinusoid):
    """``phi(t) = sin(b1 t + b2)``: the shifted cosine of Claim E.2 with ``b2 - pi/2`` for ``b2``.

        dual = 1/2 exp(-b1^2 (xx + yy - 2 xy) / 2) - 1/2 cos(2 b2) exp(-b1^2 (xx + yy + 2 xy) / 2)

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.

    >>> Sine(1.0, 0.0).dual(1.0, 0.0, 1.0).item().value
    0.0
    """

    name: ClassVar[str] = "sin"

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``sin(b1 t + b2)``."""
        return np.sin(self.b1 * t + self.b2)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The closed form above, with a bound on its rounding."""
        return self._dual(-math.cos(2.0 * self.b2), xx, xy, yy, "closed form")

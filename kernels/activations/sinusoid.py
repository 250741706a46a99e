"""What the shifted cosine and the shifted sine share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.covariance import EPS, checked, result
from kernels.checks import convert_fields, finite
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Sinusoid(Activation):
    """A cosine or sine of ``b1 t + b2``.

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.
    """

    b1: float = 1.5
    b2: float = 0.4

    def __post_init__(self) -> None:
        convert_fields(self, b1=finite, b2=finite)

    def _dual(
        self, mixing: float, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike, method: str
    ) -> EstimateArray:
        """``(E cos(b1 (u - v)) + mixing E cos(b1 (u + v))) / 2``, where ``|mixing| <= 1``.

        The product formulas make this the dual of ``cos(b1 t + b2)`` for ``mixing = cos(2 b2)``
        and of ``sin(b1 t + b2)`` for ``mixing = -cos(2 b2)``. The exponents are summed before the
        exponential, so large variances neither overflow nor cancel.
        """
        xx, xy, yy = checked(xx, xy, yy)
        with np.errstate(over="ignore", invalid="ignore"):
            half = 0.5 * self.b1 * self.b1
            difference = np.exp(-half * np.maximum(xx + yy - 2.0 * xy, 0.0))
            total = np.exp(-half * np.maximum(xx + yy + 2.0 * xy, 0.0))
            values = 0.5 * (difference + mixing * total)
            # Three roundings in an exponent, each relative to the size of its terms, and one in
            # each of exp, mixing, product and sum.
            relative = EPS * (4.0 + 3.0 * half * (xx + yy + 2.0 * np.abs(xy)))
            errors = 0.5 * relative * (difference + total)
        return result(values, errors, method)

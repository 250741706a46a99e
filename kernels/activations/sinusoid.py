"""What the shifted cosine and the shifted sine share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, result
from kernels.activations.dual.exponent import decay, exponent
from kernels.activations.form import Constant, Form, SmoothingMultiple
from kernels.activations.proved.covariance import positive_part
from kernels.activations.proved.scaled import ScaledDual
from kernels.boundary.checks import convert_fields, finite
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Sinusoid(Activation, ScaledDual):
    """A cosine or sine of ``b1 t + b2``.

    With + for the cosine and - for the sine, its dual is

        1/2 exp(-b1^2 (xx + yy - 2 xy) / 2) +- 1/2 cos(2 b2) exp(-b1^2 (xx + yy + 2 xy) / 2).

    Attributes:
        function: the cosine or the sine.
        sign: that of the second term.
        method: what an estimate calls the dual.

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.
    """

    function: ClassVar[np.ufunc]
    sign: ClassVar[float]
    method: ClassVar[str]

    b1: float = 1.5
    b2: float = 0.4

    def __post_init__(self) -> None:
        convert_fields(self, b1=finite, b2=finite)

    @property
    def form(self) -> Form:
        """Waves keep their shape under smoothing; constant where ``b1`` is 0."""
        if self.b1:
            return SmoothingMultiple(-(self.b1**2))
        return Constant(zero=not self(np.zeros(1)).any())

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """The function of ``b1 t + b2``."""
        return self.function(self.b1 * t + self.b2)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The closed form above, with a bound on its rounding.

        The product formulas make it ``(E cos(b1 (u - v)) +- cos(2 b2) E cos(b1 (u + v))) / 2``.
        The exponents are summed before the exponential, so large variances neither overflow nor
        cancel.
        """
        xx, xy, yy = checked(xx, xy, yy)
        mixing = self.sign * math.cos(2.0 * self.b2)
        with np.errstate(over="ignore", invalid="ignore"):
            apart, by_apart = decay(*exponent(self.b1, xx, np.asarray(-xy), yy))
            together, by_together = decay(*exponent(self.b1, xx, xy, yy))
            values = 0.5 * (apart + mixing * together)
            # Beside the exponents: exp, the cosine of the phase, product and sum.
            errors = 0.5 * (by_apart + by_together) + 1.5 * EPS * (apart + together)
        return result(values, errors, self.method)

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The closed form in balls; see `Activation.enclosure`."""
        half = arb(self.b1) ** 2 / 2
        mixing = arb(self.sign) * (2 * arb(self.b2)).cos()
        difference = (-half * positive_part(xx + yy - 2 * xy)).exp()
        total = (-half * positive_part(xx + yy + 2 * xy)).exp()
        return (difference + mixing * total) / 2

    def factor(self, variance: arb) -> arb:
        """``exp(-b1^2 xx / 2)``."""
        return (-(arb(self.b1) ** 2) * variance / 2).exp()

    def core(self, covariance: arb) -> arb:
        """``(exp(b1^2 xy) +- cos(2 b2) exp(-b1^2 xy)) / 2``."""
        growth = (arb(self.b1) ** 2 * covariance).exp()
        return (growth + arb(self.sign) * (2 * arb(self.b2)).cos() / growth) / 2

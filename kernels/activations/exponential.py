"""The exponential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, result
from kernels.activations.dual.exponent import exponent
from kernels.activations.form import Constant, Form, SmoothingMultiple
from kernels.activations.proved.covariance import positive_part
from kernels.activations.proved.scaled import ScaledDual
from kernels.boundary.checks import convert_fields, finite
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Exponential(Activation, ScaledDual):
    """``phi(t) = exp(scale t)``, whose dual is a Gaussian moment generating function.

        dual = exp(scale^2 (xx + yy + 2 xy) / 2)

    Args:
        scale: the rate; smaller keeps the values finite for large variances.

    Raises:
        InvalidInputError: ``scale`` is not a finite number.

    >>> Exponential(0.5).dual(1.0, 1.0, 1.0).item().value  # exp(1 / 2)
    1.64872...
    """

    name: ClassVar[str] = "exp"

    scale: float = 1.0

    def __post_init__(self) -> None:
        convert_fields(self, scale=finite)

    @property
    def form(self) -> Form:
        """A Gaussian moment generating function; constant where ``scale`` is 0."""
        return SmoothingMultiple(self.scale**2) if self.scale else Constant(zero=False)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``exp(scale t)``."""
        return np.exp(self.scale * t)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The closed form above, with a bound on its rounding.

        Raises:
            InvalidInputError: the value exceeds the float64 range.
        """
        xx, xy, yy = checked(xx, xy, yy)
        power, rounding = exponent(self.scale, xx, xy, yy)
        if not (power < np.log(np.finfo(np.float64).max)).all():
            raise InvalidInputError(
                "scale", self.scale, "give a smaller scale: the dual overflows float64"
            )
        values = np.exp(power)
        with np.errstate(over="ignore"):
            errors = values * np.expm1(rounding + 2.0 * EPS)  # two for exp itself
        return result(values, errors, "closed form")

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The closed form in balls; see `Activation.enclosure`."""
        return (arb(self.scale) ** 2 * positive_part(xx + yy + 2 * xy) / 2).exp()

    def factor(self, variance: arb) -> arb:
        """``exp(scale^2 xx / 2)``."""
        return (arb(self.scale) ** 2 * variance / 2).exp()

    def core(self, covariance: arb) -> arb:
        """``exp(scale^2 xy)``."""
        return (arb(self.scale) ** 2 * covariance).exp()

"""The Gaussian error linear unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.special import ndtr

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, determinant, result
from kernels.activations.form import IntegrableDerivative
from kernels.activations.proved.covariance import determinant as determinant_ball
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class GELU(Activation):
    """``phi(t) = t Phi(t)``, ``Phi`` the standard normal distribution function.

    With ``delta = xx yy - xy^2`` and ``D = (1 + xx) (1 + yy) - xy^2 = 1 + xx + yy + delta``,

        dual = xy (1/4 + arctan(xy / sqrt(D)) / (2 pi))
               + (xy^2 (1 / (1 + xx) + 1 / (1 + yy)) + delta) / (2 pi sqrt(D))

    Derivation. Stein's lemma on ``u`` turns ``E[u v Phi(u) Phi(v)]`` into
    ``xx E[v phi(u) Phi(v)] + xy E[Phi(u) Phi(v)] + xy E[v Phi(u) phi(v)]`` (here ``phi`` is the
    normal density). The middle term is an orthant probability. In the others the density tilts
    the Gaussian, ``xx -> xx / (1 + xx)`` and so on, and Stein's lemma applies once more. Tsuchida
    et al., Avoiding kernel fixed points, 2021, give an equivalent form.

    >>> GELU().dual(1.0, 0.0, 1.0).item().value  # (1 / (2 sqrt(pi)))^2
    0.07957...
    """

    name: ClassVar[str] = "gelu"

    @property
    def form(self) -> IntegrableDerivative:
        """The second derivative is ``2 - t^2`` times the normal density."""
        return IntegrableDerivative(2)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """``t Phi(t)``."""
        return np.asarray(t * ndtr(t), dtype=np.float64)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The closed form above, with a bound on its rounding."""
        xx, xy, yy = checked(xx, xy, yy)
        delta = determinant(xx, xy, yy)
        root = np.sqrt(1.0 + xx + yy + delta)
        turn = np.arctan2(xy, root) / (2.0 * math.pi)
        linear = xy * (0.25 + turn)
        rest = (xy * xy * (1.0 / (1.0 + xx) + 1.0 / (1.0 + yy)) + delta) / (2.0 * math.pi * root)
        # The linear part is off by its sum and product, by the last sum, and by its turn: that is
        # off by itself, and by half of what the root is. The rest has a dozen roundings.
        errors = EPS * (1.5 * np.abs(linear) + 3.0 * np.abs(xy * turn) + 6.0 * rest)
        # The rounding of delta moves the value by at most 1 / (2 pi sqrt(D)) of it.
        errors += EPS * xx * yy / (math.pi * root)
        return result(linear + rest, errors, "closed form")

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The closed form in balls; see `Activation.enclosure`."""
        delta = determinant_ball(xx, xy, yy)
        root = (1 + xx + yy + delta).sqrt()
        linear = xy * (arb(0.25) + (xy / root).atan() / (2 * arb.pi()))
        return linear + (xy * xy * (1 / (1 + xx) + 1 / (1 + yy)) + delta) / (2 * arb.pi() * root)

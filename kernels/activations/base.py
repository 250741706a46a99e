"""The contract of every activation function and its dual."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float

from kernels.activations.form import Form
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Activation(ABC):
    """An activation phi, and its dual: the kernel that it makes of a Gaussian covariance.

    The contract of `dual` is the paper's equation (3): for ``(u, v)`` Gaussian with mean 0 and
    covariance ``[[xx, xy], [xy, yy]]``,

        dual(xx, xy, yy) = E[ phi(u) phi(v) ].

    Activations are immutable and hashable (frozen dataclasses), so that they can key a table.
    """

    name: ClassVar[str]
    """The name on the command line."""

    @property
    def form(self) -> Form:
        """What theorems about template matrices may use of phi; nothing where not overridden."""
        return Form()

    @abstractmethod
    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """phi itself, entry by entry."""

    @abstractmethod
    def dual(
        self,
        xx: Float[np.ndarray, "*shape"],
        xy: Float[np.ndarray, "*shape"],
        yy: Float[np.ndarray, "*shape"],
    ) -> EstimateArray:
        """``E[phi(u) phi(v)]``, with the error of the evaluation alone (rounding, quadrature)."""

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb | None:
        """A ball around the dual of every covariance whose entries lie in these balls.

        Args:
            xx: variances of u.
            xy: covariances.
            yy: variances of v.

        Returns:
            The ball, at the precision that is set; None where no proof is known, as here.
        """
        del xx, xy, yy
        return None

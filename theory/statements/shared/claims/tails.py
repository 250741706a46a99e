"""How far sample means may be off, without trust in the sample's own scatter.

The scatter of a heavy-tailed sample says little: what makes the variance may not have been drawn.
The bounds here rest on a known variance, or on a known range.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.special import betaincinv

from kernels.activations import Activation
from kernels.activations.dual.quadrature import dual_by_quadrature
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind, Estimate, Numerical

BLOCKS = 33
"""Of a median of means."""


def gaussian_moment(
    function: Callable[[np.ndarray], np.ndarray], xx: float, xy: float, yy: float
) -> Estimate:
    """``E f(u) f(v)`` by the trapezoidal rule out to 38 standard deviations.

    There heavy tails have their moments. The error is infinite where the rule cannot be summed.

    >>> round(gaussian_moment(lambda t: t**2, 1.0, 1.0, 1.0).value, 9)
    3.0
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            found = dual_by_quadrature(function, xx, xy, yy, tolerance=0.0, effort=0).item()
    except InvalidInputError:
        return Estimate(math.inf, Numerical(math.inf))
    return found


def root_mean_square(activation: Activation, xx: float, xy: float, yy: float) -> float:
    """An upper bound of ``sqrt(E phi(u)^2 phi(v)^2)``, hence of the deviation of phi(u) phi(v)."""
    found = gaussian_moment(lambda t: activation(t) ** 2, xx, xy, yy)
    upper = found.value + found.error
    return math.sqrt(upper) if math.isfinite(upper) else math.inf


@dataclass(frozen=True)
class MedianOfMeans:
    """The median of the means of `BLOCKS` blocks of draws.

    By Chebyshev, a block's mean is off by more than ``deviation / sqrt(q draws / BLOCKS)`` with
    probability q at most. For the median to be, more than half of the independent blocks must, and
    q is chosen so that this happens with the probability asked for.

    Attributes:
        value: the median.
        deviation: a bound on the standard deviation of a draw.
        draws: of all blocks together.
    """

    value: float
    deviation: float
    draws: int

    kind = ErrorKind.STATISTICAL

    def radius(self, significance: float) -> float:
        """By how much the median may miss the mean, but for that probability.

        >>> round(MedianOfMeans(0.0, 1.0, 3_300).radius(1e-7), 3)
        0.279
        """
        half = BLOCKS // 2 + 1
        q = float(betaincinv(half, BLOCKS - half + 1, significance))
        return self.deviation * math.sqrt(BLOCKS / (q * self.draws))

    def to_json(self) -> dict[str, object]:
        """What the radius is made of."""
        return {"value": self.value, "deviation": self.deviation, "draws": self.draws}


@dataclass(frozen=True)
class BoundedMean:
    """The mean of independent values from an interval (Maurer and Pontil 2009).

    Attributes:
        value: the mean.
        variance: that of the sample.
        width: of the interval.
        draws: how many values.
    """

    value: float
    variance: float
    width: float
    draws: int

    kind = ErrorKind.STATISTICAL

    @classmethod
    def of(cls, values: Float64[np.ndarray, " n"], width: float) -> BoundedMean:
        """That of a sample.

        >>> BoundedMean.of(np.array([0.0, 1.0]), 1.0).value
        0.5
        """
        return cls(float(values.mean()), float(values.var(ddof=1)), width, len(values))

    def radius(self, significance: float) -> float:
        """By how much the mean may miss, but for that probability.

            sqrt(2 V L / n) + 7 width L / (3 (n - 1)),   L = log(4 / significance).

        >>> BoundedMean(0.5, 0.25, 1.0, 100).radius(1e-6) < 1.0
        True
        """
        log = math.log(4.0 / significance)
        scatter = math.sqrt(2.0 * self.variance * log / self.draws)
        return scatter + 7.0 * self.width * log / (3.0 * (self.draws - 1))

    def to_json(self) -> dict[str, object]:
        """The mean, and the standard error of it."""
        error = math.sqrt(self.variance / self.draws)
        return {"value": self.value, "error": error, "kind": str(self.kind), "draws": self.draws}

"""How far sample means may be off, without trust in the sample's own scatter.

The scatter of a heavy-tailed sample says little: what makes the variance may not have been drawn.
The bounds here rest on a known variance, or on a known range.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64
from kernels.estimate import ErrorKind, Estimate

from kernels.activations import Activation
from kernels.activations.quadrature import dual_by_quadrature
from kernels.errors import InvalidInputError

BLOCKS = 33
_BLOCK_OFF = 0.128
"""Of 33 independent events of probability 0.128, 17 or more happen with probability 1e-7."""

MEDIAN_DOUBT = 1e-7
"""The chance, at most, that a median of means is off by more than `median_error`."""

POWER = 0.99
POWER_QUANTILE = NormalDist().inv_cdf(POWER)
"""What adds to a test's critical value to give a difference that is seen with that power."""


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
            found = dual_by_quadrature(function, xx, xy, yy, tolerance=0.0, effort=0).at()
    except InvalidInputError:
        return Estimate(math.inf, math.inf, ErrorKind.NUMERICAL)
    return found


def root_mean_square(activation: Activation, xx: float, xy: float, yy: float) -> float:
    """An upper bound of ``sqrt(E phi(u)^2 phi(v)^2)``, hence of the deviation of phi(u) phi(v)."""
    found = gaussian_moment(lambda t: activation(t) ** 2, xx, xy, yy)
    return math.sqrt(found.upper) if math.isfinite(found.upper) else math.inf


def median_error(deviation: float, draws: int) -> float:
    """By how much a median of the means of 33 blocks may miss, but for a chance of 1e-7.

    By Chebyshev, a block's mean is off by more than ``deviation / sqrt(0.128 draws / 33)`` with
    probability 0.12 at most, and for the median to be, 19 of the 33 blocks must.

    Args:
        deviation: a bound on the standard deviation of a draw.
        draws: of all blocks together.
    """
    return deviation * math.sqrt(BLOCKS / (_BLOCK_OFF * draws))


def bounded_error(
    values: Float64[np.ndarray, " n"], width: float, doubt: float = MEDIAN_DOUBT
) -> float:
    """By how much the mean of values from an interval may miss (Maurer and Pontil 2009).

    With probability ``1 - doubt``, by no more than

        sqrt(2 V L / n) + 7 width L / (3 (n - 1)),   L = log(4 / doubt),  V the sample variance.
    """
    n, log = len(values), math.log(4.0 / doubt)
    variance = float(values.var(ddof=1))
    return math.sqrt(2.0 * variance * log / n) + 7.0 * width * log / (3.0 * (n - 1))

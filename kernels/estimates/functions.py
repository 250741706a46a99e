r"""Functions of estimates: roots and exponentials, entry by entry.

In the notation of `kernels.estimates.rules.arithmetic`, ``r`` the rounding of the function itself::

    sqrt(x):  p = max(sqrt(x) - sqrt(x - p_x), sqrt(x + p_x) - sqrt(x)) + r
              s = min(s_x / (sqrt(x - p_x) + sqrt(x - p_x - s_x)), sqrt(s_x))
    exp(x):   p = exp(x) (exp(p_x) - 1) + r
              s = exp(x + p_x) s_x

Numbers under a root are cut at 0, since the truth is not below it; the root of what is below 0 for
certain is not known. IEEE 754 rounds a root correctly. Of an exponential no theorem says how well
it is computed, so it is numerical at best. Standard deviations are to first order.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.estimates.array import EstimateArray
from kernels.estimates.error import Numerical
from kernels.estimates.rules.arithmetic import Parts
from kernels.estimates.rules.rounding import TINY, UNIT, Floats, outward, product_rounding
from kernels.estimates.rules.sizes import product

_EXPONENTIAL = 8.0 * UNIT
"""Relative. Four units in the last place, which no library in use exceeds."""

_SMALL = 2.0**-900
"""Above it a value and its products with relative errors do not underflow."""

_OF_A_SUM = 2.0**-40
"""Relative. What rounding the exponent, a sum of size below 1,500, does to the exponential."""


def root(x: EstimateArray) -> EstimateArray:
    """``sqrt(x)`` of numbers whose truths are at least 0.

    >>> both = EstimateArray.of(np.array([4.0, 0.0]), Numerical, np.array([0.79, 0.01]))
    >>> [round(error, 9) for error in root(both).errors.tolist()]
    [0.208352713, 0.1]
    """
    s = x.deviations
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        values = _root(x.values)
        low, high = _root(x.values - x.bounds), _root(x.values + x.bounds)
        square = np.asarray(values * values)
        inexact = (product_rounding(values, values, square) > 0.0) | (square != x.values)
        rounding = np.where(inexact, UNIT * values, 0.0)
        moved = np.maximum(values - low, high - values) + 4.0 * UNIT * high
        bounds = np.where(x.bounds > 0.0, outward(moved), 0.0) + rounding
        ends = low + _root(x.values - x.bounds - s)
        slope = np.divide(s, ends, out=np.full(s.shape, np.inf), where=ends > 0.0)
        deviations = np.asarray(np.minimum(slope, np.sqrt(s)))
    known = np.isfinite(values) & ((x.values + x.bounds >= 0.0) | (s > 0.0))
    bounds, deviations = np.where(known, bounds, np.inf), np.where(known, deviations, 0.0)
    return EstimateArray.carried(Parts(values, bounds, deviations), x)


def exponential(x: EstimateArray) -> EstimateArray:
    """``exp(x)``.

    >>> found = exponential(EstimateArray.of(np.array([0.0, 1.0]), Numerical, 0.1))
    >>> [round(error, 9) for error in found.errors.tolist()]
    [0.105170918, 0.285884195]
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        values = np.asarray(np.exp(x.values))
        end = np.asarray(np.exp(x.values + x.bounds))
        # Of a value that underflows, or nearly, a multiple says little: the end is the bound.
        far = np.where(values > _SMALL, values * np.expm1(x.bounds), end * (1.0 + _OF_A_SUM))
        moved = np.where(x.bounds > 0.0, outward(far, 32.0), 0.0)
        rounding = np.where(x.values != 0.0, _EXPONENTIAL * values + TINY, 0.0)
        deviations = product(np.maximum(end, TINY), x.deviations)
    known = np.isfinite(values)
    bounds = np.where(known, moved + rounding, np.inf)
    deviations = np.asarray(np.where(known, deviations, 0.0))
    library = EstimateArray.of(0.0, Numerical)
    return EstimateArray.carried(Parts(values, np.asarray(bounds), deviations), x, library)


def _root(x: Floats) -> Float64[np.ndarray, "..."]:
    return np.asarray(np.sqrt(np.maximum(x, 0.0)))

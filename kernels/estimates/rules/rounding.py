"""What one floating-point operation does to its result, exactly or by a bound.

The rounding error of a sum is itself a float and can be computed (Knuth's two-sum), and so can
that of a product (Dekker, Veltkamp) unless it underflows. An operation that does not round is
thereby seen not to: a sum of exact numbers that float64 can hold stays exact.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float64

UNIT = 2.0**-53
"""The relative error of one rounding, at most."""

TINY = 2.0**-1074
"""The smallest number above 0; no operation loses more than half of it to underflow."""

_SPLIT = 2.0**27 + 1.0
_SMALLEST, _LARGEST = 2.0**-480, 2.0**480
"""Between these sizes the products inside Dekker's algorithm neither overflow nor underflow."""

_FORMULA = 16.0 * UNIT
"""Relative. Roundings in the formula of a bound, which has fewer than 16 operations."""

Floats = Float64[np.ndarray, "..."] | np.float64
"""Numbers of any shape; NumPy makes scalars of arrays without axes."""


def sum_rounding(a: Floats, b: Floats, total: Floats) -> Float64[np.ndarray, "..."]:
    """``|total - (a + b)|`` for ``total = fl(a + b)``, exactly; infinite where it overflowed.

    >>> float(sum_rounding(np.array(1.0), np.array(2.0**-60), np.array(1.0))) == 2.0**-60
    True
    """
    with np.errstate(invalid="ignore", over="ignore"):
        shown = total - a
        error = np.abs((a - (total - shown)) + (b - shown))
    return np.asarray(np.where(np.isfinite(total), error, np.inf))


def product_rounding(a: Floats, b: Floats, product: Floats) -> Float64[np.ndarray, "..."]:
    """``|product - a b|`` for ``product = fl(a b)``: exactly, or a bound near the float range.

    >>> float(product_rounding(np.array(3.0), np.array(0.5), np.array(1.5)))
    0.0
    """
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
        error = np.abs(
            a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
        )
        safe = _moderate(a) & _moderate(b)
        bound = np.where(safe, error, UNIT * np.abs(product) + TINY)
    bound = np.where((a == 0.0) | (b == 0.0), 0.0, bound)
    return np.asarray(np.where(np.isfinite(product), bound, np.inf))


def outward(bound: Floats, roundings: float = 0.0) -> Float64[np.ndarray, "..."]:
    """A bound at least as large as the exact value of its formula, all terms of which are positive.

    Args:
        bound: as computed, by less than 16 operations and as many more as ``roundings``.
        roundings: further operations, of sums say.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        wider = bound * (1.0 + _FORMULA + 2.0 * roundings * UNIT) + (4.0 + roundings) * TINY
    return np.asarray(np.where(np.isnan(wider), np.inf, wider))


def _halves(a: Floats) -> tuple[Floats, Floats]:
    """``a`` as the sum of two numbers of 26 bits."""
    shifted = _SPLIT * a
    high = shifted - (shifted - a)
    return high, a - high


def _moderate(a: Floats) -> Bool[np.ndarray, "..."]:
    return np.asarray((np.abs(a) > _SMALLEST) & (np.abs(a) < _LARGEST))

"""The exponent of Gaussian averages of exponentials and waves, and what rounding does to it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from kernels.activations.dual.covariance import EPS

_Entries = Float[np.ndarray, "*shape"]


def exponent(
    rate: float, xx: _Entries, xy: _Entries, yy: _Entries
) -> tuple[Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """``rate^2 (xx + yy + 2 xy) / 2``, half the variance of ``rate (u + v)``, and its rounding.

    The sum ``xx + yy`` rounds once, relative to itself; the half of the square, the other sum and
    the product once each, relative to the result. So no term is due to ``xy``.

    >>> value, error = exponent(1.0, np.array(4.0), np.array(-4.0), np.array(4.0))
    >>> float(value), float(error) / EPS
    (0.0, 2.0)
    """
    half = 0.5 * rate * rate
    variances = xx + yy
    value = np.asarray(half * np.maximum(variances + 2.0 * xy, 0.0))
    return value, np.asarray(EPS * (0.5 * half * variances + 1.5 * value))


def decay(
    value: _Entries, error: _Entries
) -> tuple[Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """``exp(-value)`` for an exponent that is off by no more than ``error``, and what it is off by.

    One that may be off by a factor above ``e`` is bounded by the largest it can be, which also
    holds where the other bound, not taken there, overflows.
    """
    found = np.asarray(np.exp(-value))
    largest = np.exp(np.minimum(error - value, 0.0))
    return found, np.where(error > 1.0, largest, found * np.expm1(error))

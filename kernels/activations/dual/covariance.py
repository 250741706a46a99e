"""What every dual does with its arguments: check a Gaussian covariance, and return a result."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray, Numerical

EPS = float(np.finfo(np.float64).eps)
"""The distance from 1 to the next float64; two roundings of a number of order 1."""

_SMALLEST = float(np.finfo(np.float64).smallest_normal)
"""What a value that underflows may be off by: roundings of smaller numbers are not relative."""

_EXCESS = 0.1
"""By how much ``|xy|`` may exceed ``sqrt(xx yy)``: entries known up to a sampling error can."""


def checked(
    xx: ArrayLike, xy: ArrayLike, yy: ArrayLike
) -> tuple[Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """The three entries of 2x2 covariances, broadcast to one shape.

    Rounding and sampling errors can make a covariance slightly indefinite; ``xy`` is then moved
    to the nearest value that a covariance can have.

    Raises:
        InvalidInputError: an entry is not finite, a variance is negative, or ``|xy|`` exceeds
            ``sqrt(xx yy)`` by more than a tenth.

    >>> float(checked(1.0, 1.01, 1.0)[1].round(12))
    1.0
    """
    entries = np.broadcast_arrays(*(np.asarray(entry, dtype=np.float64) for entry in (xx, xy, yy)))
    for name, entry in zip(("xx", "xy", "yy"), entries, strict=True):
        if not np.isfinite(entry).all():
            raise InvalidInputError(name, _first(entry, ~np.isfinite(entry)), "give finite numbers")
    for name, entry in (("xx", entries[0]), ("yy", entries[2])):
        if (entry < 0.0).any():
            raise InvalidInputError(name, _first(entry, entry < 0.0), "a variance is at least 0")
    # The roots are taken apart, so that the product cannot overflow.
    largest = np.sqrt(entries[0]) * np.sqrt(entries[2])
    beyond = np.abs(entries[1]) > (1.0 + _EXCESS) * largest
    if beyond.any():
        raise InvalidInputError(
            "xy", _first(entries[1], beyond), "a covariance is at most sqrt(xx yy) in size"
        )
    # Four roundings of slack, so that an admissible entry is never moved by rounding alone.
    largest = largest * (1.0 + 4.0 * EPS)
    return entries[0], np.asarray(np.clip(entries[1], -largest, largest)), entries[2]


def determinant(
    xx: Float[np.ndarray, "*shape"],
    xy: Float[np.ndarray, "*shape"],
    yy: Float[np.ndarray, "*shape"],
) -> Float[np.ndarray, "*shape"]:
    """``xx yy - xy^2``, never negative; its rounding error is at most ``2 EPS xx yy``."""
    return np.asarray(np.maximum(xx * yy - xy * xy, 0.0))


def result(values: ArrayLike, errors: ArrayLike, method: str) -> EstimateArray:
    """The estimates of a dual, from values and errors of one shape, underflow apart.

    Raises:
        InvalidInputError: a value or an error is not finite, so the variances are too large.
    """
    if not (np.isfinite(values).all() and np.isfinite(errors).all()):
        raise overflowing(method)
    return EstimateArray.of(values, Numerical, np.asarray(errors) + _SMALLEST, method)


def overflowing(method: str) -> InvalidInputError:
    """The refusal of variances at which the dual is beyond the float64 range."""
    return InvalidInputError(
        "xx, xy, yy", "variances", f"too large: the dual ({method}) overflows float64"
    )


def _first(entry: Float[np.ndarray, "*shape"], where: ArrayLike) -> float:
    """The first offending number, for the message."""
    return float(entry[np.asarray(where)].flat[0])

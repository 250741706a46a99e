"""Numbers that were given, as float64: what it does not hold exactly is refused, not rounded.

A number that was rounded on the way in would be called exact, or be off by more than its bound.
"""

from __future__ import annotations

import math
from numbers import Real

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError

_INEXACT = "float64 does not hold it exactly"


def real(argument: str, value: object) -> float:
    """A number as float64; it may be infinite or NaN.

    Raises:
        InvalidInputError: no real number, or one that float64 does not hold.

    >>> real("value", np.float32(0.5))
    0.5
    >>> real("value", 2**53 + 1)
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: value = 9007199254740993: float64 does not
    hold it exactly
    """
    # A bool is no quantity.
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise InvalidInputError(argument, value, "give a number")
    try:
        number = float(value)
    except OverflowError:
        raise InvalidInputError(argument, value, _INEXACT) from None
    if number != value and not math.isnan(number):
        raise InvalidInputError(argument, value, _INEXACT)
    return number


def reals(argument: str, values: object) -> Float64[np.ndarray, "..."]:
    """Numbers as an array of float64 of its own, which nobody else can change.

    Raises:
        InvalidInputError: no array of real numbers, or one that float64 does not hold.

    >>> reals("values", [1, 2.5])
    array([1. , 2.5])
    """
    try:
        given = np.asarray(values)
    except ValueError:  # rows of different lengths
        raise InvalidInputError(argument, values, "give an array of numbers") from None
    if given.dtype.kind not in "iuf":
        several = [real(argument, value) for value in given.ravel().tolist()]
        return np.array(several, dtype=np.float64).reshape(given.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = given.astype(np.float64)
        held = numbers.astype(given.dtype) == given
    if given.dtype.kind in "iu":  # 2^63 - 1 becomes 2^63, which only some machines turn back
        held &= numbers <= np.nextafter(float(np.iinfo(given.dtype).max), 0.0)
        held |= np.asarray(np.abs(numbers) < 2.0**53)
    for value in given[~(held | np.isnan(numbers))].ravel()[:1]:
        raise InvalidInputError(argument, value, _INEXACT)
    return numbers

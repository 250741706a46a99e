"""The numbers that ridge regression takes, each within its limits."""

from __future__ import annotations

from kernels.boundary.checks import positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.regression.arguments.labels import LARGEST

_MOST_ITERATIONS = 10**9

_FEWEST_PROBES, _MOST_PROBES = 8, 10**5
"""Of fewer, all may agree by chance, and their scatter says nothing of the error."""


def alpha(argument: str, value: object) -> float:
    """An alpha by which labels can be divided.

    Raises:
        InvalidInputError: no positive number, or one beyond 1e100 or below 1e-100.

    >>> alpha("alpha", 1)
    1.0
    """
    found = positive(argument, value)
    if not 1.0 / LARGEST < found < LARGEST:
        raise InvalidInputError(argument, value, "give a number between 1e-100 and 1e100")
    return found


def tol(value: object) -> float:
    """A share of the labels.

    Raises:
        InvalidInputError: no number between 0 and 1.
    """
    found = positive("tol", value)
    if found >= 1.0:
        raise InvalidInputError("tol", value, "give a number below 1")
    return found


def max_iter(value: object) -> int:
    """A number of iterations.

    Raises:
        InvalidInputError: no whole number from 1 on.

    >>> max_iter(1)
    1
    """
    return whole("max_iter", value, least=1, most=_MOST_ITERATIONS)


def probes(value: object) -> int:
    """A number of random vectors.

    Raises:
        InvalidInputError: fewer or more than allowed.

    >>> probes(2)
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: probes = 2: give a whole number of at least 8
    """
    return whole("probes", value, least=_FEWEST_PROBES, most=_MOST_PROBES)

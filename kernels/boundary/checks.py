"""Checks of scalar arguments that several modules share; those of numbers return the value."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Integral, Real

from kernels.boundary.exceptions import InvalidInputError


def finite(argument: str, value: object) -> float:
    """A finite real number.

    Raises:
        InvalidInputError: not a real number, or not a finite one.

    >>> finite("b1", 2)
    2.0
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidInputError(argument, value, "give a finite number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInputError(argument, value, "give a finite number of at most 1e308")
    return number


def nonnegative(argument: str, value: object) -> float:
    """A finite real number of at least 0.

    Raises:
        InvalidInputError: not a finite real number, or below 0.
    """
    number = finite(argument, value)
    if number < 0.0:
        raise InvalidInputError(argument, value, "give a number of at least 0")
    return number


def positive(argument: str, value: object) -> float:
    """A finite real number above 0.

    Raises:
        InvalidInputError: not a finite real number, or not above 0.
    """
    number = finite(argument, value)
    if number <= 0.0:
        raise InvalidInputError(argument, value, "give a number above 0")
    return number


def whole(argument: str, value: object, *, least: int = 0, most: int | None = None) -> int:
    """A whole number of at least ``least`` and, where that is given, at most ``most``.

    Raises:
        InvalidInputError: not a whole number, or out of its range.

    >>> whole("samples", 3.5)
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: samples = 3.5: give a whole number of at least 0
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise InvalidInputError(argument, value, f"give a whole number of at least {least}")
    if most is not None and int(value) > most:
        raise InvalidInputError(argument, value, f"give a whole number of at most {most}")
    return int(value)


def workers(argument: str, value: object) -> None:
    """Raise unless joblib can take the value as a number of workers.

    Raises:
        InvalidInputError: neither None nor a whole number other than 0.

    >>> workers("n_jobs", 0)
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: n_jobs = 0: give a whole number other than
    0, or None
    """
    whole_number = isinstance(value, Integral) and not isinstance(value, bool)
    if value is not None and (not whole_number or value == 0):
        raise InvalidInputError(argument, value, "give a whole number other than 0, or None")


def instance(argument: str, value: object, kind: type, remedy: str) -> None:
    """Raise unless the value is of a class.

    Raises:
        InvalidInputError: the value is of another class.

    >>> instance("activation", "cos", float, "give a float")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: activation = 'cos': give a float
    """
    if not isinstance(value, kind):
        raise InvalidInputError(argument, value, remedy)


def convert_fields(frozen: object, **checks: Callable[[str, object], object]) -> None:
    """Replace fields of a frozen dataclass by what their checks make of them.

    What was given as a ``float32`` or a whole number is from then on the float64 that it stands
    for: in the arithmetic, in comparisons and in names.

    Args:
        frozen: the object, during its ``__post_init__``.
        **checks: for each field the check that returns it converted, such as `finite`.
    """
    for name, check in checks.items():
        object.__setattr__(frozen, name, check(name, getattr(frozen, name)))

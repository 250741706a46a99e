"""Orders of derivatives in (beta, gamma), the two scalings, and reading a pair of strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb, factorial
from typing import Literal, TypeAlias, get_args

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.tokens import tokenize

Order: TypeAlias = tuple[int, int]
"""``(i, j)``: i derivatives in beta, j in gamma."""

Scaling: TypeAlias = Literal["section-4.1", "appendix-H"]
"""Section 4.1, or Appendix H, where beta sqrt(1 + gamma^2) stands for beta."""

PROOF_ORDERS: tuple[Order, ...] = ((0, 0), (2, 2), (4, 0), (4, 2), (6, 4))
"""The five orders through which Claims F.2 to F.6 compare permutations."""


def even_orders(order: int) -> list[Order]:
    """The orders (i, j) with both even and i + j at most ``order``; all others vanish.

    They vanish because the law of the Gaussians is symmetric: the kernel does not change when
    beta or gamma changes its sign.

    Raises:
        InvalidInputError: ``order`` is not a whole number of at least 0.

    >>> even_orders(3)
    [(0, 0), (0, 2), (2, 0)]
    """
    top = whole("order", order)
    return [(i, j) for i in range(0, top + 1, 2) for j in range(0, top - i + 1, 2)]


def check_scaling(scaling: str) -> None:
    """Raise unless the name is that of a scaling.

    Raises:
        InvalidInputError: no scaling has this name.
    """
    if scaling not in get_args(Scaling):
        raise InvalidInputError("scaling", scaling, f"known are {', '.join(get_args(Scaling))}")


def to_appendix_h(coefficients: Mapping[Order, Fraction], order: int) -> dict[Order, Fraction]:
    """Taylor coefficients after ``beta^i`` became ``beta^i (1 + gamma^2)^(i / 2)``.

    Args:
        coefficients: those of Section 4.1, for every even order up to ``order``.
        order: the largest total order.
    """
    return {
        (i, j): sum(
            (comb(i // 2, g) * coefficients[i, j - 2 * g] for g in range(min(i, j) // 2 + 1)),
            Fraction(0),
        )
        for i, j in even_orders(order)
    }


def to_derivatives(coefficients: Mapping[Order, Fraction]) -> dict[Order, Fraction]:
    """Derivatives at the origin from Taylor coefficients.

    >>> to_derivatives({(2, 2): Fraction(1, 2)})
    {(2, 2): Fraction(2, 1)}
    """
    return {(i, j): c * factorial(i) * factorial(j) for (i, j), c in coefficients.items()}


def read_pair(
    x: str | Sequence[str], y: str | Sequence[str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tokens of two strings of one length as numbers that they share.

    Raises:
        InvalidInputError: the strings differ in length, or one is not a string of tokens.

    >>> read_pair("AAB", "CAC")
    ((0, 0, 1, 2), (3, 0, 3, 2))
    """
    first, second = tokenize(x, argument="x"), tokenize(y, argument="y")
    if len(first) != len(second):
        raise InvalidInputError(
            "y", y, f"needs the length of x, {len(first) - 1}, and has {len(second) - 1}"
        )
    numbers: dict[str, int] = {}
    for token in first + second:
        numbers.setdefault(token, len(numbers))
    return tuple(numbers[t] for t in first), tuple(numbers[t] for t in second)

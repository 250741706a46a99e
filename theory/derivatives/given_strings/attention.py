"""Exact derivatives of the attention kernel of two given strings at (beta, gamma) = (0, 0)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, prod

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from theory.derivatives.given_strings.chaos import StringExpansion, count_terms, indices
from theory.derivatives.given_strings.cumulants import CumulantTable
from theory.derivatives.orders import (
    Order,
    Scaling,
    check_scaling,
    even_orders,
    read_pair,
    to_appendix_h,
    to_derivatives,
)

LARGEST_COST = 30_000_000
"""Cumulant look-ups that a call may plan for: two minutes or so. The distinct cumulants among them,
which are kept, are few where many look-ups are needed (13,004 of 731,508 at order 14)."""


def attention_derivatives(
    x: str | Sequence[str],
    y: str | Sequence[str],
    order: int = 10,
    *,
    scaling: Scaling = "section-4.1",
    cumulants: CumulantTable | None = None,
) -> dict[Order, Fraction]:
    """Every derivative of K_attn(x, y) in (beta, gamma) at (0, 0), up to a total order, exactly.

    Orders with an odd part are left out: those derivatives vanish. Where the Taylor series does
    not converge (see `theory.derivatives.series.length_two`) these are still the derivatives.

    Args:
        x: a string; ``[CLS]`` is appended where missing.
        y: a string of the same length.
        order: the largest i + j.
        scaling: that of Section 4.1, or that of Appendix H.
        cumulants: a table to share between calls with strings of one length.

    Returns:
        At ``(i, j)``, the i-th derivative in beta and j-th in gamma.

    Raises:
        InvalidInputError: unequal lengths, or an order that is no whole number of at least 0.
        TooLargeError: the cost of the order, which the message states, is above `LARGEST_COST`.

    Source: Appendix F.1 for the five orders of the proof; the method is that of
    `theory.derivatives.given_strings.chaos`.

    >>> derivatives = attention_derivatives("AA", "AB")
    >>> derivatives[6, 4]
    Fraction(35840, 9)
    >>> derivatives[0, 0]                                # 3 agreeing pairs of positions over k^2
    Fraction(1, 3)
    """
    top = whole("order", order)
    check_scaling(scaling)
    first, second = read_pair(x, y)
    budget = top // 2 + 1
    shared = sorted(set(first) & set(second))
    cost = derivatives_cost(x, y, top)
    if cost > LARGEST_COST:
        raise TooLargeError(
            "order",
            order,
            f"would need {min(cost, 1e300):.2g} cumulants or more, and {LARGEST_COST:.2g} are "
            "allowed; give a lower order or a shorter string",
        )
    k = len(first)
    table = CumulantTable(k) if cumulants is None else cumulants
    if table.k != k:
        raise InvalidInputError("cumulants", table.k, f"give a table for strings of {k} positions")
    x_side = StringExpansion(first, shared, table)
    y_side = StringExpansion(second, shared, table)
    coefficients = dict.fromkeys(even_orders(top), Fraction(0))
    sums: dict[tuple[int, int, int, int, int, int], int] = {}
    for index in indices(len(shared), k, budget):
        t, p = index
        size, on_positions = sum(t) + sum(p), sum(p)
        left = budget - size - on_positions
        ways = size * factorial(size) // prod(map(factorial, t + p))
        from_y = y_side.series(index, left)
        for (n, g), value in x_side.series(index, left).items():
            if value == 0:
                continue
            for (n2, g2), value2 in from_y.items():
                if n + n2 + 2 * (g + g2) <= left:
                    key = (size, on_positions, n, g, n2, g2)
                    sums[key] = sums.get(key, 0) + ways * value * value2
    for (size, on_positions, n, g, n2, g2), value in sums.items():
        steps, steps2 = n + g, n2 + g2
        scale = (
            factorial(size) * factorial(steps) * factorial(steps2) * 2 ** (steps + steps2)
        ) * k ** (2 * (size + steps + steps2))
        at = (2 * (size - 1 + steps + steps2), 2 * (on_positions + g + g2))
        coefficients[at] += Fraction(value, scale)
    if scaling == "appendix-H":
        coefficients = to_appendix_h(coefficients, top)
    return to_derivatives(coefficients)


def derivatives_cost(x: str | Sequence[str], y: str | Sequence[str], order: int) -> int:
    """Roughly how many cumulants `attention_derivatives` looks up, known before it starts.

    Counted as far as `LARGEST_COST`: at high orders this is no more than a lower bound.

    Raises:
        InvalidInputError: the strings differ in length, or ``order`` is not a whole number.

    >>> derivatives_cost("AAB", "CAA", 10) < derivatives_cost("ABC", "BCA", 10)
    True
    """
    first, second = read_pair(x, y)
    shared = len(set(first) & set(second))
    budget = whole("order", order) // 2 + 1
    return sum(
        count_terms(len(set(side)), shared, len(side), budget, enough=LARGEST_COST)
        for side in (first, second)
    )

"""Taylor polynomials of the attention kernel, for pictures beside the kernel itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import factorial

import numpy as np
from jaxtyping import Float64

from theory.derivatives.orders import Order


def taylor_polynomial(
    derivatives: Mapping[Order, Fraction],
    betas: Float64[np.ndarray, " n"],
    gamma: float,
    order: int,
) -> Float64[np.ndarray, " n"]:
    """A Taylor polynomial in (beta, gamma) along beta, from what `attention_derivatives` gives.

    Args:
        derivatives: at least up to total order ``order``.
        betas: inverse temperatures.
        gamma: positional weight.
        order: the largest total order to keep.

    >>> taylor_polynomial({(0, 0): Fraction(1, 2), (2, 0): Fraction(1, 2)}, np.array([2.0]), 0.0, 2)
    array([1.5])
    """
    total = np.zeros_like(betas)
    for (i, j), value in derivatives.items():
        if i + j <= order:
            total += float(value / (factorial(i) * factorial(j))) * betas**i * gamma**j
    return total

"""Matrix products that err by one rounding, from float products that do not err at all.

Factors are cut into slices of 22 bits. Products of slices, and sums of up to 256 of them, are exact
in a float, in any order and with fused operations or without (Lemma 8 of docs/proofs.md).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from kernels.attention.proved.sums.tensors import in_pairs

TERMS = 256
"""Products in one exact sum, at most."""

Matrix = Float[np.ndarray, "_ _"]


def sliced_product(
    a: Float[np.ndarray, "m n"], b: Float[np.ndarray, "n p"]
) -> Float[np.ndarray, "m p"]:
    """``a b`` for entries in [0, 1], up to one rounding and ``2**-80`` for each `TERMS` terms.

    >>> a = np.full((1, 3), 1 / 3)
    >>> float(sliced_product(a, a.T)[0, 0])
    0.3333333333333333
    """
    parts = [
        _exact(a[:, first : first + TERMS], b[first : first + TERMS])
        for first in range(0, a.shape[1], TERMS)
    ]
    return in_pairs(parts)


def sliced_roundings(terms: int) -> int:
    """The roundings of `sliced_product`."""
    return 1 + (-(-terms // TERMS) - 1).bit_length()


def sliced_error(terms: int) -> float:
    """What `sliced_product` may be off by besides its roundings."""
    return 2.0**-80 * -(-terms // TERMS)


def _exact(a: Float[np.ndarray, "m n"], b: Float[np.ndarray, "n p"]) -> Float[np.ndarray, "m p"]:
    """The product of up to `TERMS` terms."""
    a1, a2, a3 = _slices(a)
    b1, b2, b3 = _slices(b)
    high, middle = a1 @ b1, a1 @ b2 + a2 @ b1
    low = a2 @ b2 + (a @ b3 + a3 @ (b1 + b2))
    top = high + middle
    part = top - high
    rest = (high - (top - part)) + (middle - part)  # high + middle = top + rest
    return np.maximum(top + (rest + low), 0.0)


def _slices(a: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Multiples of ``2**-22``, multiples of ``2**-44``, and what is left, below ``2**-45``."""
    first = (a + 1.5 * 2.0**30) - 1.5 * 2.0**30
    rest = a - first
    second = (rest + 1.5 * 2.0**8) - 1.5 * 2.0**8
    return first, second, rest - second

"""The same sums in balls of any precision, some hundred times slower.

Tables and contractions are those of the floats, on arrays whose entries are balls. Roundings need
no count: each ball knows its own.
"""

from __future__ import annotations

import math

import numpy as np
from flint import arb, arb_mat

from kernels.attention.proved.sums.tables import Number, Table, Tables
from kernels.attention.proved.sums.tensors import Array, Sums


def matrix_product(a: Array, b: Array) -> Array:
    """The product of two stacks of matrices of balls.

    >>> third = np.array([[arb(1) / 3]])
    >>> (3 * matrix_product(third, third) - third)[0, 0].contains(0)
    True
    """
    stack = a.shape[:-2]
    found = np.empty((*stack, a.shape[-2], b.shape[-1]), dtype=object)
    for place in np.ndindex(stack):
        product = arb_mat(a[place].tolist()) * arb_mat(b[place].tolist())
        found[place] = np.array(product.tolist(), dtype=object).reshape(found.shape[-2:])
    return found


class BallTables(Tables):
    """Tables of balls."""

    vanished = math.inf

    def number(self, ball: arb) -> Number:
        """The ball itself."""
        return ball

    def product(self, a: Table, b: Table) -> Table:
        """The product of two matrices."""
        return matrix_product(a, b)


class BallSums(Sums):
    """Sums of products of balls."""

    def matmul(self, a: Array, b: Array, terms: int) -> Array:
        """The matrix product of two stacks, of which none is left out whatever ``terms`` says."""
        del terms
        return matrix_product(a, b)

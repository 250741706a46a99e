"""Sparse matrices in JAX, as look-ups and segment sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.ops import segment_sum
from scipy.sparse import csc_array, csr_array


@partial(
    jax.tree_util.register_dataclass, data_fields=["row", "column", "entry"], meta_fields=["shape"]
)
@dataclass(frozen=True)
class SparseMatrix:
    """A sparse matrix by its entries, row by row."""

    row: Array
    column: Array
    entry: Array
    shape: tuple[int, int]

    @classmethod
    def of(cls, matrix: csr_array[np.float64] | csc_array[np.float64]) -> SparseMatrix:
        """A copy on the device."""
        rows = matrix.tocsr()
        index = np.repeat(np.arange(rows.shape[0], dtype=np.int32), np.diff(rows.indptr))
        return cls(
            jnp.asarray(index),
            jnp.asarray(rows.indices),
            jnp.asarray(rows.data),
            (int(rows.shape[0]), int(rows.shape[1])),
        )

    def apply(self, x: Array) -> Array:
        """The matrix times vectors."""
        terms = self.entry[:, None] * x[self.column]
        return segment_sum(terms, self.row, self.shape[0], indices_are_sorted=True)

    def transposed(self, x: Array) -> Array:
        """Its transpose times vectors."""
        return segment_sum(self.entry[:, None] * x[self.row], self.column, self.shape[1])

"""Rows in consecutive groups: sums over each, and one number for all rows of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float64, Int64

_BLOCK = 1024
"""Rows that are summed one after the other."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Consecutive groups of rows, with Z the indicator of which row is in which group.

    Attributes:
        starts: the first row of each group, and the number of rows.
    """

    starts: Int64[np.ndarray, " s"]

    @classmethod
    def of(cls, lengths: Int64[np.ndarray, " r"]) -> Groups:
        """Groups of so many rows."""
        return cls(np.concatenate([[0], np.cumsum(lengths)]))

    def sums(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "r t"]:
        """Z^T times vectors of rows.

        >>> Groups.of(np.array([2, 0, 1])).sums(np.ones((3, 1))).ravel().tolist()
        [2.0, 0.0, 1.0]
        """
        return np.stack([_sum(vectors[start:stop]) for start, stop in pairwise(self.starts)])

    def spread(self, levels: Float64[np.ndarray, "r t"]) -> Float64[np.ndarray, "u t"]:
        """Z times ``levels``."""
        return np.repeat(levels, np.diff(self.starts), axis=0)

    def added(
        self, vectors: Float64[np.ndarray, "u t"], levels: Float64[np.ndarray, "r t"]
    ) -> Float64[np.ndarray, "u t"]:
        """Vectors of rows, plus Z times ``levels``; here they are changed in place."""
        for level, (start, stop) in zip(levels, pairwise(self.starts), strict=True):
            vectors[start:stop] += level
        return vectors


def _sum(vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, " t"]:
    """The sum of the rows, block by block: rounding grows with a block and not with all rows."""
    if not len(vectors):
        return np.zeros(vectors.shape[1])
    return np.add.reduceat(vectors, range(0, len(vectors), _BLOCK), axis=0).sum(axis=0)

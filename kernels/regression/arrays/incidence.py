"""Which row has which cell, as a matrix of zeros and ones."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int, Int32, Integer
from scipy.sparse import csc_array, csr_array, vstack

from kernels.threads import for_each

_ENTRIES_AT_ONCE = 2**20
"""Entries of a part: far more than a thread costs, and enough parts for several threads."""


@dataclass(frozen=True, eq=False)
class _Lines:
    """The lines of a matrix, rows or columns, in parts whose entries share one array of ones.

    Attributes:
        starts: the first line of each part, and the number of lines.
        parts: the lines of each part, as rows.
    """

    starts: list[int]
    parts: list[csr_array[np.float64]]

    @classmethod
    def of(
        cls, places: Int32[np.ndarray, " o"], starts: Int[np.ndarray, " v"], size: int
    ) -> _Lines:
        """Lines by the places of their entries, ``size`` places in all.

        Args:
            places: of all entries, line by line.
            starts: where the entries of each line begin, and where those of the last end.
            size: of a line.
        """
        goals = np.arange(_ENTRIES_AT_ONCE, len(places), _ENTRIES_AT_ONCE)
        cuts = np.unique(np.searchsorted(starts, goals)).tolist()
        firsts = [0, *(cut for cut in cuts if 0 < cut < len(starts) - 1), len(starts) - 1]
        bounds = [(a, b) for a, b in itertools.pairwise(firsts)]
        widest = max(int(starts[b] - starts[a]) for a, b in bounds)
        ones = np.ones(widest)
        parts = []
        for a, b in bounds:
            own = places[starts[a] : starts[b]]
            where = (starts[a : b + 1] - starts[a]).astype(np.int32)
            parts.append(csr_array((ones[: len(own)], own, where), shape=(b - a, size)))
        return cls(firsts, parts)

    def add(self, result: Float64[np.ndarray, "l t"], vectors: Float64[np.ndarray, "p t"]) -> None:
        """Add to each line of the result the vectors' entries at its places."""
        if vectors.shape[1] == 1:  # one column is faster as a line
            result, vectors = result.reshape(-1), np.ascontiguousarray(vectors).reshape(-1)

        def add(number: int) -> None:
            result[self.starts[number] : self.starts[number + 1]] += self.parts[number] @ vectors

        for_each(add, range(len(self.parts)))

    def chosen(self, lines: Integer[np.ndarray, " c"]) -> csr_array[np.float64]:
        """Some of the lines, ascending."""
        cuts = np.searchsorted(lines, self.starts)
        own = [lines[a:b] - first for a, b, first in zip(cuts, cuts[1:], self.starts, strict=False)]
        return csr_array(vstack([part[at] for part, at in zip(self.parts, own, strict=True)]))


@dataclass(frozen=True, eq=False)
class Incidence:
    """A matrix P of zeros and ones, rows by cells, for products with few columns or many.

    It is kept by rows and by cells, so that each entry of a product is a sum of its own: P v and
    P^T v run on several threads, and their values do not depend on how many. Ones are not kept, so
    that an entry takes 8 bytes, and a row and a cell 4 each.

    Attributes:
        rows: P.
        cells: P^T.

    >>> incidence = Incidence.of(np.array([0, 2, 2], np.int32), np.array([0, 2, 3]), 3)
    >>> (incidence @ np.eye(3)).tolist(), (incidence.T @ np.ones(2)).tolist()
    ([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], [1.0, 0.0, 2.0])
    """

    rows: _Lines
    cells: _Lines

    @classmethod
    def of(
        cls, cells: Int32[np.ndarray, " o"], starts: Int[np.ndarray, " v"], size: int
    ) -> Incidence:
        """The matrix by the cells of each row.

        Args:
            cells: row by row.
            starts: where the cells of each row begin, and where those of the last end.
            size: how many cells there are.
        """
        wide = np.int64 if len(cells) > np.iinfo(np.int32).max else np.int32
        marks = np.ones(len(cells), dtype=np.int8)
        by_row = csr_array((marks, cells, starts.astype(wide)), shape=(len(starts) - 1, size))
        by_cell = by_row.tocsc()
        del by_row, marks
        rows = by_cell.indices.astype(np.int32, copy=False)
        return cls(_Lines.of(cells, starts, size), _Lines.of(rows, by_cell.indptr, len(starts) - 1))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and cells."""
        return self.rows.starts[-1], self.cells.starts[-1]

    @property
    def T(self) -> Incidence:  # noqa: N802 - as in NumPy
        """The transposed matrix."""
        return Incidence(self.cells, self.rows)

    def __matmul__(self, vectors: Float64[np.ndarray, "c *t"]) -> Float64[np.ndarray, "u *t"]:
        result = np.zeros((self.shape[0], *vectors.shape[1:]))
        self.rows.add(result.reshape(self.shape[0], -1), vectors.reshape(len(vectors), -1))
        return result

    def added(
        self, vectors: Float64[np.ndarray, "u t"], sums: Float64[np.ndarray, "c t"]
    ) -> Float64[np.ndarray, "u t"]:
        """Vectors of rows, plus P times ``sums``; here they are changed in place."""
        self.rows.add(vectors, sums)
        return vectors

    def columns(self, cells: Integer[np.ndarray, " c"]) -> csc_array[np.float64]:
        """Some of the columns, ascending, as a matrix of SciPy's."""
        found: csc_array[np.float64] = csc_array(self.cells.chosen(cells).T)
        return found

    def tocsr(self) -> csr_array[np.float64]:
        """The whole as a matrix of SciPy's."""
        return csr_array(self.rows.chosen(np.arange(self.shape[0])))

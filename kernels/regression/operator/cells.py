"""Cells: an atom of tokens in a role. Rows of the same cell interact with others alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int32, Int64
from scipy.sparse import csr_array

_FULL = 2
"""Cells per occurrence up to which every atom gets a cell for every role, whether it occurs or
not: what couples the cells is then one small matrix."""

_MARKED = 64
"""Bytes per occurrence that may be spent on finding the cells without sorting."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells numbered by atom, then role.

    Attributes:
        of: the cell of each occurrence.
        atom: the atom of each cell.
        role: the role of each cell.
        full: whether every atom has every role.
    """

    of: Int32[np.ndarray, " o"]
    atom: Int32[np.ndarray, " c"]
    role: Int32[np.ndarray, " c"]
    full: bool

    def indicator(self, starts: Int64[np.ndarray, " v"]) -> csr_array[np.float64]:
        """Which row has which cell, rows by cells.

        Args:
            starts: where the occurrences of each row begin, and where those of the last row end.
        """
        wide = np.int64 if starts[-1] > np.iinfo(np.int32).max else np.int32
        return csr_array(
            (np.ones(len(self.of)), self.of, starts.astype(wide)),
            shape=(len(starts) - 1, len(self.atom)),
        )


def cells_of(
    atom: Int32[np.ndarray, " o"], role: Int32[np.ndarray, " o"], atoms: int, roles: int
) -> Cells:
    """The cells of occurrences, each an atom below ``atoms`` in a role below ``roles``."""
    key = atom * np.int64(roles)
    key += role
    if atoms * roles <= _FULL * len(atom):
        places, full = np.arange(atoms * roles), True
        of = key.astype(np.int32)
    elif atoms * roles <= _MARKED * len(atom):
        marks = np.zeros(atoms * roles, dtype=bool)
        marks[key] = True
        places, full = np.flatnonzero(marks), False
        of = (np.cumsum(marks, dtype=np.int32) - np.int32(1))[key]
    else:
        places, inverse = np.unique(key, return_inverse=True)
        of, full = inverse.astype(np.int32), False
    return Cells(of, (places // roles).astype(np.int32), (places % roles).astype(np.int32), full)

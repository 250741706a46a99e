"""Cells: an atom of tokens in a role. Rows of the same cell interact with others alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int32, Int64

_FULL = 2
"""Cells per occurrence up to which every atom gets a cell for every role, whether it occurs or
not: what couples the cells is then one small matrix."""

_MARKED = 64
"""Bytes per occurrence that may be spent on finding the cells without sorting."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells numbered by atom, then role.

    Attributes:
        atoms: how many atoms there are.
        roles: how many roles.
        keys: for each cell, its atom times the number of roles, plus its role; ascending. None
            where every atom has every role: then these are the cells' own numbers.
    """

    atoms: int
    roles: int
    keys: Int64[np.ndarray, " c"] | None

    def __len__(self) -> int:
        return self.atoms * self.roles if self.keys is None else len(self.keys)

    @property
    def full(self) -> bool:
        """Whether every atom has every role."""
        return self.keys is None

    @property
    def atom(self) -> Int32[np.ndarray, " c"]:
        """The atom of each cell."""
        if self.keys is None:
            return np.repeat(np.arange(self.atoms, dtype=np.int32), self.roles)
        return (self.keys // self.roles).astype(np.int32)

    @property
    def role(self) -> Int32[np.ndarray, " c"]:
        """The role of each cell."""
        if self.keys is None:
            return np.tile(np.arange(self.roles, dtype=np.int32), self.atoms)
        return (self.keys % self.roles).astype(np.int32)

    def by_role(self, values: Float64[np.ndarray, " p"]) -> Float64[np.ndarray, " c"]:
        """For each cell, the value of its role."""
        return np.tile(values, self.atoms) if self.keys is None else values[self.role]

    def sums(self, values: Float64[np.ndarray, " c"]) -> Float64[np.ndarray, " a"]:
        """For each atom, the sum of the values of its cells."""
        if self.keys is None:
            return values.reshape(-1, self.roles).sum(axis=1)
        return np.bincount(self.atom, weights=values, minlength=self.atoms)


def cells_of(
    atom: Int32[np.ndarray, " o"], role: Int32[np.ndarray, " o"], atoms: int, roles: int
) -> tuple[Cells, Int32[np.ndarray, " o"]]:
    """The cells of occurrences, and the cell of each.

    Args:
        atom: the atom of each occurrence, below ``atoms``.
        role: its role, below ``roles``.
        atoms: how many atoms there are.
        roles: how many roles.
    """
    if atoms * roles <= min(_FULL * len(atom), np.iinfo(np.int32).max):
        of = atom * np.int32(roles)
        of += role
        return Cells(atoms, roles, None), of
    key = atom * np.int64(roles)
    key += role
    if atoms * roles <= _MARKED * len(atom):
        marks = np.zeros(atoms * roles, dtype=bool)
        marks[key] = True
        number = np.cumsum(marks, dtype=np.int32)
        number -= 1
        return Cells(atoms, roles, np.flatnonzero(marks)), number[key]
    keys, inverse = np.unique(key, return_inverse=True)
    return Cells(atoms, roles, keys), inverse.astype(np.int32)

"""Numbers that count the roundings their terms have passed through."""

from __future__ import annotations

import numpy as np


class Counted:
    """A positive number of which nothing is known but its roundings; None stands for an exact 0."""

    __slots__ = ("roundings",)

    def __init__(self, roundings: int | None) -> None:
        self.roundings = roundings

    def __mul__(self, other: object) -> Counted:
        if isinstance(other, Counted):
            if self.roundings is None or other.roundings is None:
                return ZERO
            return Counted(self.roundings + other.roundings + 1)
        if isinstance(other, int | float):  # an exact number
            return ZERO if self.roundings is None or not other else Counted(self.roundings + 1)
        return NotImplemented

    __rmul__ = __mul__

    def __add__(self, other: object) -> Counted:
        if isinstance(other, Counted):
            if self.roundings is None:
                return other
            if other.roundings is None:
                return self
            return Counted(max(self.roundings, other.roundings) + 1)
        if isinstance(other, int | float):
            if not other:  # where NumPy's sums begin
                return self
            return Counted((self.roundings or 0) + 1)
        return NotImplemented

    __radd__ = __add__

    def __truediv__(self, other: object) -> Counted:
        return self * other


ZERO = Counted(None)


def counted(array: np.ndarray, roundings: int) -> np.ndarray:
    """The array with every number but 0 replaced by one of so many roundings."""
    found = np.empty(array.shape, dtype=object)
    for index, number in np.ndenumerate(array):
        found[index] = Counted(roundings) if number else ZERO
    return found


def most(array: np.ndarray) -> int:
    """The roundings of the entry that has the most."""
    return max(entry.roundings or 0 for entry in array.ravel())

"""Is a square matrix of fractions singular? Decided exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from flint import fmpz_mat

from theory.matrix.null_vector import null_vector


def combination_to_zero(matrix: Sequence[Sequence[Fraction]]) -> tuple[int, ...] | None:
    """Integers v, not all 0, with ``M v = 0``; None where M is nonsingular.

    >>> half = Fraction(1, 2)
    >>> combination_to_zero([[Fraction(1), half], [half, Fraction(1)]]) is None
    True
    >>> combination_to_zero([[Fraction(1), half], [half, Fraction(1, 4)]])
    (-1, 2)
    """
    return null_vector(fmpz_mat([_cleared(row) for row in matrix]))


def _cleared(row: Sequence[Fraction]) -> list[int]:
    """A row without its denominators."""
    scale = lcm(*(entry.denominator for entry in row))
    return [entry.numerator * (scale // entry.denominator) for entry in row]

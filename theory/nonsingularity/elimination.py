"""Is a square matrix of fractions singular? Decided exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

Rows = Sequence[Sequence[Fraction]]

_PRIME = 2**61 - 1


def null_vector(matrix: Rows) -> tuple[Fraction, ...] | None:
    """A vector ``v != 0`` with ``M v = 0``, None where M is nonsingular.

    Modulo a prime first, where numbers stay small: a determinant that is not 0 there is not 0.
    Only a matrix that looks singular is eliminated in fractions, and only its columns up to the
    first that depends on those before it.

    >>> half = Fraction(1, 2)
    >>> null_vector([[Fraction(1), half], [half, Fraction(1)]]) is None
    True
    >>> [str(entry) for entry in null_vector([[Fraction(1), half], [half, Fraction(1, 4)]])]
    ['-1/2', '1']
    """
    rows = [_whole(row) for row in matrix]
    if _independent([[entry % _PRIME for entry in row] for row in rows]):
        return None
    return _dependence(rows)


def _independent(rows: list[list[int]]) -> bool:
    """Whether the determinant is not 0 modulo the prime."""
    size = len(rows)
    for column in range(size):
        top = next((i for i in range(column, size) if rows[i][column]), None)
        if top is None:
            return False
        rows[column], rows[top] = rows[top], rows[column]
        pivot = rows[column]
        inverse = pow(pivot[column], -1, _PRIME)
        for row in rows[column + 1 :]:
            if row[column]:
                factor = row[column] * inverse % _PRIME
                row[column:] = [
                    (a - factor * b) % _PRIME
                    for a, b in zip(row[column:], pivot[column:], strict=True)
                ]
    return True


def _dependence(rows: list[list[int]]) -> tuple[Fraction, ...] | None:
    """The coefficients of the first column that depends on those before it, by elimination.

    Bareiss's form keeps whole numbers, which are minors of the matrix: each division is exact.
    """
    size, before = len(rows), 1
    for column in range(size):
        top = next((i for i in range(column, size) if rows[i][column]), None)
        if top is None:
            return _back_substituted(rows, column)
        rows[column], rows[top] = rows[top], rows[column]
        pivot = rows[column]
        leading = pivot[column]
        for row in rows[column + 1 :]:
            factor = row[column]
            row[column:] = [
                (leading * a - factor * b) // before
                for a, b in zip(row[column:], pivot[column:], strict=True)
            ]
        before = leading
    return None


def _whole(row: Sequence[Fraction]) -> list[int]:
    """A row cleared of denominators and of common factors."""
    scale = lcm(*(entry.denominator for entry in row))
    cleared = [entry.numerator * (scale // entry.denominator) for entry in row]
    common = gcd(*cleared) or 1
    return [entry // common for entry in cleared]


def _back_substituted(rows: list[list[int]], column: int) -> tuple[Fraction, ...]:
    """The null vector with 1 at a column that the triangle before it spans."""
    vector = [Fraction(0)] * len(rows)
    vector[column] = Fraction(1)
    for i in reversed(range(column)):
        rest = sum((rows[i][j] * vector[j] for j in range(i + 1, column + 1)), Fraction(0))
        vector[i] = -rest / rows[i][i]
    return tuple(vector)

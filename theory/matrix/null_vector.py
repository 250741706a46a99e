"""Is a matrix of whole numbers of full column rank? Decided exactly."""

from __future__ import annotations

from math import gcd

from flint import fmpz_mat


def null_vector(system: fmpz_mat) -> tuple[int, ...] | None:
    """Integers v, not all 0, without a common divisor, with ``M v = 0``; None at full column rank.

    They are read off the reduced row echelon form.

    >>> null_vector(fmpz_mat([[1, 2], [2, 4]])), null_vector(fmpz_mat([[1, 2], [2, 5]]))
    ((-2, 1), None)
    """
    echelon, denominator, rank = system.rref()
    if rank == system.ncols():
        return None
    # The first column without a pivot is a combination of the pivots' columns before it.
    free = next(j for j in range(rank + 1) if j == rank or echelon[j, j] == 0)
    column = [-int(echelon[i, free]) for i in range(free)] + [int(denominator)]
    divisor = gcd(*column)
    return tuple(c // divisor for c in column) + (0,) * (system.ncols() - free - 1)

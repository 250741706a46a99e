"""det N as a function of the phase (b1, b2): to many digits, and what errors can do to it.

With ``t = b1^2``, ``c = cos(2 b2)`` and A the attention kernel between the templates, N is up to
positive factors of rows and columns

    M_ij = P_ij + c Q_ij,   P_ij = exp(t (A_ij - (A_ii + A_jj)/2)),
                            Q_ij = exp(-t (A_ij + (A_ii + A_jj)/2)),

the factors being ``exp(-t A_ii / 2)``. They turn S(pi) into S(pi) - S(id), so that nothing
overflows: A is positive semidefinite, and no exponent is above 0 but for errors of A.

The entries of A are taken as the binary numbers that they are, and the rest is computed to 60
digits or to 400. What their errors do to N is bounded apart, by `error_shares`.
"""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
from jaxtyping import Float64

_Number = Any
"""A number of mpmath, which has no types."""

DIGITS, MANY_DIGITS = 60, 400
"""Determinants near 0 are computed again to many digits: where all differences of A are of the
order of float64's rounding, that of six templates can be as small as 1e-225."""

LOST = 10
"""Digits that rounding may take."""


def _context(digits: int) -> _Number:
    context = mpmath.MPContext()  # one of our own: the precision of the caller's stays as it is
    context.dps = digits
    return context


def _powers(
    attention: Float64[np.ndarray, "r r"], t: _Number, mp: _Number
) -> tuple[list[list[_Number]], list[list[_Number]]]:
    """P and Q."""
    exact = [[mp.mpf(float(entry)) for entry in row] for row in attention]
    halves = [t * exact[i][i] / 2 for i in range(len(exact))]
    decay = [mp.exp(-2 * half) for half in halves]
    rows, others = [], []
    for i, row in enumerate(exact):
        powers = [mp.exp(t * entry - halves[i] - halves[j]) for j, entry in enumerate(row)]
        rows.append(powers)
        others.append([decay[i] * decay[j] / power for j, power in enumerate(powers)])
    return rows, others


def scaled_determinant(
    attention: Float64[np.ndarray, "r r"], b1: float, b2: float, digits: int = DIGITS
) -> _Number:
    """det M with the rows of M brought to norm 1: a number of [-1, 1], as far as the digits go.

    >>> equal, different = np.ones((2, 2)), np.eye(2)
    >>> [round(float(scaled_determinant(a, 1.0, np.pi / 4)), 9) for a in (equal, different)]
    [0.0, 0.761594156]
    """
    mp = _context(digits)
    c = mp.cos(2 * mp.mpf(b2))
    first, second = _powers(attention, mp.mpf(b1) ** 2, mp)
    rows = []
    for p, q in zip(first, second, strict=True):
        row = [a + c * b for a, b in zip(p, q, strict=True)]
        norm = mp.sqrt(mp.fsum(entry**2 for entry in row))
        if norm == 0:
            return norm
        rows.append([entry / norm for entry in row])
    return mp.det(mp.matrix(rows))


def error_shares(
    attention: Float64[np.ndarray, "r r"],
    errors: Float64[np.ndarray, "r r"],
    b1: float,
    b2: float,
) -> tuple[float, float]:
    """How much of their way to a singular M the errors of A, and rounding, can go.

    Changes of A by at most E move the entries of M by at most ``D = (exp(t E) - 1) (P + |c| Q)``,
    and M + D' = M (1 + M^-1 D') is nonsingular for all |D'| <= D if some norm of ``|M^-1| D`` is
    below 1. That norm, of the row sums or of the column sums, is the share.

    Returns:
        The shares of the errors and of float64's rounding, infinite where M has no inverse.
    """
    t, c = b1 * b1, math.cos(2.0 * b2)
    half = 0.5 * np.diag(attention)
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(t * (attention - half[:, None] - half))
        q = np.exp(-t * (attention + half[:, None] + half))
        sizes = p + abs(c) * q
        moved = np.expm1(t * errors) * sizes
        roundings = 8.0 * len(p) * float(np.finfo(np.float64).eps)
        rounded = roundings * (1.0 + t * float(np.abs(attention).max())) * sizes
        try:
            inverse = np.abs(np.linalg.inv(p + c * q))
        except np.linalg.LinAlgError:
            return math.inf, math.inf
        products = [inverse @ change for change in (moved, rounded)]
        by_errors, by_rounding = (
            float(min(product.sum(axis=0).max(), product.sum(axis=1).max())) for product in products
        )
    finite = math.isfinite(by_errors) and math.isfinite(by_rounding)
    return (by_errors, by_rounding) if finite else (math.inf, math.inf)

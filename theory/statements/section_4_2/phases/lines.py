"""det N along lines in (b1, b2): above 0, and where errors leave that open."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind, EstimateArray
from theory.statements.framework.claims import Claim, Fact, Open
from theory.statements.framework.decision import level
from theory.statements.section_4_2.phases.determinant import (
    DIGITS,
    LOST,
    MANY_DIGITS,
    error_shares,
    scaled_determinant,
)

_GRID = np.linspace(0.0, 1.0, 201)

NEAR, _VANISHING = (mpmath.mpf(10) ** (LOST - digits) for digits in (DIGITS, MANY_DIGITS))
"""Determinants of rows of norm 1 that the digits cannot tell from 0."""

_SURE = 0.5
"""The part of the way to a singular matrix that errors may go: half of it is left for the
rounding of the inverse by which the way is measured."""

Line = tuple[tuple[float, float], tuple[float, float]]
"""A point (b1, b2) and a direction: a segment of a line."""


def determinants_on_line(attention: Float64[np.ndarray, "r r"], line: Line) -> list[Any]:
    """det M at the points of a grid on a segment, A being taken as it stands, without errors.

    Those that `DIGITS` cannot tell from 0 are computed to `MANY_DIGITS`.
    """

    def at(tau: float) -> Any:
        b1, b2 = _point(line, tau)
        found = scaled_determinant(attention, b1, b2)
        if abs(found) > NEAR:
            return found
        return scaled_determinant(attention, b1, b2, MANY_DIGITS)

    return [at(float(tau)) for tau in _GRID]


def decided_on_line(attention: EstimateArray, line: Line) -> tuple[np.ndarray, float]:
    """At which grid points errors leave no doubt that det N is not 0.

    Returns:
        Those points, and the errors of the attention values at which they would be half of the
        grid, which are 0 where rounding alone forbids that.
    """
    errors = attention.radii(level(attention.values.size))
    decided, enough = [], []
    for tau in _GRID:
        b1, b2 = _point(line, float(tau))
        share, rounding = error_shares(attention.values, errors, b1, b2)
        decided.append(share + rounding < _SURE)
        left = _SURE - rounding
        at_most = attention.largest_error * left / share if share > 0.0 and left > 0.0 else 0.0
        enough.append(at_most)
    return np.array(decided), float(np.median(enough))


def _point(line: Line, tau: float) -> tuple[float, float]:
    (b1, b2), (first, second) = line
    return b1 + tau * first, b2 + tau * second


def line_claim(name: str, attention: EstimateArray, line: Line) -> Claim:
    """That det N is above 0 along a segment that avoids b1 = 0.

    N is a Gram matrix, so its determinant is not negative, and by A5 it is not 0 where the
    templates are apart. A determinant that is negative where errors leave no doubt of its sign, or
    0 to hundreds of digits, is a bug. Where errors leave open at most points of a grid that it is
    not 0, the claim is open.
    """
    found = determinants_on_line(attention.values, line)
    decided, needed = decided_on_line(attention, line)
    flat = sum(abs(one) <= _VANISHING for one in found)
    negative = sum(bool(one < 0) for one, sure in zip(found, decided, strict=True) if sure)
    evidence = {
        "start": list(line[0]),
        "direction": list(line[1]),
        "grid points where det N vanishes": flat,
        "grid points where det N is negative, whatever the errors": negative,
        "grid points where it does not vanish, whatever the errors": int(decided.sum()),
        "grid points": len(_GRID),
    }
    kind = ErrorKind.weakest([ErrorKind.NUMERICAL, attention.kind])
    if flat or negative:
        return Fact(name, False, evidence, kind)
    if 2 * decided.sum() >= len(_GRID):
        return Fact(name, True, evidence, kind)
    settles = f"{name}: attention values in more than float64's digits"
    if needed > 0.0:
        settles = (
            f"{name}: attention values with errors below {needed:.0e} "
            f"(now up to {attention.largest_error:.0e}), or a larger beta"
        )
    return Open(name, settles, evidence, kind)

"""The zeros of det N along lines in (b1, b2), and where errors leave them open."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
from jaxtyping import Float64
from scipy.optimize import brentq

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

_GRID = np.linspace(0.0, 1.0, 401)

NEAR, _VANISHING = (mpmath.mpf(10) ** (LOST - digits) for digits in (DIGITS, MANY_DIGITS))
"""Determinants of rows of norm 1 that the digits cannot tell from 0."""

_SURE = 0.5
"""The part of the way to a singular matrix that errors may go: half of it is left for the
rounding of the inverse by which the way is measured."""


def zeros_on_line(
    attention: Float64[np.ndarray, "r r"],
    start: tuple[float, float],
    direction: tuple[float, float],
) -> tuple[list[float], int]:
    """Where det M changes its sign on a segment, and how many grid points it vanishes at.

    A is taken as it stands, without errors.

    Returns:
        The parameters in (0, 1), by Brent's method, and the number of grid points at which
        det M is 0 to all of `MANY_DIGITS` but the last ten.
    """

    def at(tau: float) -> Any:
        b1, b2 = _point(start, direction, tau)
        found = scaled_determinant(attention, b1, b2)
        if abs(found) > NEAR:
            return found
        return scaled_determinant(attention, b1, b2, MANY_DIGITS)

    values = [at(float(tau)) for tau in _GRID]
    flat = sum(abs(value) <= _VANISHING for value in values)
    roots = []
    for i in range(len(values) - 1):
        if values[i] * values[i + 1] < 0:
            scale = max(abs(values[i]), abs(values[i + 1]))  # floats do not go below 1e-308
            bracket = float(_GRID[i]), float(_GRID[i + 1])
            roots.append(
                float(brentq(lambda tau, by=scale: float(at(tau) / by), *bracket, xtol=1e-14))
            )
    return roots, flat


def decided_on_line(
    attention: EstimateArray, start: tuple[float, float], direction: tuple[float, float]
) -> tuple[int, float]:
    """At how many grid points errors leave no doubt that det N is not 0.

    Returns:
        That number, and the errors of the attention values at which it would be half of the grid,
        which are 0 where rounding alone forbids that.
    """
    errors = attention.radii(level(attention.values.size))
    decided, enough = 0, []
    for tau in _GRID:
        b1, b2 = _point(start, direction, float(tau))
        share, rounding = error_shares(attention.values, errors, b1, b2)
        decided += share + rounding < _SURE
        left = _SURE - rounding
        at_most = attention.largest_error * left / share if share > 0.0 and left > 0.0 else 0.0
        enough.append(at_most)
    return decided, float(np.median(enough))


def _point(
    start: tuple[float, float], direction: tuple[float, float], tau: float
) -> tuple[float, float]:
    return start[0] + tau * direction[0], start[1] + tau * direction[1]


def line_claim(
    name: str,
    attention: EstimateArray,
    start: tuple[float, float],
    direction: tuple[float, float],
) -> Claim:
    """That det N is 0 at single points of a line at most.

    det M is analytic along the line, so it vanishes at single points unless it does everywhere:
    one point where it certainly is not 0 would do, and half of the grid is asked for. It vanishes
    everywhere if it is 0 to hundreds of digits at more points than its changes of sign explain.
    """
    roots, flat = zeros_on_line(attention.values, start, direction)
    decided, needed = decided_on_line(attention, start, direction)
    evidence = {
        "start": list(start),
        "direction": list(direction),
        "zeros at": roots,
        "grid points where det N vanishes": flat,
        "grid points where it does not, whatever the errors": decided,
        "grid points": len(_GRID),
    }
    kind = ErrorKind.weakest([ErrorKind.NUMERICAL, attention.kind])
    if flat > len(roots) + 2:
        return Fact(name, False, evidence, kind)
    if 2 * decided >= len(_GRID):
        return Fact(name, True, evidence, kind)
    settles = f"{name}: attention values in more than float64's digits"
    if needed > 0.0:
        settles = (
            f"{name}: attention values with errors below {needed:.0e} "
            f"(now up to {attention.largest_error:.0e}), or a larger beta"
        )
    return Open(name, settles, evidence, kind)

"""Products and quotients of sizes: of numbers that are at least 0 and may be infinite.

Bounds and standard errors are sums of such products. What float64 does at its ends would make
them too small, or no numbers at all; here

    0 times infinity is 0       a number that is 0 for certain stays so, whatever its factor;
    positive times positive     is positive: `TINY` where it underflows;
    what is no number           may be any: infinite.

Nothing underflows on the way to a quotient either, which could be large in the end. What is left
are the roundings of the operations, which `kernels.estimates.rules.rounding.outward` counts.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float64

from kernels.estimates.rules.rounding import TINY, Floats


def product(x: Floats, y: Floats) -> Float64[np.ndarray, "..."]:
    """``x y``, entry by entry.

    >>> product(np.array([0.0, 1e-200, 3.0]), np.array([np.inf, 1e-200, 2.0])).tolist()
    [0.0, 5e-324, 6.0]
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        found = _positive(x * y)
    return np.asarray(np.where((x == 0.0) | (y == 0.0), 0.0, found))


def quotient(above: tuple[Floats, ...], below: tuple[Floats, ...]) -> Float64[np.ndarray, "..."]:
    """The product of the numbers above, divided by all those below, entry by entry.

    >>> float(quotient((np.array(1e-300), np.array(1e-300)), (np.array(1e-200), np.array(1e-250))))
    1e-150
    """
    mantissa, exponent = np.asarray(1.0), np.asarray(0)
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        for number in above:
            part, power = np.frexp(number)
            mantissa, exponent = np.asarray(mantissa * part), np.asarray(exponent + power)
        for number in below:
            part, power = np.frexp(number)
            mantissa, exponent = np.asarray(mantissa / part), np.asarray(exponent - power)
        found = _positive(np.ldexp(mantissa, exponent))
    nothing = np.any(np.stack(np.broadcast_arrays(*(n == 0.0 for n in above))), axis=0)
    return np.asarray(np.where(nothing, 0.0, found))


def matrix_product(x: Floats, y: Floats) -> Float64[np.ndarray, "..."]:
    """``x @ y`` of matrices and vectors.

    >>> matrix_product(np.array([0.0, 1.0]), np.array([[np.inf, 0.0], [0.5, 1e-200]])).tolist()
    [0.5, 1e-200]
    """
    if not x.any() or not y.any():
        return np.zeros(x.shape[:-1] + y.shape[1:])
    endless_x, endless_y = ~np.isfinite(x), ~np.isfinite(y)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        found = np.asarray(np.where(endless_x, 0.0, x) @ np.where(endless_y, 0.0, y))
    if endless_x.any() or endless_y.any():
        endless = _meet(endless_x, y != 0.0) | _meet(x != 0.0, endless_y)
        found = np.asarray(np.where(endless, np.inf, found))
    if not (found > 0.0).all():
        found = np.asarray(np.where(_meet(x != 0.0, y != 0.0), _positive(found), 0.0))
    return found


def _meet(x: Bool[np.ndarray, "..."], y: Bool[np.ndarray, "..."]) -> Bool[np.ndarray, "..."]:
    """Whether a row of one and a column of the other are true at one place."""
    return np.asarray(x.astype(np.float64) @ y.astype(np.float64) > 0.0)


def _positive(found: Floats) -> Float64[np.ndarray, "..."]:
    return np.asarray(np.where(np.isnan(found), np.inf, np.maximum(found, TINY)))

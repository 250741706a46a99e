"""Single errors as a power of a size, in groups that have constants of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kernels.boundary.exceptions import InvalidInputError
from theory.power_laws.exponent import LeastSquaresExponent


def fit_errors(
    sizes: Sequence[float], errors: Sequence[float], groups: Sequence[object] | None = None
) -> LeastSquaresExponent:
    """The exponent e of ``log error = c + e log size``, with one c for each group.

    Least squares; the scatter of the errors, which are independent and scatter alike on a
    logarithmic axis, says how far the exponent may be off.

    Args:
        sizes: where, not all equal within all groups.
        errors: one for each size, above 0.
        groups: of each error; one for all where left out.

    Raises:
        InvalidInputError: numbers that are not finite or not above 0, or of different lengths; too
            few of them, or sizes that are equal within each group.

    >>> round(fit_errors([1.0, 10.0, 100.0], [3.0, 0.3, 0.03]).value, 9)
    -1.0
    """
    of = list(groups) if groups is not None else [0] * len(sizes)
    for argument, values in (("sizes", sizes), ("errors", errors)):
        for value in values:
            if not (math.isfinite(value) and value > 0.0):
                raise InvalidInputError(argument, value, "give finite numbers above 0 only")
    if not len(sizes) == len(errors) == len(of):
        raise InvalidInputError("errors", len(errors), "give one for each size, and its group")
    degrees = len(of) - len(set(of)) - 1
    if degrees < 1:
        remedy = "give more points; so few leave nothing to tell the exponent's error from"
        raise InvalidInputError("sizes", list(sizes), remedy)
    x, y = np.log(np.asarray(sizes, dtype=float)), np.log(np.asarray(errors, dtype=float))
    for one in set(of):
        here = np.array([group == one for group in of])
        x[here] -= x[here].mean()
        y[here] -= y[here].mean()
    spread = float(x @ x)
    if not spread > 0.0:
        raise InvalidInputError("sizes", list(sizes), "give at least two different values")
    slope = float(x @ y) / spread
    deviation = math.sqrt(float(((y - slope * x) ** 2).sum()) / degrees / spread)
    return LeastSquaresExponent(slope, deviation, degrees)

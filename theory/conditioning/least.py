"""The least of several estimates, with its error."""

from __future__ import annotations

import numpy as np
from kernels.estimate import Estimate, EstimateArray


def least_entry(estimates: EstimateArray) -> tuple[int, Estimate]:
    """Where the smallest value stands, and the least of the numbers estimated.

    That number lies between the least of the lower and the least of the upper ends. Where the
    errors are standard errors, so is the result, at one of each entry.

    >>> import numpy as np
    >>> from kernels.estimate import ErrorKind
    >>> several = EstimateArray(np.array([1.0, 1.25]), np.array([0.25, 1.0]), ErrorKind.NUMERICAL)
    >>> place, found = least_entry(several)
    >>> place, found.value, found.error  # the second may be as small as 0.25
    (0, 1.0, 0.75)
    """
    values, errors = estimates.values, estimates.errors
    place = int(np.argmin(values))
    smallest = float(values[place])
    below, above = smallest - float((values - errors).min()), float((values + errors).min())
    error = max(below, above - smallest)
    return place, Estimate(smallest, error, estimates.kind, estimates.method)

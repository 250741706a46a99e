"""Reading weights of samples."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError
from kernels.regression.arguments.labels import LARGEST


def checked_weights(weights: object, strings: int) -> Float64[np.ndarray, " n"] | None:
    """Weights of so many strings as an array; None where all are 1.

    Args:
        weights: a number for each string, or one for all; None for 1.
        strings: how many there are.

    Raises:
        InvalidInputError: they are not real numbers, not finite, negative, all 0, too many or too
            few, or too large or too small for sums of their squares.

    >>> checked_weights([1, 0], 2)
    array([1., 0.])
    """
    if weights is None:
        return None
    if np.ma.is_masked(weights):
        raise InvalidInputError("sample_weight", weights, "fill in what is masked")
    try:
        found = np.asarray(weights)
        kind = "unsafe" if found.dtype == object else "same_kind"
        found = found.astype(np.float64, casting=kind)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        raise InvalidInputError("sample_weight", weights, "give real numbers") from None
    if found.ndim == 0:
        found = np.full(strings, float(found))
    if found.shape != (strings,):
        raise InvalidInputError(
            "sample_weight", found, f"give one number for each of the {strings} strings"
        )
    for wrong, remedy in (
        (~np.isfinite(found), "give finite numbers"),
        (found < 0.0, "give numbers of at least 0"),
        (found > LARGEST, f"give numbers below {LARGEST:g}"),
        ((found > 0.0) & (found < 1.0 / LARGEST), f"give 0, or numbers above {1 / LARGEST:g}"),
    ):
        if wrong.any():
            index = int(np.flatnonzero(wrong)[0])
            raise InvalidInputError(
                "sample_weight", float(found[index]), f"that is the one at index {index}; {remedy}"
            )
    if not found.any():
        raise InvalidInputError(
            "sample_weight", found, "all weights are zero; give some string a weight above 0"
        )
    return None if (found == 1.0).all() else found

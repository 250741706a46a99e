"""Reading labels."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError

LARGEST = 1e100
"""Sizes of labels whose squares, which norms are made of, stay finite and above 0 down to its
inverse; likewise of alpha, by which labels are divided, and of weights."""


def checked_labels(
    labels: object, strings: int, *, argument: str = "y"
) -> Float64[np.ndarray, "n *t"]:
    """Labels of so many strings as an array.

    Args:
        labels: a number for each string, or a row of them.
        strings: how many there are.
        argument: the name to use in an error message.

    Raises:
        InvalidInputError: they are not real numbers, not finite, too large or too small for their
            squares, or do not fit the strings.

    >>> checked_labels([True, 2], 2)
    array([1., 2.])
    """
    if labels is None:  # in the words that scikit-learn looks for
        remedy = f"fitting requires y to be passed, but the target {argument} is None"
        raise InvalidInputError(argument, labels, remedy)
    if np.ma.is_masked(labels):
        raise InvalidInputError(argument, labels, "leave out the masked ones and their strings")
    try:
        y = np.asarray(labels)
        if y.dtype == object:  # whole numbers may come in such an array
            y = np.asarray(y.tolist())
        y = y.astype(np.float64, casting="same_kind", copy=False)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInputError(argument, labels, "give real numbers") from None
    if y.ndim not in (1, 2) or len(y) != strings or y.size == 0:
        raise InvalidInputError(
            argument,
            y,
            f"labels of shape {y.shape} do not fit {strings} strings; give each string one label, "
            "or a row of labels",
        )
    finite = np.isfinite(y)
    if not finite.all():
        place = tuple(np.argwhere(~finite)[0].tolist())
        index = place[0] if len(place) == 1 else place
        raise InvalidInputError(
            argument, float(y[place]), f"the label at index {index} is not finite; give finite ones"
        )
    # Column by column: a small one would vanish beside a large one.
    for largest in np.abs(y).max(axis=0, keepdims=True).ravel().tolist():
        if largest and not 1.0 / LARGEST < largest < LARGEST:
            fault = "overflow" if largest > 1.0 else "underflow to 0"
            raise InvalidInputError(argument, largest, f"rescale them: their squares would {fault}")
    return y

"""Names that an argument or an attribute had before it took scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from kernels.boundary.exceptions import InvalidInputError

P = ParamSpec("P")
R = TypeVar("R")

NEW_NAMES = {
    "ridge": "alpha",
    "ridges": "alphas",
    "tolerance": "tol",
    "max_iterations": "max_iter",
    "strings": "X",
    "labels": "y",
    "coefficients_": "dual_coef_",
    "iterations_": "n_iter_",
    "ridge_": "alpha_",
}
"""The new name for each old one."""


def refusing_old_names(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which says the new name to who calls it by an old one.

    Raises:
        InvalidInputError: from the constructor, an old name; it says the new one.

    >>> @refusing_old_names
    ... def fit(alpha: float) -> float:
    ...     return alpha
    >>> fit(ridge=1.0)
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: ridge = 1.0: use alpha
    """

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            if name in NEW_NAMES:
                raise InvalidInputError(name, value, f"use {NEW_NAMES[name]}")
        return function(*args, **kwargs)

    return wrapped

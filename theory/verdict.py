"""Is a template matrix nonsingular, as far as its errors let us tell?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind, Estimate, EstimateArray

_DOUBT = 1e-6
"""The probability, at most, that some statistical error exceeds its allowed multiple."""


class Outcome(StrEnum):
    """How the question can end."""

    NONSINGULAR = "nonsingular"
    SINGULAR = "singular"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Verdict:
    """The answer, with its reason.

    Attributes:
        outcome: nonsingular, singular or inconclusive.
        reason: what decided it, or what would.
        null_vector: where singular, integers v with N v = 0 for every kernel that agrees where
            this one provably does: a proof.
        settling_error: where inconclusive, an error of the entries of N that would settle it if
            the smallest eigenvalue is what it now seems to be; 0 where rounding alone stands in
            the way, None otherwise.
    """

    outcome: Outcome
    reason: str
    null_vector: tuple[int, ...] | None = None
    settling_error: float | None = None


def eigenvalues(matrix: EstimateArray) -> tuple[EstimateArray, float]:
    """The eigenvalues of a symmetric matrix, ascending, and the share of rounding in their error.

    By Weyl's inequality no eigenvalue moves by more than the spectral norm of the perturbation,
    and the norm of a matrix is at most that of any matrix of bounds on its entries. LAPACK's own
    rounding is counted as r machine epsilons of the norm of N. Where the entries carry standard
    errors, so does the result: the bound at one standard error of each entry.
    """
    values, errors = matrix.values, matrix.errors
    found: Float64[np.ndarray, " r"] = np.linalg.eigvalsh(values)
    size = len(found)
    rounding = size * float(np.finfo(np.float64).eps) * float(np.abs(found).max())
    error = _norm_bound(errors) + rounding
    kind = ErrorKind.weakest([matrix.kind, ErrorKind.NUMERICAL])
    method = f"symmetric eigenvalues of {matrix.method}" if matrix.method else ""
    return EstimateArray(found, np.full(size, error), kind, method), rounding


def _norm_bound(errors: Float64[np.ndarray, "r r"]) -> float:
    """An upper bound of the spectral norm of a symmetric nonnegative matrix, by Collatz-Wielandt.

    For any positive x, the largest (E x)_i / x_i bounds it; a few power steps bring it close.
    """
    largest = float(errors.max(initial=0.0))
    if largest == 0.0:
        return 0.0
    scaled = errors / largest
    x = np.ones(len(errors))
    bound = float((scaled @ x).max())
    for _ in range(10):
        x = scaled @ x + 1e-3 * bound * x  # the shift keeps x positive
        x /= x.max()
        bound = min(bound, float(((scaled @ x) / x).max()))
    return bound * largest * (1.0 + len(errors) * float(np.finfo(np.float64).eps))


def allowed_multiple(kind: ErrorKind, patterns: int) -> float:
    """How many of its errors a number may be off: 1, unless the errors are statistical.

    All ``patterns`` independent estimates then stay within the multiple of their standard errors
    but for a probability of 1e-6 (union bound over two-sided normal tails).

    >>> allowed_multiple(ErrorKind.NUMERICAL, 10)
    1.0
    >>> round(allowed_multiple(ErrorKind.STATISTICAL, 10), 2)
    5.33
    """
    if kind is not ErrorKind.STATISTICAL:
        return 1.0
    return -NormalDist().inv_cdf(_DOUBT / (2 * max(patterns, 1)))


def judge(
    smallest: Estimate, *, size: int, multiple: float, rounding: float, largest_error: float
) -> Verdict:
    """The verdict from the eigenvalue of least magnitude alone.

    Args:
        smallest: that eigenvalue.
        size: the number r of templates.
        multiple: how many errors it may be off, as `allowed_multiple` says.
        rounding: the part of its error that no better entries remove.
        largest_error: the largest error of an entry of N.
    """
    magnitude = abs(smallest.value)
    bound = rounding + multiple * (smallest.error - rounding)
    times = f"{multiple:.2f} standard errors" if multiple != 1.0 else "its error"
    if magnitude > bound:
        return Verdict(
            Outcome.NONSINGULAR,
            f"the smallest eigenvalue, {smallest.value:.3g}, exceeds {times}, {bound:.1g}",
        )
    reason = f"the smallest eigenvalue, {smallest.value:.3g}, is within {times}, {bound:.1g}; "
    if magnitude <= 2.0 * rounding:
        return Verdict(
            Outcome.INCONCLUSIVE,
            reason + "float64 cannot tell it from 0: higher precision would settle it",
            settling_error=0.0,
        )
    # Weyl's bound is at most r times the largest error of an entry; half the eigenvalue is left
    # for its own uncertainty.
    needed = (magnitude - rounding) / (2.0 * multiple * size)
    return Verdict(
        Outcome.INCONCLUSIVE,
        reason + f"entries of N with errors below {needed:.1g} (now up to {largest_error:.1g}) "
        "would settle it if the eigenvalue is what it seems to be",
        settling_error=needed,
    )

"""Is a template matrix nonsingular, as far as its errors let us tell?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kernels.estimates import Estimate, EstimateArray
from kernels.estimates.error import ErrorKind
from theory.significance import SIGNIFICANCE


class Singularity(StrEnum):
    """How the question can end."""

    NONSINGULAR = "nonsingular"
    SINGULAR = "singular"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class SingularityVerdict:
    """The answer, with its reason.

    Attributes:
        outcome: nonsingular, singular or inconclusive.
        reason: what decided it, or what would.
        null_vector: where singular, v with N v = 0: integers where every kernel that agrees where
            this one provably does has this v, numbers up to a rounding where it takes a theorem.
        settling_error: where inconclusive, an error of the entries of N that would settle it if
            the smallest eigenvalue is what it now seems to be; 0 where rounding alone stands in
            the way, None otherwise.
    """

    outcome: Singularity
    reason: str
    null_vector: tuple[float, ...] | None = None
    settling_error: float | None = None


def judge(
    smallest: Estimate, *, size: int, rounding: float, largest_error: float
) -> SingularityVerdict:
    """The verdict from the eigenvalue of least magnitude alone, without a theorem.

    Args:
        smallest: that eigenvalue.
        size: the number r of templates.
        rounding: the part of its error that no better entries remove.
        largest_error: the largest error of an entry of N.
    """
    magnitude, radius = abs(smallest.value), smallest.radius(SIGNIFICANCE)
    said = f"what its error allows, {radius:.1g}"
    if smallest.kind is ErrorKind.STATISTICAL:
        said += f" but for a chance of {SIGNIFICANCE:g}"
    if magnitude > radius:
        return SingularityVerdict(
            Singularity.NONSINGULAR,
            f"the smallest eigenvalue, {smallest.value:.3g}, exceeds {said}",
        )
    reason = f"the smallest eigenvalue, {smallest.value:.3g}, is within {said}; "
    if magnitude <= 2.0 * rounding:
        return SingularityVerdict(
            Singularity.INCONCLUSIVE,
            reason + "float64 cannot tell it from 0: higher precision would settle it",
            settling_error=0.0,
        )
    # Weyl's bound is at most r times the largest error of an entry, taken as often as chance
    # demands; half the eigenvalue is left for its own uncertainty.
    times = radius / smallest.error if smallest.error else 1.0
    needed = (magnitude - rounding) / (2.0 * times * size)
    return SingularityVerdict(
        Singularity.INCONCLUSIVE,
        reason + f"entries of N with errors below {needed:.1g} (now up to {largest_error:.1g}) "
        "would settle it if the eigenvalue is what it seems to be",
        settling_error=needed,
    )


def rank_of_singular(spectrum: EstimateArray) -> str:
    """What is known of the rank of a matrix that is proved to be singular, in words.

    Each eigenvalue that its error tells from 0 adds one to the rank, which stays below the number
    of rows: where all others are told from 0, the rank is exact.

    Args:
        spectrum: the eigenvalues.

    >>> from kernels.estimates import EstimateArray, Numerical
    >>> rank_of_singular(EstimateArray.of([1e-17, 2.0], Numerical, 1e-15))
    'N has rank 1 exactly'
    >>> rank_of_singular(EstimateArray.of([1e-17, 1e-17, 2.0], Numerical, 1e-15))
    'N has a rank from 1 to 2'
    """
    seen = int((np.abs(spectrum.values) > spectrum.radii(SIGNIFICANCE)).sum())
    most = len(spectrum) - 1
    return f"N has rank {most} exactly" if seen >= most else f"N has a rank from {seen} to {most}"

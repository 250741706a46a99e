"""Proved bounds of eigenvalues, determinant and condition number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from flint import arb
from jaxtyping import Float64, Shaped

from kernels.estimates import Estimate, Proved
from kernels.estimates.balls import above, centred, precision
from kernels.estimates.rules.linear_algebra import spectral_bound
from theory.enclosure.entries import EnclosedMatrix
from theory.enclosure.factorization import Factorization, factorize, objects

_STEPS = 3
"""Of inverse iteration from an eigenvector of floats; each gains the ratio of the two smallest."""

_SHARES = (1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5)
"""How far below the Rayleigh quotient to look for a proved bound, relative to it."""

_METHOD = "factorization in balls"


@dataclass(frozen=True)
class SpectralEnclosure:
    """What is proved of a symmetric matrix that is nearly known.

    Attributes:
        lower: every eigenvalue is at least this.
        upper: the smallest eigenvalue is at most this.
        largest_lower: the largest eigenvalue is at least this.
        largest: every eigenvalue is at most this.
        log_determinant: of the determinant, natural; None unless ``lower`` is above 0.
        shift: no eigenvalue of C is below this.
        perturbation: the bound of R that was used, in the spectral norm.
        relative: the bound of G.
    """

    lower: float
    upper: float
    largest_lower: float
    largest: float
    log_determinant: Estimate | None
    shift: float
    perturbation: float
    relative: float

    @property
    def positive_definite(self) -> bool:
        """Whether the matrix is proved to be so, and thereby nonsingular."""
        return self.lower > 0.0

    @property
    def smallest_eigenvalue(self) -> Estimate:
        """The smallest eigenvalue, in the middle of its bounds."""
        return _between(self.lower, self.upper)

    @property
    def condition_number(self) -> Estimate:
        """Largest over smallest eigenvalue; with an infinite error unless positive definite."""
        if not self.positive_definite:
            return Estimate(math.inf, Proved(math.inf), _METHOD)
        with precision():
            most = above(arb(self.largest) / arb(self.lower))
            least = -above(-(arb(self.largest_lower) / arb(self.upper)))
        return _between(least, most)

    @property
    def sentence(self) -> str:
        """What is proved, in words."""
        if self.positive_definite:
            return (
                f"every eigenvalue is at least {self.lower:.6g}, by a factorization in balls that "
                "counts the errors of the entries"
            )
        return f"errors of the entries allow an eigenvalue of {self.lower:.6g}"

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        determinant = self.log_determinant
        return {
            "smallest_eigenvalue": [self.lower, self.upper],
            "largest_eigenvalue": [self.largest_lower, self.largest],
            "condition_number": self.condition_number.to_json(),
            "log_determinant": None if determinant is None else determinant.to_json(),
            "positive_definite": self.positive_definite,
            "sentence": self.sentence,
        }


def enclose_spectrum(matrix: EnclosedMatrix) -> SpectralEnclosure:
    """Bounds of the eigenvalues of ``(I + G) (C + R) (I + G)``, and of its determinant.

    From below: ``C - c I`` has a factorization with pivots above 0, so that C has no eigenvalue
    below c (Sylvester); R moves each eigenvalue by at most its norm (Weyl), G by a factor between
    ``(1 - g)^2`` and ``(1 + g)^2`` (Ostrowski). From above: a Rayleigh quotient.

    >>> from kernels import EstimateArray
    >>> entries = EstimateArray.of([[2.0, 1.0], [1.0, 2.0]], Proved, 1e-9)
    >>> found = enclose_spectrum(EnclosedMatrix.of_entries(entries))
    >>> found.lower < 1.0 < found.upper, found.upper - found.lower < 1e-8
    (True, True)
    >>> print(found.condition_number.value.__round__(6))
    3.0
    """
    centre, off = matrix.centre, spectral_bound(matrix.radii)
    values, vectors = np.linalg.eigh(centre)
    whole = factorize(centre)
    with precision():
        shrunk, grown = (1 - arb(matrix.relative)) ** 2, (1 + arb(matrix.relative)) ** 2
        top = _rayleigh(centre, objects(vectors[:, -1]))
        norm = spectral_bound(np.abs(centre))
        largest = above((arb(norm) + off) * grown)
        largest_lower = -above((off - top) * shrunk)
        bottom = _rayleigh(centre, _lowest(whole, objects(vectors[:, 0])))
        least = _at_least(centre, whole, bottom, float(values[0]), norm)
        lower, upper = arb(least) - off, bottom + off
        lower *= shrunk if lower > 0 else grown
        upper *= grown if upper > 0 else shrunk
        determinant = None
        if whole is not None and lower > 0:
            share, size = arb(off) / arb(least), len(centre)
            spread = (-size * (1 - share).log() - size * shrunk.log()).upper()
            logarithm = sum((pivot.log() for pivot in whole.pivots), arb(0, spread))
            determinant = Estimate(*_proved(logarithm), _METHOD)
        return SpectralEnclosure(
            lower=-above(-lower),
            upper=above(upper),
            largest_lower=largest_lower,
            largest=largest,
            log_determinant=determinant,
            shift=least,
            perturbation=off,
            relative=matrix.relative,
        )


def _at_least(
    centre: Float64[np.ndarray, "r r"],
    whole: Factorization | None,
    bottom: arb,
    approximate: float,
    norm: float,
) -> float:
    """A number that no eigenvalue of C is below, close to the smallest where it is above 0."""
    if whole is not None:
        for share in _SHARES:
            shift = float((bottom * (1 - arb(share))).lower())
            if factorize(centre, shift) is not None:
                return shift
        return 0.0
    step = 2.0**-50 * norm
    shift = min(approximate, 0.0) - step
    while shift > -norm:
        if factorize(centre, shift) is not None:
            return shift
        step *= 4.0
        shift -= step or norm
    return -norm  # where C is 0, and where floats end


def _lowest(
    whole: Factorization | None, start: Shaped[np.ndarray, " r"]
) -> Shaped[np.ndarray, " r"]:
    """A vector near the eigenvector of the smallest eigenvalue, by inverse iteration."""
    if whole is None:
        return start
    for _ in range(_STEPS):
        solved = whole.solve(start)
        start = solved / max(abs(entry) for entry in solved)
        start = np.array([entry.mid() for entry in start], dtype=object)
    return start


def _rayleigh(centre: Float64[np.ndarray, "r r"], vector: Shaped[np.ndarray, " r"]) -> arb:
    """``v^T C v / v^T v``, at least the smallest eigenvalue and at most the largest."""
    return vector.dot(objects(centre).dot(vector)) / vector.dot(vector)


def _between(lower: float, upper: float) -> Estimate:
    """The estimate whose interval is not smaller than this one."""
    with precision():
        return Estimate(*_proved(arb(lower).union(arb(upper))), _METHOD)


def _proved(ball: arb) -> tuple[float, Proved]:
    value, radius = centred(ball)
    return value, Proved(radius)

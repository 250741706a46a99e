"""How far the parts of the Gram operator stand out from its diagonal, direction by direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from kernels.regression.operator.blocks import GramBlocks, Interaction

HEAVY = 2.0
"""Directions along which the kernel exceeds the diagonal by this factor are solved exactly; the
others leave a condition number of a few."""

MANY = 2_048
"""Directions solved exactly where more would only save iterations: a Cholesky factorization of this
size takes 0.2 s."""

MOST = 6_144
"""Directions solved exactly, at most: a factorization of this size takes some seconds and 1 GB."""

PER_ROOT = 4.0
"""Likewise for each square root of a row: then the solution with the factor, some d^2 = 16 u
multiplications, takes as long as the product with the matrix, and the factorization as long as some
tens of iterations."""

SLOW = 48.0
"""More than `MANY` directions are solved exactly where otherwise some exceed the diagonal by more
than this factor: conjugate gradients then take about 100 iterations or more."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The directions of one interaction: an atom times an eigenvector of D(p, q).

    For an atom that occurs equally often, c times, in each of its roles, in rows of weight w, an
    eigenvector to the eigenvalue e is a direction in which the kernel exceeds the diagonal by the
    factor c w e.

    Attributes:
        heaviness: c w for each atom.
        values: the eigenvalues e, the largest first.
        roots: the eigenvectors times the square roots of their eigenvalues.
    """

    heaviness: Float64[np.ndarray, " a"]
    values: Float64[np.ndarray, " p"]
    roots: Float64[np.ndarray, "p p"]

    def excesses(self, least: float) -> Float64[np.ndarray, " e"]:
        """The factors above ``least``."""
        found = [self.heaviness[self.heaviness * e > least] * e for e in self.values.tolist()]
        return np.concatenate(found)

    def exceeds(self, least: float) -> Bool[np.ndarray, "a p"]:
        """For which atoms and eigenvectors the factor is above ``least``."""
        return np.stack([self.heaviness * e > least for e in self.values.tolist()], axis=1)


def rough_weight(
    kernel: GramBlocks, root: Float64[np.ndarray, " u"], alpha: float
) -> Float64[np.ndarray, " u"]:
    """For each row, S^2 over what is its own in the diagonal of S K S + alpha I."""
    weight = root**2
    return weight / (alpha + weight * kernel.own.clip(min=0.0))


def spectrum(part: Interaction, weight: Float64[np.ndarray, " u"]) -> Spectrum:
    """The directions of an interaction, for rows of these weights."""
    values, vectors = np.linalg.eigh(part.between_roles)
    values = values[::-1].clip(min=0.0)
    by_atom = part.cells.sums(part.indicator.T @ weight) / len(values)
    return Spectrum(by_atom, values, vectors[:, ::-1] * np.sqrt(values))


def excess_left(rows: int, spectra: Sequence[Spectrum]) -> float:
    """The largest excess that stays when as many directions as worthwhile are solved exactly.

    Args:
        rows: how many distinct strings there are.
        spectra: of all interactions.
    """
    # What is no larger than `HEAVY` decides nothing, and is nearly everything.
    everything = np.concatenate([np.zeros(0), *(own.excesses(HEAVY) for own in spectra)])
    everything[::-1].sort()

    def left(most: int) -> float:
        return float(everything[most]) if most < len(everything) else 0.0

    usual = left(min(MANY, rows // 4))
    most = min(MOST, max(MANY, int(PER_ROOT * rows**0.5)), rows // 2)
    return max(HEAVY, min(usual, max(SLOW, left(most))))


def square_root(
    matrix: Float64[np.ndarray, "r r"],
) -> Float64[np.ndarray, "r q"]:
    """L with L L^T equal to a matrix but for its negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    keep = values > 1e-14 * max(float(values[-1]), 0.0)
    return vectors[:, keep] * np.sqrt(values[keep])

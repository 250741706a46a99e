"""A preconditioner: the template block and the most frequent shared tokens, solved exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy.sparse import block_diag, csc_array, csr_array, diags_array, hstack

from kernels.regression.arrays.cholesky import CholeskyFactor
from kernels.regression.arrays.device import Sparse
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.sums import Columns
from kernels.regression.operator.blocks import GramBlocks, Interaction
from kernels.regression.preconditioners.spectra import (
    Spectrum,
    excess_left,
    rough_weight,
    spectrum,
    square_root,
)

_ROUNDING = 1e-13
"""The least rest of the diagonal, relative to the largest entry of N: where alpha is small too, a
smaller one would make the difference in Woodbury's formula one of rounding errors."""


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions of interactions, as vectors of rows: the columns of P Q.

    Attributes:
        indicator: P, rows by chosen cells.
        mixing: Q, chosen cells by directions; P Q Q^T P^T is part of the kernel matrix.
    """

    indicator: Sparse
    mixing: Sparse


@dataclass(frozen=True, eq=False)
class Woodbury:
    """The inverse of A = D + B B^T, where B B^T is the large part of S K S + alpha I.

    B consists of S Z L with L L^T = N, and of the directions of the interactions that weigh most:
    eigenvectors of D(p, q) times frequent atoms. D is the rest of the diagonal, at least alpha.
    By Woodbury, A^{-1} = D^{-1} - D^{-1} B (I + B^T D^{-1} B)^{-1} B^T D^{-1}.

    Attributes:
        diagonal: D.
        root: S.
        shapes: Z, the rows of each shape.
        level: L.
        chosen: the directions; None where there are none.
        factor: the Cholesky factor of I + B^T D^{-1} B.
    """

    diagonal: Float64[Any, " u"]
    root: Float64[Any, " u"]
    shapes: Groups
    level: Float64[Any, "r l"]
    chosen: Directions | None
    factor: CholeskyFactor

    @classmethod
    def of(
        cls,
        kernel: GramBlocks,
        root: Float64[np.ndarray, " u"],
        alpha: float,
        spectra: Sequence[Spectrum] | None = None,
    ) -> Woodbury:
        """The preconditioner for S K S + alpha I.

        Args:
            kernel: the kernel matrix K of the distinct strings.
            root: the diagonal S.
            alpha: above 0.
            spectra: those of the interactions, where they are known already.

        Raises:
            numpy.linalg.LinAlgError: the matrix is not positive definite within rounding.
        """
        if spectra is None:
            rough = rough_weight(kernel, root, alpha)
            spectra = [spectrum(part, rough) for part in kernel.interactions]
        weight = root**2
        level = square_root(kernel.between_shapes)
        parts = _heaviest(kernel, len(root), spectra)
        rest = kernel.own.copy()
        for part, directions in parts:
            rest += part.diagonal() - directions.indicator @ _squares(directions.mixing)
        used = {id(part) for part, _ in parts}
        for part in kernel.interactions:
            if id(part) not in used:
                rest += part.diagonal()
        least = _ROUNDING * float(np.abs(kernel.between_shapes).max())
        diagonal = alpha + weight * rest.clip(min=least)
        chosen = _joined([directions for _, directions in parts]) if parts else None
        small = _products(kernel.shapes, level, chosen, weight / diagonal)
        factor = CholeskyFactor.of(small, 1.0)
        return cls(diagonal, root, kernel.shapes, level, chosen, factor)

    def __call__(self, vectors: Columns) -> Columns:
        """A^{-1} times vectors."""
        xp = vectors.__array_namespace__()
        scaled = vectors / self.diagonal[:, None]
        inner = scaled * self.root[:, None]
        parts = [self.level.T @ self.shapes.sums(inner)]
        if self.chosen is not None:
            parts.append(self.chosen.mixing.T @ (self.chosen.indicator.T @ inner))
        found = self.factor.solve(xp.concat(parts))
        levels, width = self.level @ found[: self.level.shape[1]], self.level.shape[1]
        del inner
        inner = self.shapes.spread(levels)
        if self.chosen is not None:
            inner += self.chosen.indicator @ (self.chosen.mixing @ found[width:])
        inner *= self.root[:, None]
        inner /= self.diagonal[:, None]
        scaled -= inner
        return scaled

    def trace(self) -> float:
        """The trace of A^{-1}."""
        # tr(D^{-1}) - tr((I + B^T D^{-1} B)^{-1} B^T D^{-2} B)
        weight = (self.root / self.diagonal) ** 2
        outer = _products(self.shapes, self.level, self.chosen, weight)
        return float((1.0 / self.diagonal).sum() - np.trace(self.factor.solve(outer)))


def _products(
    shapes: Groups,
    level: Float64[np.ndarray, "r l"],
    chosen: Directions | None,
    weight: Float64[np.ndarray, " u"],
) -> Float64[np.ndarray, "d d"]:
    """B^T W B, with the scaling S inside the weights W."""
    block = (level.T * shapes.sums(weight[:, None])[:, 0]) @ level
    if chosen is None:
        return block
    weighted = csr_array(diags_array(weight) @ chosen.indicator)
    corner = (chosen.mixing.T @ (chosen.indicator.T @ weighted) @ chosen.mixing).toarray()
    sums = _sums_by_shape(weighted, shapes.starts)
    side = level.T @ (chosen.mixing.T @ sums.T).T
    return np.block([[block, side], [side.T, corner]])


def _squares(mixing: csr_array[np.float64]) -> Float64[np.ndarray, " c"]:
    """The squared lengths of the rows."""
    return np.asarray(mixing.power(2).sum(axis=1))


def _sums_by_shape(
    weighted: csr_array[np.float64], starts: Int64[np.ndarray, " s"]
) -> Float64[np.ndarray, "r c"]:
    """Column sums over the rows of each shape."""
    parts = [weighted[start:stop] for start, stop in pairwise(starts.tolist())]
    return np.stack([np.asarray(part.sum(axis=0)) for part in parts])


def _joined(parts: list[Directions]) -> Directions:
    """The directions of several interactions, next to each other."""
    mixing = block_diag([part.mixing for part in parts], format="csr")
    return Directions(csc_array(hstack([part.indicator for part in parts])), csr_array(mixing))


def _heaviest(
    kernel: GramBlocks, rows: int, spectra: Sequence[Spectrum]
) -> list[tuple[Interaction, Directions]]:
    """The directions of the interactions that exceed the diagonal most."""
    limit = excess_left(rows, spectra)
    found = []
    for part, own in zip(kernel.interactions, spectra, strict=True):
        chosen = own.exceeds(limit)
        if chosen.any():
            found.append((part, _of_part(part, chosen, own.roots)))
    return found


def _of_part(
    part: Interaction,
    chosen: Bool[np.ndarray, "a p"],
    roots: Float64[np.ndarray, "p p"],
) -> Directions:
    """The chosen pairs (atom, eigenvector) of an interaction."""
    cells = np.flatnonzero(np.any(chosen, axis=1)[part.cells.atom])
    atom, role = part.cells.atom[cells], part.cells.role[cells]
    number = np.cumsum(chosen.ravel()).reshape(chosen.shape) - 1
    row, vector = np.nonzero(chosen[atom])
    mixing = csr_array(
        (roots[role[row], vector], (row, number[atom[row], vector])),
        shape=(len(cells), int(chosen.sum())),
    )
    return Directions(part.indicator.columns(cells), mixing)

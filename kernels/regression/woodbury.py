"""A preconditioner: the template block and the most frequent shared tokens, solved exactly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import block_diag, csc_array, csr_array, diags_array, hstack

from kernels.regression.gram_operator import GramOperator
from kernels.regression.interaction import Interaction
from kernels.regression.spectra import excess_left, rough_weight, spectrum, square_root


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions of interactions, as vectors of rows: the columns of P Q.

    Attributes:
        indicator: P, rows by chosen cells.
        mixing: Q, chosen cells by directions; P Q Q^T P^T is part of the kernel matrix.
    """

    indicator: csc_array[np.float64]
    mixing: csr_array[np.float64]


class WoodburyPreconditioner:
    """The inverse of A = D + B B^T, where B B^T is the large part of S K S + ridge I.

    B consists of S Z L with L L^T = N, and of the directions of the interactions that weigh most:
    eigenvectors of D(p, q) times frequent atoms. D is the rest of the diagonal, at least the
    ridge. By Woodbury, A^{-1} = D^{-1} - D^{-1} B (I + B^T D^{-1} B)^{-1} B^T D^{-1}.

    Args:
        operator: the Gram operator K of the distinct strings.
        root: the diagonal S: the square root of each distinct string's count.
        ridge: above 0.

    Attributes:
        diagonal: D.
        level: L.
        chosen: the directions; None where there are none.
        factor: the Cholesky factor of I + B^T D^{-1} B.
    """

    def __init__(self, operator: GramOperator, root: Float64[np.ndarray, " u"], ridge: float):
        self.operator = operator
        self.root = root
        weight = root**2
        self.level = square_root(operator.between_shapes)
        parts = _heaviest(operator, rough_weight(operator, root, ridge))
        rest = operator.own.copy()
        for part, directions in parts:
            rest += part.diagonal() - directions.indicator @ _squares(directions.mixing)
        used = {id(part) for part, _ in parts}
        for part in operator.interactions:
            if id(part) not in used:
                rest += part.diagonal()
        self.diagonal = ridge + weight * rest.clip(min=0.0)
        self.chosen: Directions | None = None
        if parts:
            self.chosen = _joined([directions for _, directions in parts])
        small = self._products(weight / self.diagonal)
        small.flat[:: len(small) + 1] += 1.0
        self.factor = cho_factor(small, lower=True, overwrite_a=True, check_finite=False)

    @property
    def directions(self) -> int:
        """How many directions are solved exactly."""
        return len(self.factor[0])

    def __call__(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """A^{-1} times vectors."""
        scaled = vectors / self.diagonal[:, None]
        inner = scaled * self.root[:, None]
        parts = [self.level.T @ self.operator.by_shape(inner)]
        if self.chosen is not None:
            parts.append(self.chosen.mixing.T @ (self.chosen.indicator.T @ inner))
        found = cho_solve(self.factor, np.concatenate(parts), check_finite=False)
        inner[:] = 0.0
        self.operator.add_to_shapes(inner, self.level @ found[: self.level.shape[1]])
        if self.chosen is not None:
            mixed = self.chosen.mixing @ found[self.level.shape[1] :]
            inner += self.chosen.indicator @ mixed
        inner *= (self.root / self.diagonal)[:, None]
        scaled -= inner
        return scaled

    def trace(self) -> float:
        """The trace of A^{-1}."""
        # tr(D^{-1}) - tr((I + B^T D^{-1} B)^{-1} B^T D^{-2} B)
        outer = self._products((self.root / self.diagonal) ** 2)
        return float(
            (1.0 / self.diagonal).sum()
            - np.trace(cho_solve(self.factor, outer, check_finite=False))
        )

    def _products(self, weight: Float64[np.ndarray, " u"]) -> Float64[np.ndarray, "d d"]:
        """B^T W B, with the scaling S inside the weights W."""
        by_shape = self.operator.by_shape(weight[:, None])
        block = (self.level.T * by_shape[:, 0]) @ self.level
        return block if self.chosen is None else self._bordered(block, weight)

    def _bordered(
        self, block: Float64[np.ndarray, "r r"], weight: Float64[np.ndarray, " u"]
    ) -> Float64[np.ndarray, "d d"]:
        """B^T W B with the directions, from its block without them."""
        assert self.chosen is not None
        indicator, mixing = self.chosen.indicator, self.chosen.mixing
        weighted = csr_array(diags_array(weight) @ indicator)
        corner = (mixing.T @ (indicator.T @ weighted) @ mixing).toarray()
        sums = _sums_by_shape(weighted, self.operator.shape_starts)
        side = self.level.T @ (mixing.T @ sums.T).T
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
    operator: GramOperator, weight: Float64[np.ndarray, " u"]
) -> list[tuple[Interaction, Directions]]:
    """The directions of the interactions that exceed the diagonal most."""
    all_spectra = [spectrum(part, weight) for part in operator.interactions]
    limit = excess_left(operator, all_spectra)
    found = []
    for part, own in zip(operator.interactions, all_spectra, strict=True):
        chosen = own.excess > limit
        if chosen.any():
            found.append((part, _of_part(part, chosen, own.roots)))
    return found


def _of_part(
    part: Interaction,
    chosen: Bool[np.ndarray, "a p"],
    roots: Float64[np.ndarray, "p p"],
) -> Directions:
    """The chosen pairs (atom, eigenvector) of an interaction."""
    cells = np.flatnonzero(np.any(chosen, axis=1)[part.atom])
    number = np.cumsum(chosen.ravel()).reshape(chosen.shape) - 1
    row, vector = np.nonzero(chosen[part.atom[cells]])
    cell = cells[row]
    mixing = csr_array(
        (roots[part.role[cell], vector], (row, number[part.atom[cell], vector])),
        shape=(len(cells), int(chosen.sum())),
    )
    return Directions(csc_array(part.indicator[:, cells]), mixing)

"""A preconditioner for many frequent tokens, as if different tokens occurred independently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int, Int64
from scipy.sparse import csr_array

from kernels.regression.arrays.device import Sparse
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.sums import Columns, shares
from kernels.regression.operator.blocks import GramBlocks, Interaction
from kernels.regression.preconditioners.spectra import square_root


@dataclass(frozen=True, eq=False)
class TokenBlocks:
    """An approximate inverse of A = D + B B^T + F C F^T, positive definite whatever the strings.

    B B^T is the template block, F C F^T the interaction of single tokens, D the rest of the
    diagonal. In variables scaled to D = I, let G = F^T F be the frequencies of the cells, which is
    diagonal but for the rows that have two cells at once. Where tokens occur independently, F is
    orthogonal but for its means over shapes; so these are taken out of F, where B B^T takes
    care of them, and

        (I + B B^T)^{-1} + F (-2 H + H F^T F H + W) F^T,   H = diag(G)^{-1},  W = H (H + C)^{-1} H,

    is what Woodbury would give if F^T F were diag(G): then the bracket is W - H. As it stands, it
    is (I - F H F^T)^2 + F W F^T on the complement of B, a sum of positive parts.

    Attributes:
        scale: D^{-1/2}.
        weight: the scale of the rows of F.
        shapes: the rows of each shape, Z.
        level: what the template block takes off, by shapes: L (I + L^T Z^T Z L)^{-1} L^T.
        cells: the unscaled F, rows by cells.
        means: the means of each column over its shape, to be taken out, cells by shapes.
        inverse: H.
        place: where each cell is among the rows of the blocks.
        cell: which cell is at each row of the blocks; the number of cells where none is.
        blocks: W, token by token.
    """

    scale: Float64[Any, " u"]
    weight: Float64[Any, " u"]
    shapes: Groups
    level: Float64[Any, "r r"]
    cells: Sparse
    means: Sparse
    inverse: Float64[Any, " c"]
    place: Int64[Any, " c"]
    cell: Int64[Any, " b"]
    blocks: Float64[Any, "a p p"]

    @classmethod
    def of(
        cls,
        kernel: GramBlocks,
        root: Float64[np.ndarray, " u"],
        alpha: float,
        part: Interaction,
        chosen: Bool[np.ndarray, " a"],
    ) -> TokenBlocks:
        """The preconditioner for S K S + alpha I.

        Args:
            kernel: the kernel matrix K of the distinct strings.
            root: the diagonal S.
            alpha: above 0.
            part: the interaction of single tokens.
            chosen: the tokens to treat, among the part's atoms.
        """
        rest = kernel.own.copy()
        for other in kernel.interactions:
            if other is not part:
                rest += other.diagonal()
        listed = np.flatnonzero(chosen[part.cells.atom])
        everything = len(listed) == len(part.cells)
        cells = part.indicator if everything else part.indicator.columns(listed)
        atom, role = part.cells.atom[listed], part.cells.role[listed]
        if not everything:
            own = np.diag(part.between_roles)
            rest += part.diagonal() - cells @ own[role]
        weight = root**2
        diagonal = alpha + weight * rest.clip(min=0.0)
        scale = 1.0 / np.sqrt(diagonal)
        total = kernel.shapes.sums((weight / diagonal)[:, None])[:, 0]
        frequency = cells.T @ (weight / diagonal)
        shape = part.shape_of_role[role]
        columns = np.arange(len(listed))
        means = (frequency / total[shape], (columns, shape))
        inverse = shares(np.ones_like(frequency), frequency)
        roles = len(part.between_roles)
        place = (np.cumsum(chosen) - 1)[atom] * roles + role
        blocks = _blocks(part.between_roles, inverse, place)
        cell = np.full(blocks.shape[0] * roles, len(listed))
        cell[place] = columns
        return cls(
            scale=scale,
            weight=root * scale,
            shapes=kernel.shapes,
            level=_level(kernel.between_shapes, total),
            cells=cells,
            means=csr_array(means, shape=(len(listed), len(total))),
            inverse=inverse,
            place=place,
            cell=cell,
            blocks=blocks,
        )

    def __call__(self, vectors: Columns) -> Columns:
        """The approximate inverse times vectors."""
        scaled = vectors * self.scale[:, None]
        sums, levels = self._collect(scaled)
        flat = self.inverse[:, None] * sums
        again, _ = self._collect(self._spread(flat, 0.0 * levels))
        mixed = self.inverse[:, None] * again - 2.0 * flat + self._blocked(sums)
        scaled += self._spread(mixed, -self.level @ levels)
        scaled *= self.scale[:, None]
        return scaled

    def _collect(self, vectors: Columns) -> tuple[Float64[Any, "c t"], Float64[Any, "r t"]]:
        """F^T, its means taken out, and Z^T, times scaled vectors."""
        inner = vectors * self.weight[:, None]
        levels = self.shapes.sums(inner)
        sums = self.cells.T @ inner
        sums -= self.means @ levels
        return sums, levels

    def _spread(self, sums: Float64[Any, "c t"], levels: Float64[Any, "r t"]) -> Columns:
        """F times ``sums``, its means taken out, plus Z times ``levels``."""
        result = self.shapes.added(self.cells @ sums, levels - self.means.T @ sums)
        result *= self.weight[:, None]
        return result

    def _blocked(self, sums: Float64[Any, "c t"]) -> Float64[Any, "c t"]:
        """W times vectors of cells."""
        xp = sums.__array_namespace__()
        atoms, roles, _ = self.blocks.shape
        grid = xp.concat([sums, xp.zeros((1, sums.shape[1]))])[self.cell]
        found = self.blocks @ grid.reshape(atoms, roles, sums.shape[1])
        return found.reshape(grid.shape)[self.place]


def _level(
    between: Float64[np.ndarray, "r r"], total: Float64[np.ndarray, " r"]
) -> Float64[np.ndarray, "r r"]:
    """What the template block takes off, for shapes whose rows have these weights in all."""
    level = square_root(between)
    small = (level.T * total) @ level
    small.flat[:: len(small) + 1] += 1.0
    return level @ np.linalg.solve(small, level.T)


def _blocks(
    between: Float64[np.ndarray, "p p"],
    inverse: Float64[np.ndarray, " c"],
    place: Int[np.ndarray, " c"],
) -> Float64[np.ndarray, "a p p"]:
    """W for each token: H^{1/2} (I + H^{-1/2} C H^{-1/2})^{-1} H^{1/2}; 0 where H is."""
    roles = len(between)
    flat = np.zeros((int(place.max(initial=-1)) // roles + 1) * roles)
    flat[place] = np.sqrt(inverse)
    root = flat.reshape(-1, roles)
    other = shares(np.ones_like(root), root)
    inner = other[:, :, None] * between * other[:, None, :]
    inner[:, np.arange(roles), np.arange(roles)] += 1.0
    return root[:, :, None] * np.linalg.inv(inner) * root[:, None, :]

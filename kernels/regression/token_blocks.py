"""A preconditioner for many frequent tokens, as if different tokens occurred independently."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float64
from scipy.sparse import csc_array

from kernels.regression.gram_operator import GramOperator
from kernels.regression.interaction import Interaction
from kernels.regression.spectra import square_root


class TokenBlockPreconditioner:
    """An approximate inverse of A = D + B B^T + F C F^T, positive definite whatever the strings.

    B B^T is the template block, F C F^T the interaction of single tokens, D the rest of the
    diagonal. In variables scaled to D = I, let G = F^T F be the frequencies of the cells, which is
    diagonal but for the rows that have two cells at once. Where tokens occur independently, F is
    orthogonal but for its means over shapes; so these are taken out of F, where B B^T takes
    care of them, and

        (I + B B^T)^{-1} + F (-2 H + H F^T F H + W) F^T,   H = diag(G)^{-1},  W = H (H + C)^{-1} H,

    is what Woodbury would give if F^T F were diag(G): then the bracket is W - H. As it stands, it
    is (I - F H F^T)^2 + F W F^T on the complement of B, a sum of positive parts.

    Args:
        operator: the Gram operator K of the distinct strings.
        root: the square root of each distinct string's count.
        ridge: above 0.
        part: the interaction of single tokens.
        chosen: the tokens to treat, among the part's atoms.

    Attributes:
        scale: D^{-1/2}.
        level: what the template block takes off, by shapes: L (I + L^T Z^T Z L)^{-1} L^T.
        cells: the unscaled F, rows by cells.
        weight: the scale of its rows.
        shape: the shape of each cell.
        mean: the mean of each column over its shape, to be taken out.
        inverse: H.
        place: where each cell is among the rows of the blocks.
        blocks: W, token by token.
    """

    def __init__(
        self,
        operator: GramOperator,
        root: Float64[np.ndarray, " u"],
        ridge: float,
        part: Interaction,
        chosen: Bool[np.ndarray, " a"],
    ) -> None:
        self.operator = operator
        rest = operator.own.copy()
        for other in operator.interactions:
            if other is not part:
                rest += other.diagonal()
        cells = np.flatnonzero(chosen[part.atom])
        everything = len(cells) == len(part.atom)
        self.cells = part.indicator if everything else csc_array(part.indicator[:, cells])
        atom, role = part.atom[cells], part.role[cells]
        if not everything:
            own = np.diag(part.between_roles)
            rest += part.diagonal() - self.cells @ own[role]
        weight = root**2
        diagonal = ridge + weight * rest.clip(min=0.0)
        self.scale = 1.0 / np.sqrt(diagonal)
        self.weight = root * self.scale  # the entries of F
        level = square_root(operator.between_shapes)
        total = operator.by_shape((weight / diagonal)[:, None])[:, 0]
        small = (level.T * total) @ level
        small.flat[:: len(small) + 1] += 1.0
        self.level = level @ np.linalg.solve(small, level.T)
        frequency = self.cells.T @ (weight / diagonal)
        self.shape = np.array([shape for shape, _ in part.roles], dtype=np.int64)[role]
        self.mean = frequency / total[self.shape]
        self.inverse = np.divide(
            1.0, frequency, out=np.zeros_like(frequency), where=frequency > 0.0
        )
        roles = len(part.between_roles)
        number = np.cumsum(chosen) - 1
        self.place = number[atom] * roles + role
        self.blocks = _blocks(part.between_roles, self.inverse, self.place)

    def __call__(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """The approximate inverse times vectors."""
        scaled = vectors * self.scale[:, None]
        sums, levels = self._collect(scaled)
        flat = self.inverse[:, None] * sums
        again, _ = self._collect(self._spread(flat, np.zeros_like(levels)))
        mixed = self.inverse[:, None] * again - 2.0 * flat + self._blocked(sums)
        scaled += self._spread(mixed, -self.level @ levels)
        scaled *= self.scale[:, None]
        return scaled

    def _collect(
        self, vectors: Float64[np.ndarray, "u t"]
    ) -> tuple[Float64[np.ndarray, "c t"], Float64[np.ndarray, "r t"]]:
        """F^T, its means taken out, and Z^T, times scaled vectors."""
        inner = vectors * self.weight[:, None]
        levels = self.operator.by_shape(inner)
        sums = self.cells.T @ inner
        sums -= self.mean[:, None] * levels[self.shape]
        return sums, levels

    def _spread(
        self, sums: Float64[np.ndarray, "c t"], levels: Float64[np.ndarray, "r t"]
    ) -> Float64[np.ndarray, "u t"]:
        """F times ``sums``, its means taken out, plus Z times ``levels``."""
        result = self.cells @ sums
        weighted = self.mean[:, None] * sums
        levels = levels.copy()
        for t in range(sums.shape[1]):
            levels[:, t] -= np.bincount(self.shape, weighted[:, t], minlength=len(levels))
        self.operator.add_to_shapes(result, levels)
        result *= self.weight[:, None]
        return result

    def _blocked(self, sums: Float64[np.ndarray, "c t"]) -> Float64[np.ndarray, "c t"]:
        """W times vectors of cells."""
        atoms, roles, _ = self.blocks.shape
        grid = np.zeros((atoms * roles, sums.shape[1]))
        grid[self.place] = sums
        found = np.matmul(self.blocks, grid.reshape(atoms, roles, sums.shape[1]))
        return found.reshape(atoms * roles, sums.shape[1])[self.place]


def _blocks(
    between: Float64[np.ndarray, "p p"],
    inverse: Float64[np.ndarray, " c"],
    place: np.ndarray,
) -> Float64[np.ndarray, "a p p"]:
    """W for each token: H^{1/2} (I + H^{-1/2} C H^{-1/2})^{-1} H^{1/2}; 0 where H is."""
    roles = len(between)
    flat = np.zeros((int(place.max(initial=-1)) // roles + 1) * roles)
    flat[place] = np.sqrt(inverse)
    root = flat.reshape(-1, roles)
    other = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0.0)
    inner = other[:, :, None] * between * other[:, None, :]
    inner[:, np.arange(roles), np.arange(roles)] += 1.0
    return root[:, :, None] * np.linalg.inv(inner) * root[:, None, :]

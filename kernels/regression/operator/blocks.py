"""The kernel matrix as sums over shapes and cells, in arrays of NumPy or JAX."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float64, Int32

from kernels.regression.arrays.device import Sparse
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.incidence import Incidence
from kernels.regression.arrays.repeated import Repeated
from kernels.regression.arrays.sums import Columns
from kernels.regression.operator.cells import Cells

_STAYS = {"stays": True}


@dataclass(frozen=True, eq=False)
class Interaction:
    """The part P C P^T of one order: what sharing s tokens adds to sharing fewer.

    Attributes:
        indicator: P, rows by cells.
        between_roles: D(p, q) for the roles that meet; 0 elsewhere.
        coupling: C: D repeated where every atom has a cell for every role, and sparse otherwise.
        order: how many tokens are shared.
        cells: the atom and the role of each cell.
        shape_of_role: the shape that each role is in.
    """

    indicator: Incidence
    between_roles: Float64[np.ndarray, "p p"] = field(metadata=_STAYS)
    coupling: Repeated | Sparse
    order: int = field(metadata=_STAYS)
    cells: Cells = field(metadata=_STAYS)
    shape_of_role: Int32[np.ndarray, " p"] = field(metadata=_STAYS)

    def added(self, result: Columns, vectors: Columns) -> Columns:
        """``result``, which may be changed in place, plus P C P^T times vectors of rows."""
        return self.indicator.added(result, self.coupling @ (self.indicator.T @ vectors))

    def diagonal(self) -> Float64[np.ndarray, " u"]:
        """The diagonal of P C P^T."""
        return self.indicator @ self.cells.by_role(np.diag(self.between_roles))


@dataclass(frozen=True, eq=False)
class GramBlocks:
    """The kernel matrix of the distinct strings: diag(own) + Z N Z^T + the interactions.

    Attributes:
        own: what is a row's own in the diagonal.
        shapes: Z, the rows of each shape.
        between_shapes: N.
        interactions: the parts of each order.
    """

    own: Float64[Any, " u"]
    shapes: Groups
    between_shapes: Float64[Any, "r r"]
    interactions: tuple[Interaction, ...]

    def __call__(self, vectors: Columns) -> Columns:
        """The matrix times vectors."""
        result = self.own[:, None] * vectors
        result = self.shapes.added(result, self.between_shapes @ self.shapes.sums(vectors))
        for part in self.interactions:
            result = part.added(result, vectors)
        return result


@dataclass(frozen=True, eq=False)
class ScaledMatrix:
    """S K S + alpha I, with an alpha for each column.

    Attributes:
        kernel: K.
        root: the diagonal S; None where it is 1.
    """

    kernel: GramBlocks
    root: Float64[Any, " u"] | None

    def __call__(self, vectors: Columns, alphas: Float64[Any, " t"]) -> Columns:
        """The matrix times vectors."""
        result = self.without_alpha(vectors)
        result += vectors * alphas
        return result

    def without_alpha(self, vectors: Columns) -> Columns:
        """S K S times vectors."""
        if self.root is None:
            return self.kernel(vectors)
        result = self.kernel(self.root[:, None] * vectors)
        result *= self.root[:, None]
        return result

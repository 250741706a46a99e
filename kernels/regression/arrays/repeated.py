"""One small matrix for every group of consecutive entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.threads import for_each

_ENTRIES_AT_ONCE = 2**18
"""Entries multiplied at once: their copy stays in a processor's cache."""


@dataclass(frozen=True, eq=False)
class Repeated:
    """The block diagonal matrix of one block D, repeated as often as there are groups.

    Attributes:
        block: D, symmetric.
    """

    block: Float64[np.ndarray, "p p"]

    def __matmul__(self, vectors: Float64[np.ndarray, "c t"]) -> Float64[np.ndarray, "c t"]:
        """The matrix times vectors, which are overwritten.

        >>> (Repeated(np.array([[0.0, 2.0], [2.0, 0.0]])) @ np.arange(4.0).reshape(4, 1)).ravel()
        array([2., 0., 6., 4.])
        """
        roles, columns = len(self.block), vectors.shape[1]
        groups = vectors.reshape(-1, roles, columns)
        step = max(1, _ENTRIES_AT_ONCE // (roles * columns))

        def multiply(start: int) -> None:
            own = groups[start : start + step]
            if columns == 1:
                own[:, :, 0] = own[:, :, 0] @ self.block
            else:
                own[...] = self.block @ own

        for_each(multiply, range(0, len(groups), step))
        return vectors

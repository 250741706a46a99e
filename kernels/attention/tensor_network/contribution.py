"""What one independent part of a pattern contributes to the Laplace integrand.

For a part c let ``Z`` be the expectation of its factors, and ``D`` the sum, weighted by
``M = X Y^T + gamma^2 I``, over the insertions of one numerator in x and one in y. The kernel is
the integral of ``sum_c D_c prod_{c' != c} Z_{c'}`` over both shifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from kernels.attention.tensor_network.grid import ShiftGrid


@dataclass(frozen=True, eq=False)
class Contribution:
    """``Z`` and ``D`` at each pair (shift of x, shift of y)."""

    plain: Float[np.ndarray, "n n"]
    inserted: Float[np.ndarray, "n n"]

    @property
    def reverse(self) -> Contribution:
        """The contribution with the strings exchanged."""
        return Contribution(self.plain.T, self.inserted.T)


def integral(parts: Sequence[Contribution], grid: ShiftGrid) -> float:
    """The kernel of the pattern with these parts."""
    total, product = parts[0].inserted, parts[0].plain
    for part in parts[1:]:
        total, product = total * part.plain + product * part.inserted, product * part.plain
    return float(grid.weights @ total @ grid.weights)

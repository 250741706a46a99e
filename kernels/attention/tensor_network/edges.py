"""Edge tables: one position's factor in the Laplace integrand, its own Gaussian summed out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from kernels.attention.tensor_network.grid import ShiftGrid


@dataclass(frozen=True, eq=False)
class PairTables:
    """A position's factor for each pair (x's shifted logit, y's shifted logit).

    With ``f(u) = exp(-exp(u))`` for a denominator and ``g(u) = exp(u) f(u)`` for the numerator
    that is inserted at this position:

    Attributes:
        ff: no insertion.
        gf: inserted in x; its transpose is the table with the insertion in y.
        gg: inserted in both.
    """

    ff: Float[np.ndarray, "u v"]
    gf: Float[np.ndarray, "u v"]
    gg: Float[np.ndarray, "u v"]


def edge_tables(grid: ShiftGrid, logits: Float[np.ndarray, " u"]) -> PairTables:
    """The factor of a position that joins two tokens, at every pair of shifted logits."""
    nodes, weights = grid.rule.gaussian(grid.beta * grid.gamma)
    return _pair_tables(*denominator_and_exponential(logits[:, None] + nodes), weights)


def read_out_tables(grid: ShiftGrid) -> PairTables:
    """The factor of a position whose token occurs there and nowhere else, as ``[CLS]`` does.

    The token's Gaussian and the position's are one Gaussian, so the table is over pairs of shifts.
    """
    nodes, weights = grid.rule.gaussian(grid.scale)
    return _pair_tables(*denominator_and_exponential(grid.shifts[:, None] + nodes), weights)


def table_effort(grid: ShiftGrid, points: float, scale: float) -> float:
    """Elementary operations of the three tables over pairs of ``points`` logits."""
    # A matrix product runs at ten multiplications in the time of one elsewhere.
    return 0.3 * points**2 * (2.0 * grid.rule.half_width(scale) + 1.0)


def denominator_and_exponential(
    u: Float[np.ndarray, "u p"],
) -> tuple[Float[np.ndarray, "u p"], Float[np.ndarray, "u p"]]:
    """``f(u) = exp(-exp(u))`` and ``exp(u)``, whose product is the numerator ``g(u)``."""
    # Beyond 300, f is 0 whatever u is; the cut keeps exp(u), and its multiples, from overflowing.
    exponential = np.exp(np.minimum(u, 300.0))
    return np.exp(-exponential), exponential


def _pair_tables(
    f: Float[np.ndarray, "u p"],
    exponential: Float[np.ndarray, "u p"],
    weights: Float[np.ndarray, " p"],
) -> PairTables:
    g = f * exponential
    return PairTables((f * weights) @ f.T, (g * weights) @ f.T, (g * weights) @ g.T)

"""The shifted logits ``u = s + beta * zeta`` at which edge tables are made.

Two rules for the Gaussian zeta around every shift s. *Aligned* nodes lie on a refinement of the
shifts' own grid, so that neighbouring shifts share them: a table over logits has thousands of
entries where one over (shift, node) would have millions, which makes large ``beta`` cheap. *Local*
Gauss-Hermite nodes are few where ``beta`` is small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import roots_hermitenorm

from kernels.attention.tensor_network.grid import ShiftGrid, StepRule, standard_density

_ROUNDING = 1e-15
"""Rounding of a mean of numbers below 1."""


@dataclass(frozen=True, eq=False)
class LogitGrid:
    """Shifted logits, and which of them are the Gaussian nodes around each shift.

    The nodes around shift i are ``logits[stride * i : stride * i + len(weights)]``.

    Attributes:
        logits: the shifted logits.
        weights: weights of the Gaussian nodes around a shift, alike for every shift.
        stride: places from one shift's nodes to the next one's.
        shifts: the number of shifts.
    """

    logits: Float[np.ndarray, " u"]
    weights: Float[np.ndarray, " z"]
    stride: int
    shifts: int

    @property
    def smoothing(self) -> Float[np.ndarray, "n u"]:
        """The matrix that takes values at all logits to Gaussian means around each shift."""
        matrix = np.zeros((self.shifts, len(self.logits)))
        for i in range(self.shifts):
            matrix[i, self.stride * i : self.stride * i + len(self.weights)] = self.weights
        return matrix

    def windows(self, table: Float[np.ndarray, "..."], axis: int) -> Float[np.ndarray, "..."]:
        """A view of a table with its axis over logits split in two: shift first, node last."""
        view = sliding_window_view(table, len(self.weights), axis=axis)
        return view[(slice(None),) * axis + (slice(None, None, self.stride),)]


def refinement(grid: ShiftGrid) -> int:
    """Aligned logits from one shift to the next: small ``beta`` needs many."""
    return math.ceil(grid.rule.step / (grid.beta * grid.rule.gauss_step))


def aligned_logits(grid: ShiftGrid) -> LogitGrid:
    """Trapezoidal nodes on a refinement of the shifts' grid."""
    rule, beta = grid.rule, grid.beta
    stride = refinement(grid)
    step = rule.step / stride
    half = math.ceil(rule.reach * beta / step)
    count = stride * (len(grid.shifts) - 1) + 2 * half + 1
    logits = grid.shifts[0] + step * np.arange(-half, count - half)
    weights = step / beta * standard_density(step / beta * np.arange(-half, half + 1))
    return LogitGrid(logits, weights, stride, len(grid.shifts))


def local_logits(grid: ShiftGrid) -> LogitGrid:
    """Gauss-Hermite nodes, no more than the tolerance needs, around every shift."""
    nodes, weights = _gauss_hermite(grid)
    logits = (grid.shifts[:, None] + nodes).ravel()
    return LogitGrid(logits, weights, len(nodes), len(grid.shifts))


def _gauss_hermite(grid: ShiftGrid) -> tuple[Float[np.ndarray, " z"], Float[np.ndarray, " z"]]:
    """The smallest rule that agrees with a finer trapezoidal sum on `_gaussian_means`."""
    means = _gaussian_means(grid, *StepRule(0.01 * grid.tolerance).gaussian(grid.beta))
    nodes, weights = grid.rule.gaussian(grid.beta)
    for count in range(1, len(nodes)):
        roots, mass = roots_hermitenorm(count)
        rule = grid.beta * roots, mass / math.sqrt(2.0 * math.pi)
        difference = np.abs(_gaussian_means(grid, *rule) - means).max()
        if difference < max(grid.tolerance, _ROUNDING):
            return rule
    return nodes, weights


def _gaussian_means(
    grid: ShiftGrid, nodes: Float[np.ndarray, " z"], weights: Float[np.ndarray, " z"]
) -> Float[np.ndarray, "3 n"]:
    """Means of ``exp(j u - exp(u))``, j = 0, 1, 2, around every shift.

    A token's factor in the integrand is such a function: repeated denominators only move u, and
    the insertions bring at most two factors ``exp(u)``.
    """
    # Far above 0 the function is 0, long before exp(u) would overflow.
    u = np.minimum(grid.shifts[:, None] + nodes, 700.0)
    return np.stack([np.exp(j * u - np.exp(u)) @ weights for j in range(3)])

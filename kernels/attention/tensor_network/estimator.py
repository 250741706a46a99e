"""Laplace transform, trapezoidal rule and tensor network: exponential in the treewidth alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from joblib import delayed

from kernels.attention.base import AttentionEstimator
from kernels.attention.symmetry.multigraph import Component, components
from kernels.attention.tensor_network.contraction import Contractor
from kernels.attention.tensor_network.contribution import integral
from kernels.attention.tensor_network.edges import table_effort
from kernels.attention.tensor_network.grid import ShiftGrid
from kernels.attention.tensor_network.positionless import token_counts
from kernels.boundary.checks import convert_fields, positive
from kernels.boundary.exceptions import InvalidInputError, ToleranceNotMetError, TooLargeError
from kernels.boundary.memory import require_memory
from kernels.boundary.workers import spread
from kernels.estimates import EstimateArray, Numerical
from kernels.strings.patterns import Pattern

TIGHTEST = 1e-13
"""The smallest tolerance: rounding leaves little room below it."""

_ROUNDING = 1e-14
"""Relative rounding error of a value: it is a sum of positive terms, each with a relative error
of a few units in the last place."""

_REFINEMENT = 100.0
"""From a grid's nominal tolerance to the next finer one's."""

_FINEST = 1e-16
"""Nominal tolerance of the finest grid: beyond it, rounding hides what a grid would gain."""


@dataclass(frozen=True)
class TensorNetwork(AttentionEstimator):
    """The attention kernel as the contraction of a small graph, whatever the length.

    The softmax denominators become two integrals over shifts (Laplace transform); given the
    shifts, the Gaussian expectation is the contraction of a small graph whose nodes are tokens
    and whose edges are positions. Every integral is a trapezoidal sum.

    A value comes from a grid finer than the tolerance asks for; its error is the difference to a
    coarser grid that should meet the tolerance by itself, plus the finer grid's nominal error and
    a rounding floor.

    Args:
        tolerance: largest absolute error, at least 1e-13.
        effort: elementary operations that one component of a pattern may take (about 1e9 take
            a second); beyond it the pattern is refused.

    Raises:
        InvalidInputError: a tolerance below 1e-13 or not a number above 0.

    >>> from kernels.strings.patterns import Pattern
    >>> found = TensorNetwork(1e-10).estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0)
    >>> bool(abs(found.values[0] - 0.660334317185) < 1e-10), str(found.kind)
    (True, 'numerical')
    """

    tolerance: float = 1e-10
    effort: float = 1e11

    def __post_init__(self) -> None:
        convert_fields(self, tolerance=positive, effort=positive)
        if self.tolerance < TIGHTEST:
            raise InvalidInputError("tolerance", self.tolerance, f"give at least {TIGHTEST}")

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`."""
        for pattern, operations in zip(patterns, self.costs(patterns, beta, gamma), strict=True):
            self.require_affordable(pattern, operations)
        return self.contracted(patterns, beta, gamma, n_jobs=n_jobs)

    def contracted(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """`estimate` for patterns that are known to be affordable."""
        values, errors = np.zeros(len(patterns)), np.zeros(len(patterns))
        for length in {pattern.length for pattern in patterns}:
            places = [i for i, pattern in enumerate(patterns) if pattern.length == length]
            chosen = [patterns[i] for i in places]
            if beta == 0.0:
                values[places] = [uniform_attention(pattern, gamma) for pattern in chosen]
                errors[places] = _ROUNDING * values[places]
            else:
                values[places], errors[places] = self._settle(chosen, beta, gamma, n_jobs)
        return EstimateArray.of(values, Numerical, errors, "tensor network")

    def costs(self, patterns: Sequence[Pattern], beta: float, gamma: float) -> list[float]:
        """Elementary operations of each pattern's most expensive component, roughly."""
        if beta == 0.0:
            return [0.0] * len(patterns)
        nominal = max(self._nominal(gamma) / _REFINEMENT, _FINEST)
        found: dict[tuple[int, Component], float] = {}
        for length in {pattern.length for pattern in patterns}:
            grid = ShiftGrid(beta, gamma, length, nominal)
            contractor = Contractor(grid)
            mine = [pattern for pattern in patterns if pattern.length == length]
            for component in {c.unoriented for p in mine for c in components(p)}:
                if float(grid.count) ** 2 > self.effort:
                    operations = float("inf")
                elif gamma == 0.0:
                    operations = table_effort(grid, float(grid.count), beta)
                else:
                    operations = contractor.effort(component)
                found[length, component] = operations
        return [max(found[p.length, c.unoriented] for c in components(p)) for p in patterns]

    def require_affordable(self, pattern: Pattern, operations: float) -> None:
        """Raise `TooLargeError` for a pattern that takes more operations than the effort.

        Raises:
            TooLargeError: the operations are more than the effort.
        """
        if operations > self.effort:
            raise TooLargeError(
                "pattern",
                (pattern.x, pattern.y),
                f"needs about {operations:.1e} operations and effort allows "
                f"{self.effort:.1e}; raise effort, loosen tolerance, or use QuasiMonteCarlo",
            )

    def _nominal(self, gamma: float) -> float:
        """The tolerance of the coarser grid: a tenth of what is asked for, and per unit."""
        return max(0.1 * min(self.tolerance, 1e-3) / (1.0 + gamma**2), 10.0 * _FINEST)

    def _settle(
        self, patterns: list[Pattern], beta: float, gamma: float, n_jobs: int | None
    ) -> tuple[Float[np.ndarray, " p"], Float[np.ndarray, " p"]]:
        """Values and errors from two grids, and from finer ones until the tolerance is met."""
        length, left = patterns[0].length, np.arange(len(patterns))
        values, errors = np.zeros(len(patterns)), np.zeros(len(patterns))
        nominal = self._nominal(gamma)
        coarse = self._integrals(patterns, ShiftGrid(beta, gamma, length, nominal), n_jobs)
        while left.size:
            nominal = max(nominal / _REFINEMENT, _FINEST)
            grid = ShiftGrid(beta, gamma, length, nominal)
            fine = self._integrals([patterns[i] for i in left], grid, n_jobs)
            # The difference can vanish by chance: how a trapezoidal sum errs depends on where its
            # nodes happen to lie. The finer grid's nominal error does not.
            floor = 2.0 * nominal * (1.0 + gamma**2)
            values[left], errors[left] = fine, np.abs(fine - coarse) + _ROUNDING * fine + floor
            missed = errors[left] > self.tolerance
            left, coarse = left[missed], fine[missed]
            if left.size and nominal == _FINEST:
                worst = float(errors[left].max())
                raise ToleranceNotMetError(
                    "tolerance", self.tolerance, f"{worst:.1e} was reached", reached=worst
                )
        return values, errors

    def _integrals(
        self, patterns: list[Pattern], grid: ShiftGrid, n_jobs: int | None
    ) -> Float[np.ndarray, " p"]:
        """The kernel at each pattern on one grid."""
        if grid.gamma == 0.0:
            return self._positionless(patterns, grid)
        contractor = Contractor(grid)
        wanted = sorted({c.unoriented for pattern in patterns for c in components(pattern)})
        self._require_memory(len(wanted), grid)
        found = spread(n_jobs, prefer="threads")(
            delayed(contractor.contribution)(component) for component in wanted
        )
        known = dict(zip(wanted, found, strict=True))
        known |= {part.reverse: contribution.reverse for part, contribution in known.items()}
        return np.array([integral([known[c] for c in components(p)], grid) for p in patterns])

    def _positionless(self, patterns: list[Pattern], grid: ShiftGrid) -> Float[np.ndarray, " p"]:
        """The kernel at each pattern on one grid, without positional weights."""
        wanted = {part for pattern in patterns for part in token_counts(pattern)}
        self._require_memory(len(wanted), grid)
        known = {part: part.contribution(grid) for part in wanted}
        return np.array([integral([known[c] for c in token_counts(p)], grid) for p in patterns])

    def _require_memory(self, parts: int, grid: ShiftGrid) -> None:
        """Two arrays over pairs of shifts for every part, and some temporaries."""
        needed = 16.0 * len(grid.shifts) ** 2 * (parts + 3)
        require_memory("patterns", f"{parts} components", needed, "give fewer at once")


def uniform_attention(pattern: Pattern, gamma: float) -> float:
    """The kernel at ``beta = 0``: the mean entry of ``X Y^T + gamma^2 I``.

    >>> uniform_attention(Pattern.of("AA", "AB"), gamma=1.0)  # (3 + 3) / 9
    0.6666666666666666
    """
    same = sum(a == b for a in pattern.x for b in pattern.y)
    return (same + gamma**2 * pattern.length) / pattern.length**2

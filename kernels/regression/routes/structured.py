"""The route through the Gram operator and conjugate gradients."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from jaxtyping import Float64
from sklearn.exceptions import ConvergenceWarning

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, StandardError
from kernels.progress import counter
from kernels.regression.arrays.device import HOST, Device
from kernels.regression.arrays.engine import Engine, device_of
from kernels.regression.arrays.sums import Columns, rounding_of_sum
from kernels.regression.contract import Iterate, Status, System, joined, remedy
from kernels.regression.operator.blocks import ScaledMatrix
from kernels.regression.operator.gram_operator import GramOperator
from kernels.regression.operator.matchings import MatchingTable
from kernels.regression.preconditioners.choice import Preconditioner, choose_preconditioner
from kernels.regression.preconditioners.woodbury import Woodbury
from kernels.regression.prediction.by_cells import SumsOverCells
from kernels.regression.solvers.conjugate_gradients import Map, Tell, conjugate_gradients
from kernels.regression.solvers.factorization import effective_dimension

_FEW = 1_000
"""Distinct strings whose matrix is written out for its eigenvalues: less than a second."""

_UNSOLVED = 0.5
"""Rounding that leaves more than this share of a right-hand side leaves no solution."""


class StructuredSystem(System):
    """The system by preconditioned conjugate gradients, without a matrix.

    Args:
        operator: the Gram operator of the training strings.
        root: the diagonal S.
        engine: what the iteration runs on, see `KernelRidge`.
        progress: show how far conjugate gradients are.
    """

    def __init__(
        self,
        operator: GramOperator,
        root: Float64[np.ndarray, " u"],
        engine: Engine = "numpy",
        *,
        progress: bool = False,
    ) -> None:
        self.operator = operator
        self.root = root
        self.engine = engine
        self.progress = progress
        self._matrix = ScaledMatrix(operator.blocks, None if (root == 1.0).all() else root)

    @property
    def kernel(self) -> Kernel:
        """The kernel."""
        return self.operator.table.kernel

    @property
    def largest_error(self) -> float:
        """The largest error of a kernel value used so far."""
        return self.operator.table.largest_error

    def of(self, kernel: Kernel) -> StructuredSystem:
        """The system with another kernel."""
        operator, table = self.operator, MatchingTable(kernel, progress=self.progress)
        other = GramOperator.of_merged(operator.strings, operator.fixed, table)
        return StructuredSystem(other, self.root, self.engine, progress=self.progress)

    def rounding(self, largest: float) -> float:
        """That of sums over all interactions, and what the operator leaves out."""
        symbols = max(block.symbols for block in self.operator.strings.blocks)
        total, least = self.operator.table.magnitudes(symbols)
        return rounding_of_sum(len(self.root), max(total, largest)) + least

    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """S K S times vectors."""
        return self._matrix.without_alpha(vectors)

    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        alphas: Float64[np.ndarray, " t"],
        *,
        tol: float,
        max_iter: int,
    ) -> Iterate:
        """All right-hand sides at once; see `conjugate_gradients` for when it stops."""
        prepared: dict[float, Preconditioner] = {}
        for alpha in np.unique(alphas).tolist():
            try:
                prepared[alpha] = choose_preconditioner(self.operator.blocks, self.root, alpha)
            except np.linalg.LinAlgError:
                raise self.not_definite(alpha) from None
        with counter("conjugate gradients", shown=self.progress) as tell:
            device = device_of(self.engine)
            return self._solve(right, alphas, prepared, tol, max_iter, tell, device)

    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> SumsOverCells:
        """Sums over shapes and over shared tokens."""
        operator = self.operator
        return SumsOverCells(operator.strings, operator.fixed, operator.table, weights)

    def degrees_of_freedom(
        self, alpha: float, *, probes: int, seed: int, tol: float, max_iter: int
    ) -> Estimate:
        """Hutchinson's estimate, with the preconditioner as control variate.

        The trace is u - alpha tr A^{-1} with A = S K S + alpha I. For random signs z,
        z^T A^{-1} z has the mean tr A^{-1}; of it only the difference to z^T P^{-1} z is
        estimated, since the trace of the preconditioner P^{-1} is known. A solution x with the
        residual r is off by A^{-1} r, which changes z^T x = z^T A^{-1} (z - r) by at most
        |x| |r| + |r|^2 / alpha; the mean of that is added to the standard error.

        Few distinct strings have a matrix small enough for its eigenvalues.

        Raises:
            InvalidInputError: the matrix is not positive definite.
        """
        if self.operator.rows <= _FEW:
            return effective_dimension(self.apply(np.eye(self.operator.rows)), alpha)
        try:
            preconditioner = Woodbury.of(self.operator.blocks, self.root, alpha)
        except np.linalg.LinAlgError:
            raise self.not_definite(alpha) from None
        rng = np.random.default_rng(seed)
        draws, left = np.empty(probes), np.empty(probes)
        statuses = []
        alphas = np.array([alpha])
        prepared: dict[float, Preconditioner] = {alpha: preconditioner}
        with counter("degrees of freedom: conjugate gradients", shown=self.progress) as tell:
            for i in range(probes):
                z = rng.choice([-1.0, 1.0], size=(self.operator.rows, 1))
                found = self._solve(z, alphas, prepared, tol, max_iter, tell, HOST)
                statuses += found.statuses
                draws[i] = np.vdot(z, found.solution - preconditioner(z))
                residual = float(found.residuals[0] * np.linalg.norm(z))
                left[i] = residual * (np.linalg.norm(found.solution) + residual / alpha)
        failed = [status for status in statuses if status is not Status.CONVERGED]
        deviation = alpha * float(draws.std(ddof=1)) / np.sqrt(probes)
        error = StandardError(deviation, probes - 1, alpha * float(left.mean()))
        if failed:
            warnings.warn(
                f"{len(failed)} of {probes} probes are not solved to the tolerance, "
                f"{tol:.1e}: {failed[0]}; the error, {error:.1e}, allows for that; "
                f"{remedy(max_iter)}",
                ConvergenceWarning,
                stacklevel=3,
            )
        return Estimate(
            float(self.operator.rows - alpha * (preconditioner.trace() + draws.mean())),
            error,
            f"Hutchinson, {probes} probes",
        )

    def _solve(
        self,
        right: Float64[np.ndarray, "u t"],
        alphas: Float64[np.ndarray, " t"],
        prepared: dict[float, Preconditioner],
        tol: float,
        max_iter: int,
        tell: Tell,
        device: Device,
    ) -> Iterate:
        """The iteration on the device; fresh residuals by NumPy, a second route to the product."""
        with device.scope():
            matrix = device.put(self._matrix)
            inverses = {alpha: device.put(found) for alpha, found in prepared.items()}

        def solved(first: int, last: int) -> Iterate:
            own = alphas[first:last]
            return conjugate_gradients(
                lambda vectors, columns: device.call(matrix, vectors, own[columns]),
                _by_alpha(inverses, own, device),
                np.ascontiguousarray(right[:, first:last]),
                tol=tol,
                max_iter=max_iter,
                tell=tell,
                device=device,
                afresh=lambda vectors, columns: self._matrix(vectors, own[columns]),
            )

        width = len(alphas)
        step = width if device.together else 1
        found = joined([solved(i, i + step) for i in range(0, width, step)])
        for alpha, status, left in zip(
            alphas.tolist(), found.statuses, found.residuals.tolist(), strict=True
        ):
            unsolved = status is Status.ROUNDING and left > _UNSOLVED
            if status is Status.INDEFINITE or unsolved:
                raise self.not_definite(alpha)
        return found


def _by_alpha(inverses: dict[float, Any], alphas: Float64[np.ndarray, " t"], device: Device) -> Map:
    """The preconditioner of each column's alpha."""

    def preconditioner(vectors: Columns, columns: np.ndarray) -> Columns:
        own = alphas[columns]
        if len(inverses) == 1:
            return device.call(inverses[float(own[0])], vectors)
        groups = [np.flatnonzero(own == alpha) for alpha in np.unique(own)]
        parts = [device.call(inverses[float(own[g[0]])], vectors[:, g]) for g in groups]
        xp = vectors.__array_namespace__()
        return xp.concat(parts, axis=1)[:, np.argsort(np.concatenate(groups))]

    return preconditioner

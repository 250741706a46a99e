"""The route through the Gram operator and conjugate gradients."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from jaxtyping import Float64
from sklearn.exceptions import ConvergenceWarning

from kernels.estimates import Estimate, StandardError
from kernels.progress import counter
from kernels.regression.conjugate_gradients import (
    Ended,
    Iterate,
    Map,
    Status,
    Tell,
    Vectors,
    conjugate_gradients,
    restarted,
)
from kernels.regression.dense import effective_dimension
from kernels.regression.gram_operator import GramOperator
from kernels.regression.preconditioner import Preconditioner, choose_preconditioner
from kernels.regression.prediction import Predictor
from kernels.regression.system import System, remedy
from kernels.regression.woodbury import WoodburyPreconditioner

_FEW = 1_000
"""Distinct strings whose matrix is written out for its eigenvalues: less than a second."""

Engine = Literal["numpy", "jax"]
"""What runs the iteration."""


class StructuredSystem(System):
    """The system by preconditioned conjugate gradients, without a matrix.

    Args:
        operator: the Gram operator of the training strings.
        engine: ``"numpy"``, or ``"jax"`` to iterate on JAX's default device.
        progress: show how far conjugate gradients are.
    """

    def __init__(
        self, operator: GramOperator, engine: Engine = "numpy", *, progress: bool = False
    ) -> None:
        self.operator = operator
        self.engine = engine
        self.progress = progress
        count = operator.strings.count
        self.row = operator.strings.row
        self.root = np.ones(operator.rows) if count is None else np.sqrt(count)
        self._merged = count is not None

    @property
    def largest_error(self) -> float:
        """The largest error of a kernel value used so far."""
        return self.operator.table.largest_error

    def apply(self, vectors: Vectors) -> Vectors:
        """S K S times vectors."""
        if not self._merged:
            return self.operator.apply(vectors)
        result = self.operator.apply(self.root[:, None] * vectors)
        result *= self.root[:, None]
        return result

    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        ridges: Float64[np.ndarray, " t"],
        *,
        tolerance: float,
        max_iterations: int,
    ) -> Iterate:
        """All right-hand sides at once; see `conjugate_gradients` for when it stops."""
        prepared: dict[float, Preconditioner] = {}
        for ridge in np.unique(ridges).tolist():
            try:
                prepared[ridge] = choose_preconditioner(self.operator, self.root, ridge)
            except np.linalg.LinAlgError:
                raise self.not_definite(ridge) from None
        solve = self._solve_on_device if self.engine == "jax" else self._solve
        with counter("conjugate gradients", shown=self.progress) as tell:
            return solve(right, ridges, prepared, tolerance, max_iterations, tell)

    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictor:
        """Sums over shapes and over shared tokens."""
        return Predictor(self.operator, weights)

    def degrees_of_freedom(
        self, ridge: float, *, probes: int, seed: int, tolerance: float, max_iterations: int
    ) -> Estimate:
        """Hutchinson's estimate, with the preconditioner as control variate.

        The trace is u - ridge tr A^{-1} with A = S K S + ridge I. For random signs z,
        z^T A^{-1} z has the mean tr A^{-1}; of it only the difference to z^T P^{-1} z is
        estimated, since the trace of the preconditioner P^{-1} is known. A solution x with the
        residual r is off by A^{-1} r, which changes z^T x = z^T A^{-1} (z - r) by at most
        |x| |r| + |r|^2 / ridge; the mean of that is added to the standard error.

        Few distinct strings have a matrix small enough for its eigenvalues.
        """
        if self.operator.rows <= _FEW:
            return effective_dimension(self.apply(np.eye(self.operator.rows)), ridge)
        try:
            preconditioner = WoodburyPreconditioner(self.operator, self.root, ridge)
        except np.linalg.LinAlgError:
            raise self.not_definite(ridge) from None
        rng = np.random.default_rng(seed)
        draws, left = np.empty(probes), np.empty(probes)
        statuses = []
        with counter("degrees of freedom: conjugate gradients", shown=self.progress) as tell:
            for i in range(probes):
                z = rng.choice([-1.0, 1.0], size=(self.operator.rows, 1))
                found = self._solve(
                    z, np.array([ridge]), {ridge: preconditioner}, tolerance, max_iterations, tell
                )
                statuses += found.statuses
                draws[i] = np.vdot(z, found.solution - preconditioner(z))
                residual = float(found.residuals[0] * np.linalg.norm(z))
                left[i] = residual * (np.linalg.norm(found.solution) + residual / ridge)
        failed = [status for status in statuses if status is not Status.CONVERGED]
        deviation = ridge * float(draws.std(ddof=1)) / np.sqrt(probes)
        error = StandardError(deviation, probes - 1, ridge * float(left.mean()))
        if failed:
            warnings.warn(
                f"{len(failed)} of {probes} probes are not solved to the tolerance, "
                f"{tolerance:.1e}: {failed[0]}; the error, {error:.1e}, allows for that; "
                f"{remedy(max_iterations)}",
                ConvergenceWarning,
                stacklevel=3,
            )
        return Estimate(
            float(self.operator.rows - ridge * (preconditioner.trace() + draws.mean())),
            error,
            f"Hutchinson, {probes} probes",
        )

    def _solve(
        self,
        right: Vectors,
        ridges: Float64[np.ndarray, " t"],
        prepared: dict[float, Preconditioner],
        tolerance: float,
        max_iterations: int,
        tell: Tell,
    ) -> Iterate:
        def preconditioner(vectors: Vectors, columns: np.ndarray) -> Vectors:
            own = ridges[columns]
            if len(prepared) == 1:
                return prepared[float(own[0])](vectors)
            result = np.empty_like(vectors)
            for ridge in np.unique(own).tolist():
                result[:, own == ridge] = prepared[ridge](vectors[:, own == ridge])
            return result

        found = conjugate_gradients(
            self._shifted(ridges),
            preconditioner,
            right,
            tolerance=tolerance,
            max_iterations=max_iterations,
            tell=tell,
        )
        return self._definite(found, ridges)

    def _solve_on_device(
        self,
        right: Vectors,
        ridges: Float64[np.ndarray, " t"],
        prepared: dict[float, Preconditioner],
        tolerance: float,
        max_iterations: int,
        tell: Tell,
    ) -> Iterate:
        """The iteration in JAX; fresh residuals by NumPy, a second route to the same product."""
        from kernels.regression.jax_solver import JaxSolver  # noqa: PLC0415 - slow to load

        solvers = {
            ridge: JaxSolver(self.operator, self.root, ridge, preconditioner)
            for ridge, preconditioner in prepared.items()
        }

        def inner(
            vectors: Vectors, goals: Float64[np.ndarray, " t"], columns: np.ndarray, most: int
        ) -> Ended:
            solution = np.empty_like(vectors)
            taken = np.zeros(len(columns), dtype=np.int64)
            statuses = [Status.CONVERGED for _ in columns]
            for ridge, solver in solvers.items():
                own = np.flatnonzero(ridges[columns] == ridge)
                if len(own):
                    solution[:, own], taken[own], ended = solver.solve(
                        vectors[:, own], goals[own], most
                    )
                    for column, status in zip(own.tolist(), ended, strict=True):
                        statuses[column] = status
            return solution, taken, statuses

        found = restarted(
            self._shifted(ridges),
            inner,
            right,
            tolerance=tolerance,
            max_iterations=max_iterations,
            tell=tell,
        )
        return self._definite(found, ridges)

    def _definite(self, found: Iterate, ridges: Float64[np.ndarray, " t"]) -> Iterate:
        """What was found, unless a matrix turned out not to be positive definite."""
        for ridge, status in zip(ridges.tolist(), found.statuses, strict=True):
            if status is Status.INDEFINITE:
                raise self.not_definite(ridge)
        return found

    def _shifted(self, ridges: Float64[np.ndarray, " t"]) -> Map:
        """S K S + ridge I, each column with its own ridge."""

        def matrix(vectors: Vectors, columns: np.ndarray) -> Vectors:
            result = self.apply(vectors)
            result += vectors * ridges[columns]
            return result

        return matrix

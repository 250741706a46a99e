"""The route through the Gram operator and conjugate gradients."""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float64

from kernels.estimate import ErrorKind, Estimate
from kernels.regression.conjugate_gradients import (
    Iterate,
    Map,
    Status,
    Vectors,
    conjugate_gradients,
    restarted,
)
from kernels.regression.gram_operator import GramOperator
from kernels.regression.preconditioner import Preconditioner, choose_preconditioner
from kernels.regression.prediction import Predictor
from kernels.regression.system import System
from kernels.regression.woodbury import WoodburyPreconditioner

Engine = Literal["numpy", "jax"]
"""What runs the iteration."""


class StructuredSystem(System):
    """The system by preconditioned conjugate gradients, without a matrix.

    Args:
        operator: the Gram operator of the training strings.
        engine: ``"numpy"``, or ``"jax"`` to iterate on JAX's default device.
    """

    def __init__(self, operator: GramOperator, engine: Engine = "numpy") -> None:
        self.operator = operator
        self.engine = engine
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
        prepared = {
            ridge: choose_preconditioner(self.operator, self.root, ridge)
            for ridge in np.unique(ridges).tolist()
        }
        if self.engine == "jax":
            return self._solve_on_device(right, ridges, prepared, tolerance, max_iterations)
        return self._solve(right, ridges, prepared, tolerance, max_iterations)

    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictor:
        """Sums over shapes and over shared tokens."""
        return Predictor(self.operator, weights)

    def degrees_of_freedom(
        self, ridge: float, *, probes: int, seed: int, tolerance: float, max_iterations: int
    ) -> Estimate:
        """Hutchinson's estimate, with the preconditioner as control variate.

        The trace is u - ridge tr A^{-1} with A = S K S + ridge I. For random signs z,
        z^T A^{-1} z has the mean tr A^{-1}; of it only the difference to z^T P^{-1} z is
        estimated, since the trace of the preconditioner P^{-1} is known.
        """
        preconditioner = WoodburyPreconditioner(self.operator, self.root, ridge)
        rng = np.random.default_rng(seed)
        draws = np.empty(probes)
        for i in range(probes):
            z = rng.choice([-1.0, 1.0], size=(self.operator.rows, 1))
            found = self._solve(
                z, np.array([ridge]), {ridge: preconditioner}, tolerance, max_iterations
            )
            draws[i] = np.vdot(z, found.solution - preconditioner(z))
        inverse = preconditioner.trace() + draws.mean()
        error = ridge * draws.std(ddof=1) / np.sqrt(probes)
        return Estimate(
            float(self.operator.rows - ridge * inverse),
            float(error),
            ErrorKind.STATISTICAL,
            f"Hutchinson, {probes} probes",
        )

    def _solve(
        self,
        right: Vectors,
        ridges: Float64[np.ndarray, " t"],
        prepared: dict[float, Preconditioner],
        tolerance: float,
        max_iterations: int,
    ) -> Iterate:
        def preconditioner(vectors: Vectors, columns: np.ndarray) -> Vectors:
            own = ridges[columns]
            if len(prepared) == 1:
                return prepared[float(own[0])](vectors)
            result = np.empty_like(vectors)
            for ridge in np.unique(own).tolist():
                result[:, own == ridge] = prepared[ridge](vectors[:, own == ridge])
            return result

        return conjugate_gradients(
            self._shifted(ridges),
            preconditioner,
            right,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )

    def _solve_on_device(
        self,
        right: Vectors,
        ridges: Float64[np.ndarray, " t"],
        prepared: dict[float, Preconditioner],
        tolerance: float,
        max_iterations: int,
    ) -> Iterate:
        """The iteration in JAX; fresh residuals by NumPy, a second route to the same product."""
        from kernels.regression.jax_solver import JaxSolver  # noqa: PLC0415 - slow to load

        solvers = {
            ridge: JaxSolver(self.operator, self.root, ridge, preconditioner)
            for ridge, preconditioner in prepared.items()
        }

        def inner(
            vectors: Vectors, goals: Float64[np.ndarray, " t"], columns: np.ndarray, most: int
        ) -> tuple[Vectors, int, Status]:
            solution, iterations, worst = np.empty_like(vectors), 0, Status.CONVERGED
            for ridge, solver in solvers.items():
                own = ridges[columns] == ridge
                solution[:, own], taken, status = solver.solve(vectors[:, own], goals[own], most)
                iterations = max(iterations, taken)
                worst = status if worst is Status.CONVERGED else worst
            return solution, iterations, worst

        return restarted(
            self._shifted(ridges),
            inner,
            right,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )

    def _shifted(self, ridges: Float64[np.ndarray, " t"]) -> Map:
        """S K S + ridge I, each column with its own ridge."""

        def matrix(vectors: Vectors, columns: np.ndarray) -> Vectors:
            result = self.apply(vectors)
            result += vectors * ridges[columns]
            return result

        return matrix

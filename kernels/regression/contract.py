"""What a route to the solution offers: the equation of the distinct strings, and its solution."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float64, Int64

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.strings.encoding import EncodedStrings


class Status(StrEnum):
    """How a solver ended."""

    CONVERGED = "converged"
    ITERATION_LIMIT = "iteration limit"
    ROUNDING = "rounding: the residual no longer falls"
    INDEFINITE = "the matrix is not positive definite within its errors"


@dataclass(frozen=True, eq=False)
class Iterate:
    """Where a solver ended, for each column.

    Attributes:
        solution: one column per right-hand side.
        residuals: the norm of the residual, computed afresh from the solution, over that of the
            right-hand side; 0 where the latter is 0. At most 1: nothing is returned that is worse
            than 0.
        iterations: products with the matrix, fresh residuals not counted.
        statuses: how the iteration ended.
    """

    solution: Float64[np.ndarray, "u t"]
    residuals: Float64[np.ndarray, " t"]
    iterations: Int64[np.ndarray, " t"]
    statuses: list[Status]


def joined(parts: Sequence[Iterate]) -> Iterate:
    """The columns of several, side by side."""
    if len(parts) == 1:
        return parts[0]
    return Iterate(
        np.concatenate([part.solution for part in parts], axis=1),
        np.concatenate([part.residuals for part in parts]),
        np.concatenate([part.iterations for part in parts]),
        [status for part in parts for status in part.statuses],
    )


class Predictions(ABC):
    """A function on strings."""

    @abstractmethod
    def __call__(self, strings: EncodedStrings) -> Float64[np.ndarray, "m t"]:
        """The function's values.

        Args:
            strings: m strings, their vocabulary the training strings' or an extension of it.
        """


class System(ABC):
    """The equation (S K S + alpha I) x = b for the u distinct strings.

    K is their kernel matrix, and S a diagonal: see `kernels.regression.solution` for what it is
    and for what x says of the samples.
    """

    @property
    @abstractmethod
    def kernel(self) -> Kernel:
        """The kernel."""

    @property
    @abstractmethod
    def largest_error(self) -> float:
        """The largest error of a kernel value used so far."""

    @abstractmethod
    def of(self, kernel: Kernel) -> System:
        """The same with another kernel."""

    @abstractmethod
    def rounding(self, largest: float) -> float:
        """By how much a sum of weighted kernel values is off, per unit of the sum of |weights|.

        Args:
            largest: the largest kernel value of a string with itself, of those outside of training.
        """

    @abstractmethod
    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """S K S times vectors."""

    @abstractmethod
    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        alphas: Float64[np.ndarray, " t"],
        *,
        tol: float,
        max_iter: int,
    ) -> Iterate:
        """Solve for right-hand sides ``right``, each with its own alpha.

        Raises:
            InvalidInputError: the matrix is not positive definite.
        """

    @abstractmethod
    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictions:
        """The function sum over j of weights_j K(x_j, .)."""

    @abstractmethod
    def degrees_of_freedom(
        self, alpha: float, *, probes: int, seed: int, tol: float, max_iter: int
    ) -> Estimate:
        """The trace of S K S (S K S + alpha I)^{-1}.

        Raises:
            InvalidInputError: the matrix is not positive definite.
        """

    def not_definite(self, alpha: float) -> InvalidInputError:
        """The error to raise where S K S + alpha I cannot be factorized."""
        return InvalidInputError(
            "alpha",
            alpha,
            "the kernel matrix plus alpha is not positive definite within rounding and the "
            f"errors of the kernel values, up to {self.largest_error:.1e}; give a larger alpha, "
            "or a kernel that is positive semidefinite and computed more exactly",
        )


def remedy(max_iter: int) -> str:
    """What helps a solution that has not reached the tolerance."""
    return (
        f"give a larger alpha, more iterations (max_iter={max_iter}), a larger tol, or a kernel "
        "computed more exactly"
    )

"""What a route to the solution offers: the linear system of the distinct strings."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from jaxtyping import Float64, Int32

from kernels.errors import InvalidInputError
from kernels.estimates import Estimate
from kernels.regression.conjugate_gradients import Iterate, column_norms
from kernels.regression.gram_operator import sum_by
from kernels.strings import EncodedStrings


class System(ABC):
    """Equation (4) for n training strings, reduced to the distinct ones.

    Let u strings be distinct, string j occurring c_j times with the mean label m_j, and let K be
    their kernel matrix. With S = diag(sqrt c) the system is (S K S + ridge I) x = S m. Then S x is
    the sum of the dual coefficients over equal strings, which is all that predictions need; the
    coefficient of sample i, a copy of string j, is x_j / sqrt(c_j) + (y_i - m_j) / ridge; and the
    residual of the system has the norm of that of the n equations.

    Attributes:
        row: for each sample, its distinct string.
        root: sqrt(c) for each distinct string.
        largest_error: the largest error of a kernel value used so far.
    """

    row: Int32[np.ndarray, " n"]
    root: Float64[np.ndarray, " u"]

    @property
    @abstractmethod
    def largest_error(self) -> float:
        """The largest error of a kernel value used so far."""

    @abstractmethod
    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """S K S times vectors."""

    @abstractmethod
    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        ridges: Float64[np.ndarray, " t"],
        *,
        tolerance: float,
        max_iterations: int,
    ) -> Iterate:
        """Solve for right-hand sides ``right``, each with its own ridge.

        Raises:
            InvalidInputError: the matrix is not positive definite.
        """

    @abstractmethod
    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictions:
        """The function sum over j of weights_j K(x_j, .)."""

    @abstractmethod
    def degrees_of_freedom(
        self, ridge: float, *, probes: int, seed: int, tolerance: float, max_iterations: int
    ) -> Estimate:
        """The trace of K (K + ridge I)^{-1}, K of all n samples."""

    def not_definite(self, ridge: float) -> InvalidInputError:
        """The error to raise where K + ridge I cannot be factorized."""
        return InvalidInputError(
            "ridge",
            ridge,
            "the kernel matrix plus the ridge is not positive definite within rounding and the "
            f"errors of the kernel values, up to {self.largest_error:.1e}; give a larger ridge, "
            "or a kernel that is positive semidefinite and computed more exactly",
        )

    @property
    def repeats(self) -> bool:
        """Whether some string occurs several times."""
        return len(self.root) < len(self.row)

    def means(self, labels: Float64[np.ndarray, "n t"]) -> Float64[np.ndarray, "u t"]:
        """The mean label of each distinct string."""
        if not self.repeats:
            result = np.empty_like(labels)
            result[self.row] = labels
            return result
        return sum_by(self.row, labels, len(self.root)) / self.root[:, None] ** 2

    def deviations(
        self, labels: Float64[np.ndarray, "n t"], means: Float64[np.ndarray, "u t"]
    ) -> Float64[np.ndarray, "n t"]:
        """Labels less the mean of their string; over equal strings these sum to 0.

        The mean of many labels is off by rounding, which the ridge divides and the number of equal
        strings multiplies: a second pass takes out what the first has left.
        """
        found = labels - means[self.row]
        return found - self.means(found)[self.row] if self.repeats else found

    def residuals(
        self,
        labels: Float64[np.ndarray, "n t"],
        coefficients: Float64[np.ndarray, "n t"],
        ridge: float,
    ) -> Float64[np.ndarray, " t"]:
        """The norms of ``y - (K + ridge I) a``, by columns, from the n coefficients themselves."""
        sums = sum_by(self.row, coefficients, len(self.root))
        image = self.apply(sums / self.root[:, None]) / self.root[:, None]
        return column_norms(labels - ridge * coefficients - image[self.row])


def remedy(max_iterations: int) -> str:
    """What helps a solution that has not reached the tolerance."""
    return (
        f"give a larger ridge, more iterations (max_iterations={max_iterations}), a larger "
        "tolerance, or a kernel computed more exactly"
    )


class Predictions(ABC):
    """A function on strings."""

    @abstractmethod
    def __call__(self, strings: EncodedStrings) -> Float64[np.ndarray, "m t"]:
        """The function's values.

        Args:
            strings: m strings, their vocabulary the training strings' or an extension of it.
        """

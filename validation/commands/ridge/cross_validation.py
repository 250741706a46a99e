"""The ridge by cross-validation: the error at rows held out, for each ridge of a list."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels import EncodedStrings, Estimate, InvalidInputError, KernelRidge, StandardError
from kernels.boundary.checks import whole


@dataclass(frozen=True)
class CrossValidation:
    """What cross-validation has found.

    Attributes:
        folds: parts into which the rows were divided.
        ridges: what was tried, in the order given.
        errors: the root mean square error of each at the rows held out.
    """

    folds: int
    ridges: tuple[float, ...]
    errors: tuple[Estimate, ...]

    @property
    def best(self) -> float:
        """The ridge of least error; the largest of several."""
        least = min(error.value for error in self.errors)
        pairs = zip(self.ridges, self.errors, strict=True)
        return max(ridge for ridge, error in pairs if error.value == least)

    @property
    def at_an_end(self) -> bool:
        """Whether a ridge beyond those that were tried may be better."""
        return self.best in (min(self.ridges), max(self.ridges))

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        errors = [error.to_json() for error in self.errors]
        return {"folds": self.folds, "ridges": list(self.ridges), "errors": errors}


def cross_validate(
    model: KernelRidge,
    strings: EncodedStrings,
    labels: Float64[np.ndarray, " n"],
    weights: Float64[np.ndarray, " n"] | None,
    ridges: Sequence[float],
    *,
    folds: int,
    seed: int,
) -> CrossValidation:
    """The error of each ridge at rows that the fit has not seen, each row once.

    The folds are random parts of the rows. Their symbols mostly occur in the other rows too: this
    is the error at strings like those of the file, not that at symbols never seen.

    Args:
        model: the estimator, of which copies are fitted.
        strings: all rows.
        labels: their labels.
        weights: their weights, None for 1; errors are weighted by them too.
        ridges: what to try.
        folds: from 2 up to the number of rows.
        seed: of the division.

    Raises:
        InvalidInputError: folds out of range; what `KernelRidge.fit` refuses.
    """
    if whole("folds", folds, least=2) > len(labels):
        raise InvalidInputError("folds", folds, f"give at most {len(labels)}, one for each row")
    part = np.random.default_rng(whole("seed", seed)).permutation(len(labels)) % folds
    squares = np.empty((len(ridges), len(labels)))
    for fold in range(folds):
        held, kept = np.flatnonzero(part == fold), np.flatnonzero(part != fold)
        weight = None if weights is None else weights[kept]
        for place, fitted in enumerate(model.fit_path(strings[kept], labels[kept], ridges, weight)):
            squares[place, held] = (fitted.predict(strings[held]) - labels[held]) ** 2
    errors = tuple(_root_mean(row, weights) for row in squares)
    return CrossValidation(folds, tuple(ridges), errors)


def _root_mean(
    squares: Float64[np.ndarray, " n"], weights: Float64[np.ndarray, " n"] | None
) -> Estimate:
    """The root of the mean square, with the standard error of the rows' scatter."""
    share = (
        np.full(len(squares), 1.0 / len(squares)) if weights is None else weights / weights.sum()
    )
    mean = float(share @ squares)
    spread = math.sqrt(float((share**2) @ (squares - mean) ** 2))
    root = math.sqrt(mean)
    return Estimate(root, StandardError(spread / (2.0 * root) if root else 0.0), "held-out rows")

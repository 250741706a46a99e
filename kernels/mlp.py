"""The kernel of a multilayer perceptron on concatenated one-hot vectors (Remark I.6)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int32

from kernels.activations import Activation, Cosine
from kernels.activations.propagation import dual_of_estimates
from kernels.checks import instance, whole
from kernels.errors import InvalidInputError
from kernels.estimate import ErrorKind, EstimateArray
from kernels.kernel import Kernel
from kernels.patterns import Pattern

_DEEPEST = 10_000
"""Layers at most: the error bound of so long a composition says nothing any more."""


@dataclass(frozen=True)
class MLPKernel(Kernel):
    """The random-features kernel of an MLP: a function of the number of agreeing positions.

    The input covariance is ``<x, y> / k`` with k positions, so that its diagonal is 1; each layer
    composes the activation's dual.

    Args:
        activation: phi, the same in every layer.
        depth: hidden layers, from 1 to 10 000.

    Raises:
        InvalidInputError: no activation, or a depth out of range.

    >>> from kernels import ReLU
    >>> kernel = MLPKernel(ReLU(), depth=1)
    >>> round(kernel("AA", "AA").value, 12)  # E[relu(u)^2] for a standard Gaussian u
    0.5
    """

    activation: Activation = Cosine()
    depth: int = 1

    def __post_init__(self) -> None:
        instance(
            "activation",
            self.activation,
            Activation,
            "give an activation: ReLU(), say, or CustomActivation(function)",
        )
        if whole("depth", self.depth, least=1) > _DEEPEST:
            raise InvalidInputError("depth", self.depth, f"give at most {_DEEPEST} layers")

    @property
    def name(self) -> str:
        """The kernel and its parameters."""
        return repr(self)

    def key(self, pattern: Pattern) -> Hashable:
        """The number of agreements, and of positions."""
        return pattern.agreements, pattern.length

    def classes(
        self, x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]
    ) -> tuple[list[Pattern], Int32[np.ndarray, "n m"]]:
        """One pair for each number of agreements: long strings have nearly as many patterns."""
        agreements = np.zeros((len(x), len(y)), dtype=np.int32)
        for a, b in zip(x.T, y.T, strict=True):
            agreements += a[:, None] == b[None, :]
        _, first, index = np.unique(agreements, return_index=True, return_inverse=True)
        pairs = (divmod(place, len(y)) for place in first.tolist())
        patterns = [Pattern.of_codes(x[i].tolist(), y[j].tolist()) for i, j in pairs]
        return patterns, index.reshape(agreements.shape).astype(np.int32)

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel at each pattern."""
        del n_jobs  # a closed form or a small sum per layer: nothing to spread
        shares = np.array([p.agreements / p.length for p in patterns], dtype=np.float64)
        zero = np.zeros_like(shares)
        variance = EstimateArray(np.ones_like(shares), zero, ErrorKind.EXACT)
        covariance = EstimateArray(shares, zero, ErrorKind.EXACT)
        for _ in range(self.depth):
            covariance = dual_of_estimates(self.activation, variance, covariance, variance)
            variance = dual_of_estimates(self.activation, variance, variance, variance)
        return covariance

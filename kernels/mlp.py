"""The kernel of a multilayer perceptron on concatenated one-hot vectors (Remark I.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kernels.activations import Activation, Cosine
from kernels.activations.propagation import dual_of_estimates
from kernels.boundary.checks import convert_fields, instance, whole
from kernels.contract.kernel import Kernel
from kernels.contract.symmetry import AgreementSymmetry, Symmetry
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern

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
        convert_fields(self, depth=partial(whole, least=1, most=_DEEPEST))

    @property
    def name(self) -> str:
        """The kernel and its parameters."""
        return repr(self)

    @property
    def symmetry(self) -> Symmetry:
        """The kernel sees the number of agreements alone."""
        return AgreementSymmetry()

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel at each pattern."""
        del n_jobs  # a closed form or a small sum per layer: nothing to spread
        agreements = EstimateArray.exact([p.agreements for p in patterns])
        shares = agreements / np.array([p.length for p in patterns])
        variance = EstimateArray.exact(np.ones(len(patterns)))
        covariance = shares
        for _ in range(self.depth):
            covariance = dual_of_estimates(self.activation, variance, covariance, variance)
            variance = dual_of_estimates(self.activation, variance, variance, variance)
        return covariance

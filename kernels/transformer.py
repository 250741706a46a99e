"""The transformer random-features kernel (Sections 2 and 4.1, equation (3))."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kernels.activations import Activation, Cosine
from kernels.activations.propagation import dual_of_estimates
from kernels.attention.automatic import Automatic
from kernels.attention.base import AttentionEstimator
from kernels.attention.symmetry.multigraph import multigraph_key, multigraph_pattern
from kernels.attention.tensor_network.positionless import positionless_key, positionless_pattern
from kernels.checks import instance, nonnegative
from kernels.errors import InvalidInputError
from kernels.estimate import EstimateArray
from kernels.kernel import Kernel
from kernels.patterns import Pattern

Scaling = Literal["section-4.1", "appendix-H"]
"""Whose logits: Appendix H multiplies their covariance by ``1 + gamma**2``."""


_LARGEST = 1e100
"""The largest beta and gamma: their squares must stay far from the largest float."""


class AttentionBased(Kernel):
    """A kernel that sees two strings through their attention values alone.

    Attributes:
        gamma: positional weight.
    """

    gamma: float

    @property
    @abstractmethod
    def attention_kernel(self) -> AttentionKernel:
        """``K_attn`` at the kernel's parameters."""

    def key(self, pattern: Pattern) -> Hashable:
        """The class of the pattern: its multigraph, or its counts where positions do not enter."""
        return positionless_key(pattern) if self.gamma == 0.0 else multigraph_key(pattern)


@dataclass(frozen=True)
class AttentionKernel(AttentionBased):
    """The attention kernel ``K_attn`` of Section 4.1 (for its formula see `AttentionEstimator`).

    Args:
        beta: inverse temperature, at least 0.
        gamma: positional weight, at least 0.
        attention: how values are computed; `Automatic` where left out.
        scaling: ``"section-4.1"``, or ``"appendix-H"``, which is Section 4.1 with
            ``beta * sqrt(1 + gamma**2)`` in place of ``beta``.

    Raises:
        InvalidInputError: a parameter is negative, not finite or too large, ``attention`` is no
            estimator, or ``scaling`` no scaling.

    >>> from kernels import Quadrature
    >>> kernel = AttentionKernel(beta=1.0, gamma=1.0, attention=Quadrature(tolerance=1e-10))
    >>> round(kernel("AA", "BC").value, 9)
    0.660334317
    """

    beta: float = 1.0
    gamma: float = 1.0
    attention: AttentionEstimator = Automatic()
    scaling: Scaling = "section-4.1"

    def __post_init__(self) -> None:
        for argument, value in (("beta", self.beta), ("gamma", self.gamma)):
            if nonnegative(argument, value) > _LARGEST:
                raise InvalidInputError(
                    argument, value, f"its square would overflow; give at most {_LARGEST:g}"
                )
        instance(
            "attention", self.attention, AttentionEstimator, "give an estimator: Quadrature(), say"
        )
        if self.scaling not in ("section-4.1", "appendix-H"):
            raise InvalidInputError("scaling", self.scaling, "give section-4.1 or appendix-H")
        if self.effective_beta * max(1.0, self.gamma) > _LARGEST**1.5:
            raise InvalidInputError(
                "beta, gamma",
                (self.beta, self.gamma),
                f"the variance of the logits would overflow; keep beta * gamma below {_LARGEST:g}",
            )

    @property
    def name(self) -> str:
        """The kernel and its parameters."""
        return repr(self)

    @property
    def attention_kernel(self) -> AttentionKernel:
        """The kernel itself."""
        return self

    @property
    def effective_beta(self) -> float:
        """The inverse temperature in the scaling of Section 4.1."""
        if self.scaling == "appendix-H":
            return self.beta * math.sqrt(1.0 + self.gamma**2)
        return self.beta

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """``K_attn`` at each pattern."""
        # One pattern stands for its class, so that what a sampling estimator gives for the class
        # does not depend on which of them was asked for first.
        stand_in = positionless_pattern if self.gamma == 0.0 else multigraph_pattern
        chosen = [stand_in(pattern) for pattern in patterns]
        return self.attention.estimate(chosen, self.effective_beta, self.gamma, n_jobs=n_jobs)


@dataclass(frozen=True)
class TransformerKernel(AttentionBased):
    """The kernel ``K_trans`` of equation (3): the dual of an activation at ``K_attn``.

    Its error is the activation's evaluation error plus what the errors of the three attention
    values can do to it, see `dual_of_estimates`.

    Args:
        beta: inverse temperature, at least 0.
        gamma: positional weight, at least 0.
        activation: phi, applied to the read-out.
        attention: how ``K_attn`` is computed; `Automatic` where left out.
        scaling: see `AttentionKernel`.

    Raises:
        InvalidInputError: the activation is none, or an argument is refused by `AttentionKernel`.

    >>> from kernels import Cosine, Quadrature
    >>> kernel = TransformerKernel(
    ...     beta=1.0, gamma=1.0, activation=Cosine(1.5, 0.4), attention=Quadrature(tolerance=1e-10)
    ... )
    >>> found = kernel("AA", "BC")
    >>> found.error < 1e-10, str(found.kind)
    (True, 'numerical')
    """

    beta: float = 1.0
    gamma: float = 1.0
    activation: Activation = Cosine()
    attention: AttentionEstimator = Automatic()
    scaling: Scaling = "section-4.1"

    def __post_init__(self) -> None:
        instance("activation", self.activation, Activation, "give an activation: Cosine(), say")
        self.attention_kernel  # noqa: B018 - its checks are this kernel's checks

    @property
    def name(self) -> str:
        """The kernel and its parameters."""
        return repr(self)

    @cached_property
    def attention_kernel(self) -> AttentionKernel:
        """``K_attn`` with the same parameters; it keeps its own table."""
        return AttentionKernel(self.beta, self.gamma, self.attention, self.scaling)

    def with_activation(self, activation: Activation) -> TransformerKernel:
        """The kernel with another activation; the two share their attention values.

        >>> from kernels import ReLU
        >>> kernel = TransformerKernel(1.0, 1.0)
        >>> kernel.with_activation(ReLU()) == TransformerKernel(1.0, 1.0, ReLU())
        True
        """
        other = replace(self, activation=activation)
        # Where a cached property keeps its value; a table only grows, so that sharing it is safe.
        other.__dict__["attention_kernel"] = self.attention_kernel
        return other

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """``K_trans`` at each pattern."""
        triples = [(p.diagonals[0], p, p.diagonals[1]) for p in patterns]
        # First all at once: a pattern and its diagonals are built from the same components.
        self.attention_kernel.values([p for triple in triples for p in triple], n_jobs=n_jobs)
        xx, xy, yy = (
            self.attention_kernel.values(part, n_jobs=n_jobs) for part in zip(*triples, strict=True)
        )
        found = dual_of_estimates(self.activation, xx, xy, yy)
        return EstimateArray(found.values, found.errors, found.kind, xy.method)

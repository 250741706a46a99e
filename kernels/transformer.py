"""The transformer random-features kernel (Sections 2 and 4.1, equation (3))."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kernels.activations import Activation, Cosine
from kernels.activations.propagation import dual_of_estimates
from kernels.attention.automatic import Automatic
from kernels.attention.base import AttentionEstimator
from kernels.boundary.checks import convert_fields, instance, nonnegative
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.contract.symmetry import CountSymmetry, PositionSymmetry, Symmetry
from kernels.contract.table import PatternTable
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern

Scaling = Literal["section-4.1", "appendix-H"]
"""Whose logits: Appendix H multiplies their covariance by ``1 + gamma**2``."""


_LARGEST = 1e100
"""The largest beta and gamma: their squares must stay far from the largest float."""


@dataclass(frozen=True)
class AttentionKernel(Kernel):
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
        for argument in ("beta", "gamma"):
            if (given := nonnegative(argument, getattr(self, argument))) > _LARGEST:
                raise InvalidInputError(
                    argument, given, f"its square would overflow; give at most {_LARGEST:g}"
                )
        convert_fields(self, beta=nonnegative, gamma=nonnegative)
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
    def symmetry(self) -> Symmetry:
        """Positions may be permuted; each string's on their own where they do not enter."""
        return CountSymmetry() if self.gamma == 0.0 else PositionSymmetry()

    @property
    def effective_beta(self) -> float:
        """The inverse temperature in the scaling of Section 4.1.

        A float: in the scaling of Appendix H it is off by three roundings at most, and errors,
        proved ones too, are those of the kernel at this float.
        """
        if self.scaling == "appendix-H":
            return self.beta * math.sqrt(1.0 + self.gamma**2)
        return self.beta

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """``K_attn`` at each pattern."""
        return self.attention.estimate(patterns, self.effective_beta, self.gamma, n_jobs=n_jobs)


@dataclass(frozen=True, init=False, repr=False)
class TransformerKernel(Kernel):
    """The kernel ``K_trans`` of equation (3): the dual of an activation at ``K_attn``.

        K_trans(x, y) = E[ phi(u) phi(v) ],   (u, v) ~ N(0, [[K_attn(x, x), K_attn(x, y)],
                                                             [K_attn(y, x), K_attn(y, y)]])

    Its error is the activation's evaluation error plus what the errors of the three attention
    values can do to it, see `dual_of_estimates`.

    Args:
        beta: inverse temperature, at least 0.
        gamma: positional weight, at least 0.
        activation: phi, applied to the read-out.
        attention: how ``K_attn`` is computed; `Automatic` where left out.
        scaling: see `AttentionKernel`.

    Raises:
        InvalidInputError: a parameter out of range or of another type.

    >>> from kernels import Cosine, Quadrature
    >>> kernel = TransformerKernel(
    ...     beta=1.0, gamma=1.0, activation=Cosine(1.5, 0.4), attention=Quadrature(tolerance=1e-10)
    ... )
    >>> found = kernel("AA", "BC")
    >>> found.error < 1e-10, str(found.kind)
    (True, 'numerical')
    """

    attention_kernel: AttentionKernel
    activation: Activation

    def __init__(
        self,
        beta: float = 1.0,
        gamma: float = 1.0,
        activation: Activation = Cosine(),
        attention: AttentionEstimator = Automatic(),
        scaling: Scaling = "section-4.1",
    ) -> None:
        self._compose(AttentionKernel(beta, gamma, attention, scaling), activation)

    def _compose(self, attention_kernel: AttentionKernel, activation: Activation) -> None:
        instance("activation", activation, Activation, "give an activation: Cosine(), say")
        object.__setattr__(self, "attention_kernel", attention_kernel)
        object.__setattr__(self, "activation", activation)

    @property
    def beta(self) -> float:
        """Inverse temperature."""
        return self.attention_kernel.beta

    @property
    def gamma(self) -> float:
        """Positional weight."""
        return self.attention_kernel.gamma

    @property
    def attention(self) -> AttentionEstimator:
        """How ``K_attn`` is computed."""
        return self.attention_kernel.attention

    @property
    def scaling(self) -> Scaling:
        """Whose logits."""
        return self.attention_kernel.scaling

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.get_params(False).items())
        return f"TransformerKernel({shown})"

    @property
    def name(self) -> str:
        """The kernel and its parameters."""
        return repr(self)

    @property
    def symmetry(self) -> Symmetry:
        """That of ``K_attn``, through which alone the kernel sees two strings."""
        return self.attention_kernel.symmetry

    @property
    def table(self) -> PatternTable:
        """The attention values, which are the costly ones; any activation can use them."""
        return self.attention_kernel.table

    def with_activation(self, activation: Activation) -> TransformerKernel:
        """The kernel with another activation; the two share their attention values.

        Raises:
            InvalidInputError: no activation.

        >>> from kernels import ReLU
        >>> kernel = TransformerKernel(1.0, 1.0)
        >>> kernel.with_activation(ReLU()) == TransformerKernel(1.0, 1.0, ReLU())
        True
        """
        other = object.__new__(TransformerKernel)
        other._compose(self.attention_kernel, activation)
        return other

    def _rebuilt(self, params: dict[str, Any]) -> TransformerKernel:
        other = TransformerKernel(**params)
        same = other.attention_kernel == self.attention_kernel
        return self.with_activation(other.activation) if same else other

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """``K_trans`` at each pattern."""
        triples = [(p.diagonals[0], p, p.diagonals[1]) for p in patterns]
        # First all at once: a pattern and its diagonals are built from the same components.
        self.attention_kernel.values([p for triple in triples for p in triple], n_jobs=n_jobs)
        xx, xy, yy = (
            self.attention_kernel.values(part, n_jobs=n_jobs) for part in zip(*triples, strict=True)
        )
        return dual_of_estimates(self.activation, xx, xy, yy)

"""Deterministic quadrature: the cheaper of the tensor network and the plain product rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernels.attention.base import AttentionEstimator, Evaluation, gathered
from kernels.attention.product_rule import ProductRule
from kernels.attention.tensor_network.estimator import TensorNetwork
from kernels.boundary.checks import convert_fields, positive
from kernels.boundary.exceptions import ToleranceNotMetError
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern

_INSTANT = 1e7
"""Operations of a contraction so cheap that nothing else is considered: some milliseconds."""

_PER_NODE = 100.0
"""Operations of a contraction that take as long as one node of the product rule (measured)."""


@dataclass(frozen=True)
class Quadrature(AttentionEstimator):
    """Values to a tolerance, by `TensorNetwork` or, where it is cheaper, by `ProductRule`.

    The product rule is cheaper for short strings that share tokens: few Gaussian directions, but
    cycles through tokens of both strings, which the network cannot take apart.

    Args:
        tolerance: largest absolute error, at least 1e-13.
        effort: elementary operations that one component of a pattern may take (about 1e9 take
            a second); beyond it the pattern is refused.

    Raises:
        InvalidInputError: a tolerance below 1e-13, or a number that is not above 0.

    >>> found = Quadrature(tolerance=1e-10).estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0)
    >>> round(float(found.values[0]), 9), found.method
    (0.660334317, 'tensor network')
    """

    tolerance: float = 1e-10
    effort: float = 1e11

    def __post_init__(self) -> None:
        convert_fields(self, tolerance=positive, effort=positive)
        self._network()

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`."""
        return gathered(patterns, self.choices(patterns, beta, gamma), beta, gamma, n_jobs)

    def choices(
        self,
        patterns: Sequence[Pattern],
        beta: float,
        gamma: float,
        *,
        unaffordable: Evaluation | None = None,
    ) -> list[Evaluation]:
        """What evaluates each pattern most cheaply, chosen before anything is evaluated.

        Args:
            patterns: joint equality patterns.
            beta: inverse temperature, at least 0.
            gamma: positional weight, at least 0.
            unaffordable: what evaluates a pattern that takes more than the effort.

        Raises:
            TooLargeError: a pattern takes more than the effort, and ``unaffordable`` is left out.
        """
        network, product_rule = self._network(), ProductRule(self.tolerance)
        costs = network.costs(patterns, beta, gamma)
        chosen: list[Evaluation] = []
        for pattern, operations in zip(patterns, costs, strict=True):
            if _pays(product_rule, pattern, beta, gamma, operations):
                chosen.append(product_rule.estimate)
            elif unaffordable is not None and operations > self.effort:
                chosen.append(unaffordable)
            else:
                network.require_affordable(pattern, operations)
                chosen.append(network.contracted)
        return chosen

    def _network(self) -> TensorNetwork:
        return TensorNetwork(self.tolerance, self.effort)


def _pays(
    rule: ProductRule, pattern: Pattern, beta: float, gamma: float, operations: float
) -> bool:
    """Whether the product rule is cheaper than a contraction of that many operations."""
    if operations <= _INSTANT:
        return False
    try:
        nodes = rule.cost(pattern, beta, gamma)
    except ToleranceNotMetError:
        return False
    return nodes <= rule.effort and _PER_NODE * nodes < operations

"""Deterministic quadrature: the cheaper of the tensor network and the plain product rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernels.attention.base import AttentionEstimator, Route, gathered
from kernels.attention.product_rule import ProductRule
from kernels.attention.tensor_network import TensorNetwork
from kernels.checks import convert_fields, positive
from kernels.errors import ToleranceNotMetError
from kernels.estimates import EstimateArray
from kernels.patterns import Pattern

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
        return gathered(patterns, self.routes(patterns, beta, gamma), beta, gamma, n_jobs)

    def routes(
        self,
        patterns: Sequence[Pattern],
        beta: float,
        gamma: float,
        *,
        unaffordable: Route | None = None,
    ) -> list[Route]:
        """The cheaper route for each pattern, chosen before any of them is taken.

        Args:
            patterns: joint equality patterns.
            beta: inverse temperature, at least 0.
            gamma: positional weight, at least 0.
            unaffordable: the route for a pattern that takes more than the effort.

        Raises:
            TooLargeError: a pattern takes more than the effort, and ``unaffordable`` is left out.
        """
        network, product_rule = self._network(), ProductRule(self.tolerance)
        costs = network.costs(patterns, beta, gamma)
        routes: list[Route] = []
        for pattern, operations in zip(patterns, costs, strict=True):
            if _pays(product_rule, pattern, beta, gamma, operations):
                routes.append(product_rule.estimate)
            elif unaffordable is not None and operations > self.effort:
                routes.append(unaffordable)
            else:
                network.require_affordable(pattern, operations)
                routes.append(network.contracted)
        return routes

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
    return nodes <= rule.budget and _PER_NODE * nodes < operations

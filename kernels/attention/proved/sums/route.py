"""In which order a component's Gaussians are summed, and what that takes.

For a fixed shift of y, a token of y that joins at most two tokens of x is summed over the logits
that all shifts of x share, by large matrix products; so is a token of x that is left in one factor.
What remains is summed over the nodes around each pair of shifts, token by token.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kernels.attention.multigraph import Component
from kernels.attention.proved.bounds.plan import Plan

_SMALL_MATRIX = 3.0
"""How many times longer an operation takes on the windows, where matrices are small (measured)."""


@dataclass(frozen=True)
class Route:
    """An order of summation.

    Attributes:
        component: the component, in the orientation in which it is summed.

    >>> route = Route(Component(((0, 1, 2), (0, 2, 1))))
    >>> route.dense_y, route.dense_x, route.steps
    ((1, 2), (0,), ())
    """

    component: Component

    @property
    def shared(self) -> frozenset[int]:
        """Tokens of both strings."""
        return self.component.tails & self.component.heads

    @property
    def sources(self) -> list[int | None]:
        """Tokens whose insertions are counted one after the other; None where none is shared."""
        return [*sorted(self.shared)] or [None]

    @cached_property
    def joined(self) -> dict[int, tuple[int, ...]]:
        """For each token of y, the tokens of x that it is joined to."""
        found: dict[int, tuple[int, ...]] = {}
        for a, b, _ in self.component.arcs:
            found[b] = (*found.get(b, ()), a)
        return found

    @cached_property
    def dense_y(self) -> tuple[int, ...]:
        """Tokens of y alone that join at most two tokens of x: summed first."""
        alone = self.component.heads - self.shared
        return tuple(sorted(b for b in alone if len(self.joined[b]) <= 2))

    @cached_property
    def _factors(self) -> list[frozenset[int]]:
        """The tokens of each factor that is left once `dense_y` is summed."""
        dense = [frozenset(self.joined[b]) for b in self.dense_y]
        arcs = [frozenset((a, b)) for a, b, _ in self.component.arcs if b not in self.dense_y]
        return list(dict.fromkeys([*dense, *arcs]))

    @cached_property
    def dense_x(self) -> tuple[int, ...]:
        """Tokens of x alone, one a factor at most, that are in one factor: summed second."""
        if any(b not in self.dense_y for b in self.component.heads):
            return ()  # the windows come first
        wide = [tokens for tokens in self._factors if len(tokens) == 2]
        degree = Counter(token for tokens in wide for token in tokens)
        if not wide:
            return tuple(sorted(self.component.tails))
        found: list[int] = []
        for tokens in wide:
            ends = [token for token in sorted(tokens) if degree[token] == 1]
            found += ends[:1]
        return tuple(found)

    @cached_property
    def steps(self) -> tuple[tuple[int, frozenset[int]], ...]:
        """The other tokens in the order in which they are summed, with the tokens they meet."""
        factors = [f - frozenset(self.dense_x) for f in self._factors]
        left = set().union(*factors)
        found: list[tuple[int, frozenset[int]]] = []
        while left:
            met = {t: frozenset().union(*(f for f in factors if t in f)) for t in sorted(left)}
            token = min(met, key=lambda t: len(met[t]))
            found.append((token, met[token]))
            factors = [f for f in factors if token not in f] + [met[token] - {token}]
            left.remove(token)
        return tuple(found)

    @property
    def width(self) -> int:
        """The most tokens that one array of windows has an axis for."""
        return max((len(met) for _, met in self.steps), default=0)

    def effort(self, plan: Plan) -> float:
        """Multiplications of the sums, to within a small factor."""
        n, u, q = float(plan.count), float(plan.logits), float(plan.window)
        pairs = sum(len(self.joined[b]) == 2 for b in self.dense_y)
        dense = n * u * (pairs * u * q + (len(self.dense_y) - pairs) * u)
        dense += n * n * u * len(self.dense_x) * (u if pairs else 1.0)
        windows = sum(q ** len(met) for _, met in self.steps) * n * n * _SMALL_MATRIX
        jets = 9.0 * len(self.sources) if self.shared else 3.0
        return jets * (dense + windows)

    def memory(self, plan: Plan) -> float:
        """Bytes of the tables, of the result, and of one shift's temporaries at least."""
        n, u, q = float(plan.count), float(plan.logits), float(plan.window)
        table = u * (u + float(plan.position.rule.size))
        return 8.0 * (12.0 * table + 8.0 * n * n + 8.0 * max(u * u, q**self.width))


def cheaper(component: Component, plan: Plan) -> Route:
    """The cheaper of the routes for a component and for its reverse."""
    routes = (Route(component), Route(component.reverse))
    return min(routes, key=lambda route: route.effort(plan))

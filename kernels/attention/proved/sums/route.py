"""In which order a component's Gaussians are summed, and what that takes.

For a fixed shift of y, a token of y that joins few tokens of x is summed over the logits that all
shifts of x share, by large matrix products; so is a token of x that is left in one factor, and one
that joins a single other token. What remains is summed over the nodes around each pair of shifts,
token by token.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kernels.attention.proved.bounds.plan import Plan
from kernels.attention.symmetry.multigraph import Component

_SMALL_MATRIX = 2.0
"""How many times longer a multiplication takes on the windows, where matrices are small."""

_ENTRY = 10.0
"""Multiplications of a matrix product that take as long as what else is done to an entry."""

_MOST_JOINED = 3
"""The most tokens of x that a token of y may join to be summed first."""


@dataclass(frozen=True)
class Step:
    """The sum over one token's nodes.

    Attributes:
        token: the token.
        met: the tokens of all factors that have it, itself among them.
        width: the most tokens that an array made for it has an axis for.
    """

    token: int
    met: frozenset[int]
    width: int

    @classmethod
    def of(cls, token: int, factors: list[frozenset[int]]) -> Step:
        """The step that sums a token out of factors with these tokens."""
        having = sorted((f for f in factors if token in f), key=len)
        met = frozenset().union(*having)
        # All but the largest factor are multiplied before the sum.
        before = frozenset().union(*having[:-1])
        return cls(token, met, max(len(before), len(met) - 1))


@dataclass(frozen=True)
class Route:
    """An order of summation.

    Attributes:
        component: the component, in the orientation in which it is summed.
        joining: the most tokens of x that a token of y may join to be summed first.

    >>> route = Route(Component(((0, 1, 2), (0, 2, 1))))
    >>> route.dense_y, route.dense_x, route.steps
    ((1, 2), (0,), ())
    """

    component: Component
    joining: int = 2

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
        """Tokens of y alone that join few tokens of x: summed first."""
        alone = self.component.heads - self.shared
        return tuple(sorted(b for b in alone if len(self.joined[b]) <= self.joining))

    @cached_property
    def leaves(self) -> dict[int, int]:
        """Tokens of x alone that join one token besides what is summed before: here their value."""
        found: dict[int, int] = {}
        for a in self.component.tails - self.shared:
            ends = [b for start, b, _ in self.component.arcs if start == a]
            left = [b for b in ends if b not in self.dense_y]
            if len(left) == 1 and all(len(self.joined[b]) == 1 for b in ends if b not in left):
                found[a] = left[0]
        return found

    @cached_property
    def _factors(self) -> list[frozenset[int]]:
        """The tokens of each factor that is left once `dense_y` and `leaves` are summed."""
        dense = [frozenset(self.joined[b]) for b in self.dense_y]
        arcs = [frozenset((a, b)) for a, b, _ in self.component.arcs if b not in self.dense_y]
        return list(dict.fromkeys(f.difference(self.leaves) for f in [*dense, *arcs]))

    @cached_property
    def dense_x(self) -> tuple[int, ...]:
        """Tokens of x alone, one a factor at most, that are in one factor: summed second."""
        if any(b not in self.dense_y for b in self.component.heads):
            return ()  # the windows come first
        wide = [tokens for tokens in _maximal(self._factors) if len(tokens) > 1]
        degree = Counter(token for tokens in wide for token in tokens)
        if not wide:
            return tuple(sorted(self.component.tails))
        found: list[int] = []
        for tokens in wide:
            ends = [token for token in sorted(tokens) if degree[token] == 1]
            found += ends[:1]
        return tuple(found)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The other tokens, in the order in which they are summed."""
        factors = _maximal([f - frozenset(self.dense_x) for f in self._factors])
        left: set[int] = set().union(*factors)
        found: list[Step] = []
        while left:
            choices = [Step.of(token, factors) for token in sorted(left)]
            step = min(choices, key=lambda choice: (len(choice.met), choice.width))
            found.append(step)
            rest = [f for f in factors if step.token not in f]
            factors = _maximal([*rest, step.met - {step.token}])
            left.remove(step.token)
        return tuple(found)

    @property
    def width(self) -> int:
        """The most tokens that one array of windows has an axis for."""
        return max((step.width for step in self.steps), default=0)

    def effort(self, plan: Plan) -> float:
        """Multiplications of the sums, or what takes as long, to within a small factor."""
        n, u, q = float(plan.count), float(plan.logits), float(plan.window)
        degrees = [len(self.joined[b]) for b in self.dense_y]
        dense = n * sum(u**d * ((q if d > 1 else u) + _ENTRY) for d in degrees)
        dense += len(self.leaves) * n * q * (n * u + (n + u) * _ENTRY)
        dense += n * n * len(self.dense_x) * (2.0 * q) ** max(degrees, default=1)
        windows = sum(
            _SMALL_MATRIX * q ** len(step.met) + _ENTRY * q**step.width for step in self.steps
        )
        jets = 9.0 * len(self.sources) if self.shared else 3.0
        halves = 0.5 if self.component.reverse == self.component else 1.0
        return halves * jets * (dense + n * n * windows)

    def memory(self, plan: Plan) -> float:
        """Bytes of the tables, of the result, and of one shift's temporaries at least."""
        n, u, q = float(plan.count), float(plan.logits), float(plan.window)
        table = u * (u + float(plan.position.rule.size))
        dense = u ** max((len(self.joined[b]) for b in self.dense_y), default=1)
        return 8.0 * (12.0 * table + 8.0 * n * n + 8.0 * max(u * u, dense, q**self.width))


def _maximal(factors: list[frozenset[int]]) -> list[frozenset[int]]:
    """The factors that are in no other: the others are multiplied into one that has them."""
    distinct = list(dict.fromkeys(factors))
    return [f for f in distinct if f and not any(f < other for other in distinct)]


def cheaper(component: Component, plan: Plan) -> Route:
    """The cheapest route for a component."""
    return min(routes(component), key=lambda route: route.effort(plan))


@lru_cache(maxsize=2**12)
def routes(component: Component) -> tuple[Route, ...]:
    """The routes for a component and its reverse, which find the order of their sums once."""
    return tuple(
        Route(oriented, joining)
        for joining in range(1, _MOST_JOINED + 1)
        for oriented in (component, component.reverse)
    )

"""The second-best assignment in lexicographic order, exactly, in polynomial time.

For a permutation pi and integer costs C_1, C_2, ... (one matrix a stage), let the loss of pi be
the vector with entries sum_i (C_s[i][i] - C_s[i][pi(i)]), in lexicographic order. The loss is the
sum of w(i, pi(i)) with w_s(i, j) = C_s[i][i] - C_s[i][j], w(i, i) = 0, so it is the total weight
of pi's cycles, and the identity is a best assignment exactly when no cycle has negative weight.
Then the best permutation with pi(i) = j is the edge (i, j) followed by a shortest path from j
back to i: all r (r - 1) of these *competitors* come from one run of Floyd and Warshall's
algorithm, and the second-best assignment is the best of them.

Vectors are packed in one integer, in a base that no entry can overflow, so that the order of
integers is the lexicographic order and sums are sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from jaxtyping import Int

Loss: TypeAlias = tuple[int, ...]
"""One entry a stage."""


@dataclass(frozen=True, eq=False)
class Competitors:
    """Shortest paths among the losses of single exchanges.

    Attributes:
        weights: the packed w, shape ``(r, r)``, Python integers.
        distances: packed weights of shortest paths, 0 on the diagonal.
        following: the second vertex of a shortest path.
        base: the base in which stages are packed.
        stages: how many.
    """

    weights: np.ndarray
    distances: np.ndarray
    following: Int[np.ndarray, "r r"]
    base: int
    stages: int

    def loss(self, i: int, j: int) -> Loss:
        """The loss of the best permutation with ``pi(i) = j``."""
        return self._unpack(int(self.weights[i, j] + self.distances[j, i]))

    def cycle(self, i: int, j: int) -> tuple[int, ...]:
        """The cycle of that permutation, starting ``i, j``; other indices are fixed."""
        found = [i]
        while j != i:
            found.append(j)
            j = int(self.following[j, i])
        return tuple(found)

    @cached_property
    def potentials(self) -> tuple[Loss, ...]:
        """For each index a vector p with ``w(i, j) + p(i) - p(j) >= 0``: a dual certificate.

        p(j) is the weight of a shortest path to j from anywhere.
        """
        return tuple(self._unpack(int(value)) for value in self.distances.min(axis=0))

    def _unpack(self, packed: int) -> Loss:
        digits = []
        half = self.base // 2
        for _ in range(self.stages):
            digit = (packed + half) % self.base - half
            digits.append(digit)
            packed = (packed - digit) // self.base
        return tuple(reversed(digits))


def competitors(costs: Sequence[Sequence[Sequence[int]]]) -> Competitors | tuple[int, ...]:
    """The competitors of the identity, or a cycle of negative loss if the identity is not best.

    Args:
        costs: one r by r matrix a stage, the first stage first; larger is better.

    >>> found = competitors([[[5, 4], [4, 3]], [[2, 1], [1, 1]]])
    >>> found.loss(0, 1)
    (0, 1)
    >>> competitors([[[0, 1], [0, 0]]])
    (1, 0)
    """
    r = len(costs[0])
    largest = max(abs(c) for stage in costs for row in stage for c in row)
    base = 8 * (r + 1) * (largest + 1)  # a loss sums at most r differences of two costs
    weights = np.zeros((r, r), dtype=object)
    for stage in costs:
        matrix = np.array(stage, dtype=object).reshape(r, r)
        weights = weights * base + (matrix.diagonal()[:, None] - matrix)
    distances = weights.copy()
    following = np.tile(np.arange(r), (r, 1))
    for via in range(r):
        through = distances[:, via, None] + distances[None, via, :]
        shorter = (through < distances).astype(bool)
        negative = np.flatnonzero(shorter.diagonal())
        if negative.size:
            return _negative_cycle(weights, following, int(negative[0]), via)
        distances[shorter] = through[shorter]
        first = np.broadcast_to(following[:, via, None], (r, r))
        following[shorter] = first[shorter]
    return Competitors(weights, distances, following, base, len(costs))


def _negative_cycle(
    weights: np.ndarray, following: Int[np.ndarray, "r r"], start: int, via: int
) -> tuple[int, ...]:
    """A cycle of negative weight within the known shortest paths from start to via and back."""
    walk: list[int] = []
    for origin, goal in ((start, via), (via, start)):
        node = origin
        while node != goal:
            if node in walk:  # closes a cycle: it is what we look for, or can be left out
                cycle = walk[walk.index(node) :]
                if _weight(weights, cycle) < 0:
                    return tuple(cycle)
                del walk[walk.index(node) :]
            walk.append(node)
            node = int(following[node, goal])
    return tuple(walk)


def _weight(weights: np.ndarray, cycle: Sequence[int]) -> int:
    closed = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    return sum(int(weights[i, j]) for i, j in closed)

"""Connected invariants of two strings: sums over positions of products of token equalities.

An index graph is a product of indicators such as 1[x_i = x_j] 1[y_i = y_l], summed over all
positions i, j, l. Equality being transitive, only the classes of equal tokens matter, so with

    a_t = (X^T 1)_t,   b_t = (Y^T 1)_t,   E_{tu} = (X^T Y)_{tu}

(how often x has t, how often y has t, in how many positions x has t and y has u), each connected
graph is a sum over tokens of a product of powers: one token per class, a factor a for an index
that only x uses, b for one that only y uses, E for one that both use. That is the canonical form
here; `theory.derivatives.symbolic.notation` prints it as a matrix expression.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations, product
from typing import TypeAlias

from kernels.partition import Partition

End: TypeAlias = tuple[str, int]
"""``("x", 2)`` stands for the token x_{i_2}, ``("y", 2)`` for y_{i_2}."""


@dataclass(frozen=True, order=True)
class Invariant:
    """A connected invariant in canonical form; make one with `canonical`.

    Attributes:
        classes: for each class of equal tokens, how many indices only x uses and only y uses.
        links: ``(s, t)`` for each index that both use, x's token in class s and y's in class t.

    >>> Invariant(((1, 1),), ()).evaluate(TokenCounts.of((0, 0, 1), (0, 2, 1)))   # 1^T X Y^T 1
    3
    """

    classes: tuple[tuple[int, int], ...]
    links: tuple[tuple[int, int], ...]

    @cached_property
    def link_powers(self) -> dict[tuple[int, int], int]:
        """Each link once, with the power of E that it stands for."""
        return dict(sorted(Counter(self.links).items()))

    @property
    def mirrored(self) -> Invariant:
        """The invariant with x and y exchanged."""
        swapped = [(t, s) for s, t in self.links]
        return canonical([(q, p) for p, q in self.classes], swapped)

    def evaluate(self, counts: TokenCounts) -> int:
        """The invariant of two strings: a whole number."""
        return self._sum(0, {}, counts)

    def _sum(self, node: int, chosen: dict[int, int], counts: TokenCounts) -> int:
        if node == len(self.classes):
            return 1
        p, q = self.classes[node]
        total = 0
        for token in counts.candidates(p > 0, q > 0):
            chosen[node] = token
            value = counts.a.get(token, 0) ** p * counts.b.get(token, 0) ** q
            for (s, t), power in self.link_powers.items():
                if max(s, t) == node and value:
                    value *= counts.e.get((chosen[s], chosen[t]), 0) ** power
            if value:
                total += value * self._sum(node + 1, chosen, counts)
        return total


@dataclass(frozen=True)
class TokenCounts:
    """What the invariants need of two strings: a = X^T 1, b = Y^T 1, E = X^T Y, zeros left out."""

    a: dict[int, int]
    b: dict[int, int]
    e: dict[tuple[int, int], int]

    @classmethod
    def of(cls, x: Sequence[int], y: Sequence[int]) -> TokenCounts:
        """The counts of two strings of equal length, their tokens given as numbers.

        >>> TokenCounts.of((0, 0), (0, 1)).e
        {(0, 0): 1, (0, 1): 1}
        """
        return cls(dict(Counter(x)), dict(Counter(y)), dict(Counter(zip(x, y, strict=True))))

    def candidates(self, in_x: bool, in_y: bool) -> Iterable[int]:
        """The tokens that a class may take."""
        if in_x:
            return self.a
        return self.b if in_y else {**self.a, **self.b}


def canonical(classes: Sequence[tuple[int, int]], links: Sequence[tuple[int, int]]) -> Invariant:
    """The canonical form of a connected invariant: the smallest over the orders of its classes."""
    return _canonical(tuple(classes), tuple(sorted(links)))


@cache
def _canonical(
    classes: tuple[tuple[int, int], ...], links: tuple[tuple[int, int], ...]
) -> Invariant:
    def colour(node: int) -> tuple[int, int, int, int, int]:
        out = sum(s == node for s, _ in links)
        into = sum(t == node for _, t in links)
        return (*classes[node], out, into, sum(s == t == node for s, t in links))

    groups: dict[tuple[int, ...], list[int]] = {}
    for node in range(len(classes)):
        groups.setdefault(colour(node), []).append(node)
    best: tuple[tuple[int, int], ...] | None = None
    order: list[int] = []
    for arrangement in product(*(permutations(groups[key]) for key in sorted(groups))):
        nodes = [node for group in arrangement for node in group]
        place = {node: i for i, node in enumerate(nodes)}
        renamed = tuple(sorted((place[s], place[t]) for s, t in links))
        if best is None or renamed < best:
            best, order = renamed, nodes
    return Invariant(tuple(classes[node] for node in order), best or ())


def factor(
    classes: Sequence[tuple[int, int]], links: Sequence[tuple[int, int]]
) -> tuple[int, tuple[Invariant, ...]]:
    """An index graph as a power of k times connected invariants.

    Args:
        classes: as in `Invariant`, of a graph that need not be connected.
        links: as in `Invariant`.

    Returns:
        The power of k, one for each index without a constraint, and the invariants, sorted.

    >>> factor([(1, 0), (1, 1)], [])
    (1, (Invariant(classes=((1, 1),), links=()),))
    """
    weights = [list(pair) for pair in classes]
    alive = list(links)
    power = 0
    while True:
        # A token that one index end alone refers to is no constraint: sum it out.
        degree = Counter(end for link in alive for end in link)
        loose = next((c for c, w in enumerate(weights) if sum(w) + degree[c] == 1), None)
        if loose is None:
            break
        link = next((pair for pair in alive if loose in pair), None)
        if link is None:
            power += 1
        else:
            alive.remove(link)
            s, t = link
            weights[t if s == loose else s][1 if s == loose else 0] += 1
        weights[loose] = [0, 0]
    return power, _components(weights, alive)


def _components(weights: list[list[int]], links: list[tuple[int, int]]) -> tuple[Invariant, ...]:
    connected = Partition[int]()
    for s, t in links:
        connected.merge(s, t)
    touched = {end for link in links for end in link}
    members: dict[int, list[int]] = {}
    for node, pair in enumerate(weights):
        if any(pair) or node in touched:
            members.setdefault(connected.find(node), []).append(node)
    found = []
    for nodes in members.values():
        place = {node: i for i, node in enumerate(nodes)}
        inner = [(place[s], place[t]) for s, t in links if s in place]
        found.append(canonical([(weights[n][0], weights[n][1]) for n in nodes], inner))
    return tuple(sorted(found))


def from_equalities(equalities: Iterable[tuple[End, End]]) -> tuple[int, tuple[Invariant, ...]]:
    """An index graph given by its indicators, factored as by `factor`.

    >>> trace = from_equalities([(("x", 1), ("x", 2)), (("y", 1), ("y", 2))])
    >>> trace == (0, (Invariant(((0, 0), (0, 0)), ((1, 0), (1, 0))),))
    True
    """
    equal = Partition[End]()
    ends: set[End] = set()
    for end, other in equalities:
        equal.merge(end, other)
        ends |= {end, other}
    numbers: dict[End, int] = {}
    of_end = {end: numbers.setdefault(equal.find(end), len(numbers)) for end in sorted(ends)}
    weights = [[0, 0] for _ in numbers]
    links = []
    for (side, index), node in of_end.items():
        if (("y" if side == "x" else "x"), index) not in of_end:
            weights[node][side == "y"] += 1
        elif side == "x":
            links.append((node, of_end["y", index]))
    return factor([(p, q) for p, q in weights], links)

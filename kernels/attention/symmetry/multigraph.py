"""A pattern as a directed multigraph: what the attention kernel sees of two strings.

Position l is an arc from the token x_l to the token y_l. Renaming tokens and permuting positions
(the same permutation in both strings) leave the attention kernel unchanged, so it is an invariant
of this multigraph; exchanging the strings reverses the arcs and changes nothing either. Connected
components are the unit of work: their contributions multiply, and the few dozen distinct ones
build every pattern of a task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kernels.patterns import Pattern

Arcs = dict[tuple[int, int], int]
"""Multiplicity by (token of x, token of y)."""


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """A weakly connected multigraph in canonical form: equal exactly when isomorphic.

    Attributes:
        arcs: sorted triples ``(token of x, token of y, multiplicity)``, tokens numbered from 0.

    >>> components(Pattern.of("AB", "CC"))
    (Component(arcs=((0, 0, 1),)), Component(arcs=((0, 1, 1), (0, 2, 1))))
    """

    arcs: tuple[tuple[int, int, int], ...]

    @property
    def reverse(self) -> Component:
        """The component with the strings exchanged."""
        return _canonical(tuple(sorted((b, a, n) for a, b, n in self.arcs)))

    @property
    def tails(self) -> frozenset[int]:
        """Tokens of the first string."""
        return frozenset(a for a, _, _ in self.arcs)

    @property
    def heads(self) -> frozenset[int]:
        """Tokens of the second string."""
        return frozenset(b for _, b, _ in self.arcs)

    @property
    def unoriented(self) -> Component:
        """The smaller of this component and its reverse."""
        return min(self, self.reverse)


@lru_cache(maxsize=2**16)
def components(pattern: Pattern) -> tuple[Component, ...]:
    """The connected components of a pattern, sorted."""
    arcs = Counter(zip(pattern.x, pattern.y, strict=True))
    root = {token: token for arc in arcs for token in arc}

    def find(token: int) -> int:
        while root[token] != token:
            token = root[token]
        return token

    for a, b in arcs:
        root[find(a)] = find(b)
    groups: dict[int, list[tuple[int, int, int]]] = {}
    for (a, b), count in arcs.items():
        groups.setdefault(find(a), []).append((a, b, count))
    return tuple(sorted(_canonical(tuple(sorted(group))) for group in groups.values()))


@lru_cache(maxsize=2**16)
def multigraph_key(pattern: Pattern) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """Equal for two patterns exactly when their multigraphs are isomorphic, or reverses.

    >>> multigraph_key(Pattern.of("AAB", "CDC")) == multigraph_key(Pattern.of("FFE", "QRQ"))
    True
    """
    forward = components(pattern)
    backward = tuple(sorted(component.reverse for component in forward))
    return tuple(component.arcs for component in min(forward, backward))


def multigraph_pattern(pattern: Pattern) -> Pattern:
    """A pattern of the same key, one for all that share it.

    >>> multigraph_pattern(Pattern.of("AAB", "CDC")) == multigraph_pattern(Pattern.of("FFE", "QRQ"))
    True
    """
    arcs = [
        ((number, a), (number, b))
        for number, component in enumerate(multigraph_key(pattern))
        for a, b, multiplicity in component
        for _ in range(multiplicity)
    ]
    return Pattern.of_codes([a for a, _ in arcs], [b for _, b in arcs])


@lru_cache(maxsize=2**16)
def _canonical(arcs: tuple[tuple[int, int, int], ...]) -> Component:
    """The canonical form of a connected multigraph, by individualization and refinement."""
    graph: Arcs = {(a, b): n for a, b, n in arcs}
    tokens = {token: 0 for arc in graph for token in arc}
    return Component(min(_leaves(graph, tokens)))


def _leaves(graph: Arcs, colours: dict[int, int]) -> Iterator[tuple[tuple[int, int, int], ...]]:
    """The relabelled arcs at every leaf of the search tree."""
    colours = _refined(graph, colours)
    sizes = Counter(colours.values())
    repeated = [colour for colour, size in sizes.items() if size > 1]
    if not repeated:
        yield tuple(sorted((colours[a], colours[b], n) for (a, b), n in graph.items()))
        return
    cell = min(repeated, key=lambda colour: (sizes[colour], colour))
    tried: list[int] = []
    for token in (token for token, colour in colours.items() if colour == cell):
        # Exchanging twins is an automorphism, so their branches have the same leaves.
        if not any(_twins(graph, token, other) for other in tried):
            tried.append(token)
            chosen = {other: 2 * colour + 1 for other, colour in colours.items()}
            chosen[token] -= 1
            yield from _leaves(graph, chosen)


def _refined(graph: Arcs, colours: dict[int, int]) -> dict[int, int]:
    """The coarsest refinement in which tokens of one colour have alike arcs to every colour."""
    while True:
        seen: dict[int, list[tuple[int, int, int]]] = {token: [] for token in colours}
        for (a, b), n in graph.items():
            seen[a].append((0 if a != b else 2, n, colours[b]))
            seen[b].append((1 if a != b else 2, n, colours[a]))
        signature = {token: (colours[token], tuple(sorted(seen[token]))) for token in colours}
        rank = {value: i for i, value in enumerate(sorted(set(signature.values())))}
        refined = {token: rank[value] for token, value in signature.items()}
        if len(rank) == len(set(colours.values())):
            return refined
        colours = refined


def _twins(graph: Arcs, u: int, v: int) -> bool:
    """Whether exchanging two tokens maps the graph to itself."""
    swap = {u: v, v: u}
    return all(
        graph.get((swap.get(a, a), swap.get(b, b))) == n
        for (a, b), n in graph.items()
        if a in swap or b in swap
    )

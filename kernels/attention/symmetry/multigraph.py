"""A pattern as a directed multigraph: what the attention kernel sees of two strings.

Position l is an arc from the token x_l to the token y_l. Renaming tokens and permuting positions
(the same permutation in both strings) leave the attention kernel unchanged, so it is an invariant
of this multigraph; exchanging the strings reverses the arcs and changes nothing either. Connected
components are the unit of work: their contributions multiply, and the few dozen distinct ones
build every pattern of a task.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from kernels.attention.symmetry.canonical import Arcs, canonical_arcs
from kernels.partition import Partition
from kernels.strings.patterns import Pattern


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """A weakly connected multigraph in canonical form: equal exactly when isomorphic.

    Attributes:
        arcs: sorted triples ``(token of x, token of y, multiplicity)``, tokens numbered from 0.

    >>> components(Pattern.of("AB", "CC"))
    (Component(arcs=((0, 0, 1),)), Component(arcs=((0, 1, 1), (0, 2, 1))))
    """

    arcs: Arcs

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
    connected = Partition[int]()
    for a, b in arcs:
        connected.merge(a, b)
    groups: dict[int, list[tuple[int, int, int]]] = {}
    for (a, b), count in arcs.items():
        groups.setdefault(connected.find(a), []).append((a, b, count))
    return tuple(sorted(_canonical(tuple(sorted(group))) for group in groups.values()))


@lru_cache(maxsize=2**16)
def multigraph_key(pattern: Pattern) -> tuple[Arcs, ...]:
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
def _canonical(arcs: Arcs) -> Component:
    """The canonical form of a connected multigraph."""
    return Component(canonical_arcs(arcs))

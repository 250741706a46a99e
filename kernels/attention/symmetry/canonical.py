"""The canonical form of a small directed multigraph: equal exactly when isomorphic.

Individualization and refinement (McKay): colour the tokens by what distinguishes them; where
several share a colour, choose one of them, refine, and go on until every token has a colour of its
own, which is a labelling. The canonical form is the least relabelled graph over all choices. How
many there are is held down by what the search finds on its way. Two labellings that give the
same graph differ by an automorphism, and of the choices that automorphisms carry into one another
a single one is followed; a complete bipartite graph less a matching, with its n! labellings, takes
n of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

Arcs = tuple[tuple[int, int, int], ...]
"""Sorted triples ``(tail, head, multiplicity)``."""

_Graph = dict[tuple[int, int], int]
_Colours = dict[int, int]
_Trace = tuple[tuple[object, ...], ...]


def canonical_arcs(arcs: Arcs) -> Arcs:
    """The arcs with tokens renamed 0, 1, ..., the same for all isomorphic multigraphs.

    >>> canonical_arcs(((5, 7, 1), (7, 7, 2))) == canonical_arcs(((3, 3, 2), (4, 3, 1)))
    True
    >>> canonical_arcs(((0, 1, 1),)) == canonical_arcs(((0, 1, 2),))
    False
    """
    search = _Search({(a, b): n for a, b, n in arcs})
    search.descend({token: 0 for a, b, _ in arcs for token in (a, b)}, (), ())
    return search.best[1]


@dataclass
class _Search:
    """The search tree of one graph, and what is known of it so far.

    Attributes:
        graph: the multiplicity of each arc.
        best: the least leaf: what was seen on the way to it, then its relabelled arcs.
        labels: the best leaf's labelling.
        chosen: the tokens chosen on the way to the best leaf.
        automorphisms: those found, as maps of tokens.
    """

    graph: _Graph
    best: tuple[_Trace, Arcs] = ((), ())
    labels: _Colours = field(default_factory=dict)
    chosen: tuple[int, ...] = ()
    automorphisms: list[dict[int, int]] = field(default_factory=list)

    def descend(self, colours: _Colours, trace: _Trace, chosen: tuple[int, ...]) -> int:
        """Search below a node; returns the depth at which there is something left to do."""
        depth = len(chosen)
        colours, seen = _refined(self.graph, colours)
        trace = (*trace, seen)
        if self.labels and trace > self.best[0][: depth + 1]:
            return depth  # isomorphic nodes see the same: the least leaf is not below this one
        sizes = Counter(colours.values())
        if len(sizes) == len(colours):
            return self._reach(colours, trace, chosen)
        cell = min((size, colour) for colour, size in sizes.items() if size > 1)[1]
        tried: list[int] = []
        for token in (token for token, colour in colours.items() if colour == cell):
            if any(self._twins(token, other) for other in tried):
                continue
            if self._carried(token, tried, chosen):
                continue
            tried.append(token)
            split = {other: 2 * colour + 1 for other, colour in colours.items()}
            split[token] -= 1
            resume = self.descend(split, trace, (*chosen, token))
            if resume < depth:
                return resume
        return depth

    def _reach(self, labels: _Colours, trace: _Trace, chosen: tuple[int, ...]) -> int:
        """Compare a leaf with the best one."""
        leaf = trace, tuple(sorted((labels[a], labels[b], n) for (a, b), n in self.graph.items()))
        if self.labels and leaf == self.best:
            token_of = {label: token for token, label in self.labels.items()}
            self.automorphisms.append({t: token_of[label] for t, label in labels.items()})
            # It carries this whole branch to the one of the best leaf, which has been searched:
            # back to where they part.
            pairs = zip(chosen, self.chosen, strict=True)
            return next(i for i, (here, there) in enumerate(pairs) if here != there)
        if not self.labels or leaf < self.best:
            self.best, self.labels, self.chosen = leaf, labels, chosen
        return len(chosen)

    def _twins(self, u: int, v: int) -> bool:
        """Whether exchanging two tokens of one colour is an automorphism: the commonest kind."""
        swap = {u: v, v: u}
        return all(
            self.graph.get((swap.get(a, a), swap.get(b, b))) == n
            for (a, b), n in self.graph.items()
            if a in swap or b in swap
        )

    def _carried(self, token: int, tried: list[int], fixed: tuple[int, ...]) -> bool:
        """Whether automorphisms that fix all choices so far carry the token to one tried."""
        if not tried:
            return False
        moves = [g for g in self.automorphisms if all(g[t] == t for t in fixed)]
        orbit, new = {token}, [token]
        while new:
            images = {g[t] for t in new for g in moves} - orbit
            orbit |= images
            new = list(images)
        return not orbit.isdisjoint(tried)


def _refined(graph: _Graph, colours: _Colours) -> tuple[_Colours, tuple[object, ...]]:
    """The coarsest refinement in which tokens of one colour have alike arcs to every colour.

    Returns:
        The colours, and what distinguishes them: the same for isomorphic coloured graphs.
    """
    while True:
        seen: dict[int, list[tuple[int, int, int]]] = {token: [] for token in colours}
        for (a, b), n in graph.items():
            seen[a].append((0 if a != b else 2, n, colours[b]))
            seen[b].append((1 if a != b else 2, n, colours[a]))
        signature = {token: (colours[token], tuple(sorted(seen[token]))) for token in colours}
        counts = sorted(Counter(signature.values()).items())
        rank = {value: i for i, (value, _) in enumerate(counts)}
        refined = {token: rank[value] for token, value in signature.items()}
        if len(rank) == len(set(colours.values())):
            return refined, tuple(counts)
        colours = refined

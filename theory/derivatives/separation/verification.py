"""Checking a certificate without the search: a short program that can be read in one go.

It shares no code with `separate`: costs are recomputed from the strings by the cumulants (the
search uses the symbolic table), and the proof is checked as `SeparationCertificate` states it.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeAlias

from kernels.attention.symmetry.multigraph import multigraph_key
from kernels.strings.patterns import Pattern
from theory.derivatives.given_strings.attention import attention_derivatives
from theory.derivatives.given_strings.cumulants import CumulantTable
from theory.derivatives.orders import PROOF_ORDERS, Order
from theory.derivatives.separation.certificate import SeparationCertificate
from theory.template import Template, is_wildcard

Edges: TypeAlias = dict[tuple[int, int], Fraction]


def verify(certificate: SeparationCertificate) -> tuple[str, ...]:
    """Every respect in which the certificate is wrong; empty if it proves what it says.

    Checked: the first five orders are those of the proof; the stages' potentials and their tight
    pairs; the counts, by cycles among tight pairs; the margins, by shortest cycles, and the
    permutations that reach them; the number of ties, or the permutation that refutes.

    >>> from theory.derivatives.separation.search import separate
    >>> verify(separate(["αβα", "αββ"]))
    ()
    """
    r = len(certificate.templates)
    orders = [stage.order for stage in certificate.stages] or list(PROOF_ORDERS)
    if tuple(orders[:5]) != PROOF_ORDERS:
        return (f"the first stages are {orders[:5]}, not {list(PROOF_ORDERS)}",)
    cycle = certificate.refuted_by
    if cycle and not (_is_simple(cycle) and set(cycle) <= set(range(r))):
        return (f"{cycle} is no cycle of the {r} templates",)
    losses = _losses(certificate.templates, orders)
    if cycle:
        total = [_total(losses[order], cycle) for order in orders]
        first = next((value for value in total if value), Fraction(0))
        return () if first < 0 else (f"{cycle} does not beat the identity",)
    problems = []
    pairs = {(i, j) for i in range(r) for j in range(r) if i != j}
    alive = _on_cycles(pairs)
    for number, stage in enumerate(certificate.stages, start=1):
        if len(stage.potentials) != r:
            return (f"stage {number}: {len(stage.potentials)} potentials for {r} templates",)
        p = stage.potentials
        reduced = {(i, j): losses[stage.order][i, j] + p[i] - p[j] for i, j in pairs}
        problems += [
            f"stage {number}: the reduced loss of {pair} is {value} < 0"
            for pair, value in reduced.items()
            if value < 0
        ]
        if problems:
            return tuple(problems)
        # A competitor is a pair on a cycle; it ties on if a cycle of tight pairs runs through it.
        tight = {pair for pair in pairs if reduced[pair] == 0}
        remaining = _on_cycles(tight)
        separated = alive - remaining
        if len(separated) != stage.count:
            problems.append(f"stage {number}: {len(separated)} are separated, not {stage.count}")
        margin = _shortest_cycle({pair: reduced[pair] for pair in alive}, separated)
        if margin != stage.margin:
            problems.append(f"stage {number}: the margin is {margin}, not {stage.margin}")
        if separated and not _reaches(stage.closest, alive, losses[stage.order], stage.margin):
            problems.append(f"stage {number}: {stage.closest} does not reach the margin")
        pairs, alive = tight, remaining
    if len(alive) != certificate.ties:
        problems.append(f"{len(alive)} competitors tie, not {certificate.ties}")
    return tuple(problems)


def _losses(names: tuple[str, ...], orders: list[Order]) -> Mapping[Order, Edges]:
    """C[i][i] - C[i][j] at each order, from the strings."""
    templates = [Template.parse(name) for name in names]
    cumulants = CumulantTable(templates[0].length)
    top = max(map(sum, orders))
    known: dict[Hashable, dict[Order, Fraction]] = {}  # equal keys, equal kernels

    def derivatives(z1: Template, z2: Template) -> dict[Order, Fraction]:
        x, y = ([side + t if is_wildcard(t) else t for t in z] for side, z in _sides(z1, z2))
        key = multigraph_key(Pattern.of(x, y))
        if key not in known:
            known[key] = attention_derivatives(x, y, top, cumulants=cumulants)
        return known[key]

    losses: dict[Order, Edges] = {order: {} for order in orders}
    for i, z in enumerate(templates):
        own = derivatives(z, z)
        for j, other in enumerate(templates):
            if i != j:
                mixed = derivatives(z, other)
                for order in orders:
                    losses[order][i, j] = own[order] - mixed[order]
    return losses


def _sides(z1: Template, z2: Template) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("x:", z1.tokens), ("y:", z2.tokens)


def _total(losses: Edges, cycle: tuple[int, ...]) -> Fraction:
    return sum(
        (losses[i, j] for i, j in zip(cycle, (*cycle[1:], cycle[0]), strict=True)), Fraction(0)
    )


def _reaches(
    cycle: tuple[int, ...], alive: set[tuple[int, int]], losses: Edges, margin: Fraction | None
) -> bool:
    """Whether the cycle runs through pairs that tied so far, and loses by the margin."""
    steps = set(zip(cycle, (*cycle[1:], *cycle[:1]), strict=True))
    return _is_simple(cycle) and steps <= alive and _total(losses, cycle) == margin


def _is_simple(cycle: tuple[int, ...]) -> bool:
    """Whether it runs through several nodes, and through each once."""
    return len(set(cycle)) == len(cycle) > 1


def _on_cycles(edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The edges (i, j) from whose end j a path leads back to i."""
    neighbours: dict[int, list[int]] = {}
    for i, j in edges:
        neighbours.setdefault(i, []).append(j)
    reach: dict[int, set[int]] = {}
    for start in neighbours:
        seen, stack = {start}, [start]
        while stack:
            for node in neighbours.get(stack.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    stack.append(node)
        reach[start] = seen
    return {(i, j) for i, j in edges if i in reach.get(j, ())}


def _shortest_cycle(lengths: Edges, through: set[tuple[int, int]]) -> Fraction | None:
    """The least length of a cycle through one of the given edges (Dijkstra; no length < 0)."""
    neighbours: dict[int, list[tuple[int, Fraction]]] = {}
    for (i, j), length in lengths.items():
        neighbours.setdefault(i, []).append((j, length))
    best: Fraction | None = None
    for i in {edge[0] for edge in through}:
        into_i = _distances_to(i, lengths)
        for j, length in neighbours[i]:
            if (i, j) in through and j in into_i:
                total = length + into_i[j]
                best = total if best is None else min(best, total)
    return best


def _distances_to(goal: int, lengths: Edges) -> dict[int, Fraction]:
    backwards: dict[int, list[tuple[int, Fraction]]] = {}
    for (i, j), length in lengths.items():
        backwards.setdefault(j, []).append((i, length))
    found: dict[int, Fraction] = {}
    queue = [(Fraction(0), goal)]
    while queue:
        distance, node = heapq.heappop(queue)
        if node in found:
            continue
        found[node] = distance
        for neighbour, length in backwards.get(node, ()):
            heapq.heappush(queue, (distance + length, neighbour))
    return found

"""The order in which to contract a tensor network, and what it costs.

The cheapest order of all is found by dynamic programming over sets of tensors, of which there are
exponentially many: sixteen tensors on five tokens can take a minute. Beyond a few tensors the
cheaper of two quick orders is taken: the greedy one, and axes eliminated one after another, each
time the one that leaves the smallest tensor on its way. On random patterns that is within a few
tenths of the cheapest, where that can be found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from opt_einsum.paths import dynamic_programming, greedy

Axes = tuple[str, ...]
Path = tuple[tuple[int, ...], ...]
"""Which tensors to multiply next, by their places in a list that shrinks as opt_einsum's does."""

_FEW = 10
"""Tensors up to which all orders are compared: a tenth of a second."""


def find_path(tensors: Sequence[Axes], output: Axes, sizes: dict[str, int]) -> Path:
    """An order in which to contract tensors with these axes: the cheapest, or nearly so.

    >>> sizes = {"i": 2, "a": 100, "j": 2}
    >>> find_path([("i", "a"), ("a",), ("a", "j")], ("i", "j"), sizes)
    ((1, 2), (0, 1))
    """
    if len(tensors) == 1:
        return ()
    sets = [frozenset(axes) for axes in tensors], frozenset(output), sizes
    if len(tensors) <= _FEW:
        return _path(dynamic_programming(*sets))
    found = _path(greedy(*sets)), _eliminated(*sets)
    return min(found, key=lambda path: cost(tensors, output, path, sizes)[0])


def _path(pairs: Sequence[Sequence[int]]) -> Path:
    return tuple(tuple(pair) for pair in pairs)


def _eliminated(
    tensors: list[frozenset[str]], output: frozenset[str], sizes: dict[str, int]
) -> Path:
    """The order in which axes go one by one, the one of the smallest product first."""
    remaining, path = list(tensors), list[tuple[int, ...]]()

    def product(places: Sequence[int]) -> float:
        return _entries(frozenset[str]().union(*(remaining[place] for place in places)), sizes)

    def holders(axis: str) -> list[int]:
        return [place for place, axes in enumerate(remaining) if axis in axes]

    def merge(places: Sequence[int]) -> None:
        """Multiply tensors until one is left of them, small products first."""
        while len(places) > 1:
            pair = min(combinations(places, 2), key=product)
            lower, upper = (remaining.pop(place) for place in sorted(pair, reverse=True))
            remaining.append((lower | upper) & output.union(*remaining))
            path.append(pair)
            places = [p - sum(q < p for q in pair) for p in places if p not in pair]
            places.append(len(remaining) - 1)

    left = set[str]().union(*remaining) - output
    while left:
        axis = min(sorted(left), key=lambda axis: product(holders(axis)))
        merge(holders(axis))
        left.remove(axis)
    merge(range(len(remaining)))
    return tuple(path)


def cost(
    tensors: Sequence[Axes], output: Axes, path: Path, sizes: dict[str, int]
) -> tuple[float, float]:
    """Elementary operations along a path for one coefficient, and the largest temporary's entries.

    A factor of three axes or more may have to be copied for a matrix product.
    """

    def entries(axes: frozenset[str]) -> float:
        return _entries(axes, sizes)

    remaining = [frozenset(axes) for axes in tensors]
    operations, largest = 0.0 if path else entries(remaining[0]), 0.0
    for pair in path:
        first, second = (remaining.pop(place) for place in sorted(pair, reverse=True))
        kept = (first | second) & frozenset(output).union(*remaining)
        product, temporaries = entries(first | second), [kept]
        if first - second and second - first and first & second - kept:
            temporaries += [axes for axes in (first, second) if len(axes) > 2]
            # A matrix product of some size takes a tenth of the time of other multiplications.
            if min(entries(first - second), entries(second - first)) >= 8:
                product *= 0.1
        operations += product
        largest = max(largest, *map(entries, temporaries))
        remaining.append(kept)
    return operations, largest


def _entries(axes: frozenset[str], sizes: dict[str, int]) -> float:
    return float(math.prod(sizes[name] for name in axes))

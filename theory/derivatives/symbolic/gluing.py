"""Joining the two strings' halves along their legs, in all ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import factorial, prod
from typing import TypeAlias

from kernels.partition import Partition
from theory.derivatives.symbolic.halves import OpenClass
from theory.derivatives.symbolic.invariants import Invariant, factor

Glued: TypeAlias = dict[tuple[int, tuple[Invariant, ...]], int]
"""At a power of k and a product of invariants, the number of ways."""


@cache
def contingency_tables(
    rows: tuple[int, ...], columns: tuple[int, ...]
) -> tuple[tuple[tuple[tuple[int, int], ...], int], ...]:
    """The supports of the tables with given margins, each with its number of matchings.

    A matching pairs each leg of a row with a leg of a column; ``rows`` and ``columns`` say how
    many legs each has. Matchings with one table of counts N are
    ``prod rows! prod columns! / prod N!`` many.

    >>> contingency_tables((2,), (1, 1))
    ((((0, 0), (0, 1)), 2),)
    """
    if sum(rows) != sum(columns):
        return ()
    margins = prod(map(factorial, rows)) * prod(map(factorial, columns))
    found: dict[tuple[tuple[int, int], ...], int] = {}
    for table in _tables(rows, columns):
        support = tuple((i, j) for i, row in enumerate(table) for j, n in enumerate(row) if n)
        ways = margins // prod(factorial(n) for row in table for n in row)
        found[support] = found.get(support, 0) + ways
    return tuple(found.items())


def _tables(rows: tuple[int, ...], columns: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    if not rows:
        yield []
        return
    for row in _bounded(rows[0], columns):
        left = tuple(c - n for c, n in zip(columns, row, strict=True))
        for rest in _tables(rows[1:], left):
            yield [row, *rest]


def _bounded(total: int, bounds: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if not bounds:
        if total == 0:
            yield ()
        return
    for first in range(max(0, total - sum(bounds[1:])), min(total, bounds[0]) + 1):
        for rest in _bounded(total - first, bounds[1:]):
            yield (first, *rest)


@cache
def glue(x: tuple[OpenClass, ...], y: tuple[OpenClass, ...]) -> Glued:
    """All index graphs that arise by matching the legs of x's classes with those of y's.

    >>> leg = (OpenClass(1, 1, ()),)
    >>> glue(leg, leg)
    {(0, (Invariant(classes=((1, 1),), links=()),)): 1}
    """
    x_indices = [(c, legs) for c, open_class in enumerate(x) for legs in open_class.position_legs]
    y_indices = [(c, legs) for c, open_class in enumerate(y) for legs in open_class.position_legs]
    token_tables = contingency_tables(
        tuple(c.token_legs for c in x), tuple(c.token_legs for c in y)
    )
    position_tables = contingency_tables(
        tuple(legs for _, legs in x_indices), tuple(legs for _, legs in y_indices)
    )
    found: Glued = {}
    for equal_tokens, ways in token_tables:
        for equal_positions, ways2 in position_tables:
            graph = _join(
                x,
                y,
                equal_tokens,
                equal_positions,
                [c for c, _ in x_indices],
                [c for c, _ in y_indices],
            )
            found[graph] = found.get(graph, 0) + ways * ways2
    return found


def _join(
    x: Sequence[OpenClass],
    y: Sequence[OpenClass],
    equal_tokens: Sequence[tuple[int, int]],
    equal_positions: Sequence[tuple[int, int]],
    class_of_x: list[int],
    class_of_y: list[int],
) -> tuple[int, tuple[Invariant, ...]]:
    classes = Partition[int]()  # x's classes first
    for s, t in equal_tokens:
        classes.merge(s, len(x) + t)
    # Indices that are the same position: x's first. Their tokens in x agree, and those in y.
    positions = Partition[int]()
    for i, j in equal_positions:
        positions.merge(i, len(class_of_x) + j)
    of_index = [*class_of_x, *(len(x) + c for c in class_of_y)]
    ends: dict[int, tuple[int, int]] = {}
    for i in range(len(class_of_x)):
        root = positions.find(i)
        first = ends.setdefault(root, (of_index[i], -1))
        classes.merge(first[0], of_index[i])
    for i in range(len(class_of_x), len(of_index)):
        root = positions.find(i)
        in_x, in_y = ends[root]
        if in_y < 0:
            ends[root] = (in_x, of_index[i])
        else:
            classes.merge(in_y, of_index[i])
    weights = [[0, 0] for _ in range(len(x) + len(y))]
    for c, open_class in enumerate([*x, *y]):
        weights[classes.find(c)][c >= len(x)] += open_class.free
    links = [(classes.find(s), classes.find(t)) for s, t in ends.values()]
    return factor([(p, q) for p, q in weights], links)

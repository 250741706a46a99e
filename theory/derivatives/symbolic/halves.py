"""One string's half of the index graphs: derivatives of log-sum-exp, written with indicators.

A derivative of L(u) = log sum_l exp(u_l) at 0 along u_{i_1}, ..., u_{i_m} is a joint cumulant of
indicators, a sum over the set partitions of its m slots into B blocks:

    sum over partitions of (-1)^(B - 1) (B - 1)! k^(-B) prod over blocks of 1[their indices agree].

So each block is one index. Edges between two slots of the same string, from
exp(beta^2/2 sum (X X^T + gamma^2 I)_{ab} d_a d_b), put either an equality of tokens (X X^T) or an
equality of positions (gamma^2 I) between two blocks. Legs are slots whose partner is in the other
string, again for tokens or for positions. A half is kept up to the naming of indices: as sorted
nested tuples, since an equality of tokens makes classes and an equality of positions merges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import factorial
from typing import TypeAlias

Block: TypeAlias = tuple[int, int]
"""``(blocks, legs)`` of one index: partition blocks at it, and its position legs."""

TokenClass: TypeAlias = tuple[int, tuple[Block, ...]]
"""``(legs, indices)`` of one class of equal tokens: its token legs, and its indices."""

Growing: TypeAlias = tuple[TokenClass, ...]


@dataclass(frozen=True, order=True)
class OpenClass:
    """A class of equal tokens that is linked to the other string.

    Attributes:
        token_legs: equalities of tokens with the other string.
        free: indices with no position leg.
        position_legs: for each other index, the number of equalities of positions.
    """

    token_legs: int
    free: int
    position_legs: tuple[int, ...]


@dataclass(frozen=True, order=True)
class Half:
    """One string's part of an index graph, without its coefficient.

    Attributes:
        open_classes: the classes that are linked to the other string.
        closed: for each other class, how many indices it has (at least 2): X^T 1 to that power.
    """

    open_classes: tuple[OpenClass, ...]
    closed: tuple[int, ...]


@cache
def halves(
    token_edges: int, position_edges: int, token_legs: int, position_legs: int
) -> dict[tuple[int, Half], int]:
    """All halves with so many edges and legs.

    Returns:
        At ``(power, half)`` the coefficient; ``power`` is the power of k.

    >>> for (power, half), weight in halves(0, 0, 1, 0).items():
    ...     print(power, half.open_classes, weight)
    -1 (OpenClass(token_legs=1, free=1, position_legs=()),) 1
    """
    found: dict[tuple[int, Half], int] = {}
    for state, weight in _grow(token_edges, position_edges, token_legs, position_legs).items():
        blocks = sum(m for _, block in state for m, _ in block)
        sign = -1 if blocks % 2 == 0 else 1
        open_classes, closed, unconstrained = [], [], 0
        for legs, block in state:
            positions = tuple(sorted(p for _, p in block if p))
            if legs or positions:
                open_classes.append(OpenClass(legs, len(block) - len(positions), positions))
            elif len(block) == 1:
                unconstrained += 1
            else:
                closed.append(len(block))
        half = Half(tuple(sorted(open_classes)), tuple(sorted(closed)))
        key = (unconstrained - blocks, half)
        found[key] = found.get(key, 0) + weight * sign * factorial(blocks - 1)
    return {key: weight for key, weight in found.items() if weight}


@cache
def _grow(
    token_edges: int, position_edges: int, token_legs: int, position_legs: int
) -> dict[Growing, int]:
    """States after placing all slots, with the number of set partitions that lead to each."""
    if token_legs:
        before = _grow(token_edges, position_edges, token_legs - 1, position_legs)
        step = _add_token_leg
    elif position_legs:
        before = _grow(token_edges, position_edges, 0, position_legs - 1)
        step = _add_position_leg
    elif token_edges:
        before = _grow(token_edges - 1, position_edges, 0, 0)
        step = _add_token_edge
    elif position_edges:
        before = _grow(0, position_edges - 1, 0, 0)
        step = _add_position_edge
    else:
        return {(): 1}
    found: dict[Growing, int] = {}
    for state, weight in before.items():
        for after, ways in step(state):
            found[after] = found.get(after, 0) + weight * ways
    return found


_Draft: TypeAlias = list[tuple[int, list[Block]]]


def _place(state: Growing) -> Iterator[tuple[_Draft, int, int, int]]:
    """Put a slot in each existing block, or in a new one.

    Yields:
        A copy of the state, the class and the index that hold the slot, the number of ways.
    """
    for c, (_, block) in enumerate(state):
        for i, (m, _) in enumerate(block):
            yield [(legs, list(b)) for legs, b in state], c, i, m
    yield [*((legs, list(b)) for legs, b in state), (0, [(1, 0)])], len(state), 0, 1


def _freeze(draft: _Draft) -> Growing:
    return tuple(sorted((legs, tuple(sorted(block))) for legs, block in draft))


def _add_token_leg(state: Growing) -> Iterator[tuple[Growing, int]]:
    for draft, c, _, ways in _place(state):
        legs, block = draft[c]
        draft[c] = (legs + 1, block)
        yield _freeze(draft), ways


def _add_position_leg(state: Growing) -> Iterator[tuple[Growing, int]]:
    for draft, c, i, ways in _place(state):
        m, legs = draft[c][1][i]
        draft[c][1][i] = (m, legs + 1)
        yield _freeze(draft), ways


def _two_slots(state: Growing) -> Iterator[tuple[_Draft, int, int, int, int, int]]:
    for first, c, i, ways in _place(state):
        middle = tuple((legs, tuple(block)) for legs, block in first)
        for draft, c2, i2, ways2 in _place(middle):
            yield draft, c, i, c2, i2, ways * ways2


def _add_token_edge(state: Growing) -> Iterator[tuple[Growing, int]]:
    for draft, c, _, c2, _, ways in _two_slots(state):
        _merge_classes(draft, c, c2)
        yield _freeze(draft), ways


def _add_position_edge(state: Growing) -> Iterator[tuple[Growing, int]]:
    for draft, c, i, c2, i2, ways in _two_slots(state):
        if (c, i) != (c2, i2):
            m, legs = draft[c2][1].pop(i2)
            kept = i - (c == c2 and i2 < i)
            m2, legs2 = draft[c][1][kept]
            draft[c][1][kept] = (m + m2, legs + legs2)
            _merge_classes(draft, c, c2)
        yield _freeze(draft), ways


def _merge_classes(draft: _Draft, c: int, c2: int) -> None:
    if c == c2:
        return
    draft[c] = (draft[c][0] + draft[c2][0], draft[c][1] + draft[c2][1])
    del draft[c2]

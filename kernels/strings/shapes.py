"""The shape of a string: itself up to the names of its symbols.

Some tokens may be *fixed*: they keep their identity, as the regular tokens of the paper do. All
others are *symbols*, of which only the places matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int32

from kernels.strings.keys import append_digit, distinct


@dataclass(frozen=True)
class Shape:
    """What is left of a string when its symbols are numbered by first appearance.

    Attributes:
        places: for each position the number of its symbol, or -1 - c for the fixed token with
            code c; the last entry is -1, for ``[CLS]``.

    >>> Shape((0, 0, 1, -8, -1)).first_places
    (0, 2)
    """

    places: tuple[int, ...]

    @cached_property
    def first_places(self) -> tuple[int, ...]:
        """For each symbol, the position where it appears first."""
        return tuple(self.places.index(symbol) for symbol in range(self.symbols))

    @cached_property
    def symbols(self) -> int:
        """How many different symbols the string has."""
        return max(self.places) + 1

    @cached_property
    def _hash(self) -> int:
        return hash(self.places)

    def __hash__(self) -> int:
        return self._hash


def shapes_of(
    codes: Int32[np.ndarray, "n k"], fixed: Sequence[int]
) -> tuple[list[Shape], Int32[np.ndarray, " n"]]:
    """The distinct shapes of strings, fewest symbols first, and which string has which.

    Args:
        codes: the strings; code 0, ``[CLS]``, is fixed always.
        fixed: the codes of the other fixed tokens.

    >>> codes = np.array([[1, 1, 7, 0], [2, 3, 7, 0], [4, 4, 7, 0]], dtype=np.int32)
    >>> shapes, index = shapes_of(codes, fixed=[7])
    >>> [shape.places for shape in shapes], index.tolist()
    ([(0, 0, -8, -1), (0, 1, -8, -1)], [0, 1, 0])
    """
    n, k = codes.shape
    key = np.zeros(n, dtype=np.int64)
    for p in range(k - 1):
        column = codes[:, p]
        digit = np.full(n, p)
        for earlier in range(p):
            digit[column == codes[:, earlier]] = earlier
        for f, token in enumerate(fixed):
            digit[column == token] = k + f
        key = append_digit(key, digit, k + len(fixed))
    first, index = distinct(key)
    found = [_shape(codes[row].tolist(), {0, *fixed}) for row in first]
    order = sorted(range(len(found)), key=lambda i: (found[i].symbols, found[i].places))
    rank = np.empty(len(found), dtype=np.int32)
    rank[order] = np.arange(len(found), dtype=np.int32)
    return [found[i] for i in order], rank[index]


def _shape(string: Sequence[int], fixed: set[int]) -> Shape:
    numbers: dict[int, int] = {}
    return Shape(
        tuple(
            -1 - token if token in fixed else numbers.setdefault(token, len(numbers))
            for token in string
        )
    )

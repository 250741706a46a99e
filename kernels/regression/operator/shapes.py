"""The shape of a string: itself up to the names of its symbols.

Some tokens of a data set are *fixed*: they keep their identity, as the regular tokens of the paper
do. All others are *symbols*, of which only the places matter. Which tokens are fixed changes how
much work the Gram operator has, never its values.
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


def choose_fixed(
    codes: Int32[np.ndarray, "n k"], *, share: float = 0.05, most: int = 16, shapes: int = 16
) -> tuple[int, ...]:
    """Tokens that are worth fixing: those that hold one position in many of the strings.

    A regular token of a template holds its position in all of the template's strings. Each token
    fixed takes a symbol out of many strings, which halves their work, but adds shapes; so the
    most frequent tokens are fixed as long as the shapes stay few.

    Args:
        codes: the strings.
        share: the least share of strings.
        most: fix no more tokens than this.
        shapes: fix no token more where the shapes, rare ones aside, would outnumber those
            without any fixed token by more than this.
    """
    rows = codes[:: max(1, len(codes) // _ROWS_LOOKED_AT)]
    shares: dict[int, float] = {}
    for p in range(codes.shape[1] - 1):
        tokens, counts = np.unique(rows[:, p], return_counts=True)
        often = counts >= max(2.0, share * len(rows))
        for token, count in zip(tokens[often].tolist(), counts[often].tolist(), strict=True):
            shares[token] = max(shares.get(token, 0.0), count / len(rows))
    candidates = sorted(shares, key=lambda token: (-shares[token], token))[:most]
    allowed = _common_shapes(rows, ()) + shapes
    while candidates and _common_shapes(rows, candidates) > allowed:
        candidates.pop()
    return tuple(candidates)


def _common_shapes(rows: Int32[np.ndarray, "n k"], fixed: Sequence[int]) -> int:
    """How many shapes it takes to cover most of the strings."""
    counts = np.sort(np.bincount(shapes_of(rows, fixed)[1]))[::-1]
    return 1 + int(np.searchsorted(np.cumsum(counts), _COVERED * len(rows)))


_COVERED = 0.98
"""The share of the strings that counts: the shapes of the others are rare."""

_ROWS_LOOKED_AT = 10_000
"""Strings from which shares are estimated."""

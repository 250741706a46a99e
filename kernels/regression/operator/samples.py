"""Training strings in the order and the form that the Gram operator works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int16, Int32, Int64

from kernels.strings.keys import append_digit, sorting_order
from kernels.strings.shapes import Shape, shapes_of
from kernels.threads import for_each


@dataclass(frozen=True)
class Arrangement:
    """A shape, and which of its symbols comes first, second, ... in the order of token codes.

    Attributes:
        shape: the index of the shape.
        symbols: the symbol of the shape that holds the smallest code, the next, and so on.
    """

    shape: int
    symbols: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive rows whose strings have equally many symbols.

    Attributes:
        start: the first row.
        tokens: the codes of each row's symbols, ascending.
        first: the index of the first row's arrangement; from there on they ascend one by one.
        lengths: how many rows each arrangement has.
    """

    start: int
    tokens: Int32[np.ndarray, "u w"]
    first: int
    lengths: Int64[np.ndarray, " a"]

    @property
    def arrangement(self) -> Int32[np.ndarray, " u"]:
        """The index of each row's arrangement."""
        last = self.first + len(self.lengths)
        return np.repeat(np.arange(self.first, last, dtype=np.int32), self.lengths)

    @property
    def symbols(self) -> int:
        """Symbols of each string."""
        return int(self.tokens.shape[1])

    @property
    def rows(self) -> slice:
        """Which rows these are."""
        return slice(self.start, self.start + len(self.tokens))


@dataclass(frozen=True, eq=False)
class MergedStrings:
    """The distinct strings among n, sorted so that strings that share much lie close together.

    A *row* is a distinct string. Rows are sorted by shape, by arrangement, then by tokens: sums
    over shapes become sums over slices, and the tables of tokens are read almost in order.

    Attributes:
        shapes: the distinct shapes, fewest symbols first.
        arrangements: the distinct arrangements, in the order of the rows.
        blocks: the rows, by number of symbols.
        lengths: how many rows each shape has.
        row: for each of the n strings, its row.
    """

    shapes: list[Shape]
    arrangements: list[Arrangement]
    blocks: list[Block]
    lengths: Int64[np.ndarray, " s"]
    row: Int32[np.ndarray, " n"]

    @cached_property
    def rows(self) -> int:
        """How many distinct strings there are."""
        return int(self.lengths.sum())

    @property
    def count(self) -> Int64[np.ndarray, " u"]:
        """For each row, how many of the n strings it stands for."""
        return np.bincount(self.row, minlength=self.rows)

    @property
    def shape(self) -> Int32[np.ndarray, " u"]:
        """The index of each row's shape."""
        return np.repeat(np.arange(len(self.shapes), dtype=np.int32), self.lengths)


def merge(codes: Int32[np.ndarray, "n k"], fixed: Sequence[int]) -> MergedStrings:
    """Sort strings and merge the equal ones.

    Args:
        codes: the strings.
        fixed: the codes of the fixed tokens besides ``[CLS]``.
    """
    shapes, shape_of = shapes_of(codes, fixed)
    widths = np.array([shape.symbols for shape in shapes])
    row = np.empty(len(codes), dtype=np.int32)
    kinds = np.unique(widths).tolist()
    found: list[_Sorted | None] = [None] * len(kinds)

    def sort(kind: int) -> None:
        chosen = np.isin(shape_of, np.flatnonzero(widths == kinds[kind]))
        members = np.flatnonzero(chosen).astype(np.int32)
        found[kind] = _sorted(codes, members, shapes, shape_of[members], kinds[kind], row)

    for_each(sort, range(len(kinds)))
    del shape_of
    blocks: list[Block] = []
    arrangements: list[Arrangement] = []
    lengths = np.zeros(len(shapes), dtype=np.int64)
    start = 0
    for part in found:
        assert part is not None
        blocks.append(Block(start, part.tokens, len(arrangements), part.lengths))
        np.add.at(lengths, [one.shape for one in part.arrangements], part.lengths)
        arrangements.extend(part.arrangements)
        row[part.members] += np.int32(start)
        start += len(part.tokens)
    return MergedStrings(shapes, arrangements, blocks, lengths, row)


@dataclass(frozen=True, eq=False)
class _Sorted:
    """The distinct ones of the strings with equally many symbols.

    Attributes:
        members: which strings these are.
        tokens: as in `Block`.
        arrangements: the distinct arrangements.
        lengths: as in `Block`.
    """

    members: Int32[np.ndarray, " m"]
    tokens: Int32[np.ndarray, "u w"]
    arrangements: list[Arrangement]
    lengths: Int64[np.ndarray, " a"]


def _sorted(
    codes: Int32[np.ndarray, "n k"],
    members: Int32[np.ndarray, " m"],
    shapes: list[Shape],
    own: Int32[np.ndarray, " m"],
    width: int,
    row: Int32[np.ndarray, " n"],
) -> _Sorted:
    """The distinct ones of the members, in order; their numbers, from 0 on, are put into ``row``.

    Args:
        codes: all strings.
        members: those with ``width`` symbols.
        shapes: all shapes.
        own: the shape of each member.
        width: how many symbols they have.
        row: for all strings.
    """
    tokens, key, ranks = _ascending(codes, members, shapes, own, width)
    named, arrangement = _arrangements(own, key, ranks)
    del key, ranks
    columns = [arrangement, *(tokens[:, column] for column in range(width))]
    order = sorting_order(columns)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for column in columns:
        digits = column[order]
        new[1:] |= digits[1:] != digits[:-1]
    number = np.cumsum(new, dtype=np.int32)
    number -= 1
    row[members[order]] = number
    kept = order[new]
    lengths = np.bincount(arrangement[kept], minlength=len(named))
    return _Sorted(members, tokens[kept], named, lengths)


def _ascending(
    codes: Int32[np.ndarray, "n k"],
    members: Int32[np.ndarray, " u"],
    shapes: list[Shape],
    shape_of: Int32[np.ndarray, " u"],
    width: int,
) -> tuple[Int32[np.ndarray, "u w"], Int64[np.ndarray, " u"], list[Int16[np.ndarray, " u"]]]:
    """The tokens of the symbols in ascending order, and the order that they were in.

    The order comes twice: as a key, its digits the shape and the ranks of the symbols, and as
    these ranks, symbol by symbol. With so few tokens a string, counting smaller ones is faster
    than sorting.
    """
    tokens = np.empty((len(members), width), dtype=np.int32)
    key = shape_of.astype(np.int64)
    places = np.array([(*s.first_places, *(0,) * width)[:width] for s in shapes], dtype=np.intp)
    drawn = [codes[members, places[shape_of, symbol]] for symbol in range(width)]
    ranks = []
    for symbol in range(width):
        rank = np.zeros(len(members), dtype=np.int16)
        for other in range(width):
            if other != symbol:
                rank += drawn[other] < drawn[symbol]
        tokens[np.arange(len(members)), rank] = drawn[symbol]
        key = append_digit(key, rank, width)
        ranks.append(rank)
    return tokens, key, ranks


def _arrangements(
    shape_of: Int32[np.ndarray, " u"],
    order: Int64[np.ndarray, " u"],
    ranks: list[Int16[np.ndarray, " u"]],
) -> tuple[list[Arrangement], Int32[np.ndarray, " u"]]:
    """The distinct arrangements, sorted by shape, and which string has which.

    Args:
        shape_of: the shape of each string.
        order: a key of its arrangement, in the order of the shapes.
        ranks: for each symbol, the rank of its token among those of the string.
    """
    countable = int(order.max()) < 8 * len(order) + 1024
    present = np.flatnonzero(np.bincount(order)) if countable else np.unique(order)
    index = np.searchsorted(present, order).astype(np.int32)
    example = np.empty(len(present), dtype=np.int32)
    example[index] = np.arange(len(order), dtype=np.int32)
    symbols = np.empty((len(present), len(ranks)), dtype=np.intp)
    for symbol, rank in enumerate(ranks):
        symbols[np.arange(len(present)), rank[example]] = symbol
    named = [
        Arrangement(shape, tuple(own))
        for shape, own in zip(shape_of[example].tolist(), symbols.tolist(), strict=True)
    ]
    return named, index

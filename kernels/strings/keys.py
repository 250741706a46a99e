"""Integer keys for tuples: comparing many tuples at once by comparing one integer each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, Int32, Int64

_COUNTED = 2**22
"""Keys below this are counted in an array; above it, sorted."""


def append_digit(
    key: Int64[np.ndarray, "*shape"], digit: Int[np.ndarray, "..."], base: int | None = None
) -> Int64[np.ndarray, "*shape"]:
    """Keys of tuples one longer, the keys renumbered first where they would overflow.

    Args:
        key: keys of the tuples so far, at least 0.
        digit: the new last entries, at least 0; broadcast against ``key``.
        base: a number above all digits; found where left out.
    """
    if base is None:
        base = int(digit.max(initial=0)) + 1
    if int(key.max(initial=0)) >= 2**62 // base:
        key = distinct(key)[1].reshape(key.shape)
    return key * base + digit


def distinct(
    key: Int64[np.ndarray, "*shape"],
) -> tuple[Int64[np.ndarray, " u"], Int64[np.ndarray, " size"]]:
    """The place of the first of each distinct key, and for each place the number of its key.

    >>> first, number = distinct(np.array([7, 3, 7]))
    >>> first.tolist(), number.tolist()
    ([0, 1], [0, 1, 0])
    """
    flat = key.ravel()
    if flat.max(initial=0) >= _COUNTED:
        _, first, number = np.unique(flat, return_index=True, return_inverse=True)
        return first, number
    place = np.full(int(flat.max(initial=0)) + 1, -1, dtype=np.int64)
    place[flat[::-1]] = np.arange(len(flat) - 1, -1, -1)
    first = np.sort(place[place >= 0])
    names = np.zeros_like(place)
    names[flat[first]] = np.arange(len(first))
    return first, names[flat]


def sorting_order(columns: Sequence[Int32[np.ndarray, " u"]]) -> Int64[np.ndarray, " u"]:
    """The order that sorts rows by the first column, then by the second, and so on.

    Digits of a row and its place are packed into one integer, as many as fit, from the last column
    on; sorting these integers takes a tenth of the time that sorting the places by keys does.

    Args:
        columns: digits of the rows, at least 0; equal rows stay in the order that they have.

    >>> sorting_order([np.array([1, 0, 1], np.int32), np.array([2, 7, 1], np.int32)]).tolist()
    [1, 2, 0]
    """
    size = len(columns[0])
    place = max(size - 1, 0).bit_length()
    order = np.arange(size, dtype=np.int64)
    key, used = order.copy(), place
    for column in reversed(columns):
        width = int(column.max(initial=0)).bit_length()
        if used + width > _BITS:
            order = _in_order(key, order, place)
            key, used = np.arange(size, dtype=np.int64), place
        digits = column[order].astype(np.int64)
        digits <<= used
        key |= digits
        used += width
    return _in_order(key, order, place)


_BITS = 63
"""Of a packed integer, without its sign."""


def _in_order(
    key: Int64[np.ndarray, " u"], order: Int64[np.ndarray, " u"], place: int
) -> Int64[np.ndarray, " u"]:
    """The order, sorted by keys whose lowest bits are places in it; the keys are overwritten."""
    key.sort()
    key &= (1 << place) - 1
    return order[key]

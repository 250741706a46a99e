"""Integer keys for tuples: comparing many tuples at once by comparing one integer each."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Int64

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

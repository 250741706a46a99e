"""From two sets of strings to the few distinct patterns among their pairs."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int32, Int64

from kernels.boundary.memory import require_memory
from kernels.strings.keys import append_digit, distinct
from kernels.strings.patterns import Pattern

_ROWS_AT_ONCE = 2**22
"""Pairs handled at once: the temporaries stay near 100 MB."""


def unique_patterns(
    x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]
) -> tuple[list[Pattern], Int32[np.ndarray, "n m"]]:
    """The distinct patterns among all pairs of strings, and which pair has which.

    Args:
        x: codes of the first strings.
        y: codes of the second strings, in the same vocabulary.

    Returns:
        The patterns, and for each pair the index of its pattern.

    Raises:
        TooLargeError: the table of pairs would not fit in memory.

    >>> codes = np.array([[1, 1, 0], [2, 3, 0], [4, 4, 0]], dtype=np.int32)
    >>> patterns, index = unique_patterns(codes, codes)
    >>> len(patterns), index.tolist()
    (4, [[0, 1, 2], [1, 3, 1], [2, 1, 0]])
    """
    n, m = len(x), len(y)
    require_memory("strings", f"{n} by {m}", 4.0 * n * m, "use fewer strings")
    shapes = np.concatenate([_first_positions(x), _first_positions(y)])
    _, own = np.unique(shapes, axis=0, return_inverse=True)
    own_x, own_y = own[:n].reshape(-1, 1), own[n:].reshape(1, -1)
    index = np.empty((n, m), dtype=np.int32)
    numbers: dict[Pattern, int] = {}
    chunk = max(1, _ROWS_AT_ONCE // m)
    for start in range(0, n, chunk):
        rows = slice(start, start + chunk)
        code = _matching(x[rows], y)
        code = append_digit(code, own_x[rows])
        code = append_digit(code, own_y)
        first, inverse = distinct(code)
        names = np.empty(len(first), dtype=np.int32)
        for name, pair in enumerate(first):
            i, j = divmod(int(pair), m)
            pattern = Pattern.of_codes(x[start + i].tolist(), y[j].tolist())
            names[name] = numbers.setdefault(pattern, len(numbers))
        index[rows] = names[inverse].reshape(-1, m)
    return list(numbers), index


def _first_positions(codes: Int32[np.ndarray, "n k"]) -> Int64[np.ndarray, "n k"]:
    """For each position, the first position of the string that holds the same token."""
    return np.argmax(codes[:, :, None] == codes[:, None, :], axis=2)


def _matching(x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]) -> Int64[np.ndarray, "n m"]:
    """A code of which position of y holds each token of x; the last position is ``[CLS]``."""
    k = x.shape[1]
    code = np.zeros((len(x), len(y)), dtype=np.int64)
    for a in range(k - 1):
        place = np.zeros(code.shape, dtype=np.int64)
        for b in range(k - 1):
            np.copyto(place, b + 1, where=x[:, a, None] == y[None, :, b])
        code = append_digit(code, place, k)
    return code

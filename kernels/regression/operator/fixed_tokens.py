"""Which tokens keep their identity: a matter of the Gram operator's work, never of its values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int32

from kernels.strings.shapes import shapes_of

_COVERED = 0.98
"""The share of the strings that counts: the shapes of the others are rare."""

_ROWS_LOOKED_AT = 10_000
"""Strings from which shares are estimated."""


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

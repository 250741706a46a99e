"""The sums without positional weights, where they are products over tokens.

At ``gamma = 0`` a token's logit is its Gaussian alone, whatever the position; so positions join
nothing, and a token contributes through the number of times that each string has it.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from kernels.attention.proved.sums.tables import ROUNDED, Tables
from kernels.attention.proved.sums.tensors import BOTH, PLAIN, Sums, Tensor, summed, times
from kernels.strings.patterns import Pattern

Counts = tuple[int, int]
"""How often a token occurs in x, and in y."""


def token_counts(pattern: Pattern) -> list[Counts]:
    """The counts of every token of a pattern, sorted.

    >>> token_counts(Pattern.of_codes("AAB", "ACD"))
    [(0, 1), (0, 1), (1, 0), (2, 1)]
    """
    x, y = Counter(pattern.x), Counter(pattern.y)
    return sorted((x[token], y[token]) for token in x | y)


def token_contribution(tables: Tables, counts: Counts, sums: Sums) -> Tensor:
    """``Z`` and ``D`` of a token at all pairs of shifts, with their roundings.

    Only insertions at the token itself count in ``X Y^T``, once for each pair of its occurrences.
    """
    weights = Tensor(("z",), {PLAIN: tables.weights}, ROUNDED)

    def expectation(inserted: bool) -> Tensor:
        x, y = (
            _factor(tables, shift, count, inserted)
            for shift, count in zip(("i", "j"), counts, strict=True)
        )
        return summed(times(x, weights), y, "z", sums)

    plain = expectation(inserted=False)
    pairs = counts[0] * counts[1]
    if pairs == 0:
        return plain
    both = expectation(inserted=True)
    jet = plain.jet | {BOTH: float(pairs) * both.jet[PLAIN]}
    return Tensor(plain.axes, jet, max(plain.roundings, both.roundings + 1))


def _factor(tables: Tables, shift: str, count: int, inserted: bool) -> Tensor:
    """What a token's occurrences in one string contribute: ``f^c``, or ``g f^(c - 1)``."""
    f, g = tables.windows
    product = g if inserted else f if count else np.ones_like(f)
    for _ in range(count - 1):
        product = product * f
    return Tensor((shift, "z"), {PLAIN: product}, max(0, (ROUNDED + 1) * count - 1))

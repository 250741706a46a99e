"""The differences of a pattern's logits to the last ones, as balls times few Gaussians.

The softmaxes see differences alone: ``2 (k - 1)`` combinations of the tokens' and positions'
Gaussians. In an orthonormal basis of what these combinations span they are ``A z`` in law, with as
many independent standard Gaussians ``z`` as their rank, which is small where strings share tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from flint import arb, arb_mat, fmpz_mat
from jaxtyping import Float, Int

from kernels.estimates.balls import precision
from kernels.strings.patterns import Pattern


@dataclass(frozen=True, eq=False)
class Differences:
    """The law of the logit differences, over ``beta``.

    Attributes:
        factor: ``A`` as balls, by row; the rows of x, then those of y.
        approximate: the same in floats, shape ``(2 (k - 1), rank)``.

    >>> Differences.of(Pattern.of("AB", "BA"), 1.0).rank
    3
    """

    factor: list[list[arb]]
    approximate: Float[np.ndarray, "d r"]

    @property
    def rank(self) -> int:
        """How many Gaussians there are."""
        return int(self.approximate.shape[1])

    @classmethod
    def of(cls, pattern: Pattern, gamma: float) -> Differences:
        """The law at a positional weight of at least 0."""
        return _differences(pattern, gamma)


@lru_cache(maxsize=2**14)
def rank_of(pattern: Pattern, *, positional: bool) -> int:
    """The rank alone, which is that of integers: a weight above 0 only scales columns.

    >>> rank_of(Pattern.of("AB", "BA"), positional=True)
    3
    """
    tokens, positions = _structure(pattern)
    integers = np.hstack([tokens, positions]) if positional else tokens
    return fmpz_mat(integers.tolist()).rank() if integers.size else 0


@lru_cache(maxsize=2**10)
def _differences(pattern: Pattern, gamma: float) -> Differences:
    """`Differences.of`."""
    tokens, positions = _structure(pattern)
    rank = rank_of(pattern, positional=gamma > 0.0)
    if rank == 0:
        return Differences([[] for _ in tokens], np.zeros((len(tokens), 0)))
    left, sizes, _ = np.linalg.svd(np.hstack([tokens, gamma * positions]), full_matrices=False)
    with precision():
        rows = arb_mat(
            [[arb(int(n)) for n in t] + [arb(gamma) * int(n) for n in p]
             for t, p in zip(tokens, positions, strict=True)]
        )  # fmt: skip
        # Whatever the floats, these columns lie in what the rows span.
        chosen = left[:, :rank] / sizes[:rank]
        columns = rows.transpose() * arb_mat([[arb(float(c)) for c in row] for row in chosen])
        factor = (rows * _orthonormal(columns)).tolist()
    return Differences(factor, np.array([[float(entry) for entry in row] for row in factor]))


def _structure(pattern: Pattern) -> tuple[Int[np.ndarray, "d t"], Int[np.ndarray, "d k"]]:
    """The differences in terms of tokens and of positions."""
    k, names = pattern.length, sorted({*pattern.x, *pattern.y})
    tokens = np.zeros((2 * (k - 1), len(names)), dtype=np.int64)
    positions = np.zeros((2 * (k - 1), k), dtype=np.int64)
    for half, string in enumerate((pattern.x, pattern.y)):
        for place in range(k - 1):
            row = half * (k - 1) + place
            tokens[row, names.index(string[place])] += 1
            tokens[row, names.index(string[-1])] -= 1
            positions[row, place], positions[row, -1] = 1, -1
    return tokens, positions


def _orthonormal(columns: arb_mat) -> arb_mat:
    """An orthonormal basis of the columns' span, by Gram and Schmidt in balls."""
    found: list[list[arb]] = []
    for column in columns.transpose().tolist():
        rest = column
        for other in found:
            overlap = sum((c * o for c, o in zip(rest, other, strict=True)), arb(0))
            rest = [c - overlap * o for c, o in zip(rest, other, strict=True)]
        norm = sum((c * c for c in rest), arb(0)).sqrt()
        if not norm > 0:
            raise ArithmeticError("columns that are not known to be independent")
        found.append([c / norm for c in rest])
    return arb_mat(found).transpose()

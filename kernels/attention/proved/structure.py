"""What the bounds need to know of a pattern: its Gaussian directions and how they hang together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from flint import arb

from kernels.attention.symmetry.multigraph import Component, components
from kernels.strings.patterns import Pattern

READ_OUT = Component(((0, 0, 1),))
"""A token that occurs once in each string, at one position: its Gaussian joins the position's."""


@dataclass(frozen=True)
class Structure:
    """The Gaussian directions of a pattern.

    Attributes:
        length: positions of the strings.
        own: occurrences of each token that one string alone has, by string: 0 for x, 1 for y.
        shared: tokens of both strings that are no read-outs.
        positions: positions with a Gaussian of their own.
        read_outs: positions whose Gaussian joins their token's.
        parts: for each connected part, its tokens and its positions.
        occurrences: of every token in x, and in y.
        agree: whether both strings hold the same token at some position.
        common: whether the strings share any token.

    >>> structure = Structure.of(Pattern.of("AA", "BC"))
    >>> structure.own, structure.read_outs, structure.directions
    (((2,), (1, 1)), 1, 6)
    """

    length: int
    own: tuple[tuple[int, ...], tuple[int, ...]]
    shared: int
    positions: int
    read_outs: int
    parts: tuple[tuple[int, int], ...]
    occurrences: tuple[tuple[int, ...], tuple[int, ...]]
    agree: bool
    common: bool

    @classmethod
    def of(cls, pattern: Pattern, *, positional: bool = True) -> Structure:
        """The structure of a pattern; without positional weights, every token is on its own."""
        return _structure(pattern, positional)

    @property
    def directions(self) -> int:
        """How many Gaussians there are."""
        return sum(map(len, self.own)) + self.shared + self.positions + self.read_outs

    def largest_entry(self, gamma: arb) -> arb:
        """The largest entry of ``M = X Y^T + gamma^2 I``."""
        if self.agree:
            return 1 + gamma**2
        return (gamma**2).max(arb(1)) if self.common else gamma**2

    def common_direction(self, gamma: arb) -> arb:
        """The squared length of the shortest Gaussian vector that moves every logit by ``beta``.

        In a connected part all tokens move by one number and all positions by the rest.
        """
        return sum((1 / (arb(1) / t + gamma**2 / n) for t, n in self.parts), arb(0))

    def mean_variance(self, string: int, gamma: arb) -> arb:
        """The variance of a string's mean logit, over ``beta^2``."""
        k = self.length
        return arb(sum(n * n for n in self.occurrences[string])) / k**2 + gamma**2 / k


@lru_cache(maxsize=2**14)
def _structure(pattern: Pattern, positional: bool) -> Structure:
    """`Structure.of`."""
    x, y = Counter(pattern.x), Counter(pattern.y)
    shared, read_outs = len(x.keys() & y.keys()), 0
    parts = [(1, 1)] * len(x | y)  # without positional weights, positions do not count
    if positional:
        found = components(pattern)
        read_outs = sum(part == READ_OUT for part in found)
        parts = [(len(p.tails | p.heads), sum(n for *_, n in p.arcs)) for p in found]
    return Structure(
        pattern.length,
        (_exclusive(x, y), _exclusive(y, x)),
        shared - read_outs,
        pattern.length - read_outs if positional else 0,
        read_outs,
        tuple(parts),
        (tuple(x.values()), tuple(y.values())),
        pattern.agreements > 0,
        shared > 0,
    )


def _exclusive(first: Counter[int], second: Counter[int]) -> tuple[int, ...]:
    """Occurrences of the tokens that one string alone has."""
    return tuple(sorted(n for token, n in first.items() if token not in second))

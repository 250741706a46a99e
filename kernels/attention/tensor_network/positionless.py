"""The Laplace integrand without positional weights, where it is a product over tokens.

At ``gamma = 0`` the logits of a string are its tokens' Gaussians, so positions no longer join
tokens: given the shifts, each token contributes on its own, through the number of times that it
occurs in each string.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kernels.attention.tensor_network.contribution import Contribution
from kernels.attention.tensor_network.edges import denominator_and_exponential
from kernels.attention.tensor_network.grid import ShiftGrid
from kernels.strings.patterns import Pattern


@dataclass(frozen=True, slots=True, order=True)
class TokenCount:
    """How often one token occurs in each string.

    Attributes:
        x: occurrences in x.
        y: occurrences in y.
    """

    x: int
    y: int

    def contribution(self, grid: ShiftGrid) -> Contribution:
        """``Z`` and ``D`` of the token: only insertions at the token itself count in ``X Y^T``."""
        nodes, weights = grid.rule.gaussian(grid.beta)
        once, exponential = denominator_and_exponential(grid.shifts[:, None] + nodes)
        first, second = once**self.x, once**self.y
        plain = (first * weights) @ second.T
        inserted = (first * exponential * weights) @ (second * exponential).T
        return Contribution(plain, self.x * self.y * inserted)


def token_counts(pattern: Pattern) -> tuple[TokenCount, ...]:
    """The counts of every token of a pattern, sorted.

    >>> token_counts(Pattern.of("AAB", "ACD"))[-1]  # A
    TokenCount(x=2, y=1)
    """
    first, second = Counter(pattern.x), Counter(pattern.y)
    return tuple(sorted(TokenCount(first[t], second[t]) for t in first | second))


def positionless_key(pattern: Pattern) -> tuple[tuple[int, int], ...]:
    """Equal for two patterns exactly when their counts are, in one order of the strings or other.

    >>> positionless_key(Pattern.of("ABA", "CDD")) == positionless_key(Pattern.of("ABB", "CDC"))
    True
    """
    counts = [(count.x, count.y) for count in token_counts(pattern)]
    return min(tuple(sorted(counts)), tuple(sorted((y, x) for x, y in counts)))


def positionless_pattern(pattern: Pattern) -> Pattern:
    """A pattern of the same key, one for all that share it.

    >>> positionless_pattern(Pattern.of("ABA", "CDD")) == positionless_pattern(
    ...     Pattern.of("ABB", "CDC")
    ... )
    True
    """
    counts = list(enumerate(positionless_key(pattern)))
    return Pattern.of_codes(
        [token for token, (x, _) in counts for _ in range(x)],
        [token for token, (_, y) in counts for _ in range(y)],
    )

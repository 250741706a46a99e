"""Joint equality patterns: all that a token-symmetric kernel can see of two strings (Def. C.1).

Two pairs of strings have the same pattern exactly when one token permutation, possibly together
with an exchange of the two strings, carries one pair to the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Self

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.tokens import tokenize


@dataclass(frozen=True, slots=True, order=True)
class Pattern:
    """The joint equality pattern of two strings of equal length.

    Attributes:
        x: the first string, its tokens numbered by first appearance in ``x`` then ``y``;
            of the two orders of the pair, the one that comes first.
        y: the second string in the same numbers.

    >>> Pattern.of("AAB", "CCA")
    Pattern(x=(0, 0, 1, 2), y=(1, 1, 3, 2))
    >>> Pattern.of("AAB", "CCA") == Pattern.of("XXP", "QQX") == Pattern.of("CCA", "AAB")
    True
    """

    x: tuple[int, ...]
    y: tuple[int, ...]

    @classmethod
    def of(cls, x: str | Sequence[str], y: str | Sequence[str]) -> Self:
        """The pattern of two strings; ``[CLS]`` is appended where missing.

        Raises:
            InvalidInputError: the lengths differ, or a string cannot be read.
        """
        first, second = tokenize(x, argument="x"), tokenize(y, argument="y")
        if len(first) != len(second):
            raise InvalidInputError(
                "y", y, f"needs the length of x, {len(first) - 1}, and has {len(second) - 1}"
            )
        return cls.of_codes(first, second)

    @classmethod
    def of_codes(cls, x: Sequence[Hashable], y: Sequence[Hashable]) -> Self:
        """The pattern of two sequences of codes of equal length."""
        forward, backward = _number(x, y), _number(y, x)
        return cls(*min(forward, backward))

    @property
    def length(self) -> int:
        """Positions, ``[CLS]`` included."""
        return len(self.x)

    @property
    def diagonals(self) -> tuple[Pattern, Pattern]:
        """The patterns of the first string with itself and of the second with itself."""
        return Pattern.of_codes(self.x, self.x), Pattern.of_codes(self.y, self.y)

    @property
    def agreements(self) -> int:
        """The number of positions that agree, ``[CLS]`` included."""
        return sum(a == b for a, b in zip(self.x, self.y, strict=True))


def _number(
    x: Sequence[Hashable], y: Sequence[Hashable]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both sequences with tokens numbered by first appearance."""
    numbers: dict[Hashable, int] = {}
    for token in (*x, *y):
        numbers.setdefault(token, len(numbers))
    return tuple(numbers[token] for token in x), tuple(numbers[token] for token in y)

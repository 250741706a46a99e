"""One string's share of the kernel: its log-sum-exp in Hermite polynomials, order by order.

Write L(u) = log sum_l exp(u_l), so that smax = grad L. With the Gaussians of Section 4.1,
m(x)_l = zeta_{x_l} + gamma p_l, let h_a be the coefficient of the Hermite polynomial He_a in
L(beta m(x)), a = (t, p) a multi-index over tokens and positions. Then

    h_a = beta^|a| gamma^|p| A_a / a!,     A_a(beta, gamma) = E[(D^t d^p L)(beta m(x))],

D and d the derivatives along tokens and along single positions. By Gaussian integration by parts,
the matrix X Y^T + gamma^2 I of the kernel being the covariance between m(x) and m(y),

    K_attn(x, y) = sum_a |a| / a!  beta^(2|a| - 2) gamma^(2|p|) A_a(x) A_a(y),     |a| >= 1,

a bilinear form in what belongs to x alone and to y alone. The sum runs over tokens that both
strings have. Since E f(beta m) = exp(beta^2/2 (sum_t D_t^2 + gamma^2 sum_l d_l^2)) f (0), the
Taylor coefficients of A_a are sums of derivatives of L at 0, which are cumulants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import comb, factorial, inf, prod
from typing import TypeAlias

from theory.derivatives.given_strings.cumulants import CumulantTable, TokenPart

Index: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
"""A multi-index: derivatives along each token of a list, and along each position."""

Series: TypeAlias = dict[tuple[int, int], int]
"""At ``(n, g)`` the coefficient of ``beta^(2n + 2g) gamma^(2g)`` in A_a, as an integer: times
``2^(n + g) (n + g)! k^(|a| + 2n + 2g)``."""


@cache
def compositions(total: int, parts: int) -> tuple[tuple[int, ...], ...]:
    """All ways to write ``total`` as an ordered sum of ``parts`` whole numbers of at least 0.

    >>> compositions(2, 2)
    ((0, 2), (1, 1), (2, 0))
    """
    if parts == 0:
        return ((),) if total == 0 else ()
    return tuple(
        (first, *rest)
        for first in range(total + 1)
        for rest in compositions(total - first, parts - 1)
    )


def indices(tokens: int, positions: int, budget: int) -> Iterator[Index]:
    """The multi-indices a with ``1 <= |a|`` and ``|a| + |p| <= budget``."""
    for on_positions in range(budget // 2 + 1):
        for on_tokens in range(budget - 2 * on_positions + 1):
            if on_tokens + on_positions == 0:
                continue
            for p in compositions(on_positions, positions):
                for t in compositions(on_tokens, tokens):
                    yield t, p


def count_terms(tokens: int, shared: int, positions: int, budget: int, enough: float = inf) -> int:
    """How many cumulants `StringExpansion` looks up for one string: its cost.

    Args:
        tokens: tokens of the string.
        shared: those of them that the other string has too.
        positions: the string's length.
        budget: half the total order, plus 1.
        enough: counting ends beyond it; the first term alone is a power of the budget.
    """
    found = 0
    for pairs in range(budget // 2 + 1):
        found += comb(2 * positions + pairs - 1, pairs) * comb(
            tokens + shared + budget - 2 * pairs, tokens + shared
        )
        if found > enough:
            break
    return found


class StringExpansion:
    """The series A_a of one string, each computed when asked for.

    Args:
        string: the string's tokens as numbers.
        shared: the tokens, of this string, along which a has derivatives.
        cumulants: the joint cumulants for the string's length.
    """

    def __init__(
        self, string: Sequence[int], shared: Sequence[int], cumulants: CumulantTable
    ) -> None:
        self.k = len(string)
        tokens = [*shared, *(t for t in dict.fromkeys(string) if t not in set(shared))]
        self._slots = [
            [position for position, token in enumerate(string) if token == t] for t in tokens
        ]
        self._cumulants = cumulants

    def series(self, index: Index, budget: int) -> Series:
        """The coefficients of A_a with ``n + 2 g <= budget``."""
        t, p = index
        t = t + (0,) * (len(self._slots) - len(t))
        found: Series = {}
        for g in range(budget // 2 + 1):
            for b in compositions(g, self.k):
                along_positions = [pl + 2 * bl for pl, bl in zip(p, b, strict=True)]
                d = [
                    tuple(
                        sorted(
                            (along_positions[i] for i in slot if along_positions[i]), reverse=True
                        )
                    )
                    for slot in self._slots
                ]
                b_factorials = prod(map(factorial, b))
                for n in range(budget - 2 * g + 1):
                    found[n, g] = found.get((n, g), 0) + self._pure(t, d, n, g, b_factorials)
        return found

    def _pure(
        self, t: tuple[int, ...], d: list[tuple[int, ...]], n: int, g: int, b_factorials: int
    ) -> int:
        """The sum over the ways to spread n pairs of derivatives over the tokens."""
        total = 0
        ways_of_all = factorial(n + g) // b_factorials
        for a in compositions(n, len(self._slots)):
            parts: list[TokenPart] = [
                (len(slot), ti + 2 * ai, di)
                for slot, ti, ai, di in zip(self._slots, t, a, d, strict=True)
                if ti or ai or di
            ]
            parts.sort()
            ways = ways_of_all // prod(map(factorial, a))
            total += ways * self._cumulants[tuple(parts)]
        return total

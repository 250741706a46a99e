"""Joint cumulants of a uniformly drawn position: the derivatives of log-sum-exp at 0.

Let I be uniform on the positions 1..k of a string x. The function

    L(u) = log sum_l exp(u_l)

is, up to the constant log k, the cumulant generating function of the indicators 1[I = l]. So the
derivatives of L at 0 along single positions and along tokens (all positions of one token
together) are the joint cumulants of the indicators 1[I = l] and 1[x_I = t]. Since smax = grad L,
they are all that the Taylor expansion of the kernel needs to know about a string.
"""

from __future__ import annotations

from functools import cache
from math import comb
from typing import TypeAlias

TokenPart: TypeAlias = tuple[int, int, tuple[int, ...]]
"""``(n, c, d)``: a token that stands in n positions, with c derivatives along the token and, along
single positions of it, d derivatives each (positive, in decreasing order)."""


class CumulantTable(dict[tuple[TokenPart, ...], int]):
    """Joint cumulants for strings with k positions, each computed when first looked up.

    The key holds the tokens with derivatives, in sorted order; tokens with none are left out. The
    value is the cumulant, of order m of at least 1, times ``k**m``: an integer.

    Args:
        k: positions, ``[CLS]`` included.

    >>> table = CumulantTable(4)
    >>> table[(3, 2, ()),]                     # the variance of 1[x_I = t]: 3/4 - 9/16
    3
    >>> table[(1, 1, ()), (2, 1, ())]          # a covariance: -1/4 * 2/4
    -2
    """

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k

    def __missing__(self, parts: tuple[TokenPart, ...]) -> int:
        # The moment E[product of the indicators in alpha + e] expands in cumulants as
        #   moment(alpha + e) = sum_delta C(alpha, delta) moment(delta) cumulant(alpha - delta + e),
        # delta = 0 being the cumulant sought. A moment vanishes unless one position can satisfy
        # all its indicators, so delta lives on one token and on at most one of its positions.
        # We take e from the first token: a derivative along the token if there is one.
        (n, c, d), rest = parts[0], parts[1:]
        k = self.k
        by_token = c > 0
        total = 0
        if not rest and len(d) <= 1:
            total = (1 if d else n) * k ** (c + sum(d) - 1)
        for index, (n2, c2, d2) in enumerate(parts):
            others = parts[:index] + parts[index + 1 :]
            # alpha's share of this token, and what e adds to it.
            e_token = int(index == 0 and by_token)
            e_position = int(index == 0 and not by_token)
            free_d = (*d2[:-1], d2[-1] - 1) if e_position else d2
            for s, pick, r, ways in _single_moves(c2 - e_token, free_d):
                moment = (1 if r else n2) * k ** (s + r - 1)
                left_c, left_d = c2 - s, d2
                if r:
                    reduced = [*d2[:pick], d2[pick] - r, *d2[pick + 1 :]]
                    left_d = tuple(sorted(filter(None, reduced), reverse=True))
                left = [*others, (n2, left_c, left_d)] if left_c or left_d else others
                total -= ways * moment * self[tuple(sorted(left))]
        self[parts] = total
        return total


@cache
def _single_moves(c: int, d: tuple[int, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """The nonzero sub-multi-indices with at most one position: ``(s, pick, r, ways)``.

    s derivatives of c along the token, r of d[pick] along one position; ways = C(c, s) C(d, r).
    """
    moves = [(s, -1, 0, comb(c, s)) for s in range(1, c + 1)]
    for pick, available in enumerate(d):
        moves += [
            (s, pick, r, comb(c, s) * comb(available, r))
            for r in range(1, available + 1)
            for s in range(c + 1)
        ]
    return tuple(moves)

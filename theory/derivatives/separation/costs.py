"""The exact costs of Claims F.2 to F.6: derivatives of the template matrix's attention kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from theory.derivatives.orders import Order
from theory.derivatives.symbolic.invariants import TokenCounts
from theory.derivatives.symbolic.table import derivative_table
from theory.template import Template, is_wildcard

CostMatrix: TypeAlias = list[list[int]]
"""At [i][j] the derivative of ``kappa_{X_i, Y_j}``, times ``k^(order in beta + 2)``: an integer."""


def scale(order: Order, k: int) -> int:
    """What a cost was multiplied with to make it an integer."""
    return int(k ** (order[0] + 2))


def cost_matrix(templates: Sequence[Template], order: Order) -> CostMatrix:
    """The derivatives of order ``order`` of ``K_attn(sub(z_i, s), sub(z_j, s'))`` at (0, 0).

    As in (12) and (13), s and s' share no token with each other or with the regular tokens. The
    matrix is symmetric, since the kernel is, and since by token symmetry s and s' may be
    exchanged.

    >>> cost_matrix([Template.parse("αα"), Template.parse("αβ")], (4, 0))
    [[-1152, -888], [-888, -528]]
    """
    table = derivative_table(*order)
    k = templates[0].length
    strings = [[_numbered(z, side) for z in templates] for side in (1, -1)]
    numbers: dict[tuple[int, str], int] = {}
    x, y = (
        [[numbers.setdefault(token, len(numbers)) for token in string] for string in side]
        for side in strings
    )
    r = len(templates)
    costs = [[0] * r for _ in range(r)]
    for i in range(r):
        for j in range(i + 1):
            value = table.evaluate_counts(TokenCounts.of(x[i], y[j]), k) * scale(order, k)
            costs[i][j] = costs[j][i] = value.numerator
    return costs


def _numbered(template: Template, side: int) -> list[tuple[int, str]]:
    """The template's tokens; wildcards become tokens that only this side of a pair has."""
    return [(side if is_wildcard(token) else 0, token) for token in template.tokens]

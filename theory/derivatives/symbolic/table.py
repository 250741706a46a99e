"""Derivatives of the attention kernel for symbolic strings and symbolic k (Appendix F.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb, factorial

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import TooLargeError
from theory.derivatives.orders import Order, read_pair
from theory.derivatives.symbolic.gluing import glue
from theory.derivatives.symbolic.halves import Half, halves
from theory.derivatives.symbolic.invariants import Invariant, TokenCounts, canonical
from theory.derivatives.symbolic.notation import term_latex, term_text

LARGEST_COST = 80_000
"""Pairs of half graphs that a table may plan for: half a minute, and half a gigabyte."""


@dataclass(frozen=True)
class Term:
    """One term of a derivative: ``coefficient * k^(-k_power) * product of invariants``."""

    coefficient: int
    k_power: int
    invariants: tuple[Invariant, ...]


@dataclass(frozen=True)
class DerivativeTable:
    """A derivative of K_attn at (0, 0) as a polynomial in 1/k and in connected invariants.

    Attributes:
        order: ``(i, j)``, the derivatives in beta and in gamma.
        terms: sorted by the power of k, then by the invariants.
    """

    order: Order
    terms: tuple[Term, ...]

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def invariants(self) -> tuple[Invariant, ...]:
        """The invariants that occur, each once, sorted."""
        return tuple(sorted({v for term in self.terms for v in term.invariants}))

    def coefficient(self, *invariants: Invariant) -> dict[int, int]:
        """The coefficient of a product of invariants: at p the coefficient of ``k^(-p)``."""
        wanted = tuple(sorted(invariants))
        return {t.k_power: t.coefficient for t in self.terms if t.invariants == wanted}

    def __str__(self) -> str:
        """One term a line.

        >>> print(derivative_table(2, 2))
        +8 k^-2 (tr(XY^T))
        -8 k^-3 (1^T XY^T 1)
        """
        return (
            "\n".join(term_text(t.coefficient, t.k_power, t.invariants) for t in self.terms) or "0"
        )

    @property
    def latex(self) -> str:
        """The sum of the terms in LaTeX, without delimiters."""
        terms = (term_latex(t.coefficient, t.k_power, t.invariants) for t in self.terms)
        return "\n".join(terms).removeprefix("+") or "0"

    def evaluate(self, x: str | Sequence[str], y: str | Sequence[str]) -> Fraction:
        """The derivative for two strings, exactly.

        >>> derivative_table(6, 4).evaluate("AA", "AB")
        Fraction(35840, 9)
        """
        first, second = read_pair(x, y)
        return self.evaluate_counts(TokenCounts.of(first, second), len(first))

    def evaluate_counts(self, counts: TokenCounts, k: int) -> Fraction:
        """The derivative for two strings of length k given by their counts."""
        value = {v: v.evaluate(counts) for v in self.invariants}
        top = max((term.k_power for term in self.terms), default=0)
        total = 0
        for term in self.terms:
            product = term.coefficient * k ** (top - term.k_power)
            for v in term.invariants:
                product *= value[v]
            total += product
        return Fraction(total, k**top)


def derivative_table(i: int, j: int) -> DerivativeTable:
    """The derivative of order i in beta and j in gamma at (0, 0), for symbolic k and strings.

    Args:
        i: derivatives in beta.
        j: derivatives in gamma.

    Raises:
        InvalidInputError: an order that is no whole number of at least 0.
        TooLargeError: the cost, which the message states, is above `LARGEST_COST`.

    Source: Appendix F.1, whose five orders come out term by term.

    >>> table = derivative_table(2, 2)
    >>> [(term.coefficient, term.k_power) for term in table.terms]
    [(8, 2), (-8, 3)]
    >>> len(derivative_table(6, 4))
    44
    """
    order = (whole("i", i), whole("j", j))
    cost = table_cost(*order)
    if cost > LARGEST_COST:
        raise TooLargeError(
            "i",
            i,
            f"the table of order {order} would join at least {cost:.2g} pairs of half graphs, and "
            f"{LARGEST_COST:.2g} are allowed; give a lower order, or use attention_derivatives "
            "for given strings",
        )
    return _table(*order)


def table_cost(i: int, j: int) -> int:
    """How many pairs of half graphs `derivative_table` joins; a lower bound where i is above 16.

    >>> table_cost(4, 0), table_cost(3, 0)
    (41, 0)
    """
    if not _may_differ_from_zero(i, j):
        return 0
    shares = _shares(i, j) if i <= 16 else _shares(16, min(j, 6))
    return sum(len(halves(*share.x)) * len(halves(*share.y)) for share in shares)


def _may_differ_from_zero(i: int, j: int) -> bool:
    """Both orders even, and gamma^2 at most once an edge."""
    return i % 2 == 0 and j % 2 == 0 and j <= i + 2


@dataclass(frozen=True)
class _Share:
    """The index graphs with given numbers of edges of each kind.

    Attributes:
        weight: their coefficient in ``beta^i gamma^j``.
        x: the arguments of `halves` for the first string.
        y: those for the second.
    """

    weight: Fraction
    x: tuple[int, int, int, int]
    y: tuple[int, int, int, int]


def _shares(i: int, j: int) -> list[_Share]:
    edges, position_edges = i // 2 + 1, j // 2
    found = []
    for cross in range(1, edges + 1):
        for in_x in range(edges - cross + 1):
            in_y = edges - cross - in_x
            # beta^i: (1/2)^n / n! for n = i / 2 edges besides the one of the kernel's matrix,
            # times the ways to choose which of the n are in x, in y or between (2 orders) them.
            scale = Fraction(
                1, factorial(cross - 1) * factorial(in_x) * factorial(in_y) * 2 ** (in_x + in_y)
            )
            for px in range(min(in_x, position_edges) + 1):
                for py in range(min(in_y, position_edges - px) + 1):
                    pc = position_edges - px - py
                    if pc > cross:
                        continue
                    ways = comb(in_x, px) * comb(in_y, py) * comb(cross, pc)
                    # The legs of both halves have labels already, so that one matching in
                    # (cross - pc)! pc! is the right one; `glue` runs through all of them.
                    matchings = factorial(cross - pc) * factorial(pc)
                    found.append(
                        _Share(
                            scale * Fraction(ways, matchings),
                            (in_x - px, px, cross - pc, pc),
                            (in_y - py, py, cross - pc, pc),
                        )
                    )
    return found


@cache
def _table(i: int, j: int) -> DerivativeTable:
    if not _may_differ_from_zero(i, j):
        return DerivativeTable((i, j), ())
    sums: dict[tuple[int, tuple[Invariant, ...]], Fraction] = {}
    for share in _shares(i, j):
        _add(sums, share.weight, halves(*share.x), halves(*share.y))
    terms = []
    for (power, invariants), value in sums.items():
        coefficient = factorial(i) * factorial(j) * value
        if coefficient.denominator != 1:
            raise ArithmeticError(f"{coefficient} is no integer: a bug in this module")
        if coefficient:
            terms.append(Term(coefficient.numerator, -power, invariants))
    terms.sort(key=lambda term: (term.k_power, term.invariants))
    return DerivativeTable((i, j), tuple(terms))


def _add(
    sums: dict[tuple[int, tuple[Invariant, ...]], Fraction],
    scale: Fraction,
    x_halves: dict[tuple[int, Half], int],
    y_halves: dict[tuple[int, Half], int],
) -> None:
    """Add all gluings of the halves."""
    for (x_power, x_half), x_weight in x_halves.items():
        x_closed = [canonical([(n, 0)], []) for n in x_half.closed]
        for (y_power, y_half), y_weight in y_halves.items():
            closed = x_closed + [canonical([(0, n)], []) for n in y_half.closed]
            weight = scale * x_weight * y_weight
            for (power, joined), ways in glue(x_half.open_classes, y_half.open_classes).items():
                key = (power + x_power + y_power, tuple(sorted([*closed, *joined])))
                sums[key] = sums.get(key, Fraction(0)) + weight * ways

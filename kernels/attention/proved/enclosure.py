"""A pattern's value with a proved bound of its error: the sum, and what it may be off by."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from kernels.attention.multigraph import Component, components
from kernels.attention.proved.balls import above, precision
from kernels.attention.proved.bounds.plan import Plan
from kernels.attention.proved.bounds.truncation import mass, truncation
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.contraction import Contraction
from kernels.attention.proved.sums.positionless import token_contribution, token_counts
from kernels.attention.proved.sums.route import cheaper
from kernels.attention.proved.sums.tables import ROUNDED, Tables
from kernels.attention.proved.sums.tensors import BOTH, PLAIN, Sums, Tensor, summed, times
from kernels.patterns import Pattern

_FINAL_BLOCK = 8
"""The two sums over shifts are taken in blocks of so many, in pairs: they cost no time."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A midpoint, what the truth differs from it by at most, and where that comes from.

    Attributes:
        value: the midpoint.
        truncation: the bound of discretization and truncation.
        rounding: the bound of roundings.
        roundings: how many any term has passed through, at most.
    """

    value: float
    truncation: float
    rounding: float
    roundings: int

    @property
    def radius(self) -> float:
        """The bound of the whole error."""
        return above(arb(self.truncation) + arb(self.rounding))


class Enclosures:
    """Balls for patterns that share a plan; what they have in common is found once.

    Args:
        plan: the plan.
        sums: how sums are taken.
    """

    def __init__(self, plan: Plan, sums: Sums) -> None:
        self.plan = plan
        self.sums = sums
        self._tables = Tables(plan)
        self._contraction = Contraction(self._tables, sums)
        self._known: dict[object, Tensor] = {}

    def ball(self, pattern: Pattern) -> Ball:
        """The ball of a pattern of the plan's length."""
        parts = self._parts(pattern)
        product = parts[0]
        for part in parts[1:]:
            product = times(product, part)
        return enclosed(pattern, self.plan, *integral(product, self._tables))

    def _parts(self, pattern: Pattern) -> list[Tensor]:
        if self.plan.gamma == 0.0:
            return [self._token(counts) for counts in token_counts(pattern)]
        return [self._component(component) for component in components(pattern)]

    def _token(self, counts: tuple[int, int]) -> Tensor:
        if counts not in self._known:
            self._known[counts] = token_contribution(self._tables, counts, self.sums)
        return self._known[counts]

    def _component(self, component: Component) -> Tensor:
        if component not in self._known:
            if component == READ_OUT:
                found = self._tables.read_out
            else:
                route = cheaper(component, self.plan)
                found = self._contraction.contribution(route)
                self._known[route.component] = found
                self._known[route.component.reverse] = found.renamed("j", "i")
            self._known.setdefault(component, found)
        return self._known[component]


def integral(product: Tensor, tables: Tables) -> tuple[float, int]:
    """The sum over both shifts of all insertions, and its roundings."""
    if BOTH not in product.jet:
        return 0.0, 0
    both = Tensor(("i", "j"), {PLAIN: product.jet[BOTH]}, product.roundings)
    for axis in ("j", "i"):
        weights = Tensor((axis,), {PLAIN: tables.shift_weights}, ROUNDED)
        both = summed(both, weights, axis, Sums(_FINAL_BLOCK))
    return float(both.jet[PLAIN]), both.roundings


def enclosed(pattern: Pattern, plan: Plan, value: float, roundings: int) -> Ball:
    """The ball around a sum that has passed through so many roundings (Theorem 10)."""
    structure = Structure.of(pattern, positional=plan.gamma > 0.0)
    with precision():
        bound = truncation(structure, plan) + _floor(structure, plan)
        relative = arb(roundings) * arb(2.0**-53)
        if not relative < 0.01:
            raise ArithmeticError(f"{roundings} roundings")
        return Ball(value, above(bound), above(arb(value) * relative / (1 - relative)), roundings)


def _floor(structure: Structure, plan: Plan) -> arb:
    """Sliced products, entries set to 0, and underflow (Lemmas 7 and 8)."""
    k, gamma = structure.length, arb(plan.gamma)
    weights = sum(plan.shifts.weights, arb(0)) ** 2
    largest = k**4 * (1 + gamma**2) * mass(structure, plan) * weights
    return largest * (arb(2) ** -80 * plan.position.rule.size + arb(2) ** -800)


"""A pattern's value with a proved bound of its error: the sum, and what it may be off by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flint import arb

from kernels.attention.proved.balls import Ball, counted
from kernels.attention.proved.bounds.plan import Plan, Shape, make_plan
from kernels.attention.proved.bounds.truncation import mass, truncation
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.contraction import Contraction
from kernels.attention.proved.sums.positionless import Counts, token_contribution, token_counts
from kernels.attention.proved.sums.route import cheaper
from kernels.attention.proved.sums.slices import sliced_error
from kernels.attention.proved.sums.tables import ROUNDED, Tables
from kernels.attention.proved.sums.tensors import BOTH, PLAIN, Sums, Tensor, summed, times
from kernels.attention.symmetry.multigraph import Component, components
from kernels.estimates.balls import precision
from kernels.strings.patterns import Pattern

_FINAL = Sums(block=8)
"""How the two sums over shifts are taken: in blocks, for fewer roundings at no cost."""

Part = Component | Counts
"""What contributes a factor: a component, or without positional weights a token's counts."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how a pattern is summed.

    Attributes:
        beta: inverse temperature, above 0.
        gamma: positional weight.
        aim: the error of discretization and truncation to aim at, per unit of M's largest entry.
        shape: of the pattern.
        sums: how sums are taken.
    """

    beta: float
    gamma: float
    aim: float
    shape: Shape
    sums: Sums

    @property
    def plan(self) -> Plan:
        """The nodes."""
        return _plan(self.beta, self.gamma, self.aim, self.shape)

    @property
    def tables(self) -> Tables:
        """The tables of the plan."""
        return _tables(self.plan)


def parts_of(pattern: Pattern, gamma: float) -> list[Part]:
    """The factors of a pattern's integrand.

    >>> len(parts_of(Pattern.of("AA", "BC"), 1.0)), parts_of(Pattern.of("AA", "BC"), 0.0)
    (2, [(0, 1), (0, 1), (1, 1), (2, 0)])
    """
    return [*token_counts(pattern)] if gamma == 0.0 else [*components(pattern)]


def unoriented(part: Part) -> Part:
    """One part for itself and for what it is when the strings change places."""
    return part.unoriented if isinstance(part, Component) else min(part, part[::-1])


def contribution(recipe: Recipe, part: Part) -> Tensor:
    """``Z`` and ``D`` of an unoriented part at all pairs of shifts."""
    return contribution_of(part, recipe.tables, recipe.sums)


def contribution_of(part: Part, tables: Tables, sums: Sums) -> Tensor:
    """`contribution` from tables of whatever numbers."""
    if not isinstance(part, Component):
        return token_contribution(tables, part, sums)
    if part == READ_OUT:
        return tables.read_out
    route = cheaper(part, tables.plan)
    found = Contraction(tables, sums).contribution(route)
    return found if route.component == part else found.renamed("j", "i")


def joined(pattern: Pattern, gamma: float, known: Mapping[Part, Tensor]) -> Tensor:
    """``Z`` and ``D`` of a pattern: the product of its parts'."""
    product: Tensor | None = None
    for part in parts_of(pattern, gamma):
        found = known[unoriented(part)]
        found = found if unoriented(part) == part else found.renamed("j", "i")
        product = found if product is None else times(product, found)
    assert product is not None
    return product


def enclose(pattern: Pattern, recipe: Recipe, known: Mapping[Part, Tensor]) -> Ball:
    """The ball of a pattern.

    Args:
        pattern: a pattern of the recipe's shape.
        recipe: how it is summed.
        known: the contributions of its parts, unoriented.
    """
    product = joined(pattern, recipe.gamma, known)
    return enclosed(pattern, recipe.plan, *_integral(product, recipe.tables))


def enclosed(pattern: Pattern, plan: Plan, value: float, roundings: int) -> Ball:
    """The ball around a sum that has passed through so many roundings (Theorem 10)."""
    structure = Structure.of(pattern, positional=plan.gamma > 0.0)
    with precision():
        bound = truncation(structure, plan).total + _floor(structure, plan)
        return counted(value, roundings, bound)


def _integral(product: Tensor, tables: Tables) -> tuple[float, int]:
    """The sum over both shifts of all insertions, and its roundings."""
    both = Tensor(("i", "j"), {PLAIN: product.jet[BOTH]}, product.roundings)
    for axis in ("j", "i"):
        weights = Tensor((axis,), {PLAIN: tables.shift_weights}, ROUNDED)
        both = summed(both, weights, axis, _FINAL)
    return float(both.jet[PLAIN]), both.roundings


def _floor(structure: Structure, plan: Plan) -> arb:
    """Sliced products, entries set to 0, and underflow (Lemmas 7 and 8)."""
    k, gamma = structure.length, arb(plan.gamma)
    weights = sum(plan.shifts.weights, arb(0)) ** 2
    nodes = max(plan.position.rule.size, plan.read_out.rule.size)
    largest = k**3 * (1 + gamma**2) * mass(structure, plan) * weights
    return largest * (sliced_error(nodes) + k * arb(2) ** -800)


@lru_cache(maxsize=2**10)
def _plan(beta: float, gamma: float, aim: float, shape: Shape) -> Plan:
    """Plans are small, and asked for again and again."""
    return make_plan(beta, gamma, aim=aim, shape=shape)


@lru_cache(maxsize=4)
def _tables(plan: Plan) -> Tables:
    """The tables of the last few plans: pairs of strings are often asked for one by one."""
    return Tables(plan)

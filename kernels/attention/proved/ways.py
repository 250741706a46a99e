"""How a pattern is summed, and what that takes: chosen by the pattern and the tolerance alone."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flint import arb

from kernels.attention.proved.bounds.plan import Shape
from kernels.attention.proved.bounds.truncation import truncation
from kernels.attention.proved.differences import rank_of
from kernels.attention.proved.enclosure import Part, Recipe, parts_of
from kernels.attention.proved.product import HIGHEST_RANK, ProductGrid
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.route import cheaper
from kernels.attention.proved.sums.tensors import Sums
from kernels.attention.symmetry.multigraph import Component
from kernels.estimates.balls import above, precision
from kernels.strings.patterns import Pattern

_FINEST = 1e-15
"""What discretization aims at where that is cheap: what is left is rounding."""

_TIGHTEST = 1e-17
"""What it aims at where rounding is kept small too."""

_PLAIN = Sums()
"""Sums in any order that BLAS likes."""

_TIGHT = Sums(block=4)
"""Sums with few roundings."""

_INSTANT = 3e7
"""Multiplications so few that nothing else is considered."""

_PER_NODE = 600.0
"""Multiplications that take as long as a node of the product rule (measured)."""

_CHEAP = 2e7
"""Multiplications so few that the finest nodes are taken whatever the tolerance."""

_SLICES = 14.0
"""Matrix products in two products that err by one rounding."""

PER_SECOND = 3e9
"""Multiplications in a second, about, on one core."""

_LEAST_WEIGHT = 1e-3
"""Positional weights below this, but for 0, make some of the product rule's directions vanish."""

Way = Recipe | ProductGrid
"""How a pattern is summed: by components and shifts, or by the product rule."""


class Cost(NamedTuple):
    """What a pattern takes.

    Attributes:
        operations: multiplications of its most expensive part.
        memory: bytes.
    """

    operations: float
    memory: float

    @property
    def seconds(self) -> float:
        """The time on one core, about."""
        return self.operations / PER_SECOND

    def __str__(self) -> str:
        return f"{self.seconds:.2g} s and {self.memory / 1e9:.2g} GB"


@lru_cache(maxsize=2**12)
def plain_way(pattern: Pattern, beta: float, gamma: float, tolerance: float) -> Way:
    """The finest nodes where they are cheap, else those that the tolerance asks for.

    Raises:
        ArithmeticError: a temperature or a weight so extreme that there are no nodes.
    """
    finest = _cheaper(pattern, beta, gamma, _FINEST)
    if cost_of(pattern, finest).operations <= _CHEAP:
        return finest
    structure = Structure.of(pattern, positional=gamma > 0.0)
    scale = above(structure.largest_entry(arb(gamma)))
    # Plans err by less than they aim at, how much less is seen when the bound is found.
    for share in (20.0, 5.0, 0.8):
        aim = min(max(share * tolerance / scale, _FINEST), 1e-3)
        way = _cheaper(pattern, beta, gamma, aim)
        if _truncation(pattern, way) <= 0.8 * tolerance:
            break
    return way


def tight_way(pattern: Pattern, beta: float, gamma: float) -> Way:
    """The finest nodes and few roundings, whatever the cost.

    Raises:
        ArithmeticError: as for `plain_way`.
    """
    return _cheaper(pattern, beta, gamma, _TIGHTEST, _TIGHT)


def cost_of(pattern: Pattern, way: Way) -> Cost:
    """The most expensive part's operations, and the memory of all."""
    if isinstance(way, ProductGrid):
        leading = way.nodes * way.steps[-1] / way.radius
        return Cost(_PER_NODE * way.nodes, 8.0 * HIGHEST_RANK * leading)
    plan, operations, memory = way.plan, 0.0, 0.0
    parts: list[Part] = list(dict.fromkeys(parts_of(pattern, way.gamma)))
    for part in parts:
        memory += 16.0 * float(plan.count) ** 2
        if isinstance(part, Component) and part != READ_OUT:
            route = cheaper(part, plan)
            operations = max(operations, route.effort(plan))
            memory = max(memory, route.memory(plan))
        else:
            table = float(plan.count) * float(max(plan.window, plan.read_out.rule.size))
            operations = max(operations, _SLICES * plan.count * table)
    return Cost(operations, memory)


def _cheaper(pattern: Pattern, beta: float, gamma: float, aim: float, sums: Sums = _PLAIN) -> Way:
    """The cheaper of the two routes."""
    shape = Shape.of(Structure.of(pattern, positional=gamma > 0.0))
    recipe = Recipe(beta, gamma, aim, shape, sums)
    operations = cost_of(pattern, recipe).operations
    if operations <= _INSTANT or 0.0 < gamma < _LEAST_WEIGHT:
        return recipe
    if not 0 < rank_of(pattern, positional=gamma > 0.0) <= HIGHEST_RANK:
        return recipe
    grid = ProductGrid.of(pattern, beta, gamma, aim)
    return grid if grid.fits and _PER_NODE * grid.nodes < operations else recipe


def _truncation(pattern: Pattern, way: Way) -> float:
    """What discretization and truncation cost."""
    with precision():
        if isinstance(way, ProductGrid):
            return above(way.error())
        structure = Structure.of(pattern, positional=way.gamma > 0.0)
        return above(truncation(structure, way.plan).total)

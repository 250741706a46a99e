"""The kernel to more digits than floats have, for the few entries that need them."""

from __future__ import annotations

import math

from flint import arb

from kernels.attention.proved.bounds.plan import Shape
from kernels.attention.proved.bounds.truncation import truncation
from kernels.attention.proved.enclosure import Recipe, contribution_of, joined, parts_of, unoriented
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.in_balls import BallSums, BallTables
from kernels.attention.proved.sums.tensors import BOTH
from kernels.attention.proved.ways import cost_of
from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from kernels.estimates.balls import above, precision
from kernels.strings.patterns import Pattern

LEAST_TOLERANCE = 1e-30
"""Nodes of the plans are balls of 128 bits, which is enough down to here."""

_GUARD = 64
"""Bits beyond those of the tolerance: sums round, and values may be as large as gamma^2."""

_SLOWER = 150.0
"""How much longer a multiplication of balls takes than one of floats in a matrix product."""


def precise(pattern: Pattern, beta: float, gamma: float, *, tolerance: float, effort: float) -> arb:
    """A ball around the kernel with a radius of at most the tolerance.

    Args:
        pattern: a pattern of more than one position.
        beta: inverse temperature, above 0.
        gamma: positional weight.
        tolerance: the radius.
        effort: multiplications of floats that would take as long as may be spent.

    Raises:
        InvalidInputError: a tolerance below 1e-30.
        TooLargeError: sums in balls would take more than the effort.
    """
    if tolerance < LEAST_TOLERANCE:
        remedy = f"give at least {LEAST_TOLERANCE:g}"
        raise InvalidInputError("tolerance", tolerance, remedy)
    structure = Structure.of(pattern, positional=gamma > 0.0)
    scale = max(1.0, above(structure.largest_entry(arb(gamma))))
    # Half is left to roundings, of which the bits below make far less.
    recipe = Recipe(beta, gamma, 0.5 * tolerance / scale, Shape.of(structure), BallSums())
    with precision():
        bound = truncation(structure, recipe.plan).total
    cost = cost_of(pattern, recipe)
    if _SLOWER * cost.operations > effort:
        raise TooLargeError(
            "pattern",
            (pattern.x, pattern.y),
            f"sums in balls take about {_SLOWER * cost.seconds:.2g} s; raise effort, or loosen "
            "tolerance",
        )
    bits = math.ceil(-math.log2(tolerance / scale)) + _GUARD
    with precision(bits):
        tables = BallTables(recipe.plan)
        parts = {unoriented(part) for part in parts_of(pattern, gamma)}
        known = {part: contribution_of(part, tables, recipe.sums) for part in parts}
        product = joined(pattern, gamma, known).jet[BOTH]
        weights = tables.shift_weights
        return weights.dot(product.dot(weights)) + arb(0, bound.upper())

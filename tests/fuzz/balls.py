"""Proved balls: whether the truth lies in them, by a route that shares no sums with the proof.

A case is one point: a temperature, a weight and a length, with patterns that share its tables. Each
pattern has a ball as fine as by default and one whose nodes are as coarse as a random aim allows,
since the errors of the first are mostly roundings, and those of the second discretization. Both
must hold a second value, up to its own error, and the two must meet:

- the product rule on the logit differences where their rank is small, which shares with the proof
  nothing but the formula, and whose error is a theorem up to rounding;
- else the tensor network, with another grid, other windows and no counting, whose error is the
  difference of two grids.

Where both take too much, the pattern is counted as without a second route.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

from kernels.attention.product_rule import ProductRule
from kernels.attention.proved.balls import Ball
from kernels.attention.proved.bounds.plan import Shape
from kernels.attention.proved.differences import rank_of
from kernels.attention.proved.enclosure import Recipe
from kernels.attention.proved.estimator import ProvedQuadrature, _balls
from kernels.attention.proved.product import HIGHEST_RANK, ProductGrid
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.tensors import Sums
from kernels.attention.proved.uniform import is_uniform, uniform
from kernels.attention.proved.ways import Way, cost_of
from kernels.attention.tensor_network.estimator import TensorNetwork
from kernels.boundary.exceptions import ToleranceNotMetError
from kernels.estimates import Estimate
from kernels.strings.patterns import Pattern

AT_A_POINT = 50
"""Patterns that share a point, and so their tables."""

DEFAULT = ProvedQuadrature(1e-10, effort=1e7, strict=False)
"""As by default, for what takes a few milliseconds."""

PRODUCT, NETWORK = ProductRule(1e-12, effort=3e4), TensorNetwork(1e-12, effort=1e7)
"""The second routes and what they may take."""

SHARP = 10.0
"""How far below a radius a second value's error must be for that radius to be judged."""

ORDERS = 3, 10, 100, 1000
"""Of radius over error, for the counts."""


def check(rng: random.Random, count: int = AT_A_POINT) -> str | Counter[str]:
    """The balls of one point: the first that lacks its truth, else how many there were.

    Args:
        rng: where everything is drawn from.
        count: how many patterns to draw; those that are alike count as one.
    """
    beta, gamma, patterns = point(rng, count)
    aim = 10.0 ** rng.uniform(-12.0, -3.0)
    chosen = [p for p in patterns if cheap(p, beta, gamma)]
    fine = DEFAULT.balls(chosen, beta, gamma, n_jobs=1)
    coarse = coarse_balls(chosen, beta, gamma, aim, rng)
    values = second_values(chosen, beta, gamma)
    seen = Counter(drawn=len(patterns))
    seen["too dear for this check"] = len(patterns) - len(chosen)
    for pattern in chosen:
        where = f"{pattern} at beta={beta!r}, gamma={gamma!r}"
        one, other = fine[pattern], coarse[pattern]
        if abs(one.value - other.value) > one.radius + other.radius:
            return f"{where}, aim={aim!r}: {one} and {other} do not meet"
        second = values.get(pattern)
        seen[f"against {second.method}" if second else "without a second route"] += 1
        for ball in (one, other) if second else ():
            assert second is not None
            off = abs(ball.value - second.value)
            if off > ball.radius + second.error:
                return f"{where}, aim={aim!r}: {ball} lacks {second!r}"
            seen["balls compared"] += 1
            if SHARP * second.error < ball.radius:
                seen[_order(ball.radius, off)] += 1
    return seen


def point(rng: random.Random, count: int) -> tuple[float, float, list[Pattern]]:
    """A temperature in [1e-3, 8], a weight in [0, 4], distinct patterns of one length to 12."""
    beta = 10.0 ** rng.uniform(-3.0, 0.90309)
    gamma = rng.uniform(0.0, 4.0) if rng.random() < 0.8 else 0.0
    length = rng.randint(2, 12)
    draw = _merged if gamma > 0.0 and length > 3 else _any
    found = [draw(rng, length - 1) for _ in range(count)]
    return beta, gamma, list(dict.fromkeys(Pattern.of_codes([*x, 0], [*y, 0]) for x, y in found))


def _any(rng: random.Random, places: int) -> tuple[list[int], list[int]]:
    """Two strings of tokens from a random number of names."""
    names = rng.randint(1, 2 * places)
    x, y = ([rng.randint(1, names) for _ in range(places)] for _ in range(2))
    return x, y


def _merged(rng: random.Random, places: int) -> tuple[list[int], list[int]]:
    """Two strings of distinct tokens, up to three pairs of which are one: few cycles, so cheap."""
    codes = [*range(1, 2 * places + 1)]
    for _ in range(rng.randint(0, 3)):
        one, other = rng.choices(codes, k=2)
        codes = [one if code == other else code for code in codes]
    return codes[:places], codes[places:]


def cheap(pattern: Pattern, beta: float, gamma: float) -> bool:
    """Whether the proof takes a few milliseconds, its tables apart."""
    if is_uniform(pattern, beta, gamma):
        return True
    if DEFAULT.allows(cost_of(pattern, recipe(pattern, beta, gamma, 1e-15))):
        return True
    rank = rank_of(pattern, positional=gamma > 0.0)
    return rank <= HIGHEST_RANK and DEFAULT.allows(DEFAULT.cost(pattern, beta, gamma))


def recipe(pattern: Pattern, beta: float, gamma: float, aim: float) -> Recipe:
    """Sums over shifts with nodes for an aim."""
    structure = Structure.of(pattern, positional=gamma > 0.0)
    return Recipe(beta, gamma, aim, Shape.of(structure), Sums())


def coarse_balls(
    patterns: list[Pattern], beta: float, gamma: float, aim: float, rng: random.Random
) -> Mapping[Pattern, Ball]:
    """Balls whose nodes are no finer than the aim asks for, of either way where there are two."""
    found = {p: uniform(p, gamma) for p in patterns if is_uniform(p, beta, gamma)}
    ways: dict[Pattern, Way] = {}
    for pattern in patterns:
        if pattern in found:
            continue
        ways[pattern] = recipe(pattern, beta, gamma, aim)
        rank = rank_of(pattern, positional=gamma > 0.0)
        if 0 < rank <= HIGHEST_RANK and rng.random() < 0.5:
            grid = ProductGrid.of(pattern, beta, gamma, aim)
            if grid.fits and DEFAULT.allows(cost_of(pattern, grid)):
                ways[pattern] = grid
    return found | _balls(ways, 1)


def second_values(patterns: list[Pattern], beta: float, gamma: float) -> dict[Pattern, Estimate]:
    """Independent values, where they are cheap."""
    found, left = {}, []
    for pattern in patterns:
        try:
            if PRODUCT.cost(pattern, beta, gamma) <= PRODUCT.effort:
                found[pattern] = PRODUCT.estimate([pattern], beta, gamma, n_jobs=1).item()
                continue
        except ToleranceNotMetError:
            pass
        left.append(pattern)
    costs = NETWORK.costs(left, beta, gamma)
    cheap = [p for p, cost in zip(left, costs, strict=True) if cost <= NETWORK.effort]
    try:
        values = NETWORK.contracted(cheap, beta, gamma, n_jobs=1)
    except ToleranceNotMetError:  # one of them rounds too much: a looser tolerance serves all
        values = TensorNetwork(1e-10).contracted(cheap, beta, gamma, n_jobs=1)
    return found | dict(zip(cheap, values, strict=True))


def _order(radius: float, off: float) -> str:
    """Radius over error, as words that can be counted."""
    order = next((order for order in ORDERS if radius <= order * off), None)
    return f"radius over error {f'to {order}' if order else 'above'}"

"""The truth lies in every ball: random patterns and points, against routes that share no sums."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from flint import arb

from kernels import Pattern, ProductRule, ProvedQuadrature, TensorNetwork, ToleranceNotMetError
from kernels.attention.proved import enclosure
from kernels.attention.proved.balls import Ball
from kernels.attention.proved.bounds.plan import Plan, Shape
from kernels.attention.proved.bounds.shifts import ShiftGrid
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.tables import Tables
from kernels.attention.proved.sums.tensors import Sums
from kernels.estimates import Estimate

SEED = 20260
AT_A_POINT = 40
"""Patterns that share a point, and so their tables."""

MOST = 100_000
SECONDS = 1500.0
"""How long the long comparison may take."""

ROUTES = ProductRule(1e-9, effort=1e5), TensorNetwork(1e-9, effort=3e7)
"""Independent routes and what they may take; the first one shares nothing but the formula."""

LARGEST_RADIUS = 300.0
"""How far a radius may exceed the error where the nodes are as coarse as the aim allows."""

Point = tuple[list[Pattern], float, float, float]


def points(seed: int) -> Iterator[Point]:
    """Patterns of 2 to 12 tokens at random temperatures, weights and tolerances."""
    rng = np.random.default_rng(seed)
    while True:
        beta = float(10.0 ** rng.uniform(-3.0, np.log10(8.0)))
        gamma = float(rng.uniform(0.0, 4.0)) if rng.random() < 0.8 else 0.0
        tolerance = float(10.0 ** rng.uniform(-11.0, -4.0))
        found = []
        for _ in range(AT_A_POINT):
            length, names = int(rng.integers(1, 12)), int(rng.integers(2, 24))
            x, y = rng.integers(1, names, (2, length)).tolist()
            found.append(Pattern.of_codes([*x, 0], [*y, 0]))
        yield found, beta, gamma, tolerance


def second_route(pattern: Pattern, beta: float, gamma: float) -> Estimate | None:
    """An independent value, where one is cheap."""
    product, network = ROUTES
    try:
        if product.cost(pattern, beta, gamma) <= product.effort:
            return product.estimate([pattern], beta, gamma).item()
        if network.costs([pattern], beta, gamma)[0] <= network.effort:
            return network.estimate([pattern], beta, gamma).item()
    except ToleranceNotMetError:
        pass
    return None


def compared(most: int, seconds: float) -> list[tuple[float, float, float]]:
    """Differences of two routes, the radius of the ball, and the error of the second route."""
    found: list[tuple[float, float, float]] = []
    stop = time.monotonic() + seconds
    for patterns, beta, gamma, tolerance in points(SEED):
        proved = ProvedQuadrature(tolerance, effort=3e7)
        chosen = [p for p in patterns if proved.allows(proved.cost(p, beta, gamma))]
        for pattern, ball in proved.balls(chosen, beta, gamma, n_jobs=1).items():
            other = second_route(pattern, beta, gamma)
            if other is not None:
                difference = abs(ball.value - other.value)
                found.append((difference, ball.radius, float(other.error)))
            if len(found) >= most or time.monotonic() > stop:
                return found
    return found


def outside(found: list[tuple[float, float, float]]) -> int:
    return sum(difference > radius + error for difference, radius, error in found)


def test_no_truth_is_outside() -> None:
    found = compared(60, 8.0)
    assert found
    assert outside(found) == 0


@pytest.mark.long
def test_no_truth_of_100_000_is_outside(capsys: pytest.CaptureFixture[str]) -> None:
    """As many as the time allows; what they were is printed."""
    found = compared(MOST, SECONDS)
    seen = [radius / difference for difference, radius, error in found if difference > 10 * error]
    with capsys.disabled():
        print(f"\n{len(found)} balls, {outside(found)} without their truth;", end=" ")
        print(f"radius over error in {len(seen)}: median {np.median(seen or [np.nan]):.2g}")
    assert len(found) >= 1000
    assert outside(found) == 0


AA_BC = Pattern.of("AA", "BC")
TRUTH = 0.66033431718535576691  # at beta = gamma = 1, from sums in balls


def ball(aim: float = 1e-6) -> Ball:
    """The ball of nodes that are no finer than the aim asks for, nothing kept from before."""
    enclosure._plan.cache_clear()
    enclosure._tables.cache_clear()
    recipe = enclosure.Recipe(1.0, 1.0, aim, Shape.of(Structure.of(AA_BC)), Sums())
    parts = {enclosure.unoriented(part) for part in enclosure.parts_of(AA_BC, 1.0)}
    known = {part: enclosure.contribution(recipe, part) for part in parts}
    found = enclosure.enclose(AA_BC, recipe, known)
    enclosure._tables.cache_clear()
    return found


@pytest.mark.parametrize("aim", [1e-3, 1e-6, 1e-10])
def test_a_ball_holds_its_truth_and_is_not_far_too_large(aim: float) -> None:
    found = ball(aim)
    error = abs(found.value - TRUTH)
    assert error <= found.radius <= LARGEST_RADIUS * error


class Halved(Tables):
    """Nodes of the tokens' Gaussians in the middle half of their window alone."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        quarter = self.weights.size // 4
        self.weights[:quarter] = self.weights[-quarter:] = 0.0


def test_a_window_that_is_halved_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosure, "Tables", Halved)
    found = ball()
    assert abs(found.value - TRUTH) > found.radius


def test_a_left_end_of_first_order_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = vars(ShiftGrid)["correction"].fget

    def first_order(grid: ShiftGrid) -> tuple[int, arb, arb]:
        place, *_ = right(grid)
        return place, grid.step / grid.step.expm1(), arb(0)

    monkeypatch.setattr(ShiftGrid, "correction", property(first_order))
    found = ball(1e-8)
    assert abs(found.value - TRUTH) > found.radius


def test_roundings_that_are_not_counted_would_be_seen() -> None:
    """With the finest nodes, what is left is rounding."""
    found = ball(1e-17)
    assert abs(found.value - TRUTH) <= found.radius
    assert abs(found.value - TRUTH) > found.truncation

"""The truth lies in every ball: random patterns and points, against routes that share no sums."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from flint import arb

from kernels import Pattern
from kernels.attention.proved import enclosure
from kernels.attention.proved.balls import Ball
from kernels.attention.proved.bounds.plan import Plan, Shape
from kernels.attention.proved.bounds.shifts import ShiftGrid
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.tables import Tables
from kernels.attention.proved.sums.tensors import Sums
from tests.fuzz import balls

LARGEST_RADIUS = 300.0
"""How far a radius may exceed the error where the nodes are as coarse as the aim allows."""

CASES = 4
"""Points, with five patterns each; the fuzz run takes as many as it is given time for."""


def test_no_truth_is_outside() -> None:
    """At a few points of the fuzz run's, always the same ones."""
    seen: Counter[str] = Counter()
    for case in range(CASES):
        found = balls.check(random.Random(case), 5)
        assert isinstance(found, Counter), found
        seen += found
    assert seen["balls compared"] >= CASES
    assert sum(number for what, number in seen.items() if "radius" in what) > 0


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

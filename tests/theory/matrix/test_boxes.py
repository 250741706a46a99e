"""Bounds over boxes of parameters: all points inside obey them, and they are attained in part."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb

from kernels import (
    AttentionKernel,
    Cosine,
    InvalidInputError,
    ProvedQuadrature,
    TransformerKernel,
)
from tests import tolerances
from theory import Template, template_matrix
from theory.enclosure.boxes import ParameterBox, bound_over_box
from theory.enclosure.derivatives import by_temperature, by_weight
from theory.enclosure.frequency import distance_from_linear
from theory.matrix.pairs import pairs_of_templates

PAIR = [Template.parse("αα"), Template.parse("αβ")]
LENGTH = PAIR[0].length


def matrix(beta: float, gamma: float, b1: float, b2: float) -> np.ndarray:
    """N at a point."""
    kernel = TransformerKernel(beta, gamma, Cosine(b1, b2), ProvedQuadrature(1e-12))
    return template_matrix(kernel, PAIR).values


def points(box: ParameterBox, count: int) -> list[tuple[float, ...]]:
    """Random parameters within a box, and its corners."""
    rng = np.random.default_rng(0)
    sides = np.array([box.beta, box.gamma, box.b1, box.b2])
    inside = sides[:, 0] + rng.uniform(size=(count, 4)) * (sides[:, 1] - sides[:, 0])
    return [*map(tuple, inside.tolist()), *box.corners]


@pytest.mark.parametrize(
    "box",
    [
        ParameterBox((1.0, 1.002), (1.0, 1.0)),
        ParameterBox((0.5, 0.5), (1.0, 1.002)),
        ParameterBox((1.0, 1.0), (1.0, 1.0), (1.4, 1.5), (0.35, 0.4)),
        ParameterBox((1.0, 1.0001), (1.0, 1.0001), (1.5, 1.505), (0.4, 0.405)),
    ],
)
def test_every_point_of_the_box_obeys_the_bound(box: ParameterBox) -> None:
    """Corners and points between them; the bound is half of the least corner, or more."""
    found = bound_over_box(PAIR, box)
    assert found.nonsingular
    least = [np.linalg.eigvalsh(matrix(*point))[0] for point in points(box, 4)]
    assert found.lower <= min(least)
    assert found.lower >= 0.4 * min(least)
    assert found.lower == min(lower for _, lower in found.pieces)
    for name in ("beta", "gamma", "b1", "b2"):  # the pieces cover the box
        assert min(getattr(p, name)[0] for p, _ in found.pieces) == getattr(box, name)[0]
        assert max(getattr(p, name)[1] for p, _ in found.pieces) == getattr(box, name)[1]


@pytest.mark.parametrize(
    ("name", "box", "attained"),
    [
        ("beta", ParameterBox((0.0, 0.2), (0.5, 0.5)), 1e-4),
        ("beta", ParameterBox((1.0, 1.2), (1.0, 1.0)), 1e-4),
        ("gamma", ParameterBox((1.0, 1.0), (0.2, 0.8)), 1e-4),
        ("gamma", ParameterBox((1.0, 1.0), (1.0, 1.2)), 1e-4),
        ("b1", ParameterBox((8.0, 8.0), (1.0, 1.0), (0.0, 0.2), (0.0, 0.0)), 0.5),
        ("b2", ParameterBox((1.0, 1.0), (0.1, 0.1), (0.1, 0.1), (-0.1, 0.1)), 0.9),
    ],
)
def test_interpolation_errs_by_no_more_than_its_bound(
    name: str, box: ParameterBox, attained: float
) -> None:
    """Halfway in the square of beta or gamma; the bound is attained within a factor."""
    low, high = getattr(box, name)
    squared = name in ("beta", "gamma")
    middle = math.sqrt((low**2 + high**2) / 2.0) if squared else (low + high) / 2.0
    at = {n: getattr(box, n)[0] for n in ("beta", "gamma", "b1", "b2")}
    ends = [matrix(**(at | {name: end})) for end in (low, high)]
    off = np.abs(matrix(**(at | {name: middle})) - (ends[0] + ends[1]) / 2.0).max()
    bound = box.interpolation_errors(LENGTH)[name]
    assert attained * bound <= off <= bound + tolerances.PROVED_KERNEL_VALUE * 10


def attention(s: float, c: float, x: str, y: str) -> float:
    """The attention kernel by its variances."""
    return AttentionKernel(math.sqrt(s), math.sqrt(c), ProvedQuadrature(1e-13))(x, y).value


STEP = 0.05


@pytest.mark.parametrize(("x", "y"), [("AAC", "AAC"), ("AAC", "DDC")])
@pytest.mark.parametrize(("s", "c"), [(0.2, 1.0), (1.5, 0.3)])
def test_differences_are_below_the_bounds_of_derivatives(
    x: str, y: str, s: float, c: float
) -> None:
    """A difference quotient is a derivative between its points."""
    sides = (arb(s - STEP), arb(s + STEP)), (arb(c - STEP), arb(c + STEP))
    for bounds, (along_s, along_c) in (
        (by_temperature(*sides, LENGTH), (STEP, 0.0)),
        (by_weight(*sides, LENGTH), (0.0, STEP)),
    ):
        low, middle, high = (attention(s + n * along_s, c + n * along_c, x, y) for n in (-1, 0, 1))
        assert abs(high - low) / (2 * STEP) <= bounds.first
        assert abs(high - 2 * middle + low) / STEP**2 <= bounds.second


def test_bounds_of_derivatives_are_attained_in_part() -> None:
    """First ones within a factor of 10; where beta and gamma are 0 cumulants alone bound them."""
    at = (arb(1), arb(1)), (arb(1), arb(1))
    slope = (attention(1.0, 1.01, "AAC", "AAC") - attention(1.0, 0.99, "AAC", "AAC")) / 0.02
    assert slope > 0.1 * float(by_weight(*at, LENGTH).first.upper())
    slope = (attention(1.01, 1.0, "ABC", "ABC") - attention(0.99, 1.0, "ABC", "ABC")) / 0.02
    assert slope > 0.02 * float(by_temperature(*at, LENGTH).first.upper())
    zero = (arb(0), arb(1)), (arb(0), arb(1))
    for bound in (by_temperature, by_weight):
        near, far = bound(*at, LENGTH), bound(*zero, LENGTH)
        assert far.second > 20 * near.second
        assert bound((arb(2) ** -40, arb(1)), (arb(2) ** -40, arb(1)), LENGTH) == far
        longer = bound(*at, LENGTH + 2)
        assert near.first < longer.first <= far.first
        assert near.second < longer.second <= far.second


@pytest.mark.parametrize(("frequencies", "phase"), [((0.5, 0.7), 0.0), ((1.4, 1.5), 1.5)])
def test_how_far_from_linear_in_the_square_of_the_frequency(
    frequencies: tuple[float, float], phase: float
) -> None:
    """Halfway between the squares; the bound is attained within a factor."""
    pairs = pairs_of_templates(PAIR)
    kernel = TransformerKernel(1.0, 1.0, attention=ProvedQuadrature(1e-12)).attention_kernel
    bound = distance_from_linear(kernel, pairs, frequencies)
    middle = math.sqrt(sum(b1 * b1 for b1 in frequencies) / 2.0)
    ends = [matrix(1.0, 1.0, b1, phase) for b1 in frequencies]
    off = np.linalg.norm(matrix(1.0, 1.0, middle, phase) - sum(ends) / 2.0, 2)
    assert 0.1 * bound * abs(math.cos(2.0 * phase)) <= off <= bound


def test_phases_cost_nothing_where_the_cosine_goes_one_way() -> None:
    """N is affine in cos(2 b2); about 0 and pi / 2 it turns, and the cost stays."""
    at = (1.0, 1.0), (1.0, 1.0), (1.5, 1.5)
    turning = [(-0.1, 0.1), (1.5, 1.6), (0.5, 2.5), (0.0, 3.2), (-1.6, -1.5)]
    one_way = [(0.0, 1.5), (0.4, 0.5), (1.6, 3.1), (-1.5, 0.0)]
    for phases in turning:
        assert ParameterBox(*at, phases).interpolation_errors(LENGTH)["b2"] > 0.0
    for phases in one_way:
        assert ParameterBox(*at, phases).interpolation_errors(LENGTH)["b2"] == 0.0
    found = bound_over_box(PAIR, ParameterBox(*at, (0.0, 1.5)))
    assert len(found.pieces) == 1
    ends = [np.linalg.eigvalsh(matrix(1.0, 1.0, 1.5, b2))[0] for b2 in (0.0, 1.5)]
    assert 0.99 * min(ends) <= found.lower <= min(ends)


def test_corners_alone_would_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the phases the smallest eigenvalue is below that at both ends."""
    box = ParameterBox((1.0, 1.0), (1.0, 1.0), b2=(-0.3, 0.3))
    middle = np.linalg.eigvalsh(matrix(1.0, 1.0, 1.5, 0.0))[0]
    assert bound_over_box(PAIR, box).lower <= middle
    nothing = dict.fromkeys(("beta", "gamma", "b1", "b2"), 0.0)
    monkeypatch.setattr(ParameterBox, "interpolation_errors", lambda *_: nothing)
    assert bound_over_box(PAIR, box).lower > middle


def test_what_cannot_be_proved_is_not() -> None:
    """Too few pieces; a box with a singular N; and bad input."""
    wide = bound_over_box(PAIR, ParameterBox((0.5, 1.0), (1.0, 1.0)), most=2)
    assert not wide.nonsingular
    assert len(wide.pieces) == 2
    singular = bound_over_box(PAIR, ParameterBox((0.0, 0.0), (1.0, 1.0)), most=4)
    assert not singular.nonsingular
    with pytest.raises(InvalidInputError, match="the lower end first"):
        ParameterBox((1.0, 0.5), (1.0, 1.0))
    with pytest.raises(InvalidInputError, match="below 1"):
        bound_over_box(PAIR, ParameterBox((1.0, 1.0), (1.0, 1.0)), share=1.0)
    with pytest.raises(InvalidInputError):
        ParameterBox((-1.0, 0.5), (1.0, 1.0))

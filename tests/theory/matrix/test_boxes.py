"""Bounds over boxes of parameters: all points inside obey them, and they are attained in part."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kernels import Cosine, InvalidInputError, ProvedQuadrature, TransformerKernel
from tests import tolerances
from theory import Template, template_matrix
from theory.enclosure.boxes import ParameterBox, bound_over_box
from theory.enclosure.frequency import distance_from_linear
from theory.matrix.pairs import pairs_of_templates

PAIR = [Template.parse("αα"), Template.parse("αβ")]


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
        ParameterBox((1.0, 1.0004), (1.0, 1.0)),
        ParameterBox((0.5, 0.5), (1.0, 1.0005)),
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
        ("gamma", ParameterBox((1.0, 1.0), (0.2, 0.8)), 1e-4),
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
    bound = box.interpolation_errors()[name]
    assert attained * bound <= off <= bound + tolerances.PROVED_KERNEL_VALUE * 10


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
        assert ParameterBox(*at, phases).interpolation_errors()["b2"] > 0.0
    for phases in one_way:
        assert ParameterBox(*at, phases).interpolation_errors()["b2"] == 0.0
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
    monkeypatch.setattr(ParameterBox, "interpolation_errors", lambda _: nothing)
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

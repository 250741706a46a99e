"""The second proved route: against the first, and its bound from both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, arb_mat
from hypothesis import assume, given
from hypothesis import strategies as st

from kernels import Pattern
from kernels.attention.proved import estimator
from kernels.attention.proved.bounds.plan import Shape
from kernels.attention.proved.differences import Differences, _structure
from kernels.attention.proved.enclosure import Recipe
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.attention.proved.product import HIGHEST_RANK, ProductGrid, product_ball
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.tensors import Sums
from kernels.attention.proved.ways import cost_of, plain_way
from kernels.estimates.balls import above, precision
from tests.tolerances import LAW_ROUNDING
from validation import strategies

AB_BA = Pattern.of("AB", "BA")


@given(
    strategies.patterns(max_length=3),
    st.floats(1e-3, 6.0),
    st.one_of(st.just(0.0), st.floats(1e-3, 3.0)),
    st.floats(3.0, 13.0).map(lambda digits: 10.0**-digits),
)
def test_both_routes_overlap(pattern: Pattern, beta: float, gamma: float, aim: float) -> None:
    assume(0 < Differences.of(pattern, gamma).rank <= HIGHEST_RANK)
    grid = ProductGrid.of(pattern, beta, gamma, aim)
    assume(grid.fits and grid.nodes < 1e5)
    shape = Shape.of(Structure.of(pattern, positional=gamma > 0.0))
    network = Recipe(beta, gamma, 1e-12, shape, Sums())
    assume(cost_of(pattern, network).operations < 5e7)
    first, second = product_ball(grid), estimator._balls({pattern: network}, 1)[pattern]
    assert abs(first.value - second.value) <= first.radius + second.radius
    assert first.truncation <= 1.5 * aim * (1.0 + gamma**2)


def truth() -> float:
    return product_ball(ProductGrid.of(AB_BA, 2.0, 1.0, 1e-15)).value


def bound(grid: ProductGrid) -> float:
    with precision():
        return above(grid.error())


@pytest.mark.parametrize("stretch", [1.4, 1.7, 2.0])
def test_the_steps_bound_holds_and_is_not_absurd(stretch: float) -> None:
    grid = ProductGrid.of(AB_BA, 2.0, 1.0, 1e-13)
    coarse = replace(grid, steps=tuple(round(stretch * s, 3) for s in grid.steps))
    error = abs(product_ball(coarse).value - truth())
    assert error <= bound(coarse) <= 1e5 * error


@pytest.mark.parametrize("radius", [3.0, 4.0, 5.0])
def test_the_radius_bound_holds_and_is_not_absurd(radius: float) -> None:
    coarse = replace(ProductGrid.of(AB_BA, 2.0, 1.0, 1e-13), radius=radius)
    error = abs(product_ball(coarse).value - truth())
    assert error <= bound(coarse) <= 1e3 * error


def test_a_tail_of_too_small_a_mass_is_seen() -> None:
    """The check above can fail: the mass outside of twice the ball."""
    coarse = replace(ProductGrid.of(AB_BA, 2.0, 1.0, 1e-13), radius=4.0)
    assert bound(replace(coarse, radius=8.0)) < abs(product_ball(coarse).value - truth())


@pytest.mark.parametrize("gamma", [0.0, 0.01, 2.0])
@pytest.mark.parametrize("strings", [("AB", "BA"), ("AAB", "ABB"), ("ABC", "ABC")], ids="/".join)
def test_the_factor_has_the_covariance_of_the_differences(
    strings: tuple[str, str], gamma: float
) -> None:
    pattern = Pattern.of(*strings)
    law, (tokens, positions) = Differences.of(pattern, gamma), _structure(pattern)
    exact = tokens @ tokens.T + gamma**2 * (positions @ positions.T)
    np.testing.assert_allclose(law.approximate @ law.approximate.T, exact, atol=LAW_ROUNDING)
    with precision():
        factor = arb_mat(law.factor)
        product = factor * factor.transpose()
        for i, row in enumerate(tokens @ tokens.T):
            for j, number in enumerate(row):
                rest = arb(gamma) ** 2 * int((positions @ positions.T)[i, j])
                assert product[i, j].overlaps(int(number) + rest)


def test_the_cheaper_route_is_taken() -> None:
    """Shared tokens make a cycle: the product rule is cheaper, and shares the tolerance."""
    assert isinstance(plain_way(AB_BA, 1.0, 1.0, 1e-10), ProductGrid)
    assert not isinstance(plain_way(Pattern.of("AA", "BC"), 1.0, 1.0, 1e-10), ProductGrid)
    found = ProvedQuadrature(1e-10).estimate([AB_BA], 1.0, 1.0)[0]
    assert found.error <= 1e-10


def test_logits_beyond_floats_are_left_to_the_other_route() -> None:
    assert not ProductGrid.of(AB_BA, 50.0, 4.0, 1e-10).fits

"""What a plan aims at is met and hardly missed; what its bound is made of is attained."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from flint import arb

from kernels import Pattern
from kernels.attention.proved.bounds.plan import Plan, Shape, _reach, make_plan, strips
from kernels.attention.proved.bounds.rules import Hermite, Trapezoid
from kernels.attention.proved.bounds.shifts import (
    ShiftGrid,
    first_shift,
    gamma_size,
    last_shift,
    longest_step,
)
from kernels.attention.proved.bounds.truncation import Truncation, _errors, truncation
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.ways import _truncation, plain_way
from kernels.estimates.balls import above, precision

AA_BC, ABC_ABD = Pattern.of("AA", "BC"), Pattern.of("ABC", "ABD")
SHARES = [1e-3, 1e-6, 1e-15]


def bound(plan: Plan, structure: Structure) -> Truncation:
    with precision():
        return truncation(structure, plan)


@pytest.mark.parametrize("pattern", [AA_BC, ABC_ABD, Pattern.of("AAAB", "CCDD")], ids=str)
@pytest.mark.parametrize("beta", [0.1, 0.3, 1.0, 4.0])
@pytest.mark.parametrize("gamma", [0.5, 3.0])
def test_a_plan_meets_its_aim_at_every_temperature(
    pattern: Pattern, beta: float, gamma: float
) -> None:
    """And not by so much that the nodes are far too many."""
    structure = Structure.of(pattern)
    for aim in (1e-4, 1e-12):
        found = bound(make_plan(beta, gamma, aim=aim, shape=Shape.of(structure)), structure)
        allowed = aim * above(structure.largest_entry(arb(gamma)))
        assert 0.04 * allowed <= above(found.total) <= 0.8 * allowed


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize(("length", "variance"), [(2, 0.1), (5, 2.0), (20, 30.0)])
def test_the_ends_leave_their_shares(share: float, length: int, variance: float) -> None:
    """The bounds of both ends, by themselves, are about what was wanted of them."""
    with precision():
        first, last = first_shift(share, length, variance), last_shift(share, length, variance)
        left = ShiftGrid(arb(first), arb(0.25), 400).left(length, arb(variance), arb(1))
        right = ShiftGrid(arb(last) - 100, arb(0.25), 401).right(length, arb(variance), arb(1))
    assert 0.2 * share <= above(left) <= 0.7 * share
    assert 0.4 * share <= above(right) <= 1.5 * share
    assert math.erfc(_reach(share) / math.sqrt(2.0)) == pytest.approx(share, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("damping", [0.0, 0.05, 5.0])
def test_the_step_leaves_its_share(share: float, damping: float) -> None:
    """Of the harmonics, the lowest of which is damped; the longest step ends the search."""
    step = longest_step(share, damping)
    with precision():
        grid = ShiftGrid(arb(-20), arb(step), 100)
        damped = (-arb(damping) * grid.frequency**2 / 2).exp()
        left = above(4 * grid.lowest * damped + 2 * grid.higher + grid.harmonics**2)
    assert left <= share
    assert left >= (0.25 if damping > 1.0 else 0.99) * share


SLOPES = [(1.0, 1, 15.0), (1.0, 2, 15.0), (0.3, 1, 20.0, 0.5, 2), (2.0, 1, 12.0, 3.0, 1)]
"""Of a Gaussian, the strings that it enters, a frequency; slope and number of its positions."""


@pytest.mark.parametrize("given", SLOPES)
@pytest.mark.parametrize(("share", "weight"), [(0.5, 1.0), (0.5, 3.0), (1e-3, 3.0), (1e-12, 1.0)])
def test_a_rule_takes_no_more_nodes_than_its_share_asks_for(
    given: tuple[float, ...], share: float, weight: float
) -> None:
    """The longest step, and the fewest of Gauss's nodes, by the bounds of what they err by."""
    slope, strings, *others = given
    position = arb(others[1] if len(others) > 1 else 0.0)
    with precision():
        for strip in strips(slope, int(strings), *others):  # type: ignore[arg-type]
            step = strip.longest_step(share, weight)
            error = strip.error(Trapezoid(arb(step), 1), arb(slope), position)
            assert 0.999 * share <= weight * above(error) <= 1.03 * share
            few = strip.fewest_nodes(share, weight)
            if few == 600:  # so many that equispaced ones are fewer
                continue
            assert weight * above(strip.error(Hermite(few), arb(slope), position)) <= share
            if few > 1:
                fewer = strip.error(Hermite(few - 1), arb(slope), position)
                assert weight * above(fewer) > share


def test_nodes_that_the_tolerance_asks_for_leave_a_fifth_to_roundings() -> None:
    """Where the finest cost too much; and the tolerance is made use of."""
    pattern = Pattern.of("AABC", "BCDE")
    tolerances = [10.0 ** -(5 + n / 4) for n in range(12)]
    chosen = [plain_way(pattern, 3.0, 0.5, tolerance) for tolerance in tolerances]
    shares = [_truncation(pattern, w) / t for w, t in zip(chosen, tolerances, strict=True)]
    assert 0.7 <= max(shares) <= 0.8
    assert min(shares) >= 0.05


def test_the_higher_harmonics_are_those_of_the_gamma_function() -> None:
    """Their sum, term by term; it decays so fast that a geometric series is nearly exact."""
    for step in (0.3, 1.0, 1.5):
        with precision():
            grid = ShiftGrid(arb(-20), arb(step), 100)
            terms = sum((gamma_size(k * grid.frequency) for k in range(2, 30)), arb(0))
            assert abs(grid.higher - 2 * terms) <= 0.01 * grid.higher
            assert grid.higher >= 2 * terms


@pytest.mark.parametrize("step", [1.3, 1.4])
def test_the_error_of_a_coarse_sum_attains_all_harmonics(step: float) -> None:
    """One position: both softmaxes are 1, and at a small beta nothing is damped.

    The kernel is 1, and its sum over all shifts the square of an equispaced sum, whose harmonics
    add up where the shifts lie worst.
    """
    structure = Structure.of(Pattern((0,), (0,)), positional=False)
    fine = make_plan(1e-6, 0.0, aim=1e-12, shape=Shape.of(structure))
    unit = math.floor(2.0**18 * step / 256) / 2.0**18
    first = math.floor(-60.0 / unit)
    token = replace(fine.token, rule=Hermite(1), places=0)
    coarse = replace(fine, unit=unit, stride=256, start=first, count=64, token=token)
    shifts = unit * (first + np.arange(256)[:, None] + 256 * np.arange(64))
    total = np.exp(shifts)
    errors = np.abs((256 * unit * (total * np.exp(-total)).sum(axis=1)) ** 2 - 1.0)
    worst = int(np.argmax(errors))
    found = bound(replace(coarse, start=first + worst), structure)
    assert errors[worst] <= above(found.total) <= 1.0005 * errors[worst]
    # Half of what the higher harmonics add is more than what the bound exceeds the error by.
    assert above(coarse.shifts.higher) > 2e-4 * errors[worst]


def test_bounds_are_per_unit_of_the_largest_entry() -> None:
    """The kernel is linear in M: twice its largest entry is twice every part of the bound."""
    structure = replace(Structure.of(AA_BC), agree=False, common=False)
    plan = make_plan(1.0, 1.0, aim=1e-10, shape=Shape.of(structure))
    once, twice = bound(plan, structure), bound(plan, replace(structure, agree=True))
    for one, two in zip(once, twice, strict=True):
        assert one > 0
        assert above(two) == pytest.approx(2.0 * above(one), rel=1e-12, abs=0.0)


def test_a_token_errs_more_in_the_harmonic_of_its_own_string() -> None:
    structure = Structure.of(AA_BC)
    plan = make_plan(1.0, 1.0, aim=1e-10, shape=Shape.of(structure))
    none = replace(structure, own=((), ()), shared=0, positions=0, read_outs=0)
    with precision():
        of_x, of_y = (_errors(replace(none, own=own), plan)[-1] for own in (((2,), ()), ((), (2,))))
    assert above(of_x.x) > 10.0 * above(of_x.y)
    assert tuple(map(above, (of_y.plain, of_y.y, of_y.x))) == tuple(map(above, of_x))


@pytest.mark.parametrize("kind", ["own", "shared", "positions", "read_outs"])
def test_gaussians_of_a_kind_cost_as_much_as_each_other(kind: str) -> None:
    """Bounds add up over the Gaussians, those of the nodes and those of what is left out."""
    structure = Structure.of(AA_BC)
    plan = make_plan(1.0, 1.0, aim=1e-10, shape=Shape.of(structure))
    none = replace(structure, own=((), ()), shared=0, positions=0, read_outs=0)
    numbers = [((2,) * n, ()) for n in (1, 2, 3)] if kind == "own" else [1, 2, 3]
    found = [bound(plan, replace(none, **{kind: n})) for n in numbers]  # type: ignore[arg-type]
    for name in ("gaussian", "dropped"):
        once, *others = (above(getattr(parts, name)) for parts in found)
        assert once > 0.0
        assert others == pytest.approx([2.0 * once, 3.0 * once], rel=1e-6, abs=0.0)

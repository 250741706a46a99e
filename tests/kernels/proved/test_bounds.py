"""Every bound of a proved value by itself, from both sides: one parameter coarsened at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from flint import arb

from kernels import Pattern
from kernels.attention.proved.balls import rounded
from kernels.attention.proved.bounds import truncation as bounds
from kernels.attention.proved.bounds.plan import Direction, Plan, Shape, make_plan
from kernels.attention.proved.bounds.rules import Hermite, Trapezoid
from kernels.attention.proved.bounds.shifts import ShiftGrid
from kernels.attention.proved.bounds.strips import Strip
from kernels.attention.proved.bounds.truncation import Truncation, truncation
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.contraction import Contraction
from kernels.attention.proved.sums.route import Route
from kernels.attention.proved.sums.tables import Tables
from kernels.attention.proved.sums.tensors import BOTH, PLAIN, Sums
from kernels.attention.symmetry.multigraph import components
from kernels.estimates.balls import above, precision

AA_BC = Pattern.of("AA", "BC")
SHAPE = Shape.of(Structure.of(AA_BC))
TRUTH = 0.66033431718535576691  # of AA_BC at beta = gamma = 1, from sums in balls


def summed(plan: Plan, pattern: Pattern = AA_BC) -> float:
    """The plan's sum, its parts put together here."""
    tables, plain, inserted = Tables(plan), np.ones(()), np.zeros(())
    for component in components(pattern):
        if component == READ_OUT:
            found = tables.read_out
        else:
            found = Contraction(tables, Sums()).contribution(Route(component))
        inserted = inserted * found.jet[PLAIN] + plain * found.jet[BOTH]
        plain = plain * found.jet[PLAIN]
    return float(tables.shift_weights @ inserted @ tables.shift_weights)


def bound(plan: Plan, pattern: Pattern = AA_BC) -> Truncation:
    with precision():
        return truncation(Structure.of(pattern, positional=plan.gamma > 0.0), plan)


def planned(beta: float = 1.0, aim: float = 1e-15) -> Plan:
    return make_plan(beta, 1.0, aim=aim, shape=SHAPE)


def stretched(direction: Direction, unit: float, places: int) -> Direction:
    """Equispaced nodes with a longer step, reaching as far."""
    with precision():
        step = arb(unit) * places / direction.slope
        reach = direction.rule.half * direction.rule.step
        return replace(
            direction, rule=Trapezoid(step, math.ceil(float(reach / step))), places=places
        )


def cut(direction: Direction, nodes: int) -> Direction:
    """Fewer nodes on either side."""
    rule = direction.rule
    assert isinstance(rule, Trapezoid)
    return replace(direction, rule=Trapezoid(rule.step, rule.half - nodes))


def token_and_shifts(plan: Plan, places: int) -> Plan:
    count = plan.count * plan.stride // places + 1
    token = stretched(plan.token, plan.unit, places)
    return replace(plan, stride=places, count=count, token=token)


COARSER: dict[str, tuple[str, float, Callable[[Plan], Plan]]] = {
    # what is made coarser: the part of the bound that grows, how far it may exceed the error
    "position step": (
        "gaussian",
        1e5,
        lambda p: replace(p, position=stretched(p.position, p.unit, 6)),
    ),
    "read-out step": (
        "gaussian",
        1e5,
        lambda p: replace(p, read_out=stretched(p.read_out, p.unit, 8)),
    ),
    "token nodes": ("dropped", 100.0, lambda p: replace(p, token=cut(p.token, 8))),
    "position nodes": ("dropped", 10.0, lambda p: replace(p, position=cut(p.position, 20))),
    "read-out nodes": ("dropped", 10.0, lambda p: replace(p, read_out=cut(p.read_out, 25))),
    "left end": (
        "left",
        100.0,
        lambda p: replace(p, start=p.start + 20 * p.stride, count=p.count - 20),
    ),
    "right end": ("right", 1e6, lambda p: replace(p, count=p.count - 16)),
    "shift step": ("laplace", 1e4, lambda p: token_and_shifts(p, 6)),
}


@pytest.mark.parametrize("name", COARSER)
def test_each_part_of_the_bound_holds_and_is_needed(name: str) -> None:
    """The error is within the bound, and beyond what is left without the part in question."""
    part, pessimism, coarsen = COARSER[name]
    plan = coarsen(planned())
    found = bound(plan)
    error, whole = abs(summed(plan) - TRUTH), above(found.total)
    assert error <= whole
    assert whole <= pessimism * error
    if name != "shift step":  # there the token's nodes, which go along, err as much
        without = found._replace(**{part: arb(0)})
        assert above(without.total) < error


@pytest.mark.parametrize("stretch", [2, 3, 4])
def test_harmonics_without_damping(stretch: int) -> None:
    """At small beta nothing damps the harmonics, and their bound is nearly attained."""
    fine = planned(0.02)
    coarse = replace(
        fine,
        unit=fine.unit * stretch,
        start=fine.start // stretch,
        count=fine.count // stretch + 1,
    )
    error, found = abs(summed(coarse) - summed(fine)), bound(coarse)
    assert error <= above(found.total) <= 30.0 * error
    assert above(found._replace(laplace=arb(0)).total) < error


@pytest.mark.parametrize("kind", ["token", "position", "read_out"])
@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_gauss_hermite_nodes(kind: str, nodes: int) -> None:
    fine = planned(0.1 if kind == "position" else 0.02)
    direction = getattr(fine, kind)
    coarse = replace(fine, **{kind: replace(direction, rule=Hermite(nodes))})
    error, found = abs(summed(coarse) - summed(fine)), bound(coarse)
    assert error <= above(found.total)


@pytest.mark.parametrize("aim", [1e-2, 1e-4, 1e-6, 1e-9, 1e-12])
def test_a_plan_meets_its_aim_and_wastes_little(aim: float) -> None:
    plan = planned(aim=aim)
    error, whole = abs(summed(plan) - TRUTH), above(bound(plan).total)
    assert error <= whole <= 200.0 * error
    assert whole <= aim


def test_a_strip_taken_too_wide_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A position's Gaussian enters both strings; the strip of half its slope is not its own."""
    plan = planned(4.0, 1e-12)
    # Shifts so close that their harmonics, of which the strip is another, do not count.
    token = stretched(plan.token, plan.unit, 1)
    fine = replace(plan, stride=1, count=plan.stride * plan.count, token=token)
    coarse = replace(fine, position=stretched(fine.position, fine.unit, 4))
    error = abs(summed(coarse) - summed(fine))
    assert error <= above(bound(coarse).total)
    right = bounds.strips

    def wrong(slope: float, strings: int, *given: float) -> list[Strip]:
        return [replace(s, slope=0.5 * slope) for s in right(slope, strings, *given)]  # type: ignore[arg-type]

    monkeypatch.setattr(bounds, "strips", wrong)
    monkeypatch.setattr(
        Strip, "error", lambda strip, rule, slope, other: _error(strip, rule, slope / 2, other)
    )
    bounds._both.cache_clear()
    bounds._token.cache_clear()
    assert above(bound(coarse).total) < error
    bounds._both.cache_clear()
    bounds._token.cache_clear()


_error = Strip.error


def test_a_strip_that_reaches_a_zero_is_refused() -> None:
    strip = Strip(slope=1.0, strings=2)
    with precision(), pytest.raises(ArithmeticError, match="zero"):
        strip.error(Trapezoid(arb(0.5), 10), arb(2), arb(0))


@pytest.mark.parametrize("step", [0.25, 0.5, 0.9])
def test_discrete_gaussians(step: float) -> None:
    """Mass, exponential moments and tails of the rules, against sums in balls."""
    with precision(256):
        rule = Trapezoid(arb(step), 40)
        mass = sum(rule.weights, arb(0))
        assert abs(mass - 1) <= rule.excess + rule.tail
        for slope in (0.3, 1.7):
            moment = sum(
                (w * (slope * z).exp() for w, z in zip(rule.weights, rule.nodes, strict=True)),
                arb(0),
            )
            assert moment <= (1 + rule.excess) * (arb(slope) ** 2 / 2).exp()
        short = Trapezoid(arb(step), 3)
        dropped = mass - sum(short.weights, arb(0))
        assert dropped <= short.tail + rule.tail
        assert short.tail < 10 * dropped


@pytest.mark.parametrize("size", [1, 2, 5, 13, 40])
def test_gauss_hermite_rules_are_exact_for_polynomials(size: int) -> None:
    with precision():
        rule = Hermite(size)
        for power in range(0, 2 * size, 2):
            moment = sum(
                (w * z**power for w, z in zip(rule.weights, rule.nodes, strict=True)), arb(0)
            )
            assert moment.contains(math.prod(range(power - 1, 0, -2)))


@pytest.mark.parametrize("step", [0.3, 0.6, 1.2])
@pytest.mark.parametrize("offset", [0.0, 0.4])
def test_sums_over_all_shifts(step: float, offset: float) -> None:
    """Lemma 1: h sum g(s + n h) is 1 up to the harmonics, which are attained somewhere."""
    with precision():
        grid = ShiftGrid(arb(-60), arb(step), 2)
        found = arb(0)
        for n in range(int(-120 / step), int(8 / step)):
            u = arb(step) * n + arb(offset) * step
            found += arb(step) * (u - u.exp()).exp()
        left_out = arb(-110).exp()
        assert abs(found - 1) <= grid.harmonics + left_out
    u = step * (np.arange(int(-80 / step), int(8 / step))[:, None] + np.linspace(0, 1, 64))
    worst = np.abs(step * np.exp(u - np.exp(u)).sum(axis=0) - 1.0).max()
    if worst > 1e-13:
        assert above(grid.harmonics) < 1.1 * worst


def one_shift(a: arb) -> arb:
    return a * (-a).exp()


@pytest.mark.parametrize("step", [0.05, 0.24, 0.49, 1.1])
@pytest.mark.parametrize("log", [-12.0, -4.0, -1.0, 1.0])
def test_the_left_end(step: float, log: float) -> None:
    """Lemma 2 for one A: what two corrected weights leave of the tail is of third order."""
    with precision(256):
        grid, a = ShiftGrid(arb(0), arb(step), 40), arb(log).exp()
        gains = [w - grid.step for w in grid.weights]
        assert all(weight > 0 for weight in grid.weights)

        def tail(function: Callable[[arb], arb]) -> arb:
            nodes = range(1, 1 + math.ceil(200.0 / step))
            return sum((grid.step * function(a * (-n * grid.step).exp()) for n in nodes), arb(0))

        def gained(function: Callable[[arb], arb]) -> arb:
            values = [function(a * (n * grid.step).exp()) for n in range(40)]
            return sum((g * v for g, v in zip(gains, values, strict=True)), arb(0))

        for sums in (lambda t: t, lambda t: t**2):
            assert abs(tail(sums) - gained(sums)) < 1e-60
        error = abs(tail(one_shift) - gained(one_shift))
        # One position with a logit of log, and no variance: A itself.
        found = ShiftGrid(arb(log), arb(step), 40).left(1, arb(0), arb(1))
        assert error <= found
        if log < -3.0:
            assert found < 10.0 * error


def test_shifts_that_end_too_early_are_refused() -> None:
    with precision(), pytest.raises(ArithmeticError, match="end before"):
        ShiftGrid(arb(-20), arb(0.5), 4).right(3, arb(1), arb(1))


def test_shifts_too_few_to_correct_are_refused() -> None:
    with precision(), pytest.raises(ArithmeticError, match="correct"):
        assert ShiftGrid(arb(-20), arb(0.5), 2).weights


def test_a_ball_too_wide_for_a_float_is_refused() -> None:
    with precision(), pytest.raises(ArithmeticError, match="accuracy"):
        rounded(arb(1, 1e-9))
    assert rounded(arb(2) ** -950) == 0.0

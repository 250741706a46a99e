"""The standard error of each rule: no chance part above it, one case attains it, wrong ones seen.

With one normal draw for all numbers, the worst dependence, Gauss-Hermite nodes give the root mean
square of what chance adds, ``f(x - e) - f(x - e - t)``, without any chance of their own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import norm

from kernels import Estimate, EstimateArray, StandardError
from kernels.estimates import functions
from kernels.estimates.error import ErrorKind
from kernels.estimates.provenance import Provenance, Source
from kernels.estimates.rules import arithmetic, linear_algebra
from kernels.estimates.rules.arithmetic import ROOT_THREE, Parts
from tests import tolerances

NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = _WEIGHTS / _WEIGHTS.sum()

RULES: dict[str, tuple[Callable[[EstimateArray], Estimate], Callable[[np.ndarray], np.ndarray]]] = {
    "x + y": (lambda x: x[0] + x[1], lambda x: x[..., 0] + x[..., 1]),
    "x - y": (lambda x: x[0] - x[1], lambda x: x[..., 0] - x[..., 1]),
    "x y": (lambda x: x[0] * x[1], lambda x: x[..., 0] * x[..., 1]),
    "x / y": (lambda x: x[0] / x[1], lambda x: x[..., 0] / x[..., 1]),
    "|x|": (lambda x: abs(x[0]), lambda x: abs(x[..., 0])),
    "sum": (lambda x: x.sum(), lambda x: x.sum(axis=-1)),
    "a b": (
        lambda x: (x[:2].reshape(1, 2) @ x[2:])[0],
        lambda x: (x[..., :2] * x[..., 2:]).sum(axis=-1),
    ),
    "norm": (lambda x: x.norm(), lambda x: np.linalg.norm(x, axis=-1)),
    "least": (lambda x: x.smallest(), lambda x: x.min(axis=-1)),
    "eigenvalue": (
        lambda x: x.reshape(2, 2).smallest_eigenvalue(),
        lambda x: np.linalg.eigvalsh(x.reshape(*x.shape[:-1], 2, 2))[..., 0],
    ),
    "root": (lambda x: functions.root(x)[0], lambda x: np.sqrt(np.maximum(x[..., 0], 0.0))),
    "exp": (lambda x: functions.exponential(x)[0], lambda x: np.exp(x[..., 0])),
}
"""Each with estimates and with numbers, the last axis holding the factors."""

SMALL = 1e-5
"""A standard error at which what holds to first order holds to ten digits."""


class Case(NamedTuple):
    """Factors, and the share of the rule's standard error that the worst of them attains."""

    rule: str
    values: Sequence[float]
    bounds: Sequence[float]
    deviations: Sequence[float]
    attained: float = 0.9999


CASES = [
    Case("x + y", [1, 2], [0.1, 0], [1, 2]),
    Case("x - y", [1, 2], [0.1, 0], [1, 2]),
    Case("|x|", [9], [0.1], [1]),
    Case("|x|", [0], [0], [1]),
    Case("sum", [1, 2, 3], [0, 0.1, 0], [1, 2, 3]),
    # Each term of a product alone, means at 0 and bounds without chance among them.
    Case("x y", [0, 0], [0, 0], [1, 2]),
    Case("x y", [0, 0], [0.5, 0], [0, 2]),
    Case("x y", [0, 0], [0, 0.5], [2, 0]),
    Case("x y", [3, 0], [0, 0], [0, 2]),
    Case("x y", [0, 3], [0, 0], [2, 0]),
    Case("x y", [1, 2], [0.1, 0.2], [0.3, 0.4], 0.7),
    Case("x / y", [1, 1], [0, 0.5], [SMALL, 0]),
    Case("x / y", [1, 1], [0, 0], [0, SMALL]),
    Case("x / y", [0, 1], [1, 0], [0, SMALL]),
    Case("x / y", [1, 1], [0.2, 0.3], [SMALL, SMALL]),
    Case("a b", [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 2, 0]),
    Case("a b", [0, 0, 0, 0], [0.5, 0, 0, 0], [0, 0, 2, 0]),
    Case("a b", [0, 0, 0, 0], [0, 0, 0.5, 0], [2, 0, 0, 0]),
    Case("a b", [1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 1, 3]),
    Case("a b", [0, 0, 1, 2], [0, 0, 0, 0], [1, 3, 0, 0]),
    Case("norm", [3, 4], [0, 0], [3 * SMALL, 4 * SMALL]),
    Case("norm", [0, 0], [0, 0], [3, 4]),
    Case("norm", [3, 4], [0.5, 0.5], [0.3, 0.4], 0.7),
    Case("eigenvalue", [-5, -5, -5, -5], [0, 0, 0, 0], [0.01] * 4),
    Case("least", [1, 2], [0, 0], [0.01, 0]),
    Case("root", [1], [0], [SMALL]),
    Case("root", [1], [0.75], [SMALL]),
    Case("root", [0], [0], [1], 0.6),  # half of the draws are cut at 0
    Case("exp", [0], [0], [SMALL]),
    Case("exp", [0], [1], [SMALL]),
]


def sampled(
    values: np.ndarray,
    deviations: np.ndarray,
    bounds: np.ndarray | float = 0.0,
    degrees: float = math.inf,
) -> EstimateArray:
    """Numbers with standard errors."""
    provenance = Provenance.uniform(Source(ErrorKind.STATISTICAL, degrees, ""), values.shape)
    return EstimateArray(values, np.broadcast_to(bounds, values.shape), deviations, provenance)


def added_by_chance(case: Case) -> float:
    """The largest root mean square of what chance adds, over the signs of both parts of errors."""
    plain = RULES[case.rule][1]
    x, p, s = (np.array(part, dtype=np.float64) for part in case[1:4])
    worst = 0.0
    offs = itertools.product(*([-1.0, 0.0, 1.0] if bound else [0.0] for bound in p))
    turns = list(itertools.product(*([-1.0, 1.0] if one else [1.0] for one in s)))
    for off, turn in itertools.product(offs, turns):
        centre = x - np.array(off) * p
        moved = centre - np.array(turn) * s * NODES[:, None]
        square = WEIGHTS @ (plain(centre) - plain(moved)) ** 2
        worst = max(worst, math.sqrt(square))
    return worst


def right(case: Case) -> bool:
    """Whether the rule's standard error is neither too small nor too large."""
    x, p, s = (np.array(part, dtype=np.float64) for part in case[1:4])
    stated = RULES[case.rule][0](sampled(x, s, p)).error.deviation
    chance = added_by_chance(case)
    return case.attained * stated <= chance <= stated * (1.0 + tolerances.FIRST_ORDER)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_worst_chance_attains_the_standard_error(case: Case) -> None:
    assert right(case)


def right_for_independent_draws() -> bool:
    """Whether the least of 64 numbers, each its own draw, is within its standard error."""
    draws = np.random.default_rng(0).standard_normal((20_000, 64))
    chance = math.sqrt(np.square(draws.min(axis=1)).mean())
    stated = sampled(np.zeros(64), np.ones(64)).smallest().error.deviation
    return 0.25 * stated <= chance <= stated


def test_the_least_of_many_draws_is_further_off_than_each() -> None:
    assert right_for_independent_draws()


def _sizes(x: Parts, y: Parts) -> tuple[np.ndarray, ...]:
    return (abs(x.values), x.bounds, x.deviations, abs(y.values), y.bounds, y.deviations)


def _product(terms: Callable[..., np.ndarray]) -> Callable[[Parts, Parts], np.ndarray]:
    return lambda x, y: terms(*_sizes(x, y))


WRONG: dict[str, tuple[ModuleType, str, Callable[..., np.ndarray]]] = {
    "x + y in squares": (
        arithmetic,
        "plus",
        lambda x, y: np.hypot(x.deviations, y.deviations),
    ),
    "x y without sqrt(3) s s": (
        arithmetic,
        "times",
        _product(lambda a, p, s, b, q, t: (a + p) * t + s * (b + q)),
    ),
    "x y without p_x s_y": (
        arithmetic,
        "times",
        _product(lambda a, _p, s, b, q, t: a * t + s * (b + q) + ROOT_THREE * s * t),
    ),
    "x y without s_x p_y": (
        arithmetic,
        "times",
        _product(lambda a, p, s, b, _q, t: (a + p) * t + s * b + ROOT_THREE * s * t),
    ),
    "x y twice": (
        arithmetic,
        "times",
        _product(lambda a, p, s, b, q, t: 2.0 * ((a + p) * t + s * (b + q) + ROOT_THREE * s * t)),
    ),
    "x / y over |y|": (
        arithmetic,
        "over",
        _product(lambda a, p, s, b, q, t: (s + (a / b + (p + a / b * q) / b) * t) / b),
    ),
    "x / y without the divisor's": (
        arithmetic,
        "over",
        _product(lambda _a, _p, s, b, q, t: s / (b - q - t)),
    ),
    "x / y without the bounds beside": (
        arithmetic,
        "over",
        _product(lambda a, _p, s, b, q, t: (s + a / b * t) / (b - q - t)),
    ),
    "sum in squares": (
        arithmetic,
        "total",
        lambda x, axis: np.sqrt(np.square(x.deviations).sum(axis)),
    ),
    "A B without sqrt(3) S S": (
        linear_algebra,
        "matmul",
        _product(lambda a, p, s, b, q, t: (a + p) @ t + s @ (b + q)),
    ),
    "A B without P S": (
        linear_algebra,
        "matmul",
        _product(lambda a, _p, s, b, q, t: a @ t + s @ (b + q) + ROOT_THREE * (s @ t)),
    ),
    "A B without S P": (
        linear_algebra,
        "matmul",
        _product(lambda a, p, s, b, _q, t: (a + p) @ t + s @ b + ROOT_THREE * (s @ t)),
    ),
    "eigenvalue by the largest": (linear_algebra, "eigenvalues", lambda a: a.deviations.max()),
    "norm by the largest": (linear_algebra, "norm", lambda a: a.deviations.max()),
    "least by the largest": (linear_algebra, "least", lambda a: a.deviations.max()),
    "root without the bound": (
        functions,
        "root",
        lambda x: np.minimum(
            x.deviations / np.maximum(2.0 * np.sqrt(x.values), 1e-300), np.sqrt(x.deviations)
        ),
    ),
    "root by its slope alone": (
        functions,
        "root",
        lambda x: (
            x.deviations / np.maximum(2.0 * np.sqrt(np.maximum(x.values - x.bounds, 0)), 1e-9)
        ),
    ),
    "exp without the bound": (
        functions,
        "exponential",
        lambda x: np.exp(x.values) * x.deviations,
    ),
}
"""Wrong standard errors of rules, under the names of what is wrong."""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_standard_error_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, deviations = WRONG[name]
    rule = getattr(module, function)

    def wrong(*given: object) -> object:
        found = rule(*given)
        said = np.broadcast_to(deviations(*given), found.values.shape)
        if isinstance(found, Parts):
            return found._replace(deviations=said)
        return EstimateArray(found.values, found.bounds, said, found.provenance)

    monkeypatch.setattr(module, function, wrong)
    assert not (all(map(right, CASES)) and right_for_independent_draws())


# What a radius of a product claims, and what it does not


@pytest.mark.parametrize("significance", [0.05, 1e-3, 1e-6])
def test_a_product_of_two_far_draws_is_short_of_its_radius_by_what_is_stated(
    significance: float,
) -> None:
    x, y, s, t = 3.2, 1.5, 1.0, 0.2
    z = StandardError(1.0).radius(significance)
    product = Estimate(x, StandardError(s)) * Estimate(y, StandardError(t))
    off = (x + z * s) * (y + z * t) - x * y
    stated = product.radius(significance) + (z * z - math.sqrt(3.0) * z) * s * t
    assert off == pytest.approx(stated, rel=tolerances.LAW_ROUNDING)


@pytest.mark.parametrize(("mean", "missed"), [(3.2, 9e-4), (1000.0, 1e-6)])
def test_how_often_a_square_is_beyond_its_radius(mean: float, missed: float) -> None:
    """As stated for a factor that is hardly measured, and as asked for where it is."""
    grid = np.linspace(-8.0, 8.0, 400_001)
    drawn = sampled(mean + grid, np.ones_like(grid))
    square = drawn * drawn
    beyond = abs(square.values - mean * mean) > square.radii(1e-6)
    share = norm.pdf(grid)[beyond].sum() * (grid[1] - grid[0])
    assert share == pytest.approx(missed, rel=0.1)

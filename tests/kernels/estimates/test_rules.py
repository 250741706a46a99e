"""Bounds of single numbers: what becomes of them, against exact truths, from both sides."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from kernels import ErrorKind, Estimate, EstimateArray, Exact, Numerical, Proved, StandardError
from kernels.estimates.functions import exponential, root
from kernels.estimates.rules import arithmetic, linear_algebra
from tests import tolerances

KINDS = [Exact, Proved, Numerical]


def random_estimate(rng: np.random.Generator) -> tuple[Estimate, Fraction]:
    """A number with a bound, and a truth that is within it or just attains it."""
    value = float(rng.standard_normal() * 10.0 ** rng.integers(-6, 7))
    kind = KINDS[rng.integers(3)]
    if kind is Exact:
        return Estimate(value, Exact()), Fraction(value)
    bound = abs(value) * 10.0 ** float(rng.uniform(-17, 0))
    share = Fraction(float(rng.choice([-1.0, 1.0, rng.uniform(-1, 1)])))
    return Estimate(value, kind(bound)), Fraction(value) + share * Fraction(bound)


def combined(
    rng: np.random.Generator, operations: int, add: Callable[..., Estimate] = operator.add
) -> tuple[Estimate, Fraction]:
    """The result of random operations, and its exact truth."""
    found, truth = random_estimate(rng)
    for _ in range(operations):
        other, other_truth = random_estimate(rng)
        match rng.integers(6):
            case 0:
                found, truth = add(found, other), truth + other_truth
            case 1:
                found, truth = found - other, truth - other_truth
            case 2:
                found, truth = found * other, truth * other_truth
            case 3:
                divisor, true_divisor = other, other_truth
                if abs(other.value) <= 2.0 * other.error.bound:
                    divisor, true_divisor = Estimate(3.0, Exact()), Fraction(3)
                found, truth = found / divisor, truth / true_divisor
            case 4:
                found, truth = abs(found), abs(truth)
            case _:
                found, truth = other.value - found * 3, Fraction(other.value) - 3 * truth
    return found, truth


def extreme_estimate(rng: np.random.Generator) -> tuple[Estimate, Fraction]:
    """The same from all over the range of float64: subnormal, near overflow, with bounds of 0."""
    value = float(rng.choice([-1.0, 1.0]) * rng.uniform(1, 10) * 10.0 ** rng.uniform(-323, 300))
    value *= float(rng.random() > 0.1)
    if rng.random() < 0.4:
        return Estimate(value, Exact()), Fraction(value)
    near, far = abs(value) * 10.0 ** rng.uniform(-20, 0), 10.0 ** rng.uniform(-323, 10)
    bound = float(rng.choice([near, near, far, 0.0]))
    share = int(rng.integers(-1, 2))
    return Estimate(value, Numerical(bound)), Fraction(value) + share * Fraction(bound)


def outside(found: Estimate, truth: Fraction) -> bool:
    """Whether the truth is further from the value than the bound."""
    if math.isinf(found.error.bound):
        return False
    return abs(Fraction(found.value) - truth) > Fraction(found.error.bound)


@given(st.integers(0, 2**32), st.integers(0, 8))
def test_no_truth_outside_its_bound(seed: int, operations: int) -> None:
    assert not outside(*combined(np.random.default_rng(seed), operations))


@pytest.mark.long
def test_no_truth_of_100_000_outside_its_bound() -> None:
    rng = np.random.default_rng(0)
    assert not any(outside(*combined(rng, int(rng.integers(9)))) for _ in range(100_000))


Known = tuple[Estimate, Fraction]

AT_THE_ENDS: list[tuple[Known, Known]] = [
    # Products of bounds that underflow, and a quotient of one that does not.
    (
        (Estimate(0.0, Numerical(1e-200)), Fraction(1e-200)),
        (Estimate(1e-200, Exact()), Fraction(1e-200)),
    ),
    (
        (Estimate(5e-324, Exact()), Fraction(5e-324)),
        (Estimate(1e-150, Numerical(1e-152)), Fraction(1e-150) - Fraction(1e-152)),
    ),
]


def outside_of(pairs: list[tuple[Known, Known]]) -> int:
    """How many results of these numbers are off by more than their bounds."""
    seen = 0
    for (x, x_true), (y, y_true) in pairs:
        pair, other = EstimateArray.gather([x, y]), EstimateArray.gather([y, x])
        cases = [
            (x + y, x_true + y_true),
            (x * y, x_true * y_true),
            (pair @ pair, x_true**2 + y_true**2),
            (pair @ other, 2 * x_true * y_true),
            (pair.sum(), x_true + y_true),
            (pair.smallest(), min(x_true, y_true)),
        ]
        if y_true and (y.value or y.kind is not ErrorKind.EXACT):
            cases.append((x / y, x_true / y_true))
        seen += sum(outside(found, truth) for found, truth in cases)
    return seen


def test_no_truth_outside_its_bound_where_numbers_underflow_or_overflow() -> None:
    rng = np.random.default_rng(2)
    drawn = [(extreme_estimate(rng), extreme_estimate(rng)) for _ in range(60)]
    assert outside_of([*AT_THE_ENDS, *drawn]) == 0


@pytest.mark.parametrize("name", ["product", "quotient", "matrix_product"])
def test_sizes_that_underflow_to_0_are_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy's own operations in the place of each of those in `sizes`."""

    def plain(*given: object) -> np.ndarray:
        with np.errstate(all="ignore"):
            if name == "matrix_product":
                return np.asarray(operator.matmul(*given))
            if name == "product":
                return np.asarray(operator.mul(*given))
            above, below = given
            product = math.prod(above[1:], start=above[0])  # type: ignore[index]
            return np.asarray(product / math.prod(below[1:], start=below[0]))  # type: ignore[index]

    module = linear_algebra if name == "matrix_product" else arithmetic
    monkeypatch.setattr(module, name, plain)
    assert outside_of(AT_THE_ENDS) > 0


@pytest.mark.parametrize(
    ("found", "value", "bound"),
    [
        (lambda: EstimateArray.exact([1e-200]) @ [1e-200], 0.0, 1e-322),
        (lambda: EstimateArray.exact([0, 1]) @ several([0, 0], [math.inf, 0.5]), 0.0, 0.5 + 1e-9),
        (lambda: root(several([1.0], [math.inf]))[0], 1.0, math.inf),
        (lambda: root(several([-1.0], [0.5]))[0], 0.0, math.inf),  # no root at all
        (lambda: exponential(several([-1000.0], [900.0]))[0], 0.0, 4e-44),
        (lambda: EstimateArray.exact([1e308, 1e308]).sum(), math.inf, math.inf),
        (lambda: EstimateArray.exact([[5e-324]]).smallest_eigenvalue(), 5e-324, 1e-322),
        (lambda: several([math.nan, 1.0], [0.1, 0.1]).smallest(), math.nan, math.inf),
        (lambda: root(several([math.nan], [0.1]))[0], math.nan, math.inf),
    ],
)
def test_what_float64_cannot_hold_is_in_the_error(
    found: Callable[[], Estimate], value: float, bound: float
) -> None:
    estimate = found()
    np.testing.assert_equal(estimate.value, value)
    assert 0.0 < estimate.error.bound <= bound
    assert math.isinf(estimate.error.bound) == math.isinf(bound)


def test_a_standard_error_of_infinity_is_no_nan() -> None:
    pair = EstimateArray.gather([Estimate(0.0, StandardError(s)) for s in (math.inf, 0.5)])
    assert (EstimateArray.exact([0.0, 1.0]) @ pair).error.deviation == 0.5
    assert (EstimateArray.exact([1.0, 1.0]) @ pair).error.deviation == math.inf
    assert (pair[0] * 0.0).error.deviation == 0.0
    assert root(pair + 1.0)[0].error.deviation == math.inf


def several(values: list[float], bounds: list[float]) -> EstimateArray:
    return EstimateArray.of(values, Numerical, bounds)


@pytest.mark.parametrize(
    "wrong",
    [
        # Roundings forgotten; errors added in squares, as if they were independent.
        lambda a, b: Estimate(a.value + b.value, Numerical(a.error.bound + b.error.bound)),
        lambda a, b: Estimate(a.value + b.value, Numerical(math.hypot(a.error, b.error))),
    ],
)
def test_a_wrong_rule_is_seen(wrong: Callable[[Estimate, Estimate], Estimate]) -> None:
    rng = np.random.default_rng(1)
    assert any(outside(*combined(rng, 3, add=wrong)) for _ in range(2_000))


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0), st.floats(1e-9, 0.1), st.floats(1e-9, 0.1))
def test_worst_cases_attain_the_bound(x: float, y: float, p: float, q: float) -> None:
    """Both numbers off by all of their bounds, to the side that adds up."""
    first, second = Estimate(x, Numerical(p)), Estimate(y, Proved(q))
    a, b = Fraction(x) + Fraction(p), Fraction(y) + Fraction(q)
    cases = [
        (first + second, a + b),
        (first * second, a * b),
        (first - second, a - (Fraction(y) - Fraction(q))),
        (first / 3.0, a / 3),
    ]
    if q < 0.5 * y:
        cases.append((first / second, a / (Fraction(y) - Fraction(q))))
    for found, truth in cases:
        assert abs(Fraction(found.value) - truth) <= Fraction(found.error.bound)
        assert abs(Fraction(found.value) - truth) >= Fraction(found.error.bound) * Fraction(
            1.0 - tolerances.BOUND_ATTAINED
        )


@given(st.floats(0.0, 10.0), st.floats(1e-9, 1.0), st.floats(-1.0, 1.0))
def test_roots_and_exponentials(x: float, p: float, share: float) -> None:
    """No truth outside the bound, and one of the ends attains it."""
    given_number = EstimateArray.of([x], Numerical, p)
    with mp.workdps(60):
        for function, exact in ((root, mp.sqrt), (exponential, mp.exp)):
            found = function(given_number)[0]
            bound = mp.mpf(found.error.bound)
            offs = [
                abs(exact(max(x + mp.mpf(p) * side, mp.mpf(0))) - found.value)
                for side in (share, -1, 1)
            ]
            if function is exponential:
                offs[1] = abs(mp.exp(x - mp.mpf(p)) - found.value)
            assert max(offs) <= bound
            assert max(offs) >= bound * (1.0 - tolerances.BOUND_ATTAINED)


def test_an_exponential_is_no_tangent() -> None:
    """The first order alone, exp(x) p, would leave truths outside."""
    found = exponential(EstimateArray.of([1.0], Numerical, 0.1))[0]
    assert math.e * 0.1 < abs(math.exp(1.1) - found.value) <= found.error


def test_kinds_of_functions() -> None:
    numbers = EstimateArray.gather([Estimate(4.0, Exact()), Estimate(2.0, Exact())])
    assert root(numbers).kinds.tolist() == ["exact", "proved"]
    assert exponential(numbers).kind == "numerical"


def test_a_divisor_that_may_be_0_leaves_the_quotient_open() -> None:
    near = Estimate(0.1, Numerical(0.1))
    for divisor in (near, near * 0.0, Estimate(0.1, StandardError(0.2))):
        assert (1.0 / divisor).error.bound == math.inf
    assert (1.0 / (near + 0.1)).error == pytest.approx(5.0)
    quotients = EstimateArray.exact([1.0, 4.0]) / EstimateArray.of(
        [0.0, 2.0], Numerical, [0.0, 1.0]
    )
    assert quotients.values.tolist() == [math.inf, 2.0]
    assert quotients.errors.tolist() == [math.inf, pytest.approx(2.0)]


def test_exact_numbers_stay_exact_where_float64_holds_the_result() -> None:
    half, third = Estimate(0.5, Exact()), Estimate(1.0, Exact()) / 3
    assert (half * 3 - 1).error == Exact()
    assert (half / 4).error == Exact()
    assert third.kind is ErrorKind.PROVED
    assert 0.0 < third.error < 1e-16
    assert (Estimate(1.0, Exact()) + 2.0**-60).error.bound >= 2.0**-60


def test_kinds_go_along() -> None:
    proved, numerical = Estimate(1.0, Proved(0.1)), Estimate(1.0, Numerical(0.1))
    sampled = Estimate(1.0, StandardError(0.1, degrees=7, bound=1e-9), "sampling")
    assert (proved * 2 + 1).kind is ErrorKind.PROVED
    assert (proved - numerical).kind is ErrorKind.NUMERICAL
    assert (proved * sampled).kind is ErrorKind.STATISTICAL
    assert (3 * sampled).error == StandardError(3 * 0.1, 7, (3 * sampled).error.bound)
    assert (sampled + Estimate(1.0, StandardError(0.1, 3), "more")).error.degrees == 3
    assert (sampled + Estimate(1.0, Exact(), "more")).method == "sampling, more"

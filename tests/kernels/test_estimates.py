"""Estimates: what becomes of errors, against exact truths, from both sides."""

from __future__ import annotations

import math
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from kernels import (
    ErrorKind,
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    Numerical,
    Proved,
    StandardError,
)
from kernels.estimates.error import checked_error
from kernels.estimates.functions import exponential, root
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


def outside(found: Estimate, truth: Fraction) -> bool:
    """Whether the truth is further from the value than the bound."""
    return abs(Fraction(found.value) - truth) > Fraction(found.error.bound)


@given(st.integers(0, 2**32), st.integers(0, 8))
def test_no_truth_outside_its_bound(seed: int, operations: int) -> None:
    assert not outside(*combined(np.random.default_rng(seed), operations))


@pytest.mark.long
def test_no_truth_of_100_000_outside_its_bound() -> None:
    rng = np.random.default_rng(0)
    assert not any(outside(*combined(rng, int(rng.integers(9)))) for _ in range(100_000))


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


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0, 2)), min_size=1, max_size=5), st.data())
def test_the_least_and_the_largest(pairs: list[tuple[float, float]], data: st.DataObject) -> None:
    values, errors = np.array(pairs).T
    several = EstimateArray.of(values, Numerical, errors)
    shares = [data.draw(st.sampled_from([-1.0, 0.0, 1.0])) for _ in pairs]
    moved = values + errors * shares
    for found, chosen in ((several.smallest(), np.min), (several.largest(), np.max)):
        ends = [abs(chosen(values + side * errors) - found.value) for side in (-1.0, 1.0)]
        assert abs(chosen(moved) - found.value) <= found.error + tolerances.LAW_ROUNDING
        assert max(ends) == pytest.approx(found.error, abs=tolerances.LAW_ROUNDING)


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


def test_a_multiple_of_an_error_is_a_plain_number() -> None:
    for error in (Exact(), Proved(0.1), Numerical(0.1), StandardError(0.1)):
        assert type(3 * error) is float
        assert float(str(error)) == error
        assert pickle.loads(pickle.dumps(error)) == error
    assert Proved(0.1) != Numerical(0.1)
    assert Numerical(0.1) == 0.1
    assert StandardError(0.1, degrees=3) != StandardError(0.1, degrees=4)


@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_matrix_products_norms_and_sums(seed: int, n: int, k: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    (a, a_true), (b, b_true) = (_random_matrix(rng, *shape) for shape in ((n, k), (k, m)))
    product, truth = a @ b, a_true @ b_true
    assert not any(outside(product[i, j], truth[i, j]) for i in range(n) for j in range(m))
    assert not outside(a.sum(), a_true.sum())
    square = sum(entry * entry for entry in a_true.ravel())
    norm = a.norm()
    low = max(Fraction(norm.value) - Fraction(norm.error.bound), Fraction(0))
    assert low**2 <= square <= (Fraction(norm.value) + Fraction(norm.error.bound)) ** 2


def _random_matrix(rng: np.random.Generator, n: int, m: int) -> tuple[EstimateArray, np.ndarray]:
    pairs = [random_estimate(rng) for _ in range(n * m)]
    truth = np.array([truth for _, truth in pairs], dtype=object).reshape(n, m)
    return EstimateArray.gather(e for e, _ in pairs).reshape(n, m), truth


def test_worst_matrices_attain_their_bounds() -> None:
    rng = np.random.default_rng(2)
    values, errors = rng.uniform(1.0, 2.0, (4, 4)), rng.uniform(1e-4, 1e-3, (4, 4))
    a = EstimateArray.of(values, Numerical, errors)
    moved = values + errors
    np.testing.assert_allclose(moved @ moved - values @ values, (a @ a).bounds, rtol=1e-9)
    parallel = EstimateArray.of(values, Numerical, 1e-3 * values)
    assert parallel.norm().error == pytest.approx(1e-3 * float(parallel.norm()))
    flat = EstimateArray.of(np.eye(4), Numerical, np.full((4, 4), 1e-3))
    worst = np.linalg.eigvalsh(np.eye(4) - 1e-3)[0]
    assert 1.0 - worst == pytest.approx(float(flat.smallest_eigenvalue().error))


def test_the_rounding_of_a_sum_of_many_is_bounded() -> None:
    values = np.random.default_rng(3).standard_normal(10_000) * 1e8
    found = EstimateArray.exact(values).sum()
    assert not outside(found, sum(map(Fraction, values.tolist()), Fraction(0)))
    assert found.kind is ErrorKind.PROVED


def _shares(
    rng: np.random.Generator, combine: Callable[[list[Estimate]], Estimate], truth: float
) -> list[float]:
    """The share of truths within one, two and three standard errors of 4,000 results."""
    offs = []
    for _ in range(4_000):
        deviations = np.array([0.1, 0.02, 0.05])
        drawn = 2.0 + deviations * rng.standard_normal(3)
        pairs = zip(drawn.tolist(), deviations.tolist(), strict=True)
        found = combine([Estimate(value, StandardError(s)) for value, s in pairs])
        offs.append(abs(found.value - truth) / found.error.deviation)
    return [float(np.mean(np.array(offs) <= multiple)) for multiple in (1, 2, 3)]


NORMAL = (0.6827, 0.9545, 0.9973)


@pytest.mark.parametrize(
    ("combine", "truth", "attained"),
    [
        (lambda x: 3 * x[0] - 1, 5.0, True),
        # One draw twice: the worst dependence, where standard errors add up.
        (lambda x: x[0] + x[0], 4.0, True),
        (lambda x: x[0] * 2 - 5 * x[0], -6.0, False),  # and where they could cancel
        (lambda x: x[0] + x[1] - x[2], 2.0, False),
        (lambda x: x[0] * x[1], 4.0, False),
        (lambda x: EstimateArray.gather(x).norm(), math.sqrt(12.0), False),
        (lambda x: x[0] / x[1], 1.0, False),
        (lambda x: root(EstimateArray.gather(x))[1], math.sqrt(2.0), True),
        (lambda x: exponential(EstimateArray.gather(x))[1], math.exp(2.0), True),
    ],
)
def test_standard_errors_are_calibrated(
    combine: Callable[..., Estimate], truth: float, attained: bool
) -> None:
    shares = _shares(np.random.default_rng(4), combine, truth)
    for share, expected in zip(shares, NORMAL, strict=True):
        noise = tolerances.FALSE_ALARM_DEVIATIONS * math.sqrt(expected * (1 - expected) / 4_000)
        assert share >= expected - noise
        if attained:
            assert share <= expected + noise


def test_a_radius_fails_as_rarely_as_it_says() -> None:
    """Student's quantile, not a normal one: with 3 degrees of freedom that matters."""
    rng = np.random.default_rng(5)
    draws = rng.standard_normal((20_000, 4))
    means, deviations = draws.mean(axis=1), draws.std(axis=1, ddof=1) / 2.0
    failed = np.mean(
        [
            abs(mean) > StandardError(s, degrees=3).radius(0.05)
            for mean, s in zip(means.tolist(), deviations.tolist(), strict=True)
        ]
    )
    noise = tolerances.FALSE_ALARM_DEVIATIONS * math.sqrt(0.05 * 0.95 / 20_000)
    assert abs(failed - 0.05) < noise
    assert StandardError(1.0, bound=0.5).radius(0.05) == pytest.approx(2.46, abs=0.001)


def test_an_array_behaves_as_one() -> None:
    mixed = EstimateArray.gather(
        [Estimate(1.0, Exact()), Estimate(2.0, Numerical(0.1)), Estimate(3.0, StandardError(0.2))]
    )
    assert mixed.kinds.tolist() == ["exact", "numerical", "statistical"]
    assert mixed.kind == "statistical"
    assert [entry.kind for entry in mixed] == mixed.kinds.tolist()
    np.testing.assert_array_equal(np.asarray(mixed), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(mixed.errors, [0.0, 0.1, 0.2])
    outer = mixed.reshape(3, 1) - mixed.reshape(1, 3)
    assert (outer.shape, len(outer), outer.T[0, 1]) == ((3, 3), 3, outer[1, 0])
    assert outer[0, 0].kind == "exact"
    assert outer[0, 1].kind == "numerical"
    assert outer[1, :].kinds.tolist() == ["numerical", "numerical", "statistical"]
    for twice in (2 * mixed, np.float64(2.0) * mixed, np.full(3, 2.0) * mixed, mixed + mixed):
        assert isinstance(twice, EstimateArray)
        np.testing.assert_allclose(twice.errors, [0.0, 0.2, 0.4])
    assert isinstance(np.ones((2, 3)) @ mixed, EstimateArray)
    assert isinstance(np.float64(2.0) * mixed[1], Estimate)
    assert "numerical" in repr(mixed)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: checked_error(0.1), "error"),
        (lambda: Numerical(-1.0), "bound"),
        (lambda: Proved(math.nan), "bound"),
        (lambda: Exact(0.1), "bound"),
        (lambda: StandardError(0.1, degrees=0), "degrees"),
        (lambda: StandardError(-0.1), "deviation"),
        (lambda: Estimate(1.0, Exact()) / 0.0, "divisor"),
        (lambda: 1.0 / Estimate(0.0, Exact()), "divisor"),
        (lambda: EstimateArray.exact([1.0, 2.0]) / [1.0, 0.0], "divisor"),
        (lambda: Estimate(1.0, Exact()) + (2**53 + 1), "number"),
        (lambda: EstimateArray.of([1.0], Numerical, -1.0), "bound"),
        (lambda: EstimateArray.exact([1.0, 2.0]).eigenvalues(), "matrix"),
        (lambda: EstimateArray.exact([[1.0, 2.0], [3.0, 4.0]]).eigenvalues(), "matrix"),
        (lambda: Numerical(0.1).radius(1.0), "significance"),
    ],
)
def test_odd_input_is_refused(make: Callable[[], object], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        make()


@pytest.mark.parametrize("other", ["1", None, True, [1, "a"]])
def test_what_is_no_number_has_no_sum(other: object) -> None:
    for one in (Estimate(1.0, Exact()), EstimateArray.exact([1.0])):
        with pytest.raises(TypeError):
            one + other

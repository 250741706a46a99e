"""Arrays of estimates: matrix products, norms, eigenvalues, and what each does as an array."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import (
    ErrorKind,
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    Numerical,
    StandardError,
)
from kernels.estimates.provenance import Provenance, Source
from tests import tolerances
from tests.kernels.estimates.test_rules import outside, random_estimate


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


def test_an_array_has_what_numpy_asks_of_one() -> None:
    matrix = EstimateArray.of([[1.0, 2.0], [3.0, 4.0]], Numerical, 1e-9)
    assert (matrix.ndim, matrix.size, matrix.dtype) == (2, 4, np.float64)
    assert (np.sum(matrix), np.mean(matrix)) == (matrix.sum(), matrix.mean())
    assert float(matrix.mean()) == 2.5
    assert matrix.mean().error == pytest.approx(1e-9)
    np.testing.assert_array_equal(np.asarray(np.mean(matrix, axis=0)), [2.0, 3.0])
    half = Estimate(0.5, StandardError(0.1), "sampling")
    for quotient, value in (
        (1 / matrix, 1.0),
        (np.ones((2, 2)) / matrix, 1.0),
        ([1.0, 2.0] / matrix, 1.0),
        (half / matrix, 0.5),
    ):
        assert isinstance(quotient, EstimateArray)
        assert float(quotient[0, 0]) == value
    assert (half / matrix)[1, 1] == half / matrix[1, 1]
    assert (matrix + half)[0, 1] == matrix[0, 1] + half
    assert (half - matrix)[0, 1] == half - matrix[0, 1]
    assert (np.asarray(2.0) * half) == 2.0 * half


def test_nothing_in_an_array_can_be_changed() -> None:
    given_values, given_bounds = np.array([1.0, 2.0]), np.array([0.1, 0.2])
    array = EstimateArray.of(given_values, Numerical, given_bounds)
    given_values[0] = given_bounds[0] = 9.0
    copies = [array, copy.deepcopy(array), pickle.loads(pickle.dumps(array)), array[:], array.T]
    for one in copies:
        assert (one.values.tolist(), one.bounds.tolist()) == ([1.0, 2.0], [0.1, 0.2])
        for part in (np.asarray(one), one.values, one.bounds, one.deviations):
            with pytest.raises(ValueError, match="read-only"):
                part[0] = 9.0
    np.array(array)[0] = 9.0
    assert float(array[0]) == 1.0


def _of_methods(count: int) -> EstimateArray:
    """Exact numbers, each with a method of its own."""
    sources = [Source(ErrorKind.EXACT, math.inf, f"method {i}") for i in range(count)]
    nothing = np.zeros(count)
    return EstimateArray(nothing + 1.0, nothing, nothing, Provenance.listed(sources))


@pytest.mark.parametrize("count", [200, 40_000, 70_000])
def test_no_number_of_methods_makes_a_bound_exact(count: int) -> None:
    """More sources than one byte, or two, can tell apart."""
    exact = _of_methods(count)
    rounded = EstimateArray(exact.values, np.full(count, 1e-9), exact.deviations, exact.provenance)
    assert set(rounded.kinds.tolist()) == {ErrorKind.PROVED}
    assert rounded[count - 1].method == f"method {count - 1}"


def test_of_pairs_of_methods_only_those_that_meet_are_kept() -> None:
    array = _of_methods(400)
    total = array + array / 3.0
    assert set(total.kinds.tolist()) == {ErrorKind.PROVED}
    assert [total[i].method for i in (0, 399)] == ["method 0", "method 399"]
    assert len(total.provenance.sources) <= 800


def test_the_constructor_calls_nothing_exact_that_has_a_bound() -> None:
    exact = EstimateArray.exact([1.0, 2.0])
    array = EstimateArray(exact.values, np.array([0.0, 0.1]), exact.deviations, exact.provenance)
    assert array.kinds.tolist() == [ErrorKind.EXACT, ErrorKind.PROVED]


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.uint64, np.int64, np.longdouble])
def test_other_numbers_are_converted_where_float64_holds_them(dtype: type[np.generic]) -> None:
    array = EstimateArray.exact(np.array([0, 3, 100], dtype=dtype))
    assert (array.dtype, array.values.tolist()) == (np.float64, [0.0, 3.0, 100.0])


@pytest.mark.parametrize(
    "given_values",
    [
        np.array([2**53 + 1]),
        np.array([2**63 - 1]),
        np.array([2**64 - 1], dtype=np.uint64),
        np.array([1], dtype=np.longdouble) / 3,
        [2**70 + 1],
    ],
)
def test_what_float64_does_not_hold_is_not_called_exact(given_values: object) -> None:
    with pytest.raises(InvalidInputError, match="does not hold"):
        EstimateArray.exact(given_values)  # type: ignore[arg-type]

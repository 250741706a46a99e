"""How errors and estimates print, compare, round and travel."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import (
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    Numerical,
    Proved,
    StandardError,
)

E = Estimate(0.68, Numerical(1e-10), "<b>network</b>")
SAMPLED = Estimate(0.68, StandardError(0.1))
MATRIX = EstimateArray.of([[1.0, 2.0], [3.0, math.inf]], Numerical, 1e-9)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_are_stored_by_every_protocol(protocol: int) -> None:
    for error in (Exact(), Proved(0.1), Numerical(0.1), StandardError(0.1, 3, 0.2)):
        for again in (pickle.loads(pickle.dumps(error, protocol)), copy.deepcopy(error)):
            assert (again, repr(again)) == (error, repr(error))
        estimate = Estimate(1.0, error, "method")
        assert pickle.loads(pickle.dumps(estimate, protocol)) == estimate


def test_a_multiple_of_an_error_is_a_plain_number() -> None:
    for error in (Exact(), Proved(0.1), Numerical(0.1), StandardError(0.1)):
        assert type(3 * error) is float
        assert float(str(error)) == error
        assert pickle.loads(pickle.dumps(error)) == error
    assert Proved(0.1) != Numerical(0.1)
    assert Numerical(0.1) == 0.1
    assert StandardError(0.1, degrees=3) != StandardError(0.1, degrees=4)


def test_the_format_is_that_of_the_value() -> None:
    assert f"{E}" == str(E) == "0.68 ± 1.0e-10 (numerical)"
    assert f"{E:.3f}" == "0.680 ± 1.0e-10 (numerical)"
    assert f"{E:.3e}" == "6.800e-01 ± 1.0e-10 (numerical)"


@given(st.floats(-1e6, 1e6), st.floats(0.0, 1.0), st.integers(-3, 6))
def test_rounding_counts_as_error(value: float, bound: float, digits: int) -> None:
    rounded = round(Estimate(value, Numerical(bound)), digits)
    assert rounded.value == round(value, digits)
    moved = abs(Fraction(value) - Fraction(rounded.value))
    assert Fraction(bound) + moved <= Fraction(rounded.error.bound)
    assert rounded.error.bound <= (bound + float(moved)) * (1 + 1e-12) + 1e-300


def test_a_rounded_number_is_exact_no_more() -> None:
    assert round(Estimate(0.5, Exact()), 3).error == Exact()
    assert round(Estimate(0.68, Exact()), 1).kind == "proved"
    assert round(Estimate(2.6, Exact())).value == 3.0
    assert round(SAMPLED, 1).error.deviation == 0.1
    assert math.isinf(round(Estimate(math.inf, Exact()), 1).value)


@pytest.mark.parametrize(
    ("compare", "answer"),
    [
        (lambda: E < 0.7, True),
        (lambda: E > 0.7, False),
        (lambda: np.float64(0.7) >= E, True),
        (lambda: np.float64(0.7) > E, True),
        (lambda: E >= 0.7, False),
        (lambda: Estimate(0.5, Proved(0.1)) <= E, True),
        (lambda: Estimate(0.5, Proved(0.1)) > E, False),
        (lambda: E < 0.68, None),
        (lambda: E >= 0.68, None),
        (lambda: SAMPLED < 100.0, None),  # but for a chance that has to be named
        (lambda: Estimate(math.nan, Numerical(0.1)) < 1.0, None),
        (lambda: Estimate(1.0, Numerical(math.inf)) > 0.0, None),
        # At the ends, where one answer is sure and the other is not.
        (lambda: Estimate(1.0, Exact()) <= 1.0, True),
        (lambda: Estimate(1.0, Exact()) < 1.0, False),
        (lambda: Estimate(1.0, Exact()) >= 1.0, True),
        (lambda: Estimate(1.0, Exact()) > 1.0, False),
        (lambda: MATRIX < 1.0, None),
        (lambda: MATRIX >= MATRIX.T, None),
        (lambda: np.ones((2, 2)) <= MATRIX, None),
        (lambda: MATRIX > E, None),
        (lambda: MATRIX == MATRIX.T, None),
        (lambda: np.ones((2, 2)) != MATRIX, None),
        (lambda: MATRIX == "K", False),
        (lambda: MATRIX is None, False),
    ],
)
def test_a_comparison_answers_only_what_errors_leave_no_doubt_of(
    compare: Callable[[], bool], answer: bool | None
) -> None:
    if answer is not None:
        assert compare() is answer
        return
    with pytest.raises(InvalidInputError, match="comparison"):
        compare()


def test_what_is_no_number_does_not_compare() -> None:
    for one in (E, MATRIX):
        with pytest.raises(TypeError):
            one < "1"  # noqa: B015


def test_notebooks_show_values_with_their_errors_short_and_escaped() -> None:
    assert "<b>" not in E._repr_html_()
    assert "0.68 ± 1.0e-10 (numerical)" in E._repr_html_()
    assert E._repr_latex_() == r"$0.68 \pm 1.0\times10^{-10}$ (numerical)"
    html, latex = MATRIX._repr_html_(), MATRIX._repr_latex_()
    assert html is not None
    assert (html.count("<tr>"), html.count("1e-09")) == (2, 4)
    assert latex == (r"$\begin{pmatrix}1 & 2 \\ 3 & \infty\end{pmatrix} \pm 1.0\times10^{-9}$")
    large = EstimateArray.exact(np.ones((500, 500)))
    for shown in (large._repr_html_(), large._repr_latex_(), large[0]._repr_html_()):
        assert shown is not None
        assert len(shown) < 2_500
    assert "…" in str(large._repr_html_())
    cube = large.reshape(5, 100, 500)
    assert (cube._repr_html_(), cube._repr_latex_()) == (None, None)

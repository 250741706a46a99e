"""Weights of samples, and samples that are equal: repetitions, and sums that lose no digit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.kernel_ridge import KernelRidge as PrecomputedRidge

from kernels import KernelRidge, MLPKernel
from kernels.regression.routes.choice import Route
from tests.tolerances import DENSE_AGAINST_STRUCTURED, RESIDUAL_FACTOR

ROUTES: list[Route] = ["dense", "structured"]
STRINGS = ["AA", "AB", "BA", "BB", "AC", "CA", "CC", "BC", "CB", "AA", "AB", "CC"]
LABELS = np.cos(np.arange(12.0))

each_route = pytest.mark.parametrize("route", ROUTES)


@each_route
@given(data=st.data())
def test_weights_are_repetitions(route: Route, data: st.DataObject) -> None:
    """A sample of weight 3 counts as three of weight 1, and one of weight 0 as none."""
    n = len(STRINGS)
    counts = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any))
    model = KernelRidge(MLPKernel(), 0.3, route=route, tol=1e-13)
    weighted = clone(model).fit(STRINGS, LABELS, counts)
    rows = np.repeat(np.arange(n), counts)
    repeated = clone(model).fit([STRINGS[i] for i in rows], LABELS[rows])
    new = ["AA", "AZ", "ZA", "ZZ", "CB"]
    gap = np.abs(weighted.predict(new) - repeated.predict(new)).max()
    assert gap <= DENSE_AGAINST_STRUCTURED
    sums = np.bincount(rows, repeated.dual_coef_, minlength=n)
    assert np.abs(weighted.dual_coef_ - sums).max() <= DENSE_AGAINST_STRUCTURED


@each_route
def test_weights_are_those_of_scikit_learn(route: Route) -> None:
    weights = np.array([0.5, 0.0, 2.0, 1e-3, 10.0, 0.0, 1.0, 1.0, 3.0, 0.25, 4.0, 0.1])
    labels = np.stack([LABELS, LABELS**2], axis=1)
    gram = MLPKernel().gram(STRINGS).values
    peer = PrecomputedRidge(alpha=0.2, kernel="precomputed").fit(gram, labels, weights)
    ours = KernelRidge(MLPKernel(), 0.2, route=route, tol=1e-13).fit(STRINGS, labels, weights)
    assert np.abs(ours.dual_coef_ - peer.dual_coef_).max() <= DENSE_AGAINST_STRUCTURED
    new = ["AA", "AZ", "ZA", "ZZ"]
    expected = peer.predict(MLPKernel().gram(new, STRINGS).values)
    assert np.abs(ours.predict(new) - expected).max() <= DENSE_AGAINST_STRUCTURED
    assert ours.status_ == "converged"
    root = np.sqrt(weights)[:, None]
    left = root * (labels - gram @ ours.dual_coef_)
    left -= 0.2 * np.divide(ours.dual_coef_, root, out=np.zeros_like(left), where=root > 0.0)
    relative = np.linalg.norm(left, axis=0) / np.linalg.norm(root * labels, axis=0)
    largest = relative.max()
    assert largest / RESIDUAL_FACTOR - 1e-13 <= ours.residual_
    assert ours.residual_ <= largest * RESIDUAL_FACTOR + 1e-13


def test_one_weight_for_all_divides_alpha() -> None:
    one = KernelRidge(MLPKernel(), 1.0).fit(STRINGS, LABELS, 4.0)
    other = KernelRidge(MLPKernel(), 0.25).fit(STRINGS, LABELS)
    assert np.abs(one.dual_coef_ - other.dual_coef_).max() <= DENSE_AGAINST_STRUCTURED


def test_weights_of_a_path_and_of_the_degrees_of_freedom() -> None:
    weights = np.arange(12.0)
    models = KernelRidge(MLPKernel()).fit_path(STRINGS, LABELS, [0.1, 2.0], weights)
    gram = MLPKernel().gram(STRINGS).values
    scaled = np.sqrt(weights)[:, None] * gram * np.sqrt(weights)
    for model in models:
        alone = clone(model).fit(STRINGS, LABELS, weights)
        assert np.abs(alone.dual_coef_ - model.dual_coef_).max() <= DENSE_AGAINST_STRUCTURED
        trace = np.trace(np.linalg.solve(scaled + model.alpha * np.eye(12), scaled))
        assert model.degrees_of_freedom().value == pytest.approx(trace)


@each_route
@pytest.mark.parametrize("order", [[0, 1, 2, 3], [2, 0, 1, 3], [1, 3, 0, 2]])
def test_large_labels_of_equal_strings_cancel(route: Route, order: list[int]) -> None:
    labels = np.array([1e16, 1.0, -1e16, 1.0])[order]
    model = KernelRidge(MLPKernel(), 1.0, route=route).fit(["AA"] * 4, labels)
    kernel = MLPKernel()("AA", "AA").value
    assert model.predict(["AA"])[0] == pytest.approx(2.0 * kernel / (4.0 * kernel + 1.0))


@each_route
def test_many_equal_strings_and_a_tiny_alpha(route: Route) -> None:
    """One equation, well conditioned whatever alpha."""
    model = KernelRidge(MLPKernel(), 1e-14, route=route)
    with pytest.warns(UserWarning, match="rounding"):  # of the 1000 coefficients, not of their sum
        model.fit(["AA"] * 1_000, np.arange(1_000.0))
    assert model.predict(["AA"])[0] == pytest.approx(499.5)

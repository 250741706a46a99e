"""The errors of predictions: the truth lies within them, and a worst case attains them."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels import ErrorKind, Exact, KernelRidge, Numerical, StandardError
from kernels.estimates import EstimateArray
from kernels.estimates.rules.rounding import UNIT
from kernels.regression.accuracy import Accuracy
from kernels.regression.routes.choice import Route
from kernels.strings.patterns import Pattern
from tests.toy_kernels import RelationalKernel, SymbolKernel

ROUTES: list[Route] = ["dense", "structured"]
STRINGS = ["AAB", "ABA", "BAA", "ABC", "CCA", "AAB", "CAB", "DDE"]
NEW = ["AAB", "XYX", "ABC", "EED", "XYZ"]
LABELS = np.stack([np.cos(np.arange(8.0)), 3.0 + np.arange(8.0)], axis=1)
WEIGHTS = np.array([1.0, 0.5, 2.0, 0.0, 1.0, 4.0, 1.0, 0.25])

each_route = pytest.mark.parametrize("route", ROUTES)
each_fit = given(
    shift=st.sampled_from([-0.05, -1e-4, 0.0, 1e-9, 1e-4, 0.3]),
    relational=st.booleans(),
    alpha=st.sampled_from([0.01, 1.0, 100.0]),
    weighted=st.booleans(),
    tol=st.sampled_from([1e-13, 1e-3, 0.9]),
)
"""Kernels known from values that are off, with whatever weights, and however well solved."""


class MovedKernel(SymbolKernel):
    """`SymbolKernel` plus a multiple of a kernel of size at most 1: what it is known from is off.

    Args:
        shift: the multiple; above -0.1, the constant term of `SymbolKernel`, it is a kernel.
        error: what is claimed of it.
        relational: whether the other kernel is the relational one, scaled, and not the constant 1.
    """

    def __init__(self, shift: float, error: Numerical | Exact, *, relational: bool = False) -> None:
        super().__init__(error)
        self.shift, self.relational = shift, relational

    @property
    def name(self) -> str:
        return f"moved by {self.shift}, {self.relational}"

    def moved(self, pattern: Pattern) -> Fraction:
        by = RelationalKernel.exact(pattern) / 9 if self.relational else Fraction(1)
        return self.exact(pattern) + Fraction(self.shift) * by

    def evaluate(self, patterns: Sequence[Pattern], **_: object) -> EstimateArray:
        values = np.array([float(self.moved(pattern)) for pattern in patterns])
        return EstimateArray.of(values, type(self.error), float(self.error))  # type: ignore[arg-type]


def truth(
    strings: Sequence[str],
    labels: np.ndarray,
    weights: np.ndarray,
    new: Sequence[str],
    alpha: float,
) -> np.ndarray:
    """Predictions of `SymbolKernel` itself, in fractions: without a rounding."""
    kept = [i for i, weight in enumerate(weights) if weight]

    def value(x: str, y: str) -> Fraction:
        return SymbolKernel.exact(Pattern.of(x, y))

    rows = [
        [
            *(value(strings[i], strings[j]) + (Fraction(alpha) / Fraction(weights[i])) * (i == j)
              for j in kept),
            *(Fraction(float(y)) for y in labels[i]),
        ]
        for i in kept
    ]  # fmt: skip
    size = len(rows)
    for pivot in range(size):  # positive definite: no pivot is 0
        scale = 1 / rows[pivot][pivot]
        rows[pivot] = [entry * scale for entry in rows[pivot]]
        for other in range(size):
            if other != pivot and (factor := rows[other][pivot]):
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)
                ]
    return np.array(
        [
            [
                float(sum(value(z, strings[i]) * rows[r][size + t] for r, i in enumerate(kept)))
                for t in range(labels.shape[1])
            ]
            for z in new
        ]
    )


def require_truth_within(
    kind: ErrorKind,
    kernel: MovedKernel,
    route: Route,
    alpha: float,
    *,
    weighted: bool,
    tol: float,
) -> None:
    """Errors of this kind at every prediction, and none below the distance from the truth."""
    weights = WEIGHTS if weighted else np.ones(8)
    model = KernelRidge(kernel, alpha, route=route, tol=tol).fit(STRINGS, LABELS, weights)
    found = model.predict(NEW, return_error=True)
    assert (found.values == model.predict(NEW)).all()
    assert (found.kinds == kind).all()
    gap = np.abs(found.values - truth(STRINGS, LABELS, weights, NEW, alpha))
    assert (gap <= found.errors).all()
    if kernel.shift == 0.0 and tol < 1e-10:
        assert found.largest_error <= 1e-10


@each_route
@settings(max_examples=20)
@each_fit
def test_the_truth_lies_within(
    route: Route, shift: float, relational: bool, alpha: float, weighted: bool, tol: float
) -> None:
    kernel = MovedKernel(shift, Numerical(abs(shift)), relational=relational)
    require_truth_within(ErrorKind.NUMERICAL, kernel, route, alpha, weighted=weighted, tol=tol)


@each_route
def test_one_column_is_that_of_several(route: Route) -> None:
    kernel = MovedKernel(1e-6, Numerical(1e-6))
    both = KernelRidge(kernel, 0.1, route=route).fit(STRINGS, LABELS)
    found = both.predict(NEW, return_error=True)
    assert found.shape == (5, 2)
    for t in range(2):
        one = KernelRidge(kernel, 0.1, route=route).fit(STRINGS, LABELS[:, t])
        alone = one.predict(NEW, return_error=True)
        assert alone.shape == (5,)
        assert alone.errors == pytest.approx(found.errors[:, t], rel=1e-6)


def test_routes_agree_on_the_errors() -> None:
    kernel = MovedKernel(1e-6, Numerical(1e-6))
    dense, structured = (
        KernelRidge(kernel, 0.1, route=route, tol=1e-14)
        .fit(STRINGS, LABELS)
        .predict(NEW, return_error=True)
        for route in ROUTES
    )
    assert dense.errors == pytest.approx(structured.errors, rel=1e-6)


@each_route
def test_errors_of_kernel_values_are_attained(route: Route) -> None:
    """All values are too large by the same, and alpha is far above the kernel matrix's size."""
    shift, labels, alpha = 1e-3, 1.0 + LABELS[:, 1:], 1e3
    model = KernelRidge(MovedKernel(shift, Numerical(shift)), alpha, route=route, tol=1e-14)
    found = model.fit(STRINGS, labels).predict(NEW, return_error=True)
    gap = np.abs(found.values - truth(STRINGS, labels, np.ones(8), NEW, alpha))
    assert (found.errors <= 1.5 * gap).all()


@each_route
@pytest.mark.parametrize(("scale", "factor"), [(1.0, 1.0), (4.0, 1.25), (0.25, 1.25)])
def test_a_residual_is_attained(route: Route, scale: float, factor: float) -> None:
    """One string, no solution at all: f(x) = b K / (K + alpha), and the bound is b / 2 at K."""
    size = float(SymbolKernel.exact(Pattern.of("AB", "AB")))
    model = KernelRidge(SymbolKernel(), scale * size, route=route).fit(["AB"], [2.0])
    system, one = model.solution_.problem.system, np.ones(1)
    accuracy = Accuracy(system, one, np.zeros((1, 1)), 2.0 * one, 2.0 * one, scale * size)
    found = accuracy(np.zeros((1, 1)), model.strings_)
    gap = abs(model.predict(["AB"])[0])
    assert gap <= found.errors.item() <= factor * (1.0 + 1e-12) * gap


@each_route
def test_the_size_of_the_true_kernel_counts(route: Route) -> None:
    """As above, with values that are too small by their whole error: what counts is K itself."""
    size = float(SymbolKernel.exact(Pattern.of("AB", "AB")))
    low = MovedKernel(-0.05, Numerical(0.05))
    assert low("AB", "AB").value == pytest.approx(size - 0.05)
    system = KernelRidge(low, size, route=route).fit(["AB"], [2.0]).solution_.problem.system
    one = np.ones(1)
    accuracy = Accuracy(system, one, np.zeros((1, 1)), 2.0 * one, 2.0 * one, size)
    model = KernelRidge(SymbolKernel(), size, route=route).fit(["AB"], [2.0])
    found = accuracy(np.zeros((1, 1)), model.strings_).errors.item()
    assert found == pytest.approx(abs(model.predict(["AB"])[0]), rel=1e-12)


class SampledKernel(SymbolKernel):
    """`SymbolKernel` with normal errors, one for each pattern."""

    def __init__(self, seed: int, deviation: float = 1e-4, bound: float = 0.0) -> None:
        super().__init__(StandardError(deviation, 20.0, bound))
        self.seed = seed

    def evaluate(self, patterns: Sequence[Pattern], **_: object) -> EstimateArray:
        found = super().evaluate(patterns)
        seeds = [[self.seed, *pattern.x, *pattern.y] for pattern in patterns]
        normals = np.array([np.random.default_rng(seed).standard_normal() for seed in seeds])
        return found + self.error.deviation * normals


@each_route
def test_standard_errors_stand_apart(route: Route) -> None:
    kernel = SampledKernel(0, deviation=1e-4, bound=1e-6)
    found = (
        KernelRidge(kernel, 0.5, route=route).fit(STRINGS, LABELS).predict(NEW, return_error=True)
    )
    assert (found.kinds == ErrorKind.STATISTICAL).all()
    assert found[0, 0].error.degrees == 20.0
    # Both parts are sums over the same pairs, but for the rounding in one of them.
    assert found.deviations == pytest.approx(100.0 * found.bounds, rel=1e-3)


@each_route
def test_standard_errors_are_no_smaller_than_the_scatter(route: Route) -> None:
    exact = truth(STRINGS, LABELS, np.ones(8), NEW, 0.5)
    runs, within = 25, np.zeros(exact.shape)
    for seed in range(runs):
        model = KernelRidge(SampledKernel(seed), 0.5, route=route).fit(STRINGS, LABELS)
        found = model.predict(NEW, return_error=True)
        within += np.abs(found.values - exact) <= found.radii(0.3173)
    share = 0.6827
    assert (within / runs >= share - 3.0 * math.sqrt(share * (1.0 - share) / runs)).all()


def test_a_copy_knows_its_errors() -> None:

    model = KernelRidge(MovedKernel(1e-6, Numerical(1e-6)), 0.1).fit(STRINGS, LABELS)
    expected = model.predict(NEW, return_error=True)
    copy = pickle.loads(pickle.dumps(model))
    assert (copy.predict(NEW, return_error=True).errors == expected.errors).all()


@each_route
def test_rounding_is_one_of_the_largest_value_and_not_thousands(route: Route) -> None:
    model = KernelRidge(SymbolKernel(), 1.0, route=route).fit(STRINGS, LABELS)
    found = model.solution_.problem.system.rounding(10.0) / (10.0 * UNIT)
    assert 1.0 <= found <= 1e3

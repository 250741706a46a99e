"""Proved predictions: exact fractions lie within, a worst case attains them, wrong ones do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings

from kernels import ErrorKind, KernelRidge, MLPKernel, Numerical, Proved
from kernels.estimates import Estimate, EstimateArray
from kernels.regression import proved
from kernels.regression.routes.choice import Route
from kernels.strings.patterns import Pattern
from tests.regression.test_accuracy import (
    LABELS,
    NEW,
    ROUTES,
    STRINGS,
    MovedKernel,
    each_fit,
    each_route,
    require_truth_within,
    truth,
)
from theory import catalogue

ROUNDED = 1e-15
"""Of the toy kernel's values, which are fractions of order 1, as floats."""


class ProvedKernel(MovedKernel):
    """A toy kernel whose values are off by a shift, which it says as a theorem would."""

    def __init__(self, shift: float, *, relational: bool = False) -> None:
        super().__init__(shift, Numerical(0.0), relational=relational)
        self.error = Proved(abs(shift) + ROUNDED)


@each_route
@settings(max_examples=20)
@each_fit
def test_the_truth_lies_within(
    route: Route, shift: float, relational: bool, alpha: float, weighted: bool, tol: float
) -> None:
    """Whatever the solver has left, whatever weights, and with strings that repeat."""
    kernel = ProvedKernel(shift, relational=relational)
    require_truth_within(ErrorKind.PROVED, kernel, route, alpha, weighted=weighted, tol=tol)


@each_route
def test_errors_of_kernel_values_are_attained(route: Route) -> None:
    """All values are too large by the same, and alpha is far above the kernel matrix's size."""
    shift, labels, alpha = 1e-3, 1.0 + LABELS[:, 1:], 1e3
    model = KernelRidge(ProvedKernel(shift), alpha, route=route, tol=1e-14)
    found = model.fit(STRINGS, labels).predict(NEW, return_error=True)
    gap = np.abs(found.values - truth(STRINGS, labels, np.ones(8), NEW, alpha))
    assert (found.errors <= 1.5 * gap).all()


def test_a_residual_is_attained() -> None:
    """One string, no solution at all: f(x) = b K / (K + alpha), and the bound is b / 2 at K."""
    kernel = ProvedKernel(0.0)
    size = kernel("AB", "AB").value
    model = KernelRidge(kernel, size, route="dense").fit(["AB"], [2.0])
    one = model.solution_.accuracy.proved
    assert one is not None
    found = replace(one, coefficients=np.zeros((1, 1)))(np.zeros((1, 1)), model.strings_)
    assert found is not None
    gap = abs(model.predict(["AB"])[0])
    assert gap <= found.errors.item() <= (1.0 + 1e-12) * gap
    # Without its residual the bound would be 0, and wrong.
    silent = replace(one, coefficients=np.zeros((1, 1)), labels=np.zeros((1, 1)))
    wrong = silent(np.zeros((1, 1)), model.strings_)
    assert wrong is not None
    assert wrong.errors.item() < gap


def test_what_is_not_proved_stays_numerical(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numerical kernel values, and more samples than a proof is made for."""
    kernel = MovedKernel(1e-6, Numerical(1e-6))
    found = KernelRidge(kernel, 1.0).fit(STRINGS, LABELS).predict(NEW, return_error=True)
    assert found.kind is ErrorKind.NUMERICAL
    monkeypatch.setattr("kernels.regression.solution.MOST", 6)
    many = KernelRidge(ProvedKernel(0.0), 1.0).fit(STRINGS, LABELS)
    assert many.predict(NEW, return_error=True).kind is ErrorKind.NUMERICAL
    assert proved.MOST == 2_000


class PartlyProved(ProvedKernel):
    """Numerical where a string without repeats meets itself."""

    @property
    def name(self) -> str:
        return "partly proved"

    def evaluate(self, patterns: Sequence[Pattern], **_: object) -> EstimateArray:
        values = super().evaluate(patterns).values.tolist()
        numerical = [p.x == p.y and len(set(p.x)) == p.length for p in patterns]
        errors = [Numerical(1e-15) if unproved else self.error for unproved in numerical]
        return EstimateArray.gather(map(Estimate, values, errors, ["toy"] * len(values)))


def test_a_new_string_whose_own_value_is_not_proved_has_no_proof() -> None:
    model = KernelRidge(PartlyProved(0.0), 1.0).fit(["AAB", "ABA"], [1.0, -1.0])
    assert model.predict(["XXY"], return_error=True).kind is ErrorKind.PROVED
    assert model.predict(["XYZ"], return_error=True).kind is ErrorKind.NUMERICAL


def test_both_accuracies_agree_where_values_are_off() -> None:
    """Proved bounds cover what numerical ones do, and are as large where kernel errors rule."""
    bounds = [
        KernelRidge(kernel, 0.1, route="dense", tol=1e-14)
        .fit(STRINGS, LABELS)
        .predict(NEW, return_error=True)
        for kernel in (ProvedKernel(1e-6), MovedKernel(1e-6, Numerical(1e-6)))
    ]
    assert bounds[0].errors == pytest.approx(bounds[1].errors, rel=1e-3)


@pytest.mark.parametrize("route", ROUTES)
def test_some_hundred_samples_of_a_task(route: Route) -> None:
    """Two routes to a prediction lie within each other's proved errors, which are small."""
    task = catalogue.find("aba-abb")
    sample = task.sample(300, alphabet=50, noise=0.1, seed=0)
    model = KernelRidge(MLPKernel(), 1e-2, route=route).fit(sample.strings, sample.labels)
    found = model.predict(["ABA", "ABB"], return_error=True)
    assert found.kind is ErrorKind.PROVED
    assert found.largest_error < 1e-7
    other = KernelRidge(MLPKernel(), 1e-2, route="dense", tol=1e-14)
    plain = other.fit(sample.strings, sample.labels).predict(["ABA", "ABB"])
    assert (np.abs(plain - found.values) <= 2.0 * found.errors).all()

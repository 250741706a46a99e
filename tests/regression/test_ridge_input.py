"""`KernelRidge` and what it cannot take: one error each, that names the argument."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from kernels import InvalidInputError, KernelRidge, MLPKernel, TooLargeError
from kernels.estimates import EstimateArray, Numerical
from kernels.regression.arguments.labels import checked_labels
from kernels.regression.routes.choice import Route
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask

KERNEL = SymbolKernel()
TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
ROUTES: list[Route] = ["dense", "structured"]

each_route = pytest.mark.parametrize("route", ROUTES)


@each_route
@pytest.mark.parametrize(
    ("settings", "labels", "message"),
    [
        ({"alpha": 0.0}, [1.0, 2.0], "alpha = 0.0"),
        ({"alpha": -1.0}, [1.0, 2.0], "alpha = -1.0"),
        ({"alpha": float("nan")}, [1.0, 2.0], "alpha = nan"),
        ({"alpha": float("inf")}, [1.0, 2.0], "alpha = inf"),
        ({"alpha": 1e-300}, [1.0, 2.0], "alpha = 1e-300: give a number between"),
        ({"tol": 0.0}, [1.0, 2.0], "tol = 0.0"),
        ({"tol": 1.0}, [1.0, 2.0], "tol = 1.0: give a number below 1"),
        ({"tol": -1e-10}, [1.0, 2.0], "tol = -1e-10"),
        ({"max_iter": 0}, [1.0, 2.0], "max_iter = 0"),
        ({"max_iter": 2**63}, [1.0, 2.0], "at most 1000000000"),
        ({"max_iter": 2.5}, [1.0, 2.0], "max_iter = 2.5"),
        ({"kernel": None}, [1.0, 2.0], "kernel = None: give a kernel"),
        ({}, [1.0], "labels of shape (1,) do not fit 2 strings"),
        ({}, np.ones((2, 1, 1)), "labels of shape (2, 1, 1)"),
        ({}, [1.0, float("inf")], "y = inf: the label at index 1 is not finite"),
        ({}, np.array([[1.0, 2.0], [3.0, np.nan]]), "y = nan: the label at index (1, 1)"),
        ({}, [1e-200, 0.0], "y = 1e-200: rescale them: their squares would underflow"),
        ({}, np.array([[1.0, 1e-200], [2.0, 0.0]]), "y = 1e-200: rescale them"),
        ({}, np.ma.masked_equal([1.0, 2.0], 2.0), "leave out the masked ones"),
        ({}, [1e200, 0.0], "y = 1e+200: rescale them: their squares would overflow"),
        ({"n_jobs": 0}, [1.0, 2.0], "n_jobs = 0"),
        ({"n_jobs": 1.5}, [1.0, 2.0], "n_jobs = 1.5"),
    ],
)
def test_bad_input(
    route: Route, settings: dict[str, object], labels: list[float], message: str
) -> None:
    model = KernelRidge(KERNEL, route=route).set_params(**settings)
    with pytest.raises(InvalidInputError, match=re.escape(message)):
        model.fit(["AB", "BA"], labels)


class Unknown(SymbolKernel):
    """A kernel of which one number is wrong."""

    def __init__(self, value: float, error: float) -> None:
        super().__init__()
        self.value, self.bound = value, error

    name = "unknown"

    def evaluate(self, patterns, *, n_jobs=1):  # type: ignore[no-untyped-def]
        values = np.asarray(super().evaluate(patterns, n_jobs=n_jobs)).copy()
        values[0] *= self.value
        errors = np.where(np.arange(len(values)) == 0, self.bound, 0.0)
        return EstimateArray.of(values, Numerical, errors)


@each_route
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (1.0, np.inf, "its errors are not all finite"),
        (np.nan, 0.0, "its values are not all finite"),
        (np.inf, 0.0, "its values are not all finite"),
    ],
)
def test_kernel_values_that_are_not_finite(
    route: Route, value: float, error: float, message: str
) -> None:
    model = KernelRidge(Unknown(value, error), route=route)
    with pytest.raises(InvalidInputError, match=f"kernel = 'unknown': {message}"):
        model.fit(["AB", "BA", "CC"], [1.0, 2.0, 3.0])


@each_route
@pytest.mark.parametrize(
    ("strings", "message"),
    [
        ([], "X = []: give at least one"),
        (["AB", "ABC"], "X = 'ABC': all strings need one length"),
        (["AB", ""], "X = ''"),
        ("AB", "X = 'AB': give a list"),
        (None, "X = None: give a list"),
    ],
)
def test_bad_strings(route: Route, strings: list[str], message: str) -> None:
    model = KernelRidge(KERNEL, route=route)
    with pytest.raises((InvalidInputError, TypeError), match=re.escape(message) + "|None"):
        model.fit(strings, [1.0, 2.0])
    model.fit(["AB", "CC"], [1.0, 2.0])
    with pytest.raises((InvalidInputError, TypeError), match=re.escape(message) + "|None"):
        model.predict(strings)


@each_route
def test_boolean_and_whole_labels_are_numbers(route: Route) -> None:
    model = KernelRidge(KERNEL, route=route)
    found = [
        model.fit(["AB", "CC"], labels).dual_coef_.tolist()
        for labels in ([True, False], [1, 0], np.ones(2, dtype=np.float32) * [1, 0], [1.0, 0.0])
    ]
    assert all(one == found[-1] for one in found)


def test_numbers_in_an_array_of_objects_are_labels() -> None:
    found = checked_labels(np.array([1, True, 2.5], dtype=object), 3)
    assert found.dtype == np.dtype(np.float64)
    assert found.tolist() == [1.0, 1.0, 2.5]
    for wrong in (["1", 2], [None, 1], [10**400, 1]):
        with pytest.raises(InvalidInputError, match=r"y = .*give real numbers"):
            checked_labels(np.array(wrong, dtype=object), 2)


@each_route
def test_not_fitted_is_said(route: Route) -> None:
    with pytest.raises(NotFittedError):
        KernelRidge(KERNEL, route=route).predict(["AB"])
    with pytest.raises(NotFittedError):
        KernelRidge(KERNEL, route=route).degrees_of_freedom()


@each_route
def test_strings_of_another_length_are_refused(route: Route) -> None:
    model = KernelRidge(KERNEL, route=route).fit(["AB", "BA"], [1.0, 2.0])
    with pytest.raises(InvalidInputError, match="needs 2 tokens"):
        model.predict(["ABC"])


@pytest.mark.parametrize("ridges", [[], [1.0, 0.0], [1.0, -1.0], [float("inf")], [1e-300]])
def test_bad_path_is_refused(ridges: list[float]) -> None:
    with pytest.raises(InvalidInputError, match="alphas = "):
        KernelRidge(KERNEL).fit_path(["AB"], [1.0], ridges)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("alpha", "1"), ("alpha", None), ("fixed_tokens", 5), ("fixed_tokens", [5])),
        ("fixed_tokens", (token for token in "S")),
    ],
)
def test_wrong_types_are_named(argument: str, value: object) -> None:
    """By the library, or before it where annotations are checked at run time."""
    model = KernelRidge(KERNEL, route="structured").set_params(**{argument: value})
    with pytest.raises((InvalidInputError, TypeError), match=f"{argument}|'tokens'"):
        model.fit(["AB", "BA"], [1.0, 2.0])


def test_what_cannot_fit_is_refused_at_once() -> None:
    sample = TASK.sample(400_000, alphabet=400_000, seed=0)
    with pytest.raises(TooLargeError, match="GB"):
        KernelRidge(KERNEL, route="dense").fit(sample.strings, sample.labels)


@pytest.mark.parametrize(
    "labels",
    [
        *([1e200, 1.0], [1e-200, 0.0], [1j, 1.0], ["a", "b"], [[1.0], [2.0, 3.0]]),
        *(np.ones((2, 0)), np.array([1.0, None], dtype=object), np.array([1j, 0.0]), None),
    ],
)
def test_labels_that_no_norm_can_measure(labels: object) -> None:
    with pytest.raises((InvalidInputError, TypeError), match=r"\by\b"):
        KernelRidge(MLPKernel()).fit(["AA", "AB"], labels)  # type: ignore[arg-type] # on purpose

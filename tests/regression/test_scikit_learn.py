"""`KernelRidge` as scikit-learn knows it: its checks, weights, grids, copies and tables."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import check_estimator

from kernels import InvalidInputError, KernelRidge, MLPKernel, TransformerKernel
from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray
from kernels.regression.routes.choice import Route
from kernels.strings.patterns import Pattern

ROOT = Path(__file__).parents[2]
ROUTES: list[Route] = ["dense", "structured"]
STRINGS = ["AA", "AB", "BA", "BB", "AC", "CA", "CC", "BC", "CB", "AA", "AB", "CC"]
LABELS = np.cos(np.arange(12.0))

each_route = pytest.mark.parametrize("route", ROUTES)


@each_route
def test_checks_of_scikit_learn(route: Route) -> None:
    """In a process of its own: with annotations checked at each call it would take minutes."""
    run = [sys.executable, "-m", "tests.regression.estimator_checks", route]
    done = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True)
    ended = done.stdout.split()
    assert ended.count("passed") >= 50
    assert set(ended) <= {"passed", "xfail", "skipped"}
    # A factorization has no iterations, and features are tokens in a message.
    assert ended.count("xfail") == (2 if route == "dense" else 1)


def test_checks_of_scikit_learn_skip_strings() -> None:
    with pytest.warns(SkipTestWarning, match="requires input"):
        found = check_estimator(KernelRidge(MLPKernel()))
    assert [one["status"] for one in found] == ["passed"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: type(m)(MLPKernel(), ridge=1.0), "ridge = 1.0: use alpha"),
        (lambda m: type(m)(MLPKernel(), tolerance=1e-3), "tolerance = 0.001: use tol"),
        (lambda m: type(m)(MLPKernel(), max_iterations=9), "max_iterations = 9: use max_iter"),
        (lambda m: m.set_params(ridge=2.0), "ridge = 2.0: use alpha"),
        (lambda m: m.fit(strings=["AB"], labels=[1.0]), "strings = ['AB']: use X"),
        (lambda m: m.fit(["AB"], labels=[1.0]), "labels = [1.0]: use y"),
        (lambda m: m.fit_path(["AB"], [1.0], ridges=[1.0]), "ridges = [1.0]: use alphas"),
        (lambda m: m.predict(strings=["AB"]), "strings = ['AB']: use X"),
        (lambda m: m.degrees_of_freedom(tolerance=1e-3), "tolerance = 0.001: use tol"),
        (lambda m: m.coefficients_, "no attribute 'coefficients_'; use dual_coef_"),
        (lambda m: m.iterations_, "no attribute 'iterations_'; use n_iter_"),
        (lambda m: m.ridge_, "use alpha_"),
    ],
)
def test_old_names_say_the_new_ones(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((InvalidInputError, AttributeError), match=re.escape(message)):
        call(KernelRidge(MLPKernel()))
    assert not hasattr(KernelRidge(MLPKernel()), "coefficients_")


@pytest.mark.parametrize(
    "read", ["dual_coef_", "n_iter_", "n_features_in_", "residual_", "status_", "alpha_", "route_"]
)
def test_nothing_is_known_before_fit(read: str) -> None:
    model = KernelRidge(MLPKernel())
    assert not hasattr(model, read)
    assert hasattr(model.fit(["AB", "BA"], [1.0, 0.0]), read)


def test_not_fitted() -> None:
    for call in (lambda m: m.predict(["AB"]), lambda m: m.degrees_of_freedom()):
        with pytest.raises(NotFittedError):
            call(KernelRidge(MLPKernel()))


def test_grid_over_the_parameters_of_the_kernel() -> None:
    kernel = TransformerKernel(beta=0.5)
    model = KernelRidge(kernel)
    grid = {"kernel__beta": [0.5, 2.0], "alpha": [1e-3, 10.0]}
    search = GridSearchCV(model, grid, cv=2).fit(STRINGS, LABELS)
    assert (kernel.beta, model.kernel is kernel, model.alpha) == (0.5, True, 1.0)
    best = search.best_estimator_
    assert best.kernel == TransformerKernel(beta=search.best_params_["kernel__beta"])
    assert len(search.cv_results_["params"]) == 4
    assert len(set(search.cv_results_["mean_test_score"])) == 4
    expected = clone(model).set_params(**search.best_params_).fit(STRINGS, LABELS)
    assert (expected.predict(["AZ"]) == search.predict(["AZ"])).all()
    with pytest.raises(ValueError, match="gama"):
        model.set_params(kernel__gama=1.0)


def test_unlike_estimators_share_the_table_of_one_kernel() -> None:
    kernel = TransformerKernel()
    first = KernelRidge(kernel, 0.1).fit(STRINGS, LABELS)
    known = len(kernel.table)
    other = clone(first).set_params(alpha=3.0, route="structured").fit(STRINGS, LABELS)
    assert other.kernel is kernel
    assert len(kernel.table) == known > 0


@pytest.mark.parametrize("kernel", [TransformerKernel(beta=0.5), MLPKernel()])
def test_use_leaves_a_kernel_as_it_is(kernel: Kernel) -> None:
    """Its values are no part of it: not of its hash, nor of its pickle."""
    before = joblib.hash(kernel), hash(kernel), pickle.dumps(kernel)
    KernelRidge(kernel).fit(STRINGS, LABELS).predict(["AZ"], return_error=True)
    assert (joblib.hash(kernel), hash(kernel), pickle.dumps(kernel)) == before
    assert clone(kernel) is kernel
    assert len(kernel.table) > 0


def test_a_cache_knows_a_kernel_again(tmp_path: Path) -> None:
    calls = []

    def first_value(kernel: Kernel) -> float:
        calls.append(kernel)
        return kernel("AB", "BA").value

    cached = joblib.Memory(tmp_path, verbose=0).cache(first_value)
    kernel = TransformerKernel(beta=0.5)
    values = [cached(kernel), cached(kernel), cached(TransformerKernel(beta=0.5))]
    assert len(calls) == 1
    assert values[0] == values[1] == values[2]
    assert cached(kernel.set_params(beta=2.0)) != values[0]
    assert len(calls) == 2


def test_a_grid_in_two_processes_is_that_in_one() -> None:
    grid = {"kernel__beta": [0.5, 2.0], "alpha": [0.1]}
    scores = [
        GridSearchCV(KernelRidge(TransformerKernel()), grid, cv=2, n_jobs=n_jobs)
        .fit(STRINGS, LABELS)
        .cv_results_["mean_test_score"]
        for n_jobs in (1, 2)
    ]
    assert (scores[0] == scores[1]).all()


class Forgetful(MLPKernel):
    """A kernel that computes nothing: what it knows must have come along."""

    def evaluate(self, patterns: Sequence[Pattern], **_: object) -> EstimateArray:
        raise AssertionError(f"{len(patterns)} computed again")


def test_values_go_along_to_other_processes(tmp_path: Path) -> None:
    kernel, known = Forgetful(), MLPKernel()
    known.gram(STRINGS)
    known.table.save(path := tmp_path / "table.json")
    text = path.read_text(encoding="utf-8").replace("MLPKernel", "Forgetful")
    path.write_text(text, encoding="utf-8")
    kernel.table.load(path)
    models = [KernelRidge(kernel, alpha) for alpha in (0.1, 1.0)]
    fitted = joblib.Parallel(n_jobs=2)(
        joblib.delayed(_fitted)(model, STRINGS, LABELS) for model in models
    )
    for model, copy in zip(models, fitted, strict=True):
        gap = model.fit(STRINGS, LABELS).dual_coef_ - copy.dual_coef_
        assert np.abs(gap).max() == 0.0
        assert len(copy.kernel.table) == len(kernel.table)


def _fitted(model: KernelRidge, strings: list[str], labels: np.ndarray) -> KernelRidge:
    return model.fit(strings, labels)


@each_route
def test_round_trip_through_joblib(route: Route) -> None:
    model = KernelRidge(TransformerKernel(), 0.1, route=route).fit(STRINGS, LABELS)
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    copy = joblib.load(file)
    new = ["AA", "AZ", "ZZ"]
    assert (copy.predict(new) == model.predict(new)).all()
    assert (copy.dual_coef_ == model.dual_coef_).all()
    assert (copy.n_iter_, copy.route_, copy.kernel) == (model.n_iter_, route, model.kernel)
    assert len(copy.kernel.table) == len(model.kernel.table)


# At run time NumPy's type of what is like an array has no tuples, so labels are a list beside them.
@pytest.mark.parametrize("series", [pd.Series, pl.Series, np.array, list])
def test_a_series_is_data(series) -> None:  # type: ignore[no-untyped-def]
    model = KernelRidge(MLPKernel()).fit(STRINGS, LABELS)
    other = KernelRidge(MLPKernel()).fit(series(STRINGS), series(LABELS))
    assert (other.dual_coef_ == model.dual_coef_).all()
    assert (other.predict(series(["AZ"])) == model.predict(["AZ"])).all()
    assert other.n_features_in_ == 2


REFUSED = """
import numpy as np, pandas as pd, polars as pl
from kernels import InvalidInputError, KernelRidge, MLPKernel
table = {"text": ["AB", "BA"]}
strings = [
    (pd.DataFrame(table), "X = 'DataFrame': give one column of the table"),
    (pl.DataFrame(table), "X = 'DataFrame': give one column of the table"),
    (pl.LazyFrame(table), "X = 'LazyFrame': give one column of the table"),
    (table, "give a list, such as that of its values"),
    ({"AB", "BA"}, "the order of a set is not fixed"),
    (b"AB", "X = b'AB': give text: decode it"),
    ([b"AB", b"BA"], "X = b'AB': give text: decode it"),
    (np.array([b"AB", b"BA"]), "give text: decode it"),
    ([{"A": 1, "B": 2}] * 2, "give a list, such as that of its values"),
    (None, "X = None: give a list of strings"),
]
weights = [
    ([1.0, -1.0], "sample_weight = -1.0: that is the one at index 1; give numbers of at least 0"),
    ([np.nan, 1.0], "sample_weight = nan: that is the one at index 0; give finite"),
    ([1.0, np.inf], "sample_weight = inf"),
    ([0.0, 0.0], "sample_weight = array([0., 0.]): all weights are zero"),
    ([1.0], "sample_weight = array([1.]): give one number for each of the 2 strings"),
    ([[1.0, 1.0]], "give one number for each"),
    (["a", "b"], "sample_weight = ['a', 'b']: give real numbers"),
    ([1j, 1.0], "sample_weight = [1j, 1.0]: give real numbers"),
    ([1e200, 1.0], "sample_weight = 1e+200"),
    ([1e-200, 1.0], "sample_weight = 1e-200"),
]
model = KernelRidge(MLPKernel()).fit(["AB", "BA"], [1.0, 2.0])
cases = [(lambda x=x: model.fit(x, [1.0, 2.0]), message) for x, message in strings]
cases += [(lambda x=x: model.predict(x), message) for x, message in strings]
cases += [
    (lambda w=w: model.fit(["AB", "BA"], [1.0, 2.0], sample_weight=w), message)
    for w, message in weights
]
cases += [(lambda: model.fit(["AB"], None), "y = None: fitting requires y to be passed")]
for call, message in cases:
    try:
        call()
    except InvalidInputError as error:
        assert message in str(error), (message, str(error))
    else:
        raise AssertionError(message)
"""


def test_what_is_refused() -> None:
    """In a process of its own: here the checker of types would be first."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", REFUSED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

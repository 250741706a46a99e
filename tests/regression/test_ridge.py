"""`KernelRidge`: the equation it solves, by either route, and what it says when it cannot."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.kernel_ridge import KernelRidge as PrecomputedRidge
from sklearn.model_selection import GridSearchCV

from kernels import ErrorKind, KernelRidge, MLPKernel
from kernels.regression.routes.choice import Route
from tests.tolerances import (
    DENSE_AGAINST_STRUCTURED,
    RESIDUAL_FACTOR,
    STANDARD_ERRORS,
    TRUE_RESIDUAL,
)
from tests.toy_kernels import RelationalKernel, SymbolKernel
from theory import TemplateTask, Uniform, Zipf, catalogue
from validation.strategies import disjoint_templates

KERNEL = SymbolKernel()
TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
ROUTES: list[Route] = ["dense", "structured"]

each_route = pytest.mark.parametrize("route", ROUTES)


@st.composite
def problems(draw: st.DrawFn, largest: int = 300) -> tuple[TemplateTask, Uniform, int, int]:
    """Tasks of 2 to 5 templates with up to 4 wildcards, an alphabet, a size and a seed.

    The alphabet may hold the regular tokens, so that symbols of some templates are regular tokens
    of others.
    """
    regular = draw(st.sampled_from(["", "a", "ab"]))
    size = draw(st.integers(2, 5))
    templates = draw(
        disjoint_templates(min_size=2, max_size=size, max_length=5, wildcards=4, regular=regular)
    )
    labels = tuple(float(draw(st.integers(-2, 2))) for _ in templates)
    task = TemplateTask(templates, labels)
    named = task.regular_tokens if draw(st.booleans()) else ()
    alphabet = draw(st.one_of(st.integers(6, 40), st.sampled_from([200, 2_000, 10_000])))
    return task, Uniform(alphabet, named), draw(st.integers(5, largest)), draw(st.integers(0, 99))


def compare(task: TemplateTask, law: Uniform, n: int, seed: int, ridge: float) -> None:
    sample = task.sample(n, alphabet=law, noise=0.3, seed=seed)
    new = [*task.sample(30, alphabet=law, seed=seed + 1).strings, *task.unseen()]
    new.append("xyaba"[: task.length - 1])
    dense = KernelRidge(KERNEL, ridge, route="dense").fit(sample.strings, sample.labels)
    fast = KernelRidge(KERNEL, ridge, route="structured").fit(sample.strings, sample.labels)
    assert (dense.route_, fast.route_) == ("dense", "structured")
    assert fast.status_ == dense.status_ == "converged"
    gap = np.abs(fast.predict(new) - dense.predict(new)).max()
    assert gap <= DENSE_AGAINST_STRUCTURED
    gram = KERNEL.gram(sample.strings).values
    equation = gram @ fast.dual_coef_ + ridge * fast.dual_coef_ - sample.labels
    relative = np.linalg.norm(equation) / (np.linalg.norm(sample.labels) or 1.0)
    assert fast.residual_ <= fast.tol
    assert abs(relative - fast.residual_) <= n * TRUE_RESIDUAL


@given(problem=problems(), alpha=st.sampled_from([0.1, 1.0, 10.0]))
def test_structured_equals_dense(
    problem: tuple[TemplateTask, Uniform, int, int], alpha: float
) -> None:
    compare(*problem, alpha)


@pytest.mark.long
@given(problem=problems(largest=2_000), alpha=st.sampled_from([0.1, 1.0, 10.0]))
def test_structured_equals_dense_at_full_size(
    problem: tuple[TemplateTask, Uniform, int, int], alpha: float
) -> None:
    compare(*problem, alpha)


@pytest.mark.parametrize("alphabet", [6, 30, 10_000])
def test_structured_equals_dense_at_2_000(alphabet: int) -> None:
    task = TemplateTask.parse({"αβγδ": 1.0, "ααβγ": -1.0, "αβaα": 2.0, "bααb": 0.5, "αβγγ": 3.0})
    compare(task, Uniform(alphabet, task.regular_tokens), 2_000, 0, 1.0)


@each_route
def test_same_as_scikit_learn(route: Route) -> None:
    sample = TASK.sample(300, alphabet=40, noise=0.1, seed=0)
    new = TASK.sample(50, alphabet=60, seed=1).strings
    peer = PrecomputedRidge(alpha=0.5, kernel="precomputed")
    peer.fit(KERNEL.gram(sample.strings).values, sample.labels)
    ours = KernelRidge(KERNEL, 0.5, route=route).fit(sample.strings, sample.labels)
    expected = peer.predict(KERNEL.gram(new, sample.strings).values)
    assert np.abs(ours.predict(new) - expected).max() <= DENSE_AGAINST_STRUCTURED


@each_route
def test_merged_strings_change_nothing(route: Route) -> None:
    """Conflicting labels of equal strings are fine: the n equations hold all the same."""
    strings, labels = ["AB", "AB", "CC", "AB", "BA"], np.array([1.0, -1.0, 2.0, 5.0, 0.0])
    model = KernelRidge(KERNEL, 0.7, route=route, tol=1e-14).fit(strings, labels)
    gram = KERNEL.gram(strings).values
    expected = np.linalg.solve(gram + 0.7 * np.eye(5), labels)
    assert np.abs(model.dual_coef_ - expected).max() <= DENSE_AGAINST_STRUCTURED
    assert model.distinct_ == 3


@each_route
def test_several_label_sets_at_once(route: Route) -> None:
    sample = TASK.sample(400, alphabet=50, noise=0.5, seed=0)
    several = np.stack([sample.labels, np.zeros(400), sample.labels**2], axis=1)
    new = ["AA", "AB", "s1 s1", "s2 s3"]
    together = KernelRidge(KERNEL, route=route).fit(sample.strings, several).predict(new)
    assert together.shape == (4, 3)
    assert np.all(together[:, 1] == 0.0)
    for t in range(3):
        alone = KernelRidge(KERNEL, route=route).fit(sample.strings, several[:, t]).predict(new)
        assert np.abs(together[:, t] - alone).max() <= DENSE_AGAINST_STRUCTURED


@each_route
def test_path_equals_separate_fits(route: Route) -> None:
    sample = TASK.sample(400, alphabet=Zipf(60), noise=0.5, seed=0)
    labels = np.stack([sample.labels, sample.labels**2], axis=1)
    ridges = [0.1, 1.0, 30.0]
    models = KernelRidge(KERNEL, route=route).fit_path(sample.strings, labels, ridges)
    new = ["AA", "AB", "s1 s1", "s2 s3"]
    assert [model.alpha for model in models] == ridges
    for model in models:
        alone = clone(model).fit(sample.strings, labels)
        gap = np.abs(alone.predict(new) - model.predict(new)).max()
        assert gap <= DENSE_AGAINST_STRUCTURED
        assert model.residual_ <= model.tol


def test_degrees_of_freedom_by_two_routes() -> None:
    sample = TASK.sample(1_600, alphabet=400, seed=0)
    dense, fast = (
        KernelRidge(KERNEL, 0.5, route=route).fit(sample.strings, sample.labels) for route in ROUTES
    )
    assert fast.distinct_ > 1_000  # fewer have their eigenvalues computed
    exact, sampled = dense.degrees_of_freedom(), fast.degrees_of_freedom(probes=24)
    gram = KERNEL.gram(sample.strings).values
    trace = np.trace(np.linalg.solve(gram + 0.5 * np.eye(1_600), gram))
    assert exact.value == pytest.approx(trace, abs=max(exact.error, DENSE_AGAINST_STRUCTURED))
    assert (exact.kind, sampled.kind) == (ErrorKind.NUMERICAL, ErrorKind.STATISTICAL)
    assert abs(sampled.value - exact.value) <= STANDARD_ERRORS * sampled.error
    assert fast.degrees_of_freedom(probes=8, seed=3) == fast.degrees_of_freedom(probes=8, seed=3)


def test_degrees_of_freedom_of_few_strings_are_those_of_their_matrix() -> None:
    """Random vectors may all agree on a pair of strings that share a token."""
    model = KernelRidge(MLPKernel(), route="structured", fixed_tokens=[])
    model.fit(["AB", "AC", "AB"], [0.0, 1.0, 2.0])
    gram = MLPKernel().gram(["AB", "AC", "AB"]).values
    trace = np.trace(np.linalg.solve(gram + np.eye(3), gram))
    assert model.degrees_of_freedom().value == pytest.approx(trace, abs=TRUE_RESIDUAL)


@each_route
@pytest.mark.parametrize("alpha", [1e-14, 1e-6, 1e-3])
def test_residual_is_that_of_the_coefficients(route: Route, alpha: float) -> None:
    """Where strings repeat, too: there the ridge divides rounding that many samples multiply."""
    strings, labels = ["AB", "AB", "CC", "AB"], np.array([1.0, -1.0, 2.0, 0.5])
    model = KernelRidge(MLPKernel(), alpha, route=route)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(strings, labels)
    gram = MLPKernel().gram(strings).values
    left = labels - gram @ model.dual_coef_ - alpha * model.dual_coef_
    true = float(np.linalg.norm(left) / np.linalg.norm(labels))
    assert true / RESIDUAL_FACTOR - 1e-13 <= model.residual_ <= true * RESIDUAL_FACTOR + 1e-13
    assert (model.status_ == "converged") == (not caught) == (model.residual_ <= model.tol)


def test_many_equal_strings_lose_no_digits() -> None:
    sample = TASK.sample(200_000, alphabet=3, noise=0.1, seed=0)
    model = KernelRidge(KERNEL, 0.1).fit(sample.strings, sample.labels)
    assert model.residual_ <= model.tol


def test_route_by_size_and_structure() -> None:
    sample = TASK.sample(3_000, alphabet=3_000, seed=0)
    few, many = sample[:500], sample
    assert KernelRidge(KERNEL).fit(few.strings, few.labels).route_ == "dense"
    model = KernelRidge(KERNEL).fit(many.strings, many.labels)
    assert model.route_ == "structured"
    assert 0 < model.n_iter_ < 100
    repeated = TASK.sample(3_000, alphabet=10, seed=0)
    assert KernelRidge(KERNEL).fit(repeated.strings, repeated.labels).route_ == "dense"


@pytest.mark.parametrize("alphabet", [20, 300, 4_000])
@pytest.mark.parametrize("name", ["same-different", "majority-4"])
def test_iterations_stay_below_100(name: str, alphabet: int) -> None:
    task = catalogue.find(name)
    sample = task.sample(4_000, alphabet=alphabet, noise=0.1, seed=0)
    model = KernelRidge(KERNEL, route="structured").fit(sample.strings, sample.labels)
    assert model.status_ == "converged"
    assert model.n_iter_ < 100


def test_scikit_learn_contract() -> None:
    model = KernelRidge(KERNEL, alpha=0.3, tol=1e-9)
    assert clone(model).get_params()["alpha"] == 0.3
    sample = TASK.sample(60, alphabet=30, noise=0.1, seed=0)
    search = GridSearchCV(model, {"alpha": [0.01, 1.0]}, cv=3)
    search.fit(sample.strings, sample.labels)
    assert search.best_params_["alpha"] in (0.01, 1.0)
    with pytest.raises(NotFittedError):
        KernelRidge(KERNEL).predict(["AB"])


def test_kernel_blind_to_relations_fails_on_unseen_symbols() -> None:
    """Remark I.6: the MLP kernel's N is constant, so all strings of unseen symbols look alike."""
    sample = TASK.sample(2_000, alphabet=1_500, seed=0)
    blind = KernelRidge(MLPKernel()).fit(sample.strings, sample.labels)
    same, different = blind.predict(["zz", "xy"])
    assert same == pytest.approx(different, abs=DENSE_AGAINST_STRUCTURED)
    seeing = KernelRidge(RelationalKernel()).fit(sample.strings, sample.labels)
    assert np.abs(seeing.predict(["zz", "xy"]) - [1.0, -1.0]).max() < 0.1


def test_early_stop_is_said() -> None:
    sample = TASK.sample(1_500, alphabet=200, seed=0)
    model = KernelRidge(KERNEL, route="structured", max_iter=3)
    with pytest.warns(ConvergenceWarning, match="iteration limit, after 3 iterations"):
        model.fit(sample.strings, sample.labels)
    assert model.status_ == "iteration limit"
    assert model.residual_ > model.tol


def test_unreachable_tolerance_is_said() -> None:
    sample = TASK.sample(1_500, alphabet=200, seed=0)
    model = KernelRidge(KERNEL, 1e-3, route="structured", tol=1e-18)
    with pytest.warns(ConvergenceWarning, match="rounding"):
        model.fit(sample.strings, sample.labels)
    assert model.residual_ < 1e-10

"""`KernelRidge` where it cannot solve, stops early, or must choose: what it says and returns."""

from __future__ import annotations

import pickle
import re
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from kernels import InvalidInputError, KernelRidge, MLPKernel, TooLargeError, TransformerKernel
from kernels.regression.contract import Status
from kernels.regression.routes import choice
from kernels.regression.routes.choice import Route
from kernels.regression.solvers.conjugate_gradients import _settled, conjugate_gradients
from kernels.regression.solvers.factorization import effective_dimension, solve_dense
from tests.tolerances import DENSE_AGAINST_STRUCTURED, STANDARD_ERRORS
from tests.toy_kernels import AgreementKernel, SymbolKernel
from theory import TemplateTask

KERNEL = SymbolKernel()
TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
SAMPLE = TASK.sample(1_500, alphabet=200, noise=0.1, seed=0)
ROUTES: list[Route] = ["dense", "structured"]

each_route = pytest.mark.parametrize("route", ROUTES)


class Indefinite(AgreementKernel):
    """Minus a kernel."""

    name = "indefinite"

    def evaluate(self, patterns, *, n_jobs=1):  # type: ignore[no-untyped-def]
        return -super().evaluate(patterns, n_jobs=n_jobs)


@each_route
def test_indefinite_kernel_is_refused(route: Route) -> None:
    model = KernelRidge(Indefinite(), 0.25, route=route)
    with pytest.raises(InvalidInputError, match=r"alpha = 0.25: .*larger alpha.*more exactly"):
        model.fit(SAMPLE.strings, SAMPLE.labels)
    with pytest.raises(InvalidInputError, match=r"alpha = 0.25"):
        model.fit_path(SAMPLE.strings, SAMPLE.labels, [1e6, 0.25])


@each_route
def test_ridge_that_rounding_swallows(route: Route) -> None:
    """K is singular here, and 1e-17 vanishes beside its entries."""
    model = KernelRidge(TransformerKernel(1.0, 0.0), 1e-17, route=route)
    with pytest.raises(InvalidInputError, match=r"alpha = 1e-17: .*not positive definite"):
        model.fit(["AB", "BA", "AA"], [1.0, -1.0, 0.0])


def test_dense_solution_gains_or_is_refused() -> None:
    """A ridge of 1e-17 beside entries of 1: some factors exist, and mean nothing."""
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(50):
        half = rng.standard_normal((4, 2))
        gram, right = half @ half.T, rng.standard_normal((4, 1))
        try:
            found = solve_dense(gram, right, 1e-17)
        except np.linalg.LinAlgError:
            refused += 1
            continue
        left = np.linalg.norm(right - gram @ found)
        assert left <= 0.5 * np.linalg.norm(right)
    assert refused


@pytest.mark.parametrize(("size", "alpha"), [(3.0, 1.0), (3e-3, 1e-3), (1e-6, 1e3), (20.0, 0.1)])
def test_the_error_of_a_trace_is_that_of_eigenvalues_off_at_once(size: float, alpha: float) -> None:
    """All of them equal, and off in one direction by four units of the largest: attained."""
    off = 2.0**-12  # in place of the unit; the change is in proportion
    found = effective_dimension(size * np.eye(5), alpha)
    moved = effective_dimension(size * (1.0 + off) * np.eye(5), alpha)
    change = (moved.value - found.value) / off * 4.0 * np.finfo(np.float64).eps
    assert float(found.error) == pytest.approx(change, rel=0.01, abs=0.0)


def test_a_negative_direction_after_a_restart_is_rounding() -> None:
    """At the first start it is one of the matrix; later, the residual was small before."""
    found = [_settled(Status.INDEFINITE, start) for start in (0, 1, 2)]
    assert found == [Status.INDEFINITE, Status.ROUNDING, Status.ROUNDING]


def test_start_that_makes_the_residual_larger_is_undone() -> None:
    """One step of conjugate gradients lowers the error in the norm of A, not the residual."""
    a = np.diag([1.0, 1e4])
    right = np.array([[1.0], [0.05]])
    found = conjugate_gradients(
        lambda v, _: a @ v, lambda v, _: v.copy(), right, tol=1e-12, max_iter=1
    )
    assert found.statuses == [Status.ITERATION_LIMIT]
    assert found.solution.tolist() == [[0.0], [0.0]]
    assert found.residuals.tolist() == [1.0]


def test_columns_end_each_on_its_own() -> None:
    a = np.diag([1.0, 2.0, 4.0])
    right = np.stack([np.eye(3)[0], np.ones(3), np.zeros(3)], axis=1)
    found = conjugate_gradients(
        lambda v, _: a @ v, lambda v, _: v.copy(), right, tol=1e-12, max_iter=2
    )
    assert found.statuses == [Status.CONVERGED, Status.ITERATION_LIMIT, Status.CONVERGED]
    assert found.iterations.tolist() == [1, 2, 0]


@pytest.mark.parametrize("engine", ["numpy", "jax"])
def test_each_model_of_a_path_has_its_own_status(engine: str) -> None:
    labels = np.stack([SAMPLE.labels, np.zeros(len(SAMPLE))], axis=1)
    model = KernelRidge(KERNEL, route="structured", max_iter=8).set_params(engine=engine)
    with pytest.warns(ConvergenceWarning) as caught:
        hard, easy = model.fit_path(SAMPLE.strings, labels, [1e-3, 1e4])
    assert (hard.status_, easy.status_) == ("iteration limit", "converged")
    assert easy.residual_ <= easy.tol < hard.residual_ <= 1.0
    assert easy.n_iter_ < hard.n_iter_ == 8
    (said,) = caught
    assert re.search(r"alpha = 0.001: .* in 1 of 2 columns", str(said.message))
    assert "1e+04" not in str(said.message)


def test_warning_has_a_remedy_and_leaves_the_model_set() -> None:
    model = KernelRidge(KERNEL, route="structured", max_iter=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConvergenceWarning, match=r"larger alpha.*max_iter.*exactly"):
            model.fit(SAMPLE.strings, SAMPLE.labels)
    assert (model.status_, model.n_iter_) == ("iteration limit", 3)
    assert np.isfinite(model.predict(["AA"])).all()


@each_route
def test_degrees_of_freedom_are_those_of_the_fit(route: Route) -> None:
    model = KernelRidge(KERNEL, 0.5, route=route).fit(SAMPLE.strings, SAMPLE.labels)
    before = model.degrees_of_freedom(probes=8)
    assert model.set_params(alpha=50.0).degrees_of_freedom(probes=8) == before
    assert model.alpha_ == 0.5


def test_degrees_of_freedom_say_when_they_stop_early() -> None:
    sample = TASK.sample(1_600, alphabet=400, seed=0)
    exact = KernelRidge(KERNEL, 1e-2, route="dense").fit(sample.strings, sample.labels)
    model = KernelRidge(KERNEL, 1e-2, route="structured").fit(sample.strings, sample.labels)
    model.set_params(max_iter=2)
    with pytest.warns(ConvergenceWarning, match=r"8 of 8 probes .*iteration limit.*remedy|larger"):
        found = model.degrees_of_freedom(probes=8)
    assert found.error > 0.1
    gap = abs(found.value - exact.degrees_of_freedom().value)
    assert gap <= STANDARD_ERRORS * found.error


@pytest.mark.parametrize(("route", "symbols"), [("dense", 16), ("dense", 130), ("structured", 10)])
def test_strings_of_many_different_symbols(route: str, symbols: int) -> None:
    rows, labels = many_symbols(symbols), np.array([1.0, -1.0, 2.0])
    model = KernelRidge(MLPKernel(), fixed_tokens=[]).set_params(route=route).fit(rows, labels)
    expected = labels - model.alpha * model.dual_coef_
    assert np.abs(model.predict(rows) - expected).max() <= DENSE_AGAINST_STRUCTURED


def test_structured_predictions_for_strings_of_many_different_symbols() -> None:
    """As long as they share little with a training string; else there are too many sets."""
    rows, labels = many_symbols(130), np.array([1.0, -1.0, 2.0])
    fast = KernelRidge(MLPKernel(), route="structured", fixed_tokens=[]).fit(rows, labels)
    dense = KernelRidge(MLPKernel(), route="dense").fit(rows, labels)
    new = [[rows[0][0], *(f"new{i}" for i in range(129))]]
    assert np.abs(fast.predict(new) - dense.predict(new)).max() <= DENSE_AGAINST_STRUCTURED
    with pytest.raises(TooLargeError, match=r"130 different symbols .*use the dense route"):
        fast.predict(rows)


def test_predictions_after_an_interruption_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    model = KernelRidge(KERNEL, route="structured").fit(SAMPLE.strings, SAMPLE.labels)
    new = SAMPLE.strings[:50]
    expected = KernelRidge(KERNEL, route="dense").fit(SAMPLE.strings, SAMPLE.labels).predict(new)

    asked = []

    def interrupt(_argument: str, _value: object, needed: float, _remedy: str) -> None:
        asked.append(needed)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:  # after the tables of single tokens, before the pairs
        model.predict(["s1 s1"])
        patch.setattr("kernels.regression.prediction.by_cells.require_memory", interrupt)
        with pytest.raises(KeyboardInterrupt):
            model.predict(new)
    pairs = sum(len(set(string.split())) == 2 for string in set(SAMPLE.strings))
    assert 8.0 <= asked[0] / pairs <= 100.0  # bytes: a number for each at least
    assert np.abs(model.predict(new) - expected).max() <= DENSE_AGAINST_STRUCTURED


def test_threads_may_predict_at_once() -> None:
    model = KernelRidge(KERNEL, route="structured").fit(SAMPLE.strings, SAMPLE.labels)
    alone = pickle.loads(pickle.dumps(model)).predict(SAMPLE.strings)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: model.predict(SAMPLE.strings), range(8)))
    assert all((one == alone).all() for one in found)


@each_route
def test_labels_and_ridges_that_do_not_fit_are_refused(
    route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kernels.regression.solution._BYTES_PER_LABEL", 1e12)
    with pytest.raises(TooLargeError, match=r"y = '1500 by 2': .*alphas at once"):
        KernelRidge(KERNEL, route=route).fit_path(SAMPLE.strings, SAMPLE.labels, [0.1, 1.0])


def test_restart_aims_below_the_goal() -> None:
    """Rounding keeps the fresh residual above where the recurrence ends; the first restart ends."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((60, 60)))[0]
    a = (basis * np.geomspace(1e-6, 1.0, 60)) @ basis.T
    right = a @ rng.standard_normal((60, 1))
    found = conjugate_gradients(
        lambda v, _: a @ v, lambda v, _: v.copy(), right, tol=3e-14, max_iter=5_000
    )
    assert found.statuses == [Status.CONVERGED]


def many_symbols(symbols: int) -> list[list[str]]:
    """Three strings, each of so many different symbols, hardly any in two of them."""
    rng = np.random.default_rng(0)
    return [[f"t{i}" for i in rng.permutation(1_000_000)[:symbols]] for _ in range(3)]


def test_fitted_model_survives_a_copy() -> None:
    model = KernelRidge(KERNEL, route="structured").fit(SAMPLE.strings, SAMPLE.labels)
    new = SAMPLE.strings[:50]
    model.predict(["s1 x"])  # begins with the tables of single tokens
    copy = pickle.loads(pickle.dumps(model))
    assert (copy.predict(new) == model.predict(new)).all()


def test_dense_where_the_orders_of_symbols_are_too_many() -> None:
    """Seven symbols of an alphabet of 13 have thousands of roles and tens of millions of pairs."""
    task = TemplateTask.parse({"αβγδεζη": 1.0})
    sample = task.sample(1_100, alphabet=13, noise=0.1, seed=0)
    kernel = AgreementKernel()
    assert KernelRidge(kernel).fit(sample.strings, sample.labels).route_ == "dense"


def test_structured_refuses_few_strings_of_many_symbols_in_common(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They have 6 kernel values, and hundreds of thousands of ways to share some."""
    rng = np.random.default_rng(0)
    strings = [rng.permutation(list("ABCDEFGHIJKLM")).tolist() for _ in range(3)]
    kernel = AgreementKernel()
    assert choice._ALWAYS < 100_000
    monkeypatch.setattr(choice, "_ALWAYS", 2_000)
    with pytest.raises(TooLargeError, match=r"different symbols.*dense route"):
        KernelRidge(kernel, route="structured").fit(strings, [1.0, 2.0, 3.0])
    assert len(kernel.table) < 2_000
    assert KernelRidge(kernel).fit(strings, [1.0, 2.0, 3.0]).route_ == "dense"


def test_too_large_where_neither_route_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernels.regression.routes.choice.fits_in_memory", lambda _: False)
    monkeypatch.setattr("kernels.regression.routes.choice.MOST", 10)
    with pytest.raises(TooLargeError, match="kinds of pairs"):
        KernelRidge(KERNEL).fit(SAMPLE.strings, SAMPLE.labels)


@each_route
def test_progress_goes_to_standard_error_and_names_things(
    route: Route, capsys: pytest.CaptureFixture[str]
) -> None:
    model = KernelRidge(SymbolKernel(), route=route, progress=True)
    model.fit(SAMPLE.strings, SAMPLE.labels).predict(["AA", "s1 s2"])
    out, err = capsys.readouterr()
    assert out == ""
    titles = re.findall(r"kernel values: [a-z0-9, ]+", err)
    assert titles
    assert len(set(titles)) == len(titles)
    if route == "structured":
        assert re.search(r"conjugate gradients: step \d+, residual \d", err)


def test_no_progress_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    KernelRidge(SymbolKernel(), route="structured").fit(SAMPLE.strings, SAMPLE.labels)
    assert capsys.readouterr() == ("", "")

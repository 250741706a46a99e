"""The idealized estimator, against the n-by-n system that (16) to (18) write down."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError
from scipy.linalg import cho_factor

from kernels import MLPKernel, ReLU
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, Numerical
from kernels.strings.patterns import Pattern
from tests.tolerances import REDUCED_SOLVE
from tests.toy_kernels import AgreementKernel, IndefiniteKernel, RelationalKernel
from theory import IdealizedRidge, Sample, TemplateTask, catalogue, template_matrix
from validation import strategies


def dense(kernel: Kernel, task: TemplateTask, sample: Sample, ridge: float, string: str) -> float:
    """y^T (Z N Z^T + ridge I)^{-1} v, entry by entry."""
    z = np.eye(len(task))[sample.templates]
    k = z @ template_matrix(kernel, task).values @ z.T
    v = []
    for template in task.templates:
        fresh = dict(zip(template.wildcards, "PQRS", strict=False))
        v.append(kernel(template.substitute(fresh), string).value)
    system = k + ridge * np.eye(len(sample))
    return float(sample.labels @ np.linalg.solve(system, np.array(v)[sample.templates]))


@given(strategies.tasks(), st.integers(1, 40), st.floats(1e-2, 10.0), st.data())
def test_reduced_system_equals_dense_system(
    task: TemplateTask, n: int, ridge: float, data: st.DataObject
) -> None:
    kernel = RelationalKernel()
    sample = task.sample(n, alphabet=10, noise=0.1, seed=n)
    length = task.length - 1
    string = data.draw(strategies.strings(min_length=length, max_length=length, letters="abAB"))
    found = IdealizedRidge(kernel, task, alpha=ridge).fit(sample.templates, sample.labels)
    expected = dense(kernel, task, sample, ridge, string)
    assert found.predict([string]).values[0] == pytest.approx(
        expected, rel=REDUCED_SOLVE, abs=REDUCED_SOLVE
    )


def test_unseen_strings_tend_to_their_labels() -> None:
    task = catalogue.aba_abb()
    errors = []
    for n in (1_000, 100_000):
        sample = task.sample(n, alphabet=100, seed=0)
        model = IdealizedRidge(RelationalKernel(), task).fit(sample.templates, sample.labels)
        found = model.predict(task.unseen())
        errors.append(float(np.abs(found.values - np.array(task.labels)).max()))
    # Without noise the bias is of order ridge / n (Claim D.4).
    assert errors[1] < errors[0] / 50
    assert errors[1] < 1e-2


def test_blind_kernels_predict_one_number() -> None:
    task = catalogue.aba_abb()
    sample = task.sample(1_000, alphabet=100, seed=0)
    model = IdealizedRidge(AgreementKernel(), task).fit(sample.templates, sample.labels)
    found = model.predict(task.unseen())
    assert abs(found.values[0] - found.values[1]) <= found.errors.sum()


class MovedKernel(RelationalKernel):
    """The relational kernel, each value moved by its own amount of at most ``size``."""

    def __init__(self, size: float, seed: int) -> None:
        super().__init__()
        self.size, self.seed = size, seed

    @property
    def name(self) -> str:
        return f"moved {self.seed} {self.size}"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:
        found = super().evaluate(patterns, n_jobs=n_jobs)
        angles = [self.seed + hash((pattern.x, pattern.y)) % 1_000 for pattern in patterns]
        return found + self.size * np.cos(angles)


@given(st.integers(0, 1_000), st.floats(1e-6, 1e-3))
def test_error_covers_perturbed_kernels(seed: int, size: float) -> None:
    """Kernels within the claimed errors predict within the claimed error."""

    task = catalogue.majority(3)
    sample = task.sample(200, alphabet=50, noise=0.1, seed=seed)
    claimed = IdealizedRidge(RelationalKernel(Numerical(size)), task, alpha=5.0)
    moved = IdealizedRidge(MovedKernel(size, seed), task, alpha=5.0)
    strings = [*task.unseen(), "AAA"]
    found = claimed.fit(sample.templates, sample.labels).predict(strings)
    other = moved.fit(sample.templates, sample.labels).predict(strings)
    assert np.all(np.abs(found.values - other.values) <= found.errors)
    assert found.kind is ErrorKind.NUMERICAL


def test_templates_without_samples_are_left_out() -> None:
    task = catalogue.majority(3)
    templates = np.array([0, 0, 2], dtype=np.int32)
    labels = np.array([1.0, 1.0, -1.0])
    found = IdealizedRidge(RelationalKernel(), task).fit(templates, labels)
    assert np.isfinite(found.predict(["AAA", "ABA"]).values).all()


def test_bad_input_is_refused() -> None:
    task = catalogue.aba_abb()
    model = IdealizedRidge(RelationalKernel(), task)
    one, index = np.ones(1), np.zeros(1, dtype=np.int32)
    with pytest.raises(InvalidInputError, match="fit before predict"):
        model.predict(["AAA"])
    with pytest.raises(InvalidInputError, match="from 0 to 1"):
        model.fit(index + np.int32(2), one)
    with pytest.raises(InvalidInputError, match="labels"):
        model.fit(index, np.ones(2))
    with pytest.raises(InvalidInputError, match="3 tokens"):
        model.fit(index, one).predict(["AA"])
    with pytest.raises(InvalidInputError, match="alpha"):
        IdealizedRidge(RelationalKernel(), task, alpha=0.0)
    with pytest.raises(InvalidInputError, match="between 1e-100 and 1e100"):
        IdealizedRidge(RelationalKernel(), task, alpha=1e-300)


def test_the_matrix_of_other_templates_is_refused() -> None:
    other = template_matrix(RelationalKernel(), catalogue.same_different())
    with pytest.raises(InvalidInputError, match=r"matrix = .*templates are not those"):
        IdealizedRidge(RelationalKernel(), catalogue.aba_abb(), matrix=other)


def test_the_matrix_of_another_kernel_is_refused() -> None:
    """Its predictions would be off by far more than their errors."""
    task = TemplateTask.parse({"aα": 1.0, "bα": -1.0})
    kernel, other = MLPKernel(), MLPKernel(ReLU())
    with pytest.raises(InvalidInputError, match=r"matrix = .*ReLU.*, not of MLPKernel"):
        IdealizedRidge(kernel, task, matrix=template_matrix(other, task))
    templates, labels = [0, 1, 1], [1.0, -1.0, -1.0]
    given = IdealizedRidge(kernel, task, matrix=template_matrix(MLPKernel(), task))
    found = given.fit(templates, labels).predict(["aA"])
    expected = IdealizedRidge(kernel, task).fit(templates, labels).predict(["aA"])
    np.testing.assert_array_equal(found.values, expected.values)


WRONG_FITS = [
    ([0, 1], [1.0, np.nan], "labels = nan: .*index 1"),
    ([0, 1], [np.inf, 1.0], "labels = inf: .*index 0"),
    ([0, 1], [1e200, 1.0], "labels = 1e\\+200: .*rescale"),
    ([0, 1], np.ones((2, 1)), "labels = .*one label"),
    ([0, 1], ["a", "b"], "labels = .*real numbers"),
    ([0, 1], None, "labels = "),
    ([0, 1], [1.0], "labels = "),
    ([], [], "templates = .*from 0 to 1"),
    ([0, -1], [1.0, 1.0], "templates = .*from 0 to 1"),
    ([0.0, 1.0], [1.0, 1.0], "templates = .*from 0 to 1"),
    ([[0], [0, 1]], [1.0, 1.0], "templates = .*from 0 to 1"),
    (None, [1.0, 1.0], "templates = .*from 0 to 1"),
]


@pytest.mark.parametrize(("templates", "labels", "_"), WRONG_FITS)
def test_wrong_samples_are_refused(templates: object, labels: object, _: str) -> None:
    model = IdealizedRidge(RelationalKernel(), catalogue.aba_abb())
    with pytest.raises((InvalidInputError, TypeCheckError)):
        model.fit(templates, labels)  # type: ignore[arg-type] # on purpose


def test_wrong_types_are_named_where_annotations_are_not_checked() -> None:
    source = f"""
import re
import numpy as np
from kernels import InvalidInputError, MLPKernel
from theory import IdealizedRidge, catalogue
nan, inf, array = np.nan, np.inf, np.array
task = catalogue.aba_abb()
model = IdealizedRidge(MLPKernel(), task)
cases = [(lambda t=t, y=y: model.fit(t, y), said) for t, y, said in {WRONG_FITS!r}]
cases += [
    (lambda: IdealizedRidge(None, task), "kernel = None: give a kernel"),
    (lambda: IdealizedRidge(MLPKernel(), None), "task = None: give a TemplateTask"),
    (lambda: IdealizedRidge(MLPKernel(), task, matrix="x"), "matrix = 'x': .*template_matrix"),
    (lambda: model.fit([0], [1.0]).predict(None), "strings = None: give a list"),
    (lambda: model.fit([0], [1.0]).predict("AAA"), "strings = 'AAA': give a list"),
]
for call, said in cases:
    try:
        call()
    except InvalidInputError as error:
        assert re.match(said, str(error), re.DOTALL), (said, str(error))
    else:
        raise AssertionError(said)
"""
    run = [sys.executable, "-W", "error::RuntimeWarning", "-c", source]
    subprocess.run(run, cwd=Path(__file__).parents[2], check=True)


def test_lists_are_as_good_as_arrays() -> None:
    task = catalogue.aba_abb()
    model = IdealizedRidge(RelationalKernel(), task)
    templates, labels = [0, 1, 1], [1, -1, 0]
    found = model.fit(templates, labels).predict(["ABA", "CCC"])
    arrays = np.array(templates, dtype=np.uint64), np.array(labels, dtype=np.float64)
    expected = model.fit(*arrays).predict(["ABA", "CCC"])
    np.testing.assert_array_equal(found.values, expected.values)


@pytest.mark.parametrize("kernel", [AgreementKernel(), IndefiniteKernel()])
@given(first=st.integers(1, 1_000), second=st.integers(1, 1_000))
def test_a_system_without_a_factor_is_refused(kernel: Kernel, first: int, second: int) -> None:
    """Singular N, beside whose entries 1e-17 vanishes, whether or not LAPACK finds a factor."""
    model = IdealizedRidge(kernel, catalogue.aba_abb(), alpha=1e-17)
    with pytest.raises(InvalidInputError, match=r"alpha = 1e-17: .*not positive definite"):
        model.fit([0] * first + [1] * second, [1.0] * first + [-1.0] * second)


def test_a_fit_that_fails_leaves_the_last_one() -> None:
    model = IdealizedRidge(AgreementKernel(), catalogue.aba_abb(), alpha=1e-17)
    expected = model.fit([0], [1.0]).predict(["AAA"]).values
    with pytest.raises(InvalidInputError, match="alpha"):
        model.fit([0, 1], [1.0, -1.0])
    np.testing.assert_array_equal(model.predict(["AAA"]).values, expected)


def test_patterns_avoid_the_strings_own_tokens() -> None:
    """v(x) for a string that holds a regular token of its template set."""
    kernel = RelationalKernel()
    task = TemplateTask.parse({"αα": 1.0, "aβ": -1.0})
    sample = task.sample(10**6, alphabet=10**6, seed=0)
    found = IdealizedRidge(kernel, task).fit(sample.templates, sample.labels).predict(["aa"])
    v = np.array([kernel("PP", "aa").value, kernel("aP", "aa").value])
    n = template_matrix(kernel, task).values
    limit = float(v @ np.linalg.solve(n, np.array([1.0, -1.0])))
    assert found.values[0] == pytest.approx(limit, abs=1e-3)
    assert Pattern.of("PP", "aa") != Pattern.of("aP", "aa")


def test_the_error_is_attained() -> None:
    """One template, whose K is known to be 0.5 within 0.5 and is 0; its v is 0.3 and may be 0.5."""
    k, v, alpha = 0.5, 0.3, 1.0
    system, target = np.array([[k + alpha]]), np.array([1.0])
    fitted = SimpleNamespace(
        alpha=alpha,
        _system=system,
        _target=target,
        _dual=target / (k + alpha),
        _factor=cho_factor(system),
    )
    bound = IdealizedRidge._error(fitted, np.array([[v]]), np.array([[0.2]]), np.array([[0.5]]))
    gap = 0.5 / alpha - v / (k + alpha)
    assert gap <= bound.item() <= gap * (1.0 + REDUCED_SOLVE)

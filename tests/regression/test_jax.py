"""The JAX route against the NumPy route, product by product and solution by solution."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from kernels import InvalidInputError, KernelRidge, MonteCarlo, Pattern
from kernels.regression.arrays.engine import device_of
from kernels.regression.operator.blocks import ScaledMatrix
from kernels.regression.operator.gram_operator import GramOperator
from kernels.regression.preconditioners import spectra
from kernels.regression.preconditioners.choice import Preconditioner, choose_preconditioner
from kernels.regression.preconditioners.token_blocks import TokenBlocks
from kernels.regression.preconditioners.woodbury import Woodbury
from kernels.regression.routes.structured import StructuredSystem
from tests.regression.test_preconditioners import roots
from tests.tolerances import DENSE_AGAINST_STRUCTURED, PRECONDITIONER_ROUNDING
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask, TokenLaw, Uniform, Zipf

TASK = TemplateTask.parse({"ααβa": 1.0, "αβγa": -1.0, "aαβα": 0.0})
LAWS: list[TokenLaw] = [Uniform(12, ("a",)), Uniform(80), Zipf(300), Uniform(5_000)]
RIDGE = 0.3

SETTINGS = [
    ("jax_enable_x64", False),
    ("jax_numpy_dtype_promotion", "strict"),
    ("jax_numpy_rank_promotion", "raise"),
    ("jax_transfer_guard", "disallow"),
    ("jax_threefry_partitionable", False),
    ("jax_debug_nans", True),
]

each_law = pytest.mark.parametrize("law", LAWS, ids=repr)


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_the_users_settings_of_jax_change_nothing(name: str, value: object) -> None:
    def numbers() -> tuple[float, float]:
        sample = TASK.sample(200, alphabet=30, seed=2)
        model = KernelRidge(SymbolKernel(), alpha=RIDGE, engine="jax", route="structured")
        predicted = model.fit(sample.strings, sample.labels).predict(sample.strings[:1])
        drawn = MonteCarlo(1_000, seed=3).estimate([Pattern.of("AA", "BC")], 2.0, 1.0)[0]
        return float(predicted[0]), drawn.value

    before, plain = getattr(jax.config, name), numbers()
    jax.config.update(name, value)
    try:
        assert numbers() == plain
        assert getattr(jax.config, name) == value
    finally:
        jax.config.update(name, before)


@each_law
@pytest.mark.parametrize("blocks", [False, True], ids=["woodbury", "token blocks"])
def test_products_are_those_of_numpy(law: TokenLaw, blocks: bool) -> None:
    sample = TASK.sample(1_500, alphabet=law, seed=0)
    operator = GramOperator(SymbolKernel(), sample.strings, fixed_tokens=["a"])
    host = StructuredSystem(operator, roots(operator))
    vectors = np.random.default_rng(0).standard_normal((host.operator.rows, 2))
    single = operator.blocks.interactions[0]
    frequent = np.bincount(single.cells.atom, single.indicator.tocsr().sum(axis=0)) >= 10
    chosen: Preconditioner = (
        TokenBlocks.of(operator.blocks, host.root, RIDGE, single, frequent)
        if blocks
        else Woodbury.of(operator.blocks, host.root, RIDGE)
    )
    device = device_of("jax")
    with device.scope():
        matrix, approximate = (
            device.put(ScaledMatrix(operator.blocks, host.root)),
            device.put(chosen),
        )
        there, alphas = device.put(vectors), np.full(2, RIDGE)
        product = device.take(device.call(matrix, there, alphas))
        inverse = device.take(device.call(approximate, there))
    expected = host.apply(vectors) + RIDGE * vectors
    scale = np.abs(expected).max()
    assert np.abs(product - expected).max() <= PRECONDITIONER_ROUNDING * scale
    assert np.abs(inverse - chosen(vectors)).max() <= PRECONDITIONER_ROUNDING


@each_law
def test_solutions_are_those_of_numpy(law: TokenLaw) -> None:
    sample = TASK.sample(1_500, alphabet=law, noise=0.3, seed=0)
    labels = np.stack([sample.labels, np.zeros(len(sample)), sample.labels**2], axis=1)
    new = [*TASK.sample(30, alphabet=law, seed=1).strings, *TASK.unseen()]
    model = KernelRidge(SymbolKernel(), route="structured")
    ridges = [RIDGE, 3.0]
    host = model.fit_path(sample.strings, labels, ridges)
    device = model.set_params(engine="jax").fit_path(sample.strings, labels, ridges)
    for one, other in zip(host, device, strict=True):
        assert other.status_ == "converged"
        assert other.residual_ <= other.tol
        assert other.n_iter_ > 0
        gap = np.abs(one.predict(new) - other.predict(new)).max()
        assert gap <= DENSE_AGAINST_STRUCTURED


def test_as_few_iterations_with_many_equally_frequent_tokens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where NumPy would use token blocks, so does JAX."""
    monkeypatch.setattr(spectra, "MANY", 20)
    monkeypatch.setattr(spectra, "MOST", 20)
    sample = TASK.sample(6_000, alphabet=150, noise=0.3, seed=0)
    model = KernelRidge(SymbolKernel(), RIDGE, route="structured", fixed_tokens=["a"])
    host = clone(model).fit(sample.strings, sample.labels)
    device = model.set_params(engine="jax").fit(sample.strings, sample.labels)
    operator = GramOperator(SymbolKernel(), sample.strings, fixed_tokens=["a"])
    used = choose_preconditioner(operator.blocks, roots(operator), RIDGE)
    assert isinstance(used, TokenBlocks)
    assert abs(device.n_iter_ - host.n_iter_) <= 1
    gap = np.abs(device.dual_coef_ - host.dual_coef_).max()
    assert gap <= DENSE_AGAINST_STRUCTURED


def test_early_stop_is_said() -> None:
    sample = TASK.sample(1_500, alphabet=80, seed=0)
    model = KernelRidge(SymbolKernel(), route="structured", engine="jax", max_iter=3)
    with pytest.warns(ConvergenceWarning, match="iteration limit, after 3 iterations"):
        model.fit(sample.strings, sample.labels)
    assert model.status_ == "iteration limit"
    assert model.residual_ > model.tol


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="engine"):
        KernelRidge(SymbolKernel()).set_params(engine="fortran").fit(["AB"], [1.0])

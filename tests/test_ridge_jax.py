"""The JAX route against the NumPy route, product by product and solution by solution."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from kernels import InvalidInputError, KernelRidge
from kernels.regression import spectra
from kernels.regression.gram_operator import GramOperator
from kernels.regression.jax_solver import DeviceSystem
from kernels.regression.preconditioner import Preconditioner, choose_preconditioner
from kernels.regression.structured import StructuredSystem
from kernels.regression.token_blocks import TokenBlockPreconditioner
from kernels.regression.woodbury import WoodburyPreconditioner
from tests.tolerances import DENSE_AGAINST_STRUCTURED, PRECONDITIONER_ROUNDING
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask, TokenLaw, Uniform, Zipf

TASK = TemplateTask.parse({"ααβa": 1.0, "αβγa": -1.0, "aαβα": 0.0})
LAWS: list[TokenLaw] = [Uniform(12, ("a",)), Uniform(80), Zipf(300), Uniform(5_000)]
RIDGE = 0.3

each_law = pytest.mark.parametrize("law", LAWS, ids=repr)


@each_law
@pytest.mark.parametrize("blocks", [False, True], ids=["woodbury", "token blocks"])
def test_products_are_those_of_numpy(law: TokenLaw, blocks: bool) -> None:
    sample = TASK.sample(1_500, alphabet=law, seed=0)
    host = StructuredSystem(GramOperator(SymbolKernel(), sample.strings, fixed_tokens=["a"]))
    vectors = np.random.default_rng(0).standard_normal((host.operator.rows, 2))
    single = host.operator.interactions[0]
    frequent = np.bincount(single.atom, single.indicator.sum(axis=0)) >= 10
    chosen: Preconditioner = (
        TokenBlockPreconditioner(host.operator, host.root, RIDGE, single, frequent)
        if blocks
        else WoodburyPreconditioner(host.operator, host.root, RIDGE)
    )
    with jax.enable_x64(True):
        device = DeviceSystem.of(host.operator, host.root, RIDGE, chosen)
        product = np.array(device.apply(jnp.asarray(vectors)))
        inverse = np.array(device.preconditioner.apply(jnp.asarray(vectors)))
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
        assert other.residual_ <= other.tolerance
        assert other.iterations_ > 0
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
    root = StructuredSystem(operator).root
    used = choose_preconditioner(operator, root, RIDGE)
    assert isinstance(used, TokenBlockPreconditioner)
    assert abs(device.iterations_ - host.iterations_) <= 1
    gap = np.abs(device.coefficients_ - host.coefficients_).max()
    assert gap <= DENSE_AGAINST_STRUCTURED


def test_early_stop_is_said() -> None:
    sample = TASK.sample(1_500, alphabet=80, seed=0)
    model = KernelRidge(SymbolKernel(), route="structured", engine="jax", max_iterations=3)
    with pytest.warns(ConvergenceWarning, match="iteration limit, after 3 iterations"):
        model.fit(sample.strings, sample.labels)
    assert model.status_ == "iteration limit"
    assert model.residual_ > model.tolerance


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="engine"):
        KernelRidge(SymbolKernel()).set_params(engine="fortran").fit(["AB"], [1.0])

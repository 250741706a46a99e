"""Both preconditioners against the matrix that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float64

from kernels.regression.operator.gram_operator import GramOperator
from kernels.regression.preconditioners import spectra
from kernels.regression.preconditioners.choice import Preconditioner, choose_preconditioner
from kernels.regression.preconditioners.spectra import Spectrum, excess_left
from kernels.regression.preconditioners.token_blocks import TokenBlocks
from kernels.regression.preconditioners.woodbury import Woodbury
from kernels.regression.routes.structured import StructuredSystem
from tests.tolerances import PRECONDITIONER_ROUNDING
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask, TokenLaw, Uniform, Zipf

TASK = TemplateTask.parse({"ααβ": 1.0, "αβγ": -1.0, "αβα": 0.0})
RIDGE = 0.3


def system(law: TokenLaw, n: int = 600) -> StructuredSystem:
    sample = TASK.sample(n, alphabet=law, seed=0)
    operator = GramOperator(SymbolKernel(), sample.strings, fixed_tokens=[])
    return StructuredSystem(operator, roots(operator))


def roots(operator: GramOperator) -> Float64[np.ndarray, " u"]:
    """The square root of how often each distinct string occurs."""
    return np.sqrt(np.bincount(operator.strings.row).astype(np.float64))


def test_a_direction_counts_above_the_least_factor_alone() -> None:
    found = spectra.Spectrum(np.array([1.0, 2.0]), np.array([3.0, 1.0]), np.eye(2))
    assert found.excesses(2.0).tolist() == [3.0, 6.0]
    assert found.exceeds(2.0).tolist() == [[True, False], [True, False]]


def token_blocks(of: StructuredSystem) -> TokenBlocks:
    part = of.operator.blocks.interactions[0]
    chosen = np.bincount(part.cells.atom, part.indicator.tocsr().sum(axis=0)) >= 10
    return TokenBlocks.of(of.operator.blocks, of.root, RIDGE, part, chosen)


def condition(matrix: Float64[np.ndarray, "u u"], inverse: Float64[np.ndarray, "u u"]) -> float:
    """The condition number that conjugate gradients see."""
    lower = np.linalg.cholesky(inverse)
    values = np.linalg.eigvalsh(lower.T @ matrix @ lower)
    return float(values[-1] / values[0])


@pytest.mark.parametrize("law", [Uniform(12), Uniform(60), Zipf(200), Uniform(5_000)], ids=repr)
@pytest.mark.parametrize("blocks", [False, True])
def test_symmetric_positive_definite_and_of_use(law: TokenLaw, blocks: bool) -> None:
    of = system(law)
    identity = np.eye(of.operator.rows)
    preconditioner: Preconditioner = (
        token_blocks(of) if blocks else Woodbury.of(of.operator.blocks, of.root, RIDGE)
    )
    inverse = preconditioner(identity)
    assert np.abs(inverse - inverse.T).max() <= PRECONDITIONER_ROUNDING
    assert np.linalg.eigvalsh(inverse)[0] > 0.0
    matrix = of.apply(identity) + RIDGE * identity
    assert condition(matrix, (inverse + inverse.T) / 2) < 0.25 * np.linalg.cond(matrix)


def test_woodbury_is_the_inverse_where_all_directions_are_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = system(Uniform(6), n=2_000)
    operator = of.operator
    matrix = of.apply(np.eye(operator.rows)) + RIDGE * np.eye(operator.rows)
    monkeypatch.setattr("kernels.regression.preconditioners.woodbury.excess_left", lambda *_: 0.0)
    exact = Woodbury.of(operator.blocks, of.root, RIDGE)
    assert np.abs(exact(matrix) - np.eye(operator.rows)).max() <= PRECONDITIONER_ROUNDING


@pytest.mark.parametrize("law", [Uniform(12), Zipf(200)], ids=repr)
def test_trace(law: TokenLaw) -> None:
    of = system(law)
    woodbury = Woodbury.of(of.operator.blocks, of.root, RIDGE)
    trace = float(np.trace(woodbury(np.eye(of.operator.rows))))
    assert woodbury.trace() == pytest.approx(trace, rel=PRECONDITIONER_ROUNDING)


def few_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no more than 20 directions be solved exactly."""
    monkeypatch.setattr(spectra, "MANY", 20)
    monkeypatch.setattr(spectra, "MOST", 20)


def test_more_directions_where_many_iterations_would_be_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the usual number of directions leaves a large excess."""
    of = system(Uniform(30), n=2_000)
    right = of.root[:, None] * np.random.default_rng(0).standard_normal((of.operator.rows, 1))
    monkeypatch.setattr(spectra, "MANY", 20)
    taken = []
    for slow in (np.inf, 4.0):
        monkeypatch.setattr(spectra, "SLOW", slow)
        found = of.solve(right, np.array([RIDGE]), tol=1e-10, max_iter=500)
        assert str(found.statuses[0]) == "converged"
        taken.append(int(found.iterations[0]))
    assert taken[1] < 0.7 * taken[0]


def test_blocks_for_many_equally_frequent_tokens_only(monkeypatch: pytest.MonkeyPatch) -> None:
    few_directions(monkeypatch)
    for law, expected in (
        (Uniform(150), TokenBlocks),
        (Zipf(150), Woodbury),
        (Uniform(50_000), Woodbury),
    ):
        of = system(law, n=6_000)
        assert isinstance(choose_preconditioner(of.operator.blocks, of.root, RIDGE), expected)


def test_blocks_need_few_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    of = system(Uniform(150), n=6_000)
    right = of.root[:, None] * np.random.default_rng(0).standard_normal((of.operator.rows, 1))
    ridges = np.array([RIDGE])
    taken = {}
    for blocks in (True, False):
        few_directions(monkeypatch)
        if not blocks:
            monkeypatch.setattr("kernels.regression.preconditioners.choice._CLEAR", np.inf)
        found = of.solve(right, ridges, tol=1e-10, max_iter=500)
        taken[blocks] = int(found.iterations[0])
    assert taken[True] < 0.7 * taken[False]


@pytest.mark.parametrize(
    ("rows", "most"), [(1_000, 500), (10**5, 2_048), (10**6, 4_000), (10**7, 6_144)]
)
def test_exact_directions_cost_no_more_than_the_iterations_that_they_save(
    rows: int, most: int
) -> None:
    """Half of few rows; the usual number, and beyond it four for each square root of a row."""
    heaviness = np.linspace(1e3, 1e4, 20_000)
    left = excess_left(rows, [Spectrum(heaviness, np.ones(1), np.eye(1))])
    # All stand out by more than slow iterations leave, so as many are taken as there may be.
    assert int((heaviness > left).sum()) == most

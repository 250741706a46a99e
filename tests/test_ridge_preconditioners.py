"""Both preconditioners against the matrix that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float64

from kernels.regression import spectra
from kernels.regression.gram_operator import GramOperator
from kernels.regression.preconditioner import Preconditioner, choose_preconditioner
from kernels.regression.structured import StructuredSystem
from kernels.regression.token_blocks import TokenBlockPreconditioner
from kernels.regression.woodbury import WoodburyPreconditioner
from tests.tolerances import PRECONDITIONER_ROUNDING
from tests.toy_kernels import SymbolKernel
from theory import TemplateTask, TokenLaw, Uniform, Zipf

TASK = TemplateTask.parse({"ααβ": 1.0, "αβγ": -1.0, "αβα": 0.0})
RIDGE = 0.3


def system(law: TokenLaw, n: int = 600) -> StructuredSystem:
    sample = TASK.sample(n, alphabet=law, seed=0)
    return StructuredSystem(GramOperator(SymbolKernel(), sample.strings, fixed_tokens=[]))


def token_blocks(of: StructuredSystem) -> TokenBlockPreconditioner:
    part = of.operator.interactions[0]
    chosen = np.bincount(part.atom, part.indicator.sum(axis=0)) >= 10
    return TokenBlockPreconditioner(of.operator, of.root, RIDGE, part, chosen)


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
        token_blocks(of) if blocks else WoodburyPreconditioner(of.operator, of.root, RIDGE)
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
    monkeypatch.setattr("kernels.regression.woodbury.excess_left", lambda *_: 0.0)
    exact = WoodburyPreconditioner(operator, of.root, RIDGE)
    assert np.abs(exact(matrix) - np.eye(operator.rows)).max() <= PRECONDITIONER_ROUNDING


@pytest.mark.parametrize("law", [Uniform(12), Zipf(200)], ids=repr)
def test_trace(law: TokenLaw) -> None:
    of = system(law)
    woodbury = WoodburyPreconditioner(of.operator, of.root, RIDGE)
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
        found = of.solve(right, np.array([RIDGE]), tolerance=1e-10, max_iterations=500)
        assert str(found.statuses[0]) == "converged"
        taken.append(int(found.iterations[0]))
    assert taken[1] < 0.7 * taken[0]


def test_blocks_for_many_equally_frequent_tokens_only(monkeypatch: pytest.MonkeyPatch) -> None:
    few_directions(monkeypatch)
    for law, expected in (
        (Uniform(150), TokenBlockPreconditioner),
        (Zipf(150), WoodburyPreconditioner),
        (Uniform(50_000), WoodburyPreconditioner),
    ):
        of = system(law, n=6_000)
        assert isinstance(choose_preconditioner(of.operator, of.root, RIDGE), expected)


def test_blocks_need_few_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    of = system(Uniform(150), n=6_000)
    right = of.root[:, None] * np.random.default_rng(0).standard_normal((of.operator.rows, 1))
    ridges = np.array([RIDGE])
    taken = {}
    for blocks in (True, False):
        few_directions(monkeypatch)
        if not blocks:
            monkeypatch.setattr("kernels.regression.preconditioner._CLEAR", np.inf)
        found = of.solve(right, ridges, tolerance=1e-10, max_iterations=500)
        taken[blocks] = int(found.iterations[0])
    assert taken[True] < 0.7 * taken[False]

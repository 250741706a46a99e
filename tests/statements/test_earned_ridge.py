"""Statements on ridge regression: no verdict by rounding, scale or scatter, and none unearned."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from kernels import Automatic
from kernels.activations import Exponential
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, Numerical
from kernels.strings.patterns import Pattern
from kernels.transformer import AttentionKernel
from tests.instances import SAME, TOY
from tests.toy_kernels import IndefiniteKernel, RelationalKernel, SymbolKernel
from theory import TemplateTask, statements
from theory.statements import HypothesisError, Outcome, Setting, decide
from theory.statements.appendix_d import claim_d_3, claim_d_4
from theory.statements.framework.decision import decided, level
from theory.statements.hypotheses.semidefinite import indefinite
from theory.statements.section_3.definition_3_2 import counts_p_value
from theory.statements.section_4_2.rates import fitted
from theory.statements.shared.claims.failures import rarely_fails
from theory.statements.shared.claims.falls import falls_with_samples
from theory.statements.shared.instances.defaults import transformer_kernel
from theory.statements.shared.instances.scale import kernel_size
from theory.template import WILDCARDS

ON_KERNELS = ("(5)", "(16)", "D.2", "D.3", "D.4", "Proposition 4.3", "Lemma 4.5")
MANY = TemplateTask.parse({WILDCARDS[:18]: 1.0, WILDCARDS[:17] + "α": -1.0})


class FormulaKernel(RelationalKernel):
    """A function of the pattern, without error."""

    def __init__(self, name: str, formula: Callable[[Pattern], float | Fraction]) -> None:
        super().__init__()
        self._name, self._formula = name, formula

    @property
    def name(self) -> str:
        return self._name

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:  # noqa: ARG002
        values = np.array([float(self._formula(pattern)) for pattern in patterns])
        return EstimateArray.exact(values)


def scaled_symbols(scale: float) -> FormulaKernel:
    """A multiple of `SymbolKernel`."""
    return FormulaKernel(f"{scale} symbols", lambda p: scale * float(SymbolKernel.exact(p)))


NO_DIAGONAL = FormulaKernel("0 at x, x", lambda p: 0 if p.x == p.y else RelationalKernel.exact(p))
"""N is that of a semidefinite kernel."""
MIXED_SIGNS = FormulaKernel(
    "mixed signs", lambda p: Fraction(5 * p.agreements, p.length) - RelationalKernel.exact(p)
)
NOT_A_NUMBER = FormulaKernel("nan", lambda _: math.nan)


# Positive semidefiniteness


@pytest.mark.parametrize("id", ["(12)", *ON_KERNELS])
@pytest.mark.parametrize("kernel", [IndefiniteKernel(), MIXED_SIGNS, NO_DIAGONAL])
def test_an_indefinite_kernel_is_refused(id: str, kernel: Kernel) -> None:
    with pytest.raises(HypothesisError, match="give a positive semidefinite kernel") as it:
        statements.find(id).check(kernel=kernel, quick=True)
    assert it.value.hypothesis == "the kernel is positive semidefinite"


def test_n_may_fail_where_the_hypothesis_of_equation_12_does_not() -> None:
    # Far from disjoint strings the kernel is sound; between disjoint ones it is 0 but for the sign.
    def odd(p: Pattern) -> float:
        shared = len(set(p.x) & set(p.y))
        return float(SymbolKernel.exact(p)) if shared > 1 or len(set(p.x)) < 4 else -1.0

    task = TemplateTask.parse({"αβγ": 1.0})
    found = statements.find("(12)").check(task, FormulaKernel("odd", odd), quick=True)
    assert found.outcome is Outcome.VIOLATED
    assert found.counterexample["case"] == "N is positive semidefinite"  # type: ignore[index]


def test_indefinite_by_less_than_its_error_is_doubt() -> None:
    def matrix(lowest: float, error: float) -> EstimateArray:
        return EstimateArray.of(np.diag([1.0, lowest]), Numerical, np.full((2, 2), error))

    assert isinstance(indefinite("N has", matrix(-0.1, 0.01)), str)
    assert "would settle it" in str(indefinite("N has", matrix(-0.1, 0.2)))
    assert indefinite("N has", matrix(-1e-8, 1e-6)) is None
    assert indefinite("N has", matrix(0.0, 0.0)) is None


# Scale


@pytest.mark.parametrize("id", ["(12)", "Definition 3.3", *ON_KERNELS])
@pytest.mark.parametrize("scale", [1e-12, 1e6, 1e12])
def test_a_kernel_of_any_scale_gives_one_verdict(id: str, scale: float) -> None:
    task = SAME if id == "Lemma 4.5" else None
    found = statements.find(id).check(task, scaled_symbols(scale), quick=True)
    assert found.outcome is Outcome.HOLDS, found.settles


@pytest.mark.parametrize("gamma", [3.0, 4.0])
def test_values_of_a_billion_do_not_refute_claim_d3(gamma: float) -> None:
    kernel = transformer_kernel().set_params(activation=Exponential(), gamma=gamma)
    found = statements.find("D.3").check(kernel=kernel, quick=True)
    assert found.outcome is Outcome.HOLDS
    assert found.figure.endswith("% of their bounds")
    assert float(found.figure.split()[-4].rstrip("%")) < 100.01


def test_half_the_bounds_fail_at_any_scale() -> None:
    setting = Setting(SAME, scaled_symbols(1e9), quick=True)
    assert decide(claim_d_3.examine_spectrum(setting, 2.0)).outcome is Outcome.VIOLATED
    assert decide(claim_d_4.examine_ideal_error(setting, 4.0)).outcome is Outcome.VIOLATED


def test_the_flow_ends_at_any_scale() -> None:
    kernel = AttentionKernel(1.0, 1e50, attention=Automatic(points=2**8))
    found = statements.find("Proposition 4.3").check(kernel=kernel, quick=True)
    assert found.outcome is Outcome.HOLDS


def test_size_of_a_kernel() -> None:
    # "αα" with [CLS]: one pair of equal tokens among three places, and three agreements.
    assert kernel_size(Setting(SAME, TOY)) == float(Fraction(4, 3) ** 3 + 1)


# Distributions


@pytest.mark.parametrize(("weight", "seed"), [(5e-6, 42), (5e-6, 53), (5e-6, 195), (1e-3, 57)])
def test_rare_templates_do_not_refute_definition_32(weight: float, seed: int) -> None:
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}, weights=(1.0, weight))
    found = statements.find("Definition 3.2").check(task, quick=True, seed=seed)
    assert found.outcome is Outcome.HOLDS
    assert found.evidence["significance"]["of the check"] == 1e-6  # type: ignore[index]


def test_a_rare_template_that_is_drawn_too_often_is_seen() -> None:
    assert counts_p_value([3990, 10], [1.0 - 5e-6, 5e-6]) < 1e-6
    assert counts_p_value([0, 4000], [0.01, 0.99]) < 1e-6


# Rates


def with_errors(
    monkeypatch: pytest.MonkeyPatch, exponent: float, scatter: float, seeds: int = 10
) -> list[Outcome]:
    """Lemma 4.5 over some seeds, its errors replaced by ``n^exponent`` with scatter."""
    rng = np.random.default_rng(0)

    def error(*given: object) -> float:
        n = float(str(given[2]))
        return float(n**exponent * np.exp(scatter * rng.standard_normal()))

    monkeypatch.setattr(fitted, "largest_error", error)
    lemma = statements.find("Lemma 4.5")
    return [lemma.check(quick=True, seed=seed).outcome for seed in range(seeds)]


def without_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors are judged by how they fall alone."""
    for name in ("worst_error_claims", "certified_claims"):
        monkeypatch.setattr(fitted, name, lambda *_: [])


@pytest.mark.parametrize(("exponent", "scatter"), [(0.0, 0.1), (0.0, 0.3), (-0.1, 0.3)])
def test_errors_that_do_not_fall_never_hold(
    monkeypatch: pytest.MonkeyPatch, exponent: float, scatter: float
) -> None:
    without_certificates(monkeypatch)
    assert Outcome.HOLDS not in with_errors(monkeypatch, exponent, scatter)


def test_errors_that_fall_like_the_bound_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    without_certificates(monkeypatch)
    assert set(with_errors(monkeypatch, -0.5, 0.1)) == {Outcome.HOLDS}


def test_errors_that_fall_like_the_bound_but_are_none_of_the_model_are_violated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert with_errors(monkeypatch, -0.5, 0.1, seeds=1) == [Outcome.VIOLATED]


def test_a_rate_that_is_surely_slower_than_the_bound_is_open() -> None:
    wobble = (1.0, 1.01, 0.99)
    errors = {(n, n // 4): [n**-0.35 * w for w in wobble] for n in (100, 200, 400)}
    assert decided(falls_with_samples(errors), level(1)).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("failures", "outcome"),
    [(3, Outcome.HOLDS), (4, Outcome.INCONCLUSIVE), (8, Outcome.VIOLATED)],
)
def test_failures_beyond_delta(failures: int, outcome: Outcome) -> None:
    claim = rarely_fails("eight draws", failures, 8, 0.1, {}, sparse=True)
    assert decided(claim, level(1)).outcome is outcome
    biased = dataclasses.replace(claim, unless="more samples")
    assert decided(biased, level(1)).outcome is not Outcome.VIOLATED


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_lemma_45_holds_at_every_seed(seed: int) -> None:
    found = statements.find("Lemma 4.5").check(quick=True, seed=seed)
    assert found.outcome is Outcome.HOLDS, found.settles
    assert "errors above the fitted bound (10% are allowed)" in found.figure


# Hypotheses and errors


@pytest.mark.parametrize("change", [{"gamma": 0.0}, {"beta": 0.0, "gamma": 0.0}])
def test_the_conjecture_is_not_about_the_axes(change: dict[str, float]) -> None:
    kernel = transformer_kernel().set_params(**change)
    with pytest.raises(HypothesisError, match="beta and gamma are positive"):
        statements.find("Conjecture on activations").check(kernel=kernel, quick=True)


@pytest.mark.parametrize("labels", [(1e308, 5e-324), (1e308, -1e308)])
def test_open_point_2_takes_labels_of_any_size(labels: tuple[float, float]) -> None:
    task = TemplateTask.parse({"αα": labels[0], "aβ": labels[1]})
    found = statements.find("Open point 2").check(task, SymbolKernel(), quick=True)
    assert found.outcome is Outcome.VIOLATED
    assert found.evidence["labels divided by"] == 1e308


@pytest.mark.parametrize("id", ["Definition 3.3", "C.1", "(12)", "Open point 2", *ON_KERNELS])
def test_a_kernel_without_values_is_named(id: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^kernel = .*finite") as it:
        statements.find(id).check(kernel=NOT_A_NUMBER, quick=True)
    assert it.value.argument == "kernel"


def test_overflow_inside_a_kernel_names_it() -> None:
    kernel = FormulaKernel("overflow", lambda p: math.exp(1e4 * p.length))
    with pytest.raises(InvalidInputError, match=r"^kernel = .*math range error; give a kernel"):
        statements.find("(12)").check(kernel=kernel, quick=True)


@pytest.mark.parametrize("id", ["Lemma 4.5", "(5)"])
def test_too_many_wildcards_are_the_fault_of_the_task(id: str) -> None:
    with pytest.raises(InvalidInputError, match="fewer wildcards") as it:
        statements.find(id).check(MANY, TOY, quick=True)
    assert it.value.argument == "task"
    assert "route" not in it.value.remedy


def test_a_bound_of_floating_point_numbers_is_not_exact() -> None:
    assert statements.find("G.9").check(quick=True).kind is ErrorKind.NUMERICAL

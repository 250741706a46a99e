"""Networks, phases and sampled kernels: checks that can fail, and that do not fail wrongly."""

from __future__ import annotations

import math
from functools import partial
from unittest.mock import patch

import numpy as np
import pytest
from scipy.stats import binom

from kernels import MonteCarlo
from kernels.activations import Cosine, CustomActivation, Exponential, Polynomial, ReLU
from kernels.activations.base import Activation
from kernels.attention.quadrature import Quadrature
from kernels.estimates import EstimateArray, Numerical
from kernels.transformer import TransformerKernel
from tests.instances import SAME
from tests.power_laws import fitted
from tests.statements.refused.instances import networks as broken_networks
from tests.tolerances import SMALL_DETERMINANT
from theory import TemplateTask, statements
from theory.statements import HypothesisError, Outcome, Setting, decide
from theory.statements.appendix_h import appendix_h
from theory.statements.appendix_h.random_features import Comparison
from theory.statements.appendix_i import lemma_i_7, training
from theory.statements.framework.decision import decided, level
from theory.statements.section_4_2 import lemma_4_6
from theory.statements.section_4_2.phases.determinant import error_shares, scaled_determinant
from theory.statements.section_4_2.phases.lines import decided_on_line, line_claim
from theory.statements.section_4_2.phases.margin import attention_matrix
from theory.statements.shared.claims import tails
from theory.statements.shared.instances.defaults import transformer_kernel

KERNEL = transformer_kernel()
FIVE = TemplateTask.parse({"ααβ": 1, "αβα": -1, "αββ": 1, "ααα": -1, "αβγ": 2})
SIX = TemplateTask.parse({"ααβb": 1, "αβαb": 2, "αββb": 3, "αααb": 4, "αβγb": 5, "αβγγ": 6})
COARSE = KERNEL.set_params(attention=MonteCarlo(16))


def of(activation: Activation, gamma: float = 2.0) -> TransformerKernel:
    """The kernel at another activation."""
    return KERNEL.set_params(activation=activation, gamma=gamma)


# Lemma 4.6


@pytest.mark.parametrize(("tolerance", "outcome"), [(1e-6, "inconclusive"), (1e-11, "holds")])
def test_a_small_determinant_is_none_of_0(tolerance: float, outcome: str) -> None:
    kernel = KERNEL.set_params(beta=0.3, attention=Quadrature(tolerance))
    found = statements.find("4.6").check(FIVE, kernel, quick=True)
    assert found.outcome == outcome
    assert "0 of 2" not in found.figure
    assert outcome == "holds" or "attention values with errors below 1e-09" in str(found.settles)


def test_six_templates_earn_their_verdict() -> None:
    check = statements.find("4.6").check
    assert check(SIX, KERNEL, quick=True).outcome is Outcome.HOLDS
    setting = Setting(SIX, KERNEL)
    run = partial(lemma_4_6.correlation_claim, setting, attention_matrix(setting), 1.0)
    honest = lemma_4_6.squared_distances
    for wrong in (0.0, 0.99, 1.01):
        with patch.object(lemma_4_6, "squared_distances", lambda a, by=wrong: by * honest(a)):
            assert decided(run(), level(1)).outcome is Outcome.VIOLATED


def test_large_attention_values_do_not_overflow() -> None:
    kernel = KERNEL.set_params(gamma=30.0)
    assert statements.find("4.6").check(SAME, kernel, quick=True).outcome is Outcome.HOLDS


def test_scaled_determinant_keeps_its_sign() -> None:
    rng = np.random.default_rng(0)
    root = rng.standard_normal((4, 6))
    attention = root @ root.T / 6.0
    for b1, b2 in rng.uniform(0.5, 1.5, (20, 2)):
        m = np.exp(b1**2 * attention) + np.cos(2 * b2) * np.exp(-(b1**2) * attention)
        rows = m * np.exp(-0.5 * b1**2 * np.diag(attention))
        direct = np.linalg.det(rows / np.linalg.norm(rows, axis=1, keepdims=True))
        found = float(scaled_determinant(attention, float(b1), float(b2)))
        assert found == pytest.approx(direct, abs=SMALL_DETERMINANT)


def test_errors_below_their_share_leave_the_matrix_nonsingular() -> None:
    rng = np.random.default_rng(0)
    attention, errors = np.array([[1.0, 0.8], [0.8, 1.1]]), np.full((2, 2), 0.05)
    share, rounding = error_shares(attention, errors, 1.0, 0.9)
    assert rounding < 1e-12
    assert share < 1.0
    c = math.cos(1.8)
    for signs in rng.choice([-1.0, 1.0], (50, 2, 2)):
        moved = attention + signs * errors
        assert np.linalg.det(np.exp(moved) + c * np.exp(-moved)) > 0.0
    # Errors that can make the two rows equal use up all of the way.
    assert error_shares(attention, np.full((2, 2), 0.15), 1.0, np.pi / 4)[0] >= 1.0


def test_a_determinant_that_vanishes_is_seen() -> None:
    # Equal rows, which the premise excludes: no phase helps.
    equal = EstimateArray.exact(np.full((2, 2), 0.7))
    line = (1.0, 0.2), (0.3, 0.5)
    assert decided(line_claim("", equal, line), level(1)).outcome is Outcome.VIOLATED
    assert not decided_on_line(equal, line)[0].any()


# Equation (3)


HEAVY = [of(Exponential()), of(Exponential(), gamma=4.0), of(Polynomial((0.0,) * 8 + (1.0,)))]


@pytest.mark.parametrize("kernel", [*HEAVY, COARSE], ids=str)
def test_heavy_tails_and_errors_do_not_refute_the_kernel(kernel: TransformerKernel) -> None:
    found = statements.find("Equation (3)").check(kernel=kernel, quick=True)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "bounded activation" in str(found.settles) or "errors below" in str(found.settles)


@pytest.mark.parametrize("activation", [ReLU(), Polynomial((0.0, 0.0, 1.0)), Exponential(0.2)])
def test_light_tails_are_sampled(activation: Activation) -> None:
    found = statements.find("Equation (3)").check(kernel=of(activation), quick=True)
    assert found.outcome is Outcome.HOLDS, found.settles


def test_a_dual_that_is_off_by_ten_percent_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, in_balls = ReLU.dual, ReLU.enclosure

    def inflated(self: ReLU, *covariance: object) -> EstimateArray:
        found = honest(self, *covariance)
        return 1.1 * found

    monkeypatch.setattr(ReLU, "dual", inflated)
    monkeypatch.setattr(ReLU, "enclosure", lambda self, *balls: 1.1 * in_balls(self, *balls))
    found = statements.find("Equation (3)").check(kernel=of(ReLU()), quick=True)
    assert found.outcome is Outcome.VIOLATED


def test_median_of_means_keeps_its_bound() -> None:
    # Values 0 or 1000, the large one in one of a million: the sample's own scatter is often 0.
    rng = np.random.default_rng(0)
    draws, chance = 3_300, 1e-6
    deviation = 1_000.0 * math.sqrt(chance)
    bound = tails.MedianOfMeans(0.0, deviation, draws).radius(1e-7)
    for _ in range(200):
        values = 1_000.0 * (rng.random((tails.BLOCKS, draws // tails.BLOCKS)) < chance)
        assert abs(np.median(values.mean(axis=1)) - 1_000.0 * chance) <= bound
    # As many blocks must be off as a binomial variable exceeds with that probability alone.
    q = deviation**2 * tails.BLOCKS / (draws * bound**2)
    assert binom.sf(tails.BLOCKS // 2, tails.BLOCKS, q) == pytest.approx(1e-7)


@pytest.mark.parametrize(
    ("activation", "square"),
    [
        (ReLU(), 1.5),
        (Exponential(0.5), math.exp(0.5 * 4.0 * 1.0)),
        (Polynomial((0.0, 1.0)), 3.0),
        (CustomActivation(np.abs), 3.0),
    ],
)
def test_moments_of_products(activation: Activation, square: float) -> None:
    # At u = v of variance 1: E phi^4.
    found = tails.root_mean_square(activation, 1.0, 1.0, 1.0) ** 2
    assert square * (1.0 - 1e-9) <= found <= 1.2 * square


# Appendix H


def comparison(gap: float, scatter: float = -0.5, error: float = 0.0) -> Comparison:
    """Networks whose limit is ``gap`` from a kernel of value 1, with standard errors of 0.001."""
    limits = EstimateArray.of(np.ones(2), Numerical, np.full(2, error))
    law = fitted(scatter, 0.1)
    return Comparison(
        (("A", "A"), ("A", "B")),
        limits,
        np.array([1.0, 1.0 + gap]),
        np.full(2, 0.001),
        200,
        np.full(2, 0.005),
        law,
        law,
    )


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (comparison(0.0), "holds", ""),
        (comparison(0.008), "holds", ""),
        (comparison(0.03), "violated", ""),
        (comparison(0.03, scatter=-0.2), "inconclusive", "wider networks"),
        (comparison(0.03, error=0.2), "inconclusive", "kernel values with errors below"),
        (comparison(0.03, error=0.03), "holds", ""),
    ],
)
def test_what_a_difference_says(found: Comparison, outcome: str, words: str) -> None:
    case = decided(appendix_h.limit_claim("", found), level(1))
    assert case.outcome == outcome
    assert words in str(case.settles)


@pytest.mark.parametrize("kernel", [COARSE, of(Exponential())])
def test_networks_far_from_their_limit_do_not_refute_it(kernel: TransformerKernel) -> None:
    found = statements.find("Appendix H").check(SAME, kernel, quick=True)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.settles


@pytest.mark.parametrize("activation", [Cosine(0.0, 0.4), Polynomial((0.0,)), Polynomial((2.0,))])
def test_constant_activations_are_refused(activation: Activation) -> None:
    with pytest.raises(HypothesisError, match="'phi is not constant' fails: it gives"):
        statements.find("Appendix H").check(SAME, of(activation), quick=True)


# False alarms


@pytest.mark.parametrize(
    ("id", "seed"),
    [
        *(("Lemma I.7", seed) for seed in (114, 164, 200)),
        *(("Remark I.4", seed) for seed in (38, 114)),
        *(("Appendix H", seed) for seed in (112, 134)),
    ],
)
def test_seeds_that_gave_false_alarms(id: str, seed: int) -> None:
    found = statements.find(id).check(SAME, quick=True, seed=seed)
    assert found.outcome is Outcome.HOLDS
    assert "1e-06" in str(found.evidence)


def test_figure_of_lemma_i7_is_of_the_coupling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        training, "distribution_claims", lambda *_, **__: [statements.Fact("one law", False)]
    )
    found = decide(lemma_i_7.examine_lemma(Setting(SAME, quick=True)))
    assert found.outcome is Outcome.VIOLATED
    assert "agree at each of 10 steps" in found.figure
    assert "not" not in found.figure


def test_one_template_has_nothing_to_rename() -> None:
    with pytest.raises(HypothesisError, match="at least two templates"):
        statements.find("Lemma I.7").check(TemplateTask.parse({"αβ": 1.0}), quick=True)
    found = decide(lemma_i_7.examine_lemma(Setting(SAME, quick=True), broken_networks.uneven()))
    assert found.outcome is Outcome.VIOLATED

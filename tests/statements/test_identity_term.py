"""Section 4.3's identity term: the tangent kernel by another route, and what a query reads."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.activations import Cosine
from kernels.attention.quadrature import Quadrature
from kernels.transformer import AttentionKernel
from tests.tolerances import DERIVATIVE_BY_A, PUSHED_QUADRATURE, STANDARD_ERRORS
from theory.statements.section_4_3.full_tangent import LogitGradients, full_tangent_ratios
from theory.statements.section_4_3.pushed_attention import PushedAttention
from theory.statements.section_4_3.section_4_3_a_h import incidence


@pytest.mark.parametrize("pair", [("AA", "EE"), ("AB", "AB"), ("AB", "CA")])
def test_without_a_push_it_is_the_attention_kernel(pair: tuple[str, str]) -> None:
    exact = AttentionKernel(1.0, 0.5, Quadrature(tolerance=1e-9))(*pair)
    found = PushedAttention(1.0, 0.5).value(*pair)
    assert found.value == pytest.approx(exact.value, abs=PUSHED_QUADRATURE)
    assert abs(found.value - exact.value) <= found.error + exact.error


def test_tangent_is_the_derivative_of_softmax() -> None:
    step = 1e-3
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((5, 2))
    up, down = (PushedAttention(1.5, 0.7, push).read(logits) for push in (step, -step))
    tangent = PushedAttention(1.5, 0.7, tangent=True).read(logits)
    assert np.abs((up - down) / (2.0 * step) - tangent).max() < DERIVATIVE_BY_A


def test_a_query_elsewhere_reads_which_tokens_are_equal() -> None:
    same, other = ("A", "A", "[CLS]"), ("A", "B", "[CLS]")
    assert incidence(same, 2.0, 2).tolist() == incidence(other, 2.0, 2).tolist() == [0.0, 0.0, 5.0]
    assert incidence(same, 2.0, 0).tolist() == [5.0, 1.0, 0.0]
    assert incidence(other, 2.0, 0).tolist() == [5.0, 0.0, 0.0]


def test_gradients_by_the_logits_are_what_sampling_gives() -> None:
    beta, gamma, x, y = 1.0, 0.5, "AA", "AB"
    found = LogitGradients(beta, gamma).value(x, y)
    rng, draws = np.random.default_rng(0), 400_000
    tokens = {"A": 0, "B": 1, "[CLS]": 2}
    codes = [[tokens[t] for t in (*s, "[CLS]")] for s in (x, y)]
    zeta, places = rng.standard_normal((draws, 3)), rng.standard_normal((draws, 3))
    jacobians = []
    for code in codes:
        a = np.exp(beta * (zeta[:, code] + gamma * places))
        a /= a.sum(axis=1, keepdims=True)
        jacobians.append(beta * (a[:, :, None] * np.eye(3) - a[:, :, None] * a[:, None, :]))
    agree = np.equal.outer(*codes) + gamma**2 * np.eye(3)
    each = np.einsum("nij,jk,nlk,il->n", jacobians[0], agree, jacobians[1], agree, optimize=True)
    error = STANDARD_ERRORS * each.std() / draws**0.5 + found.error
    assert abs(each.mean() - found.value) <= error


def test_training_all_weights_leaves_little_of_the_gain() -> None:
    strings = ("AA", "EE"), ("AB", "CD")
    for phi in (Cosine(1.0, 0.4), Cosine(1.0, 1.2)):
        without, with_a = full_tangent_ratios(phi, strings, PushedAttention(1.0, 1.0))
        assert 0.0 < without < with_a < 1.1 * without

"""Section 4.3's identity term: the tangent kernel by another route, and what a query reads."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.attention.quadrature import Quadrature
from kernels.transformer import AttentionKernel
from tests.tolerances import DERIVATIVE_BY_A, PUSHED_QUADRATURE
from theory.statements.section_4_3.section_4_3_a_h import PushedAttention, incidence


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

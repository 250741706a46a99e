"""Appendix E and Section 4.3: what the checks of phases and activations rest on."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.activations import Polynomial
from kernels.estimates import EstimateArray, Numerical
from tests.toy_kernels import RelationalKernel
from theory import statements
from theory.statements import HypothesisError, Outcome, Setting, decide
from theory.statements.framework.decision import decided, level
from theory.statements.section_4_2.conjecture_on_activations import examine_activations
from theory.statements.section_4_2.lemma_4_6 import wronskian_difference
from theory.statements.section_4_2.phases.lines import determinants_on_line, line_claim
from theory.statements.section_4_2.phases.margin import margin
from theory.statements.shared.instances.defaults import transformer_kernel

QUICK = Setting(quick=True)


def test_wronskian_is_a_scaled_vandermonde() -> None:
    assert wronskian_difference(3) == "0"


def test_zeros_of_a_known_determinant() -> None:
    attention = np.array([[1.0, 0.0], [0.0, -1.0]])
    # With c = cos(2 b2), M = [[e^t + c e^-t, 1 + c], [1 + c, e^-t + c e^t]], so that
    # det M = c (e^t - e^-t)^2, which is 0 at c = 0.
    line = (1.0, 0.0), (0.0, 1.0)
    found = np.array(determinants_on_line(attention, line), dtype=float)
    angles = np.linspace(0.0, 1.0, len(found))
    assert (np.sign(found) == np.sign(np.cos(2.0 * angles))).all()
    # No Gram matrix has such an A: its determinant would be negative.
    claim = line_claim("", EstimateArray.exact(attention), line)
    assert decided(claim, level(1)).outcome is Outcome.VIOLATED


def test_margin_by_hand() -> None:
    values = np.array([[2.0, 0.5], [0.5, 1.0]])
    found = margin(EstimateArray.of(values, Numerical, np.full((2, 2), 0.01)))
    assert found.value == pytest.approx(2.0)
    assert found.error == pytest.approx(0.04)


def test_constant_activation_fails() -> None:
    setting = Setting(None, transformer_kernel(), quick=True)
    found = decide(examine_activations(setting, (Polynomial((1.0,)),)))
    assert found.outcome is not Outcome.HOLDS
    with pytest.raises(HypothesisError, match="transformer kernel"):
        statements.find("Conjecture on activations").check(kernel=RelationalKernel())

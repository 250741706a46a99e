"""Appendix G: the kernel at and off the axis; series of softmax."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tolerances import SERIES_INSIDE_ITS_DISC, TRUNCATED_SOFTMAX
from theory import statements
from theory.derivatives.series.length_two import true_value
from theory.statements import Outcome, Setting
from theory.statements.appendix_g import lemma_g_1
from theory.statements.appendix_g.power_series import Expansion, softmax_expansions

QUICK = Setting(quick=True)


def test_kernel_is_not_analytic_at_the_axis() -> None:
    found = statements.find("G.1").check(quick=True)
    assert found.outcome is Outcome.VIOLATED
    assert "at the axis" in str(found.counterexample)


def test_series_at_one_gives_the_kernel_inside_its_disc() -> None:
    series = lemma_g_1.disc_coefficients(1.0, 0.5, 80)
    betas = np.array([0.7, 1.0, 1.2])
    found = [float(series @ (beta - 1.0) ** np.arange(80)) for beta in betas]
    assert np.abs(np.array(found) - true_value(betas).values).max() < SERIES_INSIDE_ITS_DISC


def test_softmax_expansion_against_softmax() -> None:
    x, z = np.array([0.3, -1.0]), np.array([0.05, -0.08])
    logits = [
        Expansion.of({(0, 0): float(x[0]), (1, 0): 1.0}, 12),
        Expansion.of({(0, 0): float(x[1]), (0, 1): 1.0}, 12),
    ]
    powers = np.exp(x + z)
    for entry, expected in zip(softmax_expansions(logits), powers / powers.sum(), strict=True):
        found = sum(c * z[0] ** i * z[1] ** j for (i, j), c in np.ndenumerate(entry.coefficients))
        assert found == pytest.approx(expected, abs=TRUNCATED_SOFTMAX)

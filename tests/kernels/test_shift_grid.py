"""The shifts at which the tensor network sums: what they leave out, at any temperature."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kernels.attention.tensor_network.grid import ShiftGrid


@pytest.mark.parametrize("beta", [0.1, 1.0, 2.5, 3.0, 10.0])
@pytest.mark.parametrize("length", [2, 30])
def test_what_the_left_end_leaves_is_the_tolerance(beta: float, length: int) -> None:
    """E min(1, e^start S)^2, logit by logit; between small and large scales both formulas hold."""
    grid = ShiftGrid(beta, 0.0, length, 1e-9)
    logits, step = np.linspace(grid.shifts[0] - 40.0 * beta, 0.0, 400_001, retstep=True)
    density = np.exp(-0.5 * ((logits - grid.shifts[0]) / beta) ** 2) / math.sqrt(2.0 * math.pi)
    below = float((np.exp(2.0 * logits) * density).sum() - 0.5 * density[-1]) * step / beta
    above = 0.5 * math.erfc(-grid.shifts[0] / beta / math.sqrt(2.0))
    assert length * (length * below + above) == pytest.approx(grid.tolerance, rel=1e-4, abs=0.0)


@pytest.mark.parametrize("beta", [1e-8, 1e-3, 1.0, 1e4, 1e9, 1e30])
@pytest.mark.parametrize("length", [1, 30, 10**5])
def test_every_temperature_has_a_grid(beta: float, length: int) -> None:
    start, stop = ShiftGrid(beta, 10.0, length, 1e-12)._range
    assert start < -math.log(length) - 5.0 * beta
    assert start < stop < math.inf

"""Activations given as functions: honest for kinks, jumps, narrow features and oscillations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from scipy.stats import norm

from kernels.activations import (
    Cosine,
    CustomActivation,
    Tanh,
)
from kernels.activations.dual.quadrature import _edge, _Gaussian


def step_dual(threshold: float, correlation: float) -> float:
    """``P(u > c, v > c)`` for unit variances by one-dimensional integration (mpmath)."""
    with mp.workdps(20):
        c, rho = mpf(threshold), mpf(correlation)
        return float(
            mp.quad(
                lambda u: mp.npdf(u) * mp.ncdf((rho * u - c) / mp.sqrt(1 - rho * rho)),
                [c, c + 1, c + 4, c + 12],
            )
        )


@given(threshold=st.floats(-2.0, 2.0))
def test_custom_is_honest_for_kinks(threshold: float) -> None:
    hinge = CustomActivation(lambda t: np.maximum(t - threshold, 0.0), effort=1 << 16)
    found = hinge.dual(1.0, 0.0, 1.0).item()
    tail = 0.5 * math.erfc(threshold / math.sqrt(2.0))
    mean = math.exp(-0.5 * threshold**2) / math.sqrt(2.0 * math.pi) - threshold * tail
    assert abs(found.value - mean**2) <= found.error


@given(threshold=st.floats(-2.0, 2.0), correlation=st.floats(-0.9, 0.9))
def test_custom_is_honest_for_jumps(threshold: float, correlation: float) -> None:
    step = CustomActivation(lambda t: np.where(t > threshold, 1.0, 0.0), effort=1 << 16)
    found = step.dual(1.0, correlation, 1.0).item()
    assert abs(found.value - step_dual(threshold, correlation)) <= found.error


@given(start=st.floats(-3.0, 3.0), correlation=st.floats(-0.9, 0.9))
def test_custom_sees_narrow_features(start: float, correlation: float) -> None:
    """At the coarse steps all nodes miss it, and the shifted sums agree on 0."""
    band = CustomActivation(lambda t: ((t > start) & (t < start + 0.1)) * 1.0, effort=1 << 16)
    found = band.dual(1.0, correlation, 1.0).item()
    with mp.workdps(20):
        a, b, rho = mpf(start), mpf(start + 0.1), mpf(correlation)
        scale = mp.sqrt(1 - rho * rho)
        truth = mp.quad(
            lambda u: (
                mp.npdf(u) * (mp.ncdf((b - rho * u) / scale) - mp.ncdf((a - rho * u) / scale))
            ),
            [a, b],
        )
    assert abs(found.value - float(truth)) <= found.error


def test_custom_sees_a_narrow_feature_beside_a_wide_one() -> None:
    """The wide one alone would end the refinement."""
    spike = CustomActivation(lambda t: np.tanh(t) + ((t > 1.51) & (t < 1.53)), effort=1 << 16)
    smooth = Tanh().dual(1.0, 0.0, 1.0).item()
    mass = 0.5 * (math.erf(1.53 / math.sqrt(2.0)) - math.erf(1.51 / math.sqrt(2.0)))
    found = spike.dual(1.0, 0.0, 1.0).item()
    assert abs(found.value - (smooth.value + mass**2)) <= found.error
    assert found.error > 0.1 * mass**2


@pytest.mark.parametrize("frequency", [1.0, 12.6, 25.13, 47.0, 50.3, 201.0])
def test_custom_is_honest_for_oscillations(frequency: float) -> None:
    """Frequencies near those that alias to 0 on the nested grids."""
    closed = Cosine(frequency, 0.3).dual(1.0, 0.2, 1.0).item()
    found = CustomActivation(Cosine(frequency, 0.3), effort=1 << 20).dual(1.0, 0.2, 1.0).item()
    assert abs(found.value - closed.value) <= found.error + closed.error


def test_functions_of_one_label_are_told_apart() -> None:
    """Stored values of one must not be taken for those of the other."""
    first, second = CustomActivation(np.sin, label="f"), CustomActivation(np.cos, label="f")
    assert first.__identity__() != second.__identity__()
    assert first.__identity__() == CustomActivation(np.sin, label="f").__identity__()


def test_rounding_counts_relative_to_the_values() -> None:
    """Two grids of a large function agree better than either of them can."""
    found = CustomActivation(lambda t: 1024.0 * np.tanh(t)).dual(1.0, 1.0, 1.0)
    assert found.errors >= 16.0 * np.finfo(float).eps * found.values * (1.0 - 1e-6)
    assert found.errors <= 1e-14 * found.values


def test_what_is_cut_off_counts_both_arguments() -> None:
    """Where u = v = z, ``exp(2 u) exp(2 v)`` has ``e^8 P(z > 4)`` of its mean at z above 8.

    That is told by two nodes, at 8.5 and 9, hence within a factor of 5.
    """
    alike = _Gaussian.of(1.0, 1.0, 1.0)
    cut_off = _edge(lambda t: np.exp(2.0 * t), alike, 9.0)
    assert 0.2 < cut_off / (math.exp(8.0) * norm.sf(4.0)) < 1.0

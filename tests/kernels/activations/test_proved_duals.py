"""Duals in balls: the truth lies within, a worst case comes near the end, wrong ones fail."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels import (
    GELU,
    AttentionKernel,
    Cosine,
    Erf,
    Exponential,
    MLPKernel,
    Polynomial,
    ReLU,
    Sine,
    Tanh,
    TransformerKernel,
)
from kernels.activations import CustomActivation
from kernels.activations.base import Activation
from kernels.activations.dual.quadrature import dual_by_quadrature
from kernels.activations.propagation import dual_of_estimates
from kernels.activations.proved.analytic import Analytic, dual_in_balls
from kernels.activations.tanh import _at_sums
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical, Proved
from tests import tolerances

CLOSED = [
    Cosine(1.5, 0.4),
    Sine(0.7, -1.1),
    ReLU(),
    Erf(),
    GELU(),
    Exponential(0.5),
    Polynomial((0.3, -1.0, 0.5, 0.2)),
]
COVARIANCES = [(0.7, 0.5, 0.9), (1.3, -0.8, 0.6), (1.0, 0.0, 1.0), (2.0, 1.9999, 2.0)]


def enclosed(activation: Activation, entries: tuple[float, ...], radius: float) -> EstimateArray:
    """The dual of a covariance known up to a radius."""
    return dual_of_estimates(
        activation, *(EstimateArray.of([entry], Proved, radius) for entry in entries)
    )


def plain(activation: Activation, *entries: float) -> Estimate:
    """The dual by its formula in floats."""
    return activation.dual(*(np.array(entry) for entry in entries)).item()


def farthest(activation: Activation, entries: tuple[float, ...], radius: float) -> float:
    """How far the dual moves at the corners of the box, those that are covariances."""
    middle = enclosed(activation, entries, radius).values[0]
    moves = [0.0]
    for signs in itertools.product((-1.0, 1.0), repeat=3):
        xx, xy, yy = (e + s * radius for e, s in zip(entries, signs, strict=True))
        if xy * xy <= xx * yy:
            moves.append(abs(plain(activation, xx, xy, yy).value - middle))
    return max(moves)


@pytest.mark.parametrize("activation", CLOSED, ids=repr)
@pytest.mark.parametrize("entries", COVARIANCES)
def test_the_truth_is_within_and_a_corner_comes_near_the_end(
    activation: Activation, entries: tuple[float, float, float]
) -> None:
    """Balls cover every corner, and no more than `DUAL_OVERESTIMATE` times as much."""
    for radius in (1e-3, 1e-6):
        found = enclosed(activation, entries, radius)
        assert found.kind is ErrorKind.PROVED
        moved = farthest(activation, entries, radius)
        assert moved <= found.errors[0]
        assert found.errors[0] <= tolerances.DUAL_OVERESTIMATE * moved


@pytest.mark.parametrize("activation", CLOSED, ids=repr)
def test_balls_agree_with_quadrature_and_with_floats(activation: Activation) -> None:
    """Two other routes to the same numbers: the integral itself, and the formula in floats."""
    for entries in COVARIANCES:
        found = enclosed(activation, entries, 0.0)
        integral = dual_by_quadrature(activation, *entries, tolerance=1e-11, effort=1 << 22).item()
        floats = plain(activation, *entries)
        assert abs(integral.value - found.values[0]) <= integral.error + found.errors[0]
        assert abs(floats.value - found.values[0]) <= floats.error + found.errors[0]
        assert found.errors[0] <= 2.0**-52 * (1.0 + abs(found.values[0]))


@pytest.mark.parametrize("activation", CLOSED, ids=repr)
def test_equal_strings_lose_no_digits(activation: Activation) -> None:
    """At u = v, where the determinant's root has half its digits, errors stay of first order."""
    found = enclosed(activation, (1.2, 1.2, 1.2), 1e-12)
    square = plain(activation, 1.2, 1.2, 1.2)
    assert abs(square.value - found.values[0]) <= square.error + found.errors[0]
    assert found.errors[0] <= 1e-10


@settings(max_examples=60, deadline=None)
@given(
    activation=st.sampled_from(CLOSED),
    factor=st.tuples(*[st.integers(-15, 15)] * 4),
    radius=st.floats(0.0, 0.1),
    shares=st.tuples(*[st.floats(-1.0, 1.0)] * 3),
)
def test_any_covariance_within_the_radii_is_covered(
    activation: Activation,
    factor: tuple[int, int, int, int],
    radius: float,
    shares: tuple[float, float, float],
) -> None:
    """The middle need not be a covariance itself, nor positive."""
    a, b, c, d = (part / 10.0 for part in factor)
    truth = a * a + b * b, a * c + b * d, c * c + d * d
    exact = plain(activation, *truth)
    given_ = [entry + share * radius for entry, share in zip(truth, shares, strict=True)]
    if min(given_[0], given_[2]) < 0.0 or abs(given_[1]) > np.sqrt(given_[0] * given_[2]):
        return
    bounds = [abs(g - t) + 1e-15 for g, t in zip(given_, truth, strict=True)]
    entries = [EstimateArray.of([g], Proved, e) for g, e in zip(given_, bounds, strict=True)]
    found = dual_of_estimates(activation, *entries)
    assert abs(exact.value - found.values[0]) <= found.errors[0] + 10.0 * exact.error


@dataclass(frozen=True)
class Careless(Cosine):
    """Evaluates at the middle and forgets what the covariance's own errors do."""

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """Without the radii."""
        return super().enclosure(xx.mid(), xy.mid(), yy.mid())


@dataclass(frozen=True)
class Halved(ReLU):
    """Takes half the slope in the covariance."""

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """A quarter of the radius of xy in place of a half."""
        return super().enclosure(xx.mid(), arb(xy.mid(), xy.rad() / 2), yy.mid())


@pytest.mark.parametrize("wrong", [Careless(1.5, 0.4), Halved()])
def test_a_wrong_enclosure_misses_a_corner(wrong: Activation) -> None:
    """The check of corners refuses what is too small."""
    entries = (1.0, 0.9, 1.0)
    assert farthest(wrong, entries, 1e-3) > enclosed(wrong, entries, 1e-3).errors[0]


@pytest.mark.parametrize("activation", [Cosine(1.5, 0.4), Sine(0.7, -1.1), Exponential(0.5)])
@pytest.mark.parametrize("entries", COVARIANCES)
def test_scaled_duals_are_their_factors(
    activation: Cosine | Sine | Exponential, entries: tuple[float, ...]
) -> None:
    xx, xy, yy = map(arb, entries)
    product = activation.factor(xx) * activation.core(xy) * activation.factor(yy)
    assert abs(product - activation.enclosure(xx, xy, yy)) < 1e-14


SWISH = Analytic(lambda t: t / (1 + (-t).exp()), strip=2.5, bound=20.0, rate=0.5)
LOGISTIC = Analytic(lambda t: 1 / (1 + (-t).exp()), strip=2.5, bound=3.4)
IN_STRIPS = [
    Tanh(),
    CustomActivation(lambda t: t / (1.0 + np.exp(-t)), "swish", analytic=SWISH),
    CustomActivation(lambda t: 1.0 / (1.0 + np.exp(-t)), "logistic", analytic=LOGISTIC),
]


@pytest.mark.parametrize("activation", IN_STRIPS, ids=lambda one: str(one.name))
@pytest.mark.parametrize("entries", COVARIANCES)
def test_a_strip_proves_the_dual(
    activation: Activation, entries: tuple[float, float, float]
) -> None:
    """Quadrature of another kind agrees, and errors of the covariance are covered."""
    found = enclosed(activation, entries, 0.0)
    floats = plain(activation, *entries)
    assert found.kind is ErrorKind.PROVED
    assert abs(found.values[0] - floats.value) <= found.errors[0] + floats.error
    assert found.errors[0] <= tolerances.PROVED_BY_STRIP
    for radius in (1e-3, 1e-6):
        assert farthest(activation, entries, radius) <= enclosed(activation, entries, radius).errors


def test_floats_of_tanh_err_by_no_more_than_they_say() -> None:
    """At sums of two lists; a hundredth of the bound is reached, and half an ulp would be wrong."""
    lists = [[arb(n) / 7 for n in range(-40, 41)], [arb(n) / 9 for n in range(-30, 31)]]
    found = _at_sums(*lists)
    assert found is not None
    floats, bound = found
    off = [
        float(abs((x + y).tanh() - arb(value)))
        for x, row in zip(lists[0], floats.tolist(), strict=True)
        for y, value in zip(lists[1], row, strict=True)
    ]
    assert 0.01 * bound <= max(off) <= bound
    assert max(off) > 2.0**-54
    assert _at_sums([arb(200)], [arb(0)]) is None


def test_rows_in_floats_agree_with_balls() -> None:
    """Two routes to the same double sum of tanh, each within the other's error."""
    slow = Analytic(arb.tanh, strip=1.5, bound=14.2, on_line=(1.0, 1.0, 0.77))
    fast = replace(slow, sums=_at_sums)
    for entries in COVARIANCES:
        balls = [dual_in_balls(one, *map(arb, entries)) for one in (slow, fast)]
        assert balls[0] is not None
        assert balls[1] is not None
        assert balls[0].overlaps(balls[1])
        assert balls[1].rad() < 1e-13


@pytest.mark.parametrize("z", [(0.0, 0.0), (3.0, 2.5), (-1.0, 2.4), (40.0, 1.0), (0.1, 2.5)])
def test_the_strips_of_the_tests_are_such(z: tuple[float, float]) -> None:
    """What the tests vouch for holds at some places, the edge among them."""
    t = complex(*z)
    for one, value in ((SWISH, t / (1 + np.exp(-t))), (LOGISTIC, 1 / (1 + np.exp(-t)))):
        assert abs(value) <= one.bound * np.exp(one.rate * abs(t.real))
    u = complex(z[0], 0.6 * z[1])
    assert abs(np.tanh(u)) <= 14.2


def test_a_wrong_strip_is_seen() -> None:
    """A function with poles at the distance 0.05, which is said to have none within 2."""
    sharp = Analytic(lambda t: 1 / (1 + 400 * t * t), strip=2.0, bound=2.0)
    one, half = arb(1), arb(0.5)
    found = dual_in_balls(sharp, one, half, one)
    assert found is not None
    lorentz = CustomActivation(lambda t: 1.0 / (1.0 + 400.0 * t * t), tolerance=1e-6)
    truth = plain(lorentz, 1.0, 0.5, 1.0)
    assert abs(truth.value - float(found.mid())) > truth.error + float(found.rad())


def test_without_a_proof_errors_stay_numerical() -> None:
    """No strip; a variance of 0; variances that need too many nodes."""
    plain_swish = CustomActivation(lambda t: t / (1.0 + np.exp(-t)))
    assert enclosed(plain_swish, (1.0, 0.5, 1.0), 0.0).kind is ErrorKind.NUMERICAL
    assert enclosed(Tanh(), (0.0, 0.0, 1.0), 0.0).kind is ErrorKind.NUMERICAL
    assert dual_in_balls(SWISH, arb(1e4), arb(0), arb(1e4)) is None
    for strip, bound, rate, on_line in (
        (0.0, 1.0, 0.0, None),
        (1.0, -1.0, 0.0, None),
        (1.0, 1.0, -1.0, None),
        (1.0, 1.0, 0.0, (1.0, 2.0, -3.0)),
    ):
        with pytest.raises(InvalidInputError):
            Analytic(arb.tanh, strip, bound, rate, on_line)
    vouched = [
        None,
        *(Analytic(arb.tanh, 1.5, bound) for bound in (14.2, 15.0)),
        *(Analytic(arb.tanh, 1.5, 14.2, sums=sums) for sums in (_at_sums, lambda _x, _y: None)),
    ]
    named = [repr(CustomActivation(np.tanh, analytic=one)) for one in vouched]
    assert len(set(named)) == 5  # tables are kept by it


def test_the_kind_is_decided_entry_by_entry() -> None:
    """Proved where all three entries are; to first order, and numerical, elsewhere."""
    one = EstimateArray.exact(np.ones(2))
    first = EstimateArray.of([0.5], Proved, 1e-9)[0]
    second = EstimateArray.of([0.25], Numerical, 1e-9)[0]
    found = dual_of_estimates(Cosine(), one, EstimateArray.gather([first, second]), one)
    assert found.kinds.tolist() == ["proved", "numerical"]
    alone = [
        dual_of_estimates(Cosine(), one[:1], EstimateArray.gather([e]), one[:1])
        for e in (first, second)
    ]
    np.testing.assert_array_equal(found.values, np.concatenate([a.values for a in alone]))
    np.testing.assert_array_equal(found.errors, np.concatenate([a.errors for a in alone]))


@pytest.mark.parametrize("activation", CLOSED, ids=repr)
def test_kernels_are_proved_from_strings_to_values(activation: Activation) -> None:
    """K_trans from proved attention values, and the kernel of a perceptron, symmetric as ever."""
    kernel = TransformerKernel(1.0, 0.5, activation, attention=ProvedQuadrature(1e-14))
    for x, y in (("AB", "BA"), ("AA", "AA"), ("AB", "CD")):
        found = kernel(x, y)
        assert found.kind is ErrorKind.PROVED
        assert found.error < tolerances.PROVED_KERNEL_VALUE
        assert kernel(y, x) == found
        assert MLPKernel(activation, depth=2)(x, y).kind is ErrorKind.PROVED


def test_gram_matrices_carry_bounds_entry_by_entry() -> None:
    """Each entry of a Gram matrix has its own bound, that of the kernel's value."""
    kernel = TransformerKernel(1.0, 0.5, attention=ProvedQuadrature())
    strings = ["AB", "BB", "CA"]
    gram = kernel.gram(strings)
    assert set(gram.kinds.ravel()) == {ErrorKind.PROVED}
    for i, j in itertools.product(range(3), repeat=2):
        assert gram[i, j].error == kernel(strings[i], strings[j]).error
    assert AttentionKernel(1.0, 0.5, ProvedQuadrature())("AB", "BB").kind is ErrorKind.PROVED

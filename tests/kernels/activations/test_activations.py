"""Duals: exact values, honest errors, and a second route to each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from kernels import activations
from kernels.activations import (
    GELU,
    Activation,
    Cosine,
    CustomActivation,
    Erf,
    Exponential,
    Polynomial,
    ReLU,
    Sine,
    Tanh,
)
from kernels.activations.propagation import dual_of_estimates
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical
from tests.tolerances import CLOSED_FORM_ROUNDING, QUADRATURE_OF_SMOOTH, STANDARD_ERRORS

NEARLY = 1.0 - 1e-14
COVARIANCES = {
    "plain": (1.0, 0.5, 1.25),
    "negative": (2.0, -1.0, 3.0),
    "uncorrelated": (0.7, 0.0, 1.1),
    "nearly equal": (1.0, NEARLY, 1.0),
    "nearly opposite": (1.0, -NEARLY, 1.0),
    "equal": (0.3, 0.3, 0.3),
    "opposite": (0.3, -0.3, 0.3),
    "no variance": (0.0, 0.0, 1.5),
    "tiny": (1e-12, 3e-13, 1e-12),
    "unequal": (1e-3, 0.05, 9.0),
    "large": (40.0, 39.0, 41.0),
}
CLOSED = [
    Cosine(1.5, 0.4),
    Cosine(3.0, math.pi / 4),
    Sine(1.5, 0.4),
    Sine(0.5, 0.0),
    ReLU(),
    Erf(),
    Exponential(0.5),
    GELU(),
    Polynomial((0.5, -1.0, 0.25, 0.125)),
]

each_closed = pytest.mark.parametrize("activation", CLOSED, ids=repr)
each_covariance = pytest.mark.parametrize("covariance", COVARIANCES.values(), ids=COVARIANCES)


def exact_dual(activation: Activation, xx: mpf, xy: mpf, yy: mpf) -> mpf:  # noqa: PLR0911
    """The dual in mpmath, each from the formula of its own literature, not from the package's."""
    det = xx * yy - xy * xy
    match activation:
        case Cosine(b1, b2) | Sine(b1, b2):
            b1, phase = mpf(b1), mp.cos(2 * mpf(b2)) * (1 if isinstance(activation, Cosine) else -1)
            scale = mp.exp(-(b1**2) * (xx + yy) / 2) / 2
            return scale * (mp.exp(b1**2 * xy) + phase * mp.exp(-(b1**2) * xy))
        case ReLU():
            if xx == 0 or yy == 0:
                return mpf(0)
            angle = mp.acos(xy / mp.sqrt(xx * yy))
            return (
                mp.sqrt(xx * yy) * (mp.sin(angle) + (mp.pi - angle) * mp.cos(angle)) / (2 * mp.pi)
            )
        case Erf():
            return 2 / mp.pi * mp.asin(2 * xy / mp.sqrt((1 + 2 * xx) * (1 + 2 * yy)))
        case Exponential(scale):
            return mp.exp(mpf(scale) ** 2 * (xx + 2 * xy + yy) / 2)
        case GELU():
            # Before the terms are gathered: the three terms of Stein's lemma.
            whole = 1 + xx + yy + det
            middle = xy * (mpf(1) / 4 + mp.asin(xy / mp.sqrt((1 + xx) * (1 + yy))) / (2 * mp.pi))
            first = xx * (yy + det) / (1 + xx) / (2 * mp.pi * mp.sqrt(whole))
            return middle + first + xy * xy / (1 + yy) / (2 * mp.pi * mp.sqrt(whole))
        case Polynomial(coefficients):
            terms = itertools.product(enumerate(coefficients), repeat=2)
            return mp.fsum(mpf(c) * mpf(d) * moment(a, b, xx, xy, yy) for (a, c), (b, d) in terms)
    raise AssertionError(activation)


def moment(a: int, b: int, xx: Fraction, xy: Fraction, yy: Fraction) -> Fraction:
    """``E[u^a v^b]`` by Stein's recursion."""
    if a == 0 and b == 0:
        return xx**0
    if a == 0:
        return (b - 1) * yy * moment(0, b - 2, xx, xy, yy) if b > 1 else 0 * yy
    value = (a - 1) * xx * moment(a - 2, b, xx, xy, yy) if a > 1 else 0 * xx
    return value + (b * xy * moment(a - 1, b - 1, xx, xy, yy) if b else 0 * xx)


@each_closed
@each_covariance
def test_closed_form_is_honest(
    activation: Activation, covariance: tuple[float, float, float]
) -> None:
    with mp.workdps(50):
        exact = exact_dual(activation, *map(mpf, covariance))
        found = activation.dual(*covariance).item()
        assert abs(mpf(found.value) - exact) <= mpf(found.error)
    assert found.kind is ErrorKind.NUMERICAL


@each_closed
@each_covariance
def test_closed_form_is_accurate(
    activation: Activation, covariance: tuple[float, float, float]
) -> None:
    """An honest error may still be a lazy one: here it is rounding of the sizes that occur."""
    xx, xy, yy = covariance
    first, second = activation.dual(xx, xx, xx).item(), activation.dual(yy, yy, yy).item()
    size = 1.0 + math.sqrt(_upper(first) * _upper(second))
    error = activation.dual(xx, xy, yy).item().error
    assert error <= CLOSED_FORM_ROUNDING * size * (1.0 + xx + yy)


@each_closed
@pytest.mark.parametrize("covariance", [c for c in COVARIANCES.values() if max(c) < 20.0])
def test_closed_form_against_quadrature(
    activation: Activation, covariance: tuple[float, float, float]
) -> None:
    closed = activation.dual(*covariance).item()
    other = CustomActivation(activation).dual(*covariance).item()
    assert abs(closed.value - other.value) <= closed.error + other.error
    if not isinstance(activation, ReLU):  # smooth, so the quadrature converges
        assert other.error <= QUADRATURE_OF_SMOOTH * (1.0 + abs(other.value))


@pytest.mark.parametrize("activation", [*CLOSED, Tanh()], ids=repr)
def test_dual_against_sampling(activation: Activation) -> None:
    rng = np.random.default_rng(5)
    u, v = rng.multivariate_normal([0.0, 0.0], [[1.0, 0.6], [0.6, 0.8]], size=200_000).T
    products = activation(u) * activation(v)
    standard_error = products.std() / math.sqrt(products.size)
    expected = activation.dual(1.0, 0.6, 0.8).item().value
    assert abs(products.mean() - expected) < STANDARD_ERRORS * standard_error


@pytest.mark.parametrize("correlation", [0.6, NEARLY, -NEARLY])
def test_tanh_against_mpmath(correlation: float) -> None:
    found = Tanh().dual(1.0, correlation, 1.0).item()
    with mp.workdps(25):
        rho = mpf(correlation)
        rest, step = mp.sqrt(1 - rho * rho), mpf(1) / 8
        nodes = [step * i for i in range(-76, 77)]
        weights = [step * mp.npdf(z) for z in nodes]
        # Along nearly degenerate directions tanh is linear to 1e-13 squared.
        second = list(zip(nodes, weights, strict=True)) if rest > 1e-3 else [(mpf(0), mpf(1))]
        exact = mp.fsum(
            w1 * mp.tanh(z1) * mp.fsum(w2 * mp.tanh(rho * z1 + rest * z2) for z2, w2 in second)
            for z1, w1 in zip(nodes, weights, strict=True)
        )
        assert abs(found.value - exact) <= found.error
    assert found.error < QUADRATURE_OF_SMOOTH


@pytest.mark.parametrize("coefficients", [(1, 2), (0, 0, 1), (3, -1, 2, 5)])
def test_polynomial_is_exact_on_whole_numbers(coefficients: tuple[int, ...]) -> None:
    xx, xy, yy = 3, 2, 5
    terms = itertools.product(enumerate(coefficients), repeat=2)
    exact = sum(
        c * d * moment(a, b, Fraction(xx), Fraction(xy), Fraction(yy)) for (a, c), (b, d) in terms
    )
    assert Fraction(Polynomial(coefficients).dual(xx, xy, yy).item().value) == exact


def covariances() -> st.SearchStrategy[tuple[float, float, float]]:
    loadings = st.floats(-2.0, 2.0, width=32)
    return st.tuples(loadings, loadings, loadings).map(
        lambda row: (row[0] * row[0], row[0] * row[1], row[1] * row[1] + row[2] * row[2])
    )


@each_closed
@given(covariance=covariances())
def test_dual_is_a_kernel(activation: Activation, covariance: tuple[float, float, float]) -> None:
    xx, xy, yy = covariance
    mixed, swapped = activation.dual(xx, xy, yy).item(), activation.dual(yy, xy, xx).item()
    assert abs(mixed.value - swapped.value) <= mixed.error + swapped.error
    first, second = activation.dual(xx, xx, xx).item(), activation.dual(yy, yy, yy).item()
    # Cauchy and Schwarz
    least = max(abs(mixed.value) - mixed.error, 0.0)
    assert least <= math.sqrt(_upper(first) * _upper(second)) * (1.0 + 1e-15)


def test_arrays_of_any_shape() -> None:
    rng = np.random.default_rng(0)
    xx, yy = rng.uniform(0.5, 1.0, (2, 3, 4))
    for activation in (*CLOSED, Tanh()):
        found = activation.dual(xx, 0.3, yy)
        assert found.shape == (3, 4)
        assert found[2, 1] == activation.dual(xx[2, 1], 0.3, yy[2, 1]).item()


@pytest.mark.parametrize("yy", [0.25, 1.0, 9.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_errors_of_proportional_variables(yy: float, sign: float) -> None:
    """Moved beyond what a covariance can be, an entry counts as the nearest one that can."""
    activation, xy = Erf(), sign * math.sqrt(yy)
    given = [EstimateArray.of([entry], Numerical, 1e-7) for entry in (1.0, xy, yy)]
    for place in range(3):
        exact = [EstimateArray.exact(one.values) for one in given]
        entries = [*exact[:place], given[place], *exact[place + 1 :]]
        found = dual_of_estimates(activation, *entries)
        changes = []
        for by in (-1e-7, 1e-7):
            moved = [float(one.values[0]) for one in given]
            moved[place] += by
            moved[1] = sign * min(abs(moved[1]), math.sqrt(moved[0] * moved[2]))
            changes.append(
                abs(activation.dual(*map(np.array, moved)).item().value - found.values[0])
            )
        assert found.errors[0] == pytest.approx(max(changes), rel=1e-6, abs=0.0)


def test_slightly_indefinite_is_the_nearest_covariance() -> None:
    for activation in (*CLOSED, Tanh()):
        beyond, limit = (
            activation.dual(1.0, 1.02, 1.0).item(),
            activation.dual(1.0, 1.0, 1.0).item(),
        )
        assert abs(beyond.value - limit.value) <= beyond.error + limit.error


@pytest.mark.parametrize("name", activations.names())
def test_registry_finds_each_name(name: str) -> None:
    given = {"coefficients": (0.0, 1.0)} if name == "polynomial" else {}
    found = activations.find(name, **given)
    assert found.name == name
    assert hash(found) == hash(activations.find(name, **given))


WRONG: dict[str, Callable[[], object]] = {
    "activation": lambda: activations.find("softplus"),
    "b3": lambda: activations.find("cos", b3=1.0),
    "b1": lambda: Cosine(math.inf),
    "b2": lambda: Sine(1.0, math.nan),
    "scale": lambda: Exponential(10.0).dual(10.0, 10.0, 10.0),
    "coefficients": lambda: Polynomial(()),
    "function": lambda: CustomActivation(np.log).dual(1.0, 0.0, 1.0),
    "function ": lambda: CustomActivation(lambda t: t * 1j).dual(1.0, 0.0, 1.0),
    "xx": lambda: ReLU().dual(-1.0, 0.0, 1.0),
    "xy": lambda: ReLU().dual(1.0, 1.2, 1.0),
    "yy": lambda: ReLU().dual(1.0, 0.0, math.nan),
    "xx, xy, yy": lambda: Polynomial((0.0, 0.0, 1.0)).dual(1e200, 0.0, 1e200),
}


@pytest.mark.parametrize("argument", WRONG)
def test_wrong_input_names_its_argument(argument: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        WRONG[argument]()
    assert caught.value.argument == argument.strip()


def test_missing_parameter_is_named() -> None:
    with pytest.raises(InvalidInputError, match="coefficients"):
        activations.find("polynomial")


def _upper(estimate: Estimate) -> float:
    return estimate.value + estimate.error

"""What each activation says of itself to the theorems, checked on its values."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import (
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
from kernels.activations.form import (
    Constant,
    Form,
    IntegrableDerivative,
    Nonconstant,
    PolynomialForm,
    SmoothingMultiple,
)
from tests.theory.matrix.template_sets import ACTIVATIONS
from tests.tolerances import QUADRATURE_OF_SMOOTH


def smoothed(activation: Activation, t: np.ndarray, s: float) -> np.ndarray:
    """``E phi(t + s g)`` by 80 Hermite nodes."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    values = activation((t[:, None] + s * nodes).ravel()).reshape(len(t), -1)
    return values @ weights / np.sqrt(2.0 * np.pi)


def is_true(activation: Activation, form: Form) -> bool:
    """Whether an activation's values agree with a form of it."""
    t = np.linspace(-1.5, 1.5, 7)
    values = activation(t)
    constant = bool(np.ptp(values) == 0.0)
    if isinstance(form, Constant):
        return constant and form.zero == (values[0] == 0.0)
    if isinstance(form, PolynomialForm):
        return np.allclose(np.polynomial.polynomial.polyval(t, form.coefficients), values)
    if isinstance(form, SmoothingMultiple):
        shifts = [
            smoothed(activation, t, s) - np.exp(form.rate * s * s / 2.0) * values
            for s in (0.5, 1.0)
        ]
        return not constant and np.abs(shifts).max() < QUADRATURE_OF_SMOOTH
    if isinstance(form, IntegrableDerivative):
        wide, narrow = (variation(activation, form.order, half) for half in (40.0, 20.0))
        fine = variation(activation, form.order, 20.0, 2.5e-4)
        return wide > 0.1 and abs(wide - narrow) < 1e-6 * wide and fine < 2.0 * narrow
    return not (isinstance(form, Nonconstant) and constant)


def variation(activation: Activation, order: int, half: float, step: float = 1e-3) -> float:
    """The total variation of the derivative of one order less, between -half and half.

    Of what is no measure, the derivative of a point mass say, it grows as the step gets shorter.
    """
    points = np.arange(-half, half + step / 2.0, step)
    return float(np.abs(np.diff(activation(points), n=order)).sum()) / step ** (order - 1)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
def test_the_form_is_true(activation: Activation) -> None:
    assert type(activation.form) is not Form
    assert is_true(activation, activation.form)


@pytest.mark.parametrize(
    ("activation", "wrong"),
    [
        (Cosine(1.0, 0.4), SmoothingMultiple(1.0)),
        (Cosine(1.0, 0.4), Constant(zero=False)),
        (Cosine(1.0, 0.4), IntegrableDerivative(1)),
        (Sine(0.0, 0.0), Constant(zero=False)),
        (Sine(0.0, 0.0), Nonconstant()),
        (Exponential(0.5), SmoothingMultiple(-0.25)),
        (Exponential(0.5), IntegrableDerivative(1)),
        (ReLU(), IntegrableDerivative(1)),
        (ReLU(), IntegrableDerivative(3)),
        (GELU(), IntegrableDerivative(1)),
        (Erf(), SmoothingMultiple(-1.0)),
        (Tanh(), SmoothingMultiple(-1.0)),
        (Polynomial((0.0, 1.0)), PolynomialForm((0.0, 2.0))),
        (Polynomial((0.0, 1.0)), IntegrableDerivative(1)),
    ],
    ids=repr,
)
def test_a_wrong_form_is_seen(activation: Activation, wrong: Form) -> None:
    assert not is_true(activation, wrong)


def test_what_a_user_vouches_for() -> None:
    assert type(CustomActivation(np.tanh).form) is Form
    vouched = CustomActivation(np.tanh, form=Nonconstant())
    assert vouched.form == Nonconstant()
    assert vouched == CustomActivation(np.tanh)  # the numbers are the same
    assert repr(vouched) == repr(CustomActivation(np.tanh))

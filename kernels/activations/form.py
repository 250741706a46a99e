"""What the theorems about template matrices ask of an activation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """What is known of an activation; by itself, nothing.

    Every other form also says that phi is square integrable under every centred Gaussian.
    """


@dataclass(frozen=True)
class Constant(Form):
    """phi takes one value, up to a null set.

    Attributes:
        zero: whether that value is 0.
    """

    zero: bool


@dataclass(frozen=True)
class Nonconstant(Form):
    """phi is not constant up to a null set; nothing more is known."""


@dataclass(frozen=True)
class PolynomialForm(Nonconstant):
    """phi is a polynomial of degree at least 1.

    Attributes:
        coefficients: the constant term first.
    """

    coefficients: tuple[float, ...]


@dataclass(frozen=True)
class SmoothingMultiple(Nonconstant):
    """Averaging over noise only multiplies phi: ``E phi(t + s g) = exp(rate s^2 / 2) phi(t)``.

    Also, phi is no polynomial. So it is for ``cos(b1 t + b2)``, with rate ``-b1^2``, and for
    ``exp(c t)``, with rate ``c^2``.

    Attributes:
        rate: as in the formula.
    """

    rate: float


@dataclass(frozen=True)
class IntegrableDerivative(Nonconstant):
    """Some derivative of phi, in the sense of distributions, is a finite signed measure, not 0.

    So it is for the rectifier, whose second derivative is a point mass, and for whatever saturates
    at both ends.

    Attributes:
        order: of that derivative.
    """

    order: int

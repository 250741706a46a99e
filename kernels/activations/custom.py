"""Any function of the user's as an activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import numpy as np
from flint import arb
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.digest import digest
from kernels.activations.dual.quadrature import dual_by_quadrature, evaluated
from kernels.activations.form import Form
from kernels.activations.proved.analytic import Analytic, dual_in_balls
from kernels.boundary.checks import convert_fields, instance, positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray
from kernels.estimates.balls import precision

_PLACES = (-2.3, -0.9, -0.2, 0.1, 0.6, 1.7)
"""Where a function is compared with its balls: six of no significance."""

_ALIKE = 1e-6
"""How far they may differ there, relative to 1 and the size: floats may be coarse."""


@dataclass(frozen=True)
class CustomActivation(Activation):
    """A user's function, its dual by quadrature.

    For a smooth function the error falls exponentially with the effort, for one with kinks only
    algebraically; the error returned says what was reached. A feature of the function that is far
    narrower than a thousandth of a standard deviation is not seen, nor is, for a function with
    jumps, the difference of two variables that are equal or opposite to some hundredths.

    Args:
        function: maps an array of float64 entry by entry, finite wherever it is finite.
        label: what to call it in tables and messages.
        tolerance: absolute error at which refinement stops.
        effort: evaluations per covariance at which refinement stops, tolerance met or not.
        analytic: what a proof of errors needs, which the user vouches for; without it, errors are
            numerical. The trapezoidal rule then runs in balls, at some 10 ms a covariance.
        form: what the user vouches for; theorems use it unchecked, and numbers do not change.

    Raises:
        InvalidInputError: the function cannot be called, a limit is not positive, ``analytic``
            is of another function or bounds it wrongly at a place that is looked at, or (from
            `dual`) the function's values are not finite numbers.

    >>> swish = CustomActivation(lambda t: t / (1.0 + np.exp(-t)), "swish")
    >>> dual = swish.dual(1.0, 0.5, 1.0).item()
    >>> round(dual.value, 8), dual.error < 1e-12
    (0.18316966, True)
    """

    name: ClassVar[str] = "custom"

    function: Callable[[np.ndarray], np.ndarray]
    label: str = "custom"
    tolerance: float = 1e-12
    effort: int = 1 << 22
    analytic: Analytic | None = None
    form: Form = field(default=Form(), compare=False)
    _digest: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise InvalidInputError("function", self.function, "give a function of an array")
        convert_fields(self, tolerance=positive, effort=partial(whole, least=1))
        if self.analytic is not None:
            remedy = "give Analytic(ball, strip, bound), or leave it out"
            instance("analytic", self.analytic, Analytic, remedy)
            self._compare(self.analytic)
        instance("form", self.form, Form, "give a form: Nonconstant(), say, or leave it out")
        object.__setattr__(self, "_digest", digest(self.function))

    def _compare(self, analytic: Analytic) -> None:
        """Refuse another function's balls, as far as some places show it."""
        floats = evaluated(self.function, np.array(_PLACES))
        with precision():
            for place, value in zip(_PLACES, floats.tolist(), strict=True):
                ball = analytic.at(arb(place))
                if abs(ball - arb(value)) > _ALIKE * (1 + abs(ball)):
                    given = f"{float(ball.mid()):.6g} at {place}"
                    remedy = f"function is {value:.6g} there; give the same function in balls"
                    raise InvalidInputError("analytic", given, remedy)

    def __repr__(self) -> str:
        # Kernels are named by it, and tables are kept by that name: no memory address may enter.
        return (
            f"CustomActivation({self.label!r}, tolerance={self.tolerance!r}, "
            f"effort={self.effort!r}, digest={self._digest}{self._vouched})"
        )

    @property
    def _vouched(self) -> str:
        """What is vouched for, in the name: empty where nothing is."""
        if self.analytic is None:
            return ""
        one = self.analytic
        numbers = f"{one.strip!r}, {one.bound!r}, {one.rate!r}, {one.on_line!r}"
        return f", analytic=({digest(one.ball)}, {numbers}, {digest(one.sums)})"

    def __identity__(self) -> dict[str, object]:
        """The digest stands for the function."""
        shown = {"label": self.label, "tolerance": self.tolerance, "effort": self.effort}
        return {"class": "CustomActivation", **shown, "digest": self._digest + self._vouched}

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """The user's function."""
        return evaluated(self.function, t)

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The trapezoidal rule, refined until the tolerance is met or the effort spent."""
        return dual_by_quadrature(
            self.function, xx, xy, yy, tolerance=self.tolerance, effort=self.effort
        )

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb | None:
        """The trapezoidal rule in balls, where ``analytic`` is given."""
        return None if self.analytic is None else dual_in_balls(self.analytic, xx, xy, yy)

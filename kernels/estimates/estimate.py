"""One number with its error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from kernels.boundary.checks import convert_fields
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.conversion import real
from kernels.estimates.display import html_number, latex_number
from kernels.estimates.error import Error, ErrorKind, Exact, checked_error, make_error
from kernels.estimates.rules import arithmetic
from kernels.estimates.rules.arithmetic import Parts
from kernels.estimates.rules.rounding import outward

if TYPE_CHECKING:
    Number = float | int | np.floating | np.integer


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its error: ``value = truth + error``, in the sense of the error's type.

    Estimates add, subtract, multiply and divide with each other and with numbers, which count as
    exact; `kernels.estimates.rules` has the rules. Where a divisor may be 0, as far as its error
    tells, the error of the quotient is infinite.

    ``<``, ``<=``, ``>`` and ``>=`` answer where the bounds leave no doubt, and are refused where
    they do or where chance decides. ``==`` says whether value, error and method are the same;
    ``round`` counts what it changes as error; a format (``f"{e:.3f}"``) is the value's.

    Args:
        value: the number.
        error: `Exact`, `Proved`, `Numerical` or `StandardError`.
        method: which algorithm produced it, for people to read.

    Raises:
        InvalidInputError: a value that is no number, or that float64 does not hold exactly; NaN
            that is called exact; an error that is a number without a type; division by an exact
            0; a comparison that the errors leave open; an array beside an estimate.

    >>> from kernels.estimates.error import Numerical
    >>> e = Estimate(0.68, Numerical(1e-10))
    >>> print(e, "and", (e - 0.5) * 3)
    0.68 ± 1.0e-10 (numerical) and 0.54 ± 3.0e-10 (numerical)
    >>> e < 0.7, f"{e:.3f}"
    (True, '0.680 ± 1.0e-10 (numerical)')
    """

    value: float
    error: Error
    method: str = ""

    # NumPy's numbers leave the operators to the estimate, which would lose its error otherwise.
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        checked_error(self.error)
        convert_fields(self, value=real)
        if math.isnan(self.value) and self.kind is ErrorKind.EXACT:
            raise InvalidInputError("value", self.value, "what is exact is a number")

    @property
    def kind(self) -> ErrorKind:
        """What the error means, as a name."""
        return self.error.kind

    def radius(self, significance: float) -> float:
        """How far the truth may be from the value, but for this probability."""
        return self.error.radius(significance)

    def interval(self, significance: float) -> tuple[float, float]:
        """The ends of an interval around the truth, but for this probability.

        The ends are rounded to nearest; a bound counts its own roundings.
        """
        radius = self.radius(significance)
        return self.value - radius, self.value + radius

    def __float__(self) -> float:
        return self.value

    def __neg__(self) -> Estimate:
        return self._from(arithmetic.minus(self._parts), self)

    def __abs__(self) -> Estimate:
        return self._from(arithmetic.absolute(self._parts), self)

    def __add__(self, other: Estimate | Number) -> Estimate:
        return self._combine(arithmetic.plus, other)

    __radd__ = __add__

    def __sub__(self, other: Estimate | Number) -> Estimate:
        known = _estimate(other)
        return NotImplemented if known is None else self + -known

    def __rsub__(self, other: Estimate | Number) -> Estimate:
        return -self + other

    def __mul__(self, other: Estimate | Number) -> Estimate:
        return self._combine(arithmetic.times, other)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Estimate | Number) -> Estimate:
        known = _estimate(divisor)
        if known is None:
            return NotImplemented
        if known.kind is ErrorKind.EXACT and known.value == 0.0:
            raise InvalidInputError("divisor", divisor, "divide by a number that is not 0")
        return self._combine(arithmetic.over, known)

    def __rtruediv__(self, dividend: Number) -> Estimate:
        known = _estimate(dividend)
        return NotImplemented if known is None else known / self

    def __round__(self, digits: int | None = None) -> Estimate:
        value, bound, deviation = self._parts
        if not math.isfinite(self.value):
            return self
        rounded = np.asarray(round(self.value, digits or 0), dtype=np.float64)
        moved = np.abs(rounded - value)
        widened = outward(bound + moved) if moved else bound
        return self._from(Parts(rounded, widened, deviation), self)

    def __lt__(self, other: Estimate | Number) -> bool:
        return self._surely(other, "<", lambda low, high: (high < 0.0, low >= 0.0))

    def __le__(self, other: Estimate | Number) -> bool:
        return self._surely(other, "<=", lambda low, high: (high <= 0.0, low > 0.0))

    def __gt__(self, other: Estimate | Number) -> bool:
        return self._surely(other, ">", lambda low, high: (low > 0.0, high <= 0.0))

    def __ge__(self, other: Estimate | Number) -> bool:
        return self._surely(other, ">=", lambda low, high: (low >= 0.0, high < 0.0))

    def _surely(
        self,
        other: Estimate | Number,
        sign: str,
        sides: Callable[[float, float], tuple[bool, bool]],
    ) -> bool:
        """Whether the difference lies on one side of 0, as told from its least and largest."""
        known = _estimate(other)
        if known is None:
            return NotImplemented
        difference = self - known
        asked = f"{self} {sign} {other}"
        if difference.error.deviation:
            remedy = "chance decides: compare with an end of interval(significance)"
            raise InvalidInputError("comparison", asked, remedy)
        bound = difference.error.bound
        true, false = sides(difference.value - bound, difference.value + bound)
        if true or false:
            return true
        remedy = "the errors leave it open: compute more accurately, or compare float(estimate)"
        raise InvalidInputError("comparison", asked, remedy)

    @property
    def _parts(self) -> Parts:
        numbers = self.value, self.error.bound, self.error.deviation
        return Parts(*(np.asarray(number, dtype=np.float64) for number in numbers))

    def _combine(self, rule: Callable[[Parts, Parts], Parts], other: Estimate | Number) -> Estimate:
        known = _estimate(other)
        if known is None:
            return NotImplemented
        return self._from(rule(self._parts, known._parts), self, known)

    @staticmethod
    def _from(parts: Parts, *sources: Estimate) -> Estimate:
        error = make_error(
            ErrorKind.weakest(one.kind for one in sources),
            float(parts.bounds),
            float(parts.deviations),
            min(one.error.degrees for one in sources),
        )
        return Estimate(float(parts.values), error, joined(one.method for one in sources))

    def to_json(self) -> dict[str, float | str]:
        """The fields that scripts rely on: ``value``, ``error``, ``kind``."""
        return {"value": self.value, "error": float(self.error), "kind": str(self.kind)}

    def __str__(self) -> str:
        return f"{self:.12g}"

    def __format__(self, value: str) -> str:
        shown = f"{self.value:{value or '.12g'}}"
        if self.kind is ErrorKind.EXACT:
            return f"{shown} ({self.kind})"
        return f"{shown} ± {self.error:.1e} ({self.kind})"

    def _repr_html_(self) -> str:
        return html_number(str(self), self.method)

    def _repr_latex_(self) -> str:
        error = None if self.kind is ErrorKind.EXACT else self.error
        return rf"${latex_number(self.value, error)}$ ({self.kind})"


def joined(methods: Iterable[str]) -> str:
    """Several methods as one text, each once.

    >>> joined(["network", "", "network, rounding", "sampling"])
    'network, rounding, sampling'
    """
    several = (name for method in methods for name in method.split(", ") if name)
    return ", ".join(dict.fromkeys(several))


def _estimate(number: object) -> Estimate | None:
    """A number as an estimate that is exact; None for what is no number."""
    if isinstance(number, Estimate):
        return number
    if isinstance(number, np.ndarray) and number.dtype.kind in "iuf":
        if number.ndim:
            remedy = "beside an estimate give EstimateArray.exact(array)"
            raise InvalidInputError("array", number, remedy)
        number = number[()]
    if isinstance(number, bool | np.bool_) or not isinstance(number, Real):
        return None
    return Estimate(real("number", number), Exact())

"""The four things that an error can be, as types.

An error is the number it is, a `float` that prints, compares and computes as one, and its type
says what the number claims. A multiple of it is a plain float: three standard errors are no
standard error.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Self

from kernels.boundary.checks import instance, positive
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.conversion import real


class ErrorKind(StrEnum):
    """The names of the four types, from the strongest claim to the weakest."""

    EXACT = "exact"
    PROVED = "proved"
    NUMERICAL = "numerical"
    STATISTICAL = "statistical"

    @property
    def rank(self) -> int:
        """0 for the strongest claim, 3 for the weakest."""
        return list(ErrorKind).index(self)

    @classmethod
    def weakest(cls, kinds: Iterable[ErrorKind]) -> ErrorKind:
        """The kind of a number computed from numbers of these kinds.

        >>> ErrorKind.weakest([ErrorKind.EXACT, ErrorKind.NUMERICAL])
        <ErrorKind.NUMERICAL: 'numerical'>
        """
        return max(kinds, key=lambda kind: kind.rank, default=cls.EXACT)


class Error(float):
    """How far a value may be from the truth; one of the four types below."""

    __slots__ = ()
    kind: ClassVar[ErrorKind]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Error) and type(other) is not type(self):
            return False
        return float.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __hash__ = float.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({float.__repr__(self)})"

    def __str__(self) -> str:
        return float.__repr__(self)

    @property
    def bound(self) -> float:
        """The part that bounds: ``|value - truth|``, chance apart, is at most this."""
        return float(self)

    @property
    def deviation(self) -> float:
        """The part that chance decides: its standard deviation, 0 where nothing was sampled."""
        return 0.0

    @property
    def degrees(self) -> float:
        """The degrees of freedom from which `deviation` was estimated."""
        return math.inf

    def radius(self, significance: float) -> float:
        """How far the truth may be from the value, but for this probability.

        Args:
            significance: above 0 and below 1; of influence on standard errors alone.

        Raises:
            InvalidInputError: a significance outside of that range.

        >>> Numerical(1e-9).radius(1e-6)
        1e-09
        >>> round(StandardError(1.0).radius(0.05), 2)
        1.96
        """
        if not 0.0 < positive("significance", significance) < 1.0:
            raise InvalidInputError("significance", significance, "give a number below 1")
        return self.bound + self._quantile(significance) * self.deviation

    @abstractmethod
    def _quantile(self, significance: float) -> float:
        """How many deviations the chance part exceeds with that probability."""


class Bound(Error):  # noqa: N818 - it is no exception
    """An error that holds without exception."""

    __slots__ = ()

    def __new__(cls, bound: float) -> Self:  # noqa: D102 - the class says it
        number = real("bound", bound)
        if not number >= 0.0:
            raise InvalidInputError("bound", bound, "an error is a number of at least 0")
        return super().__new__(cls, number)

    def _quantile(self, significance: float) -> float:  # noqa: ARG002 - the same at each
        return 0.0


class Exact(Bound):
    """The value is the quantity itself: ``value = truth``.

    >>> Exact() == 0.0, Exact().kind
    (True, <ErrorKind.EXACT: 'exact'>)
    """

    __slots__ = ()
    kind = ErrorKind.EXACT

    def __new__(cls, bound: float = 0.0) -> Self:  # noqa: D102 - the class says it
        if real("bound", bound) != 0.0:
            raise InvalidInputError("bound", bound, "what is exact has no error: give 0")
        return super().__new__(cls, 0.0)


class Proved(Bound):
    """``|value - truth| <= bound`` by a theorem, roundings counted outward.

    Args:
        bound: at least 0; infinite where nothing is known.

    Raises:
        InvalidInputError: a negative bound, NaN, or no number.
    """

    __slots__ = ()
    kind = ErrorKind.PROVED


class Numerical(Bound):
    """``|value - truth| <= bound`` as far as two resolutions and a rounding floor can tell.

    Args:
        bound: at least 0; infinite where nothing is known.

    Raises:
        InvalidInputError: a negative bound, NaN, or no number.

    >>> Numerical(2e-12)
    Numerical(2e-12)
    >>> 3 * Numerical(2e-12)  # claims nothing any more
    6e-12
    """

    __slots__ = ()
    kind = ErrorKind.NUMERICAL


class StandardError(Error):
    """One standard error, beside a bound of what is systematic.

    ``value - truth = e + t``, ``|e| <= bound``, where ``t / deviation`` follows Student's
    distribution of ``degrees`` degrees of freedom (a normal one where they are infinite). As a
    number it is ``deviation + bound``.

    Args:
        deviation: the estimated standard deviation of the value, at least 0.
        degrees: the degrees of freedom that it was estimated from.
        bound: of the systematic part, at least 0.

    Raises:
        InvalidInputError: a number out of range.

    >>> error = StandardError(1e-3, degrees=15)
    >>> error, round(error.radius(0.01), 5)
    (StandardError(0.001, degrees=15), 0.00295)
    """

    __slots__ = ("_bound", "_degrees", "_deviation")
    kind = ErrorKind.STATISTICAL
    _deviation: float
    _degrees: float
    _bound: float

    def __new__(  # noqa: D102 - the class says it
        cls, deviation: float, degrees: float = math.inf, bound: float = 0.0
    ) -> Self:
        chance, systematic = real("deviation", deviation), real("bound", bound)
        for argument, number in (("deviation", chance), ("bound", systematic)):
            if not number >= 0.0:
                raise InvalidInputError(argument, number, "give a number of at least 0")
        if not (freedom := real("degrees", degrees)) > 0.0:
            raise InvalidInputError("degrees", degrees, "give a number above 0")
        made = super().__new__(cls, chance + systematic)
        made._deviation, made._degrees, made._bound = chance, freedom, systematic
        return made

    @property
    def _arguments(self) -> tuple[float, float, float]:
        return self._deviation, self._degrees, self._bound

    def __reduce__(self) -> tuple[type[StandardError], tuple[float, float, float]]:
        """How it is copied and stored: by what it was made from, in every protocol of pickle."""
        return type(self), self._arguments

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StandardError):
            return self._arguments == other._arguments
        return super().__eq__(other)

    __hash__ = float.__hash__

    def __repr__(self) -> str:
        parts = [f"{self._deviation!r}"]
        if math.isfinite(self._degrees):
            parts.append(f"degrees={self._degrees:g}")
        if self._bound:
            parts.append(f"bound={self._bound!r}")
        return f"StandardError({', '.join(parts)})"

    @property
    def bound(self) -> float:
        """The bound of the systematic part."""
        return self._bound

    @property
    def deviation(self) -> float:
        """The standard error itself."""
        return self._deviation

    @property
    def degrees(self) -> float:
        """The degrees of freedom from which it was estimated."""
        return self._degrees

    def _quantile(self, significance: float) -> float:
        from scipy.special import ndtri, stdtrit  # noqa: PLC0415 - only what is sampled needs it

        if math.isinf(self._degrees):
            return -float(ndtri(0.5 * significance))
        return -float(stdtrit(self._degrees, 0.5 * significance))


def make_error(kind: ErrorKind, bound: float, deviation: float, degrees: float) -> Error:
    """The error of this kind and size; an exact one that has a size is a proved one."""
    if kind is ErrorKind.STATISTICAL:
        return StandardError(deviation, degrees, bound)
    if kind is ErrorKind.EXACT:
        return Proved(bound) if bound else Exact()
    return (Proved if kind is ErrorKind.PROVED else Numerical)(bound)


def checked_error(value: object) -> Error:
    """The value, if it is an error of one of the four types.

    Raises:
        InvalidInputError: it is not, a plain number say.
    """
    remedy = "give Exact(), Proved(bound), Numerical(bound) or StandardError(deviation)"
    instance("error", value, Error, remedy)
    assert isinstance(value, Error)
    return value
